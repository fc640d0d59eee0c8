"""What a measure is: one named joint angle, computed from a ``Pose``.

The functions live in this folder, one file for each part of the body; ``catalogue`` names
them all and computes any of them by name. They know nothing of time: what must be compared
with an earlier moment is compared with the person's own ``Neutral``.

Names: a measure of a joint the body has two of takes a side: ``elbow_flexion_left``,
``elbow_flexion_right``; and ``elbow_flexion_near`` / ``elbow_flexion_far``, the one nearer
to and the one farther from the camera in this view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A measure at one moment or N moments.

    Attributes:
        value: () or (N,) degrees; NaN where unknown.
        confidence: () or (N,) 0..1; 0 where the value is NaN.
    """

    value: Floats
    confidence: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Neutral:
    """The person's own start pose: the zero of what a picture shows only as a change.

    Attributes:
        pose: one moment; the median of the landmarks while the start pose was held.
        values: by full measure name (with side), the median raw value of each measure
            whose zero is ``"start"``, read in the start pose; of a silhouette also what
            its edge shows (``body.silhouette``), percent.
        still: whether the body kept still in it; else it was taken for want of that.
    """

    pose: Pose
    values: Mapping[str, float]
    still: bool = True


Estimator = Callable[[Pose, View, Side | None, Neutral | None], Reading]
"""(pose, view, side, neutral) to a reading; ``side`` is None for measures without sides."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One named joint angle.

    Attributes:
        name: without side.
        title: words for a person: "elbow flexion".
        zero: what 0 degrees is.
        positive: what counts up.
        sided: whether the body has two of it.
        lateral: whether its sign tells the person's left (+) from right (-).
        plane: "sagittal", "frontal", "transverse" or "any" (angle in space).
        views: the views it may be trusted in.
        landmarks: those it needs; for a sided measure of the left side.
        zero_from: where its zero comes from: "anatomy"; "start", the value in the
            person's start pose is subtracted from the raw one (by the catalogue), because
            the picture does not show the anatomical neutral; "neutral", the estimator
            itself compares the pose with the ``Neutral``, and is unknown without one.
        needs_mask: whether it is read from the silhouette.
        error_deg: typical error (MAE) in its view, from the accuracy table in the docs.
        source: where formula and convention come from.
        estimate: the function that computes it.
        heeds_neutral: whether an anatomical zero is put right by the ``Neutral`` where there
            is one: how a person carries the head is not a bend of it.
    """

    name: str
    title: str
    zero: str
    positive: str
    sided: bool
    lateral: bool
    plane: Literal["sagittal", "frontal", "transverse", "any"]
    views: tuple[Facing, ...]
    landmarks: tuple[Landmark, ...]
    zero_from: Literal["anatomy", "start", "neutral"]
    needs_mask: bool
    error_deg: float
    source: str
    estimate: Estimator
    heeds_neutral: bool = False
