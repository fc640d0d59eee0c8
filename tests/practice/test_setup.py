"""The set-up check and the signs: what is said, when it goes on, and what never happens."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.body.view import View
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.practice.gestures import HELD_S, Sign, forearms_crossed, hand_raised
from posecoach.practice.setup_check import (
    DOUBT_S,
    PATIENCE_S,
    RIGHT_S,
    Glimpse,
    Needs,
    SetupCheck,
    brightness,
)
from posecoach.session.practice_state import SetupState
from tests.helpers.practising import CROSSED, DOWN, NOBODY, RAISED, UP, at, moved, plan, shifted
from tests.helpers.stick_body import Body, about, below_the_picture, seen

FRONT = View("front", "upright", "left", 0.0)
AT_A_DESK = below_the_picture(seen(Body(), pixels=600.0, at=(320.0, 560.0)))


def look(
    check: SetupCheck,
    pose: Pose = DOWN,
    seconds: float = 1.0,
    *,
    view: View = FRONT,
    light: float = 120.0,
    start_s: float = 0.0,
) -> SetupState:
    told = SetupState("")
    for number in range(round(seconds * 15) + 1):
        told = check.update(start_s + number / 15, Glimpse(pose, view, light, {}))
    return told


def test_all_right_for_two_seconds_goes_on() -> None:
    check = SetupCheck(plan())
    told = look(check, seconds=RIGHT_S / 2)
    assert told.wrong == ""
    assert told.fraction == pytest.approx(0.5, abs=0.05)
    assert not check.passed
    look(check, seconds=RIGHT_S / 2, start_s=RIGHT_S / 2)
    assert check.passed


def scaled(pose: Pose, factor: float) -> Pose:
    middle = np.array([320.0, 240.0])
    return replace(pose, image=(pose.image - middle) * factor + middle)


def tilted(pose: Pose, degrees: float) -> Pose:
    middle = np.array([320.0, 240.0])
    return replace(pose, image=(pose.image - middle) @ about("z", degrees)[:2, :2].T + middle)


@pytest.mark.parametrize(
    ("pose", "view", "light", "words"),
    [
        (DOWN, FRONT, 20.0, "too dark"),
        (DOWN, FRONT, 1.0, "The picture is black. Open the camera's shutter"),
        (NOBODY, FRONT, 120.0, "can't see you"),
        (tilted(DOWN, 14), FRONT, 120.0, "Level the camera"),
        (DOWN, View("left", "upright", "left", 90.0), 120.0, "face the camera"),
        (DOWN, View("three-quarter", "upright", "left", 35.0), 120.0, "face the camera"),
        (scaled(DOWN, 0.4), FRONT, 120.0, "Come nearer"),
        (shifted(DOWN, 300), FRONT, 120.0, "I can't see your"),
        (DOWN, View("front", "sitting", "left", 0.0), 120.0, "Stand with your arms down"),
    ],
)
def test_what_is_wrong_is_said(pose: Pose, view: View, light: float, words: str) -> None:
    check = SetupCheck(plan())
    assert words in look(check, pose, 4.0, view=view, light=light).wrong
    assert not check.passed


def test_a_laptop_beside_the_keyboard_is_no_reason_to_turn() -> None:
    check = SetupCheck(plan())
    look(check, DOWN, 4.0, view=View("three-quarter", "upright", "left", 30.0))
    assert check.passed


def test_one_thing_at_a_time_light_first() -> None:
    told = look(SetupCheck(plan()), scaled(DOWN, 0.4), light=20.0).wrong
    assert told == "It is too dark. Turn on a light."


def test_a_wobble_at_the_limit_does_not_make_the_words_flicker() -> None:
    check = SetupCheck(plan())
    words = []
    for number in range(150):
        light = 33.0 if number % 2 else 37.0  # just below and above what is told
        words.append(check.update(number / 15, Glimpse(DOWN, FRONT, light, {})).wrong)
    changes = sum(a != b for a, b in pairwise(words))
    assert changes <= 1


def test_a_short_flaw_does_not_begin_the_two_seconds_anew() -> None:
    check = SetupCheck(plan())
    look(check, seconds=1.5)
    look(check, NOBODY, 0.1, start_s=1.6)
    look(check, seconds=0.5, start_s=1.8)
    assert check.passed


def test_nobody_is_kept_for_ever_but_an_empty_room_is() -> None:
    check = SetupCheck(plan())
    dark = {"light": 10.0}
    look(check, DOWN, PATIENCE_S - 1, **dark)
    assert not check.passed
    look(check, DOWN, 2.0, start_s=PATIENCE_S - 0.9, **dark)
    assert check.passed
    empty = SetupCheck(plan())
    look(empty, NOBODY, 2 * PATIENCE_S)
    assert not empty.passed


def test_raised_arms_need_room_above() -> None:
    overhead = standard_library().find("overhead-reach")
    check = SetupCheck(make_plan(overhead))
    top = at(DOWN, Landmark.NOSE)[1]
    told = look(check, shifted(DOWN, 0, -(top - 10)), 1.0).wrong
    assert "raised hands" in told


def test_a_side_view_needs_the_near_side_alone() -> None:
    check = SetupCheck(make_plan(standard_library().find("cat-cow")))
    view = View("left", "all-fours", "left", 90.0)
    hidden = DOWN.visibility.copy()
    hidden[[int(each) for each in Landmark if each.name.startswith("RIGHT_")]] = 0.1
    assert look(check, replace(DOWN, visibility=hidden), 1.0, view=view).wrong == ""
    told = look(check, DOWN, 3.0, view=replace(view, facing="front", near="right"), start_s=2.0)
    assert told.wrong == "Turn your right side to the camera."


def test_what_cannot_be_told_from_the_front_is_asked_for_from_the_side() -> None:
    """Arms and trunk hide each other then: nothing of the stretch would be judged."""
    exercise = standard_library().find("childs-pose-thread-the-needle")
    view = View("front", "all-fours", "left", 0.0)
    check = SetupCheck(make_plan(exercise))
    assert "side to the camera" in look(check, scaled(DOWN, 0.9), RIGHT_S, view=view).wrong
    assert not check.passed
    feet = View("front", "lying", "left", 0.0)
    lying = SetupCheck(make_plan(standard_library().find("trunk-rotation")))
    assert "feet to the camera" in look(lying, DOWN, 3.0, view=feet).wrong


@pytest.mark.parametrize(
    ("view", "passed"),
    [
        (View("feet", "lying", "left", 0.0), True),
        (View("front", "sitting", "left", 0.0), True),
        (View("three-quarter", "sitting", "left", 35.0), True),
        (View("left", "sitting", "left", 90.0), False),
        (View("front", "upright", "left", 0.0), False),
    ],
)
def test_who_lies_with_the_feet_to_the_camera_may_seem_to_sit(view: View, passed: bool) -> None:
    """Only depth tells one from the other: they are asked to lie down, and believed."""
    check = SetupCheck(make_plan(standard_library().find("trunk-rotation")))
    told = look(check, DOWN, DOUBT_S - 1, view=view).wrong
    assert ("feet to the camera" in told) == (view.posture != "lying")
    look(check, DOWN, RIGHT_S + 2, view=view, start_s=DOUBT_S - 1)
    assert check.passed == passed


def test_who_seems_to_sit_now_and_then_is_not_believed() -> None:
    check = SetupCheck(make_plan(standard_library().find("trunk-rotation")))
    for number in range(8):
        sitting = View("front", "sitting" if number % 2 else "upright", "left", 0.0)
        look(check, DOWN, DOUBT_S / 2, view=sitting, start_s=number * DOUBT_S / 2)
    assert not check.passed


def test_fine_movements_want_the_person_nearer() -> None:
    library = standard_library()
    fine = {id_: Needs.of(make_plan(library.find(id_))).fine for id_ in library.ids()}
    assert {id_ for id_, each in fine.items() if each} == {"shoulder-roll", "neck-flexion"}


def test_at_a_desk_the_neck_and_the_shoulders_are_coached_without_hips_and_arms() -> None:
    for id_ in ("neck-flexion", "shoulder-roll"):
        check = SetupCheck(make_plan(standard_library().find(id_)))
        assert look(check, AT_A_DESK, RIGHT_S).wrong == ""
        assert check.passed


def test_a_picture_that_ends_at_the_hips_is_as_good() -> None:
    """One hip in the picture and one below it: to step back would bring nothing."""
    image = AT_A_DESK.image - (0, AT_A_DESK.image[[23, 24], 1].mean() - AT_A_DESK.size[1])
    image[[23, 24], 1] = AT_A_DESK.size[1] - 3, AT_A_DESK.size[1] + 6
    check = SetupCheck(make_plan(standard_library().find("shoulder-roll")))
    assert look(check, replace(AT_A_DESK, image=image), RIGHT_S).wrong == ""


def test_at_a_desk_a_wall_stretch_is_refused_for_the_arms_and_not_for_the_hips() -> None:
    check = SetupCheck(make_plan(standard_library().find("wall-stretch")))
    told = look(check, AT_A_DESK, RIGHT_S).wrong
    assert "can't see your hands" in told or "can't see your elbows" in told


def test_nobody_steps_back_for_a_fault_that_may_go_unseen() -> None:
    """The feet tell hips that slide; the reach is coached and counted without them."""
    feet = [each for each in Landmark if each.name.endswith(("ANKLE", "HEEL", "FOOT_INDEX"))]
    unseen = DOWN.visibility.copy()
    unseen[[int(each) for each in feet]] = 0.0
    check = SetupCheck(make_plan(standard_library().find("overhead-reach")))
    low = shifted(DOWN, 0.0, 100.0)
    assert look(check, replace(low, visibility=unseen), RIGHT_S).wrong == ""


def test_who_is_in_the_start_pose_need_not_leave_it() -> None:
    """At the wall with the arm up, where the zero would be taken with both arms down."""
    check = SetupCheck(make_plan(standard_library().find("wall-stretch")))
    neither = {"shoulder_abduction_left": 85.0, "shoulder_abduction_right": 85.0}
    at_wall = {"shoulder_abduction_left": 10.0, "shoulder_abduction_right": 85.0}
    for values, right in ((neither, False), (at_wall, True)):
        told = [
            check.update(number / 15, Glimpse(DOWN, FRONT, 120.0, values)).wrong
            for number in range(60)
        ]
        assert (told[-1] == "") == right


def test_every_built_in_exercise_can_be_checked() -> None:
    library = standard_library()
    for id_ in library.ids():
        needs = Needs.of(make_plan(library.find(id_)))
        assert needs.landmarks
        assert "{" not in needs.say


coordinate = st.floats(allow_nan=True, allow_infinity=True, width=32)


@given(
    numbers=st.lists(coordinate, min_size=66, max_size=66),
    visibility=st.floats(0, 1),
    light=st.floats(0, 255),
)
@settings(max_examples=60, deadline=None)
def test_no_pose_is_too_strange(numbers: list[float], visibility: float, light: float) -> None:
    pose = Pose(
        np.asarray(0.0),
        np.array(numbers).reshape(33, 2),
        np.zeros((33, 3)),
        np.full(33, visibility),
        (640, 480),
    )
    with np.errstate(all="ignore"):
        told = SetupCheck(plan()).update(0.0, Glimpse(pose, FRONT, light, {}))
        forearms_crossed(pose)
        hand_raised(pose)
    assert 0 <= told.fraction <= 1


def test_brightness_is_that_of_the_picture() -> None:
    assert brightness(np.full((480, 640, 3), 90, np.uint8)) == pytest.approx(90, abs=1)


# -- signs ---------------------------------------------------------------------------------------


def test_the_signs_are_seen() -> None:
    assert forearms_crossed(CROSSED)
    assert hand_raised(RAISED)
    for pose in (DOWN, UP, RAISED, NOBODY):
        assert not forearms_crossed(pose)
    both = moved(RAISED, RIGHT_ELBOW=(280, 110), RIGHT_WRIST=(280, 60))
    for pose in (DOWN, UP, CROSSED, NOBODY, both):
        assert not hand_raised(pose)


@pytest.mark.parametrize(
    "pose",
    [
        moved(DOWN, LEFT_WRIST=(300, 236), RIGHT_WRIST=(340, 236)),  # hands in the lap
        moved(DOWN, LEFT_WRIST=(300, 60), RIGHT_WRIST=(340, 60)),  # over the head
        moved(DOWN, LEFT_WRIST=(318, 190), RIGHT_WRIST=(322, 190)),  # hands folded
    ],
)
def test_hands_that_meet_elsewhere_are_no_sign(pose: Pose) -> None:
    assert not forearms_crossed(pose)


@pytest.mark.parametrize("share", [0.25, 0.45, 1.0])
def test_signs_are_seen_from_afar(share: float) -> None:
    """At a quarter of its size a person of 1.7 m is eight metres away."""
    assert forearms_crossed(scaled(CROSSED, share))
    assert hand_raised(scaled(RAISED, share))


def test_guessed_arms_are_no_sign() -> None:
    assert not forearms_crossed(replace(CROSSED, visibility=np.full(33, 0.3)))


def test_a_sign_counts_once_until_it_is_let_go() -> None:
    sign = Sign(forearms_crossed)
    fired = [sign.update(number / 15, CROSSED) for number in range(90)]
    assert fired.index(True) == pytest.approx(HELD_S * 15, abs=1)
    assert sum(fired) == 1
    assert not any(sign.update(6 + number / 15, DOWN) for number in range(30))
    assert any(sign.update(8 + number / 15, CROSSED) for number in range(30))


def test_no_stretch_is_a_sign(shared: Path) -> None:
    """The true joints of every truth clip: never for longer than a moment."""
    clips = sorted((shared / "clips").glob("*.npz"))
    assert len(clips) > 30
    for clip in clips:
        truth = np.load(clip)
        size = json.loads(clip.with_suffix(".json").read_text())
        sign = Sign(forearms_crossed)
        for time_s, image in zip(truth["t_s"], truth["image"], strict=True):
            image = np.nan_to_num(image.astype(np.float64), nan=float(image[0, 0]))
            pose = Pose(
                np.asarray(time_s),
                image,
                np.zeros((33, 3)),
                np.ones(33),
                (size["width"], size["height"]),
            )
            assert not sign.update(float(time_s), pose), clip.stem
