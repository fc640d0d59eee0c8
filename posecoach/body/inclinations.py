"""How limbs stand against the vertical, the trunk and each other, read in the picture.

"Hands under the shoulders" is the arm's angle from straight down, "knees under the hips" the
thigh's: one line each, where a sum of joint angles would add up their errors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.exact import cross, length
from posecoach.body.measure import Estimator, Measure, Neutral, Reading
from posecoach.body.points import (
    DEGREES,
    Number,
    Points,
    angle_deg,
    least,
    most,
    points,
    reading,
    unknown,
)
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

UPPER_ARM = 0.65
"""Length of the upper arm against the trunk's: 0.186 and 0.288 of the stature
(Drillis and Contini 1966)."""

_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)
_SHANKS = (
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
)


def _of(side: Side, part: str) -> Landmark:
    return Landmark[f"{side.upper()}_{part}"]


def _known(p: Points, needed: tuple[Landmark, ...], value: Number) -> Reading:
    return reading(value, least(*(p.seen[landmark] for landmark in needed)))


def _from_side(view: View) -> bool:
    return view.facing in ("left", "right")


def _hanging(start: str, end: str) -> Estimator:
    """Measure a limb's line from straight down, + where its end is ahead of its beginning.

    Ahead is the way the person faces, kneeling on all fours, sitting or standing: to the left of
    the picture for whoever shows their left side.
    """

    def estimate(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
        assert side is not None
        if not _from_side(view):
            return unknown(pose)
        p = points(pose)
        needed = (_of(side, start), _of(side, end))
        line = p.at[needed[1]] - p.at[needed[0]]
        ahead = -1.0 if view.near == "left" else 1.0
        return _known(p, needed, np.arctan2(line.real * ahead, line.imag) * DEGREES)

    return estimate


def _elbow_lead(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    if not _from_side(view):
        return unknown(pose)
    p = points(pose)
    # The front of a body whose left side is seen is a quarter turn from its trunk, to the left.
    turn = 1.0 if view.near == "left" else -1.0
    arm = p.at[_of(side, "ELBOW")] - p.at[_of(side, "SHOULDER")]
    trunk = length(p.down) + 1e-9
    ahead = cross(p.down, arm) * turn / (UPPER_ARM * trunk * trunk)
    value = np.arcsin(most(least(ahead, 1.0), -1.0)) * DEGREES
    return _known(p, (*_TRUNK, _of(side, "ELBOW")), value)


def _shank_spread(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if view.facing not in ("feet", "front"):
        return unknown(pose)
    p = points(pose)
    left_knee, right_knee, left_ankle, right_ankle = (p.at[landmark] for landmark in _SHANKS)
    return _known(p, _SHANKS, angle_deg(left_ankle - left_knee, right_ankle - right_knee))


def _sided(
    name: str,
    title: str,
    zero: str,
    positive: str,
    parts: tuple[str, str],
    estimate: Callable[[Pose, View, Side | None, Neutral | None], Reading],
    source: str,
) -> Measure:
    return Measure(
        name=name,
        title=title,
        zero=zero,
        positive=positive,
        sided=True,
        lateral=False,
        plane="sagittal",
        views=("left", "right"),
        landmarks=tuple(_of("left", part) for part in parts),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=source,
        estimate=estimate,
    )


MEASURES = (
    _sided(
        "arm_inclination",
        "lean of the arm",
        "hand straight under the shoulder",
        "hand ahead of the shoulder",
        ("SHOULDER", "WRIST"),
        _hanging("SHOULDER", "WRIST"),
        "angle in the picture of the line shoulder to wrist from straight down",
    ),
    _sided(
        "thigh_inclination",
        "lean of the thigh",
        "knee straight under the hip",
        "knee ahead of the hip",
        ("HIP", "KNEE"),
        _hanging("HIP", "KNEE"),
        "angle in the picture of the line hip to knee from straight down",
    ),
    _sided(
        "elbow_lead",
        "elbow ahead of the trunk",
        "upper arm in the trunk's frontal plane: elbow out to the side",
        "elbow to the front",
        ("SHOULDER", "ELBOW"),
        _elbow_lead,
        "how far the elbow lies ahead of the trunk's line in the picture, against the length of "
        "an upper arm (Drillis and Contini 1966)",
    ),
    Measure(
        name="shank_spread",
        title="angle between the shanks",
        zero="shanks side by side",
        positive="knees apart, or feet",
        sided=False,
        lateral=False,
        plane="frontal",
        views=("feet", "front"),
        landmarks=_SHANKS,
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source="angle in the picture between the lines knee to ankle",
        estimate=_shank_spread,
    ),
)
