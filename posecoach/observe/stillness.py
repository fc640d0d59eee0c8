"""Whether a body keeps still, told by its landmarks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

STILL_S = 1.0
"""Length of the look back: as much as makes a zero (``zero.ZERO_S``)."""

STILL = 0.05
"""Nothing has moved by more than this part of the trunk's length (2 to 3 cm): more than standing
people sway in a second, less than any movement worth the name."""

CARRIED = 0.2
"""Within half of that time a camera in a hand moves the whole body by less than this part of the
trunk's length (a degree or two, of which a trunk takes ten). Who walks or sits down goes farther.
"""

LEVEL = 0.02
"""Shoulders at rest stay at one height for ``STILL_S`` within this part of the trunk's length: 1
cm, by which an ordinary breath lifts them. Those that draw a slow circle are as level where they
turn: of 49 rendered people's circles two in a hundred seconds were so, of their rests 95."""

MOSTLY = 0.8
"""Part of it that must have been seen: at five frames a second the first and the last lie four
fifths of a second apart."""

_POINTS = [
    Landmark.NOSE,
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_WRIST,
    Landmark.RIGHT_WRIST,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]
_LEGS = [
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
]
_SEEN = 0.5
"""Visibility from which on a landmark is no guess (MediaPipe's own usual threshold)."""


class Stillness:
    """Looks back over the last second of poses."""

    def __init__(self) -> None:
        self._recent: deque[Pose] = deque()

    def update(self, pose: Pose) -> bool:
        """Take the next moment; whether the body has kept still for ``STILL_S``."""
        recent = self._recent
        if not pose.seen:
            recent.clear()
            return False
        now = float(pose.time_s)
        if recent and now - float(recent[-1].time_s) > STILL_S / 2:
            recent.clear()
        recent.append(pose)
        while now - float(recent[0].time_s) > STILL_S:
            recent.popleft()
        return now - float(recent[0].time_s) >= STILL_S * MOSTLY and keeps_still(recent)


def keeps_still(poses: Sequence[Pose] | deque[Pose], *, sways: bool = False) -> bool:
    """Whether the body is in the second half of some moments where it was in the first.

    Halves against each other: a landmark's tremble is no movement.

    Args:
        sways: whether the camera may sway, in somebody's hands: what all of the body does alike,
            down to the feet, is the camera's then.
    """
    trunk = _trunk(poses[-1])
    moved = _moved(poses, _POINTS)
    if not moved.size:
        return False
    # Less than a body keeps still by is nobody's.
    common = np.median(moved, axis=0)
    if sways and STILL * trunk <= np.hypot(*common) < CARRIED * trunk:
        moved = np.concatenate([moved, _moved(poses, _LEGS)]) - common
    return bool(np.hypot(*moved.T).max() < STILL * trunk)


def _moved(poses: Sequence[Pose] | deque[Pose], points: Sequence[int]) -> Floats:
    """(n, 2) pixels from the first half to the second, of the n points that are no guess."""
    path = np.stack([pose.image[points] for pose in poses])
    guessed = np.stack([pose.visibility[points] < _SEEN for pose in poses])
    path[guessed] = np.nan  # a guess wanders
    half = len(path) // 2
    moved = _median(path[half:]) - _median(path[:half])
    return moved[np.isfinite(moved).all(axis=1)]


def shoulders_are_level(poses: Sequence[Pose] | deque[Pose]) -> bool:
    """Whether the shoulders have stayed at one height in the picture all along.

    Halves against each other do not tell: about the top of a circle they are alike.
    """
    heights = np.stack([pose.image[_SHOULDERS, 1] for pose in poses])
    if len(heights) < _MISREAD:
        return False
    # A landmark's tremble is no movement: medians of three in a row.
    steady = np.median([heights[:-2], heights[1:-1], heights[2:]], axis=0)
    return bool((np.ptp(steady, axis=0) < LEVEL * _trunk(poses[-1])).all())


_SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
_MISREAD = 3
"""Moments in a row whose median holds against one that is misread."""


def _trunk(pose: Pose) -> float:
    """Length of the trunk, pixels."""
    image = pose.image
    shoulders = (image[Landmark.LEFT_SHOULDER] + image[Landmark.RIGHT_SHOULDER]) / 2
    hips = (image[Landmark.LEFT_HIP] + image[Landmark.RIGHT_HIP]) / 2
    return max(float(np.hypot(*(shoulders - hips))), 1.0)


def _median(path: Floats) -> Floats:
    """Medians over the first axis of what is known; NaN where nothing is."""
    # ``np.nanmedian`` sorts each column by itself, which takes six times as long.
    ordered = np.sort(path, axis=0)  # what is unknown comes last
    known = len(path) - np.isnan(path).sum(axis=0, keepdims=True)
    lower, upper = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, len(path) - 1)
    both = (np.take_along_axis(ordered, each, axis=0)[0] for each in (lower, upper))
    return np.asarray(sum(both) / 2)
