"""When the next picture is worth a look."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from posecoach.pose.landmarks import COUNT, Landmark
from posecoach.pose.pose import Pose
from posecoach.session.cadence import (
    CIRCLING_S,
    DECIDING_S,
    EARLY_S,
    LINGER_S,
    LIVE_S,
    MOVING_S,
    RATE_S,
    SETTLING_S,
    SPEED,
    STILL_S,
    Cadence,
)

TRUNK = 200.0
"""Pixels from the shoulders to the hips."""


def _pose(time_s: float, arms: float = 0.0, nose: float = 0.0) -> Pose:
    """A body whose arms are so many pixels lower, and whose nose is beside its place."""
    image = np.zeros((COUNT, 2))
    image[:, 0] = np.arange(COUNT)
    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP, Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]
    image[hips, 1] = TRUNK
    image[[Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST], 1] += arms
    image[Landmark.NOSE, 0] += nose
    return Pose(np.asarray(time_s), image, np.zeros((COUNT, 3)), np.ones(COUNT), (640, 480))


LOOKS = st.lists(
    st.tuples(
        st.floats(0.001, 0.5),
        st.floats(-50, 50),
        st.booleans(),
        st.sampled_from((True, True, False)),
    ),
    min_size=1,
    max_size=30,
)


@given(LOOKS)
def test_the_next_look_is_never_far_and_never_at_the_same_picture(
    looks: list[tuple[float, float, bool, bool]],
) -> None:
    cadence, time_s = Cadence(), 0.0
    for step, arms, undecided, seen in looks:
        time_s += step
        pose = _pose(time_s, arms) if seen else Pose.absent(time_s, (640, 480))
        cadence.see(time_s, pose, undecided=undecided)
        assert time_s < cadence.due() < cadence.due_s <= time_s + STILL_S
        if undecided:
            assert cadence.due_s == time_s + DECIDING_S


@given(st.floats(1.5 * SPEED, 5.0), st.sampled_from((24.0, 25.0, 30.0, 50.0, 60.0)))
def test_while_a_body_moves_no_third_picture_goes_by(speed: float, fps: float) -> None:
    """So what is drawn over a picture of thirty a second is at most two old."""
    cadence, looked = Cadence(LIVE_S), []
    for frame in range(int(4 * fps)):
        time_s = frame / fps
        if time_s >= cadence.due():
            looked.append(time_s)
            cadence.see(time_s, _pose(time_s, arms=speed * TRUNK * time_s))
    gaps = np.diff([each for each in looked if each > SETTLING_S])
    assert gaps.max() <= LIVE_S + 1 / fps
    assert gaps.max() <= 3 / fps + 1e-9 or fps > 30
    assert gaps.min() > LIVE_S - 1 / fps


@given(st.floats(1.5 * SPEED, 5.0))
def test_a_recording_of_a_body_that_moves_is_looked_at_eight_times_a_second(speed: float) -> None:
    cadence = Cadence()
    for number in range(40):
        time_s = number / 10
        cadence.see(time_s, _pose(time_s, arms=speed * TRUNK * time_s))
    assert cadence.due_s == 3.9 + MOVING_S


@given(st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_circles_are_looked_at_ten_times_a_second_however_little_moves(
    speed: float, standing_s: float
) -> None:
    cadence, time_s = Cadence(), 0.0
    for number in range(40):
        time_s = number / 10
        arms = speed * TRUNK * max(0.0, time_s - standing_s)
        cadence.see(time_s, _pose(time_s, arms=arms), circling=True)
    assert cadence.due_s == time_s + CIRCLING_S
    cadence.see(4.0, Pose.absent(4.0, (640, 480)), circling=True)
    assert cadence.due_s > 4.0 + CIRCLING_S  # nobody is there to draw them


@given(st.floats(5.0, 15.9), st.floats(0.0, 5.0))
def test_of_few_pictures_none_goes_by(fps: float, speed: float) -> None:
    cadence = Cadence(fps=fps)
    for frame in range(60):
        time_s = frame / fps
        assert time_s >= cadence.due()
        cadence.see(time_s, _pose(time_s, arms=speed * TRUNK * time_s))


@given(st.floats(5.0, 14.0), st.sampled_from((None, 30.0)))
def test_of_a_camera_that_gives_less_than_it_promises_none_goes_by(
    fps: float, promised: float | None
) -> None:
    cadence, late = Cadence(LIVE_S, promised), 0
    for frame in range(80):
        time_s = frame / fps
        cadence.come(time_s)
        if time_s >= cadence.due():
            cadence.see(time_s, _pose(time_s))
        else:
            late += time_s > RATE_S
    assert late == 0


def test_a_camera_that_keeps_its_promise_is_looked_at_seldom_too() -> None:
    cadence, looked = Cadence(LIVE_S), 0
    for frame in range(180):
        cadence.come(frame / 30)
        if frame / 30 >= cadence.due():
            looked += frame / 30 > 4
            cadence.see(frame / 30, _pose(frame / 30))
    assert looked <= 2 / STILL_S


@given(st.floats(0.0, 0.5 * SPEED))
def test_a_body_that_is_held_is_looked_at_seldom(speed: float) -> None:
    cadence, looked = Cadence(), []
    for frame in range(180):
        time_s = frame / 30
        if time_s >= cadence.due():
            looked.append(time_s)
            cadence.see(time_s, _pose(time_s, arms=speed * TRUNK * time_s))
    late = [each for each in looked if each > SETTLING_S + LINGER_S + STILL_S]
    # The first picture that comes when its time has come.
    apart = np.diff(late) - STILL_S
    assert (apart >= -EARLY_S).all()
    assert (apart < 1 / 30).all()


def test_one_landmark_that_jumps_is_no_movement() -> None:
    cadence = Cadence()
    for number in range(40):
        cadence.see(number * 0.1, _pose(number * 0.1, nose=100.0 * (number % 2)))
    assert cadence.due_s == 39 * 0.1 + STILL_S


def test_who_comes_into_the_picture_is_looked_at_closely() -> None:
    cadence = Cadence()
    for number in range(20):
        cadence.see(number * 0.1, Pose.absent(number * 0.1, (640, 480)))
    assert cadence.due_s == 19 * 0.1 + STILL_S
    cadence.see(2.0, _pose(2.0))
    assert cadence.due_s == 2.0 + DECIDING_S
