"""One way to process a recording, in a process of its own, some frames at a time.

``benchmarks.speed`` starts one such process for each way it compares and lets them take
turns, so that all are measured on the same frames under the same load, and CPU time and
memory of each are its own, threads included.

    python -m benchmarks.speed_ways turns WAY CLIP EXERCISE BUNDLE
    python -m benchmarks.speed_ways first WAY CLIP EXERCISE BUNDLE
    python -m benchmarks.speed_ways whole WAY CLIP EXERCISE BUNDLE

``turns`` answers each number on standard input with a line of JSON once it has done so many
frames; ``first`` ends with the first frame, ``whole`` with the last. Ways: ``bare`` and
``bare+mask`` are OpenCV's decoder and MediaPipe as their guides call them; ``ours`` is a
recording, ``ours+live`` a camera, ``+window`` and ``+store`` add to it. They look at every frame;
``live``, of ``whole`` alone, at as many as it needs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

Step = Callable[[], None]
"""Processes one frame."""

Clock = dict[str, float]
"""Stage to seconds of CPU so far."""

MEDIAPIPE, DECODING, RGB = "MediaPipe", "decoding", "picture to RGB"
PICTURE, SUBJECT = "landmarks to arrays", "subject and cleaning"
MEASURES, COACH, DRAWING, STORE = "measures", "coach", "drawing", "store"
OURS = (PICTURE, SUBJECT, MEASURES, COACH, DRAWING, STORE)
"""The stages that bare MediaPipe does not have."""


def bare(clip: str, bundle: str, masks: bool) -> tuple[Step, Clock]:
    """Decode and ``detect_for_video``, nothing else."""
    import cv2
    import mediapipe

    vision = mediapipe.tasks.vision
    landmarker = vision.PoseLandmarker.create_from_options(
        vision.PoseLandmarkerOptions(
            base_options=mediapipe.tasks.BaseOptions(model_asset_path=bundle),
            running_mode=vision.RunningMode.VIDEO,
            output_segmentation_masks=masks,
        )
    )
    capture = cv2.VideoCapture(clip)
    began_ms = last_ms = 0

    def step() -> None:
        nonlocal capture, began_ms, last_ms
        ok, image = capture.read()
        if not ok:
            capture = cv2.VideoCapture(clip)
            began_ms = last_ms + 33
            ok, image = capture.read()
        last_ms = max(last_ms + 1, began_ms + round(capture.get(cv2.CAP_PROP_POS_MSEC)))
        picture = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        )
        landmarker.detect_for_video(picture, last_ms)

    return step, {}


def ours(
    clip: str,
    exercise: str,
    bundle: str,
    stack: ExitStack,
    *,
    live: bool = False,
    window: bool = False,
    store: bool = False,
) -> tuple[Step, Clock]:
    """Source, eyes, session, and on wish what draws and what keeps it.

    Args:
        live: coach each frame before the next is taken, as for a camera.
    """
    from posecoach.cli.options import find_exercise
    from posecoach.plan.plan import make_plan
    from posecoach.session.eyes import Eyes
    from posecoach.session.session import Session

    plan = make_plan(find_exercise(exercise, None))
    session = Session(plan, clip)
    clock: Clock = defaultdict(float)
    _clocked(clock)
    eyes = stack.enter_context(Eyes(Path(bundle), masks=session.observer.needs_mask))
    listeners: list[Callable[[Any], object]] = []
    if window:
        from posecoach.screen.paint import draw

        listeners.append(_timed(lambda moment: draw(moment, (1280, 720)), clock, DRAWING))
    if store:
        from posecoach.store.recorder import Recorder

        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        recorder = stack.enter_context(Recorder(Path(folder), source=clip, live=False))
        recorder.begin(plan)
        listeners.append(_timed(recorder.hear, clock, STORE))
    frames = looped(clip)
    moments: Iterator[tuple[Any, Any]]
    if live:
        moments = ((frame, eyes.estimate(frame.image, frame.time_s)) for frame in frames)
    else:
        moments = eyes.follow(frames)

    def step() -> None:
        moment = session.see(*next(moments))
        for listener in listeners:
            listener(moment)

    return step, clock


def looped(clip: str) -> Iterator[Any]:
    """A recording's frames over and over, times going on."""
    from posecoach.source.open import open_source

    with open_source(clip) as source:
        ended_s = 0.0
        while True:
            last_s = 0.0
            for frame in source.frames():
                last_s = frame.time_s
                yield replace(frame, time_s=ended_s + last_s)
            ended_s += last_s + 1 / (source.fps or 30)


