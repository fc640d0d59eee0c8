"""The same situations before a camera: a live stream of each, coached as a person has it.

    python -m benchmarks.situations_live ../shared/situations [--only neck]

Each clip is served as a live stream on this machine and coached twice from the first click to the
last word, without a window: with ``--no-setup`` from its first frame; and with the set-up check,
its first frame in the start pose being shown for 8 s before it begins (where there is none, its
first frame). Printed is what was counted against the label, which notices were shown, and what the
set-up check asked for and for how long. It takes as long as the clips do, twice.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.coaching import HOLD_S
from benchmarks.situations import HOLDS, SHOWN_S, counts, in_start
from posecoach.exercise.library import standard_library
from posecoach.observe.precision import kept_pose
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.bundle import ensure_bundle
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.moment import Moment, Stage
from posecoach.practice.practice import Part, Practice
from posecoach.session.eyes import Eyes
from posecoach.session.result import Result
from posecoach.source.frame import Frame
from posecoach.source.open import open_source
from tests.helpers import mjpeg
from tests.helpers.acting import noisy

MORE = 50
"""Repetitions asked for: more than any clip shows, so that it is coached to its end."""


@dataclass
class Told:
    """What a person was told, and for how many seconds."""

    seconds: dict[str, float] = field(default_factory=dict)
    last_s: float | None = None

    def __call__(self, moment: Moment) -> None:
        now = moment.snapshot.frame.time_s
        took = 0.0 if self.last_s is None else max(now - self.last_s, 0.0)
        self.last_s = now
        setup = moment.practice.setup
        for words in (moment.practice.notice, setup.wrong if setup else ""):
            if words:
                self.seconds[words] = self.seconds.get(words, 0.0) + took

    def __str__(self) -> str:
        said = [f'"{text}" {seconds:.1f} s' for text, seconds in self.seconds.items()]
        return "; ".join(said) or "-"


def live(
    plan: Plan, frames: Sequence[np.ndarray], fps: float, *, setup: bool
) -> tuple[Result, str]:
    """Coach a stream of the frames; what came of it and what was told."""
    told, bundle = Told(), ensure_bundle("full")
    with (
        mjpeg.serve(frames, fps) as camera,
        open_source(camera.url, retry_s=0) as source,
        Eyes(bundle) as eyes,
    ):
        practice = Practice([Part(plan)], source.name, setup=setup)
        results = LiveCoaching(practice, source, hooks=Hooks(tell=told)).run(eyes)
        begun = practice.last is not None and practice.last.stage is not Stage.SETUP
    return results[-1], f"{told}{'' if begun else '; never got past the set-up'}"


def first_in_start(plan: Plan, frames: Sequence[np.ndarray], fps: float) -> int:
    """Which frame is the first in the start pose; 0 where none is."""
    with Eyes(ensure_bundle("full")) as eyes:
        poses = [
            kept_pose(eyes.see(Frame(image, number / fps))) for number, image in enumerate(frames)
        ]
    found = in_start(plan, poses)
    return 0 if found is None else next(n for n, pose in enumerate(poses) if pose is found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each situation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="those with this in their names")
    given = parser.parse_args(arguments)
    print("| situation | true | --no-setup | told | with the set-up check | told |")
    print("|---|---|---|---|---|---|")
    exact = [0, 0]
    paths = [each for each in sorted(given.folder.glob("*.mp4")) if given.only in each.stem]
    for path in paths:
        label = json.loads(path.with_suffix(".json").read_text())
        plan = make_plan(
            standard_library().find(label["exercise"]),
            repetitions=MORE,
            hold=HOLDS.get(path.stem, HOLD_S),
        )
        frames, fps = mjpeg.clip_frames(path)
        waits = noisy(frames[first_in_start(plan, frames, fps)], round(SHOWN_S * fps))
        row = [path.stem, counts(label["repetitions"])]
        for number, (shown, setup) in enumerate(((frames, False), ([*waits, *frames], True))):
            result, told = live(plan, shown, fps, setup=setup)
            right = counts(result.repetitions) == counts(label["repetitions"])
            exact[number] += right
            row += [counts(result.repetitions) + ("" if right else " **wrong**"), told]
        print(f"| {' | '.join(row)} |", flush=True)
    print(f"\n- Counted as they are: {exact[0]} and {exact[1]} of {len(paths)}.")


if __name__ == "__main__":
    main()
