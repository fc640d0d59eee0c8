"""The trunk's turn about its long axis, from the start pose on.

Seen from the front a turn moves the shoulders in depth, which MediaPipe guesses and makes
too small, and narrows them, which a picture shows well but without a sign. Both together
are better than each; docs/estimators.md has the comparison.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, Number, Points, least, points, reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_TRUNK = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)

# MediaPipe's depth is flatter than the body's.
_DEPTH = 2.0
# The shoulders' landmarks narrow less than the joints under them.
_NARROWS = 0.6


def _yaw(pose: Pose, left: Landmark, right: Landmark) -> Number:
    """Return the yaw of the line between two world landmarks, radians, + to the left."""
    across = pose.world[..., left, :] - pose.world[..., right, :]
    return np.arctan2(across[..., 2], across[..., 0])


def _wrapped(radians: Number) -> Number:
    return (radians + np.pi) % (2 * np.pi) - np.pi


def _depth(pose: Pose, neutral: Pose) -> Number:
    """Return the turn by depth, radians."""
    shoulders = _wrapped(
        _yaw(pose, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
        - _yaw(neutral, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    )
    hips = _wrapped(
        _yaw(pose, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
        - _yaw(neutral, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    )
    mean = (shoulders + hips) / 2
    return np.arctan2(_DEPTH * np.sin(mean), np.cos(mean))


def _width(p: Points) -> Number:
    return abs(p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]) / abs(p.down)


def _turn(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    if neutral is None or view.facing in ("left", "right", "feet"):
        return reading(np.full(np.shape(pose.time_s), np.nan), np.zeros(np.shape(pose.time_s)))
    depth = _depth(pose, neutral.pose)
    narrow = _width(p) / _width(points(neutral.pose))
    size = np.arccos(np.clip(1 - (1 - narrow) / _NARROWS, 0.0, 1.0))
    value = (depth + np.sign(depth) * size) / 2 * DEGREES
    return reading(value, least(*(p.seen[landmark] for landmark in _TRUNK)))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="trunk_turn",
        title="trunk turn",
        zero="the direction of the start pose",
        positive="to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("front",),
        landmarks=_TRUNK,
        zero_from="neutral",
        needs_mask=False,
        error_deg=8.0,
        source="Yaw of shoulders and hips in depth, and the narrowing of the shoulders.",
        estimate=_turn,
    ),
)
