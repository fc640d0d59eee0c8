"""What must hold for every measure of the catalogue, whatever the body and the picture.

Each test goes over the catalogue itself, so that a new measure is held to it as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.body.catalogue import CATALOGUE, measure, names, neutral_of, split_name
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import Facing, Posture, Side, View
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Floats, Pose
from tests.helpers.stick_body import Body, about, seen

ALL = names()
OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
SETTINGS = settings(max_examples=25, deadline=None)


@dataclass(frozen=True)
class Scene:
    """A body, its start pose, and how the camera sees both."""

    pose: Pose
    start: Pose
    view: View

    def readings(self) -> dict[str, Reading]:
        neutral = neutral_of(Pose.series([self.start]), [self.view])
        if self.start.mask is not None:  # a series drops what it is not given
            masked = replace(
                Pose.series([self.start]), mask=np.asarray(self.start.mask)[np.newaxis]
            )
            neutral = neutral_of(masked, [self.view])
        return measure(self.pose, ALL, self.view, Neutral(self.start, neutral.values))


CAMERAS: dict[Facing, tuple[Posture, Floats]] = {
    "front": ("upright", np.eye(3)),
    "three-quarter": ("upright", about("y", 35)),
    "left": ("upright", about("y", 90)),
    "right": ("upright", about("y", -90)),
    "feet": ("lying", about("x", -44)),
}


def silhouette(pose: Pose) -> Floats:
    """A trunk and its head as thick as a body's, where the landmarks are."""
    width, height = pose.size
    y, x = np.mgrid[:height, :width]
    mask = np.zeros((height, width), np.float32)
    at = pose.image
    hips = (at[Landmark.LEFT_HIP] + at[Landmark.RIGHT_HIP]) / 2
    shoulders = (at[Landmark.LEFT_SHOULDER] + at[Landmark.RIGHT_SHOULDER]) / 2
    length = float(np.hypot(*(shoulders - hips))) + 1e-9
    for start, end in ((hips, shoulders), (shoulders, at[Landmark.NOSE])):
        along = end - start
        share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along + 1e-9)
        share = np.clip(share, 0, 1)
        apart = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
        mask = np.maximum(mask, np.clip(0.24 * length - apart + 0.5, 0, 1))
    return mask


def scene(facing: Facing, body: Body, jitter: int = 0, masks: bool = False) -> Scene:
    posture, camera = CAMERAS[facing]
    near: Side = "right" if facing == "right" else "left"
    view = View(facing, posture, near, 0.0)
    drop = {"drop": body.drop if facing == "feet" else None}
    lying = {"drop": 0.0 if facing == "feet" else None}
    arms = {"arms_up": masks}  # an arm hanging on the back hides its outline
    pose = seen(replace(body, **drop, **arms), camera)
    start = seen(Body(**lying, **arms), camera)
    if jitter:  # bodies that are not of a piece, as a model's are not
        shaken = np.random.default_rng(jitter).normal(0, 0.02, pose.world.shape)
        world = pose.world + shaken
        pose = replace(pose, world=world, image=pose.image + 200 * shaken[:, :2])
    if masks:
        pose, start = (replace(each, mask=silhouette(each)) for each in (pose, start))
    return Scene(pose, start, view)


bodies = st.builds(
    Body,
    tilt=st.floats(-35, 35),
    nod=st.floats(-20, 40),
    look=st.floats(-30, 30),
    turn=st.floats(-35, 35),
    rise_m=st.tuples(st.floats(0, 0.06), st.floats(0, 0.06)),
    ahead_m=st.floats(-0.03, 0.03),
    drop=st.floats(-60, 60),
)
facings = st.sampled_from(sorted(CAMERAS))
jitters = st.integers(1, 10_000)


def same(first: Reading, second: Reading, sign: float = 1.0, within: float = 1e-6) -> None:
    assert float(second.value) == pytest.approx(sign * float(first.value), abs=within, nan_ok=True)
    assert float(second.confidence) == pytest.approx(float(first.confidence), abs=within)


def test_every_measure_is_known_somewhere_here() -> None:
    """Else the tests below could not fail for it."""
    body = Body(tilt=10, nod=10, look=5, turn=10, rise_m=(0.02, 0.01), drop=20)
    known = set()
    for facing in CAMERAS:
        for masks in (False, True):
            readings = scene(facing, body, jitter=3, masks=masks).readings()
            known |= {name for name, reading in readings.items() if reading.confidence > 0}
    assert known == set(ALL)


