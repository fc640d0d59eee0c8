"""Cuts: a body that is elsewhere from one moment to the next.

Nobody gets there so quickly: what was shown between is missing, and what comes after may belong to
something else.
"""

from __future__ import annotations

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

WINDOW_S = 0.3
"""A place before and after is told over so long, for landmarks leap for a frame now and then."""

LEAP = 1.0
"""Lengths of the trunk by which its middle may move within that time: half a metre, 1.7 m/s, where
whoever drops into a chair falls at 1 m/s."""

GAP_S = 1.0
"""Who was not seen for longer may have gone there themselves (``coach.spell.MAX_GAP_S``)."""

_TRUNK = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]


def cuts(poses: Pose) -> list[float]:
    """Return when a body leapt, seconds.

    Args:
        poses: N moments.
    """
    seen = np.flatnonzero(poses.seen)
    times = poses.time_s[seen]
    points = poses.image[seen][:, _TRUNK]
    middle = points.mean(axis=1)
    shoulders, hips = points[:, :2].mean(axis=1), points[:, 2:].mean(axis=1)
    length = float(np.median(np.hypot(*(shoulders - hips).T)))
    found: list[float] = []
    for index in range(1, len(seen)):
        now = times[index]
        if now - times[index - 1] > GAP_S or (found and now - found[-1] < 2 * WINDOW_S):
            continue
        before = _place(times, middle, now - WINDOW_S, now, index, after=False)
        after = _place(times, middle, now, now + WINDOW_S, index, after=True)
        if np.hypot(*(after - before)) > LEAP * max(length, 1.0):
            found.append(_moment(times, middle, index))
    return found


def _moment(times: Floats, middle: Floats, index: int) -> float:
    """When it was, of the moments near one from which on it is seen: where it leapt farthest."""
    near = np.flatnonzero(np.abs(times - times[index]) <= WINDOW_S)
    near = near[near > 0]
    steps = np.hypot(*(middle[near] - middle[near - 1]).T)
    return float(times[near[int(np.argmax(steps))]])


def _place(
    times: Floats, middle: Floats, first: float, last: float, index: int, *, after: bool
) -> Floats:
    rows = np.flatnonzero((times >= first) & (times < last))
    rows = rows[rows >= index] if after else rows[rows < index]
    if not len(rows):
        rows = np.array([index if after else index - 1])
    place: Floats = np.median(middle[rows], axis=0)
    return place
