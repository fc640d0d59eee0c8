"""How the legs stand under the body, seen from the front."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, least, points, reading, unknown
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
        return unknown(pose)
    p = points(pose)
    feet = (p.at[Landmark.LEFT_ANKLE] + p.at[Landmark.RIGHT_ANKLE]) / 2
    legs = p.hips - feet
    to_left = -1.0 if view.facing == "back" else 1.0
    value = np.arctan2(legs.real, -legs.imag) * DEGREES * to_left
    wide, high = pose.size
    inside = True
    for each in (p.at[landmark] for landmark in _LEGS):
        inside = inside & (each.real >= 0) & (each.real <= wide)
        inside = inside & (each.imag >= 0) & (each.imag <= high)
    return reading(value, least(*(p.seen[landmark] for landmark in _LEGS)) * inside)


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
