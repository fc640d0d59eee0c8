"""A pose's landmarks as complex numbers in the picture's plane, with their depth beside.

A point is ``x + iy`` in pixels, so the turn from one line to another is the phase of a
product, and one formula serves a single moment (Python numbers: a frame is measured in
microseconds) as well as N moments (arrays).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from posecoach.body.exact import least as least
from posecoach.body.exact import length
from posecoach.body.exact import most as most
from posecoach.body.measure import Reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import COUNT, MIRROR, Landmark
from posecoach.pose.pose import Floats, Pose

# A float or complex number, or an (N,) array of them: whatever has + - * / and abs().
Number = Any

DEGREES = 180.0 / math.pi

DEPTH_SHARE = 0.4
"""How much of the model's depth is believed.

The pixels carry the picture's plane, the model guesses the depth. Taken in full it makes
straight limbs look bent by 15 degrees or more; left out, a bend towards the camera is not
seen. An estimate that is part signal and part error is best believed in part: on the truth
clips a quarter to a half is better than none and than all for elbows and knees in nearly
every exercise (the table is in docs/accuracy.md); more than 0.4 starts to spoil a right angle
that lies in the plane.
"""

FEET_DEPTH_SHARE = 1.0
"""The same, looking along a lying body from its feet: most of it *is* depth."""

HIP_CREASE = 0.05
"""How far the model puts the hip from the joint's centre towards its crease, in trunk lengths.

Seen from the side its annotators marked the crease between belly and thigh, where the skin
folds. That fold lies in front of an upright body and wanders with the thigh: it stays on the
line that halves the angle between trunk and thigh. In that frame the mark is the same from a
standing body to a folded one: along the line 3.6 % of the trunk's length on person F and
6.3 % on person M kneeling, 2 to 9 % lying and leaning back, and square to it 0 within 3 %.
(Straight in front of the trunk instead, the mark would be 6 % off at rest and up to 15 % *above*
the joint where the thigh is drawn to the belly.)
"""

ANKLE_BEHIND = 0.08
"""How far behind the joint the model puts the ankle of a pointed foot, in trunk lengths.

With the instep on the floor, as on hands and knees, it marks the ankle towards the heel:
6.6 to 11 % of the trunk's length behind the joint in all ten kneeling clips, 7.6 % on
person F and 8.4 % on person M; with the foot at rest within 2 % of it in all six clips.
"""

UNSEEN = 0.05
"""A confidence below this means not seen at all; the value is unknown.

So low, because a hidden leg lying along the seen one is still guessed within 10 degrees; the coach
asks for more before it trusts a value."""

BELOW_PICTURE = 0.5
"""How much hips below the picture's lower edge are believed where head and shoulders fill it.

That is how a laptop on a desk sees everybody. The model puts them where a trunk would have them,
and steadily: in the clips at a desk the line to them leans no more than 3 degrees and is 1.4 to
1.6 shoulder widths long. Half, because they are drawn from the shoulders and not seen."""

FILLS = 0.25
"""Part of the picture's width that shoulders take at least where they fill it: at a desk it is a
third and more; of a body that is in the picture to the thighs they take a fifth. So in a picture of
four by three: a wider one shows more beside them, and no less of them."""

_HEAD_AND_SHOULDERS = (
    Landmark.NOSE,
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
)
_PLAINLY = 0.8
"""Visibility of a head and shoulders that fill the picture: 0.99 and more."""

_TRUNK_WIDTHS = (1.1, 2.1)
"""Lengths in shoulder widths of a trunk that is drawn on below the picture as one has it; at most,
with the depth of shoulders that are turned and look narrower."""

_LEVEL = ("all-fours", "kneeling", "lying")

# Lengths of segments as shares of the stature: Drillis and Contini 1966, after Winter,
# Biomechanics and Motor Control of Human Movement, figure 4.1.
TRUNK, UPPER_ARM, FOREARM, THIGH, SHANK = 0.288, 0.186, 0.146, 0.245, 0.246

_LIMBS = tuple(
    (int(a), int(b), share)
    for a, b, share in (
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, UPPER_ARM),
        (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, UPPER_ARM),
        (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, FOREARM),
        (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST, FOREARM),
        (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, THIGH),
        (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, THIGH),
        (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, SHANK),
        (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, SHANK),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Landmarks by index; each entry is one number, or an (N,) array of N moments.

    Attributes:
        at: 33 complex positions in the picture, pixels, x right and y down.
        depth: 33 depths, pixels, away from the camera; 0 where the model gave none.
        seen: 33 visibilities, 0..1; of hips below the picture see ``BELOW_PICTURE``.
        shoulders, hips: the middle of both shoulders and of both hips.
        down: the trunk's downward axis, from ``shoulders`` to ``hips``.
        down_depth: the same in depth.
        stature: the body's height, pixels, were it upright: by its longest-looking
            segment, because a segment can only look too short.
        hips_below: 1 where the hips are believed though they lie below the picture, else 0.
        hip_below: the same where one of them does at least: of a picture that ends at the hips.
    """

    at: Number
    depth: Number
    seen: Number
    shoulders: Number
    hips: Number
    down: Number
    down_depth: Number
    stature: Number
    hips_below: Number
    hip_below: Number


