"""Recordings that nothing is learnt from, and what is said about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.errors import LearningError
from posecoach.learn.company import two_people
from posecoach.learn.cuts import cuts
from posecoach.learn.demonstration import Watcher, demonstration, kept_moments
from posecoach.learn.filmed import refuse_cuts
from posecoach.pose.pose import Pose
from tests.helpers.stick_body import Body, seen, stacked


def _standing(count: int, leap_at: int | None = None) -> Pose:
    body = seen(Body())
    poses = []
    for index in range(count):
        aside = 150.0 if leap_at is not None and index >= leap_at else 0.0
        image = body.image + np.array([aside + np.sin(index / 5), 0.0])
        poses.append(replace(body, time_s=np.asarray(index / 15), image=image))
    return stacked(*poses)


def test_who_stands_or_walks_makes_no_cut() -> None:
    assert cuts(_standing(45)) == []
    walking = _standing(45)
    away = walking.image + np.arange(45)[:, None, None] * (6.0, 0.0)  # 45 cm a second
    assert cuts(replace(walking, image=away)) == []


def test_who_is_elsewhere_at_once_was_cut() -> None:
    poses = _standing(45, leap_at=20)
    assert cuts(poses) == [pytest.approx(20 / 15)]
    kept = kept_moments(poses, [], {})
    with pytest.raises(LearningError, match="cut at 1\\.3 s"):
        refuse_cuts(kept)


def test_one_misread_frame_is_no_cut() -> None:
    poses = _standing(45)
    image = poses.image.copy()
    image[20] += (150.0, 0.0)
    assert cuts(replace(poses, image=image)) == []


def test_two_people_as_large_as_one_another_are_two() -> None:
    near, far = seen(Body()), seen(Body(), pixels=60.0)
    assert two_people([near, seen(Body(), at=(500.0, 240.0))])
    assert not two_people([near, far])
    assert not two_people([near])


def test_an_empty_picture_shows_nobody() -> None:
    watcher = Watcher()
    for index in range(10):
        watcher.see(Pose.absent(index / 15, (64, 48)))
    with pytest.raises(LearningError, match="Nobody is seen"):
        demonstration(watcher.finish())


def test_no_picture_at_all() -> None:
    with pytest.raises(LearningError, match="no picture"):
        Watcher().finish()
