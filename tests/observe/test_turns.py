"""Angles that go round: where the turn is cut, and what a change is across it."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.observe.instrument import Instrument
from posecoach.observe.instrument.bodies import DRAWN, Body
from posecoach.observe.instrument.choice import Fitted
from posecoach.observe.instrument.features import features
from posecoach.observe.instrument.geometry import GeometrySpreads
from posecoach.observe.instrument.ground import Ground, limb_angles
from posecoach.observe.instrument.network import Network
from posecoach.observe.instrument.reader import FittedReader, Way, Worth
from posecoach.observe.instrument.told import VALUE
from posecoach.observe.turns import goes_round, half_turn, straightened
from posecoach.plan.quantity import Reader


@given(st.floats(-1000.0, 1000.0))
def test_a_direction_stays_the_same_one_half_a_turn_either_way(degrees: float) -> None:
    told = float(half_turn(np.array(degrees)))
    assert -180.0 <= told <= 180.0
    assert np.cos(np.radians(told - degrees)) == pytest.approx(1.0)


@given(
    middle=st.floats(-180.0, 180.0),
    off=st.lists(st.floats(-80.0, 80.0), min_size=1, max_size=30),
)
def test_directions_that_lie_together_are_numbers_that_lie_together(
    middle: float, off: list[float]
) -> None:
    given_ = half_turn(middle + np.array(off))
    straight = straightened(given_)
    assert np.ptp(straight) == pytest.approx(np.ptp(off), abs=1e-6)
    assert np.cos(np.radians(straight - given_)) == pytest.approx(1.0)


def test_the_cut_lies_where_nobody_is_though_limbs_point_everywhere_else() -> None:
    arms = np.array([[-170.0, -100.0], [60.0, 120.0], [175.0, nan]])
    straight = straightened(arms)
    # Nobody's arm is between -100 and 60: from 60 they go up over 180.
    assert np.nanmin(straight) == pytest.approx(60.0)
    assert straight[0] == pytest.approx([190.0, 260.0])
    assert np.isnan(straight[2, 1])
    assert np.isnan(straightened(np.full(3, nan))).all()


def test_only_limbs_against_the_vertical_go_round() -> None:
    assert goes_round("thigh_inclination_near")
    assert goes_round("arm_inclination_left")
    assert not goes_round("trunk_inclination")
    assert not goes_round("knee_flexion_left")
    assert not goes_round("angle(left_hip,left_knee,left_ankle)")


def test_a_change_across_straight_up_is_a_small_one() -> None:
    thigh = Reader("thigh_inclination_near", None, 1, from_start=True)
    assert thigh.read({"thigh_inclination_near": -175.0}, {thigh.key: 175.0}) == pytest.approx(10.0)
    knee = Reader("knee_flexion_near", None, 1, from_start=True)
    assert knee.read({"knee_flexion_near": -175.0}, {knee.key: 175.0}) == -350.0
    apart = Reader("arm_inclination_left", "arm_inclination_right", 1, from_start=False)
    assert apart.read(
        {"arm_inclination_left": 170.0, "arm_inclination_right": -170.0}, {}
    ) == pytest.approx(-20.0)
    columns = {"thigh_inclination_near": np.array([-175.0, nan, 170.0])}
    many = thigh.read_many(columns, {thigh.key: 175.0})
    assert many == pytest.approx([10.0, nan, -5.0], nan_ok=True)


SIDE = View("left", "lying", "left", 90.0)
THIGHS = ("thigh_inclination_left", "thigh_inclination_right")


def bodies(many: int) -> Body:
    random = np.random.default_rng(1)
    return Body(
        random.uniform(0, 480, (many, 33, 2)),
        random.uniform(-1, 1, (many, 33, 3)),
        random.uniform(0, 1, (many, 33)),
        np.tile(np.array([640.0, 480.0]), (many, 1)),
        np.zeros((many, 2 * len(DRAWN))),
    )


def reader_that_tells(degrees: float, people: Body) -> FittedReader:
    """Whatever it sees, on the ground of those people."""
    layers = ((features(people, False, True).shape[-1], 2), (2, 2), (2, 4))
    network = Network(
        np.zeros(layers[0][0], np.float32),
        np.ones(layers[0][0], np.float32),
        tuple(np.zeros((1, *shape), np.float32) for shape in layers),
        tuple(np.zeros((1, 1, shape[1]), np.float32) for shape in layers),
        np.full(2, degrees, np.float32),
        np.ones(2, np.float32),
    )
    ground = Ground(limb_angles(people, False).astype(np.float32), 1.0, 1.0)
    way = Way(network, (Worth(True, False, 1.0, 1.0, 1.0),) * 2)
    return FittedReader("back", ("left",), False, True, 0.0, THIGHS, ground, ground, way, way)


@pytest.mark.parametrize("many", [1, 5])
def test_what_a_network_tells_beyond_the_turn_is_brought_back(many: int) -> None:
    people = bodies(many)
    instrument = Instrument((reader_that_tells(190.0, people),), GeometrySpreads({}), "test")
    found = instrument.fitted(people, None, SIDE)
    assert (found.share == 1.0).all()
    assert found.table[VALUE] == pytest.approx(-170.0)


def test_reader_and_geometry_on_both_sides_of_upright_agree_there() -> None:
    share = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    table = np.full((5, 1, 5), 4.0)
    table[VALUE] = -178.0
    found = Fitted(share, {THIGHS[0]: 0}, table, np.zeros((1, 5), bool), (), np.zeros(5, bool))
    by_geometry = Reading(np.full(5, 174.0), np.ones(5))
    told = Instrument((), GeometrySpreads({}), "test").told(found, THIGHS[0], by_geometry, SIDE)
    assert told.value % 360.0 == pytest.approx([174.0, 176.0, 178.0, 180.0, 182.0])
    assert (np.abs(told.value) <= 180.0).all()
