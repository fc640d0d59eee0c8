"""How old a frame is when it is on the display: python -m benchmarks.latency

A clip is served as a live stream on this machine and practised with as anybody would:
set-up, coaching, window, voice thread. For every frame that came to the display the time
from its capture is taken apart: waiting for its turn, inference with coaching, waiting for
the drawing, and the drawing itself.

What must hold: the delay is at most the inference plus one frame of the camera. A display is
needed; on a machine without one: xvfb-run -s "-screen 0 1920x1080x24" python -m benchmarks.latency
"""

from __future__ import annotations

import argparse
import os
import sys

import numpy as np

from posecoach.cli import options
from posecoach.cli.demo import CLIP
from posecoach.data import data_dir
from posecoach.practice.board import Drawn
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.practice import Part, Practice
from posecoach.screen.window import Window
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source
from tests.helpers import mjpeg

WARM_UP = 15
"""Frames left out at the beginning: the model's first ones are slow."""


def measure(
    clip: str, exercise: str, size: tuple[int, int], fps: float | None, seconds: float
) -> tuple[list[Drawn], float]:
    """Practise with ``clip`` for so long; the frames drawn, and the camera's frame time."""
    plan = options.planned(options.find_exercise(exercise, None), None, None, None)
    frames, own = mjpeg.clip_frames(clip)
    fps = fps or own
    drawn: list[Drawn] = []
    with (
        mjpeg.serve(frames, fps, stop_after=seconds, loop=True) as camera,
        open_source(camera.url) as source,
        Eyes(options.find_model(None), masks=False) as eyes,
        Window("latency", size=size) as window,
    ):
        practice = Practice([Part(plan)], source.name, setup=False)
        LiveCoaching(practice, source, window, hooks=Hooks(drawn=drawn.append)).run(eyes)
    return drawn[WARM_UP:], 1 / fps


def table(drawn: list[Drawn], frame_s: float) -> tuple[str, bool]:
    """The delays as a table, and whether they are within inference plus one frame."""
    rows = {
        "waiting to be taken": [each.taken - each.captured for each in drawn],
        "inference and coaching": [each.coached - each.taken for each in drawn],
        "waiting and drawing": [each.drawn - each.coached for each in drawn],
        "capture to display": [each.drawn - each.captured for each in drawn],
    }
    lines = ["| milliseconds | median | 95 % | worst |", "|---|---|---|---|"]
    for name, values in rows.items():
        ms = np.array(values) * 1000
        lines.append(
            f"| {name} | {np.median(ms):.1f} | {np.percentile(ms, 95):.1f} | {ms.max():.1f} |"
        )
    beyond = np.array([each.drawn - each.captured - (each.coached - each.taken) for each in drawn])
    share = float(np.mean(beyond <= frame_s))
    within = float(np.median(beyond)) <= frame_s and share >= 0.95
    lines += [
        "",
        f"{len(drawn)} frames drawn. Beyond the inference: median "
        f"{np.median(beyond) * 1000:.1f} ms, one frame is {frame_s * 1000:.1f} ms; "
        f"{share:.1%} of the frames are within inference + 1 frame.",
    ]
    return "\n".join(lines), within


def main() -> int:
    """Print the table; 0 where the delay is as it must be."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("--clip", default=str(data_dir("demo") / CLIP))
    words.add_argument("--exercise", default="wall-stretch")
    words.add_argument("--size", default="1280x720", help="of the window")
    words.add_argument("--fps", type=float, help="of the camera; the clip's own by default")
    words.add_argument("--seconds", type=float, default=15.0)
    given = words.parse_args()
    width, height = map(int, given.size.split("x"))
    drawn, frame_s = measure(given.clip, given.exercise, (width, height), given.fps, given.seconds)
    text, within = table(drawn, frame_s)
    print(text)
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    if busy > cores + 1:
        print(f"This machine is busy (load {busy:.0f} on {cores} cores): the delays are not ours.")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
