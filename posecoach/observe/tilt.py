"""How far the camera is tilted, told by a person who stands upright before it."""

from __future__ import annotations

from math import atan2, degrees, isfinite

from posecoach.body.view import View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

SURE = 0.5
"""Visibility from which a landmark is taken for seen (MediaPipe's own usual threshold)."""


def tilt_deg(pose: Pose, view: View) -> float | None:
    """Degrees by which the picture shows an upright person leaning to the picture's right.

    From the ankles to the shoulders where the ankles are seen, because a trunk alone may be
    crooked; else from the hips. Seen from the side people lean forward, so the side
    tells nothing of the camera.

    Args:
        pose: one moment in the neutral position.
        view: how the camera sees the body.

    Returns:
        None where it cannot be told.
    """
    if not pose.seen or view.facing not in ("front", "back"):
        return None
    if view.posture not in ("upright", "sitting"):
        return None
    top = _middle(pose, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    foot = None
    if view.posture == "upright":
        foot = _middle(pose, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
    foot = foot or _middle(pose, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    if top is None or foot is None:
        return None
    return degrees(atan2(top[0] - foot[0], foot[1] - top[1]))


def _middle(pose: Pose, left: Landmark, right: Landmark) -> tuple[float, float] | None:
    if min(pose.visibility[left], pose.visibility[right]) < SURE:
        return None
    x, y = (pose.image[left] + pose.image[right]) / 2
    return (float(x), float(y)) if isfinite(x) and isfinite(y) else None
