"""Which stops are the same position, and which are mirror images of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.learn.mirror import Mirror
from posecoach.learn.motion import MOVES, WIDE_DEG, Moving, Stop
from posecoach.plan.sides import Side
from posecoach.pose.pose import Floats

SAME = 0.38
"""Part of a measure's whole range by which one position's values may differ: two that are nearer to
one another than half-way are the same, less what a person varies by (a tenth of the way)."""

LEAST_SPREADS = 2.0
"""Less than that may be read of one and the same position."""

PASSED_S, PASSED = 0.5, 1.6
"""Who stops for less is passing through: the body is between two positions, and may be so many
times farther from either: half as far again, for half-way is where it is farthest."""

IMAGE = 0.7
"""The same between mirror images: nobody goes as far to one side as to the other."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position, once or with its mirror image.

    Attributes:
        key: its number, equal for a position and its mirror image.
        side: to which side it goes, "both" for one that is its own mirror image.
    """

    key: int
    side: Side


def positions(stops: Sequence[Stop], move: Moving) -> list[Position]:
    """Tell for each stop which position it is."""
    wide = np.maximum(MOVES * move.scale, WIDE_DEG)
    same = np.maximum(np.minimum(SAME * move.ranges, wide), LEAST_SPREADS * move.scale)
    image = np.maximum(IMAGE * move.ranges, same)
    mirror = Mirror(move.names)
    groups: list[list[Floats]] = []
    placed: dict[int, int] = {}
    # What was held says best which positions there are; what was passed belongs to one of them.
    for index in sorted(range(len(stops)), key=lambda at: -stops[at].seconds):
        stop = stops[index]
        ways = [_way(stop.values, np.mean(group, axis=0), same) for group in groups]
        best = int(np.argmin(ways)) if ways else -1
        if best < 0 or ways[best] >= (1.0 if stop.seconds >= PASSED_S else PASSED):
            groups.append([])
            best = len(groups) - 1
        groups[best].append(stop.values)
        placed[index] = best
    middles = [np.mean(group, axis=0) for group in groups]
    keys, sides = _mirrored(middles, mirror, same, image, move.scale)
    return [Position(keys[placed[index]], sides[placed[index]]) for index in range(len(stops))]


def _way(one: Floats, two: Floats, same: Floats) -> float:
    return float((np.abs(one - two) / same).max())


def _mirrored(
    middles: Sequence[Floats], mirror: Mirror, same: Floats, alike: Floats, scale: Floats
) -> tuple[list[int], list[Side]]:
    keys = list(range(len(middles)))
    sides: list[Side] = ["both"] * len(middles)
    for index, middle in enumerate(middles):
        image = mirror(middle)
        if sides[index] != "both" or _way(middle, image, same) < 1:
            continue
        side = mirror.side(middle, scale)
        others = [
            (_way(image, other, alike), number)
            for number, other in enumerate(middles)
            if number != index
            and sides[number] == "both"
            and mirror.side(other, scale) != side
            and _way(other, mirror(other), same) >= 1
        ]
        sides[index] = side
        if others and min(others)[0] < 1:
            other = min(others)[1]
            keys[other] = keys[index]
            sides[other] = "right" if side == "left" else "left"
    return keys, sides


def without_waypoints(
    stops: Sequence[Stop], places: Sequence[Position]
) -> tuple[list[Stop], list[Position]]:
    """Leave out positions that are never held and only lie on the way from one to another.

    A place in which the movement turns round is none of them, however short.
    """
    passed = {
        key
        for key in {each.key for each in places}
        if all(
            stop.seconds < PASSED_S
            and 0 < index < len(stops) - 1
            and places[index - 1].key != places[index + 1].key
            for index, (stop, each) in enumerate(zip(stops, places, strict=True))
            if each.key == key
        )
    }
    kept_stops: list[Stop] = []
    kept: list[Position] = []
    for stop, each in zip(stops, places, strict=True):
        if each.key in passed:
            continue
        if kept and kept[-1] == each:  # one stay, with a stumble in it
            kept_stops[-1] = max(kept_stops[-1], stop, key=lambda one: one.seconds)
            continue
        kept_stops.append(stop)
        kept.append(each)
    return kept_stops, kept
