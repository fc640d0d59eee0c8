"""Clips as a laptop on a desk sees them: the same video, cut below the shoulders.

The window is fixed on the clip's start pose: its bottom edge lies ``BELOW`` of the trunk's length
under the shoulders, its top leaves the head's own height free, its shape is that of the picture,
and it is centred on the shoulders. What is outside of the picture is black.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.recordings import keep, kept_poses
from posecoach.body.points import points
from posecoach.pose.bundle import resolve_bundle
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.source.open import open_source

BELOW = 0.25
"""Of the trunk's length, what is seen of it below the shoulders."""

START_S = 1.0
"""The clips rest in the start pose for longer than this."""

Window = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""


def window(poses: list[Pose], *, arms: bool) -> Window:
    """Where to cut.

    Args:
        poses: the clip's, uncropped.
        arms: whether arms are raised in the stretch: more is then left above the head.
    """
    start = [p for p in poses if p.seen and float(p.time_s) - float(poses[0].time_s) <= START_S]
    p = points(Pose.series(start))
    shoulders = complex(np.median(p.shoulders.real), np.median(p.shoulders.imag))
    trunk = float(np.median(abs(p.down)))
    nose = float(np.median(p.at[Landmark.NOSE].imag))
    # A nose is about half-way between the shoulders and the crown.
    above = 2.2 * (shoulders.imag - nose) + (0.6 * trunk if arms else 0.0)
    bottom = shoulders.imag + BELOW * trunk
    top = shoulders.imag - above
    wide, high = poses[0].size
    height = bottom - top
    width = height * wide / high
    return round(shoulders.real - width / 2), round(top), round(width), round(height)


def cut(image: NDArray[np.uint8], where: Window) -> NDArray[np.uint8]:
    """The part of a picture in the window, black beyond its edges."""
    left, top, width, height = where
    out = np.zeros((height, width, 3), np.uint8)
    high, wide = image.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, wide), min(top + height, high)
    out[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return out


def desk_poses(path: Path, poses: list[Pose], kept: Path) -> list[Pose]:
    """The estimator's poses in the cropped clip; found once, then kept."""
    if not (kept / f"{path.stem}.mask.npz").is_file():
        story = json.loads(path.with_suffix(".json").read_text())
        where = window(poses, arms=story["exercise"] in ("overhead-reach", "wall-stretch"))
        with (
            open_source(str(path)) as source,
            PoseEstimator(resolve_bundle(None), masks=True) as estimator,
        ):
            found = [
                estimator.estimate(np.ascontiguousarray(cut(frame.image, where)), frame.time_s)
                for frame in source.frames()
            ]
        keep(found, kept, path.stem)
    return list(kept_poses(kept, path.stem))
