"""Beginning: the two questions, what is remembered, and the doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mjpeg
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from posecoach.cli import cli
from posecoach.cli.doctor import Finding
from posecoach.cli.start import Choice, choices, matching
from posecoach.errors import SourceError
from posecoach.practice import camera_choice
from posecoach.practice.preferences import (
    FILE,
    Preferences,
    load_preferences,
    save_preferences,
)

text = st.text(st.characters(codec="utf-8"), max_size=30)


@given(text, text, text)
def test_what_is_remembered_comes_back(camera: str, exercise: str, profile: str) -> None:
    import tempfile

    wanted = Preferences(camera, exercise, profile)
    with tempfile.TemporaryDirectory() as folder:
        assert save_preferences(Path(folder) / "new", wanted)
        assert load_preferences(Path(folder) / "new") == wanted


@pytest.mark.parametrize("found", ["", "[]", "null", '{"camera": 3, "other": "x"}', "{", "\x00"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, found: str) -> None:
    (tmp_path / FILE).write_text(found)
    assert load_preferences(tmp_path) == Preferences()


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not save_preferences(tmp_path / "file", Preferences("camera"))


def test_the_last_camera_is_taken_and_where_it_is_gone_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Camera:
        live = mirror_display = True
        size, fps = (640, 480), 30.0

        def __init__(self, name: str) -> None:
            self.name = name

    def open_source(which: str | None, **asked: Any) -> Camera:
        if which == "Old camera":
            raise SourceError("There is no camera Old camera; there is 0 (New camera).")
        return Camera(which or "New camera")

    monkeypatch.setattr(camera_choice, "open_source", open_source)
    source, said = camera_choice.open_for_practice(None, "Desk camera")
    assert source.name == "Desk camera"
    assert said == "Desk camera: 640x480 at 30 frames a second (asked for 1280x720 at 30)."
    source, said = camera_choice.open_for_practice(None, "Old camera")
    assert source.name == "New camera"
    assert said.startswith("The last camera (Old camera) is not there.")
    with pytest.raises(SourceError):  # one that was named must be there
        camera_choice.open_for_practice("Old camera", "Desk camera")


def test_a_choice_is_meant_by_number_id_or_part_of_a_name() -> None:
    there = [Choice("upper-back", "Upper back", ""), Choice("cat-cow", "Cat and cow", "")]
    assert matching(there, "2") == there[1]
    assert matching(there, "upper-back") == there[0]
    assert matching(there, "COW") == there[1]
    for nothing in ("3", "0", "a", "", "dog"):
        assert matching(there, nothing) is None


def test_routines_are_offered_first() -> None:
    offered = choices()
    assert offered[0].id == "upper-back"
    assert {"cat-cow", "wall-stretch"} <= {choice.id for choice in offered}


def test_two_questions_and_it_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}
    from posecoach.cli.run import run

    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    monkeypatch.setattr("posecoach.cli.start.asks_here", lambda: True)
    monkeypatch.setattr(run, "callback", lambda **options: asked.update(options))
    first = CliRunner().invoke(cli, [], input="nonsense\nwall stretch\nAnna\n")
    assert first.exit_code == 0, first.output
    assert "There is no 'nonsense' in the list" in first.output
    assert asked["name"] == "wall-stretch"
    assert asked["source"] is None
    again = CliRunner().invoke(cli, [], input="\n\n")  # as the last time
    assert again.exit_code == 0
    assert asked["name"] == "wall-stretch"
    assert json.loads((tmp_path / FILE).read_text())["profile"] == "Anna"


def test_without_a_terminal_it_helps_and_asks_nothing() -> None:
    result = CliRunner().invoke(cli, [])
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_the_doctor_ends_with_what_it_found(
    monkeypatch: pytest.MonkeyPatch, ok: bool, code: int
) -> None:
    found = [Finding("disk", True, "well"), Finding("camera", ok, "Plug one in.")]
    monkeypatch.setattr("posecoach.cli.doctor.findings", lambda source, model: iter(found))
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == code
    assert ("problem" in result.output) == (not ok)


@pytest.mark.parametrize(("grey", "ok"), [(120, True), (8, False)])
def test_the_doctor_looks_through_the_camera(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, grey: int, ok: bool
) -> None:
    from posecoach.cli.doctor import _camera

    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    with mjpeg.serve([np.full((120, 160, 3), grey, np.uint8)] * 30, 15, loop=True) as camera:
        found, words = _camera(camera.url)
    assert found == ok
    assert "160x120" in words
    assert ("dark" in words) == (not ok)
