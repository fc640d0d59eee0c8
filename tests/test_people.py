"""The judge of ``benchmarks.people``: what it calls told, told wrongly, found and exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.people import report
from benchmarks.people_judge import Row, judge
from benchmarks.true_angles import TrueBody

LABEL: dict[str, Any] = {
    "exercise": "neck-flexion",
    "form": "mixed",
    "person": "A",
    "view": "front",
    "camera": {"yaw_deg": 3, "height_m": 1, "distance_m": 1, "vertical_fov_deg": 48},
    "fps": 10,
    "severity": 0.95,
    "repetitions": {"left": 1, "right": 0, "both": 0},
    "holds": [
        {"step": "ear", "side": "left", "start_s": 2.0, "end_s": 5.0, "correct": True},
        {"step": "ear", "side": "right", "start_s": 8.0, "end_s": 11.0, "correct": False},
    ],
    "faults": [{"fault": "shoulder-rises", "side": "right", "start_s": 8.0, "end_s": 11.0}],
}


def _row(**changed: Any) -> Row:
    result: dict[str, Any] = {
        "repetitions": {"left": 1, "right": 0, "both": 0},
        "holds": [_hold(2.0, 5.0)],
        "faults": [],
        "unseen": [],
    }
    return judge(Path("clips/a.mp4"), LABEL, {**result, **changed})


def _hold(start: float, end: float, completed: bool = True) -> dict[str, Any]:
    return {
        "step": "ear",
        "side": "left",
        "start_s": start,
        "end_s": end,
        "completed": completed,
    }


def _fault(name: str, side: str, start: float, end: float) -> dict[str, Any]:
    return {"fault": name, "side": side, "start_s": start, "end_s": end}


def test_counts_are_exact_where_every_side_is_right() -> None:
    assert _row().exact
    assert not _row(repetitions={"left": 0, "right": 1, "both": 0}).exact


@pytest.mark.parametrize(("end", "found"), [(5.5, 1), (5.6, 0)])
def test_a_hold_is_found_where_both_its_ends_are_within_half_a_second(
    end: float, found: int
) -> None:
    row = _row(holds=[_hold(2.0, end)])
    assert (row.holds_found, len(row.hold_errors)) == (found, 1)


def test_a_hold_that_was_not_completed_is_not_found() -> None:
    assert _row(holds=[_hold(2.0, 5.0, completed=False)]).holds_found == 0


@pytest.mark.parametrize(
    ("told", "is_told", "wrong", "misnamed"),
    [
        (_fault("shoulder-rises", "right", 9, 10), True, 0, 0),
        (_fault("shoulder-rises", "both", 9, 10), True, 0, 0),
        (_fault("shoulder-rises", "right", 11.9, 12.5), True, 0, 0),
        (_fault("shoulder-rises", "right", 12.1, 12.5), False, 1, 0),
        (_fault("shoulder-rises", "left", 9, 10), False, 0, 1),
        (_fault("trunk-leans", "right", 9, 10), False, 0, 1),
        (_fault("trunk-leans", "right", 3, 4), False, 1, 0),
    ],
)
def test_a_fault_is_told_by_its_name_its_side_and_its_time(
    told: dict[str, Any], is_told: bool, wrong: int, misnamed: int
) -> None:
    row = _row(faults=[told])
    assert row.faults[0].told is is_told
    assert (len(row.wrong), len(row.misnamed)) == (wrong, misnamed)


def test_the_report_says_why_a_row_is_bad() -> None:
    text = report([_row(holds=[], faults=[_fault("trunk-leans", "left", 0, 1)])], 20)
    assert "holds not found: ear 2 s" in text
    assert "not told: shoulder-rises right" in text
    assert "told wrongly: trunk-leans left" in text


def _body(tmp_path: Path, **joints: tuple[float, float, float]) -> TrueBody:
    """A body on all fours, head to the right of the picture, its right side to the camera."""
    from posecoach.pose.landmarks import Landmark

    world = np.zeros((2, 33, 3))
    places = {
        "SHOULDER": (0.5, -0.6, 0.0),
        "HIP": (0.0, -0.5, 0.0),
        "WRIST": (0.5, 0.0, 0.0),
        "KNEE": (0.0, 0.0, 0.0),
        "ELBOW": (0.5, -0.3, 0.0),
        "ANKLE": (-0.4, 0.0, 0.0),
        **joints,
    }
    for part, place in places.items():
        for side, z in (("LEFT", 0.15), ("RIGHT", -0.15)):
            world[:, Landmark[f"{side}_{part}"]] = np.add(place, (0, 0, z))
    np.savez(
        tmp_path / "a.npz", t_s=[0.0, 0.1], world=world, image=world[..., :2], trunk_turn=[1, 2]
    )
    label = '{"view": "side, camera at the own right", "camera": {"azimuth_deg": -90}}'
    (tmp_path / "a.json").write_text(label)
    return TrueBody(tmp_path / "a.npz")


def test_true_inclinations_count_from_straight_down(tmp_path: Path) -> None:
    body = _body(tmp_path)
    assert body.series("arm_inclination_near") == pytest.approx([0, 0], abs=1e-6)
    assert body.series("thigh_inclination_left") == pytest.approx([0, 0], abs=1e-6)
    assert body.series("trunk_turn") == pytest.approx([1, 2])


def test_hands_ahead_and_hips_behind_count_up(tmp_path: Path) -> None:
    ahead = _body(tmp_path, WRIST=(0.7, 0.0, 0.0))
    assert ahead.series("arm_inclination_near") == pytest.approx([18.4, 18.4], abs=0.1)
    behind = _body(tmp_path, KNEE=(0.2, 0.0, 0.0))
    assert behind.series("thigh_inclination_near") == pytest.approx([21.8, 21.8], abs=0.1)


def test_an_elbow_ahead_of_the_trunk_counts_up(tmp_path: Path) -> None:
    # On all fours the chest faces the floor: an arm straight down is straight ahead.
    lead = _body(tmp_path).series("elbow_lead_left")
    assert lead == pytest.approx([78.7, 78.7], abs=0.1)
