"""A definition file is enough: exercises of our own on recordings of real people.

What happens in the recordings is told in the README that lies beside them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecoach.cli import main
from posecoach.exercise.library import standard_library
from tests.helpers.places import DEFINITIONS

COUNTED = "repetitions", "attempts"


@pytest.fixture
def analyze(shared: Path, bundle: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Coach a recording by the command, with the definitions beside this file."""

    def run(recording: str, exercise: str) -> dict[str, Any]:
        path = shared / "real" / recording
        options = ["--exercises", str(DEFINITIONS), "--model", str(bundle), "--json", "-"]
        with pytest.raises(SystemExit) as ended:
            main(["analyze", str(path), "--exercise", exercise, *options])
        assert not ended.value.code
        found: dict[str, Any] = json.loads(capfd.readouterr().out)
        return found

    return run


def _counts(result: dict[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    done, tried = ({s: n for s, n in result[key].items() if n} for key in COUNTED)
    return done, tried


def test_no_definition_of_these_comes_with_the_program() -> None:
    ours = {path.stem for path in DEFINITIONS.glob("*.yaml")}
    assert len(ours) == 6
    assert not ours & set(standard_library().ids())


@pytest.mark.parametrize("path", sorted(DEFINITIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_they_are_right(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["exercises", "check", str(path)])
    assert not ended.value.code
    assert "0 errors, 0 warnings" in capfd.readouterr().out


def test_a_side_lean(analyze: Any) -> None:
    """One, held from 1.2 s, where the burnt-in angle reads 19 of its 20 degrees, to 3 s.

    The lean slows down there: a degree takes 0.3 s, and two is its spread.
    """
    result = analyze("quickpose_health-back-rom.gif", "side-lean")
    assert _counts(result) == ({"left": 1}, {"left": 1})
    (hold,) = result["holds"]
    assert hold["start_s"] == pytest.approx(1.2, abs=0.6)
    assert hold["end_s"] == pytest.approx(3.0, abs=0.4)


def test_a_shoulder_raise(analyze: Any) -> None:
    """The left arm twice, overhead at 1.9 and 4.8 s."""
    result = analyze("quickpose_health-shoulder-rom.gif", "shoulder-raise")
    assert _counts(result) == ({"left": 2}, {"left": 2})
    for hold, peak in zip(result["holds"], (1.9, 4.8), strict=True):
        assert hold["start_s"] <= peak <= hold["end_s"] + 0.2


def test_lateral_raises(analyze: Any) -> None:
    """Five good ones; the fourth of six, at 8.3 s, has bent elbows and does not count."""
    result = analyze("quickpose_lateral-raises.gif", "lateral-raise")
    assert _counts(result) == ({"both": 5}, {"both": 6})
    peaks = [(hold["start_s"] + hold["end_s"]) / 2 for hold in result["holds"]]
    assert peaks == pytest.approx([1.0, 3.3, 5.8, 10.9, 13.1], abs=0.3)
    (fault,) = result["faults"]
    assert fault["fault"] == "elbows-bend"
    assert fault["start_s"] <= 8.3 <= fault["end_s"]


def test_both_arms_overhead(analyze: Any) -> None:
    """Once, from 1.4 to 2.4 s, in a recording of 30 frames a second."""
    result = analyze("tfjs_pose_1.mp4", "both-arms-overhead")
    assert _counts(result) == ({"both": 1}, {"both": 1})
    (hold,) = result["holds"]
    assert hold["start_s"] == pytest.approx(1.4, abs=0.3)
    assert hold["end_s"] == pytest.approx(2.4, abs=0.3)


def test_squats(analyze: Any) -> None:
    """Three at 5 frames a second, down at 2.0, 6.8 and 11.8 s; the last is not finished."""
    result = analyze("tfjs_pose_squats.mp4", "squat")
    assert _counts(result) == ({"both": 2}, {"both": 3})
    for hold, bottom in zip(result["holds"], (2.0, 6.8, 11.8), strict=True):
        assert hold["start_s"] - 0.3 <= bottom <= hold["end_s"] + 0.3


@pytest.mark.parametrize("exercise", ["ear-to-shoulder", "neck-flexion"])
def test_a_head_tilt_counts_as_that_and_not_with_the_chin_down(analyze: Any, exercise: str) -> None:
    """To the left from 0.8 to 1.9 s, begun before the recording; the chin is never lowered."""
    result = analyze("quickpose_health-neck-rom.gif", exercise)
    if exercise == "neck-flexion":
        assert _counts(result) == ({}, {})
        assert result["notes"] or result["unseen"], "why not is said"
        return
    assert _counts(result) == ({"left": 1}, {"left": 1})
    (hold,) = result["holds"]
    assert hold["start_s"] <= 1.0
    assert hold["end_s"] == pytest.approx(1.9, abs=0.4)
