"""Where the hands are against each other, for an arm that threads under the other.

Kneeling with the hands on the floor, the threading hand is drawn back and across while the
other reaches on. From the front the hands' distance closes and turns round; from the side
crossing is hidden, but the reaching hand leads by most of an arm. Shoulders, hips and
elbows are useless then (docs/accuracy.md); the wrists are found. Which hand threads: crossed
hands lie over each other, so their order in the picture flickers, but the reaching hand
stays where it was in the start pose, and the threading one does not.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import ramp
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
_FULL_LEAD = 0.75
"""Lead of the reaching hand, in trunk lengths, with the other arm threaded to the shoulder:
arm length over trunk length is about 1.1 (Drillis and Contini 1966), the shoulder itself
goes along by a third of that."""
_MOVED = 0.15
"""Hands moved from where they were by as far, within this part of their distance, do not tell
which of them threads: sway moves them by a twentieth."""


_APART = 0.6
"""Hands stretched out in front are about a shoulder's width apart; a start pose in which they
are less than this part of it is none to measure from."""


_BEHIND = (-0.02, 0.06)
_LEVEL = 0.45
"""A threaded hand lies behind the reaching one (lead in shoulder widths). The model leaves it there
when it has long been drawn out again, but level with the other: then it counts for less
than half."""


def _point(pose: Pose, side: Side, part: str) -> Floats:
    return np.asarray(pose.image[..., Landmark[f"{side.upper()}_{part}"], :])


def _middle(pose: Pose, part: str) -> Floats:
    return (_point(pose, "left", part) + _point(pose, "right", part)) / 2


def _length(vector: Floats) -> Floats:
    return np.asarray(np.hypot(vector[..., 0], vector[..., 1]))


def _parts(length: Floats, of: Floats) -> Floats:
    """How many times one length goes into another; no number where that is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(length / of)


def _from_side(view: View) -> bool:
    return view.facing in ("left", "right")


def _lead_ahead(pose: Pose, side: Side) -> Floats:
    """How far the other hand is ahead, towards the head, in trunk lengths; from the side."""
    trunk = _middle(pose, "SHOULDER") - _middle(pose, "HIP")
    ahead = np.sign(trunk[..., 0])
    apart = _point(pose, _OTHER[side], "WRIST") - _point(pose, side, "WRIST")
    return _parts(apart[..., 0] * ahead, _length(trunk))


def _lead_down(pose: Pose, side: Side, start: Pose) -> Floats:
    """How far the other hand is ahead, towards the camera, in shoulder widths; from the front."""
    width = _length(_point(start, "left", "SHOULDER") - _point(start, "right", "SHOULDER"))
    apart = _point(pose, _OTHER[side], "WRIST") - _point(pose, side, "WRIST")
    return _parts(apart[..., 1], width)


def _moved(pose: Pose, side: Side, start: Pose) -> Floats:
    """How far a hand is from where it was in the start pose, pixels."""
    return _length(_point(pose, side, "WRIST") - _point(start, side, "WRIST"))


def _seen(pose: Pose) -> Floats:
    wrists = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
    return np.asarray(np.min(pose.visibility[..., wrists], axis=-1))


def _reading(value: Floats, pose: Pose) -> Reading:
    return Reading(value, np.where(np.isfinite(value), _seen(pose), 0.0))


def _unknown(pose: Pose) -> Reading:
    shape = np.shape(pose.time_s)
    return Reading(np.full(shape, np.nan), np.zeros(shape))


def _lead(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    if _from_side(view):
        return _reading(100 * _lead_ahead(pose, side), pose)
    if neutral is None:
        return _unknown(pose)
    return _reading(100 * _lead_down(pose, side, neutral.pose), pose)


def _across(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    if _from_side(view):
        return _reading(100 * np.clip(_lead_ahead(pose, side) / _FULL_LEAD, 0.0, 1.5), pose)
    if neutral is None:
        return _unknown(pose)
    start = neutral.pose
    apart = (_point(pose, "left", "WRIST") - _point(pose, "right", "WRIST"))[..., 0]
    at_start = (_point(start, "left", "WRIST") - _point(start, "right", "WRIST"))[..., 0]
    closed = np.clip(1 - _parts(apart, at_start), 0.0, 2.0)
    moved = _moved(pose, side, start) - _moved(pose, _OTHER[side], start)
    threads = moved > _MOVED * abs(at_start)
    width = _length(_point(start, "left", "SHOULDER") - _point(start, "right", "SHOULDER"))
    if not abs(at_start) > _APART * width:
        return _unknown(pose)
    behind = ramp(_lead_down(pose, side, start), *_BEHIND)
    return _reading(np.asarray(100 * closed * threads * (_LEVEL + (1 - _LEVEL) * behind)), pose)


def _measure(name: str, title: str, positive: str, estimate) -> Measure:  # type: ignore[no-untyped-def]
    return Measure(
        name=name,
        title=title,
        zero="both hands side by side",
        positive=positive,
        sided=True,
        lateral=False,
        plane="transverse",
        views=("left", "right", "front"),
        landmarks=(Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST),
        zero_from="neutral",
        needs_mask=False,
        error_deg=20.0,
        source="distance of the wrists in the picture, against the start pose",
        estimate=estimate,
    )


MEASURES = (
    _measure(
        "hand_across",
        "hand threaded under the other arm",
        "percent of the way under and across; 100 is under the other shoulder",
        _across,
    ),
    _measure(
        "hand_lead",
        "lead of the other hand",
        "percent of the trunk's length (from the side) or of the shoulders' width",
        _lead,
    ),
)
