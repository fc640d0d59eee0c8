"""The catalogue of measures: what each named joint angle is, and how far to trust it.

A measure is one function from a ``Pose`` and the ``View`` to degrees and a confidence. The
functions live beside this module, one file for each part of the body; this module names
them and computes any of them by name.

Names: a measure of a joint the body has two of takes a side: ``elbow_flexion_left``,
``elbow_flexion_right``; and ``elbow_flexion_near`` / ``elbow_flexion_far``, the one nearer
to and the one farther from the camera in this view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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


Estimator = Callable[[Pose, View, Side | None], Reading]


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
        from_start: whether its zero is the person's own start pose, because the picture
            does not show the anatomical neutral.
        needs_mask: whether it is read from the silhouette.
        error_deg: typical error (MAE) in its view, from the accuracy table in the docs.
        source: where formula and convention come from.
        estimate: the function that computes it.
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
    from_start: bool
    needs_mask: bool
    error_deg: float
    source: str
    estimate: Estimator
