"""What a report says is true of what was done, and of what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from math import nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posecoach.cli import main
from posecoach.cli.summary import print_summary
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.report import wording
from posecoach.report.advice import Evidence, advise
from posecoach.report.charts import hold_chart, repetition
from posecoach.report.drawing import Rect, Text, text_width
from posecoach.report.exercise_record import direction
from posecoach.report.facts import (
    AttemptFacts,
    ExerciseFacts,
    FaultFacts,
    Hold,
    Reach,
    SessionFacts,
    SideCount,
)
from posecoach.report.gather import fault_names, gather
from posecoach.report.page import (
    cards,
    exercise_cards,
    fault_rows,
    past_table,
    report_page,
    sampled,
)
from posecoach.report.past import reach_change
from posecoach.report.pictures import movement_of
from posecoach.report.tables import report_json
from posecoach.report.targets import aimed, side_differences
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from tests.helpers.pages import parse, text_of
from tests.helpers.store_sessions import coach, plan_of, poses, record


def _kept(
    folder: Path, plan: Plan, stream: Iterable[Pose], *, live: bool = False
) -> tuple[Result, SessionFacts]:
    """Coach what was seen; what it came to at once, and in the report."""
    session = Session(plan, "clip")
    with Recorder(folder, source="clip", live=live) as recorder:
        recorder.begin(plan)
        for snapshot in coach(session, iter(stream)):
            recorder.hear(snapshot)
        result = session.finish()
        recorder.end(result, session.ending)
    with Store.open(folder) as store:
        return result, gather(store, "last")


# -- compared with the last sessions ---------------------------------------------------


def test_a_side_that_was_not_tried_is_compared_with_nothing(tmp_path: Path) -> None:
    """The clip's right arm goes first: its first half tells nothing of the left one."""
    record(tmp_path, until_s=16.0)
    record(tmp_path)
    with Store.open(tmp_path) as store:
        first, second = (gather(store, number).exercises[0] for number in "12")
    untried = {each.title for each in second.reaches} - {each.title for each in first.reaches}
    assert len(untried) == 1
    assert untried.isdisjoint(first.past[0].reach)
    assert untried <= second.past[1].reach.keys()
    said = " ".join(second.compared).lower()
    assert not any(title in said for title in untried)
    tried = {each.title for each in first.reaches}
    assert all(title in said for title in tried)
    head, rows = past_table(second).head, past_table(second).rows
    assert rows[-1][head.index(f"{untried.pop()}, whole session")] == "–"


# -- angles over time ------------------------------------------------------------------


@pytest.fixture(scope="module")
def cat_cow(tmp_path_factory: pytest.TempPathFactory) -> ExerciseFacts:
    """A stretch that asks for some angles from the start pose, and for others as they are."""
    place = tmp_path_factory.mktemp("cat-cow")
    record(place, "cat-cow")
    with Store.open(place) as store:
        return gather(store, "last").exercises[0]


def test_what_counts_from_the_start_pose_is_0_there(cat_cow: ExerciseFacts) -> None:
    notes = {each.title: each.note for each in cat_cow.tracks}
    assert notes["chin to chest from the start pose"] == "0° is the start pose."
    for title, note in notes.items():
        assert ("start pose" in note) >= title.endswith("from the start pose"), title


def test_the_table_of_an_angle_is_empty_where_its_chart_has_a_gap(cat_cow: ExerciseFacts) -> None:
    """Nothing was seen from 4 to 8 s: what was seen then is no angle of the seconds before."""
    times = np.concatenate([np.arange(0, 4.01, 0.1), np.arange(8, 12.01, 0.1)])
    values = np.where(times < 2.95, 30.0, nan)
    values[times > 7] = -4.0
    track = replace(cat_cow.tracks[0], times=times, values=values, unit="°")
    told = dict(sampled(track))
    assert [told[f"0:0{second}"] for second in range(10)] == [
        *["30°"] * 3, *["not seen"] * 2, *["–"] * 3, *["−4°"] * 2
    ]  # fmt: skip


# -- what the camera could see ---------------------------------------------------------


def test_another_posture_is_told_and_not_called_well_seen(tmp_path: Path) -> None:
    """Who stands through a stretch on all fours is seen, and nothing of the stretch is."""
    result, found = _kept(tmp_path, plan_of("cat-cow"), poses("wall-stretch"))
    remark = (
        "You were standing for 100 % of the time; this stretch is done on all fours or kneeling."
    )
    assert result.sights == [remark]
    assert remark in found.exercises[0].notes
    assert found.exercises[0].result == result.as_json()
    text = text_of(parse(report_page(found)))
    assert remark in text
    assert "You were seen well" not in text
    assert [each.words for each in found.advice] == [remark]
    assert "Take the start pose" not in text


