"""Who cannot be coached is told what and why, within seconds."""

from __future__ import annotations

from math import nan

from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.coach.events import Unseen
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan

FRONT = View("front", "upright", "left", 0.0)
TOLD_S = 3.0
ARMS = {"shoulder_abduction_left": 12.0, "shoulder_abduction_right": 12.0}


def told(*stretches: tuple[float, dict[str, float]]) -> list[str]:
    """What the neck's coach says of a person who is seen so for so many seconds."""
    coach = Coach(make_plan(standard_library().find("neck-flexion")))
    said, time_s = [], 0.0
    for seconds, values in stretches:
        for _ in range(round(seconds * 15)):
            _, events = coach.update(time_s, values, FRONT)
            said += [event.text for event in events if isinstance(event, Unseen)]
            time_s += 1 / 15
    return said


def test_who_was_never_seen_at_rest_is_asked_for_that_and_not_for_the_head() -> None:
    tilted = ARMS | {
        "neck_lateral_flexion": 30.0,
        "neck_flexion": nan,
        "trunk_lateral_flexion": 0.0,
    }
    assert told((TOLD_S, tilted)) == ["Sit or stand upright and look straight ahead."]


def test_who_was_seen_at_rest_and_hides_the_head_is_told_so() -> None:
    upright = ARMS | {
        "neck_lateral_flexion": 0.0,
        "neck_flexion": 0.0,
        "trunk_lateral_flexion": 0.0,
    }
    hidden = upright | {"neck_lateral_flexion": nan, "neck_flexion": nan}
    (words,) = told((TOLD_S, upright), (TOLD_S, hidden))
    assert words.startswith("I can't see your head.")
