"""Whether a body keeps still, told by its landmarks."""

from __future__ import annotations

from collections import deque

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

STILL_S = 1.0
"""Length of the look back."""

STILL = 0.05
"""Nothing has moved by more than this part of the trunk's length (2 to 3 cm): more than standing
people sway in a second, less than any movement worth the name."""

_POINTS = [
    Landmark.NOSE,
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_WRIST,
    Landmark.RIGHT_WRIST,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]
_SEEN = 0.5


class Stillness:
    """Looks back over the last second of poses."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Floats]] = deque()

    def update(self, pose: Pose) -> bool:
        """Take the next moment; whether the body has kept still for ``STILL_S``."""
        if not pose.seen:
            self._recent.clear()
            return False
        now = float(pose.time_s)
        if self._recent and now - self._recent[-1][0] > STILL_S / 2:
            self._recent.clear()
        points = pose.image[_POINTS].copy()
        points[pose.visibility[_POINTS] < _SEEN] = np.nan  # a guess wanders
        self._recent.append((now, points))
        while now - self._recent[0][0] > STILL_S:
            self._recent.popleft()
        if now - self._recent[0][0] < STILL_S * 0.8:
            return False
        shoulders = (pose.image[Landmark.LEFT_SHOULDER] + pose.image[Landmark.RIGHT_SHOULDER]) / 2
        hips = (pose.image[Landmark.LEFT_HIP] + pose.image[Landmark.RIGHT_HIP]) / 2
        trunk = float(np.hypot(*(shoulders - hips)))
        # halves against each other: a landmark's tremble is no movement
        path = np.stack([each for _, each in self._recent])
        half = len(path) // 2
        moved = np.hypot(*(_median(path[half:]) - _median(path[:half])).T)
        known = moved[np.isfinite(moved)]
        return bool(known.size > 0 and known.max() < STILL * max(trunk, 1.0))


def _median(path: Floats) -> Floats:
    known = np.isfinite(path).any(axis=0)
    middle: Floats = np.full(path.shape[1:], np.nan)
    middle[known] = np.nanmedian(path[:, known], axis=0)
    return middle
