"""``posecoach exercises record``: from a recording to a file that works, with nothing asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from posecoach.cli import main
from posecoach.exercise.check import check_file
from tests.helpers.places import SHARED

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


def test_what_is_there_already_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.exercise.library.user_folder", lambda: tmp_path)
    (tmp_path / "mine.yaml").write_text("id: mine\n")
    code, _, err = run(capsys, "exercises", "record", "mine", "--source", tmp_path / "film.mp4")
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
