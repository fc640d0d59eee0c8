"""Coaching kept landmarks again: how many times as fast as they were taken.

    python -m benchmarks.rescoring [CLIPS] [--landmarks DIR] [--minutes 3]

The correct truth clip of each exercise is coached from the model's landmarks (and silhouettes,
where a measure needs them) there and back for some minutes, kept, and coached again in two ways:
by the same definition and measures, which takes what is stored; and as if the measures had
changed since, which takes views and measures from the landmarks again (the readings of
silhouettes are kept, the silhouettes are not). Times are of one processor, without loading; real
time is 30 frames a second. ``--landmarks`` is a folder as ``benchmarks.recordings`` describes.
Exit code 1 where a replay differs from what was kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.recordings import raw_poses
from posecoach.cli.options import find_exercise
from posecoach.plan.plan import make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from posecoach.store.recorder import Recorder
from posecoach.store.replay import replay
from posecoach.store.store import Store
from posecoach.store.values import StoredExercise

FPS = 30
HOLD_S = 2.0
"""The clips' holds last 2.5 to 3.5 seconds."""
WAYS = ("same measures", "measured again")
_PICTURE = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True)
class Speed:
    """One exercise.

    Attributes:
        measures: how many it asks for.
        times: by way, times real time; same: by way, whether the result was the same.
    """

    exercise: str
    measures: int
    times: tuple[float, ...]
    same: tuple[bool, ...]


def measure(clip: Path, landmarks: Path | None, minutes: float) -> Speed:
    """Coach a clip for so long, keep it, and coach it again both ways."""
    exercise = json.loads(clip.with_suffix(".json").read_text("utf-8"))["exercise"]
    stored = kept(list(raw_poses(clip, landmarks, None)), exercise, round(minutes * 60 * FPS))
    plan = stored.plan()
    times, same = [], []
    for case in (stored, replace(stored, measured_by="others")):
        took = []
        for _ in range(3):
            began = time.process_time()
            again = replay(case, plan)
            took.append(time.process_time() - began)
        times.append(len(stored.times) / FPS / min(took))
        same.append(again.same_as(stored))
    return Speed(exercise, len(plan.measures), tuple(times), tuple(same))


def kept(poses: Sequence[Pose], exercise: str, frames: int) -> StoredExercise:
    """Coach a recording's raw poses there and back for so many frames, and keep that."""
    session = Session(make_plan(find_exercise(exercise, None), hold=HOLD_S), "benchmark")
    apart_s = float(np.median(np.diff([float(pose.time_s) for pose in poses])))
    cleaner = PoseCleaner()
    small = [_without_mask(pose, session.observer.needs_mask) for pose in poses]
    with TemporaryDirectory() as place:
        folder = Path(place)
        with Recorder(folder, source="benchmark", live=False) as recorder:
            recorder.begin(session.plan)
            for number, pose in enumerate(_to_and_fro(small, frames)):
                time_s = number * apart_s
                now = replace(pose, time_s=np.asarray(time_s))
                recorder.hear(session.see(Frame(_PICTURE, time_s), cleaner.update(now)))
            recorder.end(session.finish(), session.ending)
        with Store.open(folder) as store:
            return store.load("last").exercises[0]


def _without_mask(pose: Pose, needed: bool) -> Pose:
    return pose if needed else replace(pose, mask=None)


def _to_and_fro(poses: Sequence[Pose], frames: int) -> Iterator[Pose]:
    """The poses there and back again, so that nothing jumps."""
    for number in range(frames):
        at = number % (2 * len(poses))
        yield poses[at if at < len(poses) else 2 * len(poses) - 1 - at]


def table(speeds: Sequence[Speed]) -> str:
    """A Markdown table, and what it comes to."""
    lines = [
        f"| exercise | measures | {' | '.join(WAYS)} | the same, bit for bit |",
        "|---|---:|---:|---:|---|",
    ]
    for each in speeds:
        cells = " | ".join(f"{times:.0f}" for times in each.times)
        verdict = "yes" if all(each.same) else "**no**"
        lines.append(f"| {each.exercise} | {each.measures} | {cells} | {verdict} |")
    for at, way in enumerate(WAYS):
        slowest = min(speeds, key=lambda each: each.times[at])
        lines.append(
            f"{'' if at else chr(10)}{way.capitalize()}: at least {slowest.times[at]:.0f} times "
            f"real time ({slowest.exercise}).{'' if at else chr(10)}"
        )
    return "\n".join(lines) + "\n"


def rescoring(clips: Path, landmarks: Path | None, minutes: float) -> tuple[str, bool]:
    """The table of all exercises with a clip, and whether all came out the same."""
    speeds = [measure(clip, landmarks, minutes) for clip in sorted(clips.glob("*-correct.mp4"))]
    return table(speeds), all(all(each.same) for each in speeds)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    shared = Path(__file__).resolve().parent.parent.parent / "shared" / "clips"
    parser.add_argument("clips", nargs="?", type=Path, default=shared)
    parser.add_argument("--landmarks", type=Path)
    parser.add_argument("--minutes", type=float, default=3)
    given = parser.parse_args()
    text, same = rescoring(given.clips, given.landmarks, given.minutes)
    print(text, end="")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
