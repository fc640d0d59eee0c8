"""What the coach counts where somebody holds the camera in their hands.

    python -m benchmarks.handheld FOLDER... --landmarks KEPT [--roll 2] [--shift 0.02] [--zoom 0.03]

Films of FOLDER are seen through a camera that sways: it rolls to and fro by so many degrees, moves
by so much of the picture's width and comes nearer by so much, each as three sines of 0.1 to 0.7 Hz,
another sway for each film. Poses are found anew in these pictures and kept in KEPT, in a folder
named for what was done; beside it stands what is counted as filmed. What comes into the picture at
its edges repeats them.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.coaching import coached
from benchmarks.people_judge import Row, judge
from benchmarks.recordings import keep, kept_poses, raw_poses
from benchmarks.situations import clean
from posecoach.exercise.library import standard_library
from posecoach.pose.bundle import resolve_bundle
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.pose import Pose
from posecoach.source.open import open_source

SLOWEST_HZ, FASTEST_HZ = 0.1, 0.7
"""Of the sway of somebody who stands: most of it lies below 1 Hz."""
SHARES = (0.6, 0.3, 0.1)
"""What each sine has of the whole."""


@dataclass(frozen=True)
class Sway:
    """How far a camera sways at most, to either side.

    Attributes:
        roll: degrees.
        shift: of the picture's width, to the side and up.
        zoom: of the distance.
    """

    roll: float
    shift: float
    zoom: float

    @property
    def name(self) -> str:
        """What its landmarks are kept under."""
        return f"handheld-{self.roll:g}-{self.shift:g}-{self.zoom:g}"

    def at(self, time_s: float, size: tuple[int, int], seed: int) -> NDArray[np.float64]:
        """Return the (2, 3) matrix that takes the still camera's picture to this one's."""
        dice = np.random.default_rng(seed)
        rates = dice.uniform(SLOWEST_HZ, FASTEST_HZ, (4, len(SHARES)))
        phases = dice.uniform(0, 2 * math.pi, rates.shape)
        roll, right, down, near = np.sin(2 * math.pi * rates * time_s + phases) @ SHARES
        middle = (size[0] / 2, size[1] / 2)
        turned = cv2.getRotationMatrix2D(middle, self.roll * roll, 1 + self.zoom * near)
        moved = self.shift * size[0] * np.array([[0, 0, right], [0, 0, down]])
        return np.asarray(turned, dtype=np.float64) + moved


def handheld_poses(path: Path, sway: Sway, kept: Path) -> list[Pose]:
    """The estimator's poses through the swaying camera; found once, then kept."""
    if not (kept / f"{path.stem}.mask.npz").is_file():
        seed = zlib.crc32(path.stem.encode())
        with (
            open_source(str(path)) as source,
            PoseEstimator(resolve_bundle(None), masks=True) as estimator,
        ):
            found = []
            for frame in source.frames():
                high, wide = frame.image.shape[:2]
                matrix = sway.at(frame.time_s, (wide, high), seed)
                seen = cv2.warpAffine(
                    frame.image, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE
                )
                found.append(estimator.estimate(np.asarray(seen, np.uint8), frame.time_s))
        keep(found, kept, path.stem)
    return list(kept_poses(kept, path.stem))


def judged(path: Path, poses: Iterable[Pose]) -> Row:
    """Coach a recording's poses and hold it against its label."""
    label = json.loads(path.with_suffix(".json").read_text("utf-8"))
    result = coached(standard_library().find(label["exercise"]), clean(list(poses)))
    return judge(path, label, result.as_json())


def recordings(folders: Iterable[Path]) -> Iterator[Path]:
    """The films of some folders that have a label of a stretch."""
    for folder in folders:
        for label in sorted(folder.glob("*.json")):
            if json.loads(label.read_text("utf-8")).get("exercise", "none") != "none":
                yield label.with_suffix(".mp4")


def table(rows: dict[str, list[tuple[Row, Row]]]) -> str:
    """Counts, holds and faults by exercise, as filmed and from the hand, as Markdown."""
    head = "| exercise | exact | holds | told | told wrongly | in the hand: exact | holds | told |"
    lines = [f"{head} told wrongly |", "|" + "---|" * 9]
    every = [pair for pairs in rows.values() for pair in pairs]
    for name, pairs in [*sorted(rows.items()), ("together", every)]:
        cells = []
        for which in (0, 1):
            some = [pair[which] for pair in pairs]
            faults = [each for row in some for each in row.faults]
            holds = sum(len(row.hold_errors) for row in some)
            cells += [
                f"{sum(row.exact for row in some)}/{len(some)}",
                f"{sum(row.holds_found for row in some)}/{holds}" if holds else "-",
                f"{sum(each.told for each in faults)}/{len(faults)}",
                str(sum(len(row.wrong) for row in some)),
            ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, help="recordings with labels")
    parser.add_argument("--landmarks", type=Path, required=True, help="kept output, by folder")
    parser.add_argument("--roll", type=float, default=2.0, help="degrees")
    parser.add_argument("--shift", type=float, default=0.02, help="of the picture's width")
    parser.add_argument("--zoom", type=float, default=0.03, help="of the distance")
    given = parser.parse_args()
    sway = Sway(given.roll, given.shift, given.zoom)
    rows: dict[str, list[tuple[Row, Row]]] = {}
    for path in recordings(given.folders):
        still = judged(path, raw_poses(path, given.landmarks / path.parent.name, None))
        held = judged(path, handheld_poses(path, sway, given.landmarks / sway.name))
        exercise = json.loads(path.with_suffix(".json").read_text("utf-8"))["exercise"]
        rows.setdefault(exercise, []).append((still, held))
    print(table(rows))


if __name__ == "__main__":
    main()
