"""The angle of any three landmarks in the picture, for what no named measure fits."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.errors import MeasureError
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose


def landmark(name: str, view: View = UNKNOWN) -> Landmark:
    """Return the landmark of a name such as ``left_elbow``, ``near_wrist`` or ``far_knee``.

    Raises:
        MeasureError: there is none of this name.
    """
    side, _, part = name.strip().lower().partition("_")
    if side in ("near", "far"):
        left = (view.near == "left") == (side == "near")
        name = f"{'left' if left else 'right'}_{part}"
    try:
        return Landmark[name.strip().upper()]
    except KeyError:
        raise MeasureError(f"there is no landmark {name!r}") from None


def landmark_angle(pose: Pose, a: Landmark, vertex: Landmark, b: Landmark) -> Reading:
    """Return the angle at ``vertex`` between the lines to ``a`` and ``b``.

    Degrees in pixels, 0..180, 180 where the three lie on a line. The confidence is the
    least visibility of the three; () or (N,).
    """
    first = pose.image[..., a, :] - pose.image[..., vertex, :]
    second = pose.image[..., b, :] - pose.image[..., vertex, :]
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    dot = (first * second).sum(axis=-1)
    value = np.degrees(np.arctan2(np.abs(cross), dot))
    confidence = np.min(pose.visibility[..., (a, vertex, b)], axis=-1)
    return Reading(value, np.where(np.isfinite(value), confidence, 0.0))
