"""When a new calibration is proposed: on what grounds, to whom, how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.cli import cli
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import Plan, make_plan
from posecoach.practice.closing_word import ClosingWord
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.moment import Stage
from posecoach.practice.practice import Part, Practice
from posecoach.practice.wish import Wish
from posecoach.profile.files import Profiles
from posecoach.profile.format import as_text, from_text
from posecoach.profile.motion import Motion
from posecoach.profile.person import Calibration, Profile, Range, Told
from posecoach.profile.proposal import MOST_TOLD, SESSIONS, Outcome, due, propose
from posecoach.report.gather import gather
from posecoach.report.page import report_page
from posecoach.report.tables import report_json
from posecoach.screen.scene import scene
from posecoach.session.session import Session
from posecoach.store.outcomes import outcomes
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from posecoach.voice.script import Script, Utterance
from tests.helpers.practising import DOWN, FPS, UP, Actor, plan
from tests.helpers.store_sessions import coach, plan_of, poses

LEFT, RIGHT = Motion("trunk_turn", "left"), Motion("trunk_turn", "right")
WORD = "A new calibration would fit you."
DAY = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def calibrated(deg: float, at: datetime = DAY, error: float = 1.0) -> Calibration:
    """A calibration that found so much to either side."""
    ranges = tuple(Range(motion, (deg,) * 3, error) for motion in (LEFT, RIGHT))
    return Calibration(at, "live", "camera", "wall-stretch", ranges)


def person(deg: float, *, error: float = 1.0) -> Profile:
    return Profile("Anna").with_calibration(calibrated(deg, error=error))


def went(days: range, *, held: int = 3, motion: Motion = LEFT) -> list[Outcome]:
    """Sessions in which somebody with a range of 10 degrees went to 20, easily."""
    return [Outcome(DAY + timedelta(days=day), motion, 8.0, 20.0, 3, 3, held=held) for day in days]


# -- on what grounds -----------------------------------------------------------------------------


def test_one_lucky_hold_a_session_is_no_ground() -> None:
    assert propose(person(10.0), went(range(1, 10), held=1)) is None
    assert propose(person(10.0), went(range(1, 4), held=2)) is not None


def test_several_exercises_of_one_session_are_one_session() -> None:
    twice = [*went(range(1, 3)), *went(range(1, 3))]
    assert propose(person(10.0), twice) is None
    assert propose(person(10.0), [*twice, *went(range(3, 4))]) is not None


# -- how often -----------------------------------------------------------------------------------


def test_it_is_told_twice_at_most_and_only_on_new_grounds() -> None:
    profile, told = person(10.0), []
    for day in range(1, 30):
        recent = went(range(1, day + 1))
        found = due(profile, recent)
        assert propose(profile, recent) is None or day >= SESSIONS  # it stands all the while
        if found is not None:
            told.append(day)
            profile = profile.with_told(Told(DAY + timedelta(days=day, hours=1), found.motion))
    assert told == [SESSIONS, 2 * SESSIONS]
    assert len(told) == MOST_TOLD
    assert propose(profile, went(range(1, 30))) is not None


def test_a_new_calibration_ends_it_and_begins_anew() -> None:
    profile = person(10.0).with_told(Told(DAY + timedelta(days=4), LEFT))
    profile = profile.with_calibration(calibrated(20.0, DAY + timedelta(days=5)))
    assert profile.told == ()
    assert propose(profile, went(range(1, 5))) is None
    assert propose(profile, went(range(1, 15))) is None  # now they do what they can


def test_what_was_told_is_kept_with_the_profile() -> None:
    profile = person(10.0).with_told(Told(DAY + timedelta(days=4), LEFT))
    assert from_text(as_text(profile)) == profile
    assert "side" not in as_text(profile).split('"calibrations"')[0]


# -- from the sessions that are kept ---------------------------------------------------------------


def tired() -> Plan:
    """The wall stretch for somebody of whom a calibration found 75 degrees."""
    ranges = tuple((name, sign, deg) for (name, sign), deg in person(75.0).scale().items())
    return plan_of(ranges=ranges)


@pytest.fixture(scope="module")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wall stretch three times, by somebody whose calibration found 75 degrees: too much."""
    folder = tmp_path_factory.mktemp("practised")
    Profiles(folder).save(person(75.0))
    plan = tired()
    for day in range(1, 1 + SESSIONS):
        keep(folder, plan, "anna", DAY + timedelta(days=day))
    return folder


def keep(folder: Path, plan: Plan, who: str, started: datetime) -> None:
    recorder = Recorder(folder, source="clip", live=False, profile=who, started=started)
    session = Session(plan, "clip")
    recorder.begin(plan)
    for snapshot in coach(session, poses()):
        recorder.hear(snapshot)
    recorder.end(session.finish(), session.ending)
    recorder.close()


