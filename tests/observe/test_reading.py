"""What the instrument promises whatever its weights are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import View
from posecoach.observe.instrument import Told, instrument
from posecoach.observe.instrument.bodies import DRAWN, Body
from posecoach.observe.instrument.choice import EDGE
from posecoach.observe.instrument.instrument import REAL
from posecoach.observe.instrument.kept import data_of, load
from posecoach.observe.instrument.reader import FittedReader
from posecoach.observe.instrument.told import VALUE
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose

SIZE = (640, 480)
FRONT = View("front", "upright", "left", 0.0)
NAMES = (
    "elbow_flexion_left",
    "elbow_flexion_right",
    "shoulder_abduction_left",
    "trunk_lateral_flexion",
    "neck_lateral_flexion",
)
L = Landmark


def upright(hips: float = 0.0, time_s: float = 0.0) -> Pose:
    """A body before the camera with hanging arms, its hips moved to its own left, metres."""
    world = np.zeros((33, 3))

    def both(left: Landmark, x: float, y: float, z: float = 0.0) -> None:
        world[left] = (x, y, z)
        world[MIRROR[left]] = (-x, y, z)

    world[L.NOSE] = (0.0, -0.67, -0.18)
    for eye in (L.LEFT_EYE_INNER, L.LEFT_EYE, L.LEFT_EYE_OUTER):
        both(eye, 0.02 + 0.015 * (eye - L.LEFT_EYE_INNER), -0.71, -0.15)
    both(L.LEFT_EAR, 0.07, -0.69, -0.05)
    both(L.MOUTH_LEFT, 0.025, -0.63, -0.15)
    both(L.LEFT_SHOULDER, 0.17, -0.5)
    both(L.LEFT_ELBOW, 0.21, -0.22)
    both(L.LEFT_WRIST, 0.23, 0.02, -0.03)
    for hand in (L.LEFT_PINKY, L.LEFT_INDEX, L.LEFT_THUMB):
        both(hand, 0.23, 0.1, -0.03)
    both(L.LEFT_HIP, 0.1, 0.0)
    both(L.LEFT_KNEE, 0.1, 0.42)
    both(L.LEFT_ANKLE, 0.1, 0.82)
    both(L.LEFT_HEEL, 0.1, 0.86, 0.04)
    both(L.LEFT_FOOT_INDEX, 0.11, 0.88, -0.12)
    world[23:] += (hips, 0.0, 0.0)
    image = world[:, :2] * 220.0 + (320.0, 240.0)
    return Pose(np.asarray(time_s), image, world, np.full(33, 0.95), SIZE)


def mirrored(pose: Pose) -> Pose:
    body = Body(
        pose.image, pose.world, pose.visibility, np.array(SIZE, float), np.zeros(2 * len(DRAWN))
    )
    other = body.mirrored()
    return replace(pose, image=other.image, world=other.world, visibility=other.visibility)


@pytest.mark.parametrize("hips", [0.0, 0.1])
@pytest.mark.parametrize("across", [-60.0, -20.0, 40.0, 60.0])
def test_who_steps_aside_or_is_followed_by_the_camera_has_not_turned(
    hips: float, across: float
) -> None:
    """Moved by so many pixels since the start pose; before, a turn was read 6 degrees otherwise."""
    names, start = (*NAMES, "trunk_turn"), Neutral(upright(), {})
    pose = upright(hips)
    moved = replace(pose, image=pose.image + np.array([across, 0.0]))
    here = instrument().read(pose, names, FRONT, start)
    there = instrument().read(moved, names, FRONT, start)
    for name in names:
        assert here[name].fitted
        assert abs(float(there[name].value - here[name].value)) < 1.0, name


@pytest.mark.parametrize("hips", [0.0, 0.03, -0.06])
def test_a_mirror_image_is_read_as_the_mirror_image(hips: float) -> None:
    neutral = Neutral(upright(), {})
    pose = upright(hips)
    here = instrument().read(pose, NAMES, FRONT, neutral)
    there = instrument().read(mirrored(pose), NAMES, FRONT, Neutral(mirrored(upright()), {}))
    assert here["elbow_flexion_left"].fitted
    left, right = here["elbow_flexion_left"], there["elbow_flexion_right"]
    assert float(left.value) == pytest.approx(float(right.value), abs=0.01)
    for name in ("trunk_lateral_flexion", "neck_lateral_flexion"):
        assert float(here[name].value) == pytest.approx(-float(there[name].value), abs=0.01)
        assert float(here[name].spread) == pytest.approx(float(there[name].spread), abs=0.01)


def test_one_moment_and_many_are_read_alike() -> None:
    poses = [upright(0.01 * step, 0.1 * step) for step in range(5)]
    neutral = Neutral(poses[0], {})
    many = instrument().read(Pose.series(poses), NAMES, FRONT, neutral)
    for index, pose in enumerate(poses):
        for name, told in instrument().read(pose, NAMES, FRONT, neutral).items():
            assert float(told.value) == pytest.approx(float(many[name].value[index]), abs=1e-3)
            assert float(told.spread) == pytest.approx(float(many[name].spread[index]), abs=1e-3)


def test_every_known_value_has_spreads_and_no_unknown_one_has() -> None:
    for pose in (upright(), mirrored(upright(0.05))):
        for told in instrument().read(pose, NAMES, FRONT).values():
            known = bool(told.confidence > 0)
            for spread in (told.spread, told.change, told.sides):
                assert np.isfinite(spread) == known
                assert not known or spread > 0


def test_a_difference_of_two_sides_is_no_surer_than_one_is_less_sure_than_the_other() -> None:
    """Two errors' spreads obey the triangle inequality, however much a body shifts both alike."""
    pose = upright()
    moved = ((L.LEFT_WRIST, (0.067, -0.302, -0.04)), (L.LEFT_ELBOW, (0.023, -0.105, -0.014)))
    for joint, way in moved:
        pose.world[joint] += way
        pose.image[joint] += 300 * np.array(way[:2])
    names = ("elbow_flexion_left", "elbow_flexion_right")
    left, right = (
        instrument().read(pose, names, FRONT, Neutral(upright(), {}))[name] for name in names
    )
    assert left.fitted
    assert right.fitted
    assert left.spread > 5 * right.spread
    assert left.sides >= left.spread - right.spread - 1e-6


