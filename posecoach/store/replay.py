"""Coaching a stored session again: the engine of a live one, given what is stored.

The same definition gives the same result, bit for bit, at the speed of the coach alone. What a
definition asks for beyond it is measured from the stored landmarks (``observe.recorded``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.coach.events import Event
from posecoach.errors import StoreError
from posecoach.observe.recorded import KeptMoments, NotKeptError, RecordedObserver
from posecoach.plan.plan import Plan
from posecoach.session.engine import Engine
from posecoach.session.result import Result
from posecoach.store.fingerprint import measuring_code
from posecoach.store.values import StoredExercise


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """An exercise coached again.

    Attributes:
        measured: full names of the measures that were taken from the landmarks again, all
            along or from some moment on.
    """

    result: Result
    events: tuple[Event, ...]
    measured: tuple[str, ...]

    def same_as(self, stored: StoredExercise) -> bool:
        """Whether everything happened exactly as it did then."""
        return self.events == stored.events and self.result.as_json() == stored.result.as_json()


def replay(stored: StoredExercise, plan: Plan, source: str = "") -> Replayed:
    """Coach a stored exercise again.

    Args:
        plan: the definition to coach by, not necessarily that of the session.
        source: name of what was recorded, for the result.

    Raises:
        StoreError: something is to be measured that can be told neither from what is stored
            nor from landmarks.
        MeasureError: there is no measure of one of the plan's names.
    """
    try:
        return _replayed(stored, plan, source or stored.result.source)
    except NotKeptError as error:
        instead = (
            "use a definition without it" if error.silhouette else "replay it with --as-recorded"
        )
        raise StoreError(f"{error}; {instead}.") from None


def _replayed(stored: StoredExercise, plan: Plan, source: str) -> Replayed:
    observer = RecordedObserver(
        _kept_moments(stored), plan.measures, shown=plan.shown, silhouette=plan.exercise.silhouette
    )
    engine = Engine(plan, source)
    switched = set(np.flatnonzero(stored.switched).tolist())
    events: list[Event] = []
    for index, given in enumerate(observer):
        if index in switched:
            engine.other_side()
        happened = engine.take(given)
        if happened:
            events += happened
        observer.rested(index, engine.resting, passing=engine.passing)
    if stored.row.finished:
        events += engine.finish()
    engine.result.notes = list(stored.result.notes)
    return Replayed(engine.result, tuple(events), observer.measured)


def _kept_moments(stored: StoredExercise) -> KeptMoments:
    return KeptMoments(
        times=stored.times,
        seen=stored.seen,
        resting=stored.resting,
        views=stored.views,
        measures=stored.measures,
        outlines=stored.outlines,
        spreads=stored.spreads,
        poses=stored.poses,
        as_today=stored.measured_by == measuring_code(),
    )
