"""How many swaps and jumps of the pose model are noticed, and how many false alarms there are.

    python -m benchmarks.continuity --landmarks DIR [CLIP ...]

Faults are put into the estimator's raw output (``CLIP.npz`` with arrays ``t`` (N,) s, ``image``
(N, 33, 2 or more) pixels, ``world`` (N, 33, 3) m, ``visibility`` (N, 33), ``size`` (2,)), one
kind at a time, every two seconds. A faulty frame counts as bridged if the cleaned landmarks are
less than half as far from those cleaned without the fault as the faulty ones were. After it,
frames are counted that are still spoilt (as far off as that) though the model is right again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.landmarks import COUNT, MIRROR
from posecoach.pose.pose import Pose
from posecoach.pose.smoothing import metres_per_pixel

Floats = NDArray[np.float64]
EVERY_S = 2.0

ARMS = np.arange(COUNT)[11:23]
LEGS = np.arange(COUNT)[23:]
ALL = np.arange(COUNT)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: what it does to a pose, to which landmarks, for how long."""

    name: str
    lasting_s: float
    landmarks: NDArray[np.int_]
    spoil: Callable[[Pose, NDArray[np.int_]], Pose]


def swap(pose: Pose, landmarks: NDArray[np.int_]) -> Pose:
    """Exchange left and right labels."""
    order = np.arange(COUNT)
    order[landmarks] = np.array(MIRROR)[landmarks]
    return replace(
        pose,
        image=pose.image[order],
        world=pose.world[order],
        visibility=pose.visibility[order],
    )


def jump(metres: float) -> Callable[[Pose, NDArray[np.int_]], Pose]:
    """Throw landmarks sideways and upwards."""

    def apply(pose: Pose, landmarks: NDArray[np.int_]) -> Pose:
        pixel = metres_per_pixel(pose.image, pose.world)
        image, world = pose.image.copy(), pose.world.copy()
        image[landmarks] += np.array([0.8, -0.6]) * metres / pixel
        world[landmarks, :2] += np.array([0.8, -0.6]) * metres
        return replace(pose, image=image, world=world)

    return apply


def faults(frame_s: float) -> list[Fault]:
    """The kinds tried; ``frame_s`` is how long one frame lasts."""
    one = 0.5 * frame_s
    return [
        Fault("swap of everything, 1 frame", one, ALL, swap),
        Fault("swap of everything, 0.5 s", 0.5, ALL, swap),
        Fault("swap of the arms, 1 frame", one, ARMS, swap),
        Fault("swap of the arms, 0.5 s", 0.5, ARMS, swap),
        Fault("swap of the legs, 1 frame", one, LEGS, swap),
        Fault("swap of the legs, 0.5 s", 0.5, LEGS, swap),
        Fault("jump of everything, 0.3 m, 1 frame", one, ALL, jump(0.3)),
        Fault("jump of everything, 0.3 m, 2 frames", one + frame_s, ALL, jump(0.3)),
        Fault("jump of a shoulder, 0.2 m, 1 frame", one, ALL[11:12], jump(0.2)),
        Fault("jump of a wrist, 0.4 m, 1 frame", one, ALL[15:16], jump(0.4)),
    ]


def load(path: Path) -> list[Pose]:
    """The raw poses of one clip."""
    with np.load(path) as kept:
        width, height = (int(side) for side in kept["size"])
        return [
            Pose(
                np.asarray(time_s, dtype=np.float64),
                image[:, :2].astype(np.float64),
                world.astype(np.float64),
                visibility.astype(np.float64),
                (width, height),
            )
            for time_s, image, world, visibility in zip(
                kept["t"], kept["image"], kept["world"], kept["visibility"], strict=True
            )
        ]


def clean(poses: list[Pose]) -> tuple[list[Pose], list[bool]]:
    """The cleaned poses, and whether the guards touched each."""
    cleaner = PoseCleaner()
    out, touched = [], []
    for pose in poses:
        out.append(cleaner.update(pose))
        last = cleaner.last
        touched.append(last is not None and bool(last.held[:COUNT].any() or last.exchanged.any()))
    return out, touched


def distance(a: Pose, b: Pose, landmarks: NDArray[np.int_], pixel: float) -> float:
    """Mean distance of landmarks in metres: picture and, at half weight, depth."""
    flat = (a.image - b.image)[landmarks] * pixel
    deep = (a.world - b.world)[landmarks, 2:] * 0.5
    return float(np.linalg.norm(np.concatenate((flat, deep), axis=1), axis=1).mean())


def moments(times: Floats, lasting_s: float) -> Iterator[NDArray[np.int_]]:
    """Indices of the frames of each fault put in."""
    for start in np.arange(EVERY_S, times[-1] - EVERY_S, EVERY_S):
        first = int(np.searchsorted(times, start))
        yield np.flatnonzero((times >= times[first]) & (times <= times[first] + lasting_s))


def main() -> None:
    """Print both tables."""
    words = argparse.ArgumentParser(description="Swaps and jumps noticed, and false alarms.")
    words.add_argument("clips", nargs="*", help="names of clips; all without")
    words.add_argument("--landmarks", type=Path, required=True, help="folder of raw landmarks")
    given = words.parse_args()
    names = given.clips or sorted(
        path.stem for path in given.landmarks.glob("*.npz") if not path.stem.endswith(".mask")
    )
    counts: dict[str, list[int]] = {}
    alarms: list[tuple[str, int, int]] = []
    for name in names:
        poses = load(given.landmarks / f"{name}.npz")
        times = np.array([float(pose.time_s) for pose in poses])
        if len(poses) < 2 or times[-1] < 3 * EVERY_S or not all(pose.seen for pose in poses):
            continue
        reference, touched = clean(poses)
        alarms.append((name, sum(touched), len(poses)))
        pixel = metres_per_pixel(poses[0].image, poses[0].world)
        for fault in faults(float(np.median(np.diff(times)))):
            spoilt = list(poses)
            places = list(moments(times, fault.lasting_s))
            for frames in places:
                for i in frames:
                    spoilt[i] = fault.spoil(poses[i], fault.landmarks)
            cleaned, _ = clean(spoilt)
            tally = counts.setdefault(fault.name, [0, 0, 0, 0])
            for frames in places:
                for i in frames:
                    harm = distance(spoilt[i], poses[i], fault.landmarks, pixel)
                    if harm < 0.05:
                        continue  # nothing to tell apart: hands that meet, knees that touch
                    left = distance(cleaned[i], reference[i], fault.landmarks, pixel)
                    tally[0] += 1
                    tally[1] += left < 0.5 * harm
                for i in range(frames[-1] + 1, min(len(poses), frames[-1] + 11)):
                    left = distance(cleaned[i], reference[i], fault.landmarks, pixel)
                    tally[2] += 1
                    tally[3] += left > 0.05
    print("| fault put in | frames | bridged | frames of the next ten still spoilt |")
    print("|---|---|---|---|")
    for kind, (faulty, bridged, after, spoilt_after) in counts.items():
        print(
            f"| {kind} | {faulty} | {100 * bridged / max(faulty, 1):.1f} % | "
            f"{100 * spoilt_after / max(after, 1):.1f} % |"
        )
    print("\n| clip as it is | frames | touched |")
    print("|---|---|---|")
    for name, count, total in alarms:
        print(f"| {name} | {total} | {count} |")


if __name__ == "__main__":
    main()
