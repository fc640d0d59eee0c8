"""Every mistake in a definition file, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posecoach.exercise.definition import Exercise
from posecoach.exercise.names_check import check_names
from posecoach.exercise.naming import Catalogue
from posecoach.exercise.problem import Problem, Problems, TooManyError, printable, quoted
from posecoach.exercise.reading import UnreadableError, parse, read_text
from posecoach.exercise.sense import check_sense
from posecoach.exercise.shape import shape


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a definition.

    Attributes:
        exercise: the exercise; None where there are errors.
        problems: errors and warnings in the order of the file.
    """

    exercise: Exercise | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the exercise from being used."""
        return tuple(each for each in self.problems if each.severity == "error")


def check_file(path: Path, catalogue: Catalogue | None = None) -> Checked:
    """Read a definition file and find its mistakes; never raises for what is in the file.

    Args:
        path: the file; its name without the ending must be the exercise's id.
        catalogue: measures by name without side; without it those of ``posecoach.body``.
    """
    shown = printable(str(path))
    try:
        text = read_text(path)
    except UnreadableError as error:
        return _unreadable(shown, error)
    return check_text(text, shown, expected_id=path.stem, catalogue=catalogue)


def check_text(
    text: str,
    path: str,
    *,
    expected_id: str | None = None,
    catalogue: Catalogue | None = None,
) -> Checked:
    """Find the mistakes in a definition's text; never raises for what is in it.

    Args:
        text: YAML.
        path: what to call it in the problems.
        expected_id: what the exercise must be called, if anything is expected.
        catalogue: as for ``check_file``.
    """
    try:
        document = parse(text)
    except UnreadableError as error:
        return _unreadable(path, error)
    measures = all_measures() if catalogue is None else catalogue
    problems = Problems(path, document)
    exercise: Exercise | None = None
    try:
        for flaw in document.flaws:
            problems.flaw(flaw)
        exercise = shape(document, problems)
        _check_id(document.data, expected_id, problems)
        check_names(document, measures, problems)
        if exercise is not None and not problems.errors:
            check_sense(exercise, measures, problems)
    except TooManyError:
        pass  # those found are enough to begin with
    return Checked(None if problems.errors else exercise, tuple(problems))


def all_measures() -> Catalogue:
    """Return the measures of ``posecoach.body``; imported late, for they bring NumPy."""
    from posecoach.body.catalogue import CATALOGUE

    return CATALOGUE


def _check_id(data: object, expected: str | None, problems: Problems) -> None:
    found = data.get("id") if isinstance(data, dict) else None
    if expected is not None and isinstance(found, str) and found != expected:
        problems.error(
            ("id",),
            f"found {quoted(found)} in a file called {quoted(expected)}; "
            "the file is called like the exercise in it",
        )


def _unreadable(path: str, error: UnreadableError) -> Checked:
    return Checked(None, (Problem(path, error.line, error.column, "", str(error)),))
