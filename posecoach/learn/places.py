"""What the body measures in each position of a pattern: the numbers a definition is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from posecoach.learn.demonstration import STEP_S, Demonstration
from posecoach.learn.mirror import Mirror
from posecoach.learn.motion import Stop
from posecoach.plan.sides import Side
from posecoach.pose.pose import Floats

LEAST_S = 0.3
"""A place is read over at least this time, around where the body was slowest."""


@dataclass(frozen=True, slots=True)
class Value:
    """One measure in one position.

    Attributes:
        deg: median over all stays there.
        apart: standard deviation between the stays; 0 of a single one.
        low, high: the smallest and the largest of them.
    """

    deg: float
    apart: float
    low: float
    high: float

    def nearest(self, rest: float) -> float:
        """Of all stays the value nearest to another position's, on this one's side of it."""
        return self.low if self.deg > rest else self.high


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A position as it was shown, turned so that the side it goes to is the left.

    Attributes:
        values: by full measure name.
        seconds: how long each stay lasted.
    """

    values: Mapping[str, Value]
    seconds: tuple[float, ...]


def place(shown: Demonstration, stays: Sequence[tuple[Stop, Side]]) -> Place:
    """Measure a position over all stays in it."""
    names = tuple(shown.columns)
    mirror = Mirror(names)
    table = np.stack([shown.columns[name] for name in names], axis=1)
    rows = [_read(shown.times, table, stop) for stop, _ in stays]
    turned = np.stack(
        [
            mirror(row) if side == "right" else row
            for row, (_, side) in zip(rows, stays, strict=True)
        ]
    )
    values = {
        name: Value(*(float(of(turned[:, index])) for of in (np.median, np.std, np.min, np.max)))
        for index, name in enumerate(names)
    }
    return Place(values, tuple(stop.seconds for stop, _ in stays))


def _read(times: Floats, table: Floats, stop: Stop) -> Floats:
    first = min(stop.start_s, stop.at_s - LEAST_S / 2)
    last = max(stop.end_s, stop.at_s + LEAST_S / 2)
    here = (times >= first - STEP_S / 2) & (times <= last + STEP_S / 2)
    values: Floats = np.median(table[here], axis=0)
    return values


def doubt(shown: Demonstration, name: str, *values: Value) -> float:
    """How far a value may be off: what the stays differ by, and how well the measure is seen."""
    return hypot(shown.spreads[name].change, *(each.apart for each in values))
