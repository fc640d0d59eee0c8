"""How far a silhouette reaches around the shoulders, on drawn ones."""

from __future__ import annotations

from math import cos, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecoach.body.outline import Outline
from posecoach.body.radial_profile import SECTORS, reaches

SIZE = 640, 480
DEGREES_A_SECTOR = 15.0
FIRST_DEG = -45.0


def outline(hips: NDArray[np.float64], axis: NDArray[np.float64], mirror: bool) -> Outline:
    back = np.array([axis[1], -axis[0]]) * (-1.0 if mirror else 1.0)
    nothing = np.zeros(0)
    return Outline(nothing, nothing, nothing > 0, nothing, hips, axis, back, 1.0)


def drawn(
    arm_deg: float, length: float, turn_deg: float = 0.0, trunk: float = 110.0, mirror: bool = False
) -> tuple[NDArray[np.float32], Outline]:
    """A trunk, and an arm at an angle from it towards the front, in trunk lengths."""
    turn = radians(turn_deg)
    axis = trunk * np.array([cos(turn), sin(turn)])
    shoulders = np.array([320.0, 240.0])
    here = outline(shoulders - axis, axis, mirror)
    way = radians(arm_deg)
    hand = shoulders + length * (cos(way) * axis - sin(way) * here.back)
    mask = np.zeros(SIZE[::-1], np.uint8)
    for end, width in ((shoulders - axis, 0.35), (hand, 0.16)):
        start, stop = (tuple(round(each) for each in point) for point in (shoulders, end))
        cv2.line(mask, start, stop, 1, max(2, round(width * trunk)))
    return mask.astype(np.float32), here


def sector(angle_deg: float) -> int:
    return int((angle_deg - FIRST_DEG) // DEGREES_A_SECTOR)


@settings(max_examples=60, deadline=None)
@given(
    arm=st.floats(-40, 100),
    length=st.floats(0.5, 1.5),
    turn=st.floats(-40, 40),
    trunk=st.floats(60, 130),
    mirror=st.booleans(),
)
def test_a_hand_is_found_where_it_ends(
    arm: float, length: float, turn: float, trunk: float, mirror: bool
) -> None:
    mask, here = drawn(arm, length, turn, trunk, mirror)
    found = reaches(mask, here, SIZE)
    assert found.shape == (SECTORS,)
    # Half its breadth beyond its end, and to the sector beside where it lies between two.
    assert found.max() == pytest.approx(length, abs=0.12)
    assert abs(int(found.argmax()) - sector(arm)) <= 1


def test_a_smaller_mask_of_the_same_picture_shows_the_same() -> None:
    mask, here = drawn(20.0, 1.2)
    small = np.ascontiguousarray(mask[::2, ::2])
    assert reaches(small, here, SIZE) == pytest.approx(reaches(mask, here, SIZE), abs=0.07)


def test_what_is_beyond_the_picture_is_not_reached() -> None:
    mask, here = drawn(0.0, 1.2, trunk=400.0)
    # From the shoulders in the middle 320 pixels are left: eight tenths of the trunk's length.
    found = reaches(mask, here, SIZE)
    assert np.isnan(found[sector(0.0)])
    assert np.nanmax(found) < 0.8


def test_places_far_beyond_numbers_are_beyond_the_picture() -> None:
    mask, here = drawn(0.0, 1.2)
    far = outline(here.origin, 1e30 * here.axis, False)
    assert reaches(mask, far, SIZE).tolist() == [0.0] * SECTORS


def test_where_nobody_is_seen_nothing_is_reached() -> None:
    mask, here = drawn(0.0, 1.2)
    assert reaches(np.zeros_like(mask), here, SIZE).tolist() == [0.0] * SECTORS


def test_shadows_are_not_the_person() -> None:
    mask, here = drawn(30.0, 1.2)
    assert reaches(0.6 * mask, here, SIZE).max() == 0.0
