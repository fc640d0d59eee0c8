"""Every fault of every stretch, mild and full, on true angles: told in time, on its side.

And whether the repetition counts: ``tests/helpers/faulty.py`` has the table.
"""

from __future__ import annotations

import pytest

from posecoach.exercise.library import standard_library
from tests.helpers.faulty import ACTS, FAULTS, MILD, SIDED, Acted
from tests.helpers.traces import Camera, Followed, follow, sample

CASES = [(exercise, fault) for exercise, faults in FAULTS.items() for fault in faults]
WITHIN_S = 1.0


def _sides(exercise: str, fault: str | None) -> tuple[str, ...]:
    one_of_two = fault in ("one-leg-lags", "one-side-only")
    return ("left", "right") if exercise in SIDED or one_of_two else ("both",)


def _coached(exercise: str, acted: Acted, fps: float = 15.0) -> Followed:
    found = standard_library().find(exercise)
    return follow(found, sample(acted.script, Camera(fps=fps)), hold=2.0)


@pytest.mark.parametrize("exercise", sorted(ACTS))
def test_what_is_done_right_counts_and_is_no_fault(exercise: str) -> None:
    for side in _sides(exercise, None):
        acted = ACTS[exercise](None, 1.0, side)
        result = _coached(exercise, acted).result
        assert result.repetitions == acted.repetitions
        assert result.faults == []


@pytest.mark.parametrize("grade", [0.75, 1.0])
@pytest.mark.parametrize(("exercise", "fault"), CASES)
def test_a_fault_is_told_in_time_and_with_its_side(exercise: str, fault: str, grade: float) -> None:
    for side in _sides(exercise, fault):
        acted = ACTS[exercise](fault, max(grade, MILD.get(fault, 0.0)), side)
        result = _coached(exercise, acted).result
        ((true_side, start, end),) = acted.faults
        told = [each for each in result.faults if each.fault == fault]
        assert told
        for each in told:
            assert each.side == true_side
            assert start - WITHIN_S <= each.start_s <= end
            assert each.end_s <= end + WITHIN_S


@pytest.mark.parametrize("grade", [0.75, 1.0])
@pytest.mark.parametrize(("exercise", "fault"), CASES)
def test_the_repetition_counts_or_not_as_the_table_says(
    exercise: str, fault: str, grade: float
) -> None:
    for side in _sides(exercise, fault):
        acted = ACTS[exercise](fault, max(grade, MILD.get(fault, 0.0)), side)
        assert _coached(exercise, acted).result.repetitions == acted.repetitions


def test_no_fault_of_a_definition_is_left_untried() -> None:
    library = standard_library()
    beyond = {
        "hips-drift-forward",
        "arms-stay-forward",
        "upper-arm-rises",
        "came-up-early",  # of the arms-back pose: the same rule as the other's
    }
    for exercise, faults in FAULTS.items():
        definition = library.find(exercise)
        ids = {fault.id for fault in definition.faults}
        ids |= {step.early.id for step in definition.steps if step.early}
        assert ids - beyond == set(faults) - beyond
