"""Coaching a demonstration by a definition, to see whether it gives what was shown."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.exercise.definition import Exercise
from posecoach.observe.recorded import KeptMoments, RecordedObserver
from posecoach.plan.plan import make_plan
from posecoach.session.engine import Engine


@dataclass(frozen=True, slots=True)
class Coached:
    """What it came to.

    Attributes:
        repetitions: by side.
        holds: seconds each completed hold lasted.
    """

    repetitions: dict[str, int]
    holds: tuple[float, ...]


def coached(exercise: Exercise, kept: KeptMoments, hold: float | None = None) -> Coached:
    """Coach a demonstration by a definition.

    Args:
        hold: seconds, in place of those of the definition.
    """
    engine = Engine(make_plan(exercise, hold=hold), "")
    plan = engine.coach.plan
    observer = RecordedObserver(
        kept, plan.measures, shown=plan.shown, silhouette=plan.exercise.silhouette
    )
    for index, given in enumerate(observer):
        engine.take(given)
        observer.rested(index, engine.resting, passing=engine.passing)
    engine.finish()
    result = engine.result.as_json()
    return Coached(
        dict(result["repetitions"]),
        tuple(float(each["held_s"]) for each in result["holds"] if each["completed"]),
    )
