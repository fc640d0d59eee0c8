"""From the first glance at the camera to the last repetition: which stage, when to go on.

Pure, as the coach is: frames with their poses and the person's wishes go in, moments to
show and say come out; no camera, no clock, no window. Stages of each exercise::

    SETUP ─► WORK ─► DONE ─► REST ─► SETUP of the next ... ─► OVER

``guided`` is for a person before a camera. A recording is coached from its first frame to
its last: nobody is there who could be told to step back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

import numpy as np

from posecoach.coach.events import Event
from posecoach.coach.state import CoachState, Phase
from posecoach.observe.precision import kept_pose
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.practice.gestures import Sign, forearms_crossed, hand_raised
from posecoach.practice.setup_check import DARK, Glimpse, SetupCheck, brightness
from posecoach.practice.stuck import ON_S, Stuck, lifts_arms
from posecoach.practice.wish import Wish
from posecoach.session.practice_state import LAST_SECONDS, PracticeState
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

COUNTDOWN_S = float(LAST_SECONDS)
"""From the start pose to the word to begin."""

DEPARTED_S = 0.6
"""The start pose may be lost for less without the countdown beginning anew."""

DONE_S = 2.5
"""How long "well done" stands before it goes on, ..."""

LAST_DONE_S = 5.0
"""... and at the very end, where the window closes after it."""

CLOSING_WORD_AFTER_S = 1.0
"""When a word at the end comes: after "well done", and when all is kept that it rests on."""

CLOSING_WORD_S = 7.0
"""How long a word at the end stands: about twice what it takes to be said."""

GAP_S = 1.0
"""Where no frame came for so long, the practice stood still: nobody knows what was done, so
the time is neither held nor lost."""

STEP_S = 1 / 30
"""What a gap counts as."""


class Stage(Enum):
    """Where in the practice."""

    SETUP = "setup"
    WORK = "work"
    DONE = "done"
    REST = "rest"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Part:
    """One exercise of a practice.

    Attributes:
        plan: the exercise as prescribed.
        rest_s: seconds of rest after it, where another follows.
    """

    plan: Plan
    rest_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What to show and say now.

    Attributes:
        coached: whether the coach has seen this frame; only then it belongs to the session.
    """

    snapshot: Snapshot
    practice: PracticeState
    stage: Stage
    coached: bool


class Keeper(Protocol):
    """Keeps what happens; ``store.Recorder`` is one."""

    def begin(self, plan: Plan) -> None:
        """An exercise begins."""

    def hear(self, snapshot: Snapshot) -> None:
        """A coached moment of it."""

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        """The exercise is over; ``last`` are events no snapshot carried."""


