"""Showing a stretch before the camera, to be learnt: the same window, voice, keys and camera.

``LiveCoaching`` feeds it as it feeds a ``Practice``; what is said when is decided in
``learn.guide``, and what is learnt is what a recording would give. Of the pictures nothing is kept
but the poses.

A sign made with the arms may be part of the stretch, so from the start pose on none is heard: who
keeps still in the start pose afterwards is done.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol, TypeVar

from posecoach.closing import Closing
from posecoach.coach.events import Event
from posecoach.coach.state import CoachState
from posecoach.errors import LearningError
from posecoach.exercise.definition import Exercise
from posecoach.learn.cuts import cuts
from posecoach.learn.demonstration import Watcher
from posecoach.learn.guide import SAY_BEGIN, Guide
from posecoach.learn.learner import Learnt, learn
from posecoach.learn.progress import Progress, progress
from posecoach.learn.wording import name_words
from posecoach.observe.observer import Observation, Observer
from posecoach.observe.recorded import KeptMoments
from posecoach.observe.stillness import Stillness
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.practice.gestures import Signs
from posecoach.practice.moment import Moment, Stage
from posecoach.practice.practice import CLOSING_WORD_S
from posecoach.practice.setup_check import Glimpse, SetupCheck, brightness
from posecoach.practice.wish import Wish
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

ALONE = "Two people are in the picture. Let only the one who shows it be there."
LEAPT = (
    "The person leapt from one place to another in the picture, so that something is missing, or "
    "it was somebody else; show it once more."
)
NOTHING = "Nothing was shown, so nothing is learnt: the start pose was never kept still."
WRITING = "Thank you. One moment."

PATIENCE_S = 15.0
"""Who is seen for so long without success is let through: what the stretch does not need may be
outside the picture, and nobody knows yet what it needs. The first sentence was said three times."""

SPARED = 2.0
"""Times as long as it took to look how far it has come until it is looked again: looking takes time
from the pictures, so no more than a third of it."""

T = TypeVar("T")


class Alone(Protocol):
    """Looks whether there is nobody else; see ``learn.company.Company``."""

    now: bool

    def look(self, frame: Frame) -> None:
        """Take the next frame."""

    def forget(self) -> None:
        """Count anew."""

    def refuse(self) -> None:
        """Refuse what may be either's."""


class Aside:
    """One piece of work at a time, beside the pictures, which go on meanwhile."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "learning")

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Begin it."""
        return self._pool.submit(work)

    def close(self) -> None:
        """Wait for what is being done."""
        self._pool.shutdown()