@lru_cache(maxsize=4)
def points(pose: Pose) -> Points:
    """Return the pose's landmarks as numbers; remembered, because measures share them.

    Each moment asks for three: the pose, its running average, the person's neutral.
    """
    position = _complex(pose.image)
    depth = _depth(pose, position)
    at: Number
    seen: Number
    z: Number
    if position.ndim == 1:
        at, seen, z = position.tolist(), pose.visibility.tolist(), depth.tolist()
    else:
        at, seen, z = (np.ascontiguousarray(each.T) for each in (position, pose.visibility, depth))
    left, right = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
    shoulders, shoulders_z = (at[left] + at[right]) / 2, (z[left] + z[right]) / 2
    left, right = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    hips, hips_z = (at[left] + at[right]) / 2, (z[left] + z[right]) / 2
    down = hips - shoulders
    limbs = (length(at[b] - at[a]) / share for a, b, share in _LIMBS)
    stature = most(length(down) / TRUNK, *limbs)
    fills = _fills(at, z, seen, down, pose.size)
    heights = at[left].imag, at[right].imag
    below = fills * (least(*heights) >= pose.size[1])
    one_below = fills * (most(*heights) >= pose.size[1])
    seen = list(seen)
    for hip in (left, right):
        seen[hip] = most(seen[hip], BELOW_PICTURE * below)
    return Points(
        at, z, seen, shoulders, hips, down, hips_z - shoulders_z, stature, below, one_below
    )


def _fills(at: Number, z: Number, seen: Number, down: Number, size: tuple[int, int]) -> Number:
    """Return 1 where head and shoulders fill the picture, with a trunk's length below, else 0."""
    wide, high = size
    width = length(at[Landmark.LEFT_SHOULDER] - at[Landmark.RIGHT_SHOULDER])
    shortest, longest = _TRUNK_WIDTHS
    in_space = length(width + 1j * (z[Landmark.LEFT_SHOULDER] - z[Landmark.RIGHT_SHOULDER]))
    told = (
        (width >= FILLS * min(wide, high * 4 / 3))
        & (least(*(seen[each] for each in _HEAD_AND_SHOULDERS)) >= _PLAINLY)
        & (down.imag >= shortest * width)
        & (length(down) <= longest * in_space)
    )
    return told * 1.0


def _complex(plane: np.ndarray[Any, np.dtype[np.float64]]) -> Number:
    """Return (..., n, 2) as (..., n) complex numbers."""
    return np.ascontiguousarray(plane, dtype=np.float64).view(np.complex128)[..., 0]


def _depth(pose: Pose, position: Number) -> Number:
    """Return the depth in the picture's pixels, 0 where there are no world landmarks."""
    with np.errstate(all="ignore"):  # a broken model's numbers
        spread = _spread(position), _spread(_complex(pose.world[..., :2]))
        depth = pose.world[..., 2] * np.sqrt(spread[0] / spread[1])
    return np.where(np.isfinite(depth), depth, 0.0)


def _spread(position: Number) -> Number:
    """Return the sum of squared distances from the middle, (..., 1)."""
    off = position - position.sum(-1, keepdims=True) / COUNT
    return (off.real**2 + off.imag**2).sum(-1, keepdims=True)


def of_side(landmark: Landmark, side: Side | None) -> int:
    """Return the index of a landmark, named for the left side, on ``side``."""
    return MIRROR[landmark] if side == "right" else int(landmark)


def hip_centre_shift(p: Points, view: View, side: Side | None = None) -> Number:
    """Return what to add to a hip landmark to get the joint's centre (``HIP_CREASE``).

    Args:
        p: the landmarks.
        view: tells from which side the body is seen; 0 is returned where from neither.
        side: whose thigh is asked, else the nearer one's.

    Seen from its left side a body faces the picture's left when upright, so its front is a
    quarter turn on from the trunk's downward axis; from the right side the other way. The
    fold is half-way from there to the thigh's own front; a thigh that is not seen is taken
    to hang down.
    """
    if view.facing not in ("left", "right"):
        return 0.0
    side = side or view.near
    hip, knee = of_side(Landmark.LEFT_HIP, side), of_side(Landmark.LEFT_KNEE, side)
    down = p.down / (abs(p.down) + 1e-9)
    thigh = p.at[knee] - p.at[hip]
    seen = least(p.seen[hip], p.seen[knee])
    thigh = thigh / (abs(thigh) + 1e-9) * seen + down * (1.0 - seen)
    front = 1j if view.facing == "left" else -1j
    # Square roots halve turns: of a quarter to the front, and of the thigh's from there.
    half = front**0.5 * (thigh * (down * front).conjugate()) ** 0.5
    return -HIP_CREASE * abs(p.down) * down * front * half / (abs(half) + 1e-9)


