"""When exactly a position was taken and left, told from what was seen of late.

Not only the movement itself is asked, but every target that was met last or left first.
"""

from __future__ import annotations

from typing import NamedTuple

from posecoach.coach.path import Path, Recent, arrived, departed, set_out
from posecoach.coach.visit import Taken, Visit
from posecoach.coach.zero import OwnZero
from posecoach.plan.plan import StepPlan
from posecoach.plan.quantity import Values
from posecoach.plan.target import Goal

SETTLED_S = 6.0
"""When a position was taken is told after so long at the latest: half of what is remembered
(``path.KEPT_S``), so that the way there is, too."""


class Span(NamedTuple):
    """From when to when."""

    start_s: float
    end_s: float


class Times:
    """Tells the times of one side's visits."""

    def __init__(self, steps: tuple[StepPlan, ...], zero: OwnZero) -> None:
        self._steps = steps
        self._zero = zero
        self._recent = Recent()

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment."""
        self._recent.add(time_s, values)

    def set_out(self, index: int, now: float, *, seen: bool) -> float:
        """When the movement towards a step began that is under way (see ``path.set_out``)."""
        return set_out(self._progress_path(self._steps[index]), now, seen=seen)

    def settle(self, visit: Visit, time_s: float) -> None:
        """Tell when a position was taken as long as the way there is remembered."""
        if time_s - visit.entered_s >= SETTLED_S:
            self._taken(visit)

    def span(self, visit: Visit, left_s: float) -> Span:
        """When the position was taken and left; of the hold itself where it was completed."""
        end = left_s
        if not visit.completed:
            end = departed(self._progress_path(visit.step), left_s)
        else:
            until = visit.best.end_s
            end = min(left_s, until)
            for goal in visit.step.goals:
                end = min(end, self._goal_left(goal, until))
        start = min(self._taken(visit), left_s)
        return Span(start, max(start, end))

    def _taken(self, visit: Visit) -> float:
        """When the movement into the position came to rest."""
        entered = visit.entered_s
        if visit.taken is None or visit.taken.entered_s != entered:
            rested = entered
            if not visit.completed:
                rested = arrived(self._progress_path(visit.step), entered)
            else:
                for goal in visit.step.goals:
                    rested = max(rested, self._goal_met(goal, entered))
            visit.taken = Taken(entered, rested)
        return visit.taken.rested_s

    def _progress_path(self, step: StepPlan) -> Path:
        return self._recent.path(lambda values: self._zero.progress(step, values))

    def _goal_path(self, goal: Goal) -> Path:
        reader = goal.reader
        path = self._recent.path(reader.raw)
        return path.less(self._zero.values.get(reader)) if reader.from_start else path

    def _goal_met(self, goal: Goal, entered: float) -> float:
        """When the movement came to rest that met a target by ``entered``."""
        path = self._goal_path(goal)
        last = path.last_by(entered)
        first = last
        while first >= 0 and goal.met(path.values[first]):
            first -= 1
        if first < 0 or first == last:
            return entered
        below = path.values[first] < goal.low
        crossed = path.times[first + 1]
        return arrived(path if below else path.upside_down(), crossed, goal.noise)

    def _goal_left(self, goal: Goal, until: float) -> float:
        """When the movement began that left a target after ``until``."""
        path = self._goal_path(goal)
        crossed = until
        for index in range(path.last_by(until) + 1, len(path.times)):
            value = path.values[index]
            if not goal.met(value, goal.stay):
                below = value < goal.low
                return departed(path if below else path.upside_down(), crossed, goal.noise)
            crossed = path.times[index]
        return until
