"""Circles in a demonstration: movements that go round rather than out and back.

They are found as the coach counts them (``coach.loops``): rises and falls whose path encloses an
area, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from posecoach.coach.loops import Direction, Loop, LoopFinder, Sample
from posecoach.learn.demonstration import Demonstration
from posecoach.pose.pose import Floats

PAIRS = (("shoulder_elevation", "shoulder_protraction"),)
"""Measures of both sides, up and across, that go round together."""

LEAST_DEG = 8.0
"""Smaller circles are not told from a breath (a fifth of the 40 degrees that a shoulder can rise,
Kapandji)."""

FLAT = 0.2
"""A path flatter than a fifth of its height goes up and down, and is no circle."""

LEAST = 3
"""Fewer circles, one after the other, may be a shrug and a half: who shows a stretch does it three
times."""


@dataclass(frozen=True, slots=True)
class Round:
    """Circles one after the other, all the same way round.

    Attributes:
        direction: which way.
        loops: each of them.
    """

    direction: Direction
    loops: tuple[Loop, ...]

    @property
    def start_s(self) -> float:
        """When the first began."""
        return self.loops[0].start_s

    @property
    def end_s(self) -> float:
        """When the last ended."""
        return self.loops[-1].end_s


@dataclass(frozen=True, slots=True)
class Rounds:
    """All circles of a demonstration.

    Attributes:
        up, across: the measures that go round, without a side.
        rounds: those in one direction, then those in the other.
    """

    up: str
    across: str
    rounds: tuple[Round, ...]

    @property
    def count(self) -> int:
        """How many circles there are."""
        return sum(len(each.loops) for each in self.rounds)

    @property
    def size(self) -> float:
        """Height of the smallest, degrees."""
        return min(min(p.height_left, p.height_right) for each in self.rounds for p in each.loops)

    @property
    def shape(self) -> float:
        """How round the flattest is."""
        return min(loop.shape for each in self.rounds for loop in each.loops)


def find_rounds(shown: Demonstration) -> Rounds | None:
    """Return the circles, None where what moves does not go round."""
    for up, across in PAIRS:
        names = [f"{stem}_{side}" for stem in (up, across) for side in ("left", "right")]
        if not all(name in shown.columns for name in names):
            continue
        loops = list(_loops(shown.times, {name: shown.columns[name] for name in names}, names))
        found = tuple(_rounds(loops))
        if found:
            return Rounds(up, across, found)
    return None


def _loops(times: Floats, columns: Mapping[str, Floats], names: list[str]) -> Iterator[Loop]:
    finder = LoopFinder(LEAST_DEG)
    rows = np.stack([columns[name] for name in names], axis=1).tolist()
    for time_s, row in zip(times.tolist(), rows, strict=True):
        loop = finder.add(Sample.of(time_s, row[:2], row[2:]))
        if loop is not None and min(loop.height_left, loop.height_right) >= LEAST_DEG:
            yield loop


def _rounds(loops: list[Loop]) -> Iterator[Round]:
    """Circles in a row; which way they go is what most of them say: one may be misread."""
    if len(loops) < LEAST or median(loop.shape for loop in loops) < FLAT:
        return
    row: list[Loop] = []
    for loop in loops:
        if row and loop.start_s - row[-1].end_s > max(row[-1].seconds, loop.seconds) / 2:
            yield _one_way(row)
            row = []
        row.append(loop)
    yield _one_way(row)


def _one_way(row: list[Loop]) -> Round:
    forward = sum(loop.shape if loop.direction == "forward" else -loop.shape for loop in row)
    return Round("forward" if forward > 0 else "backward", tuple(row))