def test_a_body_unlike_all_fitted_ones_is_left_to_geometry_with_a_wider_spread() -> None:
    usual = upright()
    folded = upright()
    # Arms through the head, forearms backwards, the face at the back: nobody was fitted so.
    for side, x in ((L.LEFT_ELBOW, -0.2), (L.RIGHT_ELBOW, 0.2)):
        folded.world[side] = (x, -0.9, 0.3)
    for side in (L.LEFT_WRIST, L.RIGHT_WRIST):
        folded.world[side] = (0.0, -0.3, 0.6)
    folded.world[L.NOSE] = (0.0, -0.3, 0.4)
    here = instrument().read(usual, NAMES, FRONT, Neutral(usual, {}))
    there = instrument().read(folded, NAMES, FRONT, Neutral(usual, {}))
    assert here["trunk_lateral_flexion"].fitted
    assert not any(told.fitted for told in there.values())
    assert there["trunk_lateral_flexion"].spread > here["trunk_lateral_flexion"].spread


def test_where_readers_give_way_the_value_lies_between_theirs_and_geometrys() -> None:
    usual = upright()
    fitted = instrument().fitted(
        Body(
            usual.image[None],
            usual.world[None],
            usual.visibility[None],
            np.array([SIZE], float),
            np.zeros((1, 2 * len(DRAWN))),
        ),
        None,
        FRONT,
    )
    name = "trunk_lateral_flexion"
    own = float(fitted.table[VALUE, fitted.names[name], 0])
    for share in (0.0, 0.25, 1.0):
        part = replace(fitted, share=np.array([share]))
        geometry = Reading(np.array([own + 8.0]), np.array([0.9]))
        told = instrument().told(part, name, geometry, FRONT)
        assert float(told.value[0]) == pytest.approx(own + 8.0 * (1 - share), abs=1e-6)
    assert EDGE > 1


def test_a_start_pose_of_another_kind_is_not_compared_with() -> None:
    odd = upright()
    odd.world[:] = odd.world[:, [1, 2, 0]]
    with_odd = instrument().read(upright(), NAMES, FRONT, Neutral(odd, {}))
    alone = instrument().read(upright(), NAMES, FRONT, None)
    told = with_odd["trunk_lateral_flexion"]
    assert float(told.value) == float(alone["trunk_lateral_flexion"].value)


