"""The outline of the back in the silhouette: where the picture shows the spine's curve.

The spine has no landmarks. Its curve is read where the person ends and the room begins:
from the line between the mid hips and the mid shoulders, rays go out on the side of the
back, square to that line, to the silhouette's edge. Everything is measured in lengths of
that line and in its own directions, so size, place, turn and mirroring of the picture make
no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body.view import View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

# All lengths here are in lengths of the trunk line, mid hips to mid shoulders.
RAYS = 33
LOWEST, HIGHEST = 0.05, 0.9  # below lies the seat, above the neck, hair and shoulder
_INSIDE, _REACH, _STEP = -0.12, 0.6, 0.01  # a strongly arched back lies inside the line
_HOLE = 0.04  # a gap narrower than this is a hole in the mask, not the end of the person
_MIN_LENGTH_PX = 24.0  # a shorter trunk has no outline worth reading
_ARM_RADIUS = (0.19, 0.11)  # half the width of upper arm (in a sleeve) and forearm
SURE = 0.7  # of a mask value: a shadow on the mat is taken for the person at 0.5 to 0.7

_ALONG = np.linspace(LOWEST, HIGHEST, RAYS)
_OUT = np.arange(_INSIDE, _REACH, _STEP)
_RUN = round(_HOLE / _STEP)

_NEAR_ARM = {
    "left": (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    "right": (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
}


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The back's outline at one moment, from the hips (first) to the shoulders (last).

    Attributes:
        along: (K,) where along the trunk line, 0 at the hips, 1 at the shoulders.
        height: (K,) distance of the edge from the trunk line, backwards, in lengths of the
            trunk line; NaN where the ray met no edge.
        ok: (K,) whether this point is the back's edge, as far as can be told: there is an
            edge and no arm lies on it.
        points: (K, 2) pixels; NaN where the ray met no edge.
        origin: (2,) pixels, the mid hips.
        axis: (2,) pixels, from the mid hips to the mid shoulders.
        back: (2,) pixels, square to ``axis`` and as long, towards the back.
        certainty: 0..1, how surely that side is the back's.
    """

    along: Floats
    height: Floats
    ok: NDArray[np.bool_]
    points: Floats
    origin: Floats
    axis: Floats
    back: Floats
    certainty: float

    def place(self, along: Floats, height: Floats) -> Floats:
        """(K,) along and (K,) height to (K, 2) pixels."""
        placed: Floats = self.origin + along[..., None] * self.axis + height[..., None] * self.back
        return placed


def back_outline(pose: Pose, view: View) -> Outline | None:
    """Follow the back's edge from hips to shoulders.

    Args:
        pose: one moment, with its mask.
        view: decides which side is the back where the legs do not.

    Returns:
        The outline; None where there is no mask, nobody, or a trunk too short to read.

    Raises:
        ValueError: ``pose`` is a series.
    """
    if pose.image.ndim != 2:
        raise ValueError("an outline is read from one moment, not from a series")
    if pose.mask is None or min(pose.mask.shape) < 2 or not pose.seen:
        return None
    image = pose.image
    hips = (image[Landmark.LEFT_HIP] + image[Landmark.RIGHT_HIP]) / 2
    shoulders = (image[Landmark.LEFT_SHOULDER] + image[Landmark.RIGHT_SHOULDER]) / 2
    axis = shoulders - hips
    length = float(np.hypot(*axis))
    if not length >= _MIN_LENGTH_PX:
        return None
    forward = _forward(image, view, hips, axis / length, length)
    # Square to the trunk: a quarter turn of the axis, to one side or the other.
    back = np.array([axis[1], -axis[0]]) * (-1.0 if forward > 0 else 1.0)

    scale = np.array(pose.mask.shape[::-1]) / np.array(pose.size)
    height = _edge(pose.mask, hips * scale, axis * scale, back * scale)
    points = hips + _ALONG[:, None] * axis + height[:, None] * back
    ok = np.isfinite(height)
    ok &= ~_under_arm(points, image, view, length)
    return Outline(_ALONG, height, ok, points, hips, axis, back, min(1.0, abs(forward)))


