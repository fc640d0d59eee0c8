"""``posecoach run`` as a person has it: a real window, live streams, things that go wrong.

The camera is a stream on this machine that serves a truth clip; the window is a real one on a
display of its own, looked at from outside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.exercise.library import standard_library
from posecoach.exercise.routine import Routine
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.moment import Moment
from posecoach.practice.practice import Part, Practice
from posecoach.practice.prescribing import fit
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source
from tests.helpers import mjpeg
from tests.helpers.acting import Actor, acted
from tests.helpers.desk_keys import painted, press, until
from tests.helpers.displays import shown_on
from tests.helpers.places import REPOSITORY

WALL = "clips/wall-stretch-correct.mp4"
FPS = 20.0
"""The clips have 15 frames a second; people are a little quicker in the tests."""
WAIT_S = 5.0
"""The person stands ready for so long, while the program starts on a busy machine."""
HALF_S = 10.5
"""Shown at that rate, both repetitions of the right side are done by then, none of the left."""


@pytest.fixture
def home(tmp_path: Path, bundle: Path) -> dict[str, str]:
    """An environment whose user has practised never before, without display and sound."""
    env = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    return env | {
        "POSECOACH_DATA": str(tmp_path / "data"),
        "POSECOACH_MODEL": str(bundle),
        "PYTHONPATH": str(REPOSITORY),
    }


def start(env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "posecoach", *arguments],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str], timeout: float = 90) -> tuple[str, str]:
    """What it wrote, once it has ended well."""
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return out, err


def test_the_window_shows_the_clip_and_hears_keys(
    display: dict[str, str], home: dict[str, str], tmp_path: Path, shared: Path
) -> None:
    """Pixels on the display: the camera's picture, the ring in colour, darkened in a pause."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    # With nothing on the path that could speak: the session goes on silently, and says so.
    env = home | {"DISPLAY": display["DISPLAY"], "PATH": str(tmp_path)}
    result = tmp_path / "result.json"
    clip = shared / WALL
    picture = np.s_[60:500, 60:700]  # where the camera's picture is, well inside
    light = float(mjpeg.clip_frames(clip)[0][0].mean())
    with mjpeg.serve(clip, loop=True) as camera:
        process = start(
            env,
            *("run", "wall-stretch", "--source", camera.url, "--no-setup"),
            *("--hold", "2", "--json", str(result)),
        )
        try:
            screen = tmp_path / "Xvfb_screen0"

            def shown() -> np.ndarray:
                return shown_on(screen)[:720, :1280].copy()

            def coloured() -> int:
                """Pixels of the panel in colour: the ring, or the figure in it."""
                panel = shown()[60:560, 900:1260].reshape(-1, 3).astype(int)
                return int((np.ptp(panel, axis=1) > 60).sum())

            title = "PoseCoach - Wall stretch"
            painted(title, screen, display)
            until(lambda: abs(float(shown()[picture].mean()) - light) < 25 and coloured() > 500)

            press(title, "space", display)
            until(lambda: shown()[picture].mean() < 0.6 * light)
            press(title, "space", display)
            until(lambda: shown()[picture].mean() > 0.8 * light)
            press(title, "q", display)
            out, _ = ended(process, 60)
        finally:
            process.kill()
    assert json.loads(result.read_text())["frames"] >= 1
    assert out.count("There is no voice on this machine") == 1


def test_a_stream_lost_half_way_keeps_what_was_coached(
    home: dict[str, str], tmp_path: Path, shared: Path
) -> None:
    result = tmp_path / "result.json"
    frames, _ = mjpeg.clip_frames(shared / WALL)
    frames = frames[:1] * round(WAIT_S * FPS) + frames
    with mjpeg.serve(frames, FPS, stop_after=WAIT_S + HALF_S) as camera:
        arguments = ("--no-setup", "--no-window", "--hold", "1", "--retry", "0")
        process = start(
            home,
            *("run", "wall-stretch", "--source", camera.url, "--json", str(result), *arguments),
        )
        out, _ = ended(process)
    kept = json.loads(result.read_text())
    assert kept["repetitions"]["right"] >= 1
    assert kept["repetitions"]["left"] == 0
    assert "stopped sending pictures" in kept["notes"][0]
    assert "what was seen until then is kept" in " ".join(out.split())


