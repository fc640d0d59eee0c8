"""Beginning: the two questions, what is remembered, and the doctor."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posecoach.cli import cli
from posecoach.cli.doctor import Finding
from posecoach.cli.session import Wanted, _Practised
from posecoach.cli.start import Choice, choices, matching
from posecoach.errors import SourceError
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.practice import camera_choice
from posecoach.practice.practice import Part
from posecoach.practice.preferences import (
    FILE,
    LastChoices,
    load_preferences,
    save_preferences,
)
from posecoach.session.result import Result
from posecoach.store.saving import Saving
from tests.helpers import mjpeg

text = st.text(st.characters(codec="utf-8"), max_size=30)


@given(text, text, text)
def test_what_is_remembered_comes_back(camera: str, exercise: str, profile: str) -> None:
    import tempfile

    wanted = LastChoices(camera, exercise, profile)
    with tempfile.TemporaryDirectory() as folder:
        assert save_preferences(Path(folder) / "new", wanted)
        assert load_preferences(Path(folder) / "new") == wanted


@pytest.mark.parametrize("found", ["", "[]", "null", '{"camera": 3, "other": "x"}', "{", "\x00"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, found: str) -> None:
    (tmp_path / FILE).write_text(found)
    assert load_preferences(tmp_path) == LastChoices()


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not save_preferences(tmp_path / "file", LastChoices("camera"))


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
    assert matching(there, "cow cat") == there[1]
    for nothing in ("3", "0", "a", "", "dog", "²", "-1", "9" * 99):
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
    first = CliRunner().invoke(cli, [], input="nonsense\nchild\nwall stretch\nAnna\n")
    assert first.exit_code == 0, first.output
    assert "There is no 'nonsense' in the list" in first.output
    assert "'child' may be 3, 4 or 5; give the number." in first.output
    assert asked["name"] == "wall-stretch"
    assert asked["source"] is None
    again = CliRunner().invoke(cli, [], input="\n\n")  # as the last time
    assert again.exit_code == 0
    assert asked["name"] == "wall-stretch"
    assert json.loads((tmp_path / FILE).read_text())["profile"] == "Anna"


def in_a_terminal(env: dict[str, str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run ``posecoach`` in a terminal of its own; answer each question with keys."""
    pty = pytest.importorskip("pty", reason="this system has no such terminals")
    import fcntl
    import termios

    def own_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # which jobs in the background ignore

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "posecoach"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=env,
        start_new_session=True,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    said, told = "", 0
    left, last = list(answers), b""
    until = time.monotonic() + 60
    while True:
        if left and left[0][0] in said[told:]:
            told, last = len(said), left.pop(0)[1].encode()
            os.write(ours, last)
        if time.monotonic() > until:
            process.kill()
            raise AssertionError(f"it does not end: {said}")
        if not select.select([ours], [], [], 3.0)[0]:
            # A key pressed just as the line editor takes over the terminal is lost; Ctrl-C
            # is heard with the next key then.
            os.write(ours, last if len(said) == told or last < b" " else b"")
            continue
        try:
            more = os.read(ours, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not more:
            break
        said += more.decode(errors="replace")
    os.close(ours)
    return process.wait(60), said


WHAT, WHO = "Number or name [", "apart) ["


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ([(WHAT, "\x03")], 130, ""),
        ([(WHAT, "\x04")], 130, ""),
        ([(WHAT, "cat-cow\r"), (WHO, "\x03")], 130, ""),
        ([(WHAT, "cat-cow\r"), (WHO, "\x04")], 130, ""),
        ([(WHAT, "99\r"), (WHAT, "dog\r"), (WHAT, "\r"), (WHO, "\r")], 2, "No camera was found"),
    ],
)
def test_the_questions_in_a_real_terminal(
    answers: list[tuple[str, str]], code: int, words: str, tmp_path: Path, bundle: Path
) -> None:
    """Ctrl-C and Ctrl-D end it without a word; wrong answers are asked again."""
    if words and sys.platform.startswith("linux") and list(Path("/dev").glob("video*")):
        pytest.skip("this machine has a camera, which would be opened")
    env = dict(os.environ, POSECOACH_DATA=str(tmp_path), POSECOACH_MODEL=str(bundle), TERM="dumb")
    ended, said = in_a_terminal(env, answers)
    assert ended == code, said
    assert "Traceback" not in said
    assert words in said
    assert said.count("There is no") == (2 if len(answers) == 4 else 0)


def test_what_was_ended_at_its_set_up_is_told_not_to_be_kept(tmp_path: Path) -> None:
    saving, said = Saving(tmp_path, profile="Ada"), StringIO()
    part = Part(make_plan(standard_library().find("overhead-reach")))
    practised = _Practised(Wanted([part]), saving, tmp_path, Console(file=said))
    with practised._keep(saving, "camera", Path("full.task")) as practised._recording:
        pass
    practised.tell([Result("overhead-reach", "camera")])
    assert said.getvalue().endswith("Nothing was begun, so nothing is kept.\n")


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
