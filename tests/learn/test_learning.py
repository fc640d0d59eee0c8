"""What is learnt from a movement that is known: positions, sides, order, holds, numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.view import Posture, View
from posecoach.errors import LearningError
from posecoach.exercise.check import check_text
from posecoach.exercise.definition import Exercise
from posecoach.learn.demonstration import Demonstration, kept_moments
from posecoach.learn.draft import text
from posecoach.learn.learner import REACHED, Lesson, circling, take_apart
from posecoach.learn.rounds import find_rounds
from posecoach.pose.pose import Pose
from tests.helpers.demonstrated import ARMS, STANDING, TABLE, circles, shown
from tests.helpers.stretches import examples
from tests.helpers.traces import Script, follow


def definition(lesson: Lesson) -> Exercise:
    """What is written of it, which has no mistake."""
    checked = check_text(text(lesson.draft("mine", 2, REACHED)), "mine.yaml", expected_id="mine")
    assert not checked.problems
    assert checked.exercise is not None
    return checked.exercise


def coached(exercise: Exercise, demonstration: Demonstration) -> dict[str, int]:
    """Repetitions that it has when it is coached by it."""
    columns = demonstration.columns
    moments = [
        (float(time_s), {name: float(column[index]) for name, column in columns.items()})
        for index, time_s in enumerate(demonstration.times)
    ]
    near = {name.replace("left", "near"): name for name in columns}
    both = [(t, v | {n: v[full] for n, full in near.items()}) for t, v in moments]
    return dict(follow(exercise, both).result.as_json()["repetitions"])


def raised(side: str, hold: float = 3.0, high: float = 95.0) -> Script:
    name = f"shoulder_abduction_{side}"
    return Script(**STANDING).stay(1.5).go(1.2, **{name: high}).stay(hold).go(1.2, **{name: 8.0})


def test_one_arm_and_then_the_other_is_one_step_for_each_side() -> None:
    script = Script(**STANDING).stay(1.5)
    for side in ("left", "right", "left", "right", "left"):
        name = f"shoulder_abduction_{side}"
        script.go(1.2, **{name: 95.0}).stay(2.8).go(1.2, **{name: 8.0}).stay(1)
    seen = shown(script)
    lesson = take_apart(seen)
    assert lesson.counts == {"left": 3, "right": 2, "both": 0}
    exercise = definition(lesson)
    assert exercise.sides == "each"
    assert [step.id for step in exercise.steps] == ["arm up"]
    assert exercise.steps[0].say == "Raise your {side} arm."
    assert 2.0 <= (exercise.steps[0].hold or 0) <= 0.9 * 2.8
    driver = exercise.steps[0].targets[0]
    assert driver.measure == "shoulder_abduction_{side}"
    assert 8 + 0.5 * 87 < driver.low_deg < 95
    assert coached(exercise, seen) == lesson.counts


def test_a_lean_to_both_sides_counts_towards_the_side_that_works() -> None:
    script = Script(**STANDING).stay(1.5).go(1.5, **dict.fromkeys(ARMS, 172.0)).stay(1)
    for way in (20.0, -18.0, 21.0, -19.0):
        script.go(1.2, trunk_lateral_flexion=way).stay(2.5).go(1.2, trunk_lateral_flexion=0).stay(1)
    script.go(1.5, **ARMS).stay(1.5)
    seen = shown(script)
    lesson = take_apart(seen)
    assert lesson.counts == {"left": 2, "right": 2, "both": 0}
    exercise = definition(lesson)
    assert exercise.setup is not None  # the arms come up first
    assert {each.measure for each in exercise.start.targets} >= {
        "trunk_lateral_flexion",
        "shoulder_abduction_{side}",
    }
    assert exercise.steps[0].targets[0].towards == "{side}"
    assert coached(exercise, seen) == lesson.counts


def test_from_one_side_straight_to_the_other_the_middle_is_the_start_pose() -> None:
    script = Script(**STANDING).stay(1.5).go(1.0, neck_flexion=40).stay(1)
    for way in (36.0, -34.0, 35.0):
        script.go(1.8, neck_lateral_flexion=way).stay(2.6)
    script.go(1.2, neck_lateral_flexion=0).stay(0.8).go(1.0, neck_flexion=0).stay(1.5)
    lesson = take_apart(shown(script))
    assert lesson.counts == {"left": 2, "right": 1, "both": 0}


def test_two_positions_in_turn_are_one_repetition_with_two_steps() -> None:
    script = Script(**TABLE).stay(1.5)
    for _ in range(3):
        for back, head in ((35.0, 30.0), (-30.0, -32.0)):
            script.go(1.2, spine_flexion=back, neck_flexion=head).stay(2.6)
            script.go(1.2, spine_flexion=0, neck_flexion=0).stay(0.8)
    seen = shown(script, "left", "all-fours")
    lesson = take_apart(seen)
    exercise = definition(lesson)
    assert lesson.counts == {"left": 0, "right": 0, "both": 3}
    assert len(exercise.steps) == 2
    assert set(exercise.posture) == {"all-fours", "kneeling"}
    assert set(exercise.view) == {"left", "right"}
    assert coached(exercise, seen) == lesson.counts


def test_a_step_that_some_repetitions_leave_out_is_optional() -> None:
    script = Script(**TABLE | {"trunk_inclination": 5.0, "elbow_flexion_left": 100.0}).stay(1.5)
    for deeper in (False, True, False):
        script.go(1.5, trunk_inclination=60).stay(3)
        if deeper:
            script.go(1.5, elbow_flexion_left=5).stay(3).go(1.5, elbow_flexion_left=100).stay(0.4)
        script.go(1.5, trunk_inclination=5).stay(1.5)
    exercise = definition(take_apart(shown(script, "left", "sitting")))
    assert [step.optional for step in exercise.steps] == [False, True]


def test_a_movement_without_a_pause_is_a_step_without_a_hold() -> None:
    script = Script(**STANDING).stay(1.0)
    for _ in range(5):
        script.go(0.9, **dict.fromkeys(ARMS, 88.0)).go(0.9, **ARMS).stay(0.5)
    seen = shown(script)
    lesson = take_apart(seen)
    exercise = definition(lesson)
    assert lesson.counts["both"] == 5
    assert exercise.sides == "none"
    assert exercise.steps[0].hold is None
    assert exercise.steps[0].id == "both arms up"
    assert coached(exercise, seen)["both"] == 5


def test_one_that_was_done_with_bent_elbows_counts_and_is_asked_about() -> None:
    script = Script(**STANDING).stay(1.0)
    for bent in (6.0, 6.0, 100.0, 6.0):
        elbows = dict.fromkeys(("elbow_flexion_left", "elbow_flexion_right"), bent)
        straight = dict.fromkeys(elbows, 6.0)
        script.go(0.9, **dict.fromkeys(ARMS, 88.0), **elbows).go(0.9, **ARMS, **straight).stay(0.6)
    lesson = take_apart(shown(script))
    assert lesson.counts["both"] == 4
    assert any("differed" in each for each in lesson.draft("mine", 2, REACHED).questions)


@examples(40)
@given(st.integers(1, 6), st.floats(0.7, 2.0), st.floats(2.2, 5.0), st.floats(40, 150))
def test_as_many_are_counted_as_are_shown(
    times: int, way_s: float, hold: float, high: float
) -> None:
    script = Script(**STANDING).stay(1.5)
    for _ in range(times):
        up = dict.fromkeys(ARMS, high)
        script.go(way_s, **up).stay(hold).go(way_s, **ARMS).stay(1.0)
    seen = shown(script)
    lesson = take_apart(seen)
    exercise = definition(lesson)
    assert lesson.counts["both"] == times
    assert (exercise.steps[0].hold or 0) <= 0.9 * (hold + 2 * way_s / 4)
    assert coached(exercise, seen)["both"] == times


def test_a_stay_that_was_misread_makes_no_step_that_begins_in_the_start_pose() -> None:
    script = Script(**STANDING).stay(1.5)
    for high in (90.0, 92.0, 40.0):
        script.go(1.0, **dict.fromkeys(ARMS, high)).stay(2.6).go(1.0, **ARMS).stay(1.2)
    exercise = definition(take_apart(shown(script)))
    assert exercise.steps[0].targets[0].low_deg >= 8 + 0.5 * (90 - 8) - 1


def test_what_counts_from_ones_own_zero_does_not_keep_anybody_from_the_start_pose() -> None:
    """It is unknown until they have rested there: then nobody could ever begin."""
    script = Script(**STANDING, trunk_turn=0.0).stay(1.5)
    for _ in range(3):
        script.go(1.2, trunk_turn=35.0).stay(2.6).go(1.2, trunk_turn=0).stay(1.2)
    (target,) = definition(take_apart(shown(script))).start.targets
    assert target.measure == "trunk_turn"
    assert target.unknown == "tolerated"


def postured(seen: Demonstration, taken: list[Posture]) -> Demonstration:
    """The same with what the body was taken for in each moment."""
    poses = Pose.series([Pose.absent(float(time_s), (4, 4)) for time_s in seen.times])
    views = [View("front", each, "left", 0.0) for each in taken]
    kept = replace(kept_moments(poses, views, {}), seen=np.ones(len(taken), bool))
    return replace(seen, kept=kept, postures=tuple(dict.fromkeys(sorted(taken))))


def test_each_pose_is_taken_as_the_body_was_in_it() -> None:
    script = Script(**STANDING).stay(2).go(1.5, **dict.fromkeys(ARMS, 172.0)).stay(1)
    for way in (20.0, -18.0):
        script.go(1.2, trunk_lateral_flexion=way).stay(2.5).go(1.2, trunk_lateral_flexion=0).stay(1)
    end_s = script.time_s
    seen = shown(script.go(1.5, **ARMS).stay(1.5))
    taken: list[Posture] = [
        "sitting" if t < 2.5 or t > end_s + 1 else "kneeling" for t in seen.times
    ]
    exercise = definition(take_apart(postured(seen, taken)))
    assert exercise.setup is not None
    assert exercise.setup.say == "Sit upright, as it was shown."
    assert {"sitting", "kneeling"} <= set(exercise.posture)


def test_what_a_body_is_taken_for_on_the_way_is_no_posture_of_the_stretch() -> None:
    """A second of "sitting" let somebody who stands be coached by what was shown lying."""
    script = Script(**STANDING).stay(1.5)
    for _ in range(3):
        script.go(1.5, **dict.fromkeys(ARMS, 90.0)).stay(3).go(1.5, **ARMS).stay(1.2)
    seen = shown(script, "front", "lying")
    taken: list[Posture] = ["sitting" if 1.5 < time_s < 2.8 else "lying" for time_s in seen.times]
    lesson = take_apart(postured(seen, taken))
    assert lesson.postures == ("lying",)
    assert definition(lesson).posture == ("lying",)


def test_who_only_sways_shows_nothing() -> None:
    with pytest.raises(LearningError, match="Nothing moves"):
        take_apart(shown(Script(**STANDING).stay(12), sway=2.0))


def test_half_a_repetition_is_refused() -> None:
    script = Script(**STANDING).stay(2).go(1.5, **dict.fromkeys(ARMS, 90.0)).stay(3)
    with pytest.raises(LearningError, match="no whole repetition"):
        take_apart(shown(script))


def test_it_is_written_the_same_each_time() -> None:
    seen = shown(raised("left").stay(1))
    written = [text(take_apart(seen).draft("mine", 2, REACHED)) for _ in range(2)]
    assert written[0] == written[1]


def test_each_number_has_its_origin_beside_it() -> None:
    written = text(take_apart(shown(raised("left").stay(1))).draft("mine", 2, REACHED))
    lines = written.splitlines()
    targets = [index for index, line in enumerate(lines) if "{measure:" in line]
    assert targets
    assert all("#" in lines[index - 1] for index in targets)


def test_what_stayed_is_suggested_as_a_fault() -> None:
    exercise = definition(take_apart(shown(raised("left").stay(1))))
    assert "elbow-flexion-changes" in {fault.id for fault in exercise.faults}


@pytest.mark.parametrize("direction", [1, -1])
def test_circles_are_found_with_their_direction(direction: int) -> None:
    seen = circles(5, direction)
    found = find_rounds(seen)
    assert found is not None
    assert found.count == 5
    checked = check_text(text(circling(seen, found, "mine")), "mine.yaml", expected_id="mine")
    assert checked.exercise is not None
    circle = checked.exercise.steps[0].circle
    assert circle is not None
    counted = Counter(each.direction for each in found.rounds)
    assert [*counted] == [circle.direction]


def test_up_and_down_is_no_circle() -> None:
    assert find_rounds(circles(5, 1, across=0.5)) is None


def test_it_can_be_read_by_who_has_never_read_one() -> None:
    written = text(take_apart(shown(raised("left").stay(1))).draft("mine", 2, REACHED))
    assert "How to read it" in written
    assert "-0 " not in written
    sided = Script(**STANDING).stay(1.5)
    for way in (20.0, -18.0):
        sided.go(1.2, trunk_lateral_flexion=way).stay(2.5).go(1.2, trunk_lateral_flexion=0).stay(1)
    words = text(take_apart(shown(sided)).draft("mine", 2, REACHED))
    assert "{side} is the one that works" in words
    assert "numbers above 0 are to the person's own left" in words


def test_what_both_knees_do_is_said_of_both() -> None:
    script = Script(**TABLE).stay(1.5)
    for _ in range(3):
        script.go(1.2, spine_flexion=35).stay(2.6).go(1.2, spine_flexion=0).stay(1)
    names = [f.name for f in definition(take_apart(shown(script, "left", "all-fours"))).faults]
    assert "The bend of the knees changes" in names
