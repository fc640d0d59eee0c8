"""Where a body moves and where it stops on its way: the stops of a demonstration.

A stop is a place where the body is slower than before and after: a position that is held, or one
in which the movement turns round. All measures that move are looked at together, each in parts of
how far it may be off, so that what the camera sees best says most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.learn.demonstration import STEP_S, Demonstration
from posecoach.learn.mirror import Mirror
from posecoach.pose.pose import Floats

MOVES = 3.5
"""Spreads beyond which a measure has moved: twice those between which nine of ten readings of one
position lie, so that neither end may be the other."""

MOVES_DEG = 8.0
"""Less is no movement of a stretch: what standing people sway by, several times over."""

SIDES_DEG = 30.0
"""From the side the hidden limb is guessed; what differs by less from the other is taken for the
same. A third of a right angle: two limbs that do something else differ by more."""

ROUNDABOUT = ("arm_inclination", "thigh_inclination", "elbow_lead", "shank_spread")
"""Lines against the vertical and the like, which say of a position what joints say more plainly."""

FROM_THE_SIDE = ("trunk_inclination",)
"""What from the front is only the size of another measure."""

SMOOTH_S = 0.3
"""Nobody's place is told from less time (``coach.trace.WINDOW_S``)."""

PAUSE = 0.4
"""A stop is slower than this part of the speed before and after it. A movement that only slows down
on its way through keeps more; one that turns round keeps nothing."""

NO_SPEED = 1e-9
"""Spreads a second: nothing, for who has not moved at all has no speed to compare with."""

STILL = 0.2
"""Slower than this part of the speed before (and after) is at rest: as much as is left of it in the
last tenth of a movement (``coach.trace.SLOW``)."""

APART = 0.25
"""Part of its whole range by which a measure must differ between two stops: as much as may be left
of a way that counts as gone back (``coach.zero.BACK``) ..."""

