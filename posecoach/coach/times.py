"""When exactly a position was taken and left, told from what was seen of late.

Not only the movement itself is asked, but every target that was met last or left first.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.trace import SETTLING_S, Lately, Recent, Trace, arrived, departed, set_out
from posecoach.coach.visit import Taken, Visit
from posecoach.coach.zero import OwnZero
from posecoach.observe.spread import Spreads
from posecoach.plan.plan import StepPlan
from posecoach.plan.target import Goal
from posecoach.pose.pose import Floats

SETTLED_S = 6.0
"""When a position was taken is told after so long at the latest: half of what is remembered
(``trace.KEPT_S``), so that the way there is, too."""

AGAIN_S = 0.2
"""While somebody may still be moving into the position it is asked again so often: as long as
anything must be seen to be no glitch (``start.DWELL_S``)."""

REST_OF_WAY = 2.0
"""A movement takes at most so many times as long from the target to its end as to the target.
People stop as gently as they start: where the target is crossed at a fifth of the way, a third of
the time is over. Whoever goes on for longer holds, and sinks deeper."""

LEAVING, LEAVING_S = 0.1, 0.5
"""Whoever has gone back by this part of their way within so many seconds is leaving: a movement
out of a second has done half of it by then, and nobody sways by so much (``trace.NEAR``)."""


class Span(NamedTuple):
    """From when to when."""

    start_s: float
    end_s: float


class Times:
    """Tells the times of one side's visits.

    Attributes:
        recent: what they are told from, which hears of each moment.
    """

    def __init__(self, steps: tuple[StepPlan, ...], zero: OwnZero) -> None:
        self._steps = steps
        self._zero = zero
        self.recent = Recent(
            {name for step in steps for goal in step.goals for name in goal.reader.names}
        )

    def set_out(self, index: int, now: float, *, seen: bool) -> float:
        """When the movement towards a step began that is under way (see ``trace.set_out``).

        Not before anything was seen: of a recording cut there nobody knows what was before.
        """
        path = self._progress_path(self._steps[index])
        began = set_out(path, now, seen=seen)
        return max(began, float(path.times[0])) if len(path.times) else began

    def settle(self, visit: Visit, time_s: float, *, at_once: bool) -> None:
        """Ask when a position was taken, again while more of the way there may be seen.

        Args:
            at_once: whether it must be told now: what is counted from may change (between
                attempts it does).
        """
        taken, since = visit.taken, visit.pose.since
        if since is None or visit.completed or not visit.step.is_hold:
            return
        over = time_s - since > SETTLED_S
        new = taken is None or taken.entered_s != since
        if new or (taken and not over and time_s - taken.asked_s >= AGAIN_S):
            visit.taken = self._asked(visit, since, time_s)
        if over or at_once:  # nor may it be forgotten what it is told from
            visit.look_back()

    def _asked(self, visit: Visit, entered: float, time_s: float) -> Taken:
        spreads = visit.spreads
        return Taken(entered, time_s, self._rests(visit.step, entered, spreads, time_s))

    def leaving(self, visit: Visit, time_s: float) -> bool:
        """Whether the movement out of the position has begun, as far as that is seen."""
        path = self._progress_path(visit.step)
        lately = path.values[path.last_by(time_s - LEAVING_S) + 1 :]
        if not lately.size:
            return False
        most = lately.max()
        return bool(most - lately[-1] >= LEAVING * most)

    def span(self, visit: Visit, left_s: float) -> Span:
        """When the position was taken and left; of the hold itself where there was one."""
        end = left_s
        if not visit.tried:
            end = departed(self._progress_path(visit.step), left_s)
        else:
            until = visit.best.end_s
            end = min(left_s, until)
            lately = self.recent.until()
            for goal in visit.step.goals:
                slack = max(goal.stay, goal.room(visit.spreads))
                end = min(end, self._goal_left(goal, lately, until, slack))
        start = min(self._taken(visit), left_s)
        if visit.completed:
            # It was told when it was: what is found out later does not take that back.
            end = max(end, visit.completed_s)
        return Span(start, max(start, end))

    def stay(self, visit: Visit, left_s: float) -> float:
        """How long the position itself was kept, whatever its form was, seconds."""
        path = self._progress_path(visit.step)
        return departed(path, left_s) - arrived(path, visit.opened_s)

    def _taken(self, visit: Visit) -> float:
        """When the movement into the position came to rest."""
        entered = visit.entered_s
        if visit.taken is not None and visit.taken.entered_s == entered:
            return visit.taken.rested_s
        if visit.tried:
            return max(self._rests(visit.step, entered, visit.spreads), default=entered)
        return arrived(self._progress_path(visit.step), entered)

    def _rests(
        self, step: StepPlan, entered: float, spreads: Spreads, until_s: float = inf
    ) -> Iterator[float]:
        """When the movement came to rest that led into the hold that began then.

        It is told target by target: at the earliest, ever later, at last for certain.

        Args:
            step: what is held.
            entered: when its targets were met.
            spreads: how far the values may be off.
            until_s: what came later is not looked at.
        """
        rested = entered
        lately = self.recent.until(until_s)
        for goal in step.goals:
            path = self._goal_path(goal, lately)
            rested = max(rested, _goal_met(path, goal, entered, goal.room(spreads)))
            yield min(rested, entered + SETTLING_S)
        if rested > entered + SETTLING_S:
            took = entered - set_out(self._progress_path(step, lately), entered, seen=True)
            yield min(rested, entered + max(REST_OF_WAY * took, SETTLING_S))

    def _progress_path(self, step: StepPlan, lately: Lately | None = None) -> Trace:
        lately = lately or self.recent.until()
        return lately.trace(lambda columns: self._zero.progress_many(step, columns))

    def _goal_path(self, goal: Goal, lately: Lately) -> Trace:
        start = self._zero.values
        return lately.trace(lambda columns: goal.reader.read_many(columns, start))

    def _goal_left(self, goal: Goal, lately: Lately, until: float, slack: float) -> float:
        """When the movement began that left a target, give or take, after ``until``."""
        path = self._goal_path(goal, lately)
        after = path.last_by(until) + 1
        outside = _outside(path.values[after:], goal, slack).nonzero()[0]
        if not outside.size:
            return until
        first = after + int(outside[0])
        crossed = until if first == after else float(path.times[first - 1])
        below = path.values[first] < goal.low
        return departed(path if below else path.upside_down(), crossed, goal.noise)


def _outside(values: Floats, goal: Goal, slack: float) -> NDArray[np.bool_]:
    """Which of some known values are not in a target's range, give or take."""
    return (values < goal.low - slack) | (values > goal.high + slack)


def _goal_met(path: Trace, goal: Goal, entered: float, room: float) -> float:
    """When the movement came to rest that met a target, give or take, by ``entered``."""
    last = path.last_by(entered)
    outside = _outside(path.values[: last + 1], goal, room).nonzero()[0]
    if not outside.size or outside[-1] == last:
        return entered
    first = int(outside[-1])
    below = path.values[first] < goal.low
    crossed = float(path.times[first + 1])
    return arrived(path if below else path.upside_down(), crossed, goal.noise)
