"""The trunk's lean: sideways, and away from upright.

The trunk is the line from the middle of the hips to the middle of the shoulders.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import Number, Points, angle_deg, least, points, reading, turn_deg
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)


def _visible(p: Points) -> Number:
    return least(*(p.seen[landmark] for landmark in _TRUNK))


def _lateral(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    # The picture's right is the person's left from the front, and right from the back.
    towards_left: Number
    if view.facing == "front":
        towards_left = 1.0
    elif view.facing == "back":
        towards_left = -1.0
    else:
        across = p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]
        towards_left = np.sign(across.real)
    value = turn_deg(-1j, -p.down) * towards_left
    return reading(value, _visible(p))


def _inclination(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    return reading(angle_deg(1j, p.down), _visible(p))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="trunk_lateral_flexion",
        title="trunk lean to the side",
        zero="upright",
        positive="towards the person's left",
        sided=False,
        lateral=True,
        plane="frontal",
        views=("front", "back"),
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
        views=("front", "back", "left", "right"),
        landmarks=_TRUNK,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=3.0,
        source="Line from mid hips to mid shoulders against the vertical, in the picture.",
        estimate=_inclination,
    ),
)
