"""How the camera sees the body: right on every kind of view, steady over time."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.catalogue import moments
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose
from posecoach.source.open import open_source
from tests.helpers.stick_body import Body, about, seen

FPS = 15


def follow(tracker: ViewTracker, pose: Pose, seconds: float, start_s: float = 0.0) -> View:
    """Show the tracker a still body for some time; return the view at the end."""
    view = tracker.view
    for index in range(max(1, round(seconds * FPS))):
        view = tracker.update(replace(pose, time_s=np.asarray(start_s + index / FPS)))
    return view


def told(pose: Pose) -> View:
    return ViewTracker().update(pose)


def with_depth(across: float, depth: float, hidden: str | None = None) -> Pose:
    """An upright body whose left is ``across`` metres right of its right in the picture,
    and ``depth`` metres farther away."""
    world = np.zeros((33, 3))
    rows = {
        "SHOULDER": (-0.5, 1.0),
        "ELBOW": (-0.2, 1.0),
        "WRIST": (0.05, 1.0),
        "HIP": (0.0, 0.7),
        "KNEE": (0.45, 0.7),
        "ANKLE": (0.9, 0.7),
    }
    world[:11] = (0.0, -0.7, 0.0)
    for name, (y, wide) in rows.items():
        for side, sign in (("LEFT", 1), ("RIGHT", -1)):
            place = Landmark[f"{side}_{name}"]
            world[place] = (sign * across / 2 * wide, y, sign * depth / 2 * wide)
    visibility = np.ones(33)
    if hidden is not None:
        for name in ("ELBOW", "WRIST", "KNEE", "ANKLE"):
            visibility[Landmark[f"{hidden}_{name}"]] = 0.4
    image = world[:, :2] * 250 + (320, 220)
    return Pose(np.asarray(0.0), image, world, visibility, (640, 480))


def turned_by(degrees: float, hidden: str | None = None) -> Pose:
    """An upright body turned to its own left by so much, from facing the camera."""
    angle = math.radians(degrees)
    return with_depth(0.36 * math.cos(angle), 0.36 * math.sin(angle), hidden)


@pytest.mark.parametrize(
    ("degrees", "facing"),
    [
        (0, "front"),
        (10, "front"),
        (-10, "front"),
        (35, "three-quarter"),
        (-35, "three-quarter"),
        (-80, "left"),
        (80, "right"),
        (180, "back"),
        (170, "back"),
    ],
)
def test_the_facing_follows_the_turn(degrees: float, facing: str) -> None:
    view = told(turned_by(degrees))
    assert view.facing == facing
    assert view.posture == "upright"


@pytest.mark.parametrize(("degrees", "near"), [(-80, "left"), (80, "right"), (-35, "left")])
def test_the_near_side_is_the_one_nearer(degrees: float, near: str) -> None:
    assert told(turned_by(degrees)).near == near


@given(st.floats(-180, 180))
def test_a_mirrored_body_faces_the_mirrored_way(degrees: float) -> None:
    pose = turned_by(degrees)
    order = np.array(MIRROR)
    image = (pose.image * (-1, 1) + (640, 0))[order]
    mirrored = replace(pose, image=image, world=(pose.world * (-1, 1, 1))[order])
    here, there = told(pose), told(mirrored)
    exchanged = {"left": "right", "right": "left"}
    assert there.facing == exchanged.get(here.facing, here.facing)
    assert there.turned_deg == here.turned_deg
    assert there.posture == here.posture


@given(st.floats(0, 90))
def test_the_turn_is_told_in_steps(degrees: float) -> None:
    view = told(turned_by(degrees))
    assert view.turned_deg % 5 == 0
    assert abs(view.turned_deg - degrees) <= 2.6


def test_nobody_seen_is_an_unknown_view() -> None:
    assert ViewTracker().update(Pose.absent(0.0, (640, 480))) == UNKNOWN


def test_the_view_is_kept_for_a_moment_and_then_forgotten() -> None:
    tracker = ViewTracker()
    view = follow(tracker, turned_by(0), 1)
    assert tracker.update(Pose.absent(1.5, (640, 480))) == view
    assert tracker.update(Pose.absent(9.0, (640, 480))) == UNKNOWN


def test_a_flip_of_depth_for_some_frames_turns_nobody_round() -> None:
    tracker = ViewTracker()
    before = follow(tracker, turned_by(-80, hidden="RIGHT"), 2)
    during = follow(tracker, turned_by(80, hidden="RIGHT"), 0.5, start_s=2)
    after = follow(tracker, turned_by(-80, hidden="RIGHT"), 0.5, start_s=2.5)
    assert (before.facing, during.facing, after.facing) == ("left", "left", "left")
    assert before.near == during.near == after.near == "left"


def test_a_body_that_turns_and_stays_has_turned() -> None:
    tracker = ViewTracker()
    assert follow(tracker, turned_by(0), 2).facing == "front"
    assert follow(tracker, turned_by(85, hidden="LEFT"), 2.5, start_s=2).facing == "right"


def test_turning_the_trunk_for_an_exercise_changes_no_view() -> None:
    tracker = ViewTracker()
    follow(tracker, turned_by(0), 1)
    assert follow(tracker, turned_by(25), 5, start_s=1).facing == "front"


@given(st.lists(st.floats(-4, 4), min_size=40, max_size=40), st.sampled_from([20.0, 50.0, 30.0]))
def test_a_turn_about_a_limit_does_not_flicker(wobble: list[float], about_deg: float) -> None:
    tracker = ViewTracker()
    follow(tracker, turned_by(about_deg), 1)
    facings = [
        tracker.update(replace(turned_by(about_deg + off), time_s=np.asarray(1 + i / FPS))).facing
        for i, off in enumerate(wobble)
    ]
    changes = sum(a != b for a, b in itertools.pairwise(facings))
    assert changes <= 1


def test_a_body_seen_without_legs_is_upright() -> None:
    pose = turned_by(0)
    visibility = pose.visibility.copy()
    visibility[25:] = 0.05
    assert told(replace(pose, visibility=visibility)).posture == "upright"


def test_the_stick_body_stands_facing_the_camera_and_from_its_sides() -> None:
    assert told(seen(Body())).facing == "front"
    assert told(seen(Body(), about("y", 90))).facing == "left"
    assert told(seen(Body(), about("y", -90))).facing == "right"


EXPECTED = {  # exercise: postures it passes through, in that view
    "cat-cow": {"all-fours"},
    "childs-pose": {"all-fours", "kneeling"},
    "knee-to-chest": {"lying"},
    "thoracic-extension": {"sitting", "lying"},
    "trunk-rotation": {"lying"},
    "overhead-reach": {"upright"},
    "wall-stretch": {"upright"},
    "neck-flexion": {"upright"},
    "shoulder-roll": {"upright"},
}


@pytest.mark.parametrize(
    "name",
    [
        "cat-cow-head-still",
        "childs-pose-hips-off-heels",
        "knee-to-chest-head-lifts",
        "thoracic-extension-correct",
        "trunk-rotation-correct",
        "shoulder-roll-shrug-only",
        "wall-stretch-elbow-not-90",
    ],
)
def test_truth_clips_are_seen_as_they_were_filmed(shared: Path, bundle: Path, name: str) -> None:
    path = shared / "clips" / f"{name}.mp4"
    story = json.loads(path.with_suffix(".json").read_text())
    camera = str(story["view"])
    facing = camera.rsplit(maxsplit=1)[-1] if camera.startswith("side") else camera
    tracker = ViewTracker()
    found = []
    # Every third frame of the first 12 seconds: the view changes slowly.
    with open_source(str(path)) as source, PoseEstimator(bundle) as estimator:
        for index, frame in enumerate(source.frames()):
            if frame.time_s > 12:
                break
            if index % 3 == 0:
                found.append(tracker.update(estimator.estimate(frame.image, frame.time_s)))
    assert Counter(view.facing for view in found) == {facing: len(found)}
    assert {view.posture for view in found} <= EXPECTED[story["exercise"]]


def test_a_trunk_that_points_at_the_camera_shows_no_side_though_its_shoulders_collapse() -> None:
    crown = with_depth(0.4, 0.02)
    tilt = np.array([[1, 0, 0], [0, 0.4, 0.9], [0, -0.9, 0.4]])
    crown = replace(crown, world=crown.world @ tilt, image=(crown.world @ tilt)[:, :2] * 200 + 300)
    tracker = ViewTracker()
    before = follow(tracker, crown, 1.0)
    assert before.facing in ("front", "back")
    folded = crown.world.copy()
    folded[:, 0] *= 0.1
    folded[:, 2] += np.sign(crown.world[:, 0]) * 0.15
    threaded = replace(crown, world=folded, image=folded[:, :2] * 200 + 300)
    after = follow(tracker, threaded, 2.0, 1.0)
    assert after.facing not in ("left", "right")


@st.composite
def _moments(draw: st.DrawFn) -> Pose:
    """Many moments of a body that turns, lies down, is lost, or is given as no numbers."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 60))
    apart = random.choice(
        [0.04, 0.2, 1.5, 2.5, -0.5, 0.0], count, p=[0.8, 0.1, 0.03, 0.03, 0.02, 0.02]
    )
    body = turned_by(draw(st.integers(-180, 180)))
    walk = np.cumsum(random.normal(0, 0.05, (count, 33, 3)), axis=0)
    angle = np.cumsum(random.normal(0, draw(st.sampled_from([0.0, 0.05, 0.3])), count))
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y, z = np.moveaxis(body.world + draw(st.sampled_from([0.0, 0.2])) * walk, -1, 0)
    which = draw(st.sampled_from(["upright turn", "roll in the picture", "tip in depth"]))
    if which == "upright turn":
        x, z = x * cos - z * sin, x * sin + z * cos
    elif which == "roll in the picture":
        x, y = x * cos - y * sin, x * sin + y * cos
    else:
        y, z = y * cos - z * sin, y * sin + z * cos
    world = np.stack([x, y, z], axis=-1)
    image = world[..., :2] * 250 + (320, 220)
    lost = random.random((count, 33)) < draw(st.sampled_from([0.0, 0.02]))
    image[lost] = world[lost] = np.nan
    gone = random.random(count) < draw(st.sampled_from([0.0, 0.2]))
    image[gone] = world[gone] = np.nan
    visibility = random.random((count, 33)) * ~gone[:, None]
    visibility[lost & (random.random((count, 33)) < 0.3)] = np.nan
    return Pose(np.cumsum(apart), image, world, visibility, (640, 480))


@given(_moments(), st.integers(0, 60))
def test_many_moments_have_the_views_they_have_one_by_one(poses: Pose, cut: int) -> None:
    one_by_one, together = ViewTracker(), ViewTracker()
    single = [one_by_one.update(moments(poses, row)) for row in range(len(poses.time_s))]  # type: ignore[arg-type]
    few = together.follow(moments(poses, slice(0, cut))) if cut else []
    few += together.follow(moments(poses, slice(cut, None)))
    assert list(map(repr, few)) == list(map(repr, single))
