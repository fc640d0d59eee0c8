"""What is kept of a reader: only what is nearer to the truth than geometry, held and free."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from benchmarks.instrument.groups import GROUPS, Sample, nearest_turn
from benchmarks.instrument.rows import MEASURES, Rows
from benchmarks.instrument.used import USED, asked
from benchmarks.instrument.worth import (
    LeftOut,
    beside,
    doubt,
    helps,
    left_to_geometry,
    slope,
    within,
    worths,
)
from posecoach.observe.instrument.bodies import Body

MANY = 400
HELD = np.arange(MANY) < MANY // 2
FREE = ~HELD


def sample(rng: np.random.Generator, geometry_off: float) -> Sample:
    """Two sides of a measure, which geometry reads with an error."""
    nothing = np.zeros((MANY, 33, 2))
    body = Body(nothing, np.zeros((MANY, 33, 3)), nothing[..., 0], nothing[:, 0], nothing[:, 0])
    true = rng.uniform(0.0, 90.0, (MANY, 2))
    return Sample(
        rows=np.arange(MANY),
        start=np.zeros(MANY, dtype=np.int64),
        now=body,
        measures=("elbow_flexion_left", "elbow_flexion_right"),
        true=true,
        read=true + rng.normal(size=true.shape) * geometry_off,
        sure=np.ones_like(true),
    )


def told(data: Sample, off: tuple[float, float], rng: np.random.Generator) -> LeftOut:
    error = rng.normal(size=data.true.shape) * off
    return LeftOut(data.true + error, np.ones_like(data.true))


def test_who_reads_nearer_is_kept_and_who_reads_farther_is_not() -> None:
    rng = np.random.default_rng(1)
    data = sample(rng, 6.0)
    for off, nearer in ((3.0, True), (12.0, False)):
        for columns in ([0], [0, 1]):
            assert helps(data, told(data, (off, off), rng), columns, HELD, FREE) is nearer


def test_nearer_in_holds_alone_is_not_enough() -> None:
    rng = np.random.default_rng(2)
    data = sample(rng, 6.0)
    error = rng.normal(size=data.true.shape) * np.where(HELD, 2.0, 12.0)[:, None]
    habit = LeftOut(data.true + error, np.ones_like(data.true))
    assert not helps(data, habit, [0], HELD, FREE)


def test_two_sides_that_a_mirror_exchanges_are_decided_together() -> None:
    rng = np.random.default_rng(3)
    data = sample(rng, 6.0)
    uneven = told(data, (2.0, 6.5), rng)
    alone = [helps(data, uneven, [side], HELD, FREE) for side in (0, 1)]
    assert alone == [True, False]
    assert helps(data, uneven, [0, 1], HELD, FREE)


@pytest.mark.parametrize("seed", range(8))
def test_two_sides_of_whom_the_camera_faces_are_worth_the_same(seed: int) -> None:
    """Though in one stretch only the left one moves."""
    rng = np.random.default_rng(seed)
    data = sample(rng, 6.0)
    here = np.arange(MANY) % 2 == 0
    data.true[here, 1] = 5.0
    rows = SimpleNamespace(
        exercise=np.where(here, "neck-flexion", "wall-stretch"),
        start=np.zeros(MANY, dtype=np.int64),
        free=FREE,
        held=HELD,
        person=np.arange(MANY),
    )
    uneven = told(data, (5.0, 6.5), rng)
    every = np.ones(MANY, dtype=bool)
    front, *_, back = GROUPS
    left, right = worths(front, data, cast("Rows", rows), uneven, every, True)
    assert left == right
    near, far = worths(back, data, cast("Rows", rows), uneven, every, True)
    assert near.value != far.value


def test_where_geometry_hardly_sees_there_is_nothing_to_compare_with() -> None:
    rng = np.random.default_rng(4)
    data = sample(rng, 1.0)
    sure = np.where(rng.random((MANY, 1)) < 0.3, 1.0, 0.0) * np.ones((1, 2))
    blind = replace(data, sure=sure)
    far = told(data, (9.0, 9.0), rng)
    assert helps(blind, far, [0], HELD, FREE)
    assert not helps(data, far, [0], HELD, FREE)


def test_what_the_front_reader_does_not_look_at_is_geometrys() -> None:
    front, *others = GROUPS
    assert front.upper
    for by_start in (True, False):
        assert {"hip_flexion", "knee_flexion"} <= set(left_to_geometry(front, by_start))
        assert not any(left_to_geometry(each, by_start) for each in others)


def test_only_what_goes_round_is_compared_the_nearer_way_round() -> None:
    true, read = np.zeros((2, len(MEASURES))), np.zeros((2, len(MEASURES)))
    thigh, knee = (MEASURES.index(name) for name in ("thigh_inclination_left", "knee_flexion_left"))
    true[:, [thigh, knee]] = [[179.0, 170.0], [np.nan, 170.0]]
    read[:, [thigh, knee]] = [[-179.0, -15.0], [-179.0, -15.0]]
    nearest = nearest_turn(read, true)
    assert nearest[:, thigh] == pytest.approx([181.0, -179.0])
    assert nearest[:, knee] == pytest.approx([-15.0, -15.0])


def test_a_spread_holds_nine_of_ten() -> None:
    off = np.random.default_rng(5).normal(size=20_000) * 4.0
    assert within(off) == pytest.approx(4.0, rel=0.03)
    assert np.isnan(within(off[:10]))


def test_a_joint_that_is_guessed_has_no_slope() -> None:
    rng = np.random.default_rng(6)
    true = rng.uniform(0.0, 60.0, MANY)
    assert slope(true, 10.0 + 0.7 * true) == pytest.approx(0.7)
    assert abs(slope(true, rng.uniform(20.0, 40.0, MANY))) < 0.1
    assert slope(np.full(MANY, 3.0), true) == 0.0


def test_what_a_definition_asks_for_is_shown() -> None:
    for stretch, shown in USED.items():
        assert set(asked(stretch)) <= set(shown)
    assert "elbow_flexion" in asked("childs-pose-thread-the-needle")


@pytest.mark.parametrize("power", [0.4, 1.0, 1.3])
def test_the_spread_goes_with_doubt_as_errors_did(power: float) -> None:
    """Who doubts twice as much is not off by twice as much."""
    rng = np.random.default_rng(6)
    expected = np.exp(rng.uniform(np.log(1.0), np.log(20.0), 20000))
    off = rng.normal(size=len(expected)) * 1.5 * expected**power
    found, most = doubt(off, expected)
    assert found == pytest.approx(power, abs=0.05)
    assert most == pytest.approx(1.5 * 20.0**power, rel=0.2)


def test_of_few_people_no_power_is_told() -> None:
    rng = np.random.default_rng(7)
    assert doubt(rng.normal(size=100), rng.uniform(1.0, 20.0, 100)) == (1.0, 180.0)


def test_the_mean_of_two_readings_is_told_in_the_size_that_geometry_tells() -> None:
    """A reader tells half of what moves, geometry all of it but scattered, and each person off."""
    rng = np.random.default_rng(5)
    data = sample(rng, 0.0)
    people = np.arange(MANY) // 8
    rows = cast("Rows", SimpleNamespace(person=people))
    habit = rng.normal(size=MANY)[people, None] * 9.0
    scattered = replace(data, read=data.true + habit + rng.normal(size=(MANY, 2)) * 40.0)
    reader = LeftOut(data.true / 2 + rng.normal(size=(MANY, 2)) * 8.0, np.ones((MANY, 2)))
    found = beside(scattered, rows, reader, [0, 1], np.ones(MANY, dtype=bool))
    assert found is not None
    assert (found.reader, found.geometry) == pytest.approx((1.0, 0.5), rel=0.15)
    few = people < 20
    assert beside(scattered, rows, reader, [0, 1], few) is None
    sure = replace(data, read=data.true + rng.normal(size=(MANY, 2)))
    assert beside(sure, rows, reader, [0, 1], np.ones(MANY, dtype=bool)) is None
