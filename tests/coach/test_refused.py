"""Who cannot be coached is told what and why, within seconds."""

from __future__ import annotations

from math import nan

import pytest

from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.coach.events import Unseen
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from tests.helpers.traces import Camera, Script, follow, sample

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


def _knees(view: View) -> int:
    """Repetitions of somebody who lets both knees sink to the left, seen so."""
    script = Script(knees_drop=0, knee_flexion_left=95, knee_flexion_right=95, shank_spread=3)
    script.stay(2).go(1.2, knees_drop=45).stay(3).go(1.2, knees_drop=0).stay(2)
    lying = standard_library().find("trunk-rotation")
    followed = follow(lying, sample(script, Camera(fps=15)), view=view, hold=2.0)
    return followed.result.repetitions["left"]


@pytest.mark.parametrize(
    ("view", "counts"),
    [
        (View("feet", "lying", "left", 0.0), 1),
        (View("front", "sitting", "left", 0.0), 1),  # feet to the camera, which is raised
        (View("front", "upright", "left", 0.0), 0),
        (View("left", "sitting", "left", 90.0), 0),
    ],
)
def test_who_lies_with_the_feet_to_the_camera_may_seem_to_sit(view: View, counts: int) -> None:
    assert _knees(view) == counts
