"""Trunk turn and rotation on a body of sticks, and on the true landmarks of clips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.measure import Measure
from posecoach.body.turn import MEASURES
from posecoach.body.view import Facing, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose
from tests.helpers.stick_body import Body, about, mirrored, neutral, seen, stacked
from tests.helpers.truth import TrueClip, true_clip

BY_NAME: dict[str, Measure] = {each.name: each for each in MEASURES}
START = seen(Body())


def turn(pose: Pose, start: Pose = START, facing: Facing = "front") -> tuple[float, float]:
    reading = BY_NAME["trunk_turn"].estimate(pose, View(facing), None, neutral(start))
    return float(reading.value), float(reading.confidence)


@given(st.floats(2, 60), st.floats(1, 10))
def test_turning_further_reads_further_in_the_right_sense(angle: float, more: float) -> None:
    left, confidence = turn(seen(Body(turn=angle)))
    further, _ = turn(seen(Body(turn=angle + more)))
    assert further > left > 0
    assert confidence == 1
    right, _ = turn(seen(Body(turn=-angle)))
    assert right == pytest.approx(-left)


@given(st.floats(0.01, 0.06))
def test_shoulders_that_only_widen_or_narrow_are_no_turn(change: float) -> None:
    assert turn(seen(Body(ahead_m=change)))[0] == pytest.approx(0, abs=0.1)
    assert turn(seen(Body(ahead_m=-change)))[0] == pytest.approx(0, abs=0.1)


@given(st.floats(-50, 50), st.floats(50, 500), st.floats(-300, 300))
def test_place_and_size_in_the_picture_change_nothing(
    angle: float, pixels: float, aside: float
) -> None:
    there = seen(Body(turn=angle), pixels=pixels, at=(aside, aside))
    start = seen(Body(), pixels=pixels, at=(0.0, 0.0))
    assert turn(there, start)[0] == pytest.approx(turn(seen(Body(turn=angle)))[0], abs=1e-3)


@given(st.floats(-60, 60))
def test_a_mirror_turns_left_into_right(angle: float) -> None:
    pose = seen(Body(turn=angle))
    value, _ = turn(pose)
    assert turn(mirrored(pose), mirrored(START))[0] == pytest.approx(-value, abs=1e-4)


def test_both_arms_overhead_hide_a_turn() -> None:
    value, confidence = turn(seen(Body(turn=20, arms_up=True)))
    assert np.isnan(value)
    assert confidence == 0


def test_a_bow_hides_a_turn() -> None:
    assert turn(seen(Body(turn=20), about("x", 60)))[1] == 0


def test_a_turn_is_unknown_without_a_start_pose() -> None:
    for facing in ("front", "feet"):
        reading = BY_NAME["trunk_turn"].estimate(START, View(facing), None, None)
        assert np.isnan(reading.value)


@given(st.floats(-50, 50), st.floats(27, 44))
def test_from_the_feet_a_lifted_shoulder_is_a_turn(angle: float, looking_down: float) -> None:
    """Upright and tilted back as far as leaves the camera looking down at it so."""
    lying = about("x", looking_down - 90)
    value, confidence = turn(seen(Body(turn=angle), lying), seen(Body(), lying), "feet")
    assert value == pytest.approx(angle, abs=0.5 + 0.13 * abs(angle))
    assert confidence == 1


def test_from_the_feet_shoulders_drawn_into_one_are_no_turn() -> None:
    start = seen(Body(), about("x", -50))
    image = start.image.copy()
    pair = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    image[pair] = image[pair].mean(axis=0) + 0.2 * (image[pair] - image[pair].mean(axis=0))
    assert turn(replace(start, image=image), start, "feet")[1] == 0


def test_true_shoulders_lifting_are_seen_from_the_feet(shared: Path) -> None:
    """The clip's camera stands at the side; another is put at the feet, on a table."""
    clip = true_clip(shared, "trunk-rotation-shoulder-lifts")
    truth = clip.truth["trunk_turn"]
    for height_m, distance_m in ((1.14, 1.2), (0.9, 1.6)):
        pose = from_the_feet(clip, height_m, distance_m)
        still = Pose(
            time_s=np.asarray(0.0),
            image=pose.image[0],
            world=pose.world[0],
            visibility=pose.visibility[0],
            size=pose.size,
        )
        reading = BY_NAME["trunk_turn"].estimate(pose, View("feet", "lying"), None, neutral(still))
        flat = abs(truth) < 1
        assert abs(truth).max() > 30
        assert abs(reading.value[flat]).max() < 2
        assert reading.value == pytest.approx(truth, abs=6)