def _timed(call: Callable[..., Any], clock: Clock, stage: str, inside: str = "") -> Any:
    """The same call, its CPU time in this thread put down to a stage.

    Args:
        inside: the stage that contains this one, from which the time is taken.
    """

    def timed(*args: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return call(*args, **named)
        finally:
            took = time.thread_time() - began
            clock[stage] += took
            if inside:
                clock[inside] -= took

    return timed


def _clocked(clock: Clock) -> None:
    """Put a clock on every stage; the innermost gets the time."""
    from posecoach.observe.observer import Observer
    from posecoach.pose import results
    from posecoach.pose.estimator import PoseEstimator
    from posecoach.session.eyes import Eyes
    from posecoach.session.session import Session

    for owner, name, stage, inside in (
        (results._Native, "run", MEDIAPIPE, PICTURE),
        (PoseEstimator, "_picture", RGB, PICTURE),
        (PoseEstimator, "estimate", PICTURE, SUBJECT),
        (Eyes, "_find", SUBJECT, ""),
        (Eyes, "_clean", SUBJECT, ""),
        (Observer, "observe", MEASURES, COACH),
        (Session, "see", COACH, ""),
    ):
        setattr(owner, name, _timed(getattr(owner, name), clock, stage, inside))


def _thread_cpu() -> Clock:
    """CPU seconds of the threads that have a name of ours, where the system tells."""
    stages = {"posecoach-decode": DECODING, "posecoach-store": STORE}
    told: Clock = defaultdict(float)
    if not hasattr(time, "pthread_getcpuclockid"):
        return told
    for thread in threading.enumerate():
        if thread.name in stages and thread.ident is not None and thread.is_alive():
            try:
                clock = time.pthread_getcpuclockid(thread.ident)
                told[stages[thread.name]] += time.clock_gettime(clock)
            except OSError:
                continue  # it has just ended
    return told


def peak_bytes() -> int:
    """The most memory this process has had."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _make(way: str, clip: str, exercise: str, bundle: str, stack: ExitStack) -> tuple[Step, Clock]:
    if way.startswith("bare"):
        return bare(clip, bundle, masks=way.endswith("mask"))
    live, window, store = ("live" in way or "window" in way), "window" in way, "store" in way
    return ours(clip, exercise, bundle, stack, live=live, window=window, store=store)


def _turns(way: str, clip: str, exercise: str, bundle: str) -> None:
    with ExitStack() as stack:
        step, clock = _make(way, clip, exercise, bundle, stack)
        answers = os.fdopen(os.dup(1), "w")
        for line in sys.stdin:
            threads = _thread_cpu()
            stages = dict(clock)
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(int(line)):
                step()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            spent = {stage: clock[stage] - stages.get(stage, 0.0) for stage in clock}
            for stage, seconds in _thread_cpu().items():
                # A decoder that began anew within the turn has no time before it.
                before = threads.get(stage, 0.0)
                took = seconds - before if seconds >= before else seconds
                spent[stage] = spent.get(stage, 0.0) + took
            told = {"cpu": cpu, "wall": wall, "stages": spent, "peak": peak_bytes()}
            print(json.dumps(told), file=answers, flush=True)


def _first(way: str, clip: str, exercise: str, bundle: str) -> None:
    if way.startswith("bare"):
        bare(clip, bundle, masks=way.endswith("mask"))[0]()
        os._exit(0)
    from posecoach.cli import options
    from posecoach.clinic.job import Job, coached

    # As the command does it, the model's check included.
    plan = options.planned(options.find_exercise(exercise, None), None, None, None)
    coached(Job(clip, plan, options.find_model(bundle)), lambda done, total: os._exit(0))


def _whole(way: str, clip: str, exercise: str, bundle: str) -> None:
    """From the first frame to the last: ``bare``, or ``live`` as before a camera, unseen."""
    if way == "live":
        _live(clip, exercise, bundle)
        return
    import cv2

    capture = cv2.VideoCapture(clip)
    step, _ = bare(clip, bundle, masks=way.endswith("mask"))
    for _ in range(int(capture.get(cv2.CAP_PROP_FRAME_COUNT))):
        step()


def _live(clip: str, exercise: str, bundle: str) -> None:
    """Practise before a recording as before a camera that waits for nobody."""
    from posecoach.cli.options import find_exercise
    from posecoach.plan.plan import make_plan
    from posecoach.practice import live
    from posecoach.practice.practice import Part, Practice
    from posecoach.session.eyes import Eyes
    from posecoach.source.recorded import VideoSource

    class Camera(VideoSource):
        live = True
        started_monotonic = 0.0

    # What else this machine does is no matter here.
    live.QUICK_S = float("inf")
    plan = make_plan(find_exercise(exercise, None))
    practice = Practice([Part(plan)], clip, guided=False)
    with (
        Camera(Path(clip)) as camera,
        Eyes(Path(bundle), masks=plan.needs_mask) as eyes,
    ):
        live.LiveCoaching(practice, camera).run(eyes)


if __name__ == "__main__":
    {"turns": _turns, "first": _first, "whole": _whole}[sys.argv[1]](*sys.argv[2:6])
