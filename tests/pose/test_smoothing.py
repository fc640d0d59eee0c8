"""The One Euro filter: calms what rests, lets through what moves, never invents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posecoach.pose.smoothing import OneEuro, Smoothing, metres_per_pixel

RATES = (5.0, 15.0, 30.0, 60.0)


def smooth(times: np.ndarray, points: np.ndarray, **how: float) -> np.ndarray:
    euro = OneEuro(points.shape[1], points.shape[2], Smoothing(**how))
    return np.stack([euro.update(t, p) for t, p in zip(times, points, strict=True)])


@pytest.mark.parametrize("rate", RATES)
def test_a_resting_point_is_calmed_at_any_frame_rate(rate: float) -> None:
    times = np.arange(0, 20, 1 / rate)
    noise = np.random.default_rng(1).normal(scale=0.002, size=(len(times), 4, 2))
    calm = smooth(times, noise)[len(times) // 2 :]
    share = calm.std() / noise.std()
    # An ideal first-order low-pass at 1 Hz leaves sqrt(pi f dt) of white noise, more as dt grows.
    assert share < {5.0: 0.95, 15.0: 0.6, 30.0: 0.5, 60.0: 0.4}[rate]


@pytest.mark.parametrize("rate", RATES)
def test_a_moving_point_keeps_its_extremes_and_hardly_lags(rate: float) -> None:
    times = np.arange(0, 6, 1 / rate)
    # A wrist that swings 0.4 m either way every 3 seconds.
    path = 0.4 * np.sin(2 * np.pi * times / 3)
    points = np.stack([path, np.zeros_like(path)], axis=1)[:, None, :]
    got = smooth(times, points)[:, 0, 0]
    settled = times > 1.5
    assert np.ptp(got[settled]) > 0.97 * np.ptp(path[settled])
    speed = 0.4 * 2 * np.pi / 3
    assert np.abs(got - path)[settled].max() < speed * 0.04  # 40 ms late at the very most


def test_the_first_points_and_those_after_a_gap_pass_unchanged() -> None:
    euro = OneEuro(1, 2)
    assert euro.update(0.0, np.array([[3.0, 4.0]])).tolist() == [[3.0, 4.0]]
    euro.update(0.1, np.array([[3.1, 4.0]]))
    assert euro.update(0.9, np.array([[9.0, 9.0]])).tolist() == [[9.0, 9.0]]


def test_reset_is_exact() -> None:
    walk = np.cumsum(np.random.default_rng(2).normal(size=(50, 3, 2)), axis=0)
    euro = OneEuro(3, 2)
    first = [euro.update(i / 20, p) for i, p in enumerate(walk)]
    euro.reset()
    again = [euro.update(i / 20, p) for i, p in enumerate(walk)]
    assert np.array_equal(first, again)


def test_an_unseen_point_stays_unseen_and_leaves_the_others_alone() -> None:
    walk = np.cumsum(np.random.default_rng(3).normal(size=(30, 3, 2)), axis=0)
    holed = walk.copy()
    holed[10:12, 1] = np.nan
    holed[20, 1, 0] = np.inf
    times = np.arange(30) / 20
    whole, got = smooth(times, walk), smooth(times, holed)
    assert np.isnan(got[10:12, 1]).all()
    assert np.isnan(got[20, 1]).all()
    assert np.array_equal(got[:, [0, 2]], whole[:, [0, 2]])
    assert np.isfinite(got[12:20, 1]).all()


def test_a_time_that_does_not_advance_teaches_nothing() -> None:
    euro, other = OneEuro(1, 2), OneEuro(1, 2)
    for t in (0.0, 0.1):
        for each in (euro, other):
            each.update(t, np.array([[t, t]]))
    euro.update(0.1, np.array([[50.0, 50.0]]))
    euro.update(0.05, np.array([[-50.0, 50.0]]))
    after = np.array([[0.2, 0.2]])
    assert np.array_equal(euro.update(0.2, after), other.update(0.2, after))


def test_turning_and_scaling_the_picture_turns_and_scales_the_result() -> None:
    times = np.arange(60) / 20
    walk = np.cumsum(np.random.default_rng(4).normal(scale=0.02, size=(60, 2, 2)), axis=0)
    turn = np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])
    euro = OneEuro(2, 2)
    pixels = np.stack(
        [
            euro.update(t, 250 * p @ turn.T, metres_per_unit=1 / 250)
            for t, p in zip(times, walk, strict=True)
        ]
    )
    assert np.allclose(pixels, 250 * smooth(times, walk) @ turn.T)


def test_forgotten_points_start_anew_alone() -> None:
    euro = OneEuro(2, 1)
    euro.update(0.0, np.zeros((2, 1)))
    euro.forget(np.array([True, False]))
    got = euro.update(0.05, np.full((2, 1), 0.001))
    assert got[0, 0] == 0.001
    assert 0 < got[1, 0] < 0.001


@given(
    arrays(np.float64, (12, 3, 2), elements=st.floats(allow_nan=True, allow_infinity=True)),
    st.lists(st.floats(-10, 10), min_size=12, max_size=12),
)
def test_no_stream_breaks_it(points: np.ndarray, times: list[float]) -> None:
    euro = OneEuro(3, 2)
    for time_s, moment in zip(times, points, strict=True):
        got = euro.update(time_s, moment)
        seen = np.isfinite(got).all(axis=1)
        assert not (seen & ~np.isfinite(moment).all(axis=1)).any()


def test_the_length_of_a_pixel_is_found_from_any_pose() -> None:
    world = np.random.default_rng(5).normal(size=(33, 3))
    image = 250 * world[:, :2] + [320, 240]
    assert metres_per_pixel(image, world) == pytest.approx(1 / 250)
    image[4] = np.nan
    assert metres_per_pixel(image, world) == pytest.approx(1 / 250)
    assert np.isnan(metres_per_pixel(np.full((33, 2), np.nan), world))
    assert np.isnan(metres_per_pixel(np.ones((33, 2)), world))