def from_the_feet(clip: TrueClip, height_m: float, distance_m: float) -> Pose:
    """The true joints as a camera at the feet sees them, so far above and before the hips."""
    world = clip.pose.world
    shoulders = world[0, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    hips = world[0, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    left = _unit(shoulders[0] - shoulders[1])
    head = shoulders.mean(axis=0) - hips
    head = _unit(head - left * (head @ left))
    up = np.cross(left, head)
    up *= -np.sign(up[1])  # y counts down
    ahead = _unit(head * distance_m - up * height_m)
    right = _unit(np.cross(ahead, up))
    away = world - (hips - head * distance_m + up * height_m)
    depth = away @ ahead
    image = np.stack([away @ right, away @ np.cross(ahead, right)], axis=-1) / depth[..., None]
    return replace(clip.pose, image=320 + 500 * image)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


def test_a_start_pose_seen_from_the_side_has_no_width_to_lose() -> None:
    start = seen(Body(), about("y", 80))
    assert turn(start, start)[1] == 0
    assert turn(START)[1] == 1


def test_along_a_level_trunk_no_turn_is_seen() -> None:
    view = View("front", "all-fours")
    reading = BY_NAME["trunk_turn"].estimate(seen(Body(turn=30)), view, None, neutral(START))
    assert np.isnan(reading.value)


def test_many_moments_read_as_each_alone() -> None:
    poses = [seen(Body(turn=angle)) for angle in (-30.0, 0.0, 45.0)]
    reading = BY_NAME["trunk_turn"].estimate(stacked(*poses), View("front"), None, neutral(START))
    assert reading.value == pytest.approx([turn(pose)[0] for pose in poses])


@given(st.floats(-60, 60))
def test_shoulders_turned_with_the_hips_are_no_rotation(angle: float) -> None:
    reading = BY_NAME["trunk_rotation"].estimate(
        seen(Body(turn=angle), about("x", 45)), View("feet"), None, None
    )
    assert float(reading.value) == pytest.approx(0, abs=1e-6)
    assert reading.confidence < 0.5


@given(st.floats(5, 40))
def test_shoulders_turned_left_against_the_hips_are_a_rotation_to_the_left(angle: float) -> None:
    straight, turned = seen(Body()), seen(Body(turn=angle))
    world = straight.world.copy()
    world[11:13] = turned.world[11:13]
    twisted = Pose(straight.time_s, straight.image, world, straight.visibility, straight.size)
    reading = BY_NAME["trunk_rotation"].estimate(twisted, View("feet"), None, None)
    assert float(reading.value) == pytest.approx(angle / 0.4, abs=1e-6)


def test_a_rotation_is_not_seen_from_the_front() -> None:
    reading = BY_NAME["trunk_rotation"].estimate(START, View("front"), None, neutral(START))
    assert np.isnan(reading.value)


@pytest.mark.parametrize("fault", ["correct", "elbow-not-90", "trunk-leans"])
def test_true_joints_give_the_turn_of_every_hold(shared: Path, fault: str) -> None:
    clip = true_clip(shared, f"wall-stretch-{fault}")
    reading = BY_NAME["trunk_turn"].estimate(clip.pose, View("front"), None, clip.neutral)
    assert np.corrcoef(reading.value, clip.truth["trunk_turn"])[0, 1] > 0.95
    for hold in clip.labels["holds"]:
        now = clip.within(hold["start_s"], hold["end_s"])
        value, truth = np.median(reading.value[now]), np.median(clip.truth["trunk_turn"][now])
        assert (value > 12) == (truth > 12)
        assert (value < -12) == (truth < -12)
