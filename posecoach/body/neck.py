"""The neck: bending to the side, chin to chest, turning.

From the front the head is seen as a face; from the side as the line from ear to nose. All
angles are the head's against the thorax. Which formula was chosen among which others, and
how far each is off, is in docs/estimators.md.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, Number, Points, least, points, ramp, reading, turn_deg
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_FACE = (
    Landmark.NOSE,
    Landmark.LEFT_EYE_OUTER,
    Landmark.RIGHT_EYE_OUTER,
    Landmark.MOUTH_LEFT,
    Landmark.MOUTH_RIGHT,
)
_TRUNK = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)

# The spine bends along its whole length, so its upper end, which carries the neck, leans
# more than its chord from hips to shoulders: 1.5 times in true clips and real recordings.
_THORAX_LEAN = 1.5
# MediaPipe draws a tilted face less tilted than it is.
_FACE_TILT = 1.4
# Degrees of chin-down for the nose (the ears) sinking by all of its neutral height over the
# shoulders. From true joints the nose's is 88; MediaPipe's face sinks less than the true one.
_NOSE_SINKS = 112.0
_EAR_SINKS = 170.0
# From the ear the nose lies this much below the level when the head is in line.
_NOSE_BELOW_EAR = 10.0


def _visible(p: Points, landmarks: tuple[Landmark, ...]) -> Number:
    return least(*(p.seen[landmark] for landmark in landmarks))


def _mid(p: Points, left: Landmark, right: Landmark) -> Number:
    return (p.at[left] + p.at[right]) / 2


def _tilt(p: Points) -> Number:
    """Return the face's tilt against the thorax in the picture, + to the person's left."""
    eyes = p.at[Landmark.LEFT_EYE_OUTER] - p.at[Landmark.RIGHT_EYE_OUTER]
    face = _mid(p, Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT) - _mid(
        p, Landmark.LEFT_EYE_OUTER, Landmark.RIGHT_EYE_OUTER
    )
    # Turning and nodding skew the two axes of the face in opposite senses: their mean is
    # the turn within the picture alone.
    tilt = (turn_deg(1.0 + 0j, eyes) + turn_deg(1j, face)) / 2
    return tilt - _THORAX_LEAN * turn_deg(-1j, -p.down)


def _lateral(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    if view.facing in ("left", "right", "back", "feet"):
        return reading(np.full(np.shape(pose.time_s), np.nan), np.zeros(np.shape(pose.time_s)))
    return reading(_FACE_TILT * _tilt(p), least(_visible(p, _FACE), _visible(p, _TRUNK)))


def _height(p: Points, of: Number) -> Number:
    """Return the height of a point over the lower shoulder, along the trunk, in pixels."""
    up = -p.down / abs(p.down)
    left = ((of - p.at[Landmark.LEFT_SHOULDER]) * np.conjugate(up)).real
    right = ((of - p.at[Landmark.RIGHT_SHOULDER]) * np.conjugate(up)).real
    # The lower shoulder, because one that rises to the ear is a fault of its own.
    return np.maximum(left, right)


def _flexion_front(p: Points, n: Points) -> Number:
    def sunk(nose: bool) -> Number:
        def of(q: Points) -> Number:
            return q.at[Landmark.NOSE] if nose else _mid(q, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)

        return (_height(n, of(n)) - _height(p, of(p))) / _height(n, n.at[Landmark.NOSE])

    return (_NOSE_SINKS * sunk(True) + _EAR_SINKS * sunk(False)) / 2


def _flexion_side(p: Points, facing: str) -> Number:
    ear = Landmark.LEFT_EAR if facing == "left" else Landmark.RIGHT_EAR
    # Seen from its left side the body faces the picture's left.
    forward = -1.0 if facing == "left" else 1.0
    return turn_deg(-p.down, p.at[Landmark.NOSE] - p.at[ear]) * forward - 90.0 - _NOSE_BELOW_EAR


def _flexion(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    n = None if neutral is None else points(neutral.pose)
    if view.facing in ("left", "right"):
        ear = Landmark.LEFT_EAR if view.facing == "left" else Landmark.RIGHT_EAR
        value = _flexion_side(p, view.facing)
        if n is not None:
            value = value - _flexion_side(n, view.facing)
        value = (value + 180.0) % 360.0 - 180.0
        return reading(
            value, least(p.seen[Landmark.NOSE], p.seen[ear], p.seen[Landmark.LEFT_SHOULDER])
        )
    if n is None or view.facing in ("back", "feet"):
        return reading(np.full(np.shape(pose.time_s), np.nan), np.zeros(np.shape(pose.time_s)))
    confidence = least(
        p.seen[Landmark.NOSE], p.seen[Landmark.LEFT_SHOULDER], p.seen[Landmark.RIGHT_SHOULDER]
    )
    return reading(_flexion_front(p, n), confidence)


def _rotation(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    if view.facing in ("left", "right", "back", "feet"):
        return reading(np.full(np.shape(pose.time_s), np.nan), np.zeros(np.shape(pose.time_s)))
    across = p.at[Landmark.LEFT_EAR] - p.at[Landmark.RIGHT_EAR]
    middle = _mid(p, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
    offset = ((p.at[Landmark.NOSE] - middle) / across).real
    value = np.arctan(offset) * DEGREES * 1.0
    wide = ramp(abs(across) / abs(p.down), 0.05, 0.15)
    return reading(
        value,
        least(p.seen[Landmark.NOSE], p.seen[Landmark.LEFT_EAR], p.seen[Landmark.RIGHT_EAR]) * wide,
    )


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
        landmarks=_FACE + _TRUNK,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source="Mean tilt of the face's two axes in the picture, against 1.5 trunk leans.",
        estimate=_lateral,
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
        landmarks=(Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, *_TRUNK),
        zero_from="neutral",
        needs_mask=False,
        error_deg=8.0,
        source="Side: line ear to nose against the trunk. Front: how far nose and ears sink.",
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
        landmarks=(Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=10.0,
        source="Nose between the ears.",
        estimate=_rotation,
    ),
)
