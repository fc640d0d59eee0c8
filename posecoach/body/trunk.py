"""The trunk's lean: sideways, and away from upright.

The trunk is the line from the middle of the hips to the middle of the shoulders.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    TRUNK,
    Number,
    Points,
    angle_deg,
    end_on,
    hip_centre_shift,
    in_plane,
    least,
    points,
    reading,
    turn_deg,
)
from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)


# A level trunk seen from its head or feet points at the camera.
_ALONG = 0.04

_FRONTAL_VIEWS: tuple[Facing, ...] = ("front", "back", "three-quarter")
_ANY_VIEW: tuple[Facing, ...] = ("front", "back", "left", "right", "three-quarter")


def _seen(p: Points) -> Number:
    plane = in_plane(p.down, TRUNK, p.stature)
    return least(*(p.seen[landmark] for landmark in _TRUNK)) * plane


def _lateral(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    # The picture's right is the person's left from the front, and right from the back.
    across = p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]
    facing: Number = {"front": 1.0, "back": -1.0}.get(view.facing, 0.0) or np.sign(across.real)
    trust = 0.0 if view.facing in ("left", "right", "feet") or end_on(view) else 1.0
    return reading(turn_deg(-1j, -p.down) * facing, _seen(p) * trust)


def _inclination(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    trust = _ALONG if end_on(view) or view.facing == "feet" else 1.0
    return reading(angle_deg(1j, p.down + hip_centre_shift(p, view)), _seen(p) * trust)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="trunk_lateral_flexion",
        title="trunk lean to the side",
        zero="upright",
        positive="towards the person's left",
        sided=False,
        lateral=True,
        plane="frontal",
        views=_FRONTAL_VIEWS,
        landmarks=_TRUNK,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=2.0,
        source="Line from mid hips to mid shoulders against the vertical, in the picture.",
        estimate=_lateral,
    ),
    Measure(
        name="trunk_inclination",
        title="trunk inclination",
        zero="upright",
        positive="away from the vertical; 90 is level, more is head down",
        sided=False,
        lateral=False,
        plane="any",
        views=_ANY_VIEW,
        landmarks=_TRUNK,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=3.0,
        source="Line from mid hips to mid shoulders against the vertical, in the picture.",
        estimate=_inclination,
    ),
)
