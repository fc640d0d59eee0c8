"""The shoulder girdle: shoulders rising and moving forward, arms relaxed at the sides.

A picture shows these only as small changes from the person's own start pose, so both
measures are unknown without a ``Neutral``.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import Number, Points, least, of_side, points, ramp, reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_NEEDED = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)

# Degrees of the clavicle for a change by the whole neutral shoulder width.
_RISES = 300.0
_WIDENS = 900.0


def _unknown(pose: Pose) -> Reading:
    return reading(np.full(np.shape(pose.time_s), np.nan), np.zeros(np.shape(pose.time_s)))


def _width(p: Points) -> Number:
    return abs(p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER])


def _height(p: Points, side: Side | None) -> Number:
    elbow = p.at[of_side(Landmark.LEFT_ELBOW, side)]
    return ((elbow - p.hips) * np.conjugate(-p.down / abs(p.down))).real


def _hanging(p: Points, side: Side | None) -> Number:
    """Return 1 where the upper arm hangs down, 0 where it is raised and moves the shoulder."""
    arm = p.at[of_side(Landmark.LEFT_ELBOW, side)] - p.at[of_side(Landmark.LEFT_SHOULDER, side)]
    down = p.down / abs(p.down)
    return ramp((arm * np.conjugate(down)).real / abs(arm), 0.7, 0.9)


def _confidence(p: Points, side: Side | None) -> Number:
    return least(*(p.seen[of_side(each, side)] for each in _NEEDED)) * _hanging(p, side)


def _elevation(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if neutral is None or view.facing in ("left", "right", "feet"):
        return _unknown(pose)
    p, n = points(pose), points(neutral.pose)
    value = _RISES * (_height(p, side) - _height(n, side)) / _width(n)
    return reading(value, _confidence(p, side))


def _protraction(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if neutral is None or view.facing in ("left", "right", "feet"):
        return _unknown(pose)
    p, n = points(pose), points(neutral.pose)
    value = _WIDENS * (_width(p) / _width(n) - 1)
    return reading(value, _confidence(p, side))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="shoulder_elevation",
        title="shoulder rise",
        zero="relaxed, as in the start pose",
        positive="towards the ear",
        sided=True,
        lateral=False,
        plane="frontal",
        views=("front", "three-quarter"),
        landmarks=_NEEDED,
        zero_from="neutral",
        needs_mask=False,
        error_deg=5.0,
        source="Height of the hanging arm's elbow over the hips.",
        estimate=_elevation,
    ),
    Measure(
        name="shoulder_protraction",
        title="shoulder forward",
        zero="relaxed, as in the start pose",
        positive="forward",
        sided=True,
        lateral=False,
        plane="transverse",
        views=("front", "three-quarter"),
        landmarks=_NEEDED,
        zero_from="neutral",
        needs_mask=False,
        error_deg=10.0,
        source="Widening of the shoulders: the relaxed clavicles point backwards.",
        estimate=_protraction,
    ),
)
