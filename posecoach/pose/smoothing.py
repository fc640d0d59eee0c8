"""Calm the landmarks without blunting the movement: the One Euro filter.

Casiez, Roussel, Vogel: "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy
Input in Interactive Systems", CHI 2012. A first-order low-pass whose cutoff rises with
speed: a held joint is calmed, a moving one passes with little lag. Differences from the
paper, each with its reason:

- Speed is that of the whole point, not of each coordinate, so that turning the picture
  turns the result and nothing else.
- Points are brought to metres of the body before the speed is taken (``metres_per_unit``), so
  that the parameters mean the same for a body near the camera and far from it.
- Every point keeps its own time of last sight: a landmark missing for a frame is no reason
  to start the others anew.

Everything goes by time stamps, never by counting frames.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.pose import Floats

Bools = NDArray[np.bool_]

LARGEST = 1e6
"""Coordinates beyond this (pixels or metres) are no place in a picture: taken as unseen."""

NO_SPREAD = 1e-6
"""Squares of pixels or metres: a millimetre between all landmarks is no body."""


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How strongly the One Euro filter calms.

    The values are chosen on clips with known joints; ``docs/smoothing.md`` has the table.

    Attributes:
        min_cutoff_hz: cutoff of a point at rest; lower is calmer and slower.
        cutoff_per_speed: Hz the cutoff rises for each metre a second.
        speed_cutoff_hz: cutoff of the low-pass on the speed itself; lower is less easily
            fooled by noise, and later to notice that a movement has begun.
        gap_s: after a point was unseen this long it starts anew.
    """

    min_cutoff_hz: float = 1.0
    cutoff_per_speed: float = 12.0
    speed_cutoff_hz: float = 3.0
    gap_s: float = 0.3


