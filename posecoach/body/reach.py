"""How much an arm has shortened: an elbow that hides behind the head or the trunk.

In Child's Pose MediaPipe puts the elbow on the line from shoulder to wrist, bent or not;
the wrist itself it finds. So the bend is told from how far the hand is from the shoulder,
against the straight arm of the start pose.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose


def _arm(pose: Pose, side: Side) -> Floats:
    """Return the distance from shoulder to wrist in pixels."""
    shoulder, wrist = (Landmark[f"{side.upper()}_{part}"] for part in ("SHOULDER", "WRIST"))
    between = pose.image[..., shoulder, :] - pose.image[..., wrist, :]
    return np.asarray(np.hypot(between[..., 0], between[..., 1]))


def _bend(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    shape = np.shape(pose.time_s)
    if neutral is None or view.facing not in ("left", "right"):
        return Reading(np.full(shape, np.nan), np.zeros(shape))
    shortened = _arm(pose, side) / _arm(neutral.pose, side)
    value = np.degrees(2 * np.arccos(np.clip(shortened, 0.0, 1.0)))
    shoulder, wrist = (Landmark[f"{side.upper()}_{part}"] for part in ("SHOULDER", "WRIST"))
    seen = np.minimum(pose.visibility[..., shoulder], pose.visibility[..., wrist])
    known = np.isfinite(value)
    return Reading(np.asarray(value), np.where(known, seen, 0.0))


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
