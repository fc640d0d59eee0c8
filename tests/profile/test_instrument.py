"""The instrument's errors: the program tells a person those that were measured."""

from __future__ import annotations

import json

import pytest

from posecoach.body.catalogue import CATALOGUE
from posecoach.exercise.library import standard_library
from posecoach.observe import instrument
from tests.helpers.places import REPOSITORY

TABLE = REPOSITORY / "docs" / "accuracy.md"


def told() -> dict[tuple[str, str], str]:
    """(exercise and view, measure) to what nine of ten are within, from the docs."""
    lines = iter(TABLE.read_text("utf-8").splitlines())
    head = next(line for line in lines if line.startswith("| exercise, view | measure | true"))
    names = [cell.strip() for cell in head.strip("|").split("|")]
    found = {}
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            break
        row = dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        found[row["exercise, view"], row["measure"]] = row["9 of 10 within"]
    return found


def test_the_errors_are_those_of_the_accuracy_table() -> None:
    kept = {
        (f"{row['exercise']}, {row['view']}", row["measure"]): f"{row['within']:.1f}"
        for row in json.loads(instrument.FILE.read_text("utf-8"))
    }
    assert kept == {key: within for key, within in told().items() if within != "–"}


def test_in_an_exercise_of_the_table_its_own_error_counts() -> None:
    table = told()
    for exercise, measure in (("overhead-reach", "trunk_lateral_flexion"), ("cat-cow", "neck")):
        name = measure if measure in CATALOGUE else f"{measure}_flexion"
        view = next(view for where, view in (k[0].split(", ") for k in table) if where == exercise)
        assert instrument.error_deg(name, exercise) == float(table[f"{exercise}, {view}", name])


def test_sides_and_unknown_exercises_have_an_error_too() -> None:
    both = {instrument.error_deg(f"hip_flexion_{side}") for side in ("left", "right", "near")}
    assert len(both) == 1
    assert both == {instrument.error_deg("hip_flexion_left", "an-exercise-of-my-own")}
    unmeasured = {row["measure"] for row in json.loads(instrument.FILE.read_text("utf-8"))}
    name = next(each for each in CATALOGUE if each not in unmeasured)
    full = f"{name}_left" if CATALOGUE[name].sided else name
    assert instrument.error_deg(full) == CATALOGUE[name].error_deg


@pytest.mark.parametrize("exercise", standard_library([]).ids())
def test_every_error_is_an_angle_one_can_be_off_by(exercise: str) -> None:
    for name, measure in CATALOGUE.items():
        full = f"{name}_left" if measure.sided else name
        assert 0 < instrument.error_deg(full, exercise) < 45
