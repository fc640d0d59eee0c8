"""The trunk's turn about its long axis, away from the start pose, and within itself.

Seen from the front a turn shows twice. It moves the shoulders and hips in depth, which
MediaPipe guesses, with the right sign but too flat; and it narrows the shoulders, which a
picture shows well, but without a sign, and so does every shrug. What both say is believed:
their geometric mean is 0 as soon as one of them sees no turn. docs/estimators.md compares.

Seen from the feet of a lying body it is simpler: the camera looks along the axis of the turn,
and the line of the shoulders tilts in the picture.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    DEGREES,
    TRUNK,
    Number,
    Points,
    angle_deg,
    end_on,
    in_plane,
    least,
    points,
    ramp,
    reading,
)
from posecoach.body.space import Vector, middle, space, wrapped_deg, yaw_deg
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)

# MediaPipe's depth, under its pull towards a body facing the camera, is this much too flat:
# at a true turn of 34 degrees it is 1.9 times with one person and 3.7 times with another.
_FLATTENED = 3.0
# The same pull keeps the shoulders wide, and they lie on the surface, where an arm's flesh is:
# they narrow only this part of what the joints under them do (0.5 in ten holds of such a turn,
# more with one person than with the other here too; nearer to 0.6 in a real turn of 70).
_NARROWING = 0.6

# From the feet of a lying body, with the camera raised above it, a lifted shoulder rises in the
# picture by the cosine of the angle at which the camera looks down. From table height, one to two
# steps away, that is 0.73 (44 degrees) to 0.9 (27 degrees).
_RISE_SHOWN = 0.8

# MediaPipe turns shoulders and hips almost as one: of a rotation between them it shows 0.5
# (0.1 with another person) from the feet and 0.3 from the side, and from the front nothing.
_ROTATION_SHOWN = 0.4
_ROTATION_TRUST = {"feet": 0.4, "left": 0.2, "right": 0.2}


def trunk_turn_deg(pose: Pose, neutral: Pose) -> Number:
    """Return the turn from ``neutral`` to ``pose`` in degrees, + to the person's left."""
    by_depth = _by_depth(space(pose), space(neutral))
    by_width = _by_width(points(pose), points(neutral))
    return np.sign(by_depth) * (abs(by_depth) * by_width) ** 0.5


def _by_depth(world: tuple[Vector, ...], neutral: tuple[Vector, ...]) -> Number:
    def turned(left: Landmark, right: Landmark) -> Number:
        return wrapped_deg(yaw_deg(world, left, right) - yaw_deg(neutral, left, right))

    # MediaPipe turns the body as a whole, so the hips tell as much as the shoulders do.
    shoulders = turned(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    mean = (shoulders + turned(Landmark.LEFT_HIP, Landmark.RIGHT_HIP)) / 2 / DEGREES
    return np.arctan2(_FLATTENED * np.sin(mean), np.cos(mean)) * DEGREES


def _by_width(p: Points, neutral: Points) -> Number:
    narrowed = 1.0 - _width(p) / (_width(neutral) + 1e-9)
    cosine = np.minimum(np.maximum(1.0 - narrowed / _NARROWING, 0.0), 1.0)
    return np.arccos(cosine) * DEGREES


def _width(p: Points) -> Number:
    """Return the width of the shoulders against the trunk's length."""
    return abs(p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]) / (abs(p.down) + 1e-9)


def feet_turn_deg(p: Points, neutral: Points) -> Number:
    """Return the turn of a lying body seen from its feet, degrees, + to the person's left."""
    # Against the start pose, so a camera that is not level does no harm.
    tilted = _shoulder_line(p) * np.conj(_shoulder_line(neutral))
    return np.arctan2(tilted.imag / _RISE_SHOWN, tilted.real) * DEGREES


def _shoulder_line(p: Points) -> Number:
    return p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]


def trunk_turn_seen(p: Points, neutral: Points) -> Number:
    """Return how far a turn can be told in this pose, 0..1."""
    # Both arms overhead draw the shoulders together as a turn does.
    raised = least(
        *(
            angle_deg(p.at[elbow] - p.at[shoulder], p.down)
            for shoulder, elbow in (
                (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
                (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
            )
        )
    )
    # A start pose seen from the side, or along a level trunk, has no width to lose.
    faced = ramp(_width(neutral), 0.3, 0.5) * in_plane(neutral.down, TRUNK, neutral.stature)
    # Bowing shortens the trunk, and with it the measure of the shoulders' width.
    upright = ramp(abs(p.down) / (abs(neutral.down) + 1e-9), 0.65, 0.8)
    visible = least(*(p.seen[landmark] for landmark in _TRUNK))
    return visible * ramp(raised, 130.0, 100.0) * upright * faced


def _turn(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    feet = view.facing == "feet"
    if neutral is None or (end_on(view) and not feet):
        unknown = 0.0 * p.seen[Landmark.NOSE]
        return reading(unknown, unknown)
    if feet:
        start = points(neutral.pose)
        # A turn of 60 degrees leaves half of the width; less of it is a slip of the model.
        apart = ramp(abs(_shoulder_line(p)) / (abs(_shoulder_line(start)) + 1e-9), 0.3, 0.5)
        visible = least(p.seen[Landmark.LEFT_SHOULDER], p.seen[Landmark.RIGHT_SHOULDER])
        return reading(feet_turn_deg(p, start), visible * apart)
    confidence = trunk_turn_seen(p, points(neutral.pose))
    return reading(trunk_turn_deg(pose, neutral.pose), confidence)


def _rotation(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    world = space(pose)
    hips = middle(world, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    shoulders = middle(world, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    up = shoulders.minus(hips).unit()
    pelvis = world[Landmark.LEFT_HIP].minus(world[Landmark.RIGHT_HIP])
    thorax = world[Landmark.LEFT_SHOULDER].minus(world[Landmark.RIGHT_SHOULDER])
    # The angle about the trunk's axis, so the parts along the axis are taken out.
    sine = pelvis.cross(thorax).dot(up)
    cosine = pelvis.dot(thorax) - pelvis.dot(up) * thorax.dot(up)
    value = np.arctan2(sine, cosine) * DEGREES / _ROTATION_SHOWN
    trust = _ROTATION_TRUST.get(view.facing, 0.0)
    return reading(value, least(*(points(pose).seen[each] for each in _TRUNK)) * trust)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="trunk_turn",
        title="trunk turn",
        zero="the direction of the start pose",
        positive="the shoulders turning to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("front", "three-quarter", "feet"),
        landmarks=_TRUNK,
        zero_from="neutral",
        needs_mask=False,
        error_deg=6.0,
        source="Yaw of shoulders and hips in depth, and the narrowing of the shoulders "
        "(an orthographic picture of width w turned by a shows w cos a); from the feet the tilt "
        "of the line of the shoulders.",
        estimate=_turn,
    ),
    Measure(
        name="trunk_rotation",
        title="trunk rotation",
        zero="as in the start pose: shoulders over hips",
        positive="the shoulders against the hips, to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("feet",),
        landmarks=_TRUNK,
        zero_from="start",
        needs_mask=False,
        error_deg=13.0,
        source="World landmarks: shoulders against hips about the trunk's axis. Hardly seen.",
        estimate=_rotation,
    ),
)
