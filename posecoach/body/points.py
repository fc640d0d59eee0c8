"""A pose's landmarks as complex numbers, in the picture's plane.

A point is ``x + iy`` in pixels, so the turn from one line to another is the phase of a
quotient, and one formula serves a single moment (Python numbers: a frame is measured in
microseconds) as well as N moments (arrays).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from posecoach.body.measure import Reading
from posecoach.body.view import Side
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose

# A complex or float number, or an (N,) array of them: whatever has + - * / and abs().
Number = Any

DEGREES = 180.0 / math.pi


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Landmarks by index; each entry is one number, or an (N,) array of N moments.

    Attributes:
        at: 33 complex positions in the picture, pixels, x right and y down.
        seen: 33 visibilities, 0..1.
        shoulders, hips: the middle of both shoulders and of both hips.
        down: the trunk's downward axis, from ``shoulders`` to ``hips``.
    """

    at: Number
    seen: Number
    shoulders: Number
    hips: Number
    down: Number


@lru_cache(maxsize=2)
def points(pose: Pose) -> Points:
    """Return the pose's landmarks as complex numbers; remembered, as measures share them."""
    position = np.ascontiguousarray(pose.image, dtype=np.float64).view(np.complex128)[..., 0]
    at: Number
    seen: Number
    if position.ndim == 1:
        at, seen = position.tolist(), pose.visibility.tolist()
    else:
        at, seen = np.ascontiguousarray(position.T), np.ascontiguousarray(pose.visibility.T)
    shoulders = (at[Landmark.LEFT_SHOULDER] + at[Landmark.RIGHT_SHOULDER]) / 2
    hips = (at[Landmark.LEFT_HIP] + at[Landmark.RIGHT_HIP]) / 2
    return Points(at, seen, shoulders, hips, hips - shoulders)


def of_side(landmark: Landmark, side: Side | None) -> int:
    """Return the index of a landmark, named for the left side, on ``side``."""
    return MIRROR[landmark] if side == "right" else int(landmark)


def turn_deg(a: Number, b: Number) -> Number:
    """Return the signed turn in degrees from line ``a`` to line ``b``, -180..180.

    Positive is clockwise as one looks at the picture, because y counts down.
    """
    quotient = b * a.conjugate()
    return np.arctan2(quotient.imag, quotient.real) * DEGREES


def angle_deg(a: Number, b: Number) -> Number:
    """Return the angle in degrees between two lines, 0..180."""
    return abs(turn_deg(a, b))


def least(*numbers: Number) -> Number:
    """Return the smallest number, moment by moment."""
    smallest = numbers[0]
    for number in numbers[1:]:
        smallest = np.minimum(smallest, number)
    return smallest


def ramp(number: Number, low: float, high: float) -> Number:
    """Return 0 at ``low``, 1 at ``high``, straight between (``high`` may be the smaller)."""
    return np.minimum(np.maximum((number - low) / (high - low), 0.0), 1.0)


def reading(value: Number, confidence: Number) -> Reading:
    """Make a reading in which a value without confidence, or the reverse, is unknown."""
    value = np.asarray(value, dtype=np.float64)
    confidence = np.asarray(confidence, dtype=np.float64)
    known = np.isfinite(value) & (confidence > 0)
    if value.ndim == 0 and known:
        return Reading(value, confidence)
    return Reading(np.where(known, value, np.nan), np.where(known, confidence, 0.0))
