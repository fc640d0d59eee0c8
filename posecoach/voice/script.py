"""What is said, and when: from the coach's events and state to sentences and tones.

Pure: time comes from the snapshots, nothing is played here. A person with the face to the
floor hears all they need: the step, one correction at a time, the last three seconds, that
a pose was reached, held or lost, and what comes next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import ceil
from typing import Literal

from posecoach.coach.events import (
    AttemptEnded,
    Completed,
    CueGiven,
    Event,
    HoldBroken,
    HoldCompleted,
    Praised,
    StepReached,
    Unseen,
)
from posecoach.coach.state import CoachState, Phase
from posecoach.exercise.definition import Exercise
from posecoach.session.practice_state import LAST_SECONDS, PracticeState
from posecoach.session.snapshot import Snapshot
from posecoach.session.steady import Steady

Tone = Literal["reached", "held", "lost", "done"]


class Rank(IntEnum):
    """How much a sentence matters; of two waiting ones the higher is kept."""

    PRAISE = 0
    STEP = 1
    CUE = 2
    COUNT = 3
    SAFETY = 4


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence to say.

    Attributes:
        text: what to say.
        rank: see ``Rank``.
        waits_s: seconds it may wait for its turn; later it is outdated and dropped.
    """

    text: str
    rank: Rank
    waits_s: float


@dataclass(frozen=True, slots=True)
class Sound:
    """A short tone to play at once."""

    tone: Tone


@dataclass(frozen=True, slots=True)
class Outdated:
    """Another side or stage has begun: a correction that still waits is of the one before.

    Attributes:
        but: unless it has these words, which hold now, too.
    """

    but: str


Item = Utterance | Sound | Outdated

WAITS_S = {
    Rank.PRAISE: 1.5,
    Rank.STEP: 4.0,
    Rank.CUE: 2.0,
    Rank.COUNT: 0.35,  # a number said later than this is not the number any more
    Rank.SAFETY: 3.0,
}

NUMBERS = {1: "one", 2: "two", 3: "three"}

AGAIN_S, AGAIN_MOST_S = 6.0, 60.0
"""A set-up correction that still holds is said again after this long, then after twice as long
each time, up to the second: who has gone for tea need not be called the whole while."""


