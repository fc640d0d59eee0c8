"""Words on what the camera saw, where it was not what the exercise needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.view import View
from posecoach.coach.events import Seen, Unseen
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.session.result import Result
from posecoach.session.seeing import Seeing
from posecoach.session.session import Session
from posecoach.session.sights import sights

AWAY = Pose.absent(0.0, (640, 480))
HERE = replace(AWAY, image=np.ones_like(AWAY.image))
ON_ALL_FOURS = View("left", "all-fours", "left", 90.0)
STANDING = View("front", "upright", "left", 0.0)


@pytest.fixture(scope="module")
def cat_cow() -> Exercise:
    return standard_library().find("cat-cow")


def _notes(exercise: Exercise, *seen: tuple[int, Pose, View], all_read: bool = False) -> list[str]:
    seeing = Seeing()
    each = ((pose, view) for frames, pose, view in seen for _ in range(frames))
    for time_s, (pose, view) in enumerate(each):
        seeing.see(replace(pose, time_s=np.asarray(time_s / 10)), view)
    return seeing.notes(exercise, all_read=all_read)


def test_nothing_is_said_where_all_was_as_it_should_be(cat_cow: Exercise) -> None:
    assert _notes(cat_cow) == []
    assert _notes(cat_cow, (20, HERE, ON_ALL_FOURS)) == []
    # Coming down to the floor takes a while, and views are unknown for moments.
    assert _notes(cat_cow, (15, HERE, STANDING), (80, HERE, ON_ALL_FOURS), (90, HERE, View())) == []


def test_an_empty_room_is_named_and_nothing_else(cat_cow: Exercise) -> None:
    assert _notes(cat_cow, (9, AWAY, STANDING)) == ["Nobody was found in any picture."]


def test_who_was_away_for_a_while_hears_how_long(cat_cow: Exercise) -> None:
    notes = _notes(cat_cow, (30, AWAY, View()), (70, HERE, ON_ALL_FOURS))
    assert notes == ["Nobody was found for 30 % of the time."]


def test_a_room_that_stands_still_is_empty_until_somebody_is_back(cat_cow: Exercise) -> None:
    """Its pictures repeat and are not looked at; one that shows somebody tells nothing so."""
    kept = [(0.0, HERE), (5.0, HERE), (5.1, AWAY), (9.0, HERE), (9.1, HERE)]
    seeing = Seeing()
    for time_s, pose in kept:
        seeing.see(replace(pose, time_s=np.asarray(time_s)), ON_ALL_FOURS)
    # 0.5 s of the picture that stood still, 0.1 before and 0.1 after, of somebody who was there.
    assert seeing.away.away_s == pytest.approx(3.9)
    assert seeing.away.known_s == pytest.approx(3.9 + 0.7)
    assert seeing.notes(cat_cow, all_read=False) == ["Nobody was found for 85 % of the time."]


def test_another_posture_is_named_with_the_right_ones(cat_cow: Exercise) -> None:
    notes = _notes(cat_cow, (90, HERE, STANDING), (10, HERE, ON_ALL_FOURS))
    assert notes == [
        "You were standing for 90 % of the time; this stretch is done on all fours or kneeling."
    ]


def test_another_view_is_named_unless_all_was_read(cat_cow: Exercise) -> None:
    seen = (30, HERE, replace(ON_ALL_FOURS, facing="front")), (70, HERE, ON_ALL_FOURS)
    assert _notes(cat_cow, *seen) == [
        "For 30 % of the time the camera saw you from the front; this stretch is seen from your "
        "left side or your right side."
    ]
    assert _notes(cat_cow, *seen, all_read=True) == []


def test_hidden_times_last_until_all_is_seen_or_the_end() -> None:
    result = Result("cat-cow", "test", start_s=10.0, duration_s=20.0)
    result.add([Unseen(12.0, "I can't see your hips."), Seen(15.0), Unseen(28.0, "Nor now.")])
    result.add([])
    assert result.as_json()["unseen"] == [
        {"start_s": 12.0, "end_s": 15.0, "text": "I can't see your hips."},
        {"start_s": 28.0, "end_s": 30.0, "text": "Nor now."},
    ]


def test_what_is_missing_next_ends_what_was_missing_before() -> None:
    result = Result("cat-cow", "test", start_s=0.0, duration_s=9.0)
    result.add([Unseen(1.0, "I can't see you."), Unseen(4.0, "I can't see your hips.")])
    result.add([Seen(6.0), Seen(7.0)])
    assert [(each.start_s, each.end_s) for each in result.hidden] == [(1.0, 4.0), (4.0, 6.0)]


def test_what_is_never_judged_is_told_as_true_in_general() -> None:
    """Who was seen from the side is not told as if they had been seen from the front."""
    plan = make_plan(standard_library().find("childs-pose-thread-the-needle"))
    (untold,) = plan.exercise.untold
    assert Session(plan, "test").finish().as_json()["notes"] == [f"In general: {untold.why}"]


def test_who_made_no_attempt_on_either_side_is_told_of_both() -> None:
    """Nobody knows on which they stood: the right forearm may be on the wall."""
    wall = standard_library().find("wall-stretch")
    result = Result("wall-stretch", "test", frames_with_person=90, started=True)
    (said,) = sights(result, Seeing(), make_plan(wall))
    assert said.endswith(
        "Step forward with your left/right foot and turn your chest away from the wall."
    )
    (said,) = sights(replace(result, started=False), Seeing(), make_plan(wall))
    assert "Bend your left/right elbow" in said
    (said,) = sights(result, Seeing(), make_plan(wall, side="right"))
    assert "your right foot" in said
