"""An exercise, and what it asks of one person."""

from __future__ import annotations

import os
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.exercise.routines import one_exercise
from posecoach.plan.limits import LEAST_HOLD_S, MOST_HOLD_S, MOST_REPETITIONS

if TYPE_CHECKING:
    from posecoach.plan.plan import Plan


def load_exercise(
    name: str | os.PathLike[str], *, folder: str | os.PathLike[str] | None = None
) -> Exercise:
    """Read an exercise's definition.

    Args:
        name: the id of an exercise ("wall-stretch"; ``posecoach exercises list`` has them all),
            or the path of a definition file of your own.
        folder: a folder of definition files of your own, besides the built-in ones.

    Raises:
        ExerciseError: there is none, or its definition has mistakes, which are named with line
            and field; or it is a routine, which is several exercises.
    """
    library = standard_library([Path(folder)] if folder is not None else [])
    return one_exercise(library, os.fspath(name), "a plan")


def make_plan(
    exercise: Exercise,
    *,
    person: str = "",
    side: Literal["left", "right"] | None = None,
    repetitions: int | None = None,
    hold_s: float | None = None,
    data_dir: str | os.PathLike[str] | None = None,
) -> Plan:
    """Settle an exercise for one person.

    Args:
        person: name of a profile made by ``posecoach calibrate``, whose ranges of motion scale
            the targets; "" for the textbook's targets.
        side: work only this side, the person's own; None for what the definition says.
        repetitions: for each side, 1 to 1000; None for what the definition says.
        hold_s: seconds of each hold, 0.5 to 600; None for what the definition says.
        data_dir: where profiles are kept; None for PoseCoach's own folder.

    Raises:
        ExerciseError: a side is asked of an exercise that has none, or the side, the repetitions
            or the hold can be none.
        ProfileError: there is no such profile, or it cannot be read.
    """
    from posecoach.plan.plan import make_plan as settled
    from posecoach.profile.files import Profiles
    from posecoach.store.database import data_folder

    _check(side, repetitions, hold_s)
    ranges = None
    if person:
        ranges = Profiles(data_folder(data_dir)).load(person).scale()
    try:
        return settled(exercise, side=side, repetitions=repetitions, hold=hold_s, ranges=ranges)
    except ValueError as error:
        raise ExerciseError(f"{error}; leave the side out.") from None


def _check(side: object, repetitions: object, hold_s: object) -> None:
    """Refuse what the command line refuses, of whatever type it is.

    Raises:
        ExerciseError: one of them can be none.
    """
    if side not in (None, "left", "right"):
        raise ExerciseError(f"A side is 'left' or 'right', not {side!r}.")
    if repetitions is not None and not _within(repetitions, Integral, 1, MOST_REPETITIONS):
        raise ExerciseError(
            f"Repetitions are a whole number from 1 to {MOST_REPETITIONS}, not {repetitions!r}."
        )
    if hold_s is not None and not _within(hold_s, Real, LEAST_HOLD_S, MOST_HOLD_S):
        raise ExerciseError(
            f"A hold is {LEAST_HOLD_S:g} to {MOST_HOLD_S:g} seconds, not {hold_s!r}."
        )


def _within(value: Any, kind: Any, low: float, high: float) -> bool:
    """Whether it is a number of this kind from ``low`` to ``high``; True and False are none."""
    return isinstance(value, kind) and not isinstance(value, bool) and bool(low <= value <= high)
