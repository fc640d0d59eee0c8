"""Dropped knees on a body of sticks lying on its back, and on true landmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.knees import MEASURES, SHOWN
from posecoach.body.measure import Measure
from posecoach.body.view import Facing, View
from posecoach.pose.pose import Pose
from tests.helpers.stick_body import Body, about, mirrored, seen, stacked
from tests.helpers.truth import true_clip

(DROP,) = MEASURES


def read(pose: Pose, facing: Facing = "feet", measure: Measure = DROP) -> tuple[float, float]:
    reading = measure.estimate(pose, View(facing), None, None)
    return float(reading.value), float(reading.confidence)


def lying(drop: float, camera_deg: float = 46.0) -> Pose:
    """A body on its back, the camera at its feet and raised."""
    return seen(Body(drop=drop), about("x", camera_deg - 90))


@given(st.floats(-70, 70), st.floats(10, 80))
def test_the_drop_is_read_from_any_height_of_the_camera(drop: float, camera_deg: float) -> None:
    value, confidence = read(lying(drop, camera_deg))
    assert value == pytest.approx(drop / SHOWN, abs=0.01)
    assert confidence == 1


@given(st.floats(-70, 70))
def test_a_mirror_turns_left_into_right(drop: float) -> None:
    assert read(mirrored(lying(drop)))[0] == pytest.approx(-read(lying(drop))[0])


@pytest.mark.parametrize("facing", ["left", "right"])
def test_from_the_side_it_is_unknown(facing: Facing) -> None:
    value, confidence = read(lying(30), facing)
    assert np.isnan(value)
    assert confidence == 0


def test_legs_stretched_out_point_to_no_side() -> None:
    assert np.isnan(read(seen(Body(), about("x", -44)))[0])


def test_many_moments_read_as_each_alone() -> None:
    poses = [lying(drop) for drop in (-50.0, 0.0, 20.0)]
    reading = DROP.estimate(stacked(*poses), View("feet"), None, None)
    assert reading.value == pytest.approx([read(pose)[0] for pose in poses])


def test_nobody_in_the_picture_is_unknown() -> None:
    assert np.isnan(read(Pose.absent(0.0, (640, 480)))[0])


@pytest.mark.parametrize("fault", ["correct", "legs-straighten"])
def test_true_joints_give_the_true_drop(shared: Path, fault: str) -> None:
    clip = true_clip(shared, f"trunk-rotation-{fault}")
    value = DROP.estimate(clip.pose, View("feet"), None, None).value
    shown = (value - np.median(value[clip.pose.time_s < 1.2])) * SHOWN
    assert np.abs(shown - clip.truth["knees_drop"]).mean() < 4
