"""A picture on its side is noticed, and nobody on all fours is taken for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.exercise.library import standard_library
from posecoach.observe.observer import Observer
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.session.seeing import Seeing
from posecoach.session.sideways import lies_level
from tests.helpers.store_sessions import poses
from tests.helpers.truth import true_clip

STANDING = ("neck-flexion", "overhead-reach", "shoulder-roll", "standing-about", "wall-stretch")
LYING = ("knee-to-chest", "trunk-rotation", "thoracic-extension")


def _turned(pose: Pose, by: int) -> Pose:
    """The same in a picture turned by a quarter, clockwise for 1."""
    (width, height), (x, y) = pose.size, np.moveaxis(pose.image, -1, 0)
    image = (height - y, x) if by > 0 else (y, width - x)
    wx, wy, wz = np.moveaxis(pose.world, -1, 0)
    world = (-wy, wx, wz) if by > 0 else (wy, -wx, wz)
    return replace(pose, image=np.stack(image, -1), world=np.stack(world, -1), size=(height, width))


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("id_", ["wall-stretch", "neck-flexion"])
def test_a_picture_on_its_side_is_not_called_sitting(id_: str, by: int) -> None:
    plan = make_plan(standard_library().find(id_))
    seeing, observer = Seeing(), Observer(plan.measures)
    for pose in poses("wall-stretch"):
        turned = _turned(pose, by) if pose.seen else pose
        seeing.see(turned, observer.observe(turned).view)
    (said,) = seeing.notes(plan.exercise, all_read=False)
    assert said.startswith("You lie in 100 % of the pictures, or they are on their side: then turn")
    assert "sitting" not in said or "sitting" in plan.exercise.posture
    assert not any("on their side" in each for each in seeing.notes(plan.exercise, all_read=True))


def test_where_one_may_lie_nothing_is_said_of_it() -> None:
    exercise = standard_library().find("thoracic-extension")
    seeing, observer = Seeing(), Observer(("trunk_inclination",))
    for pose in poses("wall-stretch"):
        turned = _turned(pose, 1) if pose.seen else pose
        seeing.see(turned, observer.observe(turned).view)
    assert not any("on their side" in each for each in seeing.notes(exercise, all_read=False))


def _pictures(shared: Path, name: str) -> list[Pose]:
    series = true_clip(shared, name).pose
    return [moments(series, at) for at in range(0, len(series.time_s), 3)]  # type: ignore[misc]


def test_nobody_who_stands_or_is_on_all_fours_lies_level(shared: Path) -> None:
    """Whether their knees are in the picture or not."""
    names = sorted(path.stem for path in (shared / "clips").glob("*.npz"))
    assert len(names) > 30
    for name in names:
        if not name.startswith(LYING):
            for pose in _pictures(shared, name):
                assert not lies_level(pose), name
                assert not lies_level(replace(pose, size=(1, 1))), name


def test_everybody_who_stands_lies_level_in_a_picture_on_its_side(shared: Path) -> None:
    names = sorted(path.stem for path in (shared / "clips").glob("*.npz"))
    for name in (each for each in names if each.startswith(STANDING)):
        found = [
            lies_level(_turned(pose, by)) for pose in _pictures(shared, name) for by in (1, -1)
        ]
        assert np.mean(found) > 0.9, name


def test_nobody_there_lies_nowhere() -> None:
    assert not lies_level(Pose.absent(0.0, (640, 480)))
