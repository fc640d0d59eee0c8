"""How the legs stand under the body, seen from the front."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_LEGS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)


def _lean(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    trusted = view.facing in ("front", "back", "unknown") and view.posture in (
        "upright",
        "unknown",
    )
    if not trusted:
        shape = np.shape(pose.time_s)
        return Reading(np.full(shape, np.nan), np.zeros(shape))
    image = pose.image
    hips = (image[..., Landmark.LEFT_HIP, :] + image[..., Landmark.RIGHT_HIP, :]) / 2
    ankles = (image[..., Landmark.LEFT_ANKLE, :] + image[..., Landmark.RIGHT_ANKLE, :]) / 2
    across, up = hips[..., 0] - ankles[..., 0], ankles[..., 1] - hips[..., 1]
    to_left = -1.0 if view.facing == "back" else 1.0
    value = np.asarray(np.degrees(np.arctan2(across, up)) * to_left)
    seen = np.min(pose.visibility[..., _LEGS], axis=-1)
    inside = np.all(
        (image[..., _LEGS, :] >= 0) & (image[..., _LEGS, :] <= pose.size), axis=(-1, -2)
    )
    known = np.isfinite(value) & inside
    return Reading(np.where(known, value, np.nan), np.where(known, seen, 0.0))


MEASURES = (
    Measure(
        name="leg_lateral_inclination",
        title="lean of the legs",
        zero="hips straight over the feet",
        positive="hips out to the person's left",
        sided=False,
        lateral=True,
        plane="frontal",
        views=("front", "back"),
        landmarks=_LEGS,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=2.0,
        source="angle in the picture of the line mid ankles to mid hips from the vertical",
        estimate=_lean,
    ),
)
