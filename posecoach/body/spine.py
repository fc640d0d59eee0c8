"""How far the spine is rounded or arched, from the outline of the back.

A back's outline runs along the spine at a nearly steady depth, and a curve and its
parallel turn by the same angle. So the angle between the outline's tangents at the lower
and at the upper end is the spine's flexion between them, apart from a zero that is the
person's own (a waist, a seat, clothes) and is taken from the start pose.

Method, accuracy and limits: docs/spine.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.outline import RAYS, Outline, back_outline
from posecoach.body.points import Number, Points, angle_deg, least, of_side, points, ramp
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

GAIN = 0.71
"""Degrees between the tangents a degree of spine flexion: the part of the lumbar and
thoracic spine that lies between the two ends of the outline that is followed."""

_MIN_POINTS = 12
_ROUGH = 0.02  # lengths of the trunk; a back's own departure from a parabola
_ROUNDS = 4

_VIEW_TRUST = {"left": 1.0, "right": 1.0, "three-quarter": 0.4}
_LEAST = 0.25  # less confidence than this is no knowledge
_ON_FLOOR_DEG = 5.0, 10.0  # a back on the floor is level, one over a block is not
_LEANING_DEG = 25.0
# Within 30 degrees of the start pose's hip and shoulder the curve is 3 degrees off (cat-cow), with
# 70 and more between, as folded in Child's Pose or arms overhead, 10 to 20.
_MOVED_DEG, _MOVED_TRUST = (70.0, 30.0), 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The smooth curve of a back.

    Attributes:
        points: (K, 2) pixels, from the hips to the shoulders.
        angle_deg: between its tangents at the ends; positive = rounded.
        support: 0..1, the share of the outline the curve rests on.
        roughness: the outline's median distance from it, in lengths of the trunk.
    """

    points: Floats
    angle_deg: float
    support: float
    roughness: float


def back_curve(outline: Outline) -> Curve | None:
    """Lay a parabola through an outline, without the points that are not the back's.

    Hair, a sleeve or a shadow that joins the silhouette moves a minority of the points by
    more than a back departs from a parabola: those lose their weight (Tukey's biweight).

    Returns:
        The curve; None where too little of the outline is left.
    """
    keep = outline.ok
    if keep.sum() < _MIN_POINTS:
        return None
    x = outline.along - outline.along.mean()
    y = np.where(keep, outline.height, 0.0)
    basis = np.stack([np.ones_like(x), x, x * x], axis=1)
    coefficients: Floats = _start(basis, y, keep)
    for _ in range(_ROUNDS):
        residual = np.abs(basis @ coefficients - y)
        spread = max(1.4826 * _median(residual[keep]), _ROUGH)
        weight = keep * np.clip(1.0 - (residual / (4.685 * spread)) ** 2, 0.0, 1.0) ** 2
        coefficients = _fit(basis, y, weight)
    _, slope, bend = coefficients
    first, last = np.arctan(slope + 2 * bend * x[[0, -1]])
    return Curve(
        points=outline.place(outline.along, basis @ coefficients),
        angle_deg=float(np.degrees(first - last)),
        support=float(weight.sum() / len(weight)),
        roughness=_median(residual[keep]),
    )


def _start(basis: Floats, y: Floats, keep: NDArray[np.bool_]) -> Floats:
    """A parabola most of the outline agrees with, though an end of it be hair or a sleeve.

    What joins the outline mostly joins it at an end, where it has the greatest hold on a
    parabola. So parabolas through all of it and without either third are compared, by their
    median distance from all of it.
    """
    third = RAYS // 3
    parts = np.array([keep, keep, keep])
    parts[1, :third] = parts[2, -third:] = False
    best: Floats = np.zeros(3)
    least = np.inf
    for part in parts:
        if part.sum() < _MIN_POINTS:
            continue
        tried = _fit(basis, y, part.astype(np.float64))
        # All of it is the steadier choice unless a part fits plainly better.
        distance = max(_median(np.abs(basis @ tried - y)[keep]), _ROUGH / 2)
        if distance < 0.7 * least:
            best, least = tried, distance
    return best


def _fit(basis: Floats, y: Floats, weight: Floats) -> Floats:
    weighted = basis * weight[:, None]
    return np.asarray(np.linalg.solve(weighted.T @ basis, weighted.T @ y), dtype=np.float64)


