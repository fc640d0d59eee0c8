"""Elbow, shoulder, hip and knee by several estimators, beside each other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.recordings import clean_poses
from posecoach.body.points import HIP_FORWARD, points
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
HEAD = ("exercise, view", "measure", *ESTIMATORS, "+ 0.4 depth, hip's centre")


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
        for joint in JOINTS:
            for side in [near] if near else ["left", "right"]:
                key = f"{story['exercise']}, {view.split(',')[0]}", joint
                true = truth[f"{joint}_{side}"]
                for name, share in ESTIMATORS.items():
                    errors[key][name].append(_angle(poses, joint, side, share, None) - true)
                errors[key][HEAD[-1]].append(_angle(poses, joint, side, 0.4, near) - true)
    return [
        [exercise, joint, *(_text(np.concatenate(found[name])) for name in HEAD[2:])]
        for (exercise, joint), found in sorted(errors.items())
    ]


def _text(error: Floats) -> str:
    return f"{np.nanmean(np.abs(error)):.1f} ({np.nanmean(error):+.0f})"


def _angle(poses: Pose, joint: str, side: str, share: float | None, near: str | None) -> Floats:
    """Return a joint's flexion (N,), degrees, with a share of the depth, or by the world.

    ``near`` puts the hip's centre back, in a view from that side.
    """
    if share is None:
        place = poses.world
    else:
        depth = np.asarray(points(poses).depth).T[..., None]
        place = np.concatenate([poses.image, share * depth], axis=-1)

    def middle(name: str) -> Floats:
        left, right = Landmark[f"LEFT_{name}"], Landmark[f"RIGHT_{name}"]
        centre: Floats = (place[:, left] + place[:, right]) / 2
        return centre

    down = middle("HIP") - middle("SHOULDER")
    shift = np.zeros_like(down)
    if near is not None:
        sense = HIP_FORWARD if near == "left" else -HIP_FORWARD
        shift[:, 0], shift[:, 1] = down[:, 1] * sense, -down[:, 0] * sense

    def at(name: str) -> Floats:
        there: Floats = place[:, Landmark[f"{side.upper()}_{name}"]]
        return there + shift if name == "HIP" else there

    before, vertex, after = JOINTS[joint]
    first = down + shift if before == "TRUNK" else at(vertex) - at(before)
    then = at(after) - at(vertex)
    cosine = (first * then).sum(-1) / np.linalg.norm(first, axis=-1) / np.linalg.norm(then, axis=-1)
    degrees: Floats = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return degrees
