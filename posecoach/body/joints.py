"""Elbow, shoulder, hip and knee: the angles between two segments of a limb.

The picture gives the segments in its plane, in pixels; a part of the model's depth is added
(see ``points.DEPTH_SHARE``), and the centres of hip and ankle are put back to where they are
(see ``points.HIP_CREASE``, ``points.ANKLE_BEHIND``). Confidence falls as a segment leaves
the picture's plane: pointing at the camera it looks short against the stature. The hidden
side of a body seen from the side is invented by the model, and trusted less.

Convention: neutral-zero method, American Academy of Orthopaedic Surgeons, Joint Motion:
Method of Measuring and Recording (1965); goniometer axes and arms after Norkin and White,
Measurement of Joint Motion (5th edition, 2016).
"""

from __future__ import annotations

from functools import lru_cache

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    FOREARM,
    SHANK,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Number,
    angle_deg,
    ankle_centre_shift,
    depth_share,
    end_on,
    hip_centre_shift,
    in_plane,
    least,
    of_side,
    points,
    ramp,
    reading,
)
from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_SOURCE = (
    "Angle between segments, in pixels with part of the model's depth. Neutral-zero "
    "convention: AAOS 1965; Norkin and White, Measurement of Joint Motion, 2016."
)

_ARM_VIEWS: tuple[Facing, ...] = ("front", "back", "left", "right", "three-quarter")
_FRONTAL_VIEWS: tuple[Facing, ...] = ("front", "back")
_LEG_VIEWS: tuple[Facing, ...] = ("left", "right", "feet")

# Hidden by the body, far limbs are 1.5 to 3 times as wrong as near ones.
_FAR = 0.6
_OTHER_VIEW = 0.6
# On hands and knees to the camera, a body's trunk and thighs point at it.
_ALONG = 0.2
# Face down with the head between the arms, an elbow this near to the ear (in trunk lengths) is half
# hidden, and drawn straighter than it is: 15 to 20 degrees off.
_BESIDE_HEAD, _HIDDEN = (0.3, 0.5), 0.5
# With the shank this short, the knees dropped sideways, a knee seen from the side is 50
# degrees off.
_KNEE_NONE = 0.3
# From the feet depth replaces the plane, and is 10 degrees wrong rather than 5.
_BY_DEPTH = 0.7


def _trust(view: View, views: tuple[Facing, ...], side: Side | None) -> float:
    """Return how far the view allows to trust a joint of this side."""
    trust = 1.0 if view.facing in views or view.facing == "unknown" else _OTHER_VIEW
    if view.facing in ("left", "right"):
        return trust if side == view.near else trust * _FAR
    return trust * _ALONG if end_on(view) else trust


def _plane(view: View, *segments: tuple[Number, float], stature: Number) -> Number:
    """Return how far the segments lie in the picture's plane, where that matters."""
    if view.facing == "feet":
        return _BY_DEPTH
    return least(*(in_plane(segment, share, stature) for segment, share in segments))


