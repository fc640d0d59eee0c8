"""Poses of recordings for benchmarks: from the estimator, or from its kept raw output.

A folder of kept output holds for each recording ``NAME.npz``, arrays ``t`` (N,) s, ``image``
(N, 33, 2 or more) pixels, ``world`` (N, 33, 3) m, ``visibility`` (N, 33), ``size`` (2,), and
``NAME.mask.npz``, ``mask`` (N, height, width) uint8 (255 = surely the person).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose


def raw_poses(path: Path, kept: Path | None, model: str | None) -> Iterator[Pose]:
    """Yield the estimator's poses of a recording or photo, moment by moment.

    Args:
        path: the video or photo.
        kept: a folder of kept output; what it lacks is estimated and put there.
        model: a pose model bundle, else the usual one.
    """
    if kept is None:
        yield from _estimated(path, model)
        return
    file, masks = kept / f"{path.stem}.npz", kept / f"{path.stem}.mask.npz"
    if not (file.is_file() and masks.is_file()):
        keep(list(_estimated(path, model)), kept, path.stem)
    yield from kept_poses(kept, path.stem)


def kept_poses(folder: Path, name: str) -> Iterator[Pose]:
    """Yield the poses kept under a name."""
    file, masks = folder / f"{name}.npz", folder / f"{name}.mask.npz"
    with np.load(file) as data, np.load(masks) as silhouettes:
        mask = silhouettes["mask"]
        size = (int(data["size"][0]), int(data["size"][1]))
        times, image = data["t"].astype(float), data["image"][..., :2].astype(float)
        world, visibility = data["world"].astype(float), data["visibility"].astype(float)
    for index, time_s in enumerate(times):
        if not np.isfinite(image[index]).all():
            yield Pose.absent(float(time_s), size)
            continue
        yield Pose(
            time_s=np.asarray(time_s),
            image=image[index],
            world=world[index],
            visibility=visibility[index],
            size=size,
            mask=mask[index].astype(np.float32) / 255,
        )


def clean_poses(path: Path, kept: Path | None, model: str | None) -> Iterator[Pose]:
    """Yield the poses of a recording as the coach gets them: continuous and smoothed."""
    cleaner = PoseCleaner()
    for pose in raw_poses(path, kept, model):
        yield cleaner.update(pose)


def _estimated(path: Path, model: str | None) -> Iterator[Pose]:
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.pose.estimator import PoseEstimator
    from posecoach.source.open import open_source

    with (
        open_source(str(path)) as source,
        PoseEstimator(resolve_bundle(model), masks=True, static=source.static) as estimator,
    ):
        for frame in source.frames():
            yield estimator.estimate(frame.image, frame.time_s)


def keep(poses: list[Pose], folder: Path, name: str) -> None:
    """Keep the estimator's poses of a recording under a name."""
    folder.mkdir(parents=True, exist_ok=True)
    series = Pose.series(poses)
    width, height = series.size
    empty = np.zeros((height, width), np.uint8)
    mask = [
        empty if pose.mask is None else np.round(pose.mask * 255).astype(np.uint8) for pose in poses
    ]
    np.savez_compressed(folder / f"{name}.mask.npz", mask=np.stack(mask))
    np.savez_compressed(
        folder / f"{name}.npz",
        t=series.time_s,
        image=series.image,
        world=series.world,
        visibility=series.visibility,
        size=np.array(series.size),
    )
