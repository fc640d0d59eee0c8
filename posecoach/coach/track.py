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
from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan
from statistics import median

from posecoach.coach.spell import MAX_GAP_S
from posecoach.plan.quantity import Reader, Values

KEPT_S = 12.0
"""How much of the past is remembered: a slow movement with the rest at both its ends."""

NEAR, LATER = 0.1, (0.2, 1 / 3)
"""Parts of the way at which a movement has surely left, and is surely under way."""

SLOW = 0.25
"""Who goes slower than this part of the speed before is at rest, or sinks deeper in it."""

SETTLING_S = 1.0
"""Who was not seen to come settles within this time."""

WINDOW_S = 0.3
"""Nobody's place is told from less time."""

TURNED = 0.25
"""Whoever comes back by this part of the way has turned round."""

Point = tuple[float, float]


def time_part(way: float) -> float:
    """The part of a movement's time after which it has gone this part of its way, 0..1."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        gone = middle**3 * (10 - 15 * middle + 6 * middle**2)
        low, high = (middle, high) if gone < way else (low, middle)
    return (low + high) / 2


PIECES = 1.5
"""Times by which a third and a fifth of the way must differ to be of two pieces."""

_BEFORE = {part: time_part(NEAR) / (time_part(part) - time_part(NEAR)) for part in LATER}
"""How long before ``NEAR`` it began, in the time from there to each of ``LATER``."""


class Past:
    """What was measured of late."""

    def __init__(self) -> None:
        self._moments: deque[tuple[float, Values]] = deque()

    def add(self, time_s: float, values: Values) -> None:
        """Take in one moment."""
        moments = self._moments
        moments.append((time_s, values))
        while time_s - moments[0][0] > KEPT_S:
            moments.popleft()

    def path(self, read: Callable[[Values], float]) -> list[Point]:
        """Time and value wherever the value is known, in order."""
        known = ((time_s, read(values)) for time_s, values in self._moments)
        return [point for point in known if not isnan(point[1])]

    def path_of(self, reader: Reader, start: Mapping[Reader, float]) -> list[Point]:
        """The same of one quantity: ``reader.read`` of every moment."""
        name, minus, sign = reader.name, reader.minus, reader.sign
        zero = start.get(reader, nan) if reader.from_start else 0.0
        if minus is not None:
            known = ((t, v.get(name, nan) - v.get(minus, nan)) for t, v in self._moments)
        else:
            known = ((t, v.get(name, nan)) for t, v in self._moments)
        points = [(t, sign * value - zero) for t, value in known]
        return [point for point in points if not isnan(point[1])]


def left(path: Sequence[Point], crossed: float, least: float = 0.0) -> float:
    """When the movement began that left a range downwards.

    Args:
        path: time and value, in order.
        crossed: when the value was last seen in the range.
        least: a smaller movement is none: it is within the value's error.

    Returns:
        A time not after ``crossed``; that itself where nothing is seen to leave.
    """
    found = _departure(path, crossed, least)
    return crossed if found is None else min(found, crossed)


def came(path: Sequence[Point], crossed: float, least: float = 0.0) -> float:
    """When the movement came to rest that reached a range from below: ``left``, seen backwards.

    Args:
        crossed: when the value was first seen in the range.
    """
    found = _departure(_backwards(path), -crossed, least)
    if found is None:
        return _arrival(path, crossed, least)
    return max(-found, crossed)


def _arrival(path: Sequence[Point], crossed: float, least: float) -> float:
    """When most of what was seen of a movement was done whose beginning was not seen."""
    after = [(time, value) for time, value in path if 0 <= time - crossed <= SETTLING_S]
    if not after:
        return crossed
    inside, level = after[0][1], median(value for _, value in after)
    if level - inside <= least:
        return crossed
    most = level - NEAR * (level - inside)
    return next(time for time, value in after if value >= most)


def began(progress: Sequence[Point], now: float, *, seen: bool) -> float:
    """When the movement began that is under way ``now``: from rest, or from the other side.

    Args:
        seen: where its beginning was not seen, whether to tell when it was first seen to go on,
            rather than when it was last seen not to.
    """
    until = [point for point in progress if point[0] <= now]
    for index in range(len(until) - 1, 0, -1):
        if until[index][0] - until[index - 1][0] > MAX_GAP_S:
            if not seen:
                return until[index - 1][0]
            until = until[index:]
            break
    if not until:
        return now
    half = until[-1][1] / 2
    crossed = max((time for time, value in until if value <= half), default=until[0][0])
    return left([(time, -value) for time, value in until], crossed)


def _backwards(path: Sequence[Point]) -> list[Point]:
    return [(-time, value) for time, value in reversed(path)]


def _departure(path: Sequence[Point], crossed: float, least: float) -> float | None:
    here = sum(time <= crossed + 1e-9 for time, _ in path) - 1
    if here < 0 or crossed - path[here][0] > MAX_GAP_S:
        return None
    inside = path[here][1]
    out = _turn(path, here, least)
    way = inside - out
    if way <= least:
        return None
    # From here on in parts of the way: 1 at the crossing, 0 far out.
    steps = [(time, (value - out) / way) for time, value in path]
    half = _crossing(steps, here, 0.5)
    if half is None:
        return None
    span = max(half[1] - crossed, WINDOW_S)
    level = _level(steps, here, span)
    near_s, befores = crossed, []
    for part, before in _BEFORE.items():
        far = _crossing(steps, here, level * (1 - part))
        near = far and _crossing(steps, far[0], level * (1 - NEAR))
        if far is None or near is None:
            return None
        near_s = near[1]
        befores.append((far[1] - near[1]) * before)
    last, whole = befores
    # A piece no larger than the value's error may be noise, and the longer way is the surer one.
    sure = 0 < least < (LATER[0] - NEAR) * level * way
    return near_s - (last if sure and whole > PIECES * last else whole)


def _turn(path: Sequence[Point], here: int, least: float) -> float:
    """The lowest value from ``here`` on, until the path turns back by more than its error."""
    inside = out = path[here][1]
    for (before, _), (time, value) in zip(path[here:], path[here + 1 :], strict=False):
        if time - before > MAX_GAP_S or value - out > max(TURNED * (inside - out), least) > 0:
            break
        out = min(out, value)
    return out


def _level(steps: Sequence[Point], here: int, span: float) -> float:
    """Where one stood before: the first place, going back, at which one hardly moved.

    Args:
        steps: the path, 1 at the crossing.
        span: how long the first half of the way from there took.
    """
    until = here
    for first in range(here - 1, -1, -1):
        while until - 1 > first and steps[until - 1][0] - steps[first][0] >= span:
            until -= 1
        (time, high), (after, low) = steps[first], steps[until]
        if after - time >= span and high - low < SLOW * 0.5 * (after - time) / span:
            return median(value for _, value in steps[first : until + 1])
    return steps[0][1]


def _crossing(path: Sequence[Point], here: int, level: float) -> tuple[int, float] | None:
    """The last point at or above a level before it is left, and when: the one nearest ``here``."""
    if path[here][1] >= level:
        while here + 1 < len(path) and path[here + 1][1] >= level:
            here += 1
        if here + 1 == len(path):
            return None
    else:
        while here >= 0 and path[here][1] < level:
            here -= 1
        if here < 0:
            return None
    (time, value), (after, lower) = path[here], path[here + 1]
    return here, time + (after - time) * (value - level) / (value - lower)
