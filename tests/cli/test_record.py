"""``posecoach exercises record``: to a file that works, from a recording and before the camera."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posecoach.cli import main
from posecoach.exercise.check import check_file
from tests.helpers.acting import Actor, acted
from tests.helpers.places import REPOSITORY, SHARED

FPS = 25.0
"""The clips have 15 frames a second; people are a little quicker in the tests."""

CLIP = SHARED / "clips" / "overhead-reach-correct.mp4"


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leave:
        main([*map(str, args)])
    captured = capsys.readouterr()
    code = leave.value.code
    return code if isinstance(code, int) else 0, captured.out, captured.err


@pytest.mark.skipif(not CLIP.exists(), reason="the truth clips are not here")
def test_a_recording_counts_by_its_own_definition_what_it_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any built-in definition, and under a name that tells nothing."""

    def gone(*_: object, **__: object) -> None:
        raise AssertionError("nobody may look at another definition")

    film, path = tmp_path / "film.mp4", tmp_path / "mine.yaml"
    shutil.copy(CLIP, film)
    with monkeypatch.context() as without:
        without.setattr("posecoach.exercise.library.standard_library", gone)
        without.setattr("posecoach.exercise.library.load", gone)
        code, out, _ = run(
            capsys, "exercises", "record", "mine", "--source", film, "--output", path
        )
    assert code == 0
    assert "4 repetitions (2 left, 2 right)" in out
    assert "not all of it is seen" not in out
    checked = check_file(path)
    assert not checked.problems
    assert checked.exercise is not None
    assert checked.exercise.sides == "each"
    result = tmp_path / "result.json"
    code, _, _ = run(capsys, "analyze", film, "--exercise", path, "--json", result)
    assert code == 0
    label = json.loads(CLIP.with_suffix(".json").read_text())["repetitions"]
    assert json.loads(result.read_text())["repetitions"] == label


class Shower(Actor):
    """Somebody who waits until they are asked to show it, and stands still afterwards."""

    def __init__(self, folder: Path, exercise: str) -> None:
        super().__init__({exercise: folder})
        still = self._waiting[exercise] * round(60 * FPS / len(self._waiting[exercise]))
        self._pictures[exercise] += still
        self._exercise = exercise

    def hear(self, line: str) -> None:
        if "Do it three times" in line:
            self.show(self._exercise, waits=False)


def test_before_the_camera_it_is_led_by_words_and_ends_by_itself(
    tmp_path: Path, bundle: Path, shared: Path
) -> None:
    """The real command before a stream, without window, sound or anybody at the keys."""
    shower, path = Shower(shared / "clips", "knee-to-chest"), tmp_path / "mine.yaml"
    env = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    env |= {
        "POSECOACH_DATA": str(tmp_path / "data"),
        "POSECOACH_MODEL": str(bundle),
        "PYTHONPATH": str(REPOSITORY),
    }
    told = []
    with acted(shower, FPS) as url:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "posecoach", "exercises", "record", "mine"),
                *("--source", url, "--no-window", "--output", str(path)),
            ],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                told.append(line)
                shower.hear(line)
            assert process.wait(60) == 0
        finally:
            process.kill()
    out = " ".join(" ".join(told).split())
    asked = ("Begin in the start pose", "Do it three times", "That is enough", "is written")
    assert sorted(asked, key=out.index) == list(asked)
    label = json.loads((shared / "clips" / "knee-to-chest-correct.json").read_text())
    assert f"{label['repetitions']['both']} repetitions seen" in out
    assert "not all of it is seen" not in out  # coached by it, it has as many
    assert not check_file(path).problems
    # What is kept of it is the definition, and nothing else.
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["mine.yaml"]


def test_without_a_camera_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--source", "http://127.0.0.1:9/none.mjpg", "--output", tmp_path / "mine.yaml")
    code, _, err = run(capsys, "exercises", "record", "mine", *where)
    assert code == 2
    assert err.count("posecoach: ") == 1
    assert not (tmp_path / "mine.yaml").exists()


def test_what_is_there_already_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.exercise.library.user_folder", lambda: tmp_path)
    (tmp_path / "mine.yaml").write_text("id: mine\n")
    monkeypatch.setattr("posecoach.cli.recording._opened", None)  # nobody looks at anything
    for source in (("--source", tmp_path / "film.mp4"), ()):
        code, _, err = run(capsys, "exercises", "record", "mine", *source)
        assert code == 2
        assert "is there already" in err
    assert (tmp_path / "mine.yaml").read_text() == "id: mine\n"


def test_a_file_is_called_like_the_exercise_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--source", tmp_path / "film.mp4", "--output", tmp_path / "other.yaml")
    code, _, err = run(capsys, "exercises", "record", "mine", *where)
    assert code == 2
    assert "called like the exercise" in err
    assert not (tmp_path / "other.yaml").exists()


def test_a_picture_shows_no_movement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import cv2
    import numpy as np

    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.zeros((64, 64, 3), np.uint8))
    where = ("--source", photo, "--output", tmp_path / "mine.yaml")
    code, _, err = run(capsys, "exercises", "record", "mine", *where)
    assert code == 2
    assert "is a picture" in err


def test_nothing_is_learnt_in_front_of_a_stretch_of_our_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.exercise.library.user_folder", lambda: tmp_path)
    monkeypatch.setattr("posecoach.cli.recording._opened", None)  # nobody looks at anything
    code, _, err = run(capsys, "exercises", "record", "wall-stretch")
    assert code == 2
    assert "own stretches; choose another id" in err
    assert not list(tmp_path.iterdir())