WIDE_DEG = 20.0
"""... and by no more than what counts as a movement, or so many degrees: whoever goes far has other
positions on the way, and nobody who stands or lies as before is so far off."""


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """The measures that move.

    Attributes:
        names: M full names with left and right.
        values: (N, M) smoothed degrees.
        scale: (M,) how far each may be off, degrees.
        ranges: (M,) from its lowest to its highest, degrees.
        trusted: whether the view can be trusted with all of them.
    """

    names: tuple[str, ...]
    values: Floats
    scale: Floats
    ranges: Floats
    trusted: bool

    @property
    def tolerance(self) -> Floats:
        """(M,) degrees by which the values of one position may differ."""
        wide = np.maximum(MOVES * self.scale, WIDE_DEG)
        return np.maximum(np.minimum(APART * self.ranges, wide), self.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A place where the body stopped, or turned round.

    Attributes:
        start_s, end_s: while it was at rest there.
        at_s: when it was slowest.
        values: (M,) median degrees while it was.
    """

    start_s: float
    end_s: float
    at_s: float
    values: Floats

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s


def moving(shown: Demonstration) -> Moving:
    """Find what moves beyond doubt, of what the view can be trusted with.

    Where something else moves more clearly still, that is asked, too.
    """
    clear = {
        name: max(clearness(shown, each) for each in _with_other(name, shown))
        for name in shown.columns
        if _worth_asking(name, shown)
    }
    clear = {name: how for name, how in clear.items() if how >= MOVES}
    seen_well = {name for name in clear if shown.facing in split_name(name)[0].views}
    best = max(clear.values(), default=0.0)
    trusted = any(clear[name] >= best for name in seen_well)
    names = [name for name in clear if name in seen_well or not trusted]
    values = np.empty((len(shown.times), len(names)))
    for index, name in enumerate(names):
        values[:, index] = smoothed(shown.columns[name])
    return Moving(
        tuple(names),
        values,
        np.array([max(shown.spreads[name].change, 1.0) for name in names]),
        np.array([_extent(name, shown.columns[name]) for name in names]),
        trusted,
    )


def _worth_asking(name: str, shown: Demonstration) -> bool:
    """Whether a measure says something that no other says better."""
    found, side = split_name(name)
    if found.name in ROUNDABOUT or (found.name in FROM_THE_SIDE and not shown.from_the_side):
        return False
    # From the front an arm that is raised is abducted, from the side it is flexed.
    sideways = all(f"shoulder_abduction_{each}" in shown.columns for each in ("left", "right"))
    if found.name == "shoulder_flexion" and not shown.from_the_side and sideways:
        return False
    if found.name == "shoulder_abduction" and (shown.from_the_side or not sideways):
        return False
    if side is None or side == shown.near or not shown.from_the_side:
        return True
    return sides_differ(shown, found.name)


def sides_differ(shown: Demonstration, stem: str) -> bool:
    """Whether left and right do something else: from the side both legs together look alike."""
    left, right = (shown.columns.get(f"{stem}_{side}") for side in ("left", "right"))
    if left is None or right is None:
        return False
    spread = max(shown.spreads[f"{stem}_{side}"].sides for side in ("left", "right"))
    return _range(smoothed(left - right)) >= max(MOVES * spread, SIDES_DEG)


def _with_other(name: str, shown: Demonstration) -> list[str]:
    """The same on both sides, so that mirror images can be compared."""
    found, side = split_name(name)
    if side is None or (shown.from_the_side and not sides_differ(shown, found.name)):
        return [name]
    both = [f"{found.name}_{each}" for each in ("left", "right")]
    return [each for each in both if each in shown.columns]


def clearness(shown: Demonstration, name: str) -> float:
    """How far a measure moves, in parts of how far it may be off; 0 where that is no movement."""
    way = _range(smoothed(shown.columns[name]))
    return way / shown.spreads[name].change if way >= MOVES_DEG else 0.0


def _extent(name: str, values: Floats) -> float:
    """How far it goes: of one whose sign is a side, to the side to which it goes farther."""
    if not split_name(name)[0].lateral:
        return _range(values)
    low, high = np.percentile(values, (2, 98))
    return float(max(abs(low), abs(high), (high - low) / 2))


def _range(values: Floats) -> float:
    low, high = np.percentile(values, (2, 98))
    return float(high - low)


def smoothed(values: Floats) -> Floats:
    """(N,) the same without tremble: a median, then a mean, over ``SMOOTH_S`` each."""
    width = max(round(SMOOTH_S / STEP_S) | 1, 3)
    half = width // 2
    padded = np.pad(values, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    middle = np.median(windows, axis=1)
    padded = np.pad(middle, half, mode="edge")
    mean: Floats = np.lib.stride_tricks.sliding_window_view(padded, width).mean(axis=1)
    return mean


def speed(move: Moving) -> Floats:
    """(N,) how fast the body goes, in spreads a second, all measures together."""
    rate = np.gradient(move.values / move.scale, STEP_S, axis=0)
    total: Floats = np.sqrt((rate**2).sum(axis=1))
    return smoothed(total)


def stops(times: Floats, move: Moving) -> list[Stop]:
    """Return where the body stopped or turned round, in order."""
    if not move.names:
        return []
    fast = speed(move)
    found = _slow(fast)
    found = _deep(found, fast, move)
    found = _apart(found, fast, move)
    stopped = [_stop(index, found, times, fast, move) for index in range(len(found))]
    return with_middles(stopped, move, times)


def _slow(fast: Floats) -> list[int]:
    """Where it is slower than just before and just after, with both ends."""
    inside = (fast[1:-1] <= fast[:-2]) & (fast[1:-1] < fast[2:])
    return [0, *(np.flatnonzero(inside) + 1).tolist(), len(fast) - 1]


def _deep(found: list[int], fast: Floats, move: Moving) -> list[int]:
    """Leave out where it only slows down on its way, the shallowest first."""
    found = list(found)
    while len(found) > 2:
        shares = [
            fast[here] / max(min(fast[before:here].max(), fast[here:after].max()), NO_SPEED)
            if not _turns(move, before, here, after)
            else 0.0
            for before, here, after in zip(found, found[1:], found[2:], strict=False)
        ]
        worst = int(np.argmax(shares))
        if shares[worst] < PAUSE:
            break
        del found[worst + 1]
    return found


def _turns(move: Moving, before: int, here: int, after: int) -> bool:
    """Whether the movement goes back the way it came: then it stopped, however short that was."""
    out = (move.values[here] - move.values[before]) / move.tolerance
    back = (move.values[after] - move.values[here]) / move.tolerance
    far = min(np.abs(out).max(), np.abs(back).max()) >= 1
    return bool(far and out @ back < 0)


def _apart(found: list[int], fast: Floats, move: Moving) -> list[int]:
    """Make one of neighbours between which the body went nowhere."""
    found = list(found)
    while len(found) > 1:
        ways = [
            float((np.abs(move.values[one] - move.values[two]) / move.tolerance).max())
            for one, two in pairwise(found)
        ]
        least = int(np.argmin(ways))
        if ways[least] >= 1:
            break
        one, two = found[least], found[least + 1]
        slower = one if fast[one] <= fast[two] else two
        found[least : least + 2] = [slower]
    return found


def with_middles(found: Sequence[Stop], move: Moving, times: Floats) -> list[Stop]:
    """Add the middle wherever somebody goes from one side straight to the other.

    It is where the body is most like its own mirror image: the start pose, only passed through.
    """
    mirror = Mirror(move.names)
    apart = np.abs((move.values - mirror(move.values)) / move.scale).max(axis=1)
    stops = list(found[:1])
    for before, after in pairwise(found):
        sides = [mirror.side(each.values, move.scale) for each in (before, after)]
        way = np.flatnonzero((times > before.end_s) & (times < after.start_s))
        if len(way) and sides[0] != sides[1]:
            lopsided = [_lopsided(each.values, mirror, move) for each in (before, after)]
            middle = int(way[np.argmin(apart[way])])
            if min(lopsided) >= 1 and _lopsided(move.values[middle], mirror, move) < 1:
                at_s = float(times[middle])
                stops.append(Stop(at_s, at_s, at_s, move.values[middle]))
        stops.append(after)
    return stops


def _lopsided(values: Floats, mirror: Mirror, move: Moving) -> float:
    """How far it is from its own mirror image; below 1 it is one."""
    return float((np.abs(values - mirror(values)) / (2 * move.tolerance)).max())


def _stop(index: int, found: Sequence[int], times: Floats, fast: Floats, move: Moving) -> Stop:
    here = found[index]
    before = fast[found[index - 1] : here + 1].max() if index else np.inf
    after = fast[here : found[index + 1] + 1].max() if index + 1 < len(found) else np.inf
    first = last = here
    lowest = found[index - 1] if index else 0
    highest = found[index + 1] if index + 1 < len(found) else len(fast) - 1
    room = np.maximum(move.tolerance, MOVES * move.scale)
    near = (np.abs(move.values - move.values[here]) < room).all(axis=1)
    while first > lowest and (fast[first - 1] < STILL * before and near[first - 1]):
        first -= 1
    while last < highest and (fast[last + 1] < STILL * after and near[last + 1]):
        last += 1
    values: Floats = np.median(move.values[first : last + 1], axis=0)
    return Stop(float(times[first]), float(times[last]), float(times[here]), values)