@pytest.mark.parametrize("kind", ["in motion", "like nobody's"])
def test_what_counts_from_a_start_pose_that_is_no_zero_is_less_sure(kind: str) -> None:
    """Of one moment and of many; what does not count from it is as sure as it was."""
    usual, other = upright(), upright()
    if kind == "in motion":
        neutral = Neutral(usual, {}, still=False)
    else:
        other.world[:] = other.world[:, [1, 2, 0]]
        neutral = Neutral(other, {})
    names = ("trunk_turn", "knee_flexion_left")
    here = instrument().read(usual, names, FRONT, neutral)
    alone = instrument().read(usual, names, FRONT, None)
    mean = instrument().spreads.foreign("trunk_turn").value
    assert not here["trunk_turn"].fitted
    assert float(here["trunk_turn"].spread) == pytest.approx(REAL * mean)
    assert mean > instrument().spreads.of("trunk_turn", FRONT, True).value
    assert float(here["knee_flexion_left"].spread) == float(alone["knee_flexion_left"].spread)
    many = instrument().read(Pose.series([usual, usual]), names, FRONT, neutral)
    for name in names:
        assert many[name].spread == pytest.approx([float(here[name].spread)] * 2)


def test_the_data_files_say_what_they_are_made_of(tmp_path: Path) -> None:
    own = instrument()
    arrays, data = data_of(own, {"inputs": ["crowd-0.npz"]})
    np.savez_compressed(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
    import json

    (tmp_path / "a.json").write_text(json.dumps(data))
    again = load(tmp_path / "a.npz", tmp_path / "a.json")
    assert again.version == own.version
    pose, neutral = upright(0.04), Neutral(upright(), {})
    first, second = (each.read(pose, NAMES, FRONT, neutral) for each in (own, again))
    assert {n: float(t.value) for n, t in first.items()} == {
        n: float(t.value) for n, t in second.items()
    }
    assert isinstance(first["trunk_lateral_flexion"], Told)


@pytest.mark.parametrize("reader", instrument().readers, ids=lambda each: each.name)
def test_a_network_tells_of_one_what_it_tells_of_it_among_many(reader: FittedReader) -> None:
    for network in (reader.with_start.network, reader.alone.network):
        numbers = np.random.default_rng(5).normal(size=(11, len(network.centre)))
        values, errors = network.told(numbers)
        for row in range(11):
            for alone, among in zip(network.told(numbers[row]), (values, errors), strict=True):
                np.testing.assert_array_equal(alone, among[row])


def test_what_no_body_does_is_not_read() -> None:
    """Where no reader knows a body, geometry's slip of 140 degrees is no curve of a back."""
    pose, side = upright(), View("left", "all-fours", "left", 90.0)
    neutral = Neutral(upright(0.4), {"spine_flexion": 10.0})
    for angle, known in ((40.0, True), (-140.0, False), (190.0, False)):
        outlines = {"spine_flexion": Reading(np.asarray(angle), np.asarray(0.9))}
        told = instrument().read(pose, ["spine_flexion"], side, neutral, outlines)["spine_flexion"]
        assert not told.fitted
        assert bool(told.confidence > 0) == known


def leaning(by_deg: float) -> Pose:
    """Upright, and tilted as a whole about the hips, towards the own left."""
    pose, turn = upright(), np.radians(by_deg)
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = np.array([[cosine, sine], [-sine, cosine]])
    world = pose.world.copy()
    world[:, :2] = world[:, :2] @ turned
    middle = pose.image[[L.LEFT_HIP, L.RIGHT_HIP]].mean(axis=0)
    return replace(pose, image=(pose.image - middle) @ turned + middle, world=world)


@pytest.mark.parametrize("start_deg", [-15.0, 0.0, 15.0])
def test_a_start_pose_that_leans_does_not_lean_those_who_stand_upright(start_deg: float) -> None:
    """Who is filmed from the middle of a lean shows no upright start pose to count from."""
    neutral = Neutral(leaning(start_deg), {})
    read = [
        float(instrument().read(leaning(by), NAMES, FRONT, neutral)["trunk_lateral_flexion"].value)
        for by in (-15.0, 0.0, 15.0)
    ]
    assert abs(read[1]) < 5
    assert abs(read[2] - read[0]) == pytest.approx(30, abs=10)
