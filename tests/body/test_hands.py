"""Which hand threads under the other, kneeling with the crown to the camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.catalogue import measure
from posecoach.body.measure import Neutral
from posecoach.body.view import View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

FRONT = View("front", "all-fours", "left", 10.0)
Place = tuple[float, float]


def kneeling(left: Place, right: Place) -> Pose:
    """Shoulders 100 pixels apart, and the wrists where they are put."""
    image = np.full((33, 2), 300.0)
    image[Landmark.LEFT_SHOULDER] = (370, 300)
    image[Landmark.RIGHT_SHOULDER] = (270, 300)
    image[Landmark.LEFT_WRIST] = left
    image[Landmark.RIGHT_WRIST] = right
    return Pose(np.asarray(0.0), image, np.zeros((33, 3)), np.ones(33), (640, 480), None)


def across(pose: Pose, start: Pose) -> tuple[float, float]:
    names = ("hand_across_left", "hand_across_right")
    readings = measure(pose, names, FRONT, Neutral(start, {}))
    return float(readings[names[0]].value), float(readings[names[1]].value)


START = kneeling((380, 395), (260, 395))


@given(flicker=st.floats(-6, 6))
def test_the_hand_that_moved_threads_however_crossed_hands_flicker(flicker: float) -> None:
    left, right = across(kneeling((256, 378), (260, 380 + flicker)), START)
    assert right == 0
    assert left > 40


def test_the_other_hand_threads_alike() -> None:
    left, right = across(kneeling((380, 378), (415, 346)), START)
    assert left == 0
    assert right > 90


def test_a_hand_level_with_the_other_counts_less_than_half() -> None:
    left, _ = across(kneeling((262, 400), (260, 395)), START)
    assert 40 < left < 50


def test_swaying_hands_thread_nothing() -> None:
    assert across(kneeling((374, 390), (262, 397)), START) == (0, 0)


@pytest.mark.parametrize("apart", [0, 20, 50])
def test_hands_that_began_together_are_no_start_to_measure_from(apart: float) -> None:
    start = kneeling((320 + apart / 2, 395), (320 - apart / 2, 395))
    assert np.isnan(across(kneeling((256, 378), (260, 380)), start)).all()
