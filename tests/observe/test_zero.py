"""The person's own zero: taken at rest, and not in motion while there is a rest to take it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.body.view import UNKNOWN
from posecoach.observe.measures import Measures
from posecoach.observe.measuring import BEGINNING_S, Measurer
from posecoach.observe.stillness import STILL
from posecoach.observe.zero import ZERO_S, Zero
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from tests.helpers.store_sessions import clip

FPS = 15


def _poses(nose: Sequence[float]) -> list[Pose]:
    """Somebody whose nose is so far from where it was, in parts of the trunk's length."""
    series = clip().poses
    assert series is not None
    body = moments(series, 0)  # type: ignore[arg-type]
    left, right = Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP
    trunk = float(np.hypot(*(body.image[left] - body.image[right])))
    poses = []
    for number, part in enumerate(nose):
        image = body.image.copy()
        image[Landmark.NOSE, 0] += part * trunk
        poses.append(replace(body, image=image, time_s=np.asarray(number / FPS)))
    return poses


def _still(seconds: float, at: float = 0.0) -> list[float]:
    return [at] * round(seconds * FPS)


def _moving(seconds: float, by: float, start: float = 0.0) -> list[float]:
    return list(start + np.linspace(0, by, round(seconds * FPS)))


def _nose(zero: Zero) -> float:
    """Where the nose of the zero is, against the first pose's, in parts of the trunk."""
    assert zero.neutral is not None
    first, far = _poses([0.0])[0], _poses([1.0])[0]
    moved = zero.neutral.pose.image - first.image
    whole = far.image - first.image
    return float(moved[Landmark.NOSE, 0] / whole[Landmark.NOSE, 0])


def _zero(nose: Sequence[float]) -> Zero:
    zero = Zero(Measures(["trunk_turn"]))
    for pose in _poses(nose):
        zero.rest(pose, UNKNOWN, {})
    return zero


def test_it_is_where_the_body_kept_still() -> None:
    zero = _zero(_still(2))
    assert zero.at_rest
    assert _nose(zero) == pytest.approx(0, abs=0.01)


def test_a_movement_out_of_the_resting_pose_does_not_draw_it_along() -> None:
    zero = _zero(_still(2) + _moving(0.6, 5 * STILL))
    assert _nose(zero) == pytest.approx(0, abs=STILL / 2)


def test_in_motion_it_is_taken_for_want_of_a_rest_and_replaced_by_one() -> None:
    moving = _moving(1.5, 20 * STILL)
    zero = _zero(moving)
    assert zero.neutral is not None
    assert not zero.at_rest
    zero = _zero(moving + _still(ZERO_S + 0.2, 20 * STILL))
    assert zero.at_rest
    assert _nose(zero) == pytest.approx(20 * STILL, abs=STILL / 2)


def test_who_has_moved_on_and_rests_again_has_the_later_zero() -> None:
    zero = _zero(_still(2) + _moving(1, 10 * STILL) + _still(1.5, 10 * STILL))
    assert _nose(zero) == pytest.approx(10 * STILL, abs=STILL / 2)


def _moved(pose: Pose, trunks: float, larger: float) -> Pose:
    """The same body so many trunk lengths to the side, or so many times larger."""
    left, right = Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP
    trunk = float(np.hypot(*(pose.image[left] - pose.image[right])))
    middle = (pose.image[left] + pose.image[right]) / 2
    return replace(pose, image=middle + larger * (pose.image - middle) + [trunks * trunk, 0])


@pytest.mark.parametrize(
    ("trunks", "larger", "again"),
    [(0.0, 1.0, False), (0.4, 1.1, False), (1.5, 1.0, True), (0.0, 1.6, True), (0.0, 0.6, True)],
)
def test_a_zero_of_a_body_elsewhere_or_of_another_size_is_not_kept_for_want_of_rest(
    trunks: float, larger: float, again: bool
) -> None:
    zero = _zero(_still(2))
    was = zero.neutral
    for pose in _poses(_moving(0.8, 20 * STILL)):  # somebody who does not keep still
        later = replace(pose, time_s=pose.time_s + 10.0)
        zero.rest(_moved(later, trunks, larger), UNKNOWN, {})
    assert (zero.neutral is not was) == again
    assert zero.at_rest != again


@pytest.mark.parametrize(
    ("nose", "kept_back"),
    [
        (_still(6), ZERO_S),
        (_moving(1.5, 20 * STILL) + _still(4.5, 20 * STILL), 1.5 + 0.5),
        (_moving(6, 80 * STILL), BEGINNING_S),
    ],
    ids=["still", "still later", "never still"],
)
def test_a_recording_is_counted_from_its_first_second_at_rest(
    nose: list[float], kept_back: float
) -> None:
    measurer = Measurer(["trunk_turn"], fitted=False)
    first = next(number for number, pose in enumerate(_poses(nose)) if list(measurer.update(pose)))
    assert first / FPS == pytest.approx(kept_back, abs=0.35)
    assert measurer.neutral is not None
