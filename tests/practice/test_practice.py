"""The practice as a machine: stages, countdown, rests, pauses, gaps, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from posecoach.coach.events import Event
from posecoach.coach.state import Phase
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import Plan, make_plan
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.moment import Stage
from posecoach.practice.practice import Part, Practice
from posecoach.practice.stuck import OFFER_S, ON_S, lifts_arms
from posecoach.practice.wish import Wish
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from tests.helpers.practising import BLACK, CROSSED, DOWN, NOBODY, RAISED, UP, Actor, plan, shifted


class Kept:
    """A keeper that remembers the order of what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.times: list[float] = []

    def begin(self, plan: Plan) -> None:
        self.told.append(f"begin {plan.exercise.id}")

    def hear(self, snapshot: Snapshot) -> None:
        self.times.append(snapshot.state.time_s)
        if self.told[-1] != "moments":
            self.told.append("moments")

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        self.told.append(f"end {result.exercise}")


def working(actor: Actor) -> None:
    """Through set-up check and countdown."""
    actor.until(DOWN, lambda moment: moment.stage is Stage.WORK)
    actor.show(DOWN, 3.5)


def one_repetition(actor: Actor) -> None:
    actor.show(UP, 2.5)
    actor.show(DOWN, 1.5)


def test_from_set_up_to_the_end_without_a_hand() -> None:
    kept = Kept()
    actor = Actor(KeptPractice(Practice([Part(plan())], "camera"), kept))
    working(actor)
    one_repetition(actor)
    actor.until(DOWN, lambda moment: actor.practice.over)
    assert list(actor.seen()) == ["setup", "work", "done", "over"]
    (result,) = actor.practice.finish()
    assert result.repetitions["both"] == result.attempts["both"] == 1
    assert kept.told == ["begin arms-up", "moments", "end arms-up"]


def test_the_countdown_runs_in_the_start_pose_and_ends_with_the_word_to_begin() -> None:
    actor = Actor(Practice([Part(plan())], "camera"))
    first = actor.until(DOWN, lambda moment: moment.practice.countdown_s is not None)
    assert first.practice.countdown_s == pytest.approx(3.0, abs=0.1)
    assert first.snapshot.state.say == "Get ready"
    after = actor.until(DOWN, lambda moment: moment.practice.countdown_s is None)
    assert after.snapshot.state.time_s - first.snapshot.state.time_s == pytest.approx(3.0, abs=0.1)
    assert after.snapshot.state.say == "Raise your arms."
    assert actor.show(DOWN, 1.0).practice.countdown_s is None  # once is enough


def test_who_begins_before_the_countdown_is_over_is_coached() -> None:
    actor = Actor(Practice([Part(plan())], "camera"))
    actor.until(DOWN, lambda moment: moment.practice.countdown_s is not None)
    actor.show(DOWN, 0.7)
    one_repetition(actor)
    assert actor.practice.finish()[0].repetitions["both"] == 1


def test_a_recording_is_coached_from_its_first_frame_to_its_last() -> None:
    actor = Actor(Practice([Part(plan())], "file", guided=False))
    actor.show(DOWN, 1.0, BLACK)
    for _ in range(3):
        one_repetition(actor)
    assert set(actor.seen()) == {"work"}
    (result,) = actor.practice.finish()
    assert result.repetitions["both"] == 3  # also beyond the prescription
    assert result.frames == len(actor.moments)


def test_rests_and_the_next_exercise_come_by_themselves() -> None:
    kept = Kept()
    parts = [Part(plan("first"), rest_s=5.0), Part(plan("second"), rest_s=5.0)]
    actor = Actor(KeptPractice(Practice(parts, "camera"), kept))
    for _ in parts:
        working(actor)
        one_repetition(actor)
        actor.until(DOWN, lambda moment: actor.practice.over or moment.stage is Stage.SETUP)
    stages = ["setup", "work", "done", "rest", "setup", "work", "done", "over"]
    assert list(actor.seen()) == stages
    rest = [m for m in actor.moments if m.practice.rest_s is not None]
    assert rest[0].practice.next == "Second"
    span = rest[-1].snapshot.state.time_s - rest[0].snapshot.state.time_s
    assert span == pytest.approx(5.0, abs=0.2)
    assert [result.exercise for result in actor.practice.finish()] == ["first", "second"]
    assert kept.told == [
        *("begin first", "moments", "end first"),
        *("begin second", "moments", "end second"),
    ]