class Showing(Closing):
    """Leads one person through showing one stretch; see ``Practice`` for the interface.

    Args:
        id_: what the stretch is to be called.
        alone: looks whether there is nobody else.
        mirror: whether a display should show the picture mirrored.
    """

    def __init__(self, id_: str, alone: Alone, *, mirror: bool = False) -> None:
        self._id, self._alone, self._mirror = id_, alone, mirror
        self._exercise = _as_exercise(id_)
        self._check: SetupCheck | None = SetupCheck(make_plan(self._exercise), PATIENCE_S)
        self._guide = Guide()
        self._observer = Observer(())
        self._stillness, self._signs = Stillness(), Signs()
        self._watcher = Watcher()
        self._aside = Aside()
        self._look: tuple[float, Future[Progress]] | None = None
        self._learning: Future[Learnt] | None = None
        self._home_s: float | None = None
        self._look_due_s = 0.0
        self._word = ""
        self._word_s: float | None = None
        self.needs_mask = self._watcher.needs_mask
        self.paused = False
        self.over = False
        self.last: Moment | None = None

    # -- what comes in -----------------------------------------------------------------------

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""
        if frame.repeated and self.last is not None:
            snapshot = replace(self.last.snapshot, frame=frame, pose=pose, events=())
            return replace(self.last, snapshot=snapshot)
        seen = self._observer.observe(pose)
        self._look_for_signs(frame.time_s, pose)
        if self.paused:
            return self._hand_over(frame, seen, (), PracticeState(paused="Paused"))
        if not self._guide.done:
            self._alone.look(frame)
        if self._check is not None:
            return self._see_setup(self._check, frame, seen)
        events = () if self._guide.done else self._see_showing(frame, pose)
        if self._guide.done:
            return self._see_done(frame, seen, events)
        remark = ALONE if self._alone.now else ""
        return self._hand_over(frame, seen, events, PracticeState(remark=remark))

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for, by a key or a sign."""
        if self._guide.done:
            self.over = self.over or wish in (Wish.STOP, Wish.NEXT)
            return
        was_paused, self.paused = self.paused, False
        match wish:
            case Wish.PAUSE if self._check is not None and not was_paused:
                self._check = None
            case Wish.PAUSE if not was_paused:
                self.paused = True
            case Wish.PAUSE | Wish.GO_ON if was_paused:
                self._again()  # nobody knows what was done meanwhile
            case Wish.GO_ON:
                self._check = None
            case Wish.NEXT if self._check is not None:
                self._check = None
            case Wish.NEXT:
                self._guide.end()
            case Wish.REPEAT:
                self._again()
            case Wish.STOP:
                self._guide.end()
                self.over = True
            case _:
                pass

    def finish(self) -> list[Result]:
        """Showing a stretch is no session: there are no results of exercises."""
        return []

    def learnt(self) -> Learnt:
        """What was learnt, as from a recording.

        Raises:
            LearningError: nothing can be learnt from what was shown, and why.
        """
        if self._learning is None:
            self._begin_learning()
        assert self._learning is not None
        return self._learning.result()

    def close(self) -> None:
        """Wait for what is being done."""
        self._aside.close()

    def _look_for_signs(self, time_s: float, pose: Pose) -> None:
        crossed, raised = self._signs.update(time_s, pose)
        if (crossed or raised) and (self.paused or self._check is not None):
            self.ask(Wish.GO_ON)

    def _again(self) -> None:
        self._guide.again()
        self._forget()

    def _forget(self) -> None:
        self._watcher, self._look, self._home_s = Watcher(), None, None
        self._alone.forget()

    # -- the stages --------------------------------------------------------------------------

    def _see_setup(self, check: SetupCheck, frame: Frame, seen: Observation) -> Moment:
        light = brightness(frame.image)
        found = check.update(frame.time_s, Glimpse(seen.pose, seen.view, light, seen.values))
        if self._alone.now and not found.wrong:
            found = replace(found, wrong=ALONE, fraction=0.0)
        elif check.passed:
            self._check = None
        return self._hand_over(frame, seen, (), PracticeState(setup=found))

    def _see_showing(self, frame: Frame, pose: Pose) -> tuple[Event, ...]:
        guide, now = self._guide, frame.time_s
        still = self._stillness.update(pose) and (guide.showing or not self._alone.now)
        looked = self._take_look(now)
        events = (*looked, *guide.update(now, seen=bool(pose.seen), still=still))
        if not guide.showing and not guide.resting:
            self._forget()  # what is shown begins with the rest in the start pose
        self._watcher.see(pose)
        if guide.home:
            self._home_s = now
        if guide.wants_look(now) and self._look is None and now >= self._look_due_s:
            watcher = self._watcher
            self._look = now, self._aside.begin(lambda: progress(watcher.finish(now)))
        return events

    def _take_look(self, now: float) -> tuple[Event, ...]:
        if self._look is None or not self._look[1].done():
            return ()
        (time_s, found), self._look = self._look, None
        self._look_due_s = now + SPARED * (now - time_s)
        return tuple(self._guide.look(time_s, found.result()))

    def _see_done(self, frame: Frame, seen: Observation, events: tuple[Event, ...]) -> Moment:
        """Learn, say what came of it, and let that be heard."""
        if self._learning is None:
            self._begin_learning()
        assert self._learning is not None
        if self._word_s is None and self._learning.done():
            self._word, self._word_s = _words(self._learning), frame.time_s
        if self._word_s is not None and frame.time_s - self._word_s >= CLOSING_WORD_S:
            self.over = True
        return self._hand_over(frame, seen, events, PracticeState(remark=self._word or WRITING))

    def _begin_learning(self) -> None:
        watcher, home_s = self._watcher, self._home_s
        began = self._guide.begun > 0

        def work() -> Learnt:
            if not began:
                raise LearningError(NOTHING)
            self._alone.refuse()
            return learn(_shown(watcher, home_s), self._id)

        self._learning = self._aside.begin(work)

    # -- what goes out -----------------------------------------------------------------------

    def _hand_over(
        self, frame: Frame, seen: Observation, events: tuple[Event, ...], practice: PracticeState
    ) -> Moment:
        stage = Stage.WORK
        if self._check is not None:
            stage = Stage.SETUP
        elif self._guide.done:
            stage = Stage.OVER if self.over else Stage.DONE
        snapshot = Snapshot(
            frame=frame,
            pose=seen.pose,
            view=seen.view,
            readings={},
            state=self._state(frame.time_s),
            events=events,
            exercise=self._exercise,
            mirror=self._mirror,
        )
        self.last = Moment(snapshot, practice, stage, coached=False)
        return self.last

    def _state(self, time_s: float) -> CoachState:
        return self._guide.state(time_s)


def _shown(watcher: Watcher, home_s: float | None) -> KeptMoments:
    """All that was shown, without the way to the machine of somebody who stops it there.

    Raises:
        LearningError: what was shown is not one thing.
    """
    kept = watcher.finish()
    if home_s is not None and not progress(kept).home:
        kept = watcher.finish(home_s)
    assert kept.poses is not None
    if cuts(kept.poses):
        raise LearningError(LEAPT)
    return kept


def _words(learning: Future[Learnt]) -> str:
    """What came of it, in a sentence."""
    error = learning.exception()
    if isinstance(error, LearningError):
        return str(error)
    if error is not None:
        return ""  # raised where it is asked for
    return f"{learning.result().seen_words} seen. The stretch is written down."


def _as_exercise(id_: str) -> Exercise:
    """Any stretch, in the form that screen, voice and set-up check know."""
    limbs = ("shoulder_flexion", "elbow_flexion", "hip_flexion", "knee_flexion")
    return Exercise.model_validate(
        {
            "id": id_,
            "name": name_words(id_),
            "purpose": "Shows a new stretch.",
            "posture": ["upright", "sitting", "all-fours", "kneeling", "lying"],
            "view": ["front", "left", "right", "back", "three-quarter", "feet"],
            "camera": "Place the camera so that it sees all that moves.",
            "safety": ["Stop where it hurts."],
            "sides": "none",
            "repetitions": 3,
            "start": {
                "say": SAY_BEGIN,
                "targets": [{"measure": f"{limb}_near", "at_least": 0} for limb in limbs],
            },
            "steps": [
                {
                    "id": "demonstration",
                    "say": "Do it three times.",
                    "targets": [{"measure": "hip_flexion_near", "at_least": 0}],
                }
            ],
            "source": "A demonstration, no stretch.",
        }
    )
