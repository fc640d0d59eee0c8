"""Every mistake in a routine file, with its place; as ``check`` does for exercises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from posecoach.errors import ExerciseError
from posecoach.exercise.library import Library, standard_library
from posecoach.exercise.problem import (
    Problem,
    Problems,
    TooManyError,
    did_you_mean,
    printable,
    quoted,
)
from posecoach.exercise.reading import Document, UnreadableError, parse, read_text
from posecoach.exercise.routine import Routine
from posecoach.exercise.shape import shape_of


@dataclass(frozen=True, slots=True)
class CheckedRoutine:
    """What became of a routine file.

    Attributes:
        routine: the routine; None where there are errors.
        problems: errors and warnings in the order of the file.
    """

    routine: Routine | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the routine from being used."""
        return tuple(each for each in self.problems if each.severity == "error")


def is_routine(path: Path) -> bool:
    """Whether a definition file is meant as a routine: it lists ``exercises``, no ``steps``."""
    try:
        data = parse(read_text(path)).data
    except UnreadableError:
        return path.parent.name == "routines"
    return isinstance(data, Mapping) and "exercises" in data and "steps" not in data


def check_routine_file(path: Path, library: Library | None = None) -> CheckedRoutine:
    """Read a routine file and find its mistakes; never raises for what is in the file.

    Args:
        path: the file; its name without the ending must be the routine's id.
        library: where its exercises are; without it the built-in and the user's own.
    """
    shown = printable(str(path))
    try:
        document = parse(read_text(path))
    except UnreadableError as error:
        problem = Problem(shown, error.line, error.column, "", str(error))
        return CheckedRoutine(None, (problem,))
    problems = Problems(shown, document)
    routine: Routine | None = None
    try:
        for flaw in document.flaws:
            problems.flaw(flaw)
        routine = shape_of(document, problems, Routine, "a routine")
        _check_id(document, path.stem, problems)
        if routine is not None:
            _check_items(routine, library or standard_library(), problems)
    except TooManyError:
        pass  # those found are enough to begin with
    return CheckedRoutine(None if problems.errors else routine, tuple(problems))


def _check_id(document: Document, expected: str, problems: Problems) -> None:
    data = document.data
    found = data.get("id") if isinstance(data, dict) else None
    if isinstance(found, str) and found != expected:
        problems.error(
            ("id",),
            f"found {quoted(found)} in a file called {quoted(expected)}; "
            "the file is called like the routine in it",
        )


def _check_items(routine: Routine, library: Library, problems: Problems) -> None:
    ids = library.ids()
    before: str | None = None
    for number, item in enumerate(routine.exercises):
        place = ("exercises", number)
        if item.exercise not in ids:
            close = did_you_mean(item.exercise, ids)
            problems.error((*place, "exercise"), f"unknown exercise {quoted(item.exercise)}{close}")
            continue
        if item.exercise == before:
            problems.warning(
                (*place, "exercise"),
                f"{quoted(item.exercise)} comes twice in a row; more repetitions say the same",
            )
        before = item.exercise
        try:
            exercise = library.find(item.exercise)
        except ExerciseError as error:
            problems.error((*place, "exercise"), f"cannot be used: {error}")
            continue
        if item.side is not None and exercise.sides == "none":
            problems.error((*place, "side"), f"{quoted(item.exercise)} has no sides; leave it out")
        if item.hold is not None and all(step.hold is None for step in exercise.steps):
            problems.warning((*place, "hold"), f"nothing is held in {quoted(item.exercise)}")