def test_crossed_forearms_pause_and_a_raised_hand_goes_on() -> None:
    actor = Actor(Practice([Part(plan())], "camera"))
    working(actor)
    assert not actor.show(CROSSED, 1.2).practice.paused
    assert actor.show(CROSSED, 0.8).practice.paused == "Paused"
    assert actor.show(DOWN, 4.0).practice.paused
    assert not actor.until(RAISED, lambda moment: not moment.practice.paused).practice.paused


def test_held_crossed_it_pauses_once() -> None:
    actor = Actor(Practice([Part(plan())], "camera"))
    working(actor)
    actor.show(CROSSED, 8.0)
    assert actor.practice.paused
    actor.show(DOWN, 2.0)
    actor.show(CROSSED, 2.0)
    assert not actor.practice.paused


def test_a_pause_neither_costs_nor_counts_as_hold() -> None:
    kept = Kept()
    actor = Actor(KeptPractice(Practice([Part(plan(hold=4.0))], "camera"), kept))
    working(actor)
    held = actor.show(UP, 2.0).snapshot.state.held_s
    actor.practice.ask(Wish.PAUSE)
    actor.show(UP, 20.0)
    actor.practice.ask(Wish.PAUSE)
    after = actor.show(UP, 0.2).snapshot.state.held_s
    assert held < after < held + 0.5
    assert kept.times == sorted(set(kept.times))  # the practice's clock stood still
    assert kept.times[-1] < actor.time_s - 19


def test_a_camera_that_stops_for_five_seconds_stops_the_clock() -> None:
    actor = Actor(Practice([Part(plan(hold=4.0))], "camera"))
    working(actor)
    held = actor.show(UP, 2.0).snapshot.state.held_s
    actor.time_s += 5.0
    after = actor.show(UP, 0.2).snapshot.state.held_s
    assert held < after < held + 0.5


def test_next_repeat_and_stop_at_any_time() -> None:
    parts = [Part(plan("first"), 5.0), Part(plan("second"), 5.0), Part(plan("third"))]
    actor = Actor(Practice(parts, "camera"))
    actor.show(DOWN, 0.5)
    actor.practice.ask(Wish.NEXT)  # in the set-up check: nothing was begun
    assert actor.practice.plan.exercise.id == "second"
    working(actor)
    actor.show(UP, 2.5)
    actor.practice.ask(Wish.REPEAT)
    assert actor.practice.stage is Stage.SETUP
    working(actor)
    one_repetition(actor)
    actor.until(DOWN, lambda moment: moment.stage is Stage.REST)
    actor.practice.ask(Wish.NEXT)
    assert actor.practice.plan.exercise.id == "third"
    actor.show(DOWN, 0.5)
    actor.practice.ask(Wish.STOP)
    assert actor.practice.over
    results = actor.practice.finish()
    assert [each.exercise for each in results] == ["second", "second"]
    assert [each.repetitions["both"] for each in results] == [0, 1]


@pytest.mark.parametrize("wish", [Wish.PAUSE, Wish.GO_ON])
def test_the_set_up_check_can_be_skipped(wish: Wish) -> None:
    actor = Actor(Practice([Part(plan())], "camera"))
    assert actor.show(NOBODY, 1.0).stage is Stage.SETUP
    actor.practice.ask(wish)
    assert actor.show(NOBODY, 0.2).stage is Stage.WORK
    assert not actor.practice.paused


def test_a_raised_hand_skips_the_set_up_check_and_ends_a_rest() -> None:
    parts = [Part(plan("first"), rest_s=60.0), Part(plan("second"))]
    actor = Actor(Practice(parts, "camera"))
    actor.until(RAISED, lambda moment: moment.stage is Stage.WORK, 2.0)
    actor.show(DOWN, 3.5)
    one_repetition(actor)
    actor.until(DOWN, lambda moment: moment.stage is Stage.REST)
    actor.until(RAISED, lambda moment: moment.stage is Stage.SETUP, 3.0)


