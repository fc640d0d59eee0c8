"""When a movement began and when it came to rest, told from its path.

A target is crossed some time after one starts and before one stops, and the slower the movement
the longer. So the crossing is not asked, nor a fixed speed: people start and stop gently, and
always in the same way. Of a movement that lasts T, 10 s^3 - 15 s^4 + 6 s^5 is done at s = t/T
(minimum jerk; Flash & Hogan 1985). The times at which a tenth and a third of it are done, both well
seen above sway and noise, tell when it began: as long before as that curve says. Some go in
pieces (the arm up first, then farther with the lean): where a fifth of the way says that much less
than a third, the last piece is what began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import nan
from statistics import median
from typing import NamedTuple

import numpy as np

from posecoach.coach.spell import MAX_GAP_S
from posecoach.plan.quantity import Values
from posecoach.pose.pose import Floats

KEPT_S = 12.0
"""How much of the past is remembered: a slow movement with the rest at both its ends."""

NEAR, LATER = 0.1, (0.2, 1 / 3)
"""Parts of the way at which a movement has surely left, and is surely under way: a tenth of a lean
of 20 degrees is what standing people sway by (1 to 2 degrees), and at a third the curve is nearly
at its steepest, where noise of the value makes least of time."""

SLOW = 0.25
"""Who goes slower than this part of the speed before is at rest, or sinks deeper in it: on the
curve above the speed falls to a quarter of its mean in the last tenth of the time."""

SETTLING_S = 1.0
"""Who was not seen to come settles within this time: as long as a blind moment may last."""

WINDOW_S = 0.3
"""Nobody's place is told from less time: four frames at 15 a second, the fewest whose median
holds against one that is misread."""

TURNED = 0.25
"""Whoever comes back by this part of the way has turned round: as much as may be left of the
way for a movement to count as back (``zero.BACK``)."""

PIECES = 1.5
"""Times by which a third and a fifth of the way must differ to be of two pieces. Of one piece, seen
with noise of a fiftieth of the way, 97 of 100 differ by less (simulated at 15 and 30 a second)."""

ROWS = 1024
"""Moments there is room for at first: ``KEPT_S`` at 60 a second, and some until they must be moved
together."""

SAME_S = 1e-9
"""Times that differ by less are the same, calculated in two ways: sums are rounded."""


def time_part(way: float) -> float:
    """The part of a movement's time after which it has gone this part of its way, 0..1."""
    low, high = 0.0, 1.0
    for _ in range(30):  # halvings: to a billionth
        middle = (low + high) / 2
        gone = middle**3 * (10 - 15 * middle + 6 * middle**2)
        low, high = (middle, high) if gone < way else (low, middle)
    return (low + high) / 2


_BEFORE = {part: time_part(NEAR) / (time_part(part) - time_part(NEAR)) for part in LATER}
"""How long before ``NEAR`` it began, in the time from there to each of ``LATER``."""


@dataclass(slots=True)
class Trace:
    """A value over time, wherever it is known.

    Attributes:
        times: seconds, growing.
        values: as many.
    """

    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def upside_down(self) -> Trace:
        """Turned so that a value beyond its range's upper end is out of it when it falls."""
        return Trace(self.times, [-value for value in self.values])

    def backwards(self) -> Trace:
        """The same with time running backwards."""
        return Trace([-time for time in reversed(self.times)], self.values[::-1])

    def since(self, first: int) -> Trace:
        """The part from one of its points on."""
        return Trace(self.times[first:], self.values[first:])

    def last_by(self, time_s: float) -> int:
        """Index of the last point not after a time, -1 where there is none."""
        return bisect_right(self.times, time_s) - 1


class Recent:
    """What was measured of late, of the measures that may be asked for.

    Args:
        names: their full names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._first = self._end = 0
        self._times: Floats = np.empty(ROWS)
        self._rows: Floats = np.empty((ROWS, len(self._names)))

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment."""
        if self._end == len(self._times):
            self._make_room()
        self._times[self._end] = time_s
        self._rows[self._end] = [values.get(name, nan) for name in self._names]
        self._end += 1
        while time_s - self._times[self._first] > KEPT_S:
            self._first += 1

    def _make_room(self) -> None:
        """Move what is remembered to the front; of as much again there is room then."""
        times, rows = self._times[self._first :], self._rows[self._first :]
        size = max(ROWS, 2 * len(times))
        self._times, self._rows = np.empty(size), np.empty((size, len(self._names)))
        self._times[: len(times)], self._rows[: len(times)] = times, rows
        self._first, self._end = 0, len(times)

    def trace(self, read: Callable[[Mapping[str, Floats]], Floats]) -> Trace:
        """What ``read`` makes of all moments, wherever that is known.

        Args:
            read: given (N,) degrees by full name.
        """
        kept = slice(self._first, self._end)
        rows = self._rows[kept]
        columns = {name: rows[:, index] for index, name in enumerate(self._names)}
        times = self._times[kept]
        values = read(columns)
        known = ~np.isnan(values)
        return Trace(times[known].tolist(), values[known].tolist())


