"""A definition file is enough: exercises of our own on recordings of real people.

What happens in the recordings is told in the README that lies beside them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.cli import main
from posecoach.coach.plan import make_plan
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import load, standard_library
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.source.frame import Frame

DEFINITIONS = Path(__file__).parent / "definitions"
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
    """One, held from 1.2 s, where the burnt-in angle reads 19 of its 20 degrees, to 3 s."""
    result = analyze("quickpose_health-back-rom.gif", "side-lean")
    assert _counts(result) == ({"left": 1}, {"left": 1})
    (hold,) = result["holds"]
    assert hold["start_s"] == pytest.approx(1.2, abs=0.4)
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


# -- somebody else's landmarks, without depth ------------------------------------------------


def _poses(path: Path, world: float) -> list[Pose]:
    """Landmarks in the picture alone: (T, 33, 3), x and y as parts of its width and height."""
    with np.load(path) as kept:
        size = (int(kept["img_w"]), int(kept["img_h"]))
        image = kept["blazepose"][..., :2].astype(np.float64) * size
    cleaner = PoseCleaner()
    return [
        cleaner.update(
            Pose(np.asarray(index / 30), points, np.full((33, 3), world), np.ones(33), size)
        )
        for index, points in enumerate(image)
    ]


def _flank_stretch() -> Exercise:
    return load(DEFINITIONS / "flank-stretch.yaml")


@pytest.mark.parametrize("world", [np.nan, 0.0], ids=["no depth", "flat"])
def test_a_flank_stretch_without_world_landmarks(shared: Path, world: float) -> None:
    """Left arm up and to the right at 1.3 to 2.4 s, then the other way at 4.2 to 5.4 s."""
    session = Session(make_plan(_flank_stretch()), "kept landmarks")
    for pose in _poses(shared / "real" / "keraal_ELK.npz", world):
        session.see(Frame(np.zeros((1, 1, 3), np.uint8), float(pose.time_s)), pose)
    result = session.finish().as_json()
    assert _counts(result) == ({"left": 1, "right": 1}, {"left": 1, "right": 1})
    right, left = result["holds"]
    assert (right["side"], left["side"]) == ("right", "left")
    assert (right["start_s"], right["end_s"]) == pytest.approx((1.3, 2.4), abs=0.3)
    assert (left["start_s"], left["end_s"]) == pytest.approx((4.2, 5.4), abs=0.3)


def test_depth_that_is_missing_is_unknown_and_not_nought(shared: Path) -> None:
    """A turn cannot be told without depth or a start pose: no number is made up for it."""
    from posecoach.body.catalogue import measure_series
    from posecoach.body.view_tracker import ViewTracker

    poses = _poses(shared / "real" / "keraal_RTK.npz", np.nan)
    tracker = ViewTracker()
    views = [tracker.update(pose) for pose in poses]
    names = ["trunk_lateral_flexion", "neck_rotation", "trunk_rotation"]
    readings = measure_series(Pose.series(poses), views, names)
    assert np.isfinite(readings["trunk_lateral_flexion"].value).all()
    for name in names[1:]:
        reading = readings[name]
        assert (np.isnan(reading.value) | (reading.confidence < 0.15)).mean() > 0.95
