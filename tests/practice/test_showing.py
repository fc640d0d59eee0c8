"""Showing a stretch before the camera: from the set-up to what is learnt, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from posecoach.errors import LearningError
from posecoach.learn import guide as words
from posecoach.learn.progress import Progress
from posecoach.pose.pose import Pose
from posecoach.practice import showing as room
from posecoach.practice.moment import Moment, Stage
from posecoach.practice.showing import ALONE, LEAPT, NOTHING, Showing
from posecoach.practice.wish import Wish
from posecoach.source.frame import Frame
from tests.helpers.practising import BLACK, CROSSED, DOWN, GREY, NOBODY, UP, shifted

FPS = 15
UP_S = 3.0


class Alone:
    """Says whether there are two people, and refuses where there were."""

    def __init__(self) -> None:
        self.now = self.two = False

    def look(self, frame: Frame) -> None:
        self.two = self.two or self.now

    def forget(self) -> None:
        self.two = False

    def refuse(self) -> None:
        if self.two:
            raise LearningError("Two people")


class AtOnce:
    """Does what is to be done aside in the moment in which it is asked for."""

    def begin(self, work: Callable[[], object]) -> Future[object]:
        found: Future[object] = Future()
        try:
            found.set_result(work())
        except LearningError as error:
            found.set_exception(error)
        return found

    def close(self) -> None: ...


class Before:
    """Somebody before the camera."""

    def __init__(self) -> None:
        self.alone = Alone()
        self.showing = Showing("arms-up", self.alone)
        self.time_s = 0.0
        self.moments: list[Moment] = []

    def be(self, pose: Pose, seconds: float, image: np.ndarray = GREY) -> Moment:
        for _ in range(round(seconds * FPS)):
            self.time_s += 1 / FPS
            now = replace(pose, time_s=np.asarray(self.time_s))
            self.moments.append(self.showing.see(Frame(image, self.time_s), now))
        return self.moments[-1]

    def go(self, start: Pose, end: Pose, seconds: float) -> None:
        count = round(seconds * FPS)
        for index in range(count):
            part = (index + 1) / count
            ways = {
                name: getattr(start, name) * (1 - part) + getattr(end, name) * part
                for name in ("image", "world")
            }
            self.be(replace(start, **ways), 1 / FPS)

    def begin(self) -> None:
        self.be(DOWN, 6.0)
        assert self.showing.last is not None
        assert self.said() == words.SAY_SHOW

    def raise_arms(self, times: int = 1) -> None:
        for _ in range(times):
            self.go(DOWN, UP, 1.5)
            self.be(UP, UP_S)
            self.go(UP, DOWN, 1.5)
            self.be(DOWN, 1.2)

    def said(self) -> str:
        return self.moments[-1].snapshot.state.say

    def stages(self) -> list[str]:
        found: list[str] = []
        for moment in self.moments:
            if not found or found[-1] != moment.stage.value:
                found.append(moment.stage.value)
        return found


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Before:
    """Whose demonstration is looked at at once, whatever the machine has else to do."""
    monkeypatch.setattr(room, "Aside", AtOnce)
    return Before()


def test_from_the_set_up_to_what_is_learnt(person: Before) -> None:
    person.begin()
    person.raise_arms(3)
    assert person.said() == words.SAY_ENOUGH
    person.be(DOWN, words.END_S + 0.2)
    learnt = person.showing.learnt()
    assert learnt.shown == learnt.counted == {"left": 0, "right": 0, "both": 3}
    assert learnt.exercise.steps[0].id == "both arms up"
    last = person.be(DOWN, 1.0)
    assert "3 repetitions seen" in last.practice.remark
    person.be(DOWN, 8.0)
    assert person.showing.over
    assert person.stages() == ["setup", "work", "done", "over"]


def test_nobody_there_is_waited_for(person: Before) -> None:
    last = person.be(NOBODY, 60.0)
    assert last.stage is Stage.SETUP
    assert last.practice.setup is not None
    assert "can't see you" in last.practice.setup.wrong
    with pytest.raises(LearningError, match="Nothing was shown"):
        person.showing.learnt()


def test_in_the_dark_nothing_begins(person: Before) -> None:
    last = person.be(DOWN, 10.0, image=BLACK)
    assert last.stage is Stage.SETUP
    assert last.practice.setup is not None
    assert "black" in last.practice.setup.wrong


def test_two_people_begin_nothing_and_are_told(person: Before) -> None:
    person.alone.now = True
    last = person.be(DOWN, 10.0)
    assert last.practice.setup is not None
    assert last.practice.setup.wrong == ALONE
    person.alone.now = False
    person.begin()
    person.alone.now = True
    person.raise_arms()
    assert person.moments[-1].practice.remark == ALONE
    person.showing.ask(Wish.STOP)
    with pytest.raises(LearningError, match="Two people"):
        person.showing.learnt()


def test_one_repetition_is_learnt_from_and_asked_about(person: Before) -> None:
    person.begin()
    person.raise_arms()
    person.be(DOWN, words.FEWER_S)
    learnt = person.showing.learnt()
    assert sum(learnt.shown.values()) == 1
    assert any("shown once" in each for each in learnt.questions)


def test_half_a_repetition_is_refused(person: Before) -> None:
    person.begin()
    person.go(DOWN, UP, 1.5)
    person.be(UP, UP_S)
    person.showing.ask(Wish.STOP)
    assert person.showing.over
    with pytest.raises(LearningError, match="no whole repetition"):
        person.showing.learnt()


def test_stopped_before_it_began_nothing_is_learnt(person: Before) -> None:
    person.be(DOWN, 1.0)
    person.showing.ask(Wish.STOP)
    with pytest.raises(LearningError) as told:
        person.showing.learnt()
    assert str(told.value) == NOTHING


def test_the_way_to_the_machine_is_not_learnt(person: Before) -> None:
    person.begin()
    person.raise_arms(2)
    person.go(DOWN, shifted(UP, 90, 60), 2.0)
    person.be(shifted(UP, 90, 60), 1.5)
    person.showing.ask(Wish.NEXT)
    learnt = person.showing.learnt()
    assert sum(learnt.shown.values()) == 2
    assert not learnt.exercise.steps[1:]


def test_after_a_pause_it_begins_anew(person: Before) -> None:
    person.begin()
    person.raise_arms()
    person.showing.ask(Wish.PAUSE)
    assert person.be(UP, 4.0).practice.paused
    person.showing.ask(Wish.PAUSE)
    person.begin()
    person.raise_arms(3)
    person.be(DOWN, words.END_S + 0.2)
    assert sum(person.showing.learnt().shown.values()) == 3


def test_a_sign_is_heard_before_it_begins_and_not_within(person: Before) -> None:
    person.be(CROSSED, 1.8)
    assert person.moments[-1].stage is Stage.WORK
    person.begin()
    last = person.be(CROSSED, 3.0)
    assert last.stage is Stage.WORK
    assert not last.practice.paused


def test_whoever_leaps_is_somebody_else(person: Before) -> None:
    person.begin()
    person.raise_arms()
    for _ in range(2):
        person.go(shifted(DOWN, 150), shifted(UP, 150), 1.5)
        person.be(shifted(UP, 150), UP_S)
        person.go(shifted(UP, 150), shifted(DOWN, 150), 1.5)
        person.be(shifted(DOWN, 150), 1.2)
    person.showing.ask(Wish.NEXT)
    with pytest.raises(LearningError) as told:
        person.showing.learnt()
    assert str(told.value) == LEAPT


def test_a_picture_that_shows_nothing_new_says_nothing(person: Before) -> None:
    person.begin()
    before = person.moments[-1]
    repeated = Frame(GREY, person.time_s + 0.05, repeated=True)
    after = person.showing.see(repeated, DOWN)
    assert after.snapshot.state == before.snapshot.state
    assert after.snapshot.events == ()


def test_while_it_is_looked_at_the_pictures_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking takes longer the longer it goes on; nobody is to be lost for that."""
    slow: list[Future[Progress]] = []

    class Later(AtOnce):
        def begin(self, work: Callable[[], object]) -> Future[object]:
            slow.append(Future())
            return slow[-1]  # type: ignore[return-value]

    monkeypatch.setattr(room, "Aside", Later)
    person = Before()
    person.begin()
    person.be(DOWN, 5.0)
    assert len(slow) == 1
    slow[0].set_result(Progress())
    person.be(DOWN, 1.0)
    assert len(slow) == 1  # and most of the time belongs to them
    person.be(DOWN, 12.0)
    assert len(slow) == 2
    assert person.said() == words.SAY_SHOW