def test_who_did_all_that_is_asked_for_is_not_told_to_do_more() -> None:
    """None of three attempts counts where one is asked for: what they lacked is told."""
    tries = [
        AttemptFacts(
            1, side, 4.0 * number, 4.0 * number + 3, False, 0.5, "reach was not held", {}, ()
        )
        for number, side in enumerate(("right", "left", "right"))
    ]
    counts = [SideCount("left", 0, 1, 1), SideCount("right", 0, 2, 1)]
    (told,) = advise(Evidence("Reach", attempts=tries, counts=counts))
    assert told.about == "Let your repetitions count"
    assert "in 3 attempts. What was missing most often: reach was not held." in told.words


def test_more_repetitions_are_advised_only_where_some_were_not_done() -> None:
    """Two tries of three on each side, none of which counts: one more would count as little."""
    tries = [_try(side, at, counted=False) for side in ("left", "right") for at in (0.0, 5.0)]
    counts = [SideCount("left", 0, 2, 3), SideCount("right", 0, 2, 3)]
    (told,) = advise(Evidence("Reach", attempts=tries, counts=counts))
    assert told.about == "Let your repetitions count"
    done = [replace(each, counted=2) for each in counts]
    (told,) = advise(Evidence("Reach", attempts=tries, counts=done))
    assert told.about == "Do all repetitions"
    assert "2 of 3 on the left and 2 of 3 on the right. Add one more" in told.words
    mixed = [done[0], counts[1]]
    (told,) = advise(Evidence("Reach", attempts=tries, counts=mixed))
    assert told.words.startswith("Counted were 0 of 3 on the right, in 2 attempts.")
    cut = [replace(each, told=False) for each in tries]
    (told,) = advise(Evidence("Reach", attempts=cut, counts=mixed))
    assert told.words.startswith("Counted were 2 of 3 on the left.")


def _try(side: str, start_s: float, *, counted: bool = True, **reached: float) -> AttemptFacts:
    reason = "" if counted else "not far enough"
    return AttemptFacts(1, side, start_s, start_s + 4, counted, float(counted), reason, reached, ())


# -- how far, and on which side ----------------------------------------------------------


def _reach(side: str, best: float) -> Reach:
    return Reach("turn", "k", "trunk_turn", side, best, 5.0, "°", 20.0, None, None, None)


def _farther(best: float, *tries: AttemptFacts) -> list[str]:
    found = advise(Evidence("Turn", attempts=tries, reaches=[_reach("left", best)]))
    return [each.words for each in found]


def test_how_far_somebody_came_is_told_as_in_the_table() -> None:
    """The farthest of all, and not what half of the shorter ones came to."""
    tries = [_try("left", 0, counted=False, turn=far) for far in (12.6, 3.0, 2.0)]
    (words,) = _farther(12.6, *tries)
    assert words.startswith("At best you came to 13° ± 5° of the 20° asked for, in 3 attempts.")


def test_of_several_attempts_those_that_were_short_are_told() -> None:
    far, near = _try("left", 0, turn=33.0), _try("left", 9, counted=False, turn=17.6)
    (words,) = _farther(33.0, far, near)
    assert words.startswith("1 of 2 attempts stayed below the 20° asked for, at 18° ± 5°: so near")
    low = _try("left", 18, counted=False, turn=9.0)
    (words,) = _farther(33.0, far, near, low)
    assert words.startswith("2 of 3 attempts stayed below the 20° asked for, at 9° to 18° (± 5°).")
    assert _farther(33.0, far) == []


def test_what_was_no_attempt_at_a_range_tells_nothing_of_it() -> None:
    """A fault made in place of the movement, half a second, a recording that ends on the way."""
    far = _try("left", 0, turn=65.0)
    other = replace(_try("left", 9, counted=False, turn=1.6), aimed=False)
    cut = replace(other, aimed=True, told=False)
    assert _farther(65.0, far, other, cut) == []
    reads_alike = _try("left", 9, counted=False, turn=19.6)
    assert _farther(65.0, far, reads_alike) == []


def test_hips_that_slide_and_half_a_second_are_no_lean() -> None:
    plan = make_plan(standard_library().find("overhead-reach"))
    slide = next(each.id for each in plan.exercise.faults if each.instead)
    other = next(each.id for each in plan.exercise.faults if not each.instead)
    assert aimed(3.0, [_fault(other)], plan)
    assert not aimed(3.0, [_fault(slide)], plan)
    assert not aimed(0.5, [], plan)


