"""How far the spine is rounded or arched, from the outline of the back.

A back's outline runs along the spine at a nearly steady depth, and a curve and its
parallel turn by the same angle. So the angle between the outline's tangents at the lower
and at the upper end is the spine's flexion between them, apart from a zero that is the
person's own (a waist, a seat, clothes) and is taken from the start pose.

Method, accuracy and limits: docs/spine.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.outline import Outline, back_outline
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

_GAIN = 0.70
"""Degrees between the tangents a degree of spine flexion: the part of the lumbar and
thoracic spine between the two ends of the outline that is followed."""

_MIN_POINTS = 12
_ROUGH = 0.02  # lengths of the trunk; a back's own departure from a parabola
_ROUNDS = 4

_VIEW_TRUST = {"left": 1.0, "right": 1.0, "three-quarter": 0.3}


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
    weight = keep.astype(float)
    for _ in range(_ROUNDS):
        weighted = basis * weight[:, None]
        coefficients = np.linalg.solve(weighted.T @ basis, weighted.T @ y)
        residual = np.abs(basis @ coefficients - y)
        spread = max(1.4826 * float(np.median(residual[keep])), _ROUGH)
        weight = keep * np.clip(1.0 - (residual / (4.685 * spread)) ** 2, 0.0, 1.0) ** 2
    _, slope, bend = coefficients
    first, last = np.arctan(slope + 2 * bend * x[[0, -1]])
    return Curve(
        points=outline.place(outline.along, basis @ coefficients),
        angle_deg=float(np.degrees(first - last)),
        support=float(weight.sum() / len(weight)),
        roughness=float(np.median(residual[keep])),
    )


def _moment(pose: Pose, view: View) -> tuple[float, float]:
    unknown = float("nan"), 0.0
    trust = _VIEW_TRUST.get(view.facing, 0.0)
    if trust == 0.0 or view.posture == "lying":
        return unknown
    outline = back_outline(pose, view)
    curve = None if outline is None else back_curve(outline)
    if outline is None or curve is None:
        return unknown
    smooth = float(np.clip(1.5 - curve.roughness / 0.02, 0.2, 1.0))
    confidence = trust * curve.support * smooth * outline.certainty
    return curve.angle_deg / _GAIN, float(np.clip(confidence, 0.0, 1.0))


def _moments(pose: Pose) -> list[Pose]:
    masks = pose.mask
    return [
        Pose(
            pose.time_s[i],
            pose.image[i],
            pose.world[i],
            pose.visibility[i],
            pose.size,
            None if masks is None else masks[i],
        )
        for i in range(len(pose.image))
    ]


def _spine_flexion(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    if pose.image.ndim == 2:
        value, confidence = _moment(pose, view)
        return Reading(np.asarray(value), np.asarray(confidence))
    read = np.array([_moment(moment, view) for moment in _moments(pose)]).reshape(-1, 2)
    return Reading(read[:, 0], read[:, 1])


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
        error_deg=5.0,
        source="outline of the back in the silhouette, docs/spine.md",
        estimate=_spine_flexion,
    ),
)
