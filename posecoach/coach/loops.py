"""Loops in the path of both shoulders: rises and falls, and the area they enclose.

A loop is one rise and fall of the ``up`` quantity. Where ``across`` goes out and back out of step
with it, the path in the (across, up) plane encloses an area. The area's sign is the direction
(shoelace formula); a shrug goes up and down the same line and encloses next to none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, cos, hypot, inf, nan, pi, sin
from typing import Literal, NamedTuple

from posecoach.coach.spell import MAX_GAP_S
from posecoach.coach.stages import LOOP, LoopChange, LoopStage, after

Direction = Literal["forward", "backward"]

NEAR_REST = 0.15
"""A circle begins and ends where the height leaves and meets this part of its rise. Below, the
height of an even circle hardly changes for a quarter of its time, so that noise would say when."""

SEEN_SHARE = 1 - acos(1 - 2 * NEAR_REST) / pi
"""The part of an even circle's time in which its height is above that: it goes as a cosine."""

_CUT = acos(1 - 2 * NEAR_REST)
ROUND = (1 - (_CUT - sin(_CUT) * cos(_CUT)) / pi) / (1 - NEAR_REST) ** 2
"""Of a circle above that height, its area against that of one as high as what is left of it."""

FOLLOWS = 0.5
"""A circle follows another where between them there is less than this part of its time: the lowest
part of an even one is a third of the rest, and who rests in between rests for longer."""

IDLE_S = 4.0
"""A rise without a fall for so long is no circle: those of the truth clips last 1.6 to 2.4 s, fall
and all. Were a stop of five seconds allowed in one, who holds another stretch would draw circles (2
in 70 runs over truth clips of upright stretches; without it none)."""

KEPT_S = 15.0
"""How much of the path is remembered: up as slowly as one likes, and ``IDLE_S`` for the rest."""

TIME_CONSTANT_S = 0.15
"""Of a low-pass, by whose gain less is read of a fast way forward than of a slow one.

Of the same people's slow circles and fast ones (``benchmarks.circles``): 0.14 s by the middle of
nine recordings of twelve people, and of 37 of people left out of the readers. Only the size goes
so: no delay against the rise was found, and what makes it so is not known."""

WIDTH_LATE_S = 0.05
"""Degrees of a way back that are read of a degree a second of rise, where the way across is told by
how wide the shoulders look, too: seen from the front at a desk, with the elbows below the picture.

Shoulders that rise look narrower, as those do that go back, and MediaPipe's smoothing follows the
small change of their width later than that of their height: a shrug is read as a flat circle
backward. ``benchmarks.circles --desk`` prints it: 0.044 to 0.063 by the middle of five samples, of
142 shoulders in desk crops."""


class Sample(NamedTuple):
    """Both shoulders at one moment; ``up`` is their mean height."""

    time_s: float
    up: float
    up_left: float
    up_right: float
    across_left: float
    across_right: float

    @classmethod
    def of(cls, time_s: float, ups: Sequence[float], acrosses: Sequence[float]) -> Sample:
        """Take in left and right of each quantity."""
        return cls(time_s, (ups[0] + ups[1]) / 2, *ups, *acrosses)

    def apart(self, other: Sample) -> float:
        """Return how far apart two are, degrees: of heights and ways across the farthest."""
        return max(abs(a - b) for a, b in zip(self[1:], other[1:], strict=True))


@dataclass(frozen=True, slots=True)
class Loop:
    """One rise and fall.

    Attributes:
        start_s, end_s: when it began and ended.
        height_left, height_right: rise of each shoulder, degrees.
        shape: how wide it is against how high, by the area it encloses: 1 for a round circle, 0 for
            straight up and down.
        direction: which way round.
        before_s: when the loop before ended, if there was one.
        sure: whether the way across was read well enough, all the time, to tell a shape.
        spoiled: whether a fault that lets nothing count went on while it was made.
    """

    start_s: float
    end_s: float
    height_left: float
    height_right: float
    shape: float
    direction: Direction
    before_s: float = -inf
    sure: bool = True
    spoiled: bool = False

    @property
    def seconds(self) -> float:
        """How long the whole circle took, with its lowest part, which belongs to no loop.

        Of circles one after the other that is from one's end to the next one's: told so, the
        time between frames makes none of them longer than it was.
        """
        seen = self.end_s - self.start_s
        if self.start_s - self.before_s <= FOLLOWS * seen:
            return self.end_s - self.before_s
        return whole_seconds(self.start_s, self.end_s)

    def values(self) -> dict[str, float]:
        """The names under which a definition's faults can ask for it.

        ``circle_share`` is a shoulder's rise over that of the one that rises farther; a shape that
        cannot be told is NaN.
        """
        farther = max(self.height_left, self.height_right)
        return {
            "circle_height_left": self.height_left,
            "circle_height_right": self.height_right,
            "circle_share_left": self.height_left / farther if farther > 0 else 1.0,
            "circle_share_right": self.height_right / farther if farther > 0 else 1.0,
            "circle_shape": self.shape if self.sure else nan,
            "circle_seconds": self.seconds,
        }


def whole_seconds(start_s: float, end_s: float) -> float:
    """How long a circle took with its lowest part, which belongs to no loop."""
    return (end_s - start_s) / SEEN_SHARE


def passes(seconds: float) -> float:
    """Return the part, 0..1, of the way forward that is read of a circle of so many seconds.

    Gain of a first-order low-pass at the circle's own frequency; see ``TIME_CONSTANT_S``.
    """
    return 1 / hypot(1, 2 * pi * TIME_CONSTANT_S / seconds) if seconds > 0 else 1.0