def test_a_file_is_coached_as_analyze_does(
    home: dict[str, str], tmp_path: Path, shared: Path
) -> None:
    """From its first frame to its last, without set-up, countdown or clock."""
    frames, fps = mjpeg.clip_frames(shared / WALL)
    clip = str(tmp_path / "short.avi")
    size = (frames[0].shape[1], frames[0].shape[0])
    writer = cv2.VideoWriter(clip, cv2.VideoWriter.fourcc(*"MJPG"), fps, size)
    for frame in frames[: round(14 * fps)]:
        writer.write(frame)
    writer.release()
    results = []
    for name, arguments in (
        ("run.json", ("run", "wall-stretch", "--no-window", "--source", clip)),
        ("analyze.json", ("analyze", clip, "--exercise", "wall-stretch")),
    ):
        ended(start(home, *arguments, "--hold", "2", "--json", str(tmp_path / name)))
        results.append(json.loads((tmp_path / name).read_text()))
    for result in results:
        del result["source"]
    assert results[0] == results[1]
    assert results[0]["repetitions"] == {"left": 0, "right": 2, "both": 0}


def test_a_whole_routine_runs_unattended(bundle: Path, shared: Path) -> None:
    """Shortened clips of two stretches through a live stream; nobody touches anything."""
    library = standard_library()
    routine = Routine.model_validate(
        {
            "id": "short",
            "name": "Short",
            "purpose": "For the tests",
            "rest": 1,
            "exercises": [
                {"exercise": "knee-to-chest", "repetitions": 1, "hold": 1},
                {"exercise": "wall-stretch", "repetitions": 1, "hold": 1, "side": "right"},
            ],
            "source": "the tests",
        }
    )
    parts = fit(routine, routine.exercises, library.find).parts
    actor = Actor({each.plan.exercise.id: shared / "clips" for each in parts})
    with acted(actor, FPS) as url, open_source(url) as source, Eyes(bundle) as eyes:
        practice = Practice(parts, source.name)
        results = LiveCoaching(practice, source, hooks=Hooks(tell=actor)).run(eyes)
    assert [stage for _, stage in actor.stages] == [
        *("setup", "work", "done", "rest"),
        *("setup", "work", "done", "over"),
    ]
    done = {result.exercise: result.repetitions for result in results}
    assert done == {
        "knee-to-chest": {"left": 0, "right": 0, "both": 1},
        "wall-stretch": {"left": 0, "right": 1, "both": 0},
    }


def test_a_camera_that_stops_for_five_seconds_goes_on(bundle: Path, shared: Path) -> None:
    frames, _ = mjpeg.clip_frames(shared / WALL)
    plan = standard_library().find("wall-stretch")
    notices: list[str] = []

    def tell(moment: Moment) -> None:
        if moment.practice.notice and moment.practice.notice not in notices:
            notices.append(moment.practice.notice)

    from posecoach.plan.plan import make_plan

    with (
        mjpeg.serve(frames[: len(frames) // 2], FPS, pause=(2.6, 5.0), loop=True) as camera,
        open_source(camera.url, retry_s=60) as source,
        Eyes(bundle) as eyes,
    ):
        part = Part(make_plan(plan, side="right", repetitions=2, hold=1))
        practice = Practice([part], source.name, setup=False)
        (result,) = LiveCoaching(practice, source, hooks=Hooks(tell=tell)).run(eyes)
    assert len(notices) == 1
    assert "stopped sending pictures" in notices[0]
    assert "Trying again" in notices[0]
    assert result.repetitions["right"] == 2
    assert all(hold.held_s < 4 for hold in result.holds)
    # Of the camera nothing is left to say; a busy machine may say that it is one.
    assert all("This computer managed only" in note for note in result.notes)