def _elbow(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    shoulder = of_side(Landmark.LEFT_SHOULDER, side)
    elbow = of_side(Landmark.LEFT_ELBOW, side)
    wrist = of_side(Landmark.LEFT_WRIST, side)
    k = depth_share(view)
    upper, fore = p.at[elbow] - p.at[shoulder], p.at[wrist] - p.at[elbow]
    value = angle_deg(
        upper, fore, k * (p.depth[elbow] - p.depth[shoulder]), k * (p.depth[wrist] - p.depth[elbow])
    )
    plane = _plane(view, (upper, UPPER_ARM), (fore, FOREARM), stature=p.stature)
    seen = least(p.seen[shoulder], p.seen[elbow], p.seen[wrist])
    if view.facing in ("left", "right") and view.posture in ("kneeling", "all-fours"):
        apart = abs(p.at[elbow] - p.at[of_side(Landmark.LEFT_EAR, side)]) / (abs(p.down) + 1e-9)
        seen = seen * (_HIDDEN + (1 - _HIDDEN) * ramp(apart, *_BESIDE_HEAD))
    return reading(value, seen * plane * _trust(view, _ARM_VIEWS, side))


def _shoulder(pose: Pose, view: View, side: Side | None, views: tuple[Facing, ...]) -> Reading:
    value, seen = _arm_to_trunk(pose, view, side)
    return reading(value, seen * _trust(view, views, side))


@lru_cache(maxsize=4)
def _arm_to_trunk(pose: Pose, view: View, side: Side | None) -> tuple[Number, Number]:
    """Return the angle and how surely it is seen; remembered, as flexion and abduction share it."""
    p = points(pose)
    shoulder, elbow = of_side(Landmark.LEFT_SHOULDER, side), of_side(Landmark.LEFT_ELBOW, side)
    k = depth_share(view)
    down, upper = p.down + hip_centre_shift(p, view), p.at[elbow] - p.at[shoulder]
    value = angle_deg(down, upper, k * p.down_depth, k * (p.depth[elbow] - p.depth[shoulder]))
    plane = _plane(view, (upper, UPPER_ARM), (down, TRUNK), stature=p.stature)
    return value, least(p.seen[shoulder], p.seen[elbow]) * plane


def _flexion(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    return _shoulder(pose, view, side, _ARM_VIEWS)


def _abduction(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    return _shoulder(pose, view, side, _FRONTAL_VIEWS)


def _hip(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    hip, knee = of_side(Landmark.LEFT_HIP, side), of_side(Landmark.LEFT_KNEE, side)
    k, shift = depth_share(view), hip_centre_shift(p, view, side)
    down, thigh = p.down + shift, p.at[knee] - p.at[hip] - shift
    value = angle_deg(down, thigh, k * p.down_depth, k * (p.depth[knee] - p.depth[hip]))
    plane = _plane(view, (thigh, THIGH), (down, TRUNK), stature=p.stature)
    return reading(value, least(p.seen[hip], p.seen[knee]) * plane * _trust(view, _LEG_VIEWS, side))


def _knee(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    hip = of_side(Landmark.LEFT_HIP, side)
    knee = of_side(Landmark.LEFT_KNEE, side)
    ankle = of_side(Landmark.LEFT_ANKLE, side)
    k = depth_share(view)
    thigh = p.at[knee] - p.at[hip] - hip_centre_shift(p, view, side)
    shank = p.at[ankle] - p.at[knee]
    shank = shank + ankle_centre_shift(p, view, side, shank)
    value = angle_deg(
        thigh, shank, k * (p.depth[knee] - p.depth[hip]), k * (p.depth[ankle] - p.depth[knee])
    )
    plane = _plane(view, (thigh, THIGH), (shank, SHANK), stature=p.stature)
    if view.facing in ("left", "right"):
        plane = least(plane, in_plane(shank, SHANK, p.stature, _KNEE_NONE))
    seen = least(p.seen[hip], p.seen[knee], p.seen[ankle])
    return reading(value, seen * plane * _trust(view, _LEG_VIEWS, side))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="elbow_flexion",
        title="elbow flexion",
        zero="straight arm",
        positive="bending",
        sided=True,
        lateral=False,
        plane="any",
        views=_ARM_VIEWS,
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_elbow,
    ),
    Measure(
        name="shoulder_flexion",
        title="shoulder flexion",
        zero="arm at the side",
        positive="raising forward; 180 is overhead",
        sided=True,
        lateral=False,
        plane="any",
        views=_ARM_VIEWS,
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_HIP),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_flexion,
    ),
    Measure(
        name="shoulder_abduction",
        title="shoulder abduction",
        zero="arm at the side",
        positive="raising sideways; 180 is overhead",
        sided=True,
        lateral=False,
        plane="any",
        views=_FRONTAL_VIEWS,
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_HIP),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=3.0,
        source=_SOURCE,
        estimate=_abduction,
    ),
    Measure(
        name="hip_flexion",
        title="hip flexion",
        zero="thigh in line with the trunk",
        positive="thigh towards the belly",
        sided=True,
        lateral=False,
        plane="any",
        views=_LEG_VIEWS,
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=4.0,
        source=_SOURCE,
        estimate=_hip,
    ),
    Measure(
        name="knee_flexion",
        title="knee flexion",
        zero="straight leg",
        positive="bending",
        sided=True,
        lateral=False,
        plane="any",
        views=_LEG_VIEWS,
        landmarks=(Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=4.0,
        source=_SOURCE,
        estimate=_knee,
    ),
)