def _forward(image: Floats, view: View, hips: Floats, up: Floats, length: float) -> float:
    """Evidence for which side of the trunk line is the front of the body.

    Positive: the side a quarter turn from ``up``, anticlockwise in a picture with y down
    (where a person upright with the left side to the camera looks). Three witnesses: the
    knees, which can only bend forwards at the hip and are far from the line whenever they
    do; the side that is seen, which the model may mix up; the face, which can turn.
    """
    front = np.array([up[1], -up[0]])
    knees = (image[Landmark.LEFT_KNEE] + image[Landmark.RIGHT_KNEE]) / 2
    thighs = float((knees - hips) @ front) / length
    ears = (image[Landmark.LEFT_EAR] + image[Landmark.RIGHT_EAR]) / 2
    nose = float((image[Landmark.NOSE] - ears) @ front) / length
    side = {"left": 1.0, "right": -1.0}.get(view.facing, 0.0)
    votes = (2.0 * thighs, 0.4 * side, float(np.clip(2.0 * nose, -0.3, 0.3)))
    return sum(vote for vote in votes if np.isfinite(vote))


def _edge(mask: NDArray[np.float32], hips: Floats, axis: Floats, back: Floats) -> Floats:
    """(RAYS,) where along each ray the silhouette ends, to a fraction of a step."""
    rows, columns = mask.shape
    base = hips + _ALONG[:, None] * axis
    x = base[:, :1] + _OUT * back[0]
    y = base[:, 1:] + _OUT * back[1]
    framed = (x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)
    value = _between(mask, x, y)
    inside = (value >= SURE) & framed
    entered = np.maximum.accumulate(inside, axis=1)
    gone = entered & ~inside
    # The person ends where none of the next samples is the person again.
    count = np.cumsum(gone, axis=1)
    run = count[:, _RUN - 1 :] - count[:, : 1 - _RUN] + gone[:, : 1 - _RUN] == _RUN
    at = run.argmax(axis=1)
    rays = np.arange(RAYS)
    # An edge at the picture's border is the picture's, not the person's; and a ray that
    # starts outside the person says nothing.
    met = run.any(axis=1) & (at > 0) & framed[rays, at]
    met &= inside[:, : round((0.05 - _INSIDE) / _STEP)].any(axis=1)
    at = np.maximum(at, 1)
    before, after = value[rays, at - 1], value[rays, at]
    fraction = (before - SURE) / np.maximum(before - after, 1e-6)
    edge = _OUT[at - 1] + _STEP * np.clip(fraction, 0.0, 1.0)
    return np.where(met, edge, np.nan)


def _between(mask: NDArray[np.float32], x: Floats, y: Floats) -> Floats:
    """The mask between its pixels, bilinear; (x, y) of any shape, beyond its border as at it."""
    rows, columns = mask.shape
    x, y = np.clip(x, 0, columns - 1.001), np.clip(y, 0, rows - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right, down = x - left, y - top
    flat = mask.ravel()
    at = top * columns + left
    upper = flat[at] * (1 - right) + flat[at + 1] * right
    lower = flat[at + columns] * (1 - right) + flat[at + columns + 1] * right
    value: Floats = upper * (1 - down) + lower * down
    return value


def _under_arm(points: Floats, image: Floats, view: View, length: float) -> NDArray[np.bool_]:
    """(RAYS,) whether the nearer arm lies on the edge there, hiding the back."""
    shoulder, elbow, wrist = image[list(_NEAR_ARM[view.near])]
    start = shoulder + 0.3 * (elbow - shoulder)  # above that the arm is the shoulder itself
    upper, lower = _ARM_RADIUS
    near = _distance(points, start, elbow) < upper * length
    near |= _distance(points, elbow, wrist) < lower * length
    return near


def _distance(points: Floats, start: Floats, end: Floats) -> Floats:
    """(K,) pixels, from (K, 2) points to a segment."""
    along = end - start
    t = np.clip((points - start) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
    apart: Floats = np.linalg.norm(points - (start + t[:, None] * along), axis=1)
    return apart
