"""Both knees dropping to one side while lying on the back, seen from the feet."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, least, points, reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_NEEDED = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
)


def _drop(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    world = pose.world
    middle = (world[..., _NEEDED[0::2], :] + world[..., _NEEDED[1::2], :]) / 2
    shoulders, hips, knees = middle[..., 0, :], middle[..., 1, :], middle[..., 2, :]
    left = world[..., Landmark.LEFT_SHOULDER, :] - world[..., Landmark.RIGHT_SHOULDER, :]
    left = left / np.linalg.norm(left, axis=-1, keepdims=True)
    up = np.cross(left, shoulders - hips)
    up = up / np.linalg.norm(up, axis=-1, keepdims=True)
    thigh = knees - hips
    value = np.arctan2((thigh * left).sum(-1), (thigh * up).sum(-1)) * DEGREES
    p = points(pose)
    trust = 0.0 if view.facing in ("left", "right", "back") else 1.0
    return reading(value, least(*(p.seen[landmark] for landmark in _NEEDED)) * trust)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="knees_drop",
        title="both knees to one side",
        zero="knees over the hips, lying on the back",
        positive="to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("feet",),
        landmarks=_NEEDED,
        zero_from="start",
        needs_mask=False,
        error_deg=8.0,
        source="World landmarks: mid hips to mid knees, in the plane across the trunk.",
        estimate=_drop,
    ),
)
