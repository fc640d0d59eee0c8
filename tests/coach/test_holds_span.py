"""What a hold is: the time between coming to rest and leaving in which all targets are met."""

from __future__ import annotations

from math import isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.coach.events import HoldCompleted, HoldEnded
from posecoach.coach.state import Phase
from posecoach.exercise.definition import Exercise
from tests.helpers.traces import Camera, Script, exercise, follow, sample


def _lean(hold: float = 2.0, **early: object) -> Exercise:
    step: dict[str, object] = {
        "id": "lean",
        "hold": hold,
        "targets": [{"measure": "trunk_lateral_flexion", "at_least": 15, "stay_within": 3}],
    }
    return exercise(
        [step | early],
        [{"measure": "trunk_lateral_flexion", "is": 0, "within": 6}],
    )


def _held(script: Script, fps: float = 30.0, hold: float = 2.0, **early: object) -> list[HoldEnded]:
    return follow(_lean(hold, **early), sample(script, Camera(fps=fps))).of(HoldEnded)


@settings(max_examples=60)
@given(
    way_in=st.floats(0.5, 4.0),
    held=st.floats(0.3, 6.0),
    way_out=st.floats(0.5, 4.0),
    depth=st.floats(17, 60),
    fps=st.sampled_from([8.0, 15.0, 30.0]),
)
def test_it_is_never_held_for_longer_than_it_lasted(
    way_in: float, held: float, way_out: float, depth: float, fps: float
) -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(way_in, trunk_lateral_flexion=depth)
    script.stay(held).go(way_out, trunk_lateral_flexion=0).stay(2)
    for hold in _held(script, fps):
        assert hold.held_s <= hold.end_s - hold.start_s + 1e-9
        assert hold.completed is (hold.held_s >= 2.0 - 1e-6)


@pytest.mark.parametrize("depth", [20, 45])
@pytest.mark.parametrize("move_s", [0.8, 1.6, 3.0])
def test_who_passes_slowly_through_the_target_holds_nothing(move_s: float, depth: float) -> None:
    """In range for 2 s and more on the way in and out, and at rest for 0.4 s."""
    script = Script(trunk_lateral_flexion=0).stay(2).go(move_s, trunk_lateral_flexion=depth)
    script.stay(0.4).go(move_s, trunk_lateral_flexion=0).stay(2)
    assert not any(hold.completed for hold in _held(script))


@pytest.mark.parametrize("fps", [8.0, 15.0, 30.0])
@pytest.mark.parametrize("move_s", [0.8, 1.6, 3.0])
def test_its_ends_are_those_of_the_rest_and_it_is_complete_after_its_time(
    move_s: float, fps: float
) -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(move_s, trunk_lateral_flexion=40)
    start = script.time_s
    script.stay(2.6).go(move_s, trunk_lateral_flexion=0).stay(2)
    (hold,) = _held(script, fps)
    assert hold.completed
    assert hold.start_s == pytest.approx(start, abs=0.3)
    assert hold.end_s == pytest.approx(start + 2.6, abs=0.3)


def test_the_clock_that_is_shown_is_that_of_the_result() -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.5, trunk_lateral_flexion=40)
    start = script.time_s
    script.stay(4).go(1.5, trunk_lateral_flexion=0).stay(2)
    followed = follow(_lean(), sample(script, Camera(fps=30)), states=True)
    (completed,) = followed.of(HoldCompleted)
    assert completed.time_s == pytest.approx(start + 2.0, abs=0.3)
    for state in followed.states:
        if state.phase is Phase.HOLDING:
            assert state.held_s <= max(0.0, state.time_s - start) + 0.3


def test_who_goes_on_sinking_holds_and_the_span_does_not_collapse() -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.2, trunk_lateral_flexion=20)
    start = script.time_s
    script.go(5, trunk_lateral_flexion=34).go(1.2, trunk_lateral_flexion=0).stay(2)
    (hold,) = _held(script)
    assert hold.completed
    assert hold.end_s - hold.start_s > 3.0
    assert hold.held_s <= hold.end_s - hold.start_s
    assert hold.start_s == pytest.approx(start, abs=2.0)


def _early() -> dict[str, object]:
    return {"early": {"id": "too-soon", "cue": "Stay"}}