class Practice:
    """One or several exercises, one after the other.

    Args:
        parts: the exercises; at least one.
        source_name: for the results.
        mirror: whether a display should show the picture mirrored.
        guided: whether a person is there to be led: set-up check, countdown, rests and signs.
        setup: whether to check the set-up (guided only).
        keeper: is told of every exercise and coached moment.
        closing_word: gives a word for the end, when all is done (guided only); "" for none.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        source_name: str,
        *,
        mirror: bool = False,
        guided: bool = True,
        setup: bool = True,
        keeper: Keeper | None = None,
        closing_word: Callable[[], str] | None = None,
    ) -> None:
        if not parts:
            raise ValueError("a practice needs at least one exercise")
        self._parts = tuple(parts)
        self._source_name, self._mirror = source_name, mirror
        self._guided, self._setup = guided, guided and setup
        self._keeper = keeper
        self._closing_word = closing_word
        self._last_word: str | None = None
        self.results: list[Result] = []
        self.paused = False
        self._stood_s = 0.0
        self._frame_s: float | None = None
        self._now_s = 0.0
        self._crossed, self._raised = Sign(forearms_crossed), Sign(hand_raised)
        self._last: Moment | None = None
        self._index = 0
        self._begin_part()

    # -- what is so ------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """Of the exercise that is on."""
        return self._parts[self._index].plan

    @property
    def stage(self) -> Stage:
        """Where in the exercise."""
        return self._stage

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return self._stage is Stage.OVER

    @property
    def last(self) -> Moment | None:
        """The last moment handed over."""
        return self._last

    # -- what comes in -----------------------------------------------------------------------

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""
        time_s = self._tick(frame.time_s)
        if self._guided:
            self._look_for_signs(frame.time_s, pose)
        frame = replace(frame, time_s=time_s)
        pose = kept_pose(replace(pose, time_s=np.asarray(time_s)))
        if self.paused and self._last is not None:
            return self._hand_over(self._shown(frame, pose), PracticeState(paused="Paused"))
        stages = {
            Stage.SETUP: self._see_setup,
            Stage.WORK: self._see_work,
            Stage.DONE: self._see_done,
            Stage.REST: self._see_rest,
            Stage.OVER: self._see_over,
        }
        return stages[self._stage](frame, pose)

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for, by a key or a sign."""
        if self.over:
            return
        was_paused, self.paused = self.paused, False
        match wish:
            case Wish.PAUSE if was_paused:
                pass
            case Wish.PAUSE if self._stage is Stage.SETUP:
                self._begin_work()
            case Wish.PAUSE:
                self.paused = True
            case Wish.GO_ON:
                self._go_on(was_paused)
            case Wish.NEXT:
                self._next()
            case Wish.REPEAT:
                self._end_part()
                self._begin_part()
            case Wish.SIDE:
                self._session.other_side()
            case Wish.STOP:
                self.finish()

    def finish(self) -> list[Result]:
        """Close what is open; the results are final."""
        self._end_part()
        self._stage = Stage.OVER
        if not self.results:  # nothing was begun; that is a result too
            self.results.append(self._session.finish())
        return self.results

    # -- time --------------------------------------------------------------------------------

    def _tick(self, frame_s: float) -> float:
        """The practice's time: a recording's own, a camera's less all standing still."""
        before, self._frame_s = self._frame_s, frame_s
        if self._guided and before is not None:
            step = frame_s - before
            if self.paused:
                self._stood_s += step
            elif step > GAP_S:
                self._stood_s += step - STEP_S
        self._now_s = frame_s - self._stood_s
        return self._now_s

    def _look_for_signs(self, frame_s: float, pose: Pose) -> None:
        crossed = self._crossed.update(frame_s, pose)
        raised = self._raised.update(frame_s, pose)
        coaching = self._stage is Stage.WORK and not self.paused
        if crossed and coaching:
            self.ask(Wish.PAUSE)
        elif raised and coaching and self._stuck.offered and self._by_hand:
            self.ask(Wish.NEXT)
        elif (crossed or raised) and not coaching:
            self.ask(Wish.GO_ON)

    # -- from part to part -------------------------------------------------------------------

    def _begin_part(self) -> None:
        self._session = Session(self.plan, self._source_name, mirror=self._mirror)
        self._check = SetupCheck(self.plan)
        self._stuck = Stuck()
        self._by_hand = not lifts_arms(self.plan.exercise)
        self._kept = False
        self._count_s: float | None = None
        self._counted = not self._guided
        self._start_seen_s = -float("inf")
        self._since_s = self._now_s
        self._stage = Stage.SETUP
        if not self._setup:
            self._begin_work()

    def _begin_work(self) -> None:
        self._stage = Stage.WORK
        if self._keeper is not None:
            self._keeper.begin(self.plan)
        self._kept = True

    def _end_part(self) -> None:
        """The results of what was begun are kept, whatever came of it."""
        if not self._kept:
            return
        self._kept = False
        result = self._session.finish()
        self.results.append(result)
        if self._keeper is not None:
            self._keeper.end(result, self._session.ending)

    def _next(self) -> None:
        self._end_part()
        if self._index + 1 < len(self._parts):
            self._index += 1
            self._begin_part()
        else:
            self._stage = Stage.OVER

    def _go_on(self, was_paused: bool) -> None:
        if was_paused:
            return
        if self._stage is Stage.SETUP:
            self._begin_work()
        elif self._stage in (Stage.DONE, Stage.REST):
            self._next()

    # -- the stages --------------------------------------------------------------------------

    def _see_setup(self, frame: Frame, pose: Pose) -> Moment:
        seen = self._session.observer.observe(pose)
        light = brightness(frame.image)
        check = self._check.update(frame.time_s, Glimpse(pose, seen.view, light, seen.values))
        if self._check.passed:
            self._begin_work()
        snapshot = Snapshot(
            frame=frame,
            pose=pose,
            view=seen.view,
            readings=seen.readings,
            state=waiting(self.plan, frame.time_s),
            events=(),
            exercise=self.plan.exercise,
            mirror=self._mirror,
            outlines=seen.outlines,
        )
        return self._hand_over(snapshot, PracticeState(setup=check, next=self._next_words()))

    def _see_work(self, frame: Frame, pose: Pose) -> Moment:
        snapshot = self._session.see(frame, pose)
        if self._keeper is not None:
            self._keeper.hear(snapshot)
        practice = PracticeState(next=self._next_words(), countdown_s=self._countdown(snapshot))
        if practice.countdown_s is not None:
            # The word to begin comes when the countdown is over.
            ready = replace(snapshot.state, say="Get ready")
            return self._hand_over(replace(snapshot, state=ready), practice, coached=True)
        if self._guided:
            practice = self._unstuck(snapshot, practice)
        moment = self._hand_over(snapshot, practice, coached=True)
        if snapshot.state.phase is Phase.DONE:
            self._done()
        elif self._stuck.long and not self._begun and self._index + 1 < len(self._parts):
            words = f"Passed over: it was not begun within {ON_S:.0f} seconds."
            self._session.result.notes.append(words)
            self._next()
        return moment

    def _unstuck(self, snapshot: Snapshot, practice: PracticeState) -> PracticeState:
        """Say what is wrong with the set-up, and offer to skip, where nothing comes about."""
        stuck, state = self._stuck, snapshot.state
        stuck.update(state.time_s, state.phase, seen=bool(snapshot.pose.seen))
        if stuck.offering:
            hand = ", or raise a hand" if self._by_hand else ""
            return replace(practice, remark=f"Shall we skip this one? Press n{hand}.")
        light = brightness(snapshot.frame.image)
        unlit = not snapshot.pose.seen and light < DARK[0]  # no reason to come nearer then
        if unlit or (stuck.wrong and not self._begun):
            values = {name: float(each.value) for name, each in snapshot.readings.items()}
            glimpse = Glimpse(snapshot.pose, snapshot.view, light, values)
            check = self._check.update(state.time_s, glimpse)
            if check.wrong:
                return replace(practice, setup=replace(check, fraction=0.0))
        return practice

    @property
    def _begun(self) -> bool:
        """Whether the exercise was tried at all."""
        return any(self._session.result.attempts.values())

    def _done(self) -> None:
        """A guided practice goes on by itself; a recording may show more than was asked for."""
        if self._guided:
            self._end_part()
            self._stage, self._since_s = Stage.DONE, self._now_s
        elif self._index + 1 < len(self._parts):
            self._next()

    def _see_done(self, frame: Frame, pose: Pose) -> Moment:
        stood, last = frame.time_s - self._since_s, self._index + 1 == len(self._parts)
        word = self._word_at_the_end(stood) if last else ""
        if stood >= (CLOSING_WORD_S if word else LAST_DONE_S if last else DONE_S):
            if last:
                self._stage = Stage.OVER
            elif self._parts[self._index].rest_s > 0:
                self._stage, self._since_s = Stage.REST, frame.time_s
            else:
                self._next()
        practice = PracticeState(next=self._next_words(), remark=word)
        return self._hand_over(self._shown(frame, pose), practice)

    def _word_at_the_end(self, stood_s: float) -> str:
        if (
            self._last_word is None
            and self._closing_word is not None
            and stood_s >= CLOSING_WORD_AFTER_S
        ):
            self._last_word = self._closing_word()
        return self._last_word or ""

    def _see_rest(self, frame: Frame, pose: Pose) -> Moment:
        whole = self._parts[self._index].rest_s
        remaining = whole - (frame.time_s - self._since_s)
        practice = PracticeState(
            rest_s=(max(0.0, remaining), whole), next=self._next_words(camera=True)
        )
        moment = self._hand_over(self._shown(frame, pose), practice)
        if remaining <= 0:
            self._next()
        return moment

    def _see_over(self, frame: Frame, pose: Pose) -> Moment:
        return self._hand_over(self._shown(frame, pose), PracticeState())

    # -- what goes out -----------------------------------------------------------------------

    def _countdown(self, snapshot: Snapshot) -> float | None:
        """Seconds left of the countdown; None where there is none.

        The coach watches all the while: who begins before the end has begun.
        """
        if self._counted:
            return None
        now, phase = snapshot.state.time_s, snapshot.state.phase
        if phase in (Phase.MOVING, Phase.HOLDING, Phase.RETURNING, Phase.DONE):
            self._counted = True
            return None
        if snapshot.resting or phase is Phase.READY:
            self._start_seen_s = now
            if self._count_s is None:
                self._count_s = now
        elif now - self._start_seen_s > DEPARTED_S:
            self._count_s = None
        if self._count_s is None:
            return None
        remaining = COUNTDOWN_S - (now - self._count_s)
        self._counted = remaining <= 0
        return None if self._counted else remaining

    def _next_words(self, *, camera: bool = False) -> str:
        """The exercise that follows, and where the camera must go for it."""
        if self._index + 1 == len(self._parts):
            return ""
        now, following = self.plan.exercise, self._parts[self._index + 1].plan.exercise
        if camera and not set(now.view) & set(following.view):
            place = following.camera.split(";")[0].rstrip(".")  # the rest gives the reason
            return f"{following.name}. {place}"
        return following.name

    def _shown(self, frame: Frame, pose: Pose) -> Snapshot:
        """The last snapshot with the picture of now, for stages in which nothing is coached."""
        assert self._last is not None
        last = self._last.snapshot
        state = replace(last.state, time_s=frame.time_s)
        return replace(last, frame=frame, pose=pose, state=state, events=(), resting=False)

    def _hand_over(
        self, snapshot: Snapshot, practice: PracticeState, *, coached: bool = False
    ) -> Moment:
        self._last = Moment(snapshot, practice, self._stage, coached)
        return self._last


def waiting(plan: Plan, time_s: float) -> CoachState:
    """What is shown before the coach has seen anything."""
    side = plan.sides[0]
    return CoachState(
        time_s=time_s,
        phase=Phase.WAITING,
        side=side.side,
        step=plan.exercise.steps[0].id,
        say=side.start_say,
        targets=(),
        held_s=0.0,
        hold_s=0.0,
        repetitions={"left": 0, "right": 0, "both": 0},
        attempts={"left": 0, "right": 0, "both": 0},
        prescribed={each.side: plan.repetitions for each in plan.sides},
        cue=None,
        unseen="",
    )
