"""Who is upside down in the picture is known, and nobody else is taken for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.body.upside import upside_down
from posecoach.exercise.library import standard_library
from posecoach.observe.observer import Observer
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.session.seeing import Seeing
from tests.helpers.store_sessions import poses
from tests.helpers.truth import true_clip


def _turned(pose: Pose) -> Pose:
    """The same, with the camera upside down."""
    return replace(
        pose,
        image=np.asarray(pose.size) - pose.image,
        world=pose.world * (-1, -1, 1),
    )


@pytest.mark.parametrize("turned", [False, True])
def test_standing_people_are_upside_down_just_where_the_camera_is(turned: bool) -> None:
    seen = [_turned(pose) if turned else pose for pose in poses("wall-stretch")]
    assert {upside_down(pose) for pose in seen if pose.seen} == {turned}
    plan = make_plan(standard_library().find("wall-stretch"))
    seeing, observer = Seeing(), Observer(plan.measures)
    for pose in seen:
        seeing.see(pose, observer.observe(pose).view)
    said = " ".join(seeing.notes(plan.exercise, all_read=False))
    assert ("You are upside down in 100 % of the pictures; turn the camera" in said) == turned


def test_nobody_there_is_not_upside_down() -> None:
    assert not upside_down(Pose.absent(0.0, (640, 480)))


def test_no_stretch_is_taken_for_it(shared: Path) -> None:
    """Children's poses, cats, knees hugged, arms overhead: every picture of the truth clips."""
    names = sorted(path.stem for path in (shared / "clips").glob("*.npz"))
    assert len(names) > 30
    for name in names:
        series = true_clip(shared, name).pose
        for index in range(0, len(series.time_s), 3):
            assert not upside_down(moments(series, index)), name  # type: ignore[arg-type]


def test_a_folded_body_that_hides_its_knees_is_not_upside_down(shared: Path) -> None:
    """In thread the needle the hips are the highest point, and the knees are guessed at."""
    series = true_clip(shared, "childs-pose-thread-the-needle-arm-not-across").pose
    for index in range(0, len(series.time_s), 10):
        pose: Pose = moments(series, index)  # type: ignore[arg-type]
        assert not upside_down(replace(pose, visibility=np.full(33, 0.1)))