def mirror(it: Scene) -> Scene:
    """The same scene in a mirror: what was the left is the right."""
    order = list(MIRROR)
    width = it.pose.size[0]

    def turned(pose: Pose) -> Pose:
        return replace(
            pose,
            image=(pose.image * (-1, 1) + (width - 1, 0))[order],
            world=(pose.world * (-1, 1, 1))[order],
            visibility=pose.visibility[order],
            mask=None if pose.mask is None else pose.mask[:, ::-1].copy(),
        )

    facing: Facing = it.view.facing
    if facing in ("left", "right"):
        facing = OTHER[it.view.near]
    view = replace(it.view, facing=facing, near=OTHER[it.view.near])
    return Scene(turned(it.pose), turned(it.start), view)


def mirrored_name(name: str) -> str:
    found, side = split_name(name)
    return name if side is None else f"{found.name}_{OTHER[side]}"


@given(facings, bodies, jitters)
@SETTINGS
def test_a_mirror_swaps_the_sides_and_turns_the_lateral_signs(
    facing: Facing, body: Body, jitter: int
) -> None:
    here = scene(facing, body, jitter)
    readings, mirrored = here.readings(), mirror(here).readings()
    for name in ALL:
        sign = -1.0 if split_name(name)[0].lateral else 1.0
        same(readings[name], mirrored[mirrored_name(name)], sign)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_a_mirror_changes_no_silhouette(facing: Facing) -> None:
    here = scene(facing, Body(), jitter=7, masks=True)
    readings, mirrored = here.readings(), mirror(here).readings()
    for name in ALL:
        if CATALOGUE[split_name(name)[0].name].needs_mask:
            same(readings[name], mirrored[name], within=0.5)
            assert readings[name].confidence > 0


@given(facings, bodies, jitters, st.floats(0.4, 3), st.tuples(*[st.floats(-60, 60)] * 2))
@SETTINGS
def test_place_and_size_in_the_picture_change_nothing(
    facing: Facing, body: Body, jitter: int, scale: float, shift: tuple[float, float]
) -> None:
    here = scene(facing, body, jitter)

    def moved(pose: Pose) -> Pose:
        # A larger picture with the body elsewhere in it, all of it still inside.
        size = (round(pose.size[0] * scale + 120), round(pose.size[1] * scale + 120))
        image = pose.image * scale + 60 + np.array(shift)
        return replace(pose, image=image, size=size)

    there = Scene(moved(here.pose), moved(here.start), here.view)
    for name, reading in here.readings().items():
        same(reading, there.readings()[name], within=1e-5)


@given(facings, bodies, jitters, st.integers(900, 4000), st.integers(900, 4000))
@SETTINGS
def test_the_shape_of_the_picture_changes_nothing(
    facing: Facing, body: Body, jitter: int, width: int, height: int
) -> None:
    here = scene(facing, body, jitter)
    there = Scene(
        replace(here.pose, size=(width, height)),
        replace(here.start, size=(width, height)),
        here.view,
    )
    for name, reading in here.readings().items():
        same(reading, there.readings()[name])


JOINTS = tuple(
    name
    for name in ALL
    if split_name(name)[0].plane == "any" and split_name(name)[0].name != "trunk_inclination"
)
"""The angles between two parts of the body; the others are counted from the vertical, or
from a start pose that a turned picture would not share."""


@given(facings, bodies, jitters, st.floats(-180, 180))
@SETTINGS
def test_turning_the_picture_changes_no_angle_between_two_parts(
    facing: Facing, body: Body, jitter: int, degrees: float
) -> None:
    assert len(JOINTS) >= 10
    here = scene(facing, body, jitter)
    turn = about("z", degrees)

    def turned(pose: Pose) -> Pose:
        image = pose.image @ turn[:2, :2].T
        return replace(pose, image=image, world=pose.world @ turn.T)

    there = measure(turned(here.pose), JOINTS, here.view)
    for name, reading in measure(here.pose, JOINTS, here.view).items():
        same(reading, there[name], within=1e-5)


@given(facings, bodies, jitters)
@SETTINGS
def test_a_value_comes_with_a_confidence_and_none_with_none(
    facing: Facing, body: Body, jitter: int
) -> None:
    for reading in scene(facing, body, jitter).readings().values():
        assert 0 <= float(reading.confidence) <= 1
        assert np.isfinite(float(reading.value)) == (float(reading.confidence) > 0)
