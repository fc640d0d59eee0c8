"""The examples, each run as its first lines say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from tests.helpers.places import REPOSITORY
from tests.helpers.store_sessions import poses

CLIP = str(REPOSITORY / "demo" / "wall-stretch.mp4")


@pytest.fixture
def environment(tmp_path: Path, bundle: Path) -> dict[str, str]:
    """A user without sessions, whose model is there."""
    own = {"PYTHONPATH": str(REPOSITORY), "POSECOACH_DATA": str(tmp_path / "data")}
    return {**os.environ, **own, "POSECOACH_MODEL": str(bundle)}


def ran(name: str, *words: str, env: dict[str, str], given: str | None = None) -> str:
    """What an example prints."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "examples" / f"{name}.py"), *words],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_count_repetitions(environment: dict[str, str]) -> None:
    told = ran("count_repetitions", CLIP, "wall-stretch", "2", env=environment)
    assert {line.split(":")[0] for line in told.splitlines()} >= {"left", "right"}
    assert "of 2 attempts counted" in told


def lines() -> Iterator[str]:
    """Kept landmarks as a program of one's own may give them."""
    for pose in poses():
        value = {
            "time_s": float(pose.time_s),
            "size": pose.size,
            **{name: getattr(pose, name).tolist() for name in ("image", "world", "visibility")},
        }
        yield json.dumps(value) + "\n"


def test_own_landmarks_need_no_camera_and_no_mediapipe(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Modules that cannot be imported stand in their place."""
    for name in ("mediapipe", "cv2"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not needed here')\n")
    path = f"{tmp_path}{os.pathsep}{REPOSITORY}"
    env = {**environment, "PYTHONPATH": path, "POSECOACH_MODEL": "nowhere.task"}
    told = ran("own_landmarks", "wall-stretch", env=env, given="".join(lines()))
    assert "attempts counted" in told


def test_angles_to_pandas(environment: dict[str, str], tmp_path: Path) -> None:
    told = ran("angles_to_pandas", CLIP, str(tmp_path / "angles.csv"), env=environment)
    table = pd.read_csv(tmp_path / "angles.csv", index_col="time_s")
    assert "elbow_flexion_left" in told
    assert table.index.is_monotonic_increasing
    assert table["elbow_flexion_left"].between(-5, 170).mean() > 0.9


def test_a_live_loop_of_ones_own(environment: dict[str, str]) -> None:
    """On a recording; a camera differs in nothing but ``None`` for its name."""
    told = ran("live_loop", "wall-stretch", CLIP, env=environment)
    assert "Bend your right elbow" in told
    assert told.splitlines()[-1].startswith("{'left': ")


def test_report(environment: dict[str, str], tmp_path: Path) -> None:
    told = ran("report", CLIP, "wall-stretch", str(tmp_path / "report.html"), env=environment)
    assert re.match(r"accuracy \d+%; the report is ", told)
    assert "Wall stretch" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "data").exists()  # kept only as long as the report took


def test_a_report_of_nobody(environment: dict[str, str], tmp_path: Path) -> None:
    empty = tmp_path / "wall.avi"
    film = cv2.VideoWriter(str(empty), cv2.VideoWriter.fourcc(*"MJPG"), 5, (320, 240))
    for _ in range(5):
        film.write(np.full((240, 320, 3), 200, np.uint8))
    film.release()
    told = ran("report", str(empty), "wall-stretch", str(tmp_path / "a.html"), env=environment)
    assert told.startswith("no attempt was seen; the report is ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("angles_to_pandas", ("missing.mp4", "angles.csv")),
        ("count_repetitions", ("missing.mp4", "wall-stretch")),
        ("count_repetitions", (CLIP, "wall-stretch", "long")),
        ("live_loop", ("no-such-stretch",)),
        ("own_landmarks", ("wall-stretch",)),
        ("report", ("missing.mp4", "wall-stretch", "report.html")),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    environment: dict[str, str], name: str, words: tuple[str, ...]
) -> None:
    """Without arguments each says how it is called; with wrong ones, what is wrong."""
    for given, said in ((), f"examples/{name}.py"), (words, ""):
        done = subprocess.run(
            [sys.executable, str(REPOSITORY / "examples" / f"{name}.py"), *given],
            input='{"time_s": 0.1}\n',
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
        )
        assert done.returncode == 1
        assert said in done.stderr
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr
