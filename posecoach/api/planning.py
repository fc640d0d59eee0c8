"""An exercise, and what it asks of one person."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library

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
        ExerciseError: there is none, or its definition has mistakes; they are named with line
            and field.
    """
    return standard_library([Path(folder)] if folder is not None else []).find(os.fspath(name))


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
        repetitions: for each side; None for what the definition says.
        hold_s: seconds of each hold; None for what the definition says.
        data_dir: where profiles are kept; None for PoseCoach's own folder.

    Raises:
        ExerciseError: a side is asked of an exercise that has none.
        ProfileError: there is no such profile, or it cannot be read.
    """
    from posecoach.plan.plan import make_plan as settled
    from posecoach.profile.files import Profiles
    from posecoach.store.database import data_folder

    ranges = None
    if person:
        ranges = Profiles(data_folder(data_dir)).load(person).scale()
    try:
        return settled(exercise, side=side, repetitions=repetitions, hold=hold_s, ranges=ranges)
    except ValueError as error:
        raise ExerciseError(f"{error}; leave the side out.") from None