class OneEuro:
    """Smooths N points as they come in.

    Args:
        count: N.
        dimensions: coordinates a point has.
        smoothing: how strongly.
    """

    def __init__(self, count: int, dimensions: int, smoothing: Smoothing | None = None) -> None:
        self.smoothing = smoothing or Smoothing()
        self._shape = (count, dimensions)
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next points pass unchanged."""
        self._place: Floats = np.zeros(self._shape)
        self._velocity: Floats = np.zeros(self._shape)
        self._when: Floats = np.full(self._shape[0], -np.inf)
        self._whole_s = -math.inf

    def forget(self, points: Bools) -> None:
        """Start the chosen points (N,) anew: what comes next for them passes unchanged."""
        self._when[points] = -np.inf
        self._whole_s = -math.inf

    def update(
        self, time_s: float, points: Floats, metres_per_unit: float | Floats = 1.0
    ) -> Floats:
        """Smooth the points of one moment.

        Args:
            time_s: seconds. At or before the last time: nothing is learnt, the last
                smoothed places are given again (unseen points stay unseen).
            points: (N, d); a point with a coordinate that is not finite is unseen.
            metres_per_unit: () or (N,) length of one unit of ``points`` on the body, metres.

        Returns:
            (N, d) smoothed points; NaN where unseen.
        """
        setting = self.smoothing
        since_s = time_s - self._whole_s
        if 0.0 < since_s <= setting.gap_s and all_seen(points):
            return self._go_on(time_s, since_s, points, metres_per_unit)
        # One sum a point: infinities and NaN of any coordinate spoil it.
        with np.errstate(over="ignore"):
            seen = np.abs(points).sum(axis=1) < LARGEST
        since = time_s - self._when
        fresh = since > setting.gap_s
        known = ~fresh
        moved = since > 0.0
        learn = seen & known & moved
        start = seen & fresh
        if learn.any():
            with np.errstate(invalid="ignore", over="ignore"):
                step = np.where(moved, since, 1.0)
                step[fresh] = 1.0
                raw = (points - self._place) / step[:, None]
                blend = _blend(setting.speed_cutoff_hz, step)
                velocity = self._velocity + blend[:, None] * (raw - self._velocity)
                speed = np.sqrt(np.einsum("ij,ij->i", velocity, velocity)) * metres_per_unit
                cutoff = setting.min_cutoff_hz + setting.cutoff_per_speed * speed
                place = self._place + _blend(cutoff, step)[:, None] * (points - self._place)
            self._place[learn] = place[learn]
            self._velocity[learn] = velocity[learn]
            self._when[learn] = time_s
        if start.any():
            self._place[start] = points[start]
            self._velocity[start] = 0.0
            self._when[start] = time_s
        self._whole_s = time_s if (self._when == time_s).all() else -math.inf
        smoothed = self._place.copy()
        smoothed[~seen] = np.nan
        return smoothed

    def _go_on(
        self, time_s: float, since_s: float, points: Floats, metres_per_unit: float | Floats
    ) -> Floats:
        """The same where every point was seen a moment ago and is seen now, as most are."""
        setting = self.smoothing
        off = points - self._place
        change = off / since_s
        change -= self._velocity
        change *= -math.expm1(-2.0 * math.pi * setting.speed_cutoff_hz * since_s)
        self._velocity += change
        speed = np.sqrt(np.einsum("ij,ij->i", self._velocity, self._velocity))
        speed *= metres_per_unit
        speed *= setting.cutoff_per_speed
        speed += setting.min_cutoff_hz
        speed *= -2.0 * math.pi * since_s
        blend = np.expm1(speed, out=speed)
        off *= blend[:, None]
        self._place -= off
        self._when[:] = time_s
        self._whole_s = time_s
        return self._place.copy()


def all_seen(points: Floats) -> bool:
    """Whether every coordinate is a place; the product says nothing of those that are none."""
    return bool(np.vdot(points, points) < LARGEST * LARGEST)


def _blend(cutoff_hz: float | Floats, step_s: Floats) -> Floats:
    """(N,) share of the new value in a first-order low-pass, for steps of any length.

    The exact ``1 - exp(-2 pi f dt)`` rather than the paper's approximation of it, so that
    5 and 60 frames a second are smoothed alike.
    """
    blend: Floats = -np.expm1(-2.0 * math.pi * cutoff_hz * step_s)
    return blend


def metres_per_pixel(image: Floats, world: Floats) -> float:
    """Length of one pixel at the body, from all landmarks seen, metres.

    The ratio of the landmarks' spread in metres to that in pixels (weak perspective): it
    needs no limb to lie in the picture's plane. On the truth clips it varies by 1-6 % over a
    whole clip, whatever the pose.

    Args:
        image: (33, 2) pixels.
        world: (33, 3) metres.

    Returns:
        metres a pixel, or NaN where fewer than three landmarks are seen or all coincide.
    """
    # Python's numbers: between two runs of the model, whose memory has pushed all else out of the
    # processor's, what NumPy needs to begin costs several times what the sums do.
    flat, solid = image.ravel().tolist(), world.ravel().tolist()
    spread = _spreads(flat[::2], flat[1::2], solid[::3], solid[1::3])
    if spread is None:  # some are not seen
        both = np.column_stack((image, world[:, :2]))
        there = np.abs(both).max(axis=1) < LARGEST
        spread = _spreads(*both[there].T.tolist()) if np.count_nonzero(there) >= 3 else None
    if spread is None:
        return math.nan
    pixels, metres = spread[0] + spread[1], spread[2] + spread[3]
    # What is left of two equal sums of squares is no spread.
    if not (pixels > NO_SPREAD and metres > NO_SPREAD):
        return math.nan
    return math.sqrt(metres / pixels)


def _spreads(*columns: list[float]) -> list[float] | None:
    """Variance of each column; None where one of its numbers is no place."""
    spreads = []
    for column in columns:
        count = len(column)
        square = sum(map(mul, column, column))
        if not square < LARGEST * LARGEST:
            return None
        spreads.append(square / count - (sum(column) / count) ** 2)
    return spreads
