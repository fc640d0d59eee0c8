"""When exactly a position was taken and left, told from what was seen of late.

Not only the movement itself is asked, but every target that was met last or left first.
"""

from __future__ import annotations

from typing import NamedTuple

from posecoach.coach.trace import SETTLING_S, Recent, Trace, arrived, departed, set_out
from posecoach.coach.visit import Taken, Visit
from posecoach.coach.zero import OwnZero
from posecoach.plan.plan import StepPlan
from posecoach.plan.quantity import Values
from posecoach.plan.target import Goal

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
    """Tells the times of one side's visits."""

    def __init__(self, steps: tuple[StepPlan, ...], zero: OwnZero) -> None:
        self._steps = steps
        self._zero = zero
        self._recent = Recent(
            {name for step in steps for goal in step.goals for name in goal.reader.names}
        )

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment."""
        self._recent.add(time_s, values)

    def set_out(self, index: int, now: float, *, seen: bool) -> float:
        """When the movement towards a step began that is under way (see ``trace.set_out``)."""
        return set_out(self._progress_path(self._steps[index]), now, seen=seen)

    def settle(self, visit: Visit, time_s: float) -> None:
        """Tell when a position was taken, again while more of the way there may be seen."""
        taken, since = visit.taken, visit.pose.since
        if since is None or visit.completed or not visit.step.is_hold:
            return
        new = taken is None or taken.entered_s != since
        if new or (taken and time_s - since <= SETTLED_S and time_s - taken.asked_s >= AGAIN_S):
            visit.taken = Taken(since, self._rested(visit, since), time_s)

    def leaving(self, visit: Visit, time_s: float) -> bool:
        """Whether the movement out of the position has begun, as far as that is seen."""
        path = self._progress_path(visit.step)
        lately = path.values[path.last_by(time_s - LEAVING_S) + 1 :]
        return bool(lately) and max(lately) - lately[-1] >= LEAVING * max(lately)

    def span(self, visit: Visit, left_s: float) -> Span:
        """When the position was taken and left; of the hold itself where there was one."""
        end = left_s
        if not visit.tried:
            end = departed(self._progress_path(visit.step), left_s)
        else:
            until = visit.best.end_s
            end = min(left_s, until)
            for goal in visit.step.goals:
                slack = max(goal.stay, goal.room(visit.spreads))
                end = min(end, self._goal_left(goal, until, slack))
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
            return self._rested(visit, entered)
        return arrived(self._progress_path(visit.step), entered)

    def _rested(self, visit: Visit, entered: float) -> float:
        """When the movement came to rest that led into the hold that began then."""
        rested = entered
        for goal in visit.step.goals:
            rested = max(rested, self._goal_met(goal, entered, goal.room(visit.spreads)))
        took = entered - set_out(self._progress_path(visit.step), entered, seen=True)
        return min(rested, entered + max(REST_OF_WAY * took, SETTLING_S))

    def _progress_path(self, step: StepPlan) -> Trace:
        return self._recent.trace(lambda columns: self._zero.progress_many(step, columns))

    def _goal_path(self, goal: Goal) -> Trace:
        return self._recent.trace(lambda columns: goal.reader.read_many(columns, self._zero.values))

    def _goal_met(self, goal: Goal, entered: float, room: float) -> float:
        """When the movement came to rest that met a target, give or take, by ``entered``."""
        path = self._goal_path(goal)
        last = path.last_by(entered)
        low, high = goal.low - room, goal.high + room
        first = last
        while first >= 0 and low <= path.values[first] <= high:
            first -= 1
        if first < 0 or first == last:
            return entered
        below = path.values[first] < goal.low
        crossed = path.times[first + 1]
        return arrived(path if below else path.upside_down(), crossed, goal.noise)

    def _goal_left(self, goal: Goal, until: float, slack: float) -> float:
        """When the movement began that left a target, give or take, after ``until``."""
        path = self._goal_path(goal)
        low, high = goal.low - slack, goal.high + slack
        crossed = until
        for index in range(path.last_by(until) + 1, len(path.times)):
            value = path.values[index]
            if not low <= value <= high:
                below = value < goal.low
                return departed(path if below else path.upside_down(), crossed, goal.noise)
            crossed = path.times[index]
        return until