def _median(values: Floats) -> float:
    """As ``np.median``, in a tenth of its time for so few."""
    ordered = np.sort(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def outlines(pose: Pose, view: View) -> list[Outline | None]:
    """Follow the back's edge at each of N moments (one of a single), in views that show it."""
    if view.facing not in _VIEW_TRUST:
        return [None] * (len(pose.image) if pose.image.ndim > 2 else 1)
    return [back_outline(moment, view) for moment in _moments(pose)]


def spine_flexion(
    pose: Pose, view: View, neutral: Neutral | None, drawn: Sequence[Outline | None]
) -> Reading:
    """Read the spine from the back's edge.

    Args:
        pose: one moment or N.
        view: in which they are seen.
        neutral: the person's start pose.
        drawn: their outlines, see ``outlines``.
    """
    alike = 1.0 if neutral is None else _held_alike(pose, neutral, view)
    if pose.image.ndim == 2:
        value, confidence = _moment(pose, view, drawn[0])
        return Reading(np.asarray(value), np.asarray(confidence * alike))
    each = zip(_moments(pose), drawn, strict=True)
    read = np.array([_moment(moment, view, outline) for moment, outline in each]).reshape(-1, 2)
    return Reading(read[:, 0], read[:, 1] * alike)


def _moment(pose: Pose, view: View, outline: Outline | None) -> tuple[float, float]:
    unknown = float("nan"), 0.0
    curve = None if outline is None else back_curve(outline)
    if outline is None or curve is None:
        return unknown
    confidence = (
        _VIEW_TRUST[view.facing]
        * outline.certainty
        * ramp(curve.support, 0.3, 0.8)
        * ramp(curve.roughness, 0.036, 0.01)
        * _off_the_floor(outline, curve)
        * _anchored(pose, view, outline)
    )
    if not confidence >= _LEAST:
        return unknown
    return curve.angle_deg / GAIN, confidence


def _off_the_floor(outline: Outline, curve: Curve) -> float:
    """0 where the person lies on the back: the outline is then the floor's.

    The back is turned down and its outline is level, or it is rounded (the head and
    shoulders come up; nobody rounds the back over a block). This, not the posture, is
    asked, because a person reclined over a block may pass for lying.
    """
    down = outline.back[1] / float(np.hypot(*outline.back))
    if down < np.cos(np.radians(_LEANING_DEG)):
        return 1.0
    run, rise = np.abs(curve.points[-1] - curve.points[0])
    slope = float(np.degrees(np.arctan2(rise, run)))
    if slope < _LEANING_DEG and curve.angle_deg > 0:
        return 0.0
    return float(ramp(slope, *_ON_FLOOR_DEG))


def _anchored(pose: Pose, view: View, outline: Outline) -> float:
    """How far the ends of the trunk line are where they seem to be.

    Seen from the side, the left and right hip (and shoulder) nearly cover each other; where
    they are far apart one of them has jumped.
    """
    trust = 1.0
    length = float(np.hypot(*outline.axis))
    for left, right in (
        (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
        (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    ):
        trust *= ramp(float(pose.visibility[[left, right]].max()), 0.2, 0.6)
        if view.facing != "three-quarter":
            apart = float(np.hypot(*(pose.image[left] - pose.image[right]))) / length
            trust *= ramp(apart, 0.6, 0.4)
    return trust


def _moments(pose: Pose) -> list[Pose]:
    if pose.image.ndim == 2:
        return [pose]
    return [
        replace(
            pose,
            time_s=pose.time_s[i],
            image=pose.image[i],
            world=pose.world[i],
            visibility=pose.visibility[i],
            mask=None if pose.mask is None else pose.mask[i],
        )
        for i in range(len(pose.image))
    ]


def _held_alike(pose: Pose, neutral: Neutral, view: View) -> Number:
    """1 while hip and arm are held as in the start pose, falling as they move away from it.

    The seat, and a raised arm's shoulder blade, shape the outline with the same spine.
    """

    def held(p: Points) -> tuple[Number, Number]:
        hip, knee, shoulder, elbow = (
            p.at[of_side(each, view.near)]
            for each in (
                Landmark.LEFT_HIP,
                Landmark.LEFT_KNEE,
                Landmark.LEFT_SHOULDER,
                Landmark.LEFT_ELBOW,
            )
        )
        return angle_deg(p.down, knee - hip), angle_deg(p.down, elbow - shoulder)

    now, start = held(points(pose)), held(points(neutral.pose))
    alike = least(*(ramp(abs(a - b), *_MOVED_DEG) for a, b in zip(now, start, strict=True)))
    return _MOVED_TRUST + (1.0 - _MOVED_TRUST) * alike


def _estimate(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    return spine_flexion(pose, view, neutral, outlines(pose, view))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="spine_flexion",
        title="rounding of the back",
        zero="the back in the person's own start pose",
        positive="rounding (Cat); arching (Cow) is negative",
        sided=False,
        lateral=False,
        plane="sagittal",
        views=("left", "right", "three-quarter"),
        landmarks=(
            Landmark.LEFT_SHOULDER,
            Landmark.RIGHT_SHOULDER,
            Landmark.LEFT_HIP,
            Landmark.RIGHT_HIP,
        ),
        zero_from="start",
        needs_mask=True,
        error_deg=8.0,
        source="outline of the back in the silhouette, docs/spine.md",
        estimate=_estimate,
    ),
)
