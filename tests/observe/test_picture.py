"""An arm that leaves the picture is not seen, where the stretch asks for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.body.view import UNKNOWN, View
from posecoach.exercise.library import standard_library
from posecoach.observe.observer import Observer
from posecoach.observe.picture import beyond
from posecoach.observe.precision import kept_pose
from posecoach.observe.recorded import RecordedObserver
from posecoach.plan.plan import make_plan
from posecoach.plan.words import body_part, listed, together
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from tests.helpers.store_sessions import clip, kept_moments

ARM = ("elbow_flexion_left", "shoulder_flexion_left", "shoulder_abduction_left")


def body() -> Pose:
    """Moments of somebody who is whole in the picture."""
    series = clip().poses
    assert series is not None
    return kept_pose(series)


def moved(pose: Pose, landmark: Landmark, where: tuple[float, float]) -> Pose:
    """The same with a landmark elsewhere, in shares of the picture's width and height."""
    image = pose.image.copy()
    image[..., landmark, :] = np.array(where) * np.array(pose.size)
    return replace(pose, image=image)


def shifted(pose: Pose, landmark: Landmark, where: tuple[float, float]) -> Pose:
    """The whole body elsewhere, so that a landmark lies there; NaN leaves it where it is."""
    way = np.array(where) * np.array(pose.size) - pose.image[..., landmark, :]
    return replace(pose, image=pose.image + np.nan_to_num(way))


@pytest.mark.parametrize(
    "where", [(-0.01, np.nan), (1.01, np.nan), (np.nan, -0.01), (np.nan, 1.01)]
)
def test_an_elbow_outside_of_the_picture_is_not_seen(where: tuple[float, float]) -> None:
    pose = shifted(moments(body(), 0), Landmark.LEFT_ELBOW, where)  # type: ignore[arg-type]
    held, guessed = Observer(ARM, shown=ARM).observe(pose), Observer(ARM).observe(pose)
    assert all(np.isnan(held.values[name]) for name in ARM)
    assert not set(ARM) & set(held.spreads)
    assert any(np.isfinite(guessed.values[name]) for name in ARM)


def test_who_is_whole_in_the_picture_is_read_as_ever() -> None:
    pose = moments(body(), 0)  # type: ignore[arg-type]
    assert Observer(ARM, shown=ARM).observe(pose).values == Observer(ARM).observe(pose).values


def test_a_wrist_is_of_the_elbow_and_not_of_the_shoulder() -> None:
    pose = moved(moments(body(), 0), Landmark.LEFT_WRIST, (0.5, 1.2))  # type: ignore[arg-type]
    assert [beyond(pose, name, UNKNOWN) for name in ARM] == [True, False, False]
    assert not beyond(pose, "elbow_flexion_right", UNKNOWN)
    assert beyond(pose, "elbow_flexion_far", View(near="right"))


@pytest.mark.parametrize("fitted", [False, True])
def test_what_is_measured_again_has_the_same_gaps(fitted: bool) -> None:
    whole = body()
    image = whole.image.copy()
    image[20:60, Landmark.LEFT_ELBOW, 1] = whole.size[1] + 1
    poses = replace(whole, image=image)
    names = (*ARM, "trunk_lateral_flexion")
    observer = Observer(names, fitted=fitted, shown=ARM)
    again = RecordedObserver(kept_moments(poses), names, fitted=fitted, shown=ARM)
    for index, given in enumerate(again):
        seen = observer.observe(moments(poses, index))  # type: ignore[arg-type]
        here = [given.values.get(name, np.nan) for name in names]
        there = [seen.values.get(name, np.nan) for name in names]
        np.testing.assert_array_equal(here, there, err_msg=f"moment {index}")
        assert np.isnan(here[1]) == (20 <= index < 60)


def test_what_is_tolerated_unseen_may_be_guessed() -> None:
    library = standard_library()
    assert not make_plan(library.find("shoulder-roll")).shown
    overhead = make_plan(library.find("overhead-reach")).shown
    assert {"shoulder_flexion_left", "elbow_flexion_right"} <= overhead
    assert "leg_lateral_inclination" not in overhead


def test_arms_that_are_not_seen_are_called_arms() -> None:
    unseen = (
        "shoulder_flexion_left",
        "shoulder_abduction_right",
        "trunk_turn",
        "elbow_flexion_left",
    )
    assert listed(together(map(body_part, unseen))) == "arms, trunk and left elbow"
