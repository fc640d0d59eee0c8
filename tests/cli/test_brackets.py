"""Square brackets in names are shown as they stand: they are no markup of the terminal's."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from rich.console import Console

from posecoach.cli import analyze, main
from posecoach.cli.summary import print_summary
from posecoach.session.result import Result

NAME = "z[/b]/a [x].mp4"
"""An end without a beginning, which rich refuses, and a beginning, which it leaves out."""


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def test_a_result_names_its_recording_and_tells_its_notes() -> None:
    result = Result("wall-stretch", NAME).as_json() | {"notes": [f"{NAME} is cut off."]}
    text = StringIO()
    print_summary(Console(file=text), result, {}, {})
    assert f"wall-stretch  {NAME}\n" in text.getvalue()
    assert f"{NAME} is cut off." in text.getvalue()


def test_a_hold_that_is_not_complete_says_how_long_it_was_to_be() -> None:
    """A position that is only gone through has no such time, and may be left too early, too."""
    hold = {"side": "both", "start_s": 1.0, "held_s": 0.4, "accuracy": 0.5, "completed": False}
    holds = [hold | {"step": "reach"}, hold | {"step": "sit on heels"}]
    text = StringIO()
    result = Result("childs-pose", NAME).as_json() | {"holds": holds}
    print_summary(Console(file=text, width=100), result, {}, {"reach": 5.0})
    said = text.getvalue()
    assert said.count("not complete: 5 s asked for\n") == 1
    assert said.count("not complete") == 2


def test_a_fault_without_a_length_has_one_time() -> None:
    fault = {"fault": "too-fast", "side": "left", "start_s": 6.5, "end_s": 6.5, "cue": "Slowly."}
    text = StringIO()
    result = Result("neck-flexion", NAME).as_json() | {"faults": [fault]}
    print_summary(Console(file=text), result, {}, {})
    assert "\n6.5 s  too-fast (left): Slowly.\n" in text.getvalue()


def test_the_bar_of_a_recording_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyze, "_outcomes", lambda *_: [])
    text = StringIO()
    console = Console(file=text, force_terminal=True, width=100)
    analyze._coach_all([SimpleNamespace(source=NAME)], 1, console)  # type: ignore[list-item]
    assert Path(NAME).name in text.getvalue()


def test_a_photo_is_named(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a [x].jpg"
    assert cv2.imwrite(str(path), np.full((120, 160, 3), 128, np.uint8))
    told = _run("run", "wall-stretch", "--source", str(path), "--no-window", "--model", str(bundle))
    assert told == 0
    assert path.name in capsys.readouterr().out


def test_a_person_of_many_recordings_is_named(
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pyarrow", reason="the extra 'clinic' is not installed")
    monkeypatch.chdir(tmp_path)
    Path("a.mp4").write_bytes(b"x")
    Path("list.csv").write_text("file,exercise,person\na.mp4,cat-cow,[/b] Bo\n")
    assert _run("analyze", "list.csv", "--results", "out", "--dry-run", "--model", str(bundle)) == 0
    assert "[/b] Bo" in capsys.readouterr().out
