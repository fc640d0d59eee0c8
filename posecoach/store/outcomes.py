"""How a person's own ranges went in their last sessions: what a proposal rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.errors import StoreError
from posecoach.observe.precision import KNOWN
from posecoach.profile.files import same_name
from posecoach.profile.motion import Motion
from posecoach.profile.proposal import LEAST_HELD, SESSIONS, Outcome, outcome
from posecoach.store.store import Store
from posecoach.store.values import SessionRow, StoredExercise

if TYPE_CHECKING:
    from posecoach.plan.plan import SidePlan
    from posecoach.plan.target import Goal
    from posecoach.pose.pose import Floats
    from posecoach.profile.person import Profile

FARTHEST = 60
"""Sessions looked back at; of whoever has not done a stretch in so many there is nothing new."""


def outcomes(store: Store, profile: Profile, until: datetime | None = None) -> list[Outcome]:
    """What the last sessions since the calibrations say of a person's ranges.

    Of each scaled target the last ``SESSIONS`` sessions, which is what ``propose`` looks at.
    Sessions that cannot be read any more say nothing.

    Args:
        until: leave out the sessions that began later.

    Raises:
        StoreError: the database cannot be read.
    """
    if not profile.calibrations:
        return []
    first = min(each.at for each in profile.calibrations)
    found: list[Outcome] = []
    known: Counter[tuple[str, int]] = Counter()
    for session in _sessions(store, profile.name, first, until):
        for row in session.exercises:
            scaled = {(name, sign) for name, sign, _ in row.prescription.ranges}
            if all(known[each] >= SESSIONS for each in scaled):
                continue  # what is older is not asked for, and loading it takes time
            try:
                came = outcomes_of(session.started, store.load_exercise(session, row))
            except StoreError:
                continue
            found += came
            known.update(scaled if any(each.held >= LEAST_HELD for each in came) else ())
    return found


def _sessions(
    store: Store, name: str, first: datetime, until: datetime | None
) -> Iterator[SessionRow]:
    """The person's sessions with scaled targets, the newest first."""
    since = first.date() - timedelta(days=1)  # the day there may have been another
    looked = 0
    for row in store.sessions(since=since):
        late = until is not None and row.started > until
        if late or row.started <= first or same_name(row.profile) != same_name(name):
            continue
        if any(each.prescription.ranges for each in row.exercises):
            yield row
            looked += 1
            if looked >= FARTHEST:
                return


def outcomes_of(started: datetime, stored: StoredExercise) -> list[Outcome]:
    """How each scaled movement of one exercise went.

    Raises:
        StoreError: its definition is not understood any more.
    """
    found: dict[Motion, Outcome] = {}
    for side in stored.plan().sides:
        for goal in (goal for step in side.steps for goal in step.drivers):
            if goal.own_range is None:
                continue
            came = _outcome(started, stored, side, goal)
            if came is not None:
                found.setdefault(came.motion, came)
    return list(found.values())


def _outcome(
    started: datetime, stored: StoredExercise, side: SidePlan, goal: Goal
) -> Outcome | None:
    motion = _own_side(Motion.of(goal.reader), stored)
    spans = [each for each in stored.result.ended if each.side == side.side]
    faulty = [
        any(
            fault.side in (side.side, "both")
            and fault.start_s < each.end_s
            and fault.end_s > each.start_s
            for fault in stored.result.faults
        )
        for each in spans
    ]
    inside = np.zeros(len(stored.times), dtype=bool)
    for each in spans:
        inside |= (stored.times >= each.start_s) & (stored.times <= each.end_s)
    return outcome(
        started,
        motion,
        goal.low,
        stored.times,
        np.where(inside, _values(stored, goal), np.nan),
        attempts=len(spans),
        repetitions=sum(each.completed for each in spans),
        faults=sum(faulty),
    )


def _values(stored: StoredExercise, goal: Goal) -> Floats:
    """(N,) degrees as the range is counted: a sideways motion from the person's own middle."""
    reading = stored.measures[goal.reader.name]
    values = np.where(reading.confidence >= KNOWN, reading.value, np.nan)
    found, _ = split_name(goal.reader.name)
    if goal.reader.from_start or (found.lateral and found.zero_from == "anatomy"):
        began = min((each.start_s for each in stored.result.ended), default=inf)
        rest = values[stored.resting & (stored.times < began) & np.isfinite(values)]
        values = values - (float(np.median(rest)) if rest.size else 0.0)
    return values


def _own_side(motion: Motion, stored: StoredExercise) -> Motion:
    """The motion with left or right in place of near or far."""
    stem, _, place = motion.measure.rpartition("_")
    if place not in ("near", "far"):
        return motion
    near = Counter(view.near for view, seen in zip(stored.views, stored.seen, strict=True) if seen)
    side = near.most_common(1)[0][0] if near else "left"
    other = "left" if side == "right" else "right"
    return Motion(f"{stem}_{side if place == 'near' else other}", motion.towards)
