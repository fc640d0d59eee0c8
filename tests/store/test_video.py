"""A picture is kept only for those who ask for one, and in its time."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.session.session import Session
from posecoach.source.frame import Frame
from posecoach.store.database import VIDEOS
from posecoach.store.forget import forget
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.store.store import Store
from posecoach.store.video import FPS, VideoRecorder, unfinished_name
from posecoach.system import import_cv2
from tests.helpers.store_sessions import coach, plan_of, poses


def _frame(time_s: float, level: int, size: tuple[int, int] = (64, 48)) -> Frame:
    return Frame(np.full((size[1], size[0], 3), level, np.uint8), time_s)


def _levels(path: Path) -> list[int]:
    reader = import_cv2().VideoCapture(str(path))
    levels = []
    while True:
        ok, image = reader.read()
        if not ok:
            return levels
        levels.append(round(float(image.mean())))


def _see(recording: Recording, *frames: Frame) -> None:
    """Moments of the wall stretch with these pictures."""
    session = Session(plan_of(), "")
    for frame, snapshot in zip(frames, coach(session, poses()), strict=False):
        recording.hear(replace(snapshot, frame=frame))


def test_each_picture_is_shown_until_the_next(tmp_path: Path) -> None:
    """At 30 frames a second every other one is left out; a pause is a still."""
    video = VideoRecorder(tmp_path, "x")
    for index in range(30):
        video.write(_frame(index / 30, 50))
    video.write(_frame(3.0, 200))
    video.write(_frame(3.5, 200, (128, 96)))
    video.close()
    levels = _levels(video.path)
    assert len(levels) == pytest.approx((3.5 + 1 / FPS) * FPS, abs=1)
    assert sum(level < 125 for level in levels) == pytest.approx(3 * FPS, abs=1)


def test_a_video_is_listed_with_its_session_and_forgotten_with_it(tmp_path: Path) -> None:
    saving = Saving(tmp_path, video=True)
    with Recording(saving, source="", live=False) as recording:
        recording.begin(plan_of())
        _see(recording, *(_frame(index / 20, 100) for index in range(20)))
    with Store.open(tmp_path) as store:
        (name,) = store.load("last").videos
    assert len(_levels(tmp_path / VIDEOS / name)) == pytest.approx(15, abs=1)
    forget(tmp_path, [1])
    assert list((tmp_path / VIDEOS).iterdir()) == []


def test_no_picture_is_kept_unasked(tmp_path: Path) -> None:
    with Recording(Saving(tmp_path), source="") as recording:
        recording.begin(plan_of())
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.skipif(os.name != "posix", reason="modes of Unix")
def test_a_video_is_as_private_as_the_database_wherever_it_lies(tmp_path: Path) -> None:
    """Also in folders that were there before, for all to look into."""
    (tmp_path / VIDEOS).mkdir(mode=0o755)
    with Recording(Saving(tmp_path, video=True), source="", live=False) as recording:
        recording.begin(plan_of())
        assert recording._video is not None
        recording._video.write(_frame(0.0, 100))
        (unfinished,) = (tmp_path / VIDEOS).iterdir()
        assert unfinished.stat().st_mode & 0o777 == 0o600
    (video,) = (tmp_path / VIDEOS).iterdir()
    assert video.name.endswith(".mp4")
    assert not video.name.endswith(".part.mp4")
    assert video.stat().st_mode & 0o777 == (tmp_path / "sessions.db").stat().st_mode & 0o777


def test_a_video_left_by_a_kill_is_forgotten_too(tmp_path: Path) -> None:
    with Recording(Saving(tmp_path, video=True), source="", live=False) as recording:
        recording.begin(plan_of())
        _see(recording, _frame(0.0, 100))
    with Store.open(tmp_path) as store:
        (name,) = store.load("last").videos
    left = tmp_path / VIDEOS / unfinished_name(name)
    left.write_bytes(b"what the camera saw")
    forget(tmp_path, [1])
    assert not left.exists()


def test_where_nothing_was_seen_nothing_is_kept(tmp_path: Path) -> None:
    """Who ends at the set-up has no session, and whoever they were stands nowhere."""
    with Recording(Saving(tmp_path, video=True, profile="Ada"), source="") as recording:
        recording.begin(plan_of())
    assert recording.number is None
    with Store.open(tmp_path) as store:
        assert store.sessions() == []
        assert store.rows("SELECT * FROM exercise") == []
        assert store.rows("SELECT * FROM definition") == []
    assert list((tmp_path / VIDEOS).iterdir()) == []