def ankle_centre_shift(p: Points, view: View, side: Side | None, shank: Number) -> Number:
    """Return what to add to an ankle to get the joint's centre (``ANKLE_BEHIND``)."""
    if view.facing not in ("left", "right"):
        return 0.0
    heel, toe = of_side(Landmark.LEFT_HEEL, side), of_side(Landmark.LEFT_FOOT_INDEX, side)
    along = shank / (abs(shank) + 1e-9)
    foot = p.at[toe] - p.at[heel]
    pointed = (foot * along.conjugate()).real / (abs(foot) + 1e-9)
    forward = 1j if view.facing == "left" else -1j
    return forward * along * (ANKLE_BEHIND * abs(p.down) * ramp(pointed, 0.55, 0.85))


def end_on(view: View) -> bool:
    """Tell whether the camera looks along a level trunk, whose length and tilt it cannot see."""
    return view.posture in _LEVEL and view.facing in ("front", "back", "three-quarter")


def depth_share(view: View) -> float:
    """Return how much of the model's depth is believed in this view."""
    return FEET_DEPTH_SHARE if view.facing == "feet" else DEPTH_SHARE


def turn_deg(a: Number, b: Number) -> Number:
    """Return the signed turn in degrees from line ``a`` to line ``b``, -180..180.

    Positive is clockwise as one looks at the picture, because y counts down.
    """
    product = b * a.conjugate()
    return np.arctan2(product.imag, product.real) * DEGREES


def angle_deg(a: Number, b: Number, a_depth: Number = 0.0, b_depth: Number = 0.0) -> Number:
    """Return the angle in degrees between two lines, 0..180, in space or in the picture."""
    product = b * a.conjugate()
    across = a * b_depth - b * a_depth
    along = product.real + a_depth * b_depth
    if isinstance(along, float):
        return math.atan2(math.hypot(product.imag, abs(across)), along) * DEGREES
    return np.arctan2(np.hypot(product.imag, abs(across)), along) * DEGREES


def ramp(number: Number, low: float, high: float) -> Number:
    """Return 0 at ``low``, 1 at ``high``, straight between (``high`` may be the smaller)."""
    share = (number - low) / (high - low)
    if isinstance(share, float):
        return min(max(share, 0.0), 1.0)
    return np.minimum(np.maximum(share, 0.0), 1.0)


def in_plane(segment: Number, share: float, stature: Number, none: float = 0.2) -> Number:
    """Return 1 for a segment in the picture's plane, falling to 0 as it points at the camera.

    Args:
        segment: its line in the picture, pixels.
        share: its usual share of the stature.
        stature: the body's, pixels.
        none: at which part of its length nothing is left.

    At nine tenths of its length a segment leans 25 degrees out of the plane, which turns an
    angle by some 5; at half 60 degrees, and there the angles of the truth clips are 10 to 20
    degrees wrong; at a fifth anything.
    """
    return ramp(abs(segment) / (share * stature + 1e-9), none, 0.9)


def upward(p: Points) -> Number:
    """Return the trunk's upward direction in the picture, of length 1."""
    return -p.down / (abs(p.down) + 1e-9)


def shoulder_width(p: Points) -> Number:
    """Return the distance between the shoulders in the picture, pixels; never 0."""
    return abs(p.at[Landmark.LEFT_SHOULDER] - p.at[Landmark.RIGHT_SHOULDER]) + 1e-9


def unknown(pose: Pose) -> Reading:
    """Return the reading of a measure that cannot be seen at all."""
    if pose.image.ndim == 2:
        return _UNKNOWN
    nothing = np.zeros(np.shape(pose.time_s))
    return reading(nothing, nothing)


def _lasting(value: float) -> Floats:
    array = np.array(value)
    array.flags.writeable = False
    return array


_UNKNOWN = Reading(_lasting(math.nan), _lasting(0.0))
"""Of one moment: made once, since a measure of ten is unknown in any view."""


def reading(value: Number, confidence: Number) -> Reading:
    """Make a reading, unknown where the confidence is below ``UNSEEN``."""
    if isinstance(confidence, float):
        if confidence >= UNSEEN and math.isfinite(value):
            return Reading(np.array(value), np.array(min(confidence, 1.0)))
        return _UNKNOWN
    value, confidence = np.asarray(value, dtype=float), np.asarray(confidence, dtype=float)
    known = np.isfinite(value) & (confidence >= UNSEEN)
    return Reading(np.where(known, value, np.nan), np.where(known, np.minimum(confidence, 1), 0))
