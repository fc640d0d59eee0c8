"""The shoulder girdle: shoulders rising and moving forward, arms hanging at the sides.

A picture shows these as small changes from the person's own start pose, so both measures
are unknown without a ``Neutral``. Each is read in two ways, and the smaller change is
believed: a head that nods, or hips that MediaPipe moves along with the shoulders, spoils one
of the two, while a shoulder that truly moves is seen in both. Hips below the picture are drawn
from the shoulders and go with them, and elbows at the picture's edge are guessed: there a rise and
the way forward are read from head and shoulders alone.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.human import POSSIBLE
from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    BELOW_PICTURE,
    Number,
    Points,
    end_on,
    least,
    most,
    of_side,
    points,
    ramp,
    reading,
    shoulder_width,
    unknown,
    upward,
)
from posecoach.body.turn import trunk_turn_deg
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose

_HEAD_AND_SHOULDERS = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_EAR,
    Landmark.RIGHT_EAR,
)
_NEEDED = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)

# Degrees of the clavicle for a change by one neutral shoulder width. A clavicle of 0.4
# widths would lift the joint 1 width in 143 degrees; MediaPipe's landmarks move half as far.
_ELBOW_OVER_HIPS = 330.0
_SHOULDER_TO_EARS = 270.0
_WIDENS = 900.0
_ELBOW_OUT = 1400.0
_FORWARD = 330.0

# Moving forward tells the sense of a circle, but few degrees; and a trunk that turns moves the
# shoulders as well.
_PROTRACTION_TRUST = 0.5
_TURNED_DEG = 25.0, 12.0


def _smaller(a: Number, b: Number) -> Number:
    """Return the smaller change, 0 where the two go opposite ways."""
    return np.where(a * b > 0, np.sign(a) * np.minimum(abs(a), abs(b)), 0.0)


def _along(of: Number, axis: Number) -> Number:
    """Return the part of a line along a direction."""
    return (of * axis.conjugate()).real


def _across(p: Points) -> Number:
    """Return the direction to the picture's right, square to the trunk."""
    return 1j * upward(p)


def _ears(p: Points) -> Number:
    return (p.at[Landmark.LEFT_EAR] + p.at[Landmark.RIGHT_EAR]) / 2


def _hanging(p: Points, side: Side | None) -> Number:
    """Return 1 where the upper arm hangs, 0 where it is raised and moves the shoulder."""
    arm = p.at[of_side(Landmark.LEFT_ELBOW, side)] - p.at[of_side(Landmark.LEFT_SHOULDER, side)]
    return ramp(-_along(arm, upward(p)) / (abs(arm) + 1e-9), 0.7, 0.9)


def _confidence(p: Points, side: Side | None) -> Number:
    return least(*(p.seen[of_side(each, side)] for each in _NEEDED)) * _hanging(p, side)


def _desk_confidence(p: Points, side: Side | None) -> Number:
    """Before a desk elbows are at the picture's edge, and nothing is read from them."""
    near = least(*(p.seen[each] for each in _HEAD_AND_SHOULDERS)) * BELOW_PICTURE
    return most(_confidence(p, side), near * p.hips_below)


def _elevation(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if neutral is None or view.facing in ("left", "right", "feet") or end_on(view):
        return unknown(pose)
    shoulder = of_side(Landmark.LEFT_SHOULDER, side)
    elbow = of_side(Landmark.LEFT_ELBOW, side)

    def over_hips(q: Points) -> Number:
        return _along(q.at[elbow] - q.hips, upward(q))

    def under_ears(q: Points) -> Number:
        return _along(q.at[shoulder] - _ears(q), upward(q))

    p, n = points(pose), points(neutral.pose)
    to_ears = _SHOULDER_TO_EARS * (under_ears(p) - under_ears(n)) / shoulder_width(n)
    over = _ELBOW_OVER_HIPS * (over_hips(p) - over_hips(n)) / shoulder_width(n)
    # A head that nods comes nearer to shoulders that stay where they are in the picture.
    up = _SHOULDER_TO_EARS * (n.at[shoulder].imag - p.at[shoulder].imag) / shoulder_width(n)
    value = _smaller(np.where(np.logical_or(p.hips_below, n.hips_below), up, over), to_ears)
    return reading(value, _desk_confidence(p, side))


def _protraction(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if neutral is None or view.facing in ("left", "right", "feet") or end_on(view):
        return unknown(pose)
    p, n = points(pose), points(neutral.pose)
    shoulder = of_side(Landmark.LEFT_SHOULDER, side)
    elbow = of_side(Landmark.LEFT_ELBOW, side)
    if view.facing == "three-quarter":
        # Forward is partly along the picture, the way the nose points from the ears.
        faces = np.sign(_along(n.at[Landmark.NOSE] - _ears(n), _across(n)))

        def ahead(q: Points) -> Number:
            return _along(q.at[shoulder] - _ears(q), _across(q)) * faces

        value = _FORWARD * (ahead(p) - ahead(n)) / shoulder_width(n)
        return reading(value, _desk_confidence(p, side) * _PROTRACTION_TRUST)

    # A relaxed clavicle points outwards and back: moving forward it widens the shoulders.
    outwards = np.sign(_along(n.at[shoulder] - n.at[MIRROR[shoulder]], _across(n)))

    def out(q: Points) -> Number:
        return _along(q.at[elbow] - q.hips, _across(q)) * outwards

    widens = _WIDENS * (shoulder_width(p) - shoulder_width(n)) / shoulder_width(n)
    both = _smaller(widens, _ELBOW_OUT * (out(p) - out(n)) / shoulder_width(n))
    # Before a desk the camera is near, and shoulders that come nearer still look wider by that,
    # too: by more than any body can do, and yet they went forward.
    farthest = POSSIBLE["shoulder_protraction"][1]
    at_desk = np.logical_and(p.hips_below, n.hips_below)
    value = np.where(at_desk, np.clip(widens, -farthest, farthest), both)
    if view.facing == "back":
        # Seen from behind what moves forward goes away from the camera, and looks smaller.
        value = -value
    still = ramp(abs(trunk_turn_deg(pose, neutral.pose)), *_TURNED_DEG)
    return reading(value, _desk_confidence(p, side) * still * _PROTRACTION_TRUST)


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
        landmarks=(*_NEEDED, Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
        zero_from="neutral",
        needs_mask=False,
        error_deg=3.0,
        source="Rise of the hanging elbow over the hips and of the shoulder to the ears.",
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
        landmarks=(*_NEEDED, Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
        zero_from="neutral",
        needs_mask=False,
        error_deg=6.0,
        source="Front: widening of the shoulders and of the elbows. Three-quarter: the "
        "shoulder's shift ahead of the ears.",
        estimate=_protraction,
    ),
)
