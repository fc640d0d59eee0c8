"""When exactly a position was taken and left, told from what was seen of late.

Not only the movement itself is asked, but every target that was met last or left first.
"""

from __future__ import annotations

from posecoach.coach.rest import Rest
from posecoach.coach.track import Past, Point, began, came, left
from posecoach.coach.zone import Zone
from posecoach.plan.plan import StepPlan
from posecoach.plan.quantity import Values
from posecoach.plan.target import Goal

SETTLED_S = 6.0
"""When a position was taken is told after so long at the latest, while the way there is
remembered (``track.KEPT_S``)."""


class Times:
    """Tells the times of one side's visits."""

    def __init__(self, steps: tuple[StepPlan, ...], rest: Rest) -> None:
        self._steps = steps
        self._rest = rest
        self._past = Past()

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment."""
        self._past.add(time_s, values)

    def began(self, index: int, now: float, *, seen: bool) -> float:
        """When the movement towards a step began that is under way (see ``track.began``)."""
        return began(self._progress_path(self._steps[index]), now, seen=seen)

    def _progress_path(self, step: StepPlan) -> list[Point]:
        return self._past.path(lambda values: self._rest.progress(step, values))

    def taken(self, zone: Zone) -> float:
        """When the movement into the position came to rest; asked while that is remembered."""
        entered = zone.entered_s
        if zone.taken is None or zone.taken[0] != entered:
            taken = entered
            if not zone.completed:
                taken = came(self._progress_path(self._steps[zone.step]), entered)
            else:
                for goal in self._steps[zone.step].goals:
                    taken = max(taken, self._goal_came(goal, entered))
            zone.taken = (entered, taken)
        return zone.taken[1]

    def span(self, zone: Zone, left_s: float) -> tuple[float, float]:
        """When the position was taken and left; of the hold itself where it was completed."""
        end = left_s
        if not zone.completed:
            end = left(self._progress_path(self._steps[zone.step]), left_s)
        else:
            end = min(left_s, zone.best[1])
            for goal in self._steps[zone.step].goals:
                end = min(end, self._goal_left(goal, zone.best[1]))
        start = min(self.taken(zone), left_s)
        return start, max(start, end)

    def _goal_path(self, goal: Goal) -> list[Point]:
        """A target's value of late."""
        return self._past.path_of(goal.reader, self._rest.values)

    def _goal_came(self, goal: Goal, entered: float) -> float:
        """When the movement came to rest that met a target by ``entered``."""
        path = self._goal_path(goal)
        crossed, below = None, True
        for time, value in reversed(path):
            if time > entered:
                continue
            if not goal.met(value):
                below = value < goal.low
                break
            crossed = time
        else:
            return entered
        if crossed is None:
            return entered
        return came(path if below else _upside_down(path), crossed, goal.noise)

    def _goal_left(self, goal: Goal, until: float) -> float:
        """When the movement began that left a target after ``until``."""
        crossed, path = until, self._goal_path(goal)
        for time, value in path:
            if time <= until:
                continue
            if not goal.met(value, goal.stay):
                path = path if value < goal.low else _upside_down(path)
                return left(path, crossed, goal.noise)
            crossed = time
        return until


def _upside_down(path: list[Point]) -> list[Point]:
    """Turned so that a value beyond its range's upper end is out of it when it falls."""
    return [(time, -value) for time, value in path]
