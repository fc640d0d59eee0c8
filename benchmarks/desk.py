"""Clips as a laptop on a desk sees them: the same video, cut below the shoulders.

    python -m benchmarks.desk OUT FOLDER... [--landmarks KEPT]

The window is fixed on the clip's start pose: its bottom edge lies ``BELOW`` of the trunk's length
under the shoulders, its top leaves the head's own height free, its shape is that of the picture,
and it is centred on the shoulders. What is outside of the picture is black.

The command cuts what is done at a desk (``DONE_THERE``) and was not filmed there, and writes what a
recording of the renderer has, to fit readers on: film, label and truth of ``NAME-desk``. So that
no reader learns one framing, the bottom edge of these lies elsewhere in each (``VARIED``). What OUT
has already is left. The films are H.264 by ffmpeg, as the renderer's own are.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import zlib
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.recordings import keep, kept_poses, raw_poses
from posecoach.body.points import points
from posecoach.errors import MachineError, OutputError, SourceError
from posecoach.pose.bundle import resolve_bundle
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.source.open import open_source

BELOW = 0.25
"""Of the trunk's length, what is seen of it below the shoulders."""

VARIED = (0.15, 0.45)
"""The same where the framing is varied: from above the armpits to the end of the breastbone."""

DONE_THERE = ("neck-flexion", "shoulder-roll")
FRAMED = "head and shoulders"
"""What the view of a label says where they fill the picture."""

QUALITY = 18
"""Rate factor of x264: its documentation calls 17 to 18 visually lossless. The renderer's 23 once
more would blur what is seen twice."""

START_S = 1.0
"""The clips rest in the start pose for longer than this."""

Window = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""


def window(poses: list[Pose], *, arms: bool, below: float = BELOW) -> Window:
    """Where to cut.

    Args:
        poses: the clip's, uncropped.
        arms: whether arms are raised in the stretch: more is then left above the head.
        below: of the trunk's length, what is seen of it below the shoulders.
    """
    start = [p for p in poses if p.seen and float(p.time_s) - float(poses[0].time_s) <= START_S]
    p = points(Pose.series(start))
    shoulders = complex(np.median(p.shoulders.real), np.median(p.shoulders.imag))
    trunk = float(np.median(abs(p.down)))
    nose = float(np.median(p.at[Landmark.NOSE].imag))
    # A nose is about half-way between the shoulders and the crown.
    above = 2.2 * (shoulders.imag - nose) + (0.6 * trunk if arms else 0.0)
    bottom = shoulders.imag + below * trunk
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


def desk_recording(label: Path, out: Path, kept: Path | None) -> str:
    """Write a recording as seen from a desk; return its name.

    Args:
        label: of the uncropped recording, film and truth beside it.
        out: the folder to write to.
        kept: the estimator's kept output of the uncropped recordings. Where it has nothing, the
            start pose is looked at anew, and not kept.

    Raises:
        SourceError: nobody is seen in the start pose, or film and truth are not of one length.
        MachineError: there is no ffmpeg.
        OutputError: the film cannot be written.
    """
    about = json.loads(label.read_text("utf-8"))
    name = f"{label.stem}-desk"
    where = _even(window(_start(label, kept), arms=False, below=_below(label.stem)))
    left, top, width, height = where
    with np.load(label.with_suffix(".npz")) as data:
        truth: dict[str, Any] = dict(data)
    truth["image"] = truth["image"] - np.array([left, top], truth["image"].dtype)
    with open_source(str(label.with_suffix(".mp4"))) as source:
        pictures = (cut(frame.image, where) for frame in source.frames())
        many = _film(pictures, out / f"{name}.mp4", (width, height), about["fps"])
    if many != len(truth["t_s"]):
        raise SourceError(f"{label}: {many} pictures, but {len(truth['t_s'])} moments of truth.")
    np.savez_compressed(out / f"{name}.npz", **truth)
    about |= {
        "view": f"{about['view'].split(',')[0]}, {FRAMED}",
        "width": width,
        "height": height,
        "window": where,
    }
    # Last: what has a label is whole.
    (out / f"{name}.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return name


def _below(name: str) -> float:
    """Of the trunk below the shoulders, by a recording's name: the same whenever it is cut."""
    return float(np.random.default_rng(zlib.crc32(name.encode())).uniform(*VARIED))


def _even(where: Window) -> Window:
    """The window as wide and high as H.264 with halved colours can be: even."""
    left, top, width, height = where
    return left, top, width + width % 2, height + height % 2


def _start(label: Path, kept: Path | None) -> list[Pose]:
    """The poses of a recording's start; somebody is seen in them."""
    if kept is not None and not (kept / f"{label.stem}.npz").is_file():
        kept = None
    found = raw_poses(label.with_suffix(".mp4"), kept, None)
    start = list(takewhile(lambda pose: float(pose.time_s) <= START_S, found))
    if not any(pose.seen for pose in start):
        raise SourceError(f"{label}: nobody is seen in the first {START_S:g} s.")
    return start


def _film(
    pictures: Iterable[NDArray[np.uint8]], path: Path, size: tuple[int, int], fps: float
) -> int:
    """Write BGR pictures as H.264; return how many there were.

    OpenCV's own writer knows no H.264 where it is installed from PyPI, and no quality.
    """
    if shutil.which("ffmpeg") is None:
        raise MachineError("Writing H.264 needs ffmpeg; install it (apt-get install ffmpeg).")
    wide, high = size
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "bgr24"]
    command += ["-s", f"{wide}x{high}", "-r", f"{fps:g}", "-i", "-", "-c:v", "libx264"]
    command += ["-crf", str(QUALITY), "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(path)]
    many = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin is not None
        for picture in pictures:
            ffmpeg.stdin.write(picture.tobytes())
            many += 1
    if ffmpeg.returncode:
        raise OutputError(f"{path} could not be written as H.264; ffmpeg says why above.")
    return many


def to_cut(folder: Path) -> list[Path]:
    """The labels of a folder whose stretch is done at a desk, but was not filmed there."""
    chosen = []
    for label in sorted(folder.glob("*.json")):
        about = json.loads(label.read_text("utf-8"))
        if about.get("exercise") in DONE_THERE and FRAMED not in about["view"]:
            chosen.append(label)
    return chosen


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("out", type=Path, help="folder for the recordings as seen from a desk")
    parser.add_argument("folders", nargs="+", type=Path, help="folders of rendered recordings")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for folder in given.folders:
        kept = None if given.landmarks is None else given.landmarks / folder.name
        for label in to_cut(folder):
            if not (given.out / f"{label.stem}-desk.json").is_file():
                print(desk_recording(label, given.out, kept), flush=True)


if __name__ == "__main__":
    main()
