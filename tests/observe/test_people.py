"""The shipped instrument on some of the rendered people it was made with: right units and signs.

How well it reads people it has never met is the benchmark's to say; that the files, the code and
the names still belong together is said here.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from benchmarks.instrument.fit import Size, fit_ground, fit_network
from benchmarks.instrument.groups import GROUPS, body, from_start, sample
from benchmarks.instrument.networks import folds
from benchmarks.instrument.rows import MEASURES, Rows, read_file
from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.observe.instrument import instrument
from posecoach.observe.instrument.bodies import Body, some
from posecoach.observe.instrument.ground import limb_angles
from posecoach.observe.instrument.instrument import REAL
from posecoach.observe.instrument.told import VALUE
from posecoach.pose.landmarks import Landmark
from tests.helpers.places import SHARED

CROWD = SHARED / "crowd" / "free-0.npz"
pytestmark = pytest.mark.skipif(not CROWD.is_file(), reason="needs ../shared/crowd")


@pytest.fixture(scope="module")
def rows() -> Rows:
    return read_file(CROWD, last=110)


def told(rows: Rows, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Errors of the instrument and of geometry, where both know."""
    index = MEASURES.index(name)
    read = from_start(rows)[:, index]
    off, before = [], []
    for row in range(len(rows)):
        view = View(rows.facing[row], rows.posture[row], rows.near[row])
        which = np.array([row])
        fitted = instrument().fitted(body(rows, which), body(rows, rows.start[which]), view)
        geometry = Reading(read[which], rows.sure[which, index])
        one = instrument().told(fitted, name, geometry, view)
        if one.fitted[0] and np.isfinite(rows.true[row, index]) and np.isfinite(read[row]):
            off.append(one.value[0] - rows.true[row, index])
            before.append(read[row] - rows.true[row, index])
    return np.array(off), np.array(before)


@pytest.mark.parametrize(
    "name", ["trunk_turn", "neck_lateral_flexion", "knees_drop", "knee_flexion_left"]
)
def test_it_reads_nearer_to_the_truth_than_geometry(rows: Rows, name: str) -> None:
    off, before = told(rows, name)
    assert len(off) > 30
    assert np.abs(off).mean() < 0.8 * np.abs(before).mean()


def test_the_same_people_and_seed_make_the_same_network(rows: Rows) -> None:
    group = next(each for each in GROUPS if each.name == "feet")
    data = sample(group, rows, least=20)
    which = np.arange(len(data.rows))
    first, second = (
        fit_network(group, data, which, True, Size((8, 4), 8, 2), seed=3).arrays() for _ in range(2)
    )
    assert all((first[name] == second[name]).all() for name in first)


def test_nobody_is_in_two_folds(rows: Rows) -> None:
    fold = folds(rows.body_id)
    for person in np.unique(rows.body_id):
        assert len(set(fold[rows.body_id == person])) == 1


def test_whom_the_ground_was_laid_by_stands_on_it(rows: Rows) -> None:
    for group in GROUPS:
        data = sample(group, rows, least=20)
        angles = limb_angles(data.now, group.upper)
        distance = fit_ground(angles, seed=1).degrees(angles)
        assert np.median(distance) < 15


def test_who_began_on_all_fours_is_read_so_whatever_a_moment_is_told_to_be(rows: Rows) -> None:
    kneeling = np.char.startswith(rows.exercise, "childs-pose") & (
        rows.start != np.arange(len(rows))
    )
    assert kneeling.sum() > 20
    for row in np.flatnonzero(kneeling):
        which = np.array([row])
        now, start = body(rows, which), body(rows, rows.start[which])
        near = rows.near[row]
        by_view = instrument().fitted(now, start, View("left", "all-fours", near))
        # So a folded body is told to be seen, now and then for a whole hold.
        for view in (View("front", "sitting", near), View("three-quarter", "upright", near)):
            told = instrument().fitted(now, start, view)
            assert told.share == by_view.share
            assert told.names == by_view.names
            assert told.table == pytest.approx(by_view.table)


def test_a_start_pose_that_nobody_had_is_compared_with_nothing(rows: Rows) -> None:
    """Some real people begin as no rendered one does."""
    seen = 0
    for row in np.flatnonzero((rows.exercise == "neck-flexion") & (rows.facing == "front"))[:10]:
        which = np.array([row])
        now, start = body(rows, which), _leaning(body(rows, rows.start[which]), 30.0)
        view = View("front", "upright")
        told, alone = (instrument().fitted(now, each, view) for each in (start, None))
        assert (told.names, told.share) == (alone.names, alone.share)
        assert told.table == pytest.approx(alone.table, nan_ok=True)
        seen += bool(told.share[0])
    assert seen


def _leaning(each: Body, degrees: float) -> Body:
    """The same body turned in the picture."""
    turn = np.radians(degrees)
    flat = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    world = each.world.copy()
    world[..., :2] = world[..., :2] @ flat
    return replace(each, image=each.image @ flat, world=world)


def test_of_hidden_arms_reader_and_geometry_tell_a_part_each(rows: Rows) -> None:
    """A laptop's picture of head and shoulders, though it is a coarse one."""
    name, view = "shoulder_protraction_left", View("front", "upright")
    (front,) = (each for each in instrument().readers if name in each.measures)
    beside = front.with_start.worth[front.measures.index(name)].beside
    assert beside is not None
    seen = 0
    for row in np.flatnonzero(rows.desk & (rows.facing == "front"))[:20]:
        which = np.array([row])
        now, start = body(rows, which), body(rows, rows.start[which])
        if not instrument().fitted(now, start, view).tells(name):
            continue
        seen += 1
        cut, cut_start = (_without_arms(each) for each in (now, start))
        found = instrument().fitted(cut, cut_start, view)
        assert not found.tells(name)
        assert found.tells("neck_flexion")
        told = instrument().told(found, name, Reading(np.array([3.0]), np.array([0.25])), view)
        own = found.table[VALUE, found.names[name]]
        assert np.isfinite(own)
        assert told.value == pytest.approx(own + beside.geometry * 3.0)
        assert told.spread == pytest.approx(REAL * beside.spread)
        unseen = Reading(np.array([np.nan]), np.array([0.0]))
        assert np.isnan(instrument().told(found, name, unseen, view).value)
        alone = instrument().fitted(cut, None, view)
        assert not alone.tells(name)
    assert seen


def test_hidden_arms_are_told_alike_of_one_moment_and_of_many(rows: Rows) -> None:
    names, view = ("shoulder_protraction_left", "shoulder_elevation_right"), View("front")
    which = np.flatnonzero(rows.desk & (rows.facing == "front"))[:6]
    start = _one(_without_arms(body(rows, rows.start[which][:1])))
    now = _without_arms(body(rows, which))
    many = instrument().fitted(now, start, view)
    compared = 0
    for at in range(len(which)):
        one = instrument().fitted(some(now, np.array([at])), start, view)
        for name in names:
            if name not in one.names or many.beside is None or one.beside is None:
                continue
            here, there = one.names[name], many.names[name]
            assert one.table[:, here, 0] == pytest.approx(many.table[:, there, at])
            assert one.beside[here, 0] == many.beside[there, at]
            compared += one.beside[here, 0] > 0
    assert compared


def _without_arms(each: Body) -> Body:
    """The same body in a picture that ends above its elbows."""
    elbows = each.image[:, [Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW], 1]
    size = each.size.copy()
    size[:, 1] = elbows.min(axis=1) - 1
    return replace(each, size=size)


def _one(each: Body) -> Body:
    """The only one of a list."""
    return Body(*(getattr(each, part.name)[0] for part in fields(each)))
