"""The precision in which a moment is coached, and kept.

A stored session must give the same result when it is coached again. So the numbers are
rounded before they are coached rather than when they are stored: what is kept is what was
coached, bit for bit, and whether a session is saved makes no difference to it.

The grids are powers of two, which floating point holds exactly, and finer by far than what
the camera knows: the model's landmarks tremble by tenths of a pixel and millimetres.
"""

from __future__ import annotations

from math import isfinite, nan

import numpy as np

from posecoach.body.measure import Reading
from posecoach.pose.pose import Floats, Pose

PIXEL = 64
"""Parts of a pixel: landmarks tremble by tenths of one."""
METRE = 8192
"""Parts of a metre: an eighth of a millimetre, where landmarks tremble by whole ones."""
SURE = 1024
"""Parts of a visibility or confidence of 1, finer than any threshold asks for."""
KNOWN = 0.15
"""A reading of less confidence than this is unknown to the coach: below it shoulders
are 28 to 31 degrees off, right above it 11 to 12 (docs/accuracy.md, errors by confidence)."""
DEGREE = 1024
"""Parts of a degree: a reading trembles by two hundred of them within a hold, or more."""
WIDEST = 720.0
"""Degrees (percent of a way in some measures): no joint turns twice round, so that what is beyond
is a broken model's number and unknown."""
FARTHEST = 1 << 30
"""Parts, either way; what lies farther (a broken model's number) is put there, so that
whole parts fit into the 32 bits they are kept in."""


def on_grid(values: Floats, parts: int) -> Floats:
    """Round to whole parts; NaN stays NaN, infinity becomes the farthest number there is."""
    farthest = FARTHEST / parts
    # NumPy's ``clip`` is these two, and takes longer to begin than they take.
    rounded: Floats = np.minimum(np.maximum(values, -farthest), farthest)
    rounded *= parts
    np.rint(rounded, out=rounded)
    rounded /= parts
    return rounded


def kept_pose(pose: Pose) -> Pose:
    """Return the pose in the precision it is kept in; its mask is not touched."""
    visibility = np.minimum(np.maximum(pose.visibility, 0.0), 1.0)
    visibility *= SURE
    np.rint(visibility, out=visibility)
    visibility /= SURE
    return Pose(
        pose.time_s,
        on_grid(pose.image, PIXEL),
        on_grid(pose.world, METRE),
        visibility,
        pose.size,
        pose.mask,
    )


def kept_reading(reading: Reading) -> Reading:
    """Return readings of one moment or of many in the precision in which they are kept."""
    if np.ndim(reading.value):
        known = (np.abs(reading.value) <= WIDEST) & np.isfinite(reading.confidence)
        return Reading(
            np.where(known, on_grid(reading.value, DEGREE), np.nan),
            np.where(known, on_grid(reading.confidence, SURE), 0.0),
        )
    value, confidence = kept_numbers(float(reading.value), float(reading.confidence))
    return Reading(np.array(value), np.array(confidence))


def kept_numbers(value: float, confidence: float) -> tuple[float, float]:
    """``kept_reading`` of a single one, in Python's numbers: a tenth of the time."""
    if not (abs(value) <= WIDEST and isfinite(confidence)):
        return nan, 0.0
    return round(value * DEGREE) / DEGREE, round(confidence * SURE) / SURE


def known(reading: Reading) -> Floats:
    """Return what the coach knows of readings: degrees, NaN where confidence is too small."""
    return np.where(reading.confidence >= KNOWN, reading.value, np.nan)
