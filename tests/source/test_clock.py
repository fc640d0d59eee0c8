"""Timestamps: kept where they are right, repaired where they are not."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.source.clock import MIN_STEP_S, Clock


def told(stamps: list[float], fps: float | None = 10.0) -> list[float]:
    clock = Clock(fps)
    return [clock.tell(stamp) for stamp in stamps]


@given(
    st.lists(st.floats(0.001, 100), max_size=30),
    st.floats(-1000, 1000),
)
def test_forward_times_are_kept_from_zero(steps: list[float], start: float) -> None:
    stamps = [start]
    for step in steps:
        stamps.append(stamps[-1] + step)
    assert told(stamps) == pytest.approx([s - start for s in stamps], abs=2e-3)


@given(st.lists(st.floats(), max_size=60), st.sampled_from([None, 0.5, 30.0, 240.0, 1e5]))
def test_whatever_the_stamps_time_goes_forward(stamps: list[float], fps: float | None) -> None:
    times = told(stamps, fps)
    assert all(math.isfinite(t) for t in times)
    assert all(b > a for a, b in pairwise(times))
    assert times[:1] in ([], [0.0])


def test_no_timestamps_at_all_means_the_nominal_rate() -> None:
    assert told([0, 0, 0, 0]) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_repeated_stamp_does_not_shift_what_follows() -> None:
    assert told([0, 0.1, 0.1, 0.3, 0.4]) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


def test_a_missing_stamp_is_one_frame_later() -> None:
    assert told([0, 0.1, math.nan, 0.3]) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_frame_out_of_order_keeps_its_place_in_the_file() -> None:
    assert told([0, 0.2, 0.1, 0.4]) == pytest.approx([0, 0.2, 0.3, 0.4])


def test_two_recordings_joined_go_on() -> None:
    assert told([0, 5, 10, 0, 5]) == pytest.approx([0, 5, 10, 10.1, 15.1])


def test_a_damaged_stamp_does_not_tear_a_hole_of_days() -> None:
    assert told([0, 0.1, 1e9, 0.3, 0.4]) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


def test_a_still_minute_is_kept() -> None:
    assert told([0, 60, 60.1]) == pytest.approx([0, 60, 60.1])


def test_steps_are_at_least_what_an_estimator_counts() -> None:
    times = told([0, 1e-9, 2e-9])
    assert min(b - a for a, b in pairwise(times)) >= MIN_STEP_S * 0.999
