"""From the first glance at the camera to the last repetition: which stage, when to go on.

Pure, as the coach is: frames with their poses and the person's wishes go in, moments to
show and say come out, each with what happened that is worth keeping; no camera, no clock, no
window, no database (``keeping.KeptPractice`` writes). Stages of each exercise::

    SETUP ─► WORK ─► DONE ─► REST ─► SETUP of the next ... ─► OVER

``guided`` is for a person before a camera. A recording is coached from its first frame to
its last: nobody is there who could be told to step back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posecoach.coach.state import CoachState, Phase
from posecoach.observe.precision import kept_pose
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.practice.clock import Clock
from posecoach.practice.countdown import Countdown
from posecoach.practice.gestures import Signs
from posecoach.practice.moment import Begun, Coached, Ended, Happening, Moment, Stage
from posecoach.practice.setup_check import DARK, Glimpse, SetupCheck, brightness
from posecoach.practice.stuck import ON_S, Stuck, lifts_arms
from posecoach.practice.wish import Wish
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

DONE_S = 2.5
"""How long "well done" stands before it goes on, ..."""

LAST_DONE_S = 5.0
"""... and at the very end, where the window closes after it."""

CLOSING_WORD_AFTER_S = 1.0
"""When a word at the end comes: after "well done", and when all is kept that it rests on."""

CLOSING_WORD_S = 7.0
"""How long a word at the end stands: about twice what it takes to be said."""


@dataclass(frozen=True, slots=True)
class Part:
    """One exercise of a practice.

    Attributes:
        plan: the exercise as prescribed.
        rest_s: seconds of rest after it, where another follows.
    """

    plan: Plan
    rest_s: float = 0.0


class Practice:
    """One or several exercises, one after the other.

    Args:
        parts: the exercises; at least one.
        source_name: for the results.
        mirror: whether a display should show the picture mirrored.
        guided: whether a person is there to be led: set-up check, countdown, rests and signs.
        setup: whether to check the set-up (guided only).
    """

    def __init__(
        self,
        parts: Sequence[Part],
        source_name: str,
        *,
        mirror: bool = False,
        guided: bool = True,
        setup: bool = True,
    ) -> None:
        if not parts:
            raise ValueError("a practice needs at least one exercise")
        self._parts = tuple(parts)
        self._source_name, self._mirror = source_name, mirror
        self._guided, self._setup = guided, guided and setup
        self._closing_word: str | None = None
        self._happened: list[Happening] = []
        self.results: list[Result] = []
        self.paused = False
        self._clock = Clock()
        self._signs = Signs()
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

    @property
    def awaits_closing_word(self) -> bool:
        """Whether all is done and nobody has given a word for the end yet."""
        last = self._index + 1 == len(self._parts)
        stood_s = self._clock.now_s - self._since_s
        due = self._stage is Stage.DONE and last and stood_s >= CLOSING_WORD_AFTER_S
        return due and self._closing_word is None

    # -- what comes in -----------------------------------------------------------------------

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""
        time_s = frame.time_s  # a recording's own
        if self._guided:
            time_s = self._clock.tick(frame.time_s, paused=self.paused)
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

    def _look_for_signs(self, frame_s: float, pose: Pose) -> None:
        crossed, raised = self._signs.update(frame_s, pose)
        coaching = self._stage is Stage.WORK and not self.paused
        if crossed and coaching:
            self.ask(Wish.PAUSE)
        elif raised and coaching and self._stuck.offered and self._by_hand:
            self.ask(Wish.NEXT)
        elif (crossed or raised) and not coaching:
            self.ask(Wish.GO_ON)

    def close_with(self, words: str) -> None:
        """A word for the end; "" where there is none."""
        self._closing_word = words

    def take_happened(self) -> tuple[Happening, ...]:
        """What came about and no moment has carried yet."""
        happened, self._happened = tuple(self._happened), []
        return happened

    # -- from part to part -------------------------------------------------------------------

    def _begin_part(self) -> None:
        self._session = Session(self.plan, self._source_name, mirror=self._mirror)
        self._check = SetupCheck(self.plan)
        self._stuck = Stuck()
        self._by_hand = not lifts_arms(self.plan.exercise)
        self._begun = False
        self._countdown = Countdown() if self._guided else None
        self._since_s = self._clock.now_s
        self._stage = Stage.SETUP
        if not self._setup:
            self._begin_work()

    def _begin_work(self) -> None:
        self._stage = Stage.WORK
        self._happened.append(Begun(self.plan))
        self._begun = True

    def _end_part(self) -> None:
        """The results of what was begun are kept, whatever came of it."""
        if not self._begun:
            return
        self._begun = False
        result = self._session.finish()
        self.results.append(result)
        self._happened.append(Ended(result, tuple(self._session.ending)))

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
        # What is to be changed comes first; what is not judged is said while all is right.
        untold = " ".join(each.why for each in self.plan.exercise.untold)
        remark = "" if check.wrong else untold
        practice = PracticeState(setup=check, next=self._next_words(), remark=remark)
        return self._hand_over(snapshot, practice)

    def _see_work(self, frame: Frame, pose: Pose) -> Moment:
        snapshot = self._session.see(frame, pose)
        self._happened.append(Coached(snapshot))
        practice = PracticeState(next=self._next_words(), countdown_s=self._remaining(snapshot))
        if practice.countdown_s is not None:
            # The word to begin comes when the countdown is over.
            ready = replace(snapshot.state, say="Get ready")
            return self._hand_over(replace(snapshot, state=ready), practice, coached=True)
        if self._guided:
            practice = self._unstuck(snapshot, practice)
        moment = self._hand_over(snapshot, practice, coached=True)
        if snapshot.state.phase is Phase.DONE:
            self._done()
        elif self._stuck.long and not self._tried and self._index + 1 < len(self._parts):
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
        if unlit or (stuck.wrong and not self._tried):
            values = {name: float(each.value) for name, each in snapshot.readings.items()}
            glimpse = Glimpse(snapshot.pose, snapshot.view, light, values)
            check = self._check.update(state.time_s, glimpse)
            if check.wrong:
                return replace(practice, setup=replace(check, fraction=0.0))
        return practice

    @property
    def _tried(self) -> bool:
        """Whether the exercise was tried at all."""
        return any(self._session.result.attempts.values())

    def _done(self) -> None:
        """A guided practice goes on by itself; a recording may show more than was asked for."""
        if self._guided:
            self._end_part()
            self._stage, self._since_s = Stage.DONE, self._clock.now_s
        elif self._index + 1 < len(self._parts):
            self._next()

    def _see_done(self, frame: Frame, pose: Pose) -> Moment:
        stood, last = frame.time_s - self._since_s, self._index + 1 == len(self._parts)
        word = (self._closing_word or "") if last else ""
        if stood >= (CLOSING_WORD_S if word else LAST_DONE_S if last else DONE_S):
            if last:
                self._stage = Stage.OVER
            elif self._parts[self._index].rest_s > 0:
                self._stage, self._since_s = Stage.REST, frame.time_s
            else:
                self._next()
        practice = PracticeState(next=self._next_words(), remark=word)
        return self._hand_over(self._shown(frame, pose), practice)

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

    def _remaining(self, snapshot: Snapshot) -> float | None:
        """Seconds remaining of the countdown; None where there is none."""
        if self._countdown is None:
            return None
        state = snapshot.state
        start = snapshot.resting or state.phase is Phase.READY
        return self._countdown.update(state.time_s, state.phase, in_start_pose=start)

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
        self._last = Moment(snapshot, practice, self._stage, coached, self.take_happened())
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
