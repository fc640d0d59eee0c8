"""Estimating a recording by the handful, and importing no more than is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from posecoach.coach.spell import MAX_GAP_S
from posecoach.data import data_dir
from posecoach.session.eyes import Eyes
from posecoach.source.frame import Frame
from posecoach.source.open import open_source

CLIP = data_dir("demo") / "wall-stretch.mp4"


def test_a_handful_of_frames_gives_the_poses_of_each(bundle: Path) -> None:
    with open_source(str(CLIP)) as source:
        frames = [frame for frame, _ in zip(source.frames(), range(21), strict=False)]
    with Eyes(bundle) as eyes:
        single = [eyes.see(frame) for frame in frames]
    with Eyes(bundle) as eyes:
        handful = list(eyes.follow(frames))
    assert [frame for frame, _ in handful] == frames
    for alone, (_, pose) in zip(single, handful, strict=True):
        assert np.array_equal(alone.image, pose.image)
        assert np.array_equal(alone.world, pose.world)


def test_the_first_frame_waits_for_no_other_and_few_are_held(bundle: Path) -> None:
    taken: list[Frame] = []

    def frames(width: int, count: int = 40) -> object:
        for number in range(count):
            frame = Frame(np.zeros((width, width, 3), np.uint8), number / 30)
            taken.append(frame)
            yield frame

    with Eyes(bundle) as eyes:
        following = eyes.follow(frames(64))  # type: ignore[arg-type]
        next(following)
        assert len(taken) == 1
        assert len(list(following)) == 39
        taken.clear()
        # A picture that is large enough to fill what may be held stays alone.
        held = [len(taken) for _ in eyes.follow(frames(3100, 5))]  # type: ignore[arg-type]
        assert held == list(range(1, 6))


def test_whoever_takes_anothers_place_was_away_first(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For longer than the coach bridges: what it learnt of the other is learnt again."""
    with open_source(str(CLIP)) as source:
        frames = [frame for frame, _ in zip(source.frames(), range(60), strict=False)]
    with Eyes(bundle) as eyes:
        came_s = frames[20].time_s
        seen = []
        for frame in frames:
            monkeypatch.setattr(Eyes, "changed", frame.time_s == came_s)
            seen.append(eyes.see(frame).seen)
    away = [frame.time_s for frame, was in zip(frames, seen, strict=True) if not was]
    assert away[0] == came_s
    assert away[-1] - came_s > MAX_GAP_S
    assert seen[:20] == [True] * 20
    assert seen[-1]


def test_mediapipe_comes_without_matplotlib_and_microphone_and_can_still_have_them() -> None:
    script = (
        "import sys\n"
        "from posecoach.system import import_mediapipe\n"
        "import_mediapipe()\n"
        "unused = ('matplotlib', 'sounddevice', '_sounddevice')\n"
        "print(any(name.startswith(unused) for name in sys.modules))\n"
        "from mediapipe.tasks.python.audio.core import audio_record\n"
        "print(audio_record.sd.__name__)\n"
        "from mediapipe.tasks.python.vision import drawing_utils\n"
        "print(drawing_utils.plt.figure.__module__)\n"
        "import matplotlib\n"
        "print(matplotlib.__version__ != '')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert ended.stdout.split() == ["False", "sounddevice", "matplotlib.pyplot", "True"]
