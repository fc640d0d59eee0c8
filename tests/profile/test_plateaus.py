"""Held positions out of angles over time: a jerk, a glitch or a frame rate moves no range."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecoach.profile.plateaus import held_for, held_plateaus
from tests.helpers.truth import true_clip

Floats = NDArray[np.float64]


def bouts(
    levels: list[float], fps: float = 15.0, hold_s: float = 2.0, rest: float = 0.0
) -> tuple[Floats, Floats]:
    """Out in a second, held, back in a second, a second's rest; again for each level."""
    knots_t, knots_v = [0.0], [rest]
    for level in levels:
        for seconds, value in ((1.0, rest), (1.0, level), (hold_s, level), (1.0, rest)):
            knots_t.append(knots_t[-1] + seconds)
            knots_v.append(value)
    times = np.arange(0.0, knots_t[-1] + 1.0, 1 / fps)
    return times, np.interp(times, knots_t, knots_v)


def test_one_plateau_for_each_excursion_at_its_time_and_level() -> None:
    times, values = bouts([30.0, 28.0, 31.0])
    found = held_plateaus(times, values)
    assert [round(each.level, 1) for each in found] == [30.0, 28.0, 31.0]
    assert found[0].start_s == pytest.approx(2.0, abs=0.25)
    assert found[0].end_s == pytest.approx(4.0, abs=0.3)


@settings(max_examples=60, deadline=None)
@given(
    fps=st.sampled_from([5.0, 8.0, 15.0, 24.0, 30.0, 60.0]),
    level=st.floats(9.0, 150.0),
    seed=st.integers(0, 10_000),
)
def test_glitches_noise_dropouts_and_frame_rate_move_the_level_by_less_than_a_degree(
    fps: float, level: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    times, values = bouts([level, level, level], fps, hold_s=3.0)
    values = values + random.normal(0, 0.3, values.size)
    glitched = np.zeros(values.size, bool)
    index = 1
    while index < values.size:  # single frames: never two in a row, one in twelve or so
        glitched[index] = True
        index += int(random.integers(8, 16))
    values[glitched] += random.choice([-60.0, 60.0], glitched.sum())
    dropped = np.arange(values.size) % 11 == random.integers(0, 11)
    values[dropped & ~glitched] = np.nan
    found = held_plateaus(times, values)
    assert len(found) == 3
    assert max(abs(each.level - level) for each in found) < 1.0


def test_a_jerk_beyond_the_hold_is_no_range() -> None:
    times, values = bouts([20.0])
    jerk = (times > 2.0) & (times < 2.4)
    values[jerk] = 35.0
    (found,) = held_plateaus(times, values)
    assert found.level == pytest.approx(20.0, abs=0.5)


def test_a_swing_is_no_hold() -> None:
    times = np.arange(0, 12, 1 / 30)
    assert held_plateaus(times, 30 * np.abs(np.sin(times * 1.5))) == ()


def test_slow_movement_counts_only_where_it_stops() -> None:
    """Five degrees a second is slow, and no position."""
    times = np.arange(0, 14, 1 / 30)
    values = np.interp(times, [0, 1, 7, 9, 13], [0, 0, 30, 30, 0])
    (found,) = held_plateaus(times, values)
    assert found.level == pytest.approx(30.0, abs=1.0)


def test_standing_still_is_no_excursion() -> None:
    times = np.arange(0, 10, 1 / 15)
    sway = 1.5 * np.sin(times)
    assert held_plateaus(times, sway, least=3.0) == ()


def test_counted_from_where_the_person_rests() -> None:
    times, values = bouts([118.0, 120.0], rest=50.0)
    found = held_plateaus(times, values, rest=50.0, least=5.0)
    assert [round(each.level) for each in found] == [118, 120]


def test_a_hole_is_not_a_hold() -> None:
    """Nobody knows what was done while nothing was seen."""
    times, values = bouts([30.0], hold_s=2.0)
    values[(times > 2.3) & (times < 3.7)] = np.nan
    assert held_plateaus(times, values) == ()


def test_nothing_known_is_nothing_found() -> None:
    assert held_plateaus([], []) == ()
    assert held_plateaus([0.0, 1.0, 2.0], [np.nan] * 3) == ()
    assert held_for([], []) == 0.0
    with pytest.raises(ValueError, match="one length"):
        held_plateaus([0.0], [1.0, 2.0])


def test_how_long_it_has_been_held() -> None:
    times = np.arange(0, 3, 1 / 15)
    values = np.interp(times, [0, 1, 3], [0, 30, 30])
    assert held_for(times, values) == pytest.approx(2.0, abs=0.4)
    assert held_for(times[:15], values[:15]) < 0.4


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("overhead-reach-small-range", "trunk_lateral_flexion"),
        ("neck-flexion-correct", "neck_lateral_flexion"),
        ("trunk-rotation-correct", "knees_drop"),
        ("wall-stretch-correct", "trunk_turn"),
    ],
)
def test_true_angles_with_glitches_give_the_true_range(
    shared: Path, name: str, measure: str
) -> None:
    """Natural sway and uneven tempo, each side: glitches move what is found by under 1 degree."""
    clip = true_clip(shared, name)
    times = clip.truth["t_s"]
    holds = clip.labels["holds"]
    random = np.random.default_rng(1)
    glitches = np.zeros(times.size)
    glitches[7::11] = random.choice([-60.0, 60.0], glitches[7::11].size)
    for sign in (1, -1):
        values = clip.truth[measure] * sign
        clean = held_plateaus(times, values, least=4.0)
        dirty = held_plateaus(times, values + glitches, least=4.0)
        assert len(clean) == len(dirty) == len(holds) // 2
        for one, other in zip(clean, dirty, strict=True):
            middle = (times > one.start_s) & (times < one.end_s)
            assert one.level == pytest.approx(float(np.median(values[middle])), abs=1.0)
            assert abs(one.level - other.level) < 1.0