def departed(path: Trace, crossed: float, least: float = 0.0) -> float:
    """When the movement began that left a range downwards.

    Args:
        path: the value that left.
        crossed: when the value was last seen in the range.
        least: a smaller movement is none: it is within the value's error.

    Returns:
        A time not after ``crossed``; that itself where nothing is seen to leave.
    """
    found = _departure(path, crossed, least)
    return crossed if found is None else min(found, crossed)


def arrived(path: Trace, crossed: float, least: float = 0.0) -> float:
    """When a movement came to rest that reached a range from below: ``departed``, backwards.

    Args:
        crossed: when the value was first seen in the range.
    """
    found = _departure(path.backwards(), -crossed, least)
    if found is None:
        return _settled(path, crossed, least)
    return max(-found, crossed)


def _settled(path: Trace, crossed: float, least: float) -> float:
    """When most of what was seen of a movement was done whose beginning was not seen."""
    after = [
        (time, value)
        for time, value in zip(path.times, path.values, strict=True)
        if 0 <= time - crossed <= SETTLING_S
    ]
    if not after:
        return crossed
    inside, level = after[0][1], median(value for _, value in after)
    if level - inside <= least:
        return crossed
    most = level - NEAR * (level - inside)
    return next(time for time, value in after if value >= most)


def set_out(progress: Trace, now: float, *, seen: bool) -> float:
    """When the movement began that is under way ``now``: from rest, or from the other side.

    Args:
        seen: where its beginning was not seen, whether to tell when it was first seen to go on,
            rather than when it was last seen not to.
    """
    count = progress.last_by(now) + 1
    until = Trace(progress.times[:count], progress.values[:count])
    times = until.times
    for index in range(count - 1, 0, -1):
        if times[index] - times[index - 1] > MAX_GAP_S:
            if not seen:
                return times[index - 1]
            until = until.since(index)
            break
    if not until.times:
        return now
    half = until.values[-1] / 2
    crossed = until.times[0]
    for time, value in zip(until.times, until.values, strict=True):
        if value <= half:
            crossed = time
    return departed(until.upside_down(), crossed)


class _Crossing(NamedTuple):
    """The last point at or above a level, and when the level was crossed after it."""

    at: int
    time_s: float


def _departure(path: Trace, crossed: float, least: float) -> float | None:
    here = path.last_by(crossed + SAME_S)
    if here < 0 or crossed - path.times[here] > MAX_GAP_S:
        return None
    inside = path.values[here]
    out = _turn(path, here, least)
    way = inside - out
    if way <= least:
        return None
    # From here on in parts of the way: 1 at the crossing, 0 far out.
    steps = Trace(path.times, [(value - out) / way for value in path.values])
    half = _crossing(steps, here, 0.5)
    if half is None:
        return None
    span = max(half.time_s - crossed, WINDOW_S)
    level = _level(steps, here, span)
    near_s, befores = crossed, []
    for part, before in _BEFORE.items():
        far = _crossing(steps, here, level * (1 - part))
        near = far and _crossing(steps, far.at, level * (1 - NEAR))
        if far is None or near is None:
            return None
        near_s = near.time_s
        befores.append((far.time_s - near.time_s) * before)
    last, whole = befores
    # A piece no larger than the value's error may be noise, and the longer way is the surer one.
    sure = 0 < least < (LATER[0] - NEAR) * level * way
    return near_s - (last if sure and whole > PIECES * last else whole)


def _turn(path: Trace, here: int, least: float) -> float:
    """The lowest value from ``here`` on, until the path turns back by more than its error."""
    times, values = path.times, path.values
    inside = out = values[here]
    for index in range(here + 1, len(times)):
        value = values[index]
        gap = times[index] - times[index - 1] > MAX_GAP_S
        if gap or value - out > max(TURNED * (inside - out), least) > 0:
            break
        out = min(out, value)
    return out


def _level(steps: Trace, here: int, span: float) -> float:
    """Where one stood before: the first place, going back, at which one hardly moved.

    Args:
        steps: the path, 1 at the crossing.
        span: how long the first half of the way from there took.
    """
    times, values = steps.times, steps.values
    until = here
    for first in range(here - 1, -1, -1):
        while until - 1 > first and times[until - 1] - times[first] >= span:
            until -= 1
        passed = times[until] - times[first]
        if passed >= span and values[first] - values[until] < SLOW * 0.5 * passed / span:
            return median(values[first : until + 1])
    return values[0]


def _crossing(path: Trace, here: int, level: float) -> _Crossing | None:
    """The last point at or above a level before it is left, and when: the one nearest ``here``."""
    times, values = path.times, path.values
    if values[here] >= level:
        while here + 1 < len(values) and values[here + 1] >= level:
            here += 1
        if here + 1 == len(values):
            return None
    else:
        while here >= 0 and values[here] < level:
            here -= 1
        if here < 0:
            return None
    gone, step = values[here] - level, values[here] - values[here + 1]
    return _Crossing(here, times[here] + (times[here + 1] - times[here]) * gone / step)