def late_loop(seconds: float) -> float:
    """Return the shape of the loop backward that a shrug of so many seconds is read as.

    Of ``WIDTH_LATE_S``: what goes with the rate of a height H that goes as a cosine in T seconds
    encloses pi^2 H^2 / 2T against the circle's pi H^2 / 4.
    """
    return 2 * pi * WIDTH_LATE_S / seconds if seconds > 0 else 0.0


class LoopFinder:
    """Cuts the path of both shoulders into rises and falls.

    Attributes:
        height: where the shoulders are on their way, see ``stages.LOOP``.
        rising: whether a rise is under way.
    """

    def __init__(self, size: float) -> None:
        """Take the least rise of a circle, degrees."""
        self.height = LoopStage.LOW
        self.rising = False
        self._size = size
        self._samples: deque[Sample] = deque()
        self._lowest: Sample | None = None
        self._highest: Sample | None = None
        self._dip: Sample | None = None
        self._before_s = self._unsure_s = -inf
        self._by_width = False

    def add(self, sample: Sample, *, sure: bool = True, by_width: bool = False) -> Loop | None:
        """Take in one known moment; hand back the loop it completes, if any.

        Args:
            sure: whether the ways across are read well enough to tell a shape.
            by_width: whether they are told by how wide the shoulders look, see ``WIDTH_LATE_S``.
        """
        samples = self._samples
        self._by_width = by_width
        if not sure:
            self._unsure_s = sample.time_s
        if samples and sample.time_s - samples[-1].time_s > MAX_GAP_S:
            # Nobody knows what was done meanwhile: no circle spans it.
            samples.clear()
            self._lower(LoopChange.GIVEN_UP, None)
        samples.append(sample)
        while sample.time_s - samples[0].time_s > KEPT_S:
            samples.popleft()
        if self.rising:
            return self._come_down(sample)
        self._rise(sample)
        return None

    def _rise(self, sample: Sample) -> None:
        """Find the lowest point, and see whether the way up from it has begun."""
        if self._lowest is None or sample.up < self._lowest.up:
            self._lowest = sample
        elif sample.up - self._lowest.up >= self._size / 2:
            self._go(LoopChange.RISEN)
            self._highest = self._dip = sample

    def _come_down(self, sample: Sample) -> Loop | None:
        """Find the highest point and the lowest after it, and see whether it is a loop."""
        assert self._lowest is not None
        assert self._highest is not None
        assert self._dip is not None
        if self._highest.up - self._dip.up >= self._size <= sample.up - self._dip.up:
            # The next rise has begun though the height the last one began at was not met again:
            # the person sank or was misread there. The circle stands on where it ended.
            loop = self._loop(self._dip, self._dip.up)
            self._go(LoopChange.CLOSED_RISING)
            self._lowest, self._highest, self._dip = self._dip, sample, sample
            return loop
        if sample.up > self._highest.up:
            self._highest = self._dip = sample
        elif sample.up < self._dip.up:
            self._dip = sample
        rise, fall = self._highest.up - self._lowest.up, self._highest.up - self._dip.up
        # Who came down slowly, though not to where they began, is given time for the next rise.
        since_s = self._dip.time_s if fall >= self._size else self._highest.time_s
        if sample.time_s - since_s > IDLE_S:
            self._lower(LoopChange.GIVEN_UP, sample)
            return None
        if fall >= max(self._size / 2, (1 - NEAR_REST) * rise):
            loop = self._loop(sample, self._lowest.up)
            self._lower(LoopChange.CLOSED, sample)
            return loop
        return None

    def _go(self, change: LoopChange) -> None:
        self.height = after(LOOP, self.height, change)
        self.rising = self.height is LoopStage.HIGH

    def _lower(self, turn: LoopChange, lowest: Sample | None) -> None:
        self._go(turn)
        self._lowest, self._highest, self._dip = lowest, None, None

    def _loop(self, last: Sample, base: float) -> Loop:
        """What was gone from the lowest point to ``last``, above a height."""
        assert self._lowest is not None
        assert self._highest is not None
        bottom = base + NEAR_REST * (self._highest.up - base)
        path = [s for s in self._samples if self._lowest.time_s <= s.time_s <= last.time_s]
        # Who shrugs a little or is misread while they rest has not begun yet.
        top = next((at for at, s in enumerate(path) if s is self._highest), 0)
        path = path[max((at for at in range(top) if path[at].up <= bottom), default=0) :]
        left = _Track([s.across_left for s in path], [s.up_left for s in path])
        right = _Track([s.across_right for s in path], [s.up_right for s in path])
        seconds = whole_seconds(path[0].time_s, last.time_s)
        as_high = pi / 4 * left.height**2 + pi / 4 * right.height**2
        area = left.area + right.area
        way_round = area / (as_high * ROUND * passes(seconds)) if as_high > 0 else 0.0
        if self._by_width:
            way_round += late_loop(seconds)
        before_s, self._before_s = self._before_s, last.time_s
        return Loop(
            before_s=before_s,
            start_s=path[0].time_s,
            end_s=last.time_s,
            height_left=left.height,
            height_right=right.height,
            shape=abs(way_round),
            direction="forward" if way_round > 0 else "backward",
            sure=path[0].time_s > self._unsure_s,
        )


class _Track(NamedTuple):
    """The way of one shoulder."""

    across: list[float]
    up: list[float]

    @property
    def height(self) -> float:
        return max(self.up) - min(self.up)

    @property
    def area(self) -> float:
        """Shoelace area of the closed path; positive for up, then out, down, back (clockwise)."""
        total = 0.0
        points = list(zip(self.across, self.up, strict=True))
        for (x, y), (next_x, next_y) in pairwise([*points, points[0]]):
            total += next_x * y - x * next_y
        return total / 2
