"""How limbs stand against the vertical, the trunk and each other, read in the picture.

"Hands under the shoulders" is the arm's angle from straight down, "knees under the hips" the
thigh's: one line each, where a sum of joint angles would add up their errors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.measure import Estimator, Measure, Neutral, Reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

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


def _trunk(pose: Pose) -> Floats:
    """Return the line from mid hips to mid shoulders, pixels, (..., 2)."""
    left_shoulder, right_shoulder, left_hip, right_hip = (pose.image[..., m, :] for m in _TRUNK)
    return np.asarray((left_shoulder + right_shoulder - left_hip - right_hip) / 2)


def _untold(pose: Pose) -> Reading:
    shape = np.shape(pose.time_s)
    return Reading(np.full(shape, np.nan), np.zeros(shape))


def _known(pose: Pose, needed: tuple[Landmark, ...], value: Floats) -> Reading:
    seen = np.min(pose.visibility[..., needed], axis=-1)
    known = np.isfinite(value)
    return Reading(np.where(known, value, np.nan), np.where(known, seen, 0.0))


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
            return _untold(pose)
        line = pose.image[..., _of(side, end), :] - pose.image[..., _of(side, start), :]
        ahead = -1.0 if view.near == "left" else 1.0
        value = np.asarray(np.degrees(np.arctan2(line[..., 0] * ahead, line[..., 1])))
        needed = (_of(side, start), _of(side, end))
        return _known(pose, needed, value)

    return estimate


def _elbow_lead(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    assert side is not None
    if not _from_side(view):
        return _untold(pose)
    trunk = _trunk(pose)
    # The front of a body whose left side is seen is a quarter turn from its trunk, to the left.
    turn = 1.0 if view.near == "left" else -1.0
    front = np.stack([trunk[..., 1], -trunk[..., 0]], axis=-1) * turn
    length = np.hypot(trunk[..., 0], trunk[..., 1])
    arm = pose.image[..., _of(side, "ELBOW"), :] - pose.image[..., _of(side, "SHOULDER"), :]
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = (arm * front).sum(axis=-1) / (UPPER_ARM * length**2)
    value = np.asarray(np.degrees(np.arcsin(np.clip(ahead, -1, 1))))
    needed = (*_TRUNK, _of(side, "ELBOW"))
    return _known(pose, needed, value)


def _shank_spread(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if view.facing not in ("feet", "front"):
        return _untold(pose)
    left_knee, right_knee, left_ankle, right_ankle = (pose.image[..., m, :] for m in _SHANKS)
    left, right = left_ankle - left_knee, right_ankle - right_knee
    across = left[..., 0] * right[..., 1] - left[..., 1] * right[..., 0]
    along = (left * right).sum(axis=-1)
    value = np.asarray(np.degrees(np.abs(np.arctan2(across, along))))
    return _known(pose, _SHANKS, value)


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