def _fault(id_: str) -> FaultFacts:
    return FaultFacts(id_, id_, "left", "form", 0.0, 2.0, "", None)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ((65.0,), (33.4, 33.4), False),
        ((65.0, 2.0, 2.0), (33.0, 33.0, 33.0), False),
        ((15.0, 16.0, 14.0), (33.0, 33.0, 33.0), True),
        ((15.0, 16.0, 27.0), (33.0, 33.0, 33.0), False),
    ],
)
def test_a_stiffer_side_is_told_where_all_attempts_bear_it_out(
    left: tuple[float, ...], right: tuple[float, ...], told: bool
) -> None:
    tries = [_try("left", 9 * at, turn=far) for at, far in enumerate(left)]
    tries += [_try("right", 9 * at, turn=far) for at, far in enumerate(right)]
    reaches = [_reach("left", max(left)), _reach("right", max(right))]
    sides = side_differences(reaches, tries)
    found = [each.about for each in advise(Evidence("Turn", attempts=tries, sides=sides))]
    assert found == (["Give the left side a little more time"] if told else [])


def test_the_same_reach_is_not_told_by_two_numbers() -> None:
    """Over the whole session it is read by another rule: only how they differ is told."""
    said = reach_change("trunk turn", 20.0, 32.0, 5.3, "°")
    assert said == "Trunk turn went 12° less far than then (differences up to 7° cannot be told)."


def test_who_is_upside_down_is_told_so_later_too(tmp_path: Path) -> None:
    result, found = _kept(tmp_path, plan_of(), map(_turned_round, poses()))
    assert "upside down" in " ".join(result.sights)
    assert found.exercises[0].result == result.as_json()
    assert set(result.sights) <= set(found.exercises[0].notes)


def _turned_round(pose: Pose) -> Pose:
    """By half a turn, in the picture."""
    return replace(pose, image=np.asarray(pose.size) - pose.image)


def test_a_film_of_one_picture_without_anybody_has_no_time_to_tell(tmp_path: Path) -> None:
    """What repeats the picture before is not kept: it lasts no time, however long the film was."""
    nobody = Pose.absent(0.0, (320, 240))
    _, found = _kept(tmp_path, plan_of(), [nobody])
    tips = found.exercises[0].visibility.tips
    assert tips[0].startswith("You could not be found in any picture.")
    assert "0.0 s" not in " ".join(tips)


def test_an_empty_room_that_stands_still_is_no_time_in_which_all_was_seen(tmp_path: Path) -> None:
    """Of the pictures without anybody the first is looked at, the others repeat it."""
    away = (8.5, 16.5)

    def left() -> Iterator[Pose]:
        gone = False
        for pose in poses():
            if not away[0] <= float(pose.time_s) < away[1]:
                yield pose
            elif not gone:
                gone = True
                yield Pose.absent(float(pose.time_s), pose.size)

    result, found = _kept(tmp_path, plan_of(), left())
    seen = found.exercises[0].visibility
    assert seen.tips[0].startswith("You could not be found for 8.0 s.")
    assert seen.person == pytest.approx(1 - 8.0 / found.duration_s, abs=0.02)
    assert "Nobody was found for" in " ".join(result.sights)
    assert found.exercises[0].result == result.as_json()


def test_somebody_in_a_picture_that_stands_still_was_seen(tmp_path: Path) -> None:
    still = (pose for pose in poses() if not 8.5 <= float(pose.time_s) < 16.5)
    _, found = _kept(tmp_path, plan_of(), still)
    assert found.exercises[0].visibility.person == 1.0
    assert not any("could not be found" in tip for tip in found.exercises[0].visibility.tips)


def _lower(pose: Pose) -> Pose:
    """So that hands and hips are below the picture."""
    down = pose.size[1] - pose.image[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1].min() + 5
    return replace(pose, image=pose.image + np.array((0.0, down)))


def test_no_other_place_is_asked_for_where_all_was_read(tmp_path: Path) -> None:
    """Arms and hips below the picture's edge, at a desk, that a shoulder roll allows."""
    plan = make_plan(standard_library().find("shoulder-roll"))
    _, found = _kept(tmp_path, plan, map(_lower, poses()))
    seen = found.exercises[0].visibility
    assert {each.title for each in seen.measures if each.needed} == {
        f"{side} shoulder {way}" for side in ("left", "right") for way in ("rise", "forward")
    }
    assert not any("left the picture" in each for each in seen.tips), seen


