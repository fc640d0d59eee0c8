"""The holds of an exercise, and whether their ends were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posecoach.coach.spell import MAX_GAP_S
from posecoach.report.facts import Hold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from posecoach.coach.events import HoldEnded
    from posecoach.plan.plan import StepPlan
    from posecoach.plan.target import Goal
    from posecoach.report.exercise_record import ExerciseRecord


def holds(record: ExerciseRecord) -> tuple[Hold, ...]:
    """Every stay in a step's position, in the order in which they began."""
    steps = {
        (side.side, step.id): step
        for side in (record.plan.sides if record.plan else ())
        for step in side.steps
    }
    ended = sorted(record.stored.result.holds, key=lambda each: each.start_s)
    return tuple(_hold(record, each, steps.get((each.side, each.step))) for each in ended)


def _hold(record: ExerciseRecord, hold: HoldEnded, step: StepPlan | None) -> Hold:
    return Hold(
        step=hold.step,
        side=hold.side,
        start_s=record.at(hold.start_s),
        end_s=record.at(hold.end_s),
        held_s=hold.held_s,
        out_s=max(0.0, hold.end_s - hold.start_s - hold.held_s),
        wanted_s=step.hold if step is not None and step.is_hold else 0.0,
        accuracy=hold.accuracy,
        completed=hold.completed,
        end_seen=step is None or _end_seen(record, hold, step),
    )


def _end_seen(record: ExerciseRecord, hold: HoldEnded, step: StepPlan) -> bool:
    """Whether it was seen to end: to be left, and without having been lost from sight before.

    As the coach has it: what was not seen for longer than ``MAX_GAP_S`` leaves a hole in what is
    known, and a time without new pictures in the middle is bridged.
    """
    start, end = record.span(hold.start_s, hold.end_s)
    after = record.times[(record.times > end) & _known(record, step.drivers)]
    if not after.size or after[0] - end > MAX_GAP_S:
        return False
    inside = record.within([(start, end)])
    looks = record.times[inside]
    seen = np.flatnonzero(_known(record, step.goals)[inside])
    blind = (np.diff(looks[seen]) > MAX_GAP_S) & (np.diff(seen) > 1)
    return not blind.any()


def _known(record: ExerciseRecord, goals: Iterable[Goal]) -> NDArray[np.bool_]:
    """(N,) whether all could be read that the goals cannot do without."""
    known = np.ones(len(record.times), dtype=bool)
    for goal in goals:
        if not goal.tolerated:
            for name in goal.reader.names:
                known &= np.isfinite(record.measure(name))
    return known
