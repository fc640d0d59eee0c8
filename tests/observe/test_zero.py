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
from posecoach.observe.stillness import LEVEL, STILL, shoulders_are_level
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


PERIOD_S, RISE = 2.0, 0.12
"""A circle's time, and how far it lifts the shoulders: 24 degrees, in parts of the trunk."""


def _shrugged(height: float, time_s: float) -> Pose:
    """Somebody whose shoulders are so high above where they hang, in parts of the trunk."""
    body = _poses([0.0])[0]
    left, right = Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP
    image = body.image.copy()
    image[[left, Landmark.RIGHT_SHOULDER], 1] -= height * np.hypot(*(image[left] - image[right]))
    return replace(body, image=image, time_s=np.asarray(time_s))


def _height(zero: Zero) -> float:
    """How high the shoulders of the zero are, in parts of the trunk."""
    assert zero.neutral is not None
    hanging, lifted = _shrugged(0.0, 0.0), _shrugged(1.0, 0.0)
    at = Landmark.LEFT_SHOULDER, 1
    whole = lifted.image[at] - hanging.image[at]
    return float((zero.neutral.pose.image[at] - hanging.image[at]) / whole)


def _circling(zero: Zero, seconds: float, begun_s: float) -> None:
    """Draw circles, of which the first second is taken for rest and then what is lowest."""
    for number in range(round(seconds * FPS)):
        time_s = number / FPS
        height = RISE * (1 - np.cos(2 * np.pi * (time_s + begun_s) / PERIOD_S)) / 2
        if time_s < ZERO_S or height < RISE / 4:
            passing = time_s >= ZERO_S
            zero.rest(_shrugged(height, 20 + time_s), UNKNOWN, {}, passing=passing)


@pytest.mark.parametrize("begun_s", [0.3, 0.6, 0.8, 1.0, 1.5])
def test_who_rests_nowhere_hangs_their_shoulders_at_the_lowest_of_a_circle(begun_s: float) -> None:
    """At its top they are about as still as at rest."""
    zero = Zero(Measures(["shoulder_elevation_left"]))
    _circling(zero, 6, begun_s)
    assert zero.at_rest
    assert _height(zero) < RISE / 8


def test_who_has_rested_needs_no_other_zero() -> None:
    zero = Zero(Measures(["shoulder_elevation_left"]))
    for number in range(2 * FPS):
        zero.rest(_shrugged(-0.05, number / FPS), UNKNOWN, {})
    was = zero.neutral
    for number in range(10 * FPS, 12 * FPS):
        zero.rest(_shrugged(0.0, number / FPS), UNKNOWN, {}, passing=True)
    assert zero.neutral is was


def test_shoulders_that_turn_in_a_circle_are_not_level() -> None:
    tremble = np.random.default_rng(3).normal(0, LEVEL / 8, 15)
    assert shoulders_are_level([_shrugged(each, n / FPS) for n, each in enumerate(tremble)])
    about_the_top = RISE * np.cos(np.pi * np.linspace(-0.5, 0.5, 15))
    assert not shoulders_are_level(
        [_shrugged(each, n / FPS) for n, each in enumerate(about_the_top)]
    )


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