@pytest.mark.parametrize("live", [True, False])
def test_only_a_camera_is_asked_for_more_pictures(tmp_path: Path, live: bool) -> None:
    _, found = _kept(tmp_path, plan_of(), islice(poses(), 0, None, 3), live=live)
    seen = found.exercises[0].visibility
    assert seen.frames_a_second < 6
    assert any("pictures a second" in each for each in seen.tips) is live


# -- accuracy in words -----------------------------------------------------------------


@given(st.floats(0, 1), st.booleans())
def test_what_an_accuracy_means_is_said_of_what_it_measures(share: float, faults: bool) -> None:
    """Targets met and time held: of that a short hold in good form has little."""
    said = f"{wording.accuracy_words(share, faults=faults)} {wording.accuracy_note(share)}"
    assert "attempts met" in said
    assert " form " not in said.replace("Form faults are told apart.", "")
    assert "correction" not in said
    assert ("faults" in said) is faults


def test_faults_beside_a_full_accuracy_are_named_with_it(cat_cow: ExerciseFacts) -> None:
    fault = FaultFacts("f", "Elbows bend", "both", "form", 1.0, 4.0, "Straighten.", None)
    facts = _session(replace(cat_cow, accuracy=1.0, faults=(fault,)))
    assert facts.meaning.endswith("Form faults are told apart.")
    assert facts.meaning in text_of(parse(report_page(facts)))
    assert report_json(facts)["meaning"] == facts.meaning
    assert "faults" not in _session(replace(cat_cow, accuracy=1.0, faults=())).meaning


def _session(exercise: ExerciseFacts) -> SessionFacts:
    return SessionFacts(
        number=1,
        uuid="u",
        started=datetime(2026, 1, 2, tzinfo=UTC),
        source="clip",
        profile="",
        model="",
        app_version="0",
        state="finished",
        landmarks=True,
        duration_s=exercise.duration_s,
        accuracy=exercise.accuracy,
        exercises=(exercise,),
        advice=exercise.advice,
        compared=(),
    )


# -- faults ----------------------------------------------------------------------------


def test_a_side_stands_behind_a_name_that_is_true_of_it() -> None:
    """The side of a fault is the shoulder that stays still: it moved only by the old name."""
    roll = standard_library().find("shoulder-roll")
    names = fault_names(roll)
    assert names["one-side-only"] == "One shoulder stays behind"


def test_a_hold_left_early_is_told_once_by_a_name_and_without_a_length(
    cat_cow: ExerciseFacts,
) -> None:
    names = fault_names(standard_library().find("neck-flexion"))
    assert names["too-fast"] == "Left before the time was over"
    cue = "Slowly, and stay at each shoulder."
    fault = FaultFacts("too-fast", names["too-fast"], "right", "form", 6.5, 6.5, cue, None)
    hold = Hold("ear", "right", 3.6, 6.5, 2.9, 0.0, 3.0, 1.0, completed=False)
    (advice,) = advise(Evidence("Neck", (), [hold], [fault]))
    assert advice.about == "Stay in the pose longer"
    assert "2.9 s in pose of 3.0 s" in advice.words
    assert advice.words.endswith(cue)
    shown = replace(cat_cow, faults=(fault,), holds=(hold,))
    assert fault_rows(shown) == [
        ("Left before the time was over (right)", "0:06", "–", f"{cue} (not said at that time)")
    ]
    for card in (*exercise_cards(shown), *cards(_session(shown))):
        assert "0.0 s in all" not in card.note


def test_every_fault_of_every_stretch_has_a_name() -> None:
    for id_ in standard_library().ids():
        exercise = standard_library().find(id_)
        names = fault_names(exercise)
        assert all(name[0].isupper() and " " in name for name in names.values()), names


def _gone(pose: Pose) -> Pose:
    """Nobody is in the picture from the first hold's middle on, for three seconds."""
    time_s = float(pose.time_s)
    return Pose.absent(time_s, pose.size) if 5.0 <= time_s < 8.0 else pose


def test_nobody_is_told_to_stay_longer_who_was_lost_from_sight(tmp_path: Path) -> None:
    """They may have held it for the time; that it did not count is no lack of theirs."""
    _, found = _kept(tmp_path, plan_of(), map(_gone, poses()))
    (stretch,) = found.exercises
    lost = stretch.holds[0]
    assert not lost.completed
    assert not lost.end_seen
    assert all(each.end_seen for each in stretch.holds if each.completed)
    assert not stretch.attempts[0].told
    assert "Stay in the pose longer" not in [each.about for each in stretch.advice]


