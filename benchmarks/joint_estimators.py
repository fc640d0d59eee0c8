"""Elbow, shoulder, hip and knee by several estimators, beside each other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.recordings import clean_poses
from posecoach.body.catalogue import measure
from posecoach.body.points import points
from posecoach.body.view import Facing, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

JOINTS: dict[str, tuple[str, str, str]] = {
    "elbow_flexion": ("SHOULDER", "ELBOW", "WRIST"),
    "shoulder_flexion": ("TRUNK", "SHOULDER", "ELBOW"),
    "hip_flexion": ("TRUNK", "HIP", "KNEE"),
    "knee_flexion": ("HIP", "KNEE", "ANKLE"),
}
ESTIMATORS: dict[str, float | None] = {
    "pixels": 0.0,
    "+ 0.2 depth": 0.2,
    "+ 0.4 depth": 0.4,
    "+ 0.6 depth": 0.6,
    "+ all depth": 1.0,
    "world": None,
}
HEAD = ("exercise, view", "measure", *ESTIMATORS, "chosen")


def rows(paths: Sequence[Path], kept: Path | None, model: str | None) -> list[list[str]]:
    """Return a row for each exercise and joint: MAE (bias) of each estimator, degrees."""
    errors: dict[tuple[str, str], dict[str, list[Floats]]] = defaultdict(lambda: defaultdict(list))
    for path in paths:
        story = json.loads(path.with_suffix(".json").read_text())
        if story["exercise"] == "none":
            continue
        with np.load(path.with_suffix(".npz")) as data:
            truth = {name: data[name].astype(float) for name in data.files if "flexion" in name}
        poses = Pose.series(list(clean_poses(path, kept, model)))
        view = str(story["view"])
        near = view.rsplit(maxsplit=1)[-1] if view.startswith("side") else None
        facing: Facing = near or view  # type: ignore[assignment]
        seen = View(facing, near=near or "left")  # type: ignore[arg-type]
        for joint in JOINTS:
            for side in [near] if near else ["left", "right"]:
                key = f"{story['exercise']}, {view.split(',')[0]}", joint
                true = truth[f"{joint}_{side}"]
                for name, share in ESTIMATORS.items():
                    errors[key][name].append(_angle(poses, joint, side, share) - true)
                chosen = measure(poses, [f"{joint}_{side}"], seen)[f"{joint}_{side}"]
                errors[key]["chosen"].append(chosen.value - true)
    return [
        [exercise, joint, *(_text(np.concatenate(found[name])) for name in HEAD[2:])]
        for (exercise, joint), found in sorted(errors.items())
    ]


def _text(error: Floats) -> str:
    return f"{np.nanmean(np.abs(error)):.1f} ({np.nanmean(error):+.0f})"


def _angle(poses: Pose, joint: str, side: str, share: float | None) -> Floats:
    """Return a joint's flexion (N,), degrees, with a share of the depth, or by the world."""
    if share is None:
        place = poses.world
    else:
        depth = np.asarray(points(poses).depth).T[..., None]
        place = np.concatenate([poses.image, share * depth], axis=-1)

    def at(name: str) -> Floats:
        there: Floats = place[:, Landmark[f"{side.upper()}_{name}"]]
        return there

    before, vertex, after = JOINTS[joint]
    first = _down(place) if before == "TRUNK" else at(vertex) - at(before)
    then = at(after) - at(vertex)
    cosine = (first * then).sum(-1) / np.linalg.norm(first, axis=-1) / np.linalg.norm(then, axis=-1)
    degrees: Floats = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return degrees


def _down(place: Floats) -> Floats:
    """Return the trunk's downward axis."""
    left_h, right_h = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    left_s, right_s = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
    down: Floats = (place[:, left_h] + place[:, right_h] - place[:, left_s] - place[:, right_s]) / 2
    return down