def test_a_rest_can_be_paused() -> None:
    parts = [Part(plan("first"), rest_s=5.0), Part(plan("second"))]
    actor = Actor(Practice(parts, "camera"))
    working(actor)
    one_repetition(actor)
    actor.until(DOWN, lambda moment: moment.stage is Stage.REST)
    actor.practice.ask(Wish.PAUSE)
    assert actor.show(DOWN, 20.0).practice.paused
    actor.practice.ask(Wish.PAUSE)
    assert actor.show(DOWN, 1.0).stage is Stage.REST


def test_stopped_before_anything_was_seen_there_is_an_empty_result() -> None:
    (result,) = Practice([Part(plan())], "camera").finish()
    assert result.frames == 0
    assert result.accuracy is None


# -- where nothing comes about ------------------------------------------------------------------

AWAY = UP  # arms overhead: neither the start pose nor on a way from it


def begun_wrongly(*parts: Part) -> Actor:
    """Somebody who has gone on without the set-up check and does not take the start pose."""
    actor = Actor(Practice(parts, "camera", setup=False))
    actor.show(AWAY, 1.0)
    return actor


def test_who_gets_nowhere_is_told_what_is_wrong_and_may_skip() -> None:
    actor = begun_wrongly(Part(plan("first")), Part(plan("second")))
    told = actor.until(shifted(AWAY, 300), lambda moment: moment.practice.setup, 20.0)
    assert told.practice.setup is not None
    assert "can't see your" in told.practice.setup.wrong
    offer = actor.until(AWAY, lambda moment: moment.practice.remark, 40.0)
    assert actor.time_s == pytest.approx(OFFER_S + 1, abs=2)
    assert offer.practice.remark == "Shall we skip this one? Press n."  # arms go up in this one
    actor.practice.ask(Wish.NEXT)
    assert actor.practice.plan.exercise.id == "second"


def test_an_exercise_nobody_begins_is_passed_over_and_nothing_is_lost() -> None:
    actor = begun_wrongly(Part(plan("first")), Part(plan("second")))
    actor.until(AWAY, lambda _: actor.practice.plan.exercise.id == "second", ON_S + 5)
    assert actor.time_s > ON_S
    actor.until(DOWN, lambda moment: moment.snapshot.state.phase is Phase.READY)
    one_repetition(actor)
    first, second = actor.practice.finish()
    assert "Passed over" in first.notes[0]
    assert second.repetitions["both"] == 1


def test_the_last_exercise_waits_and_so_does_an_empty_room() -> None:
    actor = begun_wrongly(Part(plan()))
    actor.show(AWAY, ON_S + 20)
    assert actor.practice.stage is Stage.WORK
    empty = begun_wrongly(Part(plan("first")), Part(plan("second")))
    assert not empty.show(NOBODY, ON_S + 20).practice.remark
    assert empty.practice.plan.exercise.id == "first"


def test_who_rests_between_repetitions_is_left_alone() -> None:
    actor = Actor(Practice([Part(plan(repetitions=3)), Part(plan("second"))], "camera"))
    working(actor)
    one_repetition(actor)
    assert not actor.show(DOWN, ON_S + 20).practice.remark
    assert actor.practice.plan.exercise.id == "arms-up"


def test_a_lens_that_is_covered_half_way_is_told() -> None:
    actor = Actor(Practice([Part(plan(hold=4.0))], "camera"))
    working(actor)
    actor.show(UP, 2.0)
    told = actor.until(NOBODY, lambda moment: moment.practice.setup, 5.0, BLACK)
    assert told.practice.setup is not None
    assert "The picture is black" in told.practice.setup.wrong
    assert actor.show(UP, 0.2).practice.setup is None


def test_a_raised_hand_skips_what_was_offered_where_it_is_no_part_of_it() -> None:
    lean = standard_library().find("cat-cow")
    assert not lifts_arms(lean)
    assert lifts_arms(standard_library().find("wall-stretch"))
    parts = [Part(make_plan(lean)), Part(plan("second"))]
    actor = Actor(Practice(parts, "camera", setup=False))
    actor.until(DOWN, lambda moment: moment.practice.remark, OFFER_S + 5)
    assert actor.moments[-1].practice.remark.endswith("Press n, or raise a hand.")
    actor.until(RAISED, lambda _: actor.practice.plan.exercise.id == "second", 3.0)


def test_a_practice_needs_an_exercise() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Practice([], "camera")