def test_a_hold_left_before_its_time_is_told_once_the_attempt_is_over() -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.2, trunk_lateral_flexion=30)
    script.stay(0.8).go(1.2, trunk_lateral_flexion=0).stay(2)
    left_s = script.time_s - 3.2
    followed = follow(_lean(**_early()), sample(script, Camera()))
    (fault,) = followed.result.faults
    assert fault.fault == "too-soon"
    assert fault.start_s == pytest.approx(left_s, abs=0.4)


@pytest.mark.parametrize("lasts", [False, True], ids=["black", "unread"])
@pytest.mark.parametrize("then", [0.0, 30.0, nan])
def test_who_was_lost_from_sight_has_not_left_early(lasts: bool, then: float) -> None:
    """One picture that shows nobody, which stands still then, or many; or the recording ends."""
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.2, trunk_lateral_flexion=30)
    lost_s = script.stay(0.8).time_s
    script.go(0, trunk_lateral_flexion=nan).stay(3)
    back_s = script.time_s
    script.go(0, trunk_lateral_flexion=then).stay(0.5).go(0.2, trunk_lateral_flexion=0).stay(2)
    moments = [
        (time_s, values)
        for time_s, values in sample(script, Camera())
        if (lasts or not lost_s + 0.1 < time_s < back_s) and (time_s < back_s or not isnan(then))
    ]
    assert follow(_lean(**_early()), moments).result.faults == []


def test_a_recording_that_ends_in_a_hold_was_not_left_early() -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.2, trunk_lateral_flexion=30).stay(0.8)
    result = follow(_lean(**_early()), sample(script, Camera())).result
    assert result.faults == []
    assert [each.reason for each in result.ended] == ["the recording ended in the hold"]


def test_a_hold_taken_up_again_was_not_left() -> None:
    script = Script(trunk_lateral_flexion=0).stay(2).go(1.2, trunk_lateral_flexion=25)
    script.stay(0.8).go(0.6, trunk_lateral_flexion=9).stay(0.3).go(0.6, trunk_lateral_flexion=25)
    script.stay(3).go(1.2, trunk_lateral_flexion=0).stay(2)
    followed = follow(_lean(**_early()), sample(script, Camera()))
    assert followed.result.faults == []
    assert followed.result.repetitions["both"] == 1


def test_who_stays_for_the_time_with_something_wrong_has_not_left_early() -> None:
    """The elbow bends after half of the time: no hold, and no haste either."""
    elbow = {"measure": "elbow_flexion_left", "at_most": 25}
    lean = {"measure": "trunk_lateral_flexion", "at_least": 15, "drives": True}
    step = {"id": "lean", "hold": 3.0, "targets": [lean, elbow]} | _early()
    made = exercise([step], [{"measure": "trunk_lateral_flexion", "is": 0, "within": 6}])
    script = Script(trunk_lateral_flexion=0, elbow_flexion_left=0).stay(2)
    script.go(1.2, trunk_lateral_flexion=30).stay(1.5).go(0.3, elbow_flexion_left=90).stay(2.0)
    script.go(1.2, trunk_lateral_flexion=0, elbow_flexion_left=0).stay(2)
    result = follow(made, sample(script, Camera())).result
    assert result.faults == []
    assert [each.reason for each in result.ended] == ["lean was not held long enough"]


def test_a_position_that_was_never_held_is_not_told_as_held_too_short() -> None:
    """The elbow is bent from the way in on: the position was taken, and nothing held."""
    elbow = {"measure": "elbow_flexion_left", "at_most": 25}
    lean = {"measure": "trunk_lateral_flexion", "at_least": 15, "drives": True}
    step = {"id": "lean", "hold": 3.0, "targets": [lean, elbow]}
    made = exercise([step], [{"measure": "trunk_lateral_flexion", "is": 0, "within": 6}])
    script = Script(trunk_lateral_flexion=0, elbow_flexion_left=0).stay(2)
    script.go(0.5, elbow_flexion_left=90).go(1.2, trunk_lateral_flexion=30).stay(4.0)
    script.go(1.2, trunk_lateral_flexion=0).stay(2)
    result = follow(made, sample(script, Camera())).result
    assert [each.reason for each in result.ended] == ["lean was not held"]
