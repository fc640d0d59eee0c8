"""What is said to somebody who shows a stretch before the camera, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from posecoach.coach.events import AttemptEnded, CueGiven, Event, Seen, Unseen
from posecoach.coach.state import Phase
from posecoach.learn import guide as g
from posecoach.learn.guide import Guide
from posecoach.learn.progress import Progress
from posecoach.observe.stillness import STILL_S
from posecoach.plan.sides import Side

FPS = 15


@dataclass
class Person:
    """Somebody before the camera, and what is seen of them."""

    guide: Guide = field(default_factory=Guide)
    time_s: float = 0.0
    moved: bool = False
    done: dict[Side, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def be(self, seconds: float, *, still: bool, home: bool = True, seen: bool = True) -> None:
        """Be so for a while; where the guide wants to look, it sees what was done until then."""
        for _ in range(round(seconds * FPS)):
            self.time_s += 1 / FPS
            self.events += self.guide.update(self.time_s, seen=seen, still=still)
            if self.guide.wants_look(self.time_s):
                self.moved = self.moved or not home
                found = Progress(self.moved, bool(self.done) and home, dict(self.done))
                self.events += self.guide.look(self.time_s, found)
            state = self.guide.state(self.time_s)
            said = "done" if state.phase is Phase.DONE else state.unseen or state.say
            if not self.said or self.said[-1] != said:
                self.said.append(said)

    def begin(self) -> None:
        self.be(1.0, still=False)
        self.be(g.BEGIN_S + 0.2, still=True)

    def repeat(self, side: Side = "both", hold_s: float = 3.0) -> None:
        """Out, hold, back, and a breath; that a body is still is told a second later."""
        self.be(1.5 + STILL_S, still=False)
        self.be(hold_s, still=True, home=False)
        self.be(1.5 + STILL_S, still=False)
        self.done[side] = self.done.get(side, 0) + 1
        self.be(1.0, still=True)

    def cues(self) -> list[str]:
        return [event.cue.text for event in self.events if isinstance(event, CueGiven)]


@pytest.fixture
def person() -> Person:
    """Who has just kept still in the start pose."""
    person = Person()
    person.begin()
    assert person.guide.showing
    return person


def test_from_the_start_pose_over_three_times_to_standing_still(person: Person) -> None:
    for _ in range(3):
        person.repeat()
    assert not person.guide.done
    person.be(g.END_S, still=True)
    assert person.guide.done
    assert person.said == [g.SAY_BEGIN, g.SAY_STILL, g.SAY_SHOW, g.SAY_ENOUGH, "done"]
    assert sum(isinstance(event, AttemptEnded) for event in person.events) == 3


def test_a_hold_however_long_ends_nothing(person: Person) -> None:
    person.repeat(hold_s=30.0)
    person.be(2.0, still=False)
    person.be(g.AWAY_S + 1, still=True, home=False)
    assert not person.guide.done
    assert person.cues() == [g.SAY_BACK]


def test_after_one_side_the_other_is_asked_for_and_waited_for(person: Person) -> None:
    for _ in range(3):
        person.repeat("left")
    person.be(g.END_S + 2, still=True)
    assert not person.guide.done
    assert person.said[-1] == g.SAY_OTHER
    for _ in range(3):
        person.repeat("right")
    assert person.said[-1] == g.SAY_ENOUGH
    person.be(g.END_S, still=True)
    assert person.guide.done


def test_one_side_is_enough_for_who_keeps_still(person: Person) -> None:
    for _ in range(3):
        person.repeat("left")
    person.be(g.FEWER_S, still=True)
    assert person.guide.done


def test_after_fewer_more_is_asked_for_only_of_who_stays(person: Person) -> None:
    person.repeat()
    person.repeat()
    assert g.SAY_AGAIN not in person.said
    person.be(g.END_S, still=True)
    assert person.said[-1] == g.SAY_AGAIN
    person.be(g.FEWER_S - g.END_S, still=True)
    assert person.guide.done


def test_pictures_that_come_rarely_make_nobody_move(person: Person) -> None:
    """On a busy machine stillness cannot be told all the while; the session never ended."""
    for _ in range(3):
        person.repeat()
    for _ in range(2):
        person.be(0.4, still=True)
        person.be(g.LAPSE_S - 0.2, still=False)
    assert not person.guide.done
    person.be(0.2, still=True)
    assert person.guide.done


def test_who_moves_on_is_not_done(person: Person) -> None:
    for _ in range(3):
        person.repeat()
    person.be(g.END_S - 1.5, still=True)
    person.be(2.0, still=False)
    person.be(g.END_S - 1.0, still=True)
    assert not person.guide.done


def test_who_does_nothing_is_asked_again(person: Person) -> None:
    person.be(g.IDLE_S + 1, still=True)
    assert person.cues() == [g.SAY_SHOW]
    assert not person.guide.done


def test_who_leaves_begins_anew_and_is_told(person: Person) -> None:
    person.repeat()
    person.be(3.0, still=False, seen=False)
    assert person.said[-1] == g.UNSEEN
    assert not person.guide.showing
    person.done.clear()
    person.begin()
    assert person.guide.begun == 2
    assert [type(each) for each in person.events if isinstance(each, Seen | Unseen)] == [
        Unseen,
        Seen,
    ]
    assert person.cues() == [g.SAY_LOST, g.SAY_SHOW]
    assert person.guide.state(person.time_s).repetitions["both"] == 0


def test_who_leaves_when_all_is_shown_is_done(person: Person) -> None:
    for _ in range(3):
        person.repeat()
    person.be(3.0, still=False, seen=False)
    assert person.guide.done


def test_a_moment_unseen_is_forgiven(person: Person) -> None:
    person.repeat()
    person.be(g.LOST_S - 0.2, still=False, seen=False)
    person.repeat()
    assert person.guide.begun == 1


def test_an_empty_room_is_told_once_and_waited_in() -> None:
    person = Person()
    person.be(30.0, still=False, seen=False)
    assert person.said == [g.UNSEEN]
    assert sum(isinstance(event, Unseen) for event in person.events) == 1


def test_what_goes_on_for_ever_ends(person: Person) -> None:
    person.be(g.LONGEST_S + 1, still=False)
    assert person.guide.done
