"""The true landmarks of a clip as a pose: what a perfect estimator would give."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.measure import Neutral
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

START_S = 1.2
"""Clips begin with the start pose, held for about 1.5 s."""


@dataclass(frozen=True)
class TrueClip:
    """One clip's truth.

    Attributes:
        pose: N moments of true landmarks (those the truth has; the rest is NaN).
        neutral: the start pose.
        truth: the true measures by name, (N,) degrees.
        labels: the clip's JSON.
    """

    pose: Pose
    neutral: Neutral
    truth: dict[str, Floats]
    labels: dict[str, Any]

    def within(self, start_s: float, end_s: float) -> Any:
        """(N,) whether a moment is in a span of time."""
        return (self.pose.time_s >= start_s) & (self.pose.time_s <= end_s)


def _with_corners(image: Floats) -> Floats:
    """Add the face's missing landmarks, to make it a face: no measure is judged by them."""
    image = image.copy()
    left, right = image[:, Landmark.LEFT_EYE], image[:, Landmark.RIGHT_EYE]
    middle, nose = (left + right) / 2, image[:, Landmark.NOSE]
    image[:, Landmark.LEFT_EYE_OUTER] = middle + 1.5 * (left - middle)
    image[:, Landmark.RIGHT_EYE_OUTER] = middle + 1.5 * (right - middle)
    image[:, Landmark.MOUTH_LEFT] = left + 2 * (nose - middle)
    image[:, Landmark.MOUTH_RIGHT] = right + 2 * (nose - middle)
    return image


def true_clip(shared: Path, name: str) -> TrueClip:
    """Load a clip's truth."""
    arrays = np.load(shared / "clips" / f"{name}.npz")
    labels = json.loads((shared / "clips" / f"{name}.json").read_text())
    truth = {each: arrays[each].astype(np.float64) for each in arrays.files}
    pose = Pose(
        time_s=truth["t_s"],
        image=_with_corners(truth["image"]),
        world=truth["world"],
        visibility=np.ones(truth["world"].shape[:2]),
        size=(labels["width"], labels["height"]),
    )
    start = pose.time_s < START_S
    still = Pose(
        time_s=np.asarray(0.0),
        image=np.median(pose.image[start], axis=0),
        world=np.median(pose.world[start], axis=0),
        visibility=np.ones(pose.visibility.shape[1]),
        size=pose.size,
    )
    return TrueClip(pose, Neutral(still, {}), truth, labels)
