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

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from statistics import median
from typing import NamedTuple

import numpy as np

from posecoach.coach.spell import BRIDGE_S, MAX_GAP_S
from posecoach.plan.quantity import Values
from posecoach.pose.pose import Floats

KEPT_S = 12.0
"""How much of the past is looked at: a slow movement with the rest at both its ends."""

REMEMBERED_S = KEPT_S + 2 * BRIDGE_S
"""How much is remembered: what was asked may be told a while later, and a gap in the pictures may
lie between."""

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
"""Moments there is room for at first: ``REMEMBERED_S`` at 30 a second; more is made."""

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
        times: (N,) seconds, growing.
        values: (N,) degrees, or parts of a way.
    """

    times: Floats
    values: Floats

    def upside_down(self) -> Trace:
        """Turned so that a value beyond its range's upper end is out of it when it falls."""
        return Trace(self.times, -self.values)

    def backwards(self) -> Trace:
        """The same with time running backwards."""
        return Trace(-self.times[::-1], self.values[::-1])

    def since(self, first: int) -> Trace:
        """The part from one of its points on."""
        return Trace(self.times[first:], self.values[first:])

    def last_by(self, time_s: float) -> int:
        """Index of the last point not after a time, -1 where there is none."""
        return int(self.times.searchsorted(time_s, "right")) - 1


class Lately(NamedTuple):
    """What was measured in the moments up to one; what comes later changes nothing in it.

    Attributes:
        times: (N,) seconds, growing.
        columns: (N,) degrees by full measure name, NaN where unknown.
    """

    times: Floats
    columns: Mapping[str, Floats]

    def trace(self, read: Callable[[Mapping[str, Floats]], Floats]) -> Trace:
        """Return what ``read`` makes of the columns, wherever that is known."""
        times, values = self.times, read(self.columns)
        unknown = np.isnan(values)
        if not unknown.any():
            return Trace(times, values)
        return Trace(times[~unknown], values[~unknown])


class Recent:
    """What was measured of late, of the measures that may be asked for.

    Args:
        names: their full names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._fresh: deque[tuple[float, Values]] = deque()
        self._first = self._end = 0
        self._times: Floats = np.empty(ROWS)
        self._columns: Floats = np.empty((len(self._names), ROWS))

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment; put in order only when it is asked for, which is in holds."""
        fresh = self._fresh
        fresh.append((time_s, values))
        while time_s - fresh[0][0] > REMEMBERED_S:
            fresh.popleft()

    def _put_in_order(self) -> None:
        """Put what is fresh behind the rest, and forget what is too long ago."""
        fresh, count = self._fresh, len(self._fresh)
        if not fresh:
            return
        if self._end + count > len(self._times):
            self._make_room(count)
        rows = slice(self._end, self._end + count)
        self._times[rows] = [time_s for time_s, _ in fresh]
        for name, column in zip(self._names, self._columns, strict=True):
            column[rows] = [values.get(name, nan) for _, values in fresh]
        self._end += count
        fresh.clear()
        now = self._times[self._end - 1]
        while now - self._times[self._first] > REMEMBERED_S:
            self._first += 1

    def _make_room(self, more: int) -> None:
        """Move what is remembered to the front; of as much again there is room then."""
        kept = slice(self._first, self._end)
        times, columns = self._times[kept], self._columns[:, kept]
        size = max(ROWS, 2 * (len(times) + more))
        self._times, self._columns = np.empty(size), np.empty((len(self._names), size))
        self._times[: len(times)], self._columns[:, : len(times)] = times, columns
        self._first, self._end = 0, len(times)

    def _window(self, until_s: float) -> slice:
        """Where the moments of ``KEPT_S`` before a time are."""
        times = self._times[self._first : self._end]
        end = int(times.searchsorted(until_s, "right"))
        if not end:
            return slice(0, 0)
        now = times[end - 1]
        first = int(times.searchsorted(now - KEPT_S - SAME_S))
        while now - times[first] > KEPT_S:
            first += 1
        return slice(self._first + first, self._first + end)

    def until(self, until_s: float = inf) -> Lately:
        """Return the moments of ``KEPT_S`` before a time; without one before now."""
        self._put_in_order()
        kept = self._window(until_s)
        columns = dict(zip(self._names, self._columns[:, kept], strict=True))
        return Lately(self._times[kept], columns)


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
    times: list[float] = path.times.tolist()
    values: list[float] = path.values.tolist()
    after = [
        (time, value)
        for time, value in zip(times, values, strict=True)
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
    if not count:
        return now
    until = Trace(progress.times[:count], progress.values[:count])
    gaps = np.flatnonzero(np.diff(until.times) > MAX_GAP_S)
    if gaps.size:
        last = int(gaps[-1])
        if not seen:
            return float(until.times[last])
        until = until.since(last + 1)
    before = np.flatnonzero(until.values <= until.values[-1] / 2)
    crossed = until.times[before[-1] if before.size else 0]
    return departed(until.upside_down(), float(crossed))


class _Steps(NamedTuple):
    """A path in parts of a way, as Python's numbers: it is gone along step by step."""

    times: list[float]
    values: list[float]


class _Crossing(NamedTuple):
    """The last point at or above a level, and when the level was crossed after it."""

    at: int
    time_s: float


def _departure(path: Trace, crossed: float, least: float) -> float | None:
    here = path.last_by(crossed + SAME_S)
    if here < 0 or crossed - path.times[here] > MAX_GAP_S:
        return None
    times, values = path.times.tolist(), path.values.tolist()
    out = _turn(times, values, here, least)
    way = values[here] - out
    if way <= least:
        return None
    # From here on in parts of the way: 1 at the crossing, 0 far out.
    steps = _Steps(times, ((path.values - out) / way).tolist())
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


def _turn(times: Sequence[float], values: Sequence[float], here: int, least: float) -> float:
    """The lowest value from ``here`` on, until the path turns back by more than its error."""
    inside = out = values[here]
    before = times[here]
    for time, value in zip(times[here + 1 :], values[here + 1 :], strict=True):
        if time - before > MAX_GAP_S:
            break
        before = time
        if value < out:
            out = value
        elif value - out > max(TURNED * (inside - out), least) > 0:
            break
    return out


def _level(steps: _Steps, here: int, span: float) -> float:
    """Where one stood before: the first place, going back, at which one hardly moved.

    Args:
        steps: the path, 1 at the crossing.
        span: how long the first half of the way from there took.
    """
    times, values = steps.times, steps.values
    until = here
    for first in range(here - 1, -1, -1):
        from_s = times[first]
        while until - 1 > first and times[until - 1] - from_s >= span:
            until -= 1
        passed = times[until] - from_s
        if passed >= span and values[first] - values[until] < SLOW * 0.5 * passed / span:
            return median(values[first : until + 1])
    return values[0]


def _crossing(path: _Steps, here: int, level: float) -> _Crossing | None:
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
