"""Limbs against the vertical and each other, on drawn landmarks and on true ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.true_angles import TrueBody
from posecoach.body.catalogue import measure
from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import COUNT, Landmark
from posecoach.pose.pose import Pose

SHARED = Path(__file__).parents[3] / "shared"


def drawn(facing: Side, **joints: tuple[float, float]) -> Pose:
    """All fours in the picture, facing the way it must for the side that is seen; x ahead."""
    places = {
        "SHOULDER": (400.0, 200.0),
        "ELBOW": (400.0, 260.0),
        "WRIST": (400.0, 320.0),
        "HIP": (250.0, 210.0),
        "KNEE": (250.0, 320.0),
        "ANKLE": (150.0, 320.0),
        **joints,
    }
    image = np.zeros((COUNT, 2))
    for part, (x, y) in places.items():
        for side in ("LEFT", "RIGHT"):
            image[Landmark[f"{side}_{part}"]] = (640 - x if facing == "left" else x, y)
    return Pose(
        time_s=np.asarray(0.0),
        image=image,
        world=np.zeros((COUNT, 3)),
        visibility=np.ones(COUNT),
        size=(640, 480),
    )


def read(pose: Pose, name: str, facing: Facing, near: Side) -> float:
    return float(measure(pose, [name], View(facing, near=near))[name].value)


@pytest.mark.parametrize("side", ["left", "right"])
@given(st.floats(-60, 60))
def test_a_hand_ahead_counts_up_from_either_side(side: Side, lean: float) -> None:
    x = 400 + 120 * np.tan(np.radians(lean))
    pose = drawn(side, WRIST=(x, 320.0))
    assert read(pose, "arm_inclination_near", side, side) == pytest.approx(lean, abs=1e-6)
    assert read(pose, "thigh_inclination_near", side, side) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("side", ["left", "right"])
def test_hips_behind_the_knees_lean_the_thigh_ahead(side: Side) -> None:
    pose = drawn(side, HIP=(190.0, 216.08))
    assert read(pose, "thigh_inclination_near", side, side) == pytest.approx(30, abs=0.1)


def test_an_arm_straight_down_on_all_fours_is_ahead_of_the_trunk() -> None:
    assert read(drawn("right"), "elbow_lead_near", "right", "right") > 30
    back = drawn("right", ELBOW=(400.0, 140.0))
    assert read(back, "elbow_lead_near", "right", "right") < -30


@pytest.mark.parametrize(
    "name", ["arm_inclination_near", "thigh_inclination_far", "elbow_lead_left"]
)
def test_from_the_front_they_are_unknown(name: str) -> None:
    assert np.isnan(read(drawn("left"), name, "front", "left"))


@given(st.floats(0, 90))
def test_shanks_apart_are_apart_by_their_angle(spread: float) -> None:
    pose = drawn("right")
    for side, turn in (("LEFT", spread / 2), ("RIGHT", -spread / 2)):
        knee = pose.image[Landmark[f"{side}_KNEE"]]
        way = (100 * np.sin(np.radians(turn)), 100 * np.cos(np.radians(turn)))
        pose.image[Landmark[f"{side}_ANKLE"]] = knee + way
    assert read(pose, "shank_spread", "feet", "left") == pytest.approx(spread, abs=1e-6)


@pytest.mark.parametrize(
    ("clip", "name", "within"),
    [
        ("cat-cow-correct", "arm_inclination_near", 3.0),
        ("cat-cow-correct", "thigh_inclination_near", 3.0),
        ("trunk-rotation-correct", "shank_spread", 0.1),
    ],
)
def test_true_landmarks_read_as_the_true_body(clip: str, name: str, within: float) -> None:
    path = SHARED / "clips" / f"{clip}.npz"
    if not path.is_file():
        pytest.skip("the clips with known joints lie beside the checkout, and are not there")
    body = TrueBody(path)
    with np.load(path) as data:
        image = np.nan_to_num(data["image"].astype(float))
    poses = Pose(
        time_s=body.time_s,
        image=image,
        world=np.zeros((len(image), COUNT, 3)),
        visibility=np.ones((len(image), COUNT)),
        size=(640, 480),
    )
    found = measure(poses, [name], body.view)[name].value
    assert json.loads(path.with_suffix(".json").read_text())["form"] == "correct"
    assert np.median(np.abs(found - body.series(name))) < within
