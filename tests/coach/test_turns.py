"""What is said of faults that come in turn: of each now and then, of none all the time."""

from __future__ import annotations

from collections import Counter
from itertools import cycle, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.cues import CuePlanner
from posecoach.coach.events import CueGiven
from posecoach.coach.state import Cue
from posecoach.coach.turns import APART_S, REPEAT_S
from posecoach.plan.sides import Side
from tests.helpers.stretches import ELBOW, FAULTY, REST, TRUNK, examples
from tests.helpers.traces import Camera, Script, follow, sample

FPS = 15


def _cue(text: str, side: Side, severity: str = "form") -> Cue:
    return Cue(text, text, side, None, severity)  # type: ignore[arg-type]


class Told:
    """A planner that is shown one correction after the other."""

    def __init__(self) -> None:
        self._planner = CuePlanner()
        self._frame = 0
        self.given: list[CueGiven] = []

    @property
    def time_s(self) -> float:
        return self._frame / FPS

    def show(self, seconds: float, *cues: Cue) -> Told:
        """These are wrong for so long, one frame at least."""
        for _ in range(max(1, round(seconds * FPS))):
            events = self._planner.update(self.time_s, cues)
            self.given += [event for event in events if isinstance(event, CueGiven)]
            self._frame += 1
        return self

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(event.cue.text, event.cue.side) for event in self.given]


@pytest.mark.parametrize("seconds", [3.0, 4.0, 5.0, 6.0])
def test_the_same_fault_on_both_sides_is_told_of_both(seconds: float) -> None:
    """Left and right in turn, with the same fault: one side was told of all, the other of none."""
    script = Script(**REST).stay(1.5)
    for way in [28, -28] * 5:
        script.go(0.8, **{TRUNK: way}).go(0, **{ELBOW: 80}).stay(seconds - 1.6)
        script.go(0, **{ELBOW: 5}).go(0.8, **{TRUNK: 0}).stay(0.5)
    found = follow(FAULTY, sample(script.stay(2), Camera(FPS)), repetitions=5)
    faults = Counter(fault.side for fault in found.result.faults)
    told = Counter(event.cue.side for event in found.of(CueGiven))
    assert faults == {"left": 5, "right": 5}
    assert abs(told["left"] - told["right"]) <= 1
    assert min(told["left"], told["right"]) >= 2
    times = [event.time_s for event in found.of(CueGiven)]
    assert all(after - before >= APART_S for before, after in pairwise(times))


@examples(300)
@given(
    st.integers(2, 5),
    st.data(),
    st.sampled_from(["form", "hint"]),
)
def test_of_faults_that_come_in_turn_none_is_never_said(
    count: int, data: st.DataObject, severity: str
) -> None:
    spells = st.tuples(st.floats(0.1, REPEAT_S - 1), st.floats(0.1, REPEAT_S))
    times = [data.draw(spells) for _ in range(count)]
    sides = cycle(("left", "right"))
    cues = [_cue(f"Mend {n // 2}", next(sides), severity) for n in range(count)]
    told, rounds = Told(), 0
    while rounds < 4 * count or told.time_s < 4 * count * REPEAT_S:
        for cue, (lasting, pause) in zip(cues, times, strict=True):
            told.show(lasting, cue).show(pause)
        rounds += 1
    often = Counter(told.said)
    assert min(often[cue.text, cue.side] for cue in cues) >= 2
    for before, after in pairwise(told.given):
        assert after.time_s - before.time_s >= APART_S - 1e-6
    for words in often:
        own = [event.time_s for event in told.given if (event.cue.text, event.cue.side) == words]
        assert all(after - before >= REPEAT_S - 1e-6 for before, after in pairwise(own))


def test_what_comes_right_after_another_has_its_turn_the_next_time() -> None:
    told = Told()
    for _ in range(4):
        told.show(1, _cue("Elbows", "left")).show(0.2).show(1, _cue("Hips", "left")).show(9)
    assert told.said == [("Elbows", "left"), ("Hips", "left")] * 2


def test_nothing_is_left_unsaid_for_what_never_comes_back() -> None:
    told = Told().show(1, _cue("Elbows", "left")).show(1, _cue("Hips", "left")).show(9)
    told.show(1, _cue("Elbows", "left")).show(9)
    assert told.said == [("Elbows", "left")]
    told.show(1, _cue("Elbows", "left"))
    assert told.said == [("Elbows", "left")] * 2


def test_what_goes_on_is_said_although_another_waits() -> None:
    told = Told().show(1, _cue("Elbows", "left")).show(1, _cue("Hips", "left")).show(9)
    told.show(REPEAT_S + 1, _cue("Elbows", "left"))
    assert told.said == [("Elbows", "left")] * 2


def test_what_matters_more_gives_way_to_nothing_less() -> None:
    told = Told().show(1, _cue("Elbows", "left")).show(1, _cue("Higher", "left", "hint")).show(9)
    told.show(1, _cue("Elbows", "left"))
    assert told.said == [("Elbows", "left")] * 2


def test_nobody_hears_the_same_words_without_end() -> None:
    """Sides that change every second: two in eight seconds at the most, one for each."""
    told = Told()
    for side in cycle(("left", "right")):
        told.show(1, _cue("Keep your hips still", side))  # type: ignore[arg-type]
        if told.time_s > 60:
            break
    times = [event.time_s for event in told.given]
    assert all(
        third - first >= REPEAT_S - 1e-6 for first, third in zip(times, times[2:], strict=False)
    )
    assert {side for _, side in told.said} == {"left", "right"}
