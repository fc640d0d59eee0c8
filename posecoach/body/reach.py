"""How much an arm has shortened: an elbow that hides behind the head or the trunk.

In Child's Pose MediaPipe puts the elbow on the line from shoulder to wrist, bent or not;
the wrist itself it finds. So the bend is told from how far the hand is from the shoulder,
against the straight arm of the start pose.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, Number, Points, least, of_side, points, ramp, reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_ENDS = (Landmark.LEFT_SHOULDER, Landmark.LEFT_WRIST)


def _arm(p: Points, side: Side | None) -> Number:
    """Return the distance from shoulder to wrist in pixels."""
    shoulder, wrist = (of_side(each, side) for each in _ENDS)
    return abs(p.at[shoulder] - p.at[wrist])


def _bend(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    shoulder, wrist = (of_side(each, side) for each in _ENDS)
    seen = least(p.seen[shoulder], p.seen[wrist])
    if neutral is None or view.facing not in ("left", "right"):
        return reading(0.0 * seen, 0.0 * seen)
    shortened = _arm(p, side) / (_arm(points(neutral.pose), side) + 1e-9)
    value = 2 * np.arccos(ramp(shortened, 0.0, 1.0)) * DEGREES
    return reading(value, seen)


MEASURES = (
    Measure(
        name="arm_shortening",
        title="bend of the arm by its reach",
        zero="as long as in the start pose",
        positive="the elbow flexion that would shorten a straight arm so",
        sided=True,
        lateral=False,
        plane="sagittal",
        views=("left", "right"),
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_WRIST),
        zero_from="neutral",
        needs_mask=False,
        error_deg=25.0,
        source="law of cosines with upper arm and forearm of equal length",
        estimate=_bend,
    ),
)
