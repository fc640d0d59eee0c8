"""What the screen decides to show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.state import Phase
from posecoach.exercise.library import standard_library
from posecoach.plan.match import Match
from posecoach.plan.plan import make_plan
from posecoach.plan.sides import Side
from posecoach.pose.pose import Pose
from posecoach.screen.keys import HELP, KEYS, Action, action_of
from posecoach.screen.scene import Steadier, scene, wanted_text
from posecoach.session.practice_state import PracticeState, SetupState
from posecoach.session.steady import Steady
from tests.helpers.moments import STRETCH, cue, moment, person, state, target


def test_a_cue_takes_the_place_of_the_step() -> None:
    shown = scene(moment(state(cue=cue())))
    assert (shown.sentence, shown.tone) == ("Bend your elbow more", "form")
    assert shown.corrected == "elbow_flexion_right"


@pytest.mark.parametrize(
    ("held_s", "number", "last"), [(0.0, "5", False), (1.9, "4", False), (2.1, "3", True)]
)
def test_a_hold_counts_down_and_its_last_three_seconds_stand_out(
    held_s: float, number: str, last: bool
) -> None:
    ring = scene(moment(state(Phase.HOLDING, held_s=held_s))).ring
    assert (ring.number, ring.last) == (number, last)
    assert ring.fraction == pytest.approx(held_s / 5)


def test_a_completed_hold_shows_a_check() -> None:
    ring = scene(moment(state(Phase.RETURNING, held_s=5.0))).ring
    assert (ring.glyph, ring.fraction) == ("check", 1.0)


def test_dots_tell_done_from_missed_from_under_way() -> None:
    moving = scene(moment(state(Phase.MOVING))).dots
    ready = scene(moment(state(Phase.READY))).dots
    assert [(d.side, d.done, d.missed, d.wanted) for d in moving] == [
        ("left", 0, 0, 3),
        ("right", 1, 0, 3),
    ]
    assert ready[1].missed == 1
    assert [d.active for d in ready] == [False, True]


def test_unseen_says_what_cannot_be_seen() -> None:
    gone = Pose.absent(0.0, (640, 480))
    shown = scene(moment(state(Phase.UNSEEN, unseen="Step back until I see your feet"), pose=gone))
    assert shown.sentence == "Step back until I see your feet"
    assert shown.over == "I can’t see you"
    assert shown.dimmed
    partly = scene(moment(state(Phase.UNSEEN, unseen="Show your feet"), pose=person()))
    assert partly.over == ""


def test_a_pause_hides_corrections() -> None:
    shown = scene(moment(state(cue=cue(), targets=(target(),))), PracticeState(paused="Paused"))
    assert (shown.over, shown.targets, shown.corrected) == ("Paused", (), None)
    assert shown.ring.glyph == "pause"


def test_the_setup_shows_the_figure_and_one_thing_to_change() -> None:
    shown = scene(
        moment(), PracticeState(setup=SetupState("Turn your left side to the camera", 0.0))
    )
    assert shown.sentence == "Turn your left side to the camera"
    assert shown.ring.glyph == "figure"
    right = scene(moment(), PracticeState(setup=SetupState("", 0.5)))
    assert (right.tone, right.ring.fraction) == ("good", 0.5)


def test_a_rest_counts_down_and_names_what_comes() -> None:
    shown = scene(moment(), PracticeState(rest_s=(12.4, 20.0), next="Overhead reach"))
    assert shown.ring.number == "13"
    assert "Overhead reach" in shown.sentence


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (state(Phase.MOVING, step="forearm"), "Then: turn"),
        (state(Phase.MOVING), "Then 1 more"),
        (state(Phase.MOVING, repetitions={"left": 0, "right": 2}), "Then: left side"),
        (state(Phase.MOVING, repetitions={"left": 3, "right": 2}), "Then: Cat-Cow"),
        (state(Phase.DONE), "Next: Cat-Cow"),
    ],
)
def test_what_comes_next(given: object, expected: str) -> None:
    assert scene(moment(given), PracticeState(next="Cat-Cow")).next == expected  # type: ignore[arg-type]


def test_where_the_order_is_free_no_step_is_named_that_may_be_done_already() -> None:
    cat_cow = standard_library().find("cat-cow")
    moving = moment(state(Phase.MOVING, step="cat", side="both", prescribed={"both": 5}))
    assert scene(replace(moving, exercise=cat_cow)).next == "Then 4 more"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "78° → 90°"),
        ({"match": Match.IN, "direction": 0, "value": 91.4}, "91°"),
        ({"high": float("inf"), "low": 20.0, "value": -12.0}, "−12° → 20°"),
        ({"low": -float("inf"), "high": 25.0, "value": 40.2, "direction": -1}, "40° → 25°"),
        ({"value": float("nan")}, ""),
    ],
)
def test_the_value_and_what_is_wanted(changes: dict[str, object], expected: str) -> None:
    assert wanted_text(target(**changes)) == expected


def test_what_is_let_through_in_a_start_pose_is_no_goal() -> None:
    def start_of(id_: str, measure: str, value: float) -> str:
        (side, *_) = make_plan(standard_library().find(id_)).sides
        goal = next(each for each in side.start if each.reader.name == measure)
        return wanted_text(goal.state(value), starting=True)

    level, overhead = "shoulder_abduction_left", "shoulder_flexion_left"
    assert start_of("wall-stretch", level, 7.0) == "7° → 90°"  # from 45 on it is let through
    assert start_of("overhead-reach", overhead, 10.0) == "10°"  # from 135 on
    assert scene(moment(state(Phase.WAITING))).starting
    assert not scene(moment(state(Phase.MOVING))).starting


def test_steady_keeps_a_value_for_its_dwell_and_skips_flickers() -> None:
    steady: Steady[str] = Steady(dwell_s=1.0, settle_s=0.2)
    shown = [
        steady.update(value, t)
        for t, value in [(0, "a"), (0.1, "b"), (0.2, "a"), (0.9, "b"), (1.0, "b"), (1.2, "b")]
    ]
    assert shown == ["a", "a", "a", "a", "a", "b"]


def test_steady_lets_urgent_values_through_and_starts_again_with_time() -> None:
    steady: Steady[str] = Steady(dwell_s=10.0)
    assert steady.update("a", 5.0) == "a"
    assert steady.update("stop", 5.1, urgent=True) == "stop"
    assert steady.update("b", 0.0) == "b"


def test_a_cue_that_flickers_is_shown_steadily_but_a_safety_cue_at_once() -> None:
    steadier = Steadier()
    sentences = []
    for n in range(40):
        flickering = cue() if n % 2 else None
        at = state(cue=flickering, time_s=n / 15)
        sentences.append(steadier.update(scene(moment(at))).sentence)
    assert len(set(sentences)) == 1
    danger = state(cue=cue("Stop", "safety"), time_s=41 / 15)
    assert steadier.update(scene(moment(danger))).sentence == "Stop"


@pytest.mark.parametrize(
    "other",
    [
        {"side": "left", "say": "Lean to your left"},
        {"phase": Phase.WAITING, "say": "Stand with your right side to the wall"},
        {"step": "forearm", "say": "Put your right forearm on the wall"},
        {"phase": Phase.HOLDING},
        {"phase": Phase.DONE},
    ],
)
def test_words_of_another_side_or_stage_go_at_once(other: dict[str, object]) -> None:
    steadier = Steadier()
    first = state(cue=cue("Lean a little farther to your right"))
    assert "right" in steadier.update(scene(moment(first))).sentence
    now = scene(moment(replace(state(time_s=1 / 15), **other)))  # type: ignore[arg-type]
    shown = steadier.update(now)
    assert (shown.sentence, shown.corrected, shown.next) == (now.sentence, None, now.next)


def test_words_of_a_pause_go_with_it() -> None:
    steadier = Steadier()
    steadier.update(scene(moment(), PracticeState(paused="Paused")))
    assert steadier.update(scene(moment(time_s=0.1))).sentence == "Turn away from the wall"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["left", "right"]),
            st.sampled_from([Phase.WAITING, Phase.READY, Phase.MOVING, Phase.HOLDING]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_the_sentence_is_always_one_of_the_side_and_stage_shown(
    moments: list[tuple[Side, Phase, bool]],
) -> None:
    steadier = Steadier()
    for n, (side, phase, corrected) in enumerate(moments):
        own = f"{side} {phase.value}"
        at = state(phase, side=side, say=own, cue=cue(f"{own}!") if corrected else None)
        shown = steadier.update(scene(moment(at, time_s=n / 15)))
        assert shown.side == f"{side.capitalize()} side"
        assert shown.sentence.rstrip("!") == own


def test_the_clock_is_never_held_back() -> None:
    steadier = Steadier()
    for held_s in (0.0, 0.5, 1.0, 1.5):
        given = state(Phase.HOLDING, held_s=held_s, time_s=held_s)
        assert steadier.update(scene(moment(given))).ring.fraction == pytest.approx(held_s / 5)


def test_another_exercise_starts_afresh() -> None:
    steadier = Steadier()
    steadier.update(scene(moment(time_s=1.0)))
    other = STRETCH.model_copy(update={"name": "Cat-Cow"})
    now = moment(state(say="Come to hands and knees", time_s=1.05), exercise=other)
    assert steadier.update(scene(now)).sentence == "Come to hands and knees"


def test_keys() -> None:
    assert action_of(ord("q")) is Action.QUIT
    assert action_of(ord("Q")) is Action.QUIT
    assert action_of(27) is Action.QUIT
    assert action_of(ord(" ")) is Action.PAUSE
    assert action_of(-1) is None
    assert action_of(ord("z")) is None
    assert action_of(0x100000 + ord("m")) is Action.MUTE  # with Num Lock, on GTK


def test_every_action_is_explained() -> None:
    explained = {KEYS[" " if key == "space" else key] for key, _ in HELP}
    assert explained == set(Action)


# -- words in passing ----------------------------------------------------------------------


def test_a_word_in_passing_is_the_sentence_but_never_hides_a_correction() -> None:
    practice = PracticeState(remark="This computer is slow.")
    shown = scene(moment(state(Phase.READY)), practice)
    assert (shown.sentence, shown.tone) == ("This computer is slow.", "note")
    corrected = scene(moment(state(cue=cue())), practice)
    assert corrected.sentence == "Bend your elbow more"
    paused = scene(moment(), replace(practice, paused="Paused"))
    assert paused.tone == "pause"
    setup = scene(moment(), replace(practice, setup=SetupState("Come nearer to the camera.")))
    assert setup.tone == "note"


def test_a_value_a_hair_away_is_not_told_to_become_itself() -> None:
    near = target(value=14.6, low=15.0, high=float("inf"))
    assert wanted_text(near) == "15°"


def test_what_is_not_saved_is_said_all_the_while() -> None:
    from posecoach.screen.layout import layout
    from posecoach.screen.paint import words

    for size in ((1280, 720), (1920, 1080), (720, 1280), (640, 480)):
        for saved in (True, False):
            shown = scene(moment(), PracticeState(unsaved=not saved, next="Neck half circle"))
            said = [" ".join(laid.lines) for laid in words(shown, layout(size))]
            assert ("Not saved" in said) != saved


def test_a_lost_picture_is_no_pause_and_a_countdown_shows_no_angles() -> None:
    lost = scene(
        moment(), PracticeState(paused="Paused", notice="The camera is gone. Trying again.")
    )
    assert (lost.over, lost.tone, lost.ring.glyph) == ("No picture", "unseen", "eye")
    begun = state(Phase.READY, targets=(target(),))
    counting = scene(moment(begun), PracticeState(countdown_s=2.0))
    assert counting.targets == ()
    assert scene(moment(begun)).targets


def test_the_set_up_shows_the_pose_for_the_own_zero() -> None:
    from posecoach.exercise.library import standard_library
    from posecoach.figure.body import figure_of

    wall = standard_library().find("wall-stretch")
    neutral = dict(figure_of(wall, None, "left", neutral=True).limbs)
    begins = dict(figure_of(wall, None, "left").limbs)
    assert neutral["arm left"][-1][1] < neutral["arm left"][0][1]  # the hand hangs
    assert begins["arm left"][-1][1] > begins["arm left"][0][1]  # the forearm is up on the wall
    shown = scene(moment(exercise=wall), PracticeState(setup=SetupState("")))
    assert shown.ring.neutral
