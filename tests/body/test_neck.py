"""The neck's measures on a body of sticks, and on the true landmarks of clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.measure import Measure, Neutral
from posecoach.body.neck import MEASURES
from posecoach.body.view import Facing, View
from posecoach.pose.pose import Pose
from tests.helpers.stick_body import Body, about, mirrored, neutral, seen, stacked
from tests.helpers.truth import true_clip

BY_NAME: dict[str, Measure] = {each.name: each for each in MEASURES}
START = seen(Body())
LEFT_SIDE = about("y", 90)
RIGHT_SIDE = about("y", -90)

degrees = st.floats(-40, 40)
places = st.tuples(st.floats(-500, 500), st.floats(-500, 500))


def read(
    name: str, pose: Pose, facing: Facing = "front", start: Neutral | None = None
) -> tuple[float, float]:
    reading = BY_NAME[name].estimate(pose, View(facing), None, start)
    return float(reading.value), float(reading.confidence)


@given(degrees)
def test_tilting_the_head_reads_as_much_and_a_fixed_part_more(tilt: float) -> None:
    value, confidence = read("neck_lateral_flexion", seen(Body(tilt=tilt)))
    assert value == pytest.approx(1.45 * tilt, abs=0.5)
    assert confidence == 1


@given(st.floats(5, 40), st.floats(-30, 30))
def test_a_tilt_keeps_its_sense_with_the_chin_down(tilt: float, nod: float) -> None:
    left, _ = read("neck_lateral_flexion", seen(Body(tilt=tilt, nod=nod)))
    right, _ = read("neck_lateral_flexion", seen(Body(tilt=-tilt, nod=nod)))
    assert left > 0 > right


@given(st.floats(-25, 25), st.floats(-20, 20))
def test_looking_aside_is_no_tilt(look: float, nod: float) -> None:
    value, _ = read("neck_lateral_flexion", seen(Body(look=look, nod=nod)))
    assert abs(value) < 12


@given(st.floats(0, 45), st.floats(1, 10))
def test_the_chin_going_down_reads_higher_from_the_front(nod: float, more: float) -> None:
    start = neutral(START)
    less, _ = read("neck_flexion", seen(Body(nod=nod)), start=start)
    greater, _ = read("neck_flexion", seen(Body(nod=nod + more)), start=start)
    assert greater > less > -0.01


@given(st.floats(0, 0.05))
def test_a_rising_shoulder_does_not_lower_the_chin(rise: float) -> None:
    value, _ = read("neck_flexion", seen(Body(rise_m=(rise, 0))), start=neutral(START))
    assert abs(value) < 5


@given(degrees, st.booleans())
def test_the_profile_reads_the_nod_from_either_side(nod: float, left: bool) -> None:
    camera, facing = (LEFT_SIDE, "left") if left else (RIGHT_SIDE, "right")
    in_line, _ = read("neck_flexion", seen(Body(), camera), facing)
    value, confidence = read("neck_flexion", seen(Body(nod=nod), camera), facing)
    assert value - in_line == pytest.approx(nod, abs=0.5)
    assert abs(in_line) < 15
    assert confidence == 1


@given(st.floats(-40, 40))
def test_looking_aside_is_a_rotation_of_the_same_sense(look: float) -> None:
    value, confidence = read("neck_rotation", seen(Body(look=look)), start=neutral(START))
    assert value == pytest.approx(look, abs=8)
    assert confidence > 0.5


@given(degrees, st.floats(-25, 25), st.floats(-30, 30), st.floats(50, 500), places)
def test_place_and_size_in_the_picture_change_nothing(
    tilt: float, nod: float, look: float, pixels: float, at: tuple[float, float]
) -> None:
    body = Body(tilt=tilt, nod=nod, look=look)
    for name in BY_NAME:
        here, _ = read(name, seen(body), start=neutral(START))
        there, _ = read(
            name,
            seen(body, pixels=pixels, at=at),
            start=neutral(seen(Body(), pixels=pixels, at=at)),
        )
        assert there == pytest.approx(here, abs=1e-3)


@given(degrees, st.floats(-25, 25), st.floats(-30, 30))
def test_a_mirror_turns_left_into_right(tilt: float, nod: float, look: float) -> None:
    pose = seen(Body(tilt=tilt, nod=nod, look=look))
    for name, measure in BY_NAME.items():
        here, _ = read(name, pose, start=neutral(START))
        there, _ = read(name, mirrored(pose), start=neutral(mirrored(START)))
        assert there == pytest.approx(-here if measure.lateral else here, abs=1e-6)


def test_many_moments_read_as_each_alone() -> None:
    poses = [seen(Body(tilt=a, nod=a, look=-a)) for a in (-20.0, 0.0, 25.0)]
    for name, measure in BY_NAME.items():
        together = measure.estimate(stacked(*poses), View("front"), None, neutral(START))
        alone = [read(name, pose, start=neutral(START)) for pose in poses]
        assert together.value == pytest.approx([value for value, _ in alone])
        assert together.confidence == pytest.approx([confidence for _, confidence in alone])


@pytest.mark.parametrize("name", sorted(BY_NAME))
@pytest.mark.parametrize("facing", ["back", "feet"])
def test_what_the_view_does_not_show_is_unknown(name: str, facing: Facing) -> None:
    value, confidence = read(name, START, facing, neutral(START))
    assert np.isnan(value)
    assert confidence == 0


def test_chin_down_from_the_front_needs_the_start_pose() -> None:
    assert np.isnan(read("neck_flexion", START)[0])


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_face_on_edge_is_unknown(name: str) -> None:
    pose = seen(Body())
    image = pose.image.copy()
    image[:11, 0] = image[0, 0] + 0.02 * (image[:11, 0] - image[0, 0])
    narrow = Pose(pose.time_s, image, pose.world, pose.visibility, pose.size)
    assert np.isnan(read(name, narrow, start=neutral(START))[0])


def test_a_start_pose_held_a_little_askew_is_the_zero() -> None:
    start = neutral(seen(Body(tilt=4)))
    assert read("neck_lateral_flexion", seen(Body(tilt=4)), start=start)[0] == pytest.approx(0)
    # A start pose with the head plainly to one side is none to be measured from.
    for tilt in (30, -30):
        start = neutral(seen(Body(tilt=tilt)))
        assert abs(read("neck_lateral_flexion", seen(Body(tilt=tilt)), start=start)[0]) > 30


@given(st.floats(-25, 25))
def test_a_head_that_leans_with_the_top_of_a_bending_spine_is_in_line(lean: float) -> None:
    # The trunk's chord leans, and the head half as much again.
    pose = seen(Body(tilt=lean / 2), about("z", lean))
    assert read("neck_lateral_flexion", pose)[0] == pytest.approx(0, abs=0.5)


@given(st.floats(10, 35))
def test_a_head_carried_round_by_the_trunk_is_not_turned(angle: float) -> None:
    # True depth, of which the trunk's turn makes more than the head's: not 0, but far from a turn.
    value, _ = read("neck_rotation", seen(Body(turn=angle)), start=neutral(START))
    assert abs(value) < 0.7 * angle


def test_coming_nearer_makes_chin_down_unknown() -> None:
    pose = seen(Body(nod=20), pixels=300)
    assert np.isnan(read("neck_flexion", pose, start=neutral(START))[0])


def test_nobody_in_the_picture_is_unknown() -> None:
    absent = Pose.absent(0.0, (640, 480))
    for name in BY_NAME:
        value, confidence = read(name, absent, start=neutral(START))
        assert np.isnan(value)
        assert confidence == 0


@pytest.mark.parametrize("name", ["neck-flexion-correct", "neck-flexion-shoulder-rises"])
def test_true_noses_and_ears_sink_as_the_true_chin_does(shared: Path, name: str) -> None:
    clip = true_clip(shared, name)
    reading = BY_NAME["neck_flexion"].estimate(clip.pose, View("front"), None, clip.neutral)
    assert np.corrcoef(reading.value, clip.truth["neck_flexion"])[0, 1] > 0.95
