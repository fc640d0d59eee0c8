"""Where the hands are against each other, for an arm that threads under the other.

Kneeling with the hands on the floor, the threading hand is drawn back and across while the
other reaches on. From the front the hands' distance closes and turns round; from the side
crossing is hidden, but the reaching hand leads by most of an arm. Shoulders, hips and
elbows are useless then (docs/accuracy.md); the wrists are found. Which hand threads: crossed
hands lie over each other, so their order in the picture flickers, but the reaching hand
stays where it was in the start pose, and the threading one does not.
"""

from __future__ import annotations

from posecoach.body.exact import where
from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import (
    Number,
    Points,
    least,
    of_side,
    points,
    ramp,
    reading,
    shoulder_width,
    unknown,
)
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

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


_LEFT_HAND, _RIGHT_HAND = Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST


def _hand(p: Points, side: Side) -> Number:
    return p.at[of_side(_LEFT_HAND, side)]


def _from_side(view: View) -> bool:
    return view.facing in ("left", "right")


def _lead_ahead(p: Points, side: Side) -> Number:
    """How far the other hand is ahead, towards the head, in trunk lengths; from the side."""
    apart = (_hand(p, _OTHER[side]) - _hand(p, side)).real
    towards_head = where(p.down.real < 0, 1.0, -1.0)
    return apart * towards_head / (abs(p.down) + 1e-9)


def _lead_down(p: Points, side: Side, start: Points) -> Number:
    """How far the other hand is ahead, towards the camera, in shoulder widths; from the front."""
    return (_hand(p, _OTHER[side]) - _hand(p, side)).imag / shoulder_width(start)


def _moved(p: Points, side: Side, start: Points) -> Number:
    """How far a hand is from where it was in the start pose, pixels."""
    return abs(_hand(p, side) - _hand(start, side))


def _seen(p: Points) -> Number:
    return least(p.seen[_LEFT_HAND], p.seen[_RIGHT_HAND])


def _lead(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    p = points(pose)
    if _from_side(view):
        return reading(100 * _lead_ahead(p, side), _seen(p))
    if neutral is None:
        return unknown(pose)
    return reading(100 * _lead_down(p, side, points(neutral.pose)), _seen(p))


def _across(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    p = points(pose)
    if _from_side(view):
        return reading(150 * ramp(_lead_ahead(p, side) / _FULL_LEAD, 0.0, 1.5), _seen(p))
    if neutral is None:
        return unknown(pose)
    start = points(neutral.pose)
    apart, at_start = ((q.at[_LEFT_HAND] - q.at[_RIGHT_HAND]).real for q in (p, start))
    if not abs(at_start) > _APART * shoulder_width(start):
        return unknown(pose)
    closed = 2.0 * ramp(1 - apart / at_start, 0.0, 2.0)
    moved = _moved(p, side, start) - _moved(p, _OTHER[side], start)
    threads = ramp(moved - _MOVED * abs(at_start), 0.0, 1e-9)
    behind = ramp(_lead_down(p, side, start), *_BEHIND)
    return reading(100 * closed * threads * (_LEVEL + (1 - _LEVEL) * behind), _seen(p))


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
