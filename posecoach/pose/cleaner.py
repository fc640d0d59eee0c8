"""From the estimator's poses to poses one can measure: continuity first, then smoothing."""

from __future__ import annotations

import math

import numpy as np

from posecoach.pose.continuity import Continued, Continuity, Patience
from posecoach.pose.landmarks import COUNT
from posecoach.pose.pose import Floats, Pose
from posecoach.pose.smoothing import LARGEST, OneEuro, Smoothing, all_seen, metres_per_pixel

SCALE_SETTLES_S = 1.0
"""Time constant with which the length of a pixel is averaged: a body does not grow, and who
comes nearer takes seconds for it."""


class PoseCleaner:
    """Cleans one person's poses as they come in: labels, jumps, jitter.

    Give it every pose of one source in the order of time and measure what it gives back.
    An absent pose stays absent. It delays nothing: the pose given back is that of the same
    moment. About 0.14 ms a pose.

    Args:
        smoothing: how strongly to calm.
        patience: how long to hold back what cannot be.
    """

    def __init__(
        self, smoothing: Smoothing | None = None, patience: Patience | None = None
    ) -> None:
        self._continuity = Continuity(patience)
        self._smooth = OneEuro(2 * COUNT, 3, smoothing)
        self._per_unit: Floats = np.ones(2 * COUNT)
        self.reset()

    def reset(self) -> None:
        """Forget everything, as for another person or another source."""
        self._continuity.reset()
        self._smooth.reset()
        self._time_s = -math.inf
        self._size = (0, 0)
        self._scale = math.nan
        self._last: Continued | None = None

    @property
    def last(self) -> Continued | None:
        """What the guards said of the last pose; None if nobody was in it."""
        return self._last

    def update(self, pose: Pose) -> Pose:
        """Clean one moment.

        Args:
            pose: a single moment, raw from the estimator. A time at or before the last one's (a
                source that stutters) is measured as no time at all: the body is where it
                was. After a jump back by more than the gap, or in a picture of another
                size, everything starts anew.

        Returns:
            the same moment; mask and size as given.
        """
        time_s = float(pose.time_s)
        if not math.isfinite(time_s):
            return Pose.absent(time_s, pose.size)
        if pose.size != self._size or time_s < self._time_s - self._continuity.patience.gap_s:
            self.reset()
            self._size = pose.size
        stalled = time_s <= self._time_s
        scale = self._measure(pose, time_s)
        if math.isnan(scale):
            self._last = None
            return _joined(pose, _points(pose), pose.visibility)
        points = _points(pose)
        if stalled:
            # Nothing can be learnt from no time: the smoothed places again.
            return _joined(pose, self._smooth.update(time_s, points, 1.0), pose.visibility)
        self._time_s = time_s
        self._last = continued = self._continuity.update(time_s, points, pose.visibility, scale)
        if continued.anew.any():
            self._smooth.forget(continued.anew)
        self._per_unit[:COUNT] = scale
        smoothed = self._smooth.update(time_s, continued.points, self._per_unit)
        return _joined(pose, smoothed, continued.visibility)

    def _measure(self, pose: Pose, time_s: float) -> float:
        """Length of a pixel at the body, metres; NaN if nobody can be measured."""
        now = metres_per_pixel(pose.image, pose.world)
        if math.isnan(now):
            # One or two landmarks alone still have the scale they had.
            return self._scale if np.isfinite(pose.image).any() else math.nan
        since = time_s - self._time_s
        if math.isnan(self._scale) or since > self._continuity.patience.gap_s:
            self._scale = now
        elif since > 0.0:
            self._scale += -math.expm1(-since / SCALE_SETTLES_S) * (now - self._scale)
        return self._scale


def _points(pose: Pose) -> Floats:
    """(66, 3) image landmarks, then world landmarks; NaN what is no place."""
    points = np.zeros((2 * COUNT, 3))
    points[:COUNT, :2] = pose.image
    points[COUNT:] = pose.world
    if all_seen(points):
        return points
    with np.errstate(over="ignore"):
        wild = ~(np.abs(points).sum(axis=1) < LARGEST)
    if wild.any():
        points[wild] = np.nan
    return points


def _joined(pose: Pose, points: Floats, visibility: Floats) -> Pose:
    """The pose with its landmarks replaced."""
    return Pose(
        pose.time_s,
        points[:COUNT, :2].copy(),
        points[COUNT:].copy(),
        visibility,
        pose.size,
        pose.mask,
    )