def test_who_was_seen_to_leave_a_hold_is_told_to_stay(tmp_path: Path) -> None:
    _, found = _kept(tmp_path, plan_of(hold=5.0), poses())
    assert all(each.end_seen for each in found.exercises[0].holds)
    assert "Stay in the pose longer" in [each.about for each in found.exercises[0].advice]


# -- hold times ------------------------------------------------------------------------


@given(
    st.text("abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=40).filter(str.strip),
    st.floats(0, 20_000),
)
def test_the_time_of_a_hold_stands_whole_between_its_name_and_its_bar(
    step: str, start_s: float
) -> None:
    hold = Hold(step, "left", start_s, start_s + 3, 3.0, 0.0, 3.0, 1.0, completed=True)
    marks = hold_chart([hold]).marks
    bar = next(mark for mark in marks if isinstance(mark, Rect) and mark.role == "held")
    name, when = [mark for mark in marks if isinstance(mark, Text) and mark.role == "label"][:2]
    assert when.text == wording.clock(start_s)
    assert when.anchor == "end"
    assert when.x < bar.x
    assert name.x + text_width(name.text, name.size) < when.x - text_width(when.text, when.size)


def test_a_text_is_taken_for_no_narrower_than_it_is_printed() -> None:
    fpdf = pytest.importorskip("fpdf")
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    pdf = fpdf.FPDF(unit="pt")
    pdf.add_font("sans", "", Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf")
    pdf.set_font("sans", "", 10)
    for words in ("ear to shoulder", "trunk leans to the left", "warm mummy", "10:35", "ZXK-9…"):
        assert pdf.get_string_width(words) <= text_width(words, 10)


# -- names and signs -------------------------------------------------------------------


def test_a_difference_of_both_sides_is_named_once_and_has_one_sign() -> None:
    """Thread the needle: the working arm lies back, the other reaches ahead."""
    plan = make_plan(standard_library().find("childs-pose-thread-the-needle"))
    titles = {}
    for side in plan.sides:
        (goal,) = (goal for goal in side.steps[0].drivers if goal.reader.minus)
        title = wording.motion_title(goal.reader, direction(goal))
        other = {"left": "right", "right": "left"}[side.side]
        # The working arm's lean is at most 15 less: the other's is at least 15 more.
        assert title == f"lean of the arm, {other} minus {side.side}"
        assert movement_of(goal) == (title, -1)
        titles[side.side] = wording.of_either_side(title)
    assert titles["left"] == titles["right"] == "lean of the arm against the other side's"


@pytest.mark.parametrize(
    ("title", "either"),
    [
        ("trunk turn to the left", "trunk turn"),
        ("right elbow flexion", "elbow flexion"),
        ("looking up", "looking up"),
    ],
)
def test_a_movement_of_either_side_has_no_side(title: str, either: str) -> None:
    assert wording.of_either_side(title) == either


def test_a_best_moment_counts_as_the_ranges_do(cat_cow: ExerciseFacts) -> None:
    """Arching is rounding by less than nothing: it is told as arching, and as more than nothing."""
    assert any(each.title.startswith("arching") for each in cat_cow.reaches)
    for picture in cat_cow.pictures:
        assert "Rounding of the back −" not in picture.words
        assert "rounding of the back −" not in picture.words.lower()


# -- circles ---------------------------------------------------------------------------


def test_of_circles_no_number_is_asked_and_nothing_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = make_plan(standard_library().find("shoulder-roll"))
    result, found = _kept(tmp_path, plan, poses())
    print_summary(Console(), result.as_json(), plan.asked, plan.hold_s)
    side, counted, _, wanted = capsys.readouterr().out.splitlines()[3].split()
    assert (side, counted, wanted) == ("both", "0", "–")
    assert "Held in pose" not in [card.name for card in cards(found)]
    page = report_page(found)
    assert "Angles over time" in page
    assert ">hold<" not in page
    assert "hold completed" not in page
    with Store.open(tmp_path) as store:
        assert store.find("last").exercises[0].wanted == {"both": 0}
    with pytest.raises(SystemExit):
        main(["sessions", "--data-dir", str(tmp_path)])
    assert "/1" not in capsys.readouterr().out


def test_a_circle_is_numbered_within_its_direction(cat_cow: ExerciseFacts) -> None:
    track = cat_cow.tracks[0]
    attempt = AttemptFacts(2, "backward", 1.0, 3.0, True, 1.0, "", {}, ())
    drawing = repetition(track, attempt, cat_cow)
    assert drawing.title == "Backward attempt 2"
    assert "Backward 2" in [mark.text for mark in drawing.marks if isinstance(mark, Text)]
