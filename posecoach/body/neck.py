"""The neck: bending to the side, chin to chest, turning.

All angles are the head's against the thorax. From the front the head is seen as a face,
from the side as its profile. Which formula was chosen among which others, and how far each
is off, is in docs/estimators.md.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    DEGREES,
    Number,
    Points,
    end_on,
    least,
    points,
    ramp,
    reading,
    turn_deg,
    unknown,
    upward,
)
from posecoach.body.space import Vector, middle, space, wrapped_deg, yaw_deg
from posecoach.body.turn import trunk_turn_deg, trunk_turn_seen
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose

_FACE = (
    Landmark.NOSE,
    Landmark.LEFT_EYE_OUTER,
    Landmark.RIGHT_EYE_OUTER,
    Landmark.MOUTH_LEFT,
    Landmark.MOUTH_RIGHT,
)
_EARS = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)

# The spine bends along its whole length, so its upper end, which carries the neck, leans
# more than its chord from hips to shoulders: 1.5 times, in true clips and real recordings.
_THORAX_LEAN = 1.5
# MediaPipe draws a tilted face less tilted than it is, by the same part with all people.
_TILT = 1.45
# What a start pose may be out of level: a crooked camera, an uneven face.
_CROOKED = 8.0

# Degrees of chin-down for the nose, or the ears, sinking by the whole neutral height of the
# nose over the shoulders. Of the true nose it is 88; MediaPipe's faces sink a little less.
_NOSE_SINKS = 108.0
_EARS_SINK = 165.0

# With the head in line, how far from the trunk's upward axis the profile's lines point:
# ear to nose, ear to mouth, eye to mouth (the same within 4 degrees in all side clips).
_PROFILE = (99.0, 127.0, 164.0)
# And how far below square to the trunk the nose lies from the ears in world landmarks.
_PITCH = 9.0

# What a rotation read so is worth at best: a person who looks at the screen while the trunk
# turns is not told well from one who does not turn.
_ROTATION_TRUST = 0.7
# The outer corners of the eyes are 0.17 trunk lengths apart (rendered people and photos
# alike). Where they nearly meet, the face is edge-on or not found, and its tilt is anything:
# 25 to 60 degrees off below 0.03, no worse than elsewhere from 0.06 on.
_EYES_APART = (0.03, 0.08)
# MediaPipe's heads turn a little less in depth than true ones.
_HEAD_FLATTENED = 1.3


def _visible(p: Points, *landmarks: Landmark) -> Number:
    return least(*(p.seen[landmark] for landmark in landmarks))


def _mid(p: Points, left: Landmark, right: Landmark) -> Number:
    return (p.at[left] + p.at[right]) / 2


def _face_seen(p: Points) -> Number:
    """Return how surely a face is seen from its front, 0..1."""
    eyes = p.at[Landmark.LEFT_EYE_OUTER] - p.at[Landmark.RIGHT_EYE_OUTER]
    apart = abs(eyes) / (abs(p.down) + 1e-9)
    return _visible(p, *_FACE, *_TRUNK) * ramp(apart, *_EYES_APART)


def _tilt_deg(p: Points) -> Number:
    """Return the face's tilt against the thorax in the picture, + to the person's left."""
    eyes = p.at[Landmark.LEFT_EYE_OUTER] - p.at[Landmark.RIGHT_EYE_OUTER]
    face = _mid(p, Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT) - _mid(
        p, Landmark.LEFT_EYE_OUTER, Landmark.RIGHT_EYE_OUTER
    )
    # Nodding and turning skew the face's two axes in opposite senses; the mean of their
    # turns is that within the picture (the rotation nearest to a shear).
    tilt = (turn_deg(1.0 + 0j, eyes) + turn_deg(1j, face)) / 2
    return _TILT * (tilt - _THORAX_LEAN * turn_deg(-1j, -p.down))


def _lateral(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if view.facing in ("left", "right", "back", "feet") or end_on(view):
        return unknown(pose)
    p = points(pose)
    value = _tilt_deg(p)
    if neutral is not None:
        crooked = _tilt_deg(points(neutral.pose))
        value = value - np.minimum(np.maximum(crooked, -_CROOKED), _CROOKED)
    return reading(value, _face_seen(p))


def _sunk(p: Points, n: Points) -> Number:
    """Return chin-down in degrees by how far nose and ears have sunk towards the hips."""

    def height(q: Points, of: Number) -> Number:
        # Over the hips and not the shoulders, which may rise to the ears.
        return ((of - q.hips) * upward(q).conjugate()).real

    def sunk(part: Number, neutral_part: Number) -> Number:
        return (height(n, neutral_part) - height(p, part)) / whole

    nose = Landmark.NOSE
    whole = abs(n.at[nose] - n.shoulders) + 1e-9
    by_nose = _NOSE_SINKS * sunk(p.at[nose], n.at[nose])
    return (by_nose + _EARS_SINK * sunk(_mid(p, *_EARS), _mid(n, *_EARS))) / 2


def _profile(p: Points, facing: str) -> Number:
    """Return chin-down in degrees by the lines of the face seen from its side."""
    left = facing == "left"
    ear, eye, mouth = (
        p.at[each] if left else p.at[MIRROR[each]]
        for each in (Landmark.LEFT_EAR, Landmark.LEFT_EYE_OUTER, Landmark.MOUTH_LEFT)
    )
    # Seen from its left side a body faces the picture's left.
    forward = -1.0 if left else 1.0
    lines = (p.at[Landmark.NOSE] - ear, mouth - ear, mouth - eye)
    return (
        sum(
            wrapped_deg(turn_deg(-p.down, line) * forward - in_line)
            for line, in_line in zip(lines, _PROFILE, strict=True)
        )
        / 3
    )


def _pitch(world: tuple[Vector, ...]) -> Number:
    """Return chin-down in degrees by the world landmarks of nose and ears."""
    shoulders = middle(world, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    up = shoulders.minus(middle(world, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)).unit()
    left = world[Landmark.LEFT_SHOULDER].minus(world[Landmark.RIGHT_SHOULDER])
    ahead = left.cross(up).unit()
    nose = world[Landmark.NOSE].minus(middle(world, *_EARS))
    return np.arctan2(-nose.dot(up), nose.dot(ahead)) * DEGREES - _PITCH


def _flexion(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    if view.facing in ("left", "right"):
        # Lines in the picture follow the face, and exaggerate where the trunk is round;
        # depth does neither. Together they are off least.
        value = (_profile(p, view.facing) + _pitch(space(pose))) / 2
        near = (Landmark.LEFT_EAR, Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP)
        if view.facing == "right":
            near = (Landmark.RIGHT_EAR, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP)
        return reading(value, _visible(p, Landmark.NOSE, *near))
    if neutral is None or view.facing in ("back", "feet") or end_on(view):
        return unknown(pose)
    n = points(neutral.pose)
    # Bowing, or coming nearer, the head sinks or rises in the picture too.
    size = abs(p.down) / (abs(n.down) + 1e-9)
    same = ramp(size, 0.7, 0.85) * ramp(size, 1.4, 1.2)
    return reading(_sunk(p, n), _face_seen(p) * same)


def _head_turn_deg(world: tuple[Vector, ...], neutral: tuple[Vector, ...] | None) -> Number:
    """Return how far the head is turned from the start pose, or else from the camera."""
    turned = yaw_deg(world, *_EARS)
    if neutral is not None:
        turned = wrapped_deg(turned - yaw_deg(neutral, *_EARS))
    sine, cosine = np.sin(turned / DEGREES), np.cos(turned / DEGREES)
    return np.arctan2(_HEAD_FLATTENED * sine, cosine) * DEGREES


def _rotation(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if view.facing in ("left", "right", "back", "feet") or end_on(view):
        return unknown(pose)
    p = points(pose)
    confidence = _face_seen(p) * _ROTATION_TRUST
    start = None if neutral is None else space(neutral.pose)
    value = _head_turn_deg(space(pose), start)
    if neutral is not None:
        value = value - trunk_turn_deg(pose, neutral.pose)
        confidence = confidence * trunk_turn_seen(p, points(neutral.pose))
    return reading(value, confidence)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="neck_lateral_flexion",
        title="neck bend to the side",
        zero="head in line with the trunk",
        positive="ear to the left shoulder",
        sided=False,
        lateral=True,
        plane="frontal",
        views=("front",),
        landmarks=(*_FACE, *_TRUNK),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=4.0,
        source="Mean turn of the face's two axes in the picture, against the thorax, taken to "
        "lean 1.5 times the line from hips to shoulders.",
        estimate=_lateral,
        heeds_neutral=True,
    ),
    Measure(
        name="neck_flexion",
        title="chin to chest",
        zero="head in line",
        positive="chin to the chest; negative is looking up",
        sided=False,
        lateral=False,
        plane="sagittal",
        views=("left", "right", "front"),
        landmarks=(Landmark.NOSE, *_EARS, *_TRUNK),
        zero_from="neutral",
        needs_mask=False,
        error_deg=7.0,
        source="Side: the profile's lines and the world landmarks' pitch, against the trunk. "
        "Front: how far nose and ears sink from the start pose.",
        estimate=_flexion,
    ),
    Measure(
        name="neck_rotation",
        title="neck turn",
        zero="facing forward",
        positive="to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("front",),
        landmarks=(Landmark.NOSE, *_EARS),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source="Yaw of the ears in the world landmarks, less the trunk's turn.",
        estimate=_rotation,
        heeds_neutral=True,
    ),
)
