"""Shoulder elevation and protraction on a body of sticks, and on true landmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posecoach.body.girdle import MEASURES
from posecoach.body.human import readable
from posecoach.body.measure import Measure
from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose
from tests.helpers.stick_body import (
    Body,
    about,
    below_the_picture,
    mirrored,
    neutral,
    seen,
    stacked,
)
from tests.helpers.truth import TrueClip, true_clip

BY_NAME: dict[str, Measure] = {each.name: each for each in MEASURES}
START = seen(Body())
rises = st.floats(0.005, 0.08)


def read(
    name: str, pose: Pose, side: Side, start: Pose = START, facing: Facing = "front"
) -> tuple[float, float]:
    reading = BY_NAME[name].estimate(pose, View(facing), side, neutral(start))
    return float(reading.value), float(reading.confidence)


@given(rises, rises)
def test_each_shoulder_reads_its_own_rise(left: float, right: float) -> None:
    assume(abs(left - right) > 1e-6)
    pose = seen(Body(rise_m=(left, right)))
    higher, confidence = read("shoulder_elevation", pose, "left")
    assert higher > 0
    assert confidence == 1
    assert (higher > read("shoulder_elevation", pose, "right")[0]) == (left > right)


def at_a_desk(body: Body) -> Pose:
    """Head and shoulders fill the picture, elbows are at its edge, hips below it."""
    return below_the_picture(seen(body, pixels=600.0, at=(320.0, 590.0)))


@given(rises, st.floats(-20, 45))
def test_at_a_desk_a_rise_is_read_from_head_and_shoulders(rise: float, nod: float) -> None:
    start = at_a_desk(Body())
    left, confidence = read("shoulder_elevation", at_a_desk(Body(rise_m=(rise, 0))), "left", start)
    right, _ = read("shoulder_elevation", at_a_desk(Body(rise_m=(rise, 0))), "right", start)
    assert confidence == 0.5
    assert left > 1
    assert abs(right) < 0.3 * left + 1
    nodding, _ = read("shoulder_elevation", at_a_desk(Body(nod=nod)), "left", start)
    assert nodding == pytest.approx(0, abs=1e-6)


@given(st.floats(0.005, 0.03))
def test_at_a_desk_the_way_forward_is_told_by_the_shoulders_alone(ahead: float) -> None:
    """Elbows that are not in the picture are guessed, and follow nothing."""
    start = at_a_desk(Body())
    for way in (ahead, -ahead):
        pose = at_a_desk(Body(ahead_m=way))
        elbows = [Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW]
        pose.image[elbows] = start.image[elbows]
        pose.visibility[elbows] = 0.02
        forward, confidence = read("shoulder_protraction", pose, "left", start)
        assert forward * way > 0
        assert confidence == 0.25


@given(st.floats(0.1, 0.2))
def test_at_a_desk_shoulders_never_go_farther_than_a_body_can(wider: float) -> None:
    """Beyond that a reading is none, and the circle that somebody made would be lost with it."""
    start, pose = at_a_desk(Body()), at_a_desk(Body())
    pose.image[Landmark.LEFT_SHOULDER] += wider * (
        pose.image[Landmark.LEFT_SHOULDER] - pose.image[Landmark.RIGHT_SHOULDER]
    )
    least, most = readable(BY_NAME["shoulder_protraction"])
    assert least < read("shoulder_protraction", pose, "left", start)[0] < most


@given(rises)
def test_one_shoulder_rising_leaves_the_other(rise: float) -> None:
    pose = seen(Body(rise_m=(rise, 0)))
    assert (
        abs(read("shoulder_elevation", pose, "right")[0])
        < 0.3 * read("shoulder_elevation", pose, "left")[0] + 1
    )


@given(st.floats(-40, 40), st.floats(-20, 45))
def test_a_moving_head_is_no_shrug(tilt: float, nod: float) -> None:
    for side in ("left", "right"):
        value, _ = read("shoulder_elevation", seen(Body(tilt=tilt, nod=nod)), side)
        assert value == pytest.approx(0, abs=1e-6)


@given(rises, st.floats(0, 45))
def test_a_nod_adds_nothing_to_a_shrug(rise: float, nod: float) -> None:
    value, _ = read("shoulder_elevation", seen(Body(rise_m=(rise, rise), nod=nod)), "left")
    # The elbow's rise alone, in widths of the shoulders (0.36 m).
    assert 0 < value <= 330 * rise / 0.36 + 1e-6


@given(st.floats(0.005, 0.05))
def test_shoulders_moving_forward_and_back_have_opposite_signs(ahead: float) -> None:
    for side in ("left", "right"):
        assert read("shoulder_protraction", seen(Body(ahead_m=ahead)), side)[0] > 0
        assert read("shoulder_protraction", seen(Body(ahead_m=-ahead)), side)[0] < 0


@pytest.mark.parametrize("yaw", [-35.0, 35.0])
def test_from_three_quarters_forward_is_the_way_the_nose_points(yaw: float) -> None:
    camera = about("y", yaw)
    start = seen(Body(), camera)
    world = Body().world()
    world[11:15] += (0, 0, -0.05)
    forward = Pose(
        start.time_s,
        (world @ camera.T)[:, :2] * 200 + (320, 240),
        world @ camera.T,
        start.visibility,
        start.size,
    )
    for side in ("left", "right"):
        value, _ = read("shoulder_protraction", forward, side, start, "three-quarter")
        assert value > 5


@given(rises, rises, st.floats(-0.05, 0.05))
def test_a_mirror_swaps_the_sides(left: float, right: float, ahead: float) -> None:
    pose = seen(Body(rise_m=(left, right), ahead_m=ahead))
    for name in BY_NAME:
        value, _ = read(name, pose, "left")
        assert read(name, mirrored(pose), "right", mirrored(START))[0] == pytest.approx(
            value, abs=1e-6
        )


@given(rises, st.floats(50, 500), st.floats(-300, 300))
def test_place_and_size_in_the_picture_change_nothing(
    rise: float, pixels: float, aside: float
) -> None:
    body = Body(rise_m=(rise, rise / 2), ahead_m=rise / 2)
    there = seen(body, pixels=pixels, at=(aside, aside))
    start = seen(Body(), pixels=pixels, at=(aside, aside))
    for name in BY_NAME:
        value, _ = read(name, seen(body), "left")
        assert read(name, there, "left", start)[0] == pytest.approx(value, abs=1e-3)


def test_a_raised_arm_hides_the_girdle() -> None:
    for name in BY_NAME:
        assert np.isnan(read(name, seen(Body(arms_up=True)), "left")[0])


def test_unknown_without_a_start_pose_and_from_the_side() -> None:
    for name, measure in BY_NAME.items():
        assert np.isnan(measure.estimate(START, View("front"), "left", None).value)
        assert np.isnan(read(name, START, "left", facing="left")[0])


def test_many_moments_read_as_each_alone() -> None:
    poses = [seen(Body(rise_m=(rise, 0), ahead_m=rise)) for rise in (-0.02, 0.0, 0.05)]
    for name, measure in BY_NAME.items():
        reading = measure.estimate(stacked(*poses), View("front"), "left", neutral(START))
        assert reading.value == pytest.approx([read(name, pose, "left")[0] for pose in poses])


def _of(clip: TrueClip, name: str, side: Side) -> Floats:
    facing: Facing = "three-quarter" if clip.labels["view"] == "three-quarter" else "front"
    return BY_NAME[name].estimate(clip.pose, View(facing), side, clip.neutral).value


ROLLS = ["shoulder-roll-correct", "shoulder-roll-one-side-only", "shoulder-roll-shrug-only"]


@pytest.mark.parametrize("name", ROLLS)
def test_true_joints_give_the_rise_of_each_shoulder(shared: Path, name: str) -> None:
    clip = true_clip(shared, name)
    for side in ("left", "right"):
        truth = clip.truth[f"shoulder_elevation_{side}"]
        assert np.corrcoef(_of(clip, "shoulder_elevation", side), truth)[0, 1] > 0.9


@pytest.mark.parametrize("name", ROLLS)
def test_true_joints_give_the_sense_of_every_circle(shared: Path, name: str) -> None:
    clip = true_clip(shared, name)
    for series in clip.labels["directions"]:
        if not series["circles"] or series["fault"]:
            continue
        now = clip.within(series["start_s"], series["end_s"])
        for side in ("left", "right"):
            ahead = _of(clip, "shoulder_protraction", side)[now]
            high = _of(clip, "shoulder_elevation", side)[now]
            area = float(np.sum(ahead[:-1] * high[1:] - ahead[1:] * high[:-1])) / 2
            assert (area < 0) == (series["direction"] == "forward")