class Script:
    """Turns snapshots into what to say, one session long.

    Each step is spelled out the first time; after that its short name is enough, since the
    person knows it by then.
    """

    def __init__(self) -> None:
        self._exercise = ""
        self._around = PracticeState()
        self._said_s = -float("inf")  # of the last set-up correction
        self._again_s = AGAIN_S
        self._begin("")

    def _begin(self, exercise: str) -> None:
        self._exercise = exercise
        self._step: Steady[str] = Steady(0.0, 0.3)  # a step that comes for a frame is not told
        self._step.update("", -float("inf"))
        self._told = ""
        self._known: set[str] = set()
        self._counted = 0
        self._stage: tuple[object, ...] = ()

    def update(self, snapshot: Snapshot, practice: PracticeState | None = None) -> tuple[Item, ...]:
        """What to say and play with this snapshot, in order."""
        practice = practice or PracticeState()
        if snapshot.exercise.id != self._exercise:
            self._begin(snapshot.exercise.id)
        items = [*self._turned(snapshot.state)]
        items += self._surroundings(snapshot.state.time_s, practice)
        before, self._around = self._around, practice
        if practice.paused or practice.rest_s is not None or practice.setup is not None:
            if practice.rest_s is not None:
                left = practice.rest_s[0]
                old = None if before.rest_s is None else before.rest_s[0]
                items += _count(left, old)
            return tuple(items)
        if practice.countdown_s is not None:
            items += _count(practice.countdown_s, before.countdown_s)
        items += self._happened(snapshot.events, snapshot.state)
        items += self._stepped(snapshot.state, snapshot.exercise)
        items += self._held(snapshot.state)
        return tuple(items)

    def _turned(self, state: CoachState) -> Iterable[Item]:
        stage = state.side, state.phase, state.step
        before, self._stage = self._stage, stage
        if before and stage != before:
            yield Outdated(state.unseen if state.cue is None else state.cue.text)

    def _surroundings(self, time_s: float, practice: PracticeState) -> Iterable[Item]:
        before = self._around
        if practice.notice and practice.notice != before.notice:
            yield _utter(practice.notice, Rank.STEP)
        elif practice.paused and not before.paused:
            yield _utter("Paused", Rank.STEP)
        if practice.remark and practice.remark != before.remark:
            yield _utter(practice.remark, Rank.STEP)
        if before.paused and not practice.paused:
            yield _utter("Going on", Rank.STEP)
        if practice.rest_s is not None and before.rest_s is None:
            following = f" Next: {practice.next}." if practice.next else ""
            yield _utter(f"Rest.{following}", Rank.STEP)
        if practice.setup is not None:
            wrong = practice.setup.wrong
            new = before.setup is None or wrong != before.setup.wrong
            again = bool(wrong) and time_s - self._said_s >= self._again_s
            if new or again:
                self._again_s = AGAIN_S if new else min(2 * self._again_s, AGAIN_MOST_S)
                self._said_s = time_s
                yield _utter(wrong or "Good. Stay there", Rank.CUE)

    def _happened(self, events: tuple[Event, ...], state: CoachState) -> Iterable[Item]:
        praise = next((event.text for event in events if isinstance(event, Praised)), "")
        for event in events:
            match event:
                case StepReached():
                    yield Sound("reached")
                case HoldCompleted():
                    yield Sound("held")
                case HoldBroken():
                    yield Sound("lost")
                case CueGiven(cue=cue):
                    rank = Rank.SAFETY if cue.severity == "safety" else Rank.CUE
                    yield _utter(cue.text, rank)
                case Unseen(text=text):
                    yield _utter(text or "I can't see you", Rank.CUE)
                case AttemptEnded(completed=True):
                    yield _utter(_well_done(praise, event, state), Rank.PRAISE)
                    praise = ""
                case Completed():
                    yield Sound("done")
                    last = "" if self._around.next else " You have finished."
                    yield _utter(f"Well done.{last}", Rank.STEP)
                case _:
                    pass
        if praise:
            yield _utter(praise, Rank.PRAISE)

    def _stepped(self, state: CoachState, exercise: Exercise) -> Iterable[Item]:
        if state.phase in (Phase.UNSEEN, Phase.DONE):
            return
        words = "Come back to the start" if state.phase is Phase.RETURNING else state.say
        told = self._step.update(words, state.time_s)
        if told == self._told or told != words:
            return
        self._told = told
        if told not in self._known:
            self._known.add(told)
            yield _utter(told, Rank.STEP)
        elif len(exercise.steps) > 1 and state.phase in (Phase.READY, Phase.MOVING):
            yield _utter(state.step.replace("-", " ").capitalize(), Rank.STEP)

    def _held(self, state: CoachState) -> Iterable[Item]:
        """The last seconds of a hold, each once, as it begins."""
        if state.phase is not Phase.HOLDING or state.hold_s <= 0:
            self._counted = 0
            return
        left = ceil(state.hold_s - state.held_s - 1e-6)
        if 1 <= left <= LAST_SECONDS and left != self._counted and left < state.hold_s:
            self._counted = left
            yield _utter(NUMBERS[left], Rank.COUNT)


def _utter(text: str, rank: Rank) -> Utterance:
    return Utterance(text, rank, WAITS_S[rank])


def _count(left_s: float, before_s: float | None) -> list[Item]:
    left = ceil(left_s)
    if before_s is None or ceil(before_s) == left or not 1 <= left <= LAST_SECONDS:
        return []
    return [_utter(NUMBERS[left], Rank.COUNT)]


def _well_done(praise: str, event: AttemptEnded, state: CoachState) -> str:
    left = state.prescribed.get(event.side, 0) - state.repetitions.get(event.side, 0)
    start = f"{praise or 'Good'}."
    if left > 1:
        return f"{start} {left} more."
    if left == 1:
        return f"{start} One more."
    other = {"left": "right", "right": "left"}.get(event.side, "")
    if state.prescribed.get(other, 0) > state.repetitions.get(other, 0):
        return f"{start} Now the {other} side."
    return start