def test_what_a_session_came_to_is_read_from_its_angles(practised: Path) -> None:
    with Store.open(practised) as store:
        found = outcomes(store, Profiles(practised).load("Anna"))
        early = outcomes(
            store, Profiles(practised).load("Anna"), until=DAY + timedelta(days=1, hours=1)
        )
    assert {each.motion for each in found} == {LEFT, RIGHT}
    assert len({each.at for each in found}) == SESSIONS
    assert {each.at for each in early} == {DAY + timedelta(days=1)}
    for each in found:
        assert each.attempts > 0
        assert each.held <= each.attempts
        assert 15.0 < each.reached_deg < each.target_deg == tired().scaled[0][2].low
    with Store.open(practised) as store:
        assert outcomes(store, replace(Profiles(practised).load("Anna"), name="Ben")) == []


def test_end_profile_and_report_propose_and_the_end_does_so_once(practised: Path) -> None:
    closing_word = ClosingWord(practised, "Anna", [plan_of()], kept=lambda: True)
    unkept = ClosingWord(practised, "Anna", [plan_of()], kept=lambda: False)
    assert unkept.word() is None
    word = closing_word.word()
    assert word is not None
    assert "posecoach calibrate wall-stretch --profile Anna" in word.text
    assert closing_word.brief() == word.brief
    assert len(word.brief) < 80
    assert {each.motion for each in Profiles(practised).load("Anna").told} == {LEFT, RIGHT}
    assert ClosingWord(practised, "Anna", [plan_of()], kept=lambda: True).word() is None

    shown = CliRunner().invoke(cli, ["profiles", "show", "anna", "--data-dir", str(practised)])
    assert "calibrate wall-stretch --profile Anna" in shown.output
    with Store.open(practised) as store:
        facts, first = gather(store, "last"), gather(store, "1")
    assert "calibrate wall-stretch --profile Anna" in facts.proposal
    assert first.proposal == ""  # then there were no grounds yet
    page, value = report_page(facts), report_json(facts)
    assert facts.proposal in page
    assert value["proposal"] == facts.proposal
    goal = tired().scaled[0][2]
    for each in value["exercises"][0]["range"]:
        assert (each["asked"], each["own"]) == (goal.low, 75.0)
        assert each["textbook"] == goal.textbook < goal.low
    assert f"of your 75°; asked for {goal.low:.0f}°; textbook {goal.textbook:.0f}°." in page


# -- somebody new --------------------------------------------------------------------------------


def test_somebody_new_is_told_of_calibrations_once(tmp_path: Path) -> None:
    def word(*plans: Plan) -> str:
        found = ClosingWord(tmp_path, "Ben", plans, kept=lambda: True).word()
        return "" if found is None else found.text

    resting = make_plan(standard_library([]).find("childs-pose"))
    assert word(resting) == ""  # nothing of it depends on a range
    first = ClosingWord(tmp_path, "Ben", [plan_of()], kept=lambda: True)
    keep(tmp_path, plan_of(), "Ben", datetime.now().astimezone())
    found = first.word()
    assert found is not None
    assert "posecoach calibrate wall-stretch --profile Ben" in found.text
    assert word(plan_of()) == ""
    assert ClosingWord(tmp_path, "", [plan_of()], kept=lambda: True).word() is None


# -- on screen and by voice ------------------------------------------------------------------------


def finished(closing_word: Callable[[], str] | None) -> Actor:
    """Somebody who has just done all."""
    actor = Actor(KeptPractice(Practice([Part(plan())], "camera"), closing_word=closing_word))
    actor.until(DOWN, lambda moment: moment.stage is Stage.WORK)
    actor.show(DOWN, 3.5)
    actor.show(UP, 2.5)
    actor.until(DOWN, lambda moment: moment.stage is Stage.DONE)
    actor.moments.clear()
    return actor


def test_the_word_stands_on_the_last_screen_and_is_said() -> None:
    asked: list[int] = []

    def closing_word() -> str:
        asked.append(1)
        return WORD

    actor = finished(closing_word)
    actor.until(DOWN, lambda moment: actor.practice.over)
    assert asked == [1]
    shown = [scene(each.snapshot, each.practice) for each in actor.moments]
    assert sum(WORD in (each.sentence, each.next) for each in shown) > 4 * FPS
    script, said = Script(), []
    for each in actor.moments:
        said += script.update(each.snapshot, each.practice)
    assert [each.text for each in said if isinstance(each, Utterance)].count(WORD) == 1


def test_without_a_word_the_end_is_as_short_as_ever() -> None:
    ends = []
    for closing_word in (None, lambda: "", lambda: WORD):
        actor = finished(closing_word)
        actor.until(DOWN, lambda moment, actor=actor: actor.practice.over)
        ends.append(len(actor.moments))
    assert ends[0] == ends[1] < ends[2]


def test_who_stops_early_is_not_held_up() -> None:
    actor = finished(lambda: WORD)
    actor.show(DOWN, 1.5)
    actor.practice.ask(Wish.STOP)
    assert actor.practice.over
