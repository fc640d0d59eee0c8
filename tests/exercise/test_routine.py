"""Routine files: checked like exercises, in an order that spares the camera, fitted to time."""

from __future__ import annotations

import json
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.cli.exercises import exercises as exercises_command
from posecoach.errors import ExerciseError
from posecoach.exercise.library import Folder, Library, standard_library
from posecoach.exercise.routine import Item, Routine
from posecoach.exercise.routine_check import check_routine_file, is_routine
from posecoach.exercise.routines import Routines
from posecoach.practice.prescribing import LEAST_SHARE, Fitted, chosen, duration_s, fit

LIBRARY = standard_library()
ROUTINES = Routines(LIBRARY)
UPPER_BACK = ROUTINES.find("upper-back")

GOOD = """
id: mine
name: Mine
purpose: For the tests
rest: 5
exercises:
  - exercise: cat-cow
  - {exercise: wall-stretch, side: left, hold: 10, rest: 0}
source: the tests
"""


def written(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def complaints(folder: Path, text: str) -> list[str]:
    checked = check_routine_file(written(folder, text), LIBRARY)
    assert (checked.routine is None) == bool(checked.errors)
    return [str(problem) for problem in checked.problems]


def test_the_nine_stretches_with_two_moves_of_the_camera() -> None:
    views = [LIBRARY.find(item.exercise).view for item in UPPER_BACK.exercises]
    assert len(views) == len({item.exercise for item in UPPER_BACK.exercises}) == 9
    moves = sum(not set(a) & set(b) for a, b in pairwise(views))
    assert moves == 2  # side, feet, front: each once


def test_a_good_file_has_no_problems(tmp_path: Path) -> None:
    assert complaints(tmp_path, GOOD) == []
    routine = check_routine_file(tmp_path / "mine.yaml", LIBRARY).routine
    assert routine is not None
    assert routine.exercises[1] == Item(exercise="wall-stretch", side="left", hold=10, rest=0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cat-cow", "cat-caw", "mine.yaml:7:15: error: exercises[0].exercise: unknown exercise"),
        ("cat-cow", "cat-caw", "did you mean 'cat-cow'"),
        ("rest: 5", "rset: 5", "unknown field 'rset'; did you mean 'rest'"),
        ("hold: 10", "hold: ten", "exercises[1].hold: found 'ten'; a number is wanted"),
        ("rest: 5", "rest: -1", "at least 0 is allowed"),
        ("side: left", "side: both", "allowed: left or right"),
        ("id: mine", "id: yours", "the file is called like the routine in it"),
        ("source: the tests", "", "source: is missing"),
        ("- exercise: cat-cow", "- cat-cow", "fields are wanted here"),
        ("cat-cow", "wall-stretch", "warning: exercises[1].exercise"),
        ("exercise: cat-cow", "{exercise: cat-cow, side: left}", "has no sides; leave it out"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in line for line in complaints(tmp_path, GOOD.replace(old, new, 1)))


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_is_answered_with_problems_only(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        checked = check_routine_file(path, LIBRARY)
    assert checked.routine is None
    assert checked.errors


def test_check_tells_routines_from_exercises(tmp_path: Path) -> None:
    good = written(tmp_path, GOOD)
    assert is_routine(good)
    assert not is_routine(LIBRARY.entry("cat-cow").path)
    bad = written(tmp_path, GOOD.replace("cat-cow", "cat-caw").replace("mine", "bad"), "bad")
    runner = CliRunner()
    assert runner.invoke(exercises_command, ["check", str(good)]).exit_code == 0
    found = runner.invoke(exercises_command, ["check", str(bad)])
    assert found.exit_code == 2
    assert "unknown exercise 'cat-caw'" in found.output
    (tmp_path / "routines").mkdir()
    bad.rename(tmp_path / "routines" / bad.name)
    within = runner.invoke(exercises_command, ["check", str(tmp_path)])
    assert within.exit_code == 2
    assert "2 files: 1 error" in within.output
    listed = runner.invoke(exercises_command, ["list"])
    assert "upper-back" in listed.output


def test_ones_own_routines_stand_beside_ones_own_exercises(tmp_path: Path) -> None:
    (tmp_path / "routines").mkdir()
    written(tmp_path / "routines", GOOD)
    mine = Library([*LIBRARY.folders, Folder(tmp_path, "yours")])
    assert Routines(mine).ids() == ("mine", "upper-back")
    assert Routines(mine).find("mine").name == "Mine"
    with pytest.raises(ExerciseError, match="did you mean upper-back"):
        ROUTINES.find("uper-back")


def test_the_editors_schema_is_up_to_date_and_knows_all_fields() -> None:
    import yaml

    runner = CliRunner()
    written_now = runner.invoke(exercises_command, ["schema", "--routine"])
    assert written_now.exit_code == 0
    folder = LIBRARY.entry("cat-cow").path.parent / "routines"
    kept = (folder / "schema.json").read_text(encoding="utf-8")
    hint = "run: posecoach exercises schema --routine --output exercises/routines/schema.json"
    assert kept == written_now.output, hint
    schema = json.loads(kept)
    assert schema["additionalProperties"] is False
    wanted = schema["$defs"]["Item"]["properties"]
    assert "wall-stretch" in wanted["exercise"]["anyOf"][0]["enum"]
    assert wanted["rest"]["maximum"] == 600
    assert list(schema["properties"]) == list(Routine.model_fields)
    assert list(wanted) == list(Item.model_fields)
    for path in folder.glob("*.yaml"):
        assert path.read_text().startswith("# yaml-language-server: $schema=schema.json")
        data = yaml.safe_load(path.read_text())
        assert set(schema["required"]) <= set(data) <= set(schema["properties"])
        assert all(set(item) <= set(wanted) for item in data["exercises"])
        assert not check_routine_file(path, LIBRARY).problems


# -- fitting to the time at hand -----------------------------------------------------------------


def fitted(minutes: float | None, routine: Routine = UPPER_BACK) -> Fitted:
    return fit(routine, routine.exercises, LIBRARY.find, minutes)


def test_without_a_limit_all_is_as_prescribed() -> None:
    whole = fitted(None)
    assert [p.plan.repetitions for p in whole.parts] == [
        LIBRARY.find(item.exercise).repetitions for item in UPPER_BACK.exercises
    ]
    assert not whole.omitted
    assert not whole.shortened
    assert fitted(1000) == whole  # time is never filled up


@given(st.floats(1.5, 20))
@settings(max_examples=60, deadline=None)
def test_it_fits_and_nothing_is_cut_below_its_least(minutes: float) -> None:
    found = fitted(minutes)
    assert found.seconds == duration_s(found.parts) <= minutes * 60
    whole = fitted(None).parts
    for part, full in zip(found.parts, whole, strict=False):
        assert 1 <= part.plan.repetitions <= full.plan.repetitions
        for side, full_side in zip(part.plan.sides, full.plan.sides, strict=True):
            for step, full_step in zip(side.steps, full_side.steps, strict=True):
                least = LEAST_SHARE * full_step.hold - 0.1
                assert least <= step.hold <= full_step.hold
    assert len(found.parts) + len(found.omitted) == 9


def test_first_repetitions_then_holds_then_exercises() -> None:
    whole = fitted(None)
    some = fitted(whole.seconds / 60 - 1)
    assert not some.omitted
    assert [p.plan.sides for p in some.parts] == [p.plan.sides for p in whole.parts]
    assert sum(p.plan.repetitions for p in some.parts) < sum(
        p.plan.repetitions for p in whole.parts
    )
    few = fitted(4)
    assert few.omitted[-1] == LIBRARY.find("overhead-reach").name  # the last go first


def test_too_short_a_time_is_told() -> None:
    with pytest.raises(ExerciseError, match=r"give --minutes \d+ or more"):
        fitted(0.2)


def test_only_takes_some_in_the_routines_order() -> None:
    some = chosen(UPPER_BACK, ["wall-stretch", "cat-cow"])
    assert [item.exercise for item in some] == ["cat-cow", "wall-stretch"]
    with pytest.raises(ExerciseError, match="did you mean 'wall-stretch'"):
        chosen(UPPER_BACK, ["wal-stretch"])


def test_what_is_asked_for_with_a_routine(monkeypatch: pytest.MonkeyPatch) -> None:
    """``--only``, ``--rest``, ``--reps``, ``--hold`` and ``--minutes`` of ``posecoach run``."""
    from posecoach.cli.run import run
    from posecoach.practice.prescribing import duration_s

    asked: list[Any] = []
    monkeypatch.setattr("posecoach.cli.session.coach_and_tell", lambda *of: asked.append(of[0]))

    def made(*words: str) -> Any:
        found = CliRunner().invoke(run, ["upper-back", "--no-save", *words])
        assert found.exception is None
        return asked.pop()

    options = "--only wall-stretch,cat-cow --rest 5 --reps 1 --hold 2"
    wanted = made(*options.split())
    assert (wanted.routine, wanted.title) == ("upper-back", "Upper back")
    parts = wanted.parts
    assert [part.plan.exercise.id for part in parts] == ["cat-cow", "wall-stretch"]
    assert {part.rest_s for part in parts} == {5.0}
    assert {part.plan.repetitions for part in parts} == {1}
    holds = [step.hold for part in parts for step in part.plan.sides[0].steps if step.is_hold]
    assert set(holds) == {2.0}
    assert duration_s(made("--minutes", "10").parts) <= 600
    found = CliRunner().invoke(run, ["upper-back", "--side", "left"])
    assert isinstance(found.exception, ExerciseError)
    assert "--side is for single exercises" in str(found.exception)


@pytest.mark.parametrize("option", [["--only", "x"], ["--minutes", "5"], ["--rest", "0"]])
def test_options_of_routines_are_refused_for_one_exercise(option: list[str]) -> None:
    from posecoach.cli.run import run

    found = CliRunner().invoke(run, ["cat-cow", *option])
    assert isinstance(found.exception, ExerciseError)
    assert "cat-cow is one exercise" in str(found.exception)
