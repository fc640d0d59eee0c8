"""Do the counts stay right at few frames a second?

    python -m benchmarks.tempo CLIPS --landmarks DIR [--only NAME ...] [--seeds 3]

The correct truth clips (15 frames a second) are coached from the model's landmarks with all
frames, at 8 and 5 a second, with a third of the frames missing at random, and both. Told are
the repetitions against the truth, and how far each hold's length is from what it is with all
frames. ``--landmarks`` is a folder as ``benchmarks.recordings`` describes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.recordings import raw_poses
from posecoach.cli.options import find_exercise
from posecoach.plan.plan import make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.source.frame import Frame

HOLD_S = 2.0
"""The clips' holds last 2.5 to 3.5 seconds."""
_PICTURE = np.zeros((1, 1, 3), np.uint8)


def thinned(times: Sequence[float], fps: float, missing: float, random: Random) -> list[int]:
    """Return which frames a machine with ``fps`` frames a second takes, some of them lost.

    As a camera hands over its newest frame: each taken is the first after its time.
    """
    taken, due = [], -1.0
    for index, time_s in enumerate(times):
        if time_s >= due - 1e-6:
            due = max(due, time_s) + 1 / fps if due >= 0 else time_s + 1 / fps
            if random.random() >= missing:
                taken.append(index)
    return taken


def coached(poses: Sequence[Pose], exercise: str) -> Result:
    """Coach raw poses."""
    session = Session(make_plan(find_exercise(exercise, None), hold=HOLD_S), "tempo")
    cleaner = PoseCleaner()
    for pose in poses:
        time_s = float(pose.time_s)
        session.see(Frame(_PICTURE, time_s), cleaner.update(pose))
    return session.finish()


WAYS = ((15.0, 0.0), (8.0, 0.0), (5.0, 0.0), (15.0, 1 / 3), (8.0, 1 / 3))


def compare(clip: Path, landmarks: Path | None, seeds: int) -> str:
    """One line of the table."""
    truth: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    poses = list(raw_poses(clip, landmarks, None))
    times = [float(pose.time_s) for pose in poses]
    whole = coached(poses, truth["exercise"])
    cells = []
    for fps, missing in WAYS:
        wrong, off = 0, [0.0]
        runs = seeds if missing else 1
        for seed in range(runs):
            chosen = thinned(times, fps, missing, Random(seed))
            result = coached([poses[index] for index in chosen], truth["exercise"])
            wrong += result.repetitions != whole.repetitions
            off += [abs(a - b) for a, b in _pairs(whole, result)]
        cells.append(f"{'same' if not wrong else f'{wrong} of {runs} differ'}, {max(off):.1f} s")
    counted = "/".join(str(n) for n in whole.repetitions.values())
    true = "/".join(str(n) for n in truth["repetitions"].values())
    return f"| {clip.stem} | {true} | {counted} | {' | '.join(cells)} |"


def _pairs(whole: Result, other: Result) -> list[tuple[float, float]]:
    """Lengths of holds that overlap, in both."""
    return [
        (a.held_s, b.held_s)
        for a in whole.holds
        for b in other.holds
        if a.completed and b.completed and a.step == b.step and a.side == b.side
        if a.start_s < b.end_s and b.start_s < a.end_s
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--landmarks", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    ways = [f"{fps:g} a second{', a third missing' if gone else ''}" for fps, gone in WAYS]
    print(f"| clip | true left/right/both | counted | {' | '.join(ways)} |")
    print("|---|---|---|" + "---|" * len(ways))
    for clip in sorted(given.clips.glob("*-correct.mp4")):
        if not given.only or clip.stem in given.only:
            print(compare(clip, given.landmarks, given.seeds), flush=True)


if __name__ == "__main__":
    main()
