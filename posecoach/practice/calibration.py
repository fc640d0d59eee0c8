"""A guided calibration as something to practise: the same window, voice, keys and camera.

``LiveCoaching`` feeds it as it feeds a ``Practice``; what to do and what counts is decided
in ``profile.guide``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.coach.events import Event
from posecoach.coach.state import CoachState
from posecoach.exercise.definition import Exercise
from posecoach.observe.observer import Observer
from posecoach.observe.stillness import Stillness
from posecoach.observe.tilt import tilt_deg
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.practice.clock import Clock
from posecoach.practice.gestures import Signs
from posecoach.practice.moment import Moment, Stage
from posecoach.practice.wish import Wish
from posecoach.profile.guide import Guide
from posecoach.profile.motion import Motion
from posecoach.profile.prompts import (
    Move,
    Prompt,
    TakeNeutral,
    TakePose,
    prompts_of_motions,
    prompts_of_plan,
)
from posecoach.profile.recording import Findings
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

DONE_S = 3.0
"""How long the last words stand."""


class CalibrationPractice:
    """Leads one person through one calibration; see ``Practice`` for the interface.

    Args:
        exercise: what to show it as.
        prompts: the steps.
        mirror: whether a display should show the picture mirrored.
    """

    def __init__(
        self, exercise: Exercise, prompts: Sequence[Prompt], *, mirror: bool = False
    ) -> None:
        self._exercise = exercise.model_copy(
            update={"id": "calibration", "name": f"Calibration: {exercise.name}"}
        )
        self._guide = Guide(prompts)
        self._observer = Observer(measures_of(prompts))
        self._stillness = Stillness()
        self._mirror = mirror
        self._signs = Signs()
        self._clock = Clock()
        self._done_s: float | None = None
        self._state: CoachState | None = None
        self.paused = False
        self.over = False
        self.last: Moment | None = None

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return self._observer.needs_mask

    def findings(self) -> Findings:
        """What came of it until now."""
        return self._guide.findings()

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""
        time_s = self._clock.tick(frame.time_s, paused=self.paused)
        self._look_for_signs(frame.time_s, pose)
        frame = replace(frame, time_s=time_s)
        pose = replace(pose, time_s=np.asarray(time_s))
        observation = self._observer.observe(pose)
        events: tuple[Event, ...] = ()
        if not self.paused or self._state is None:
            if self._guide.at_neutral:
                self._observer.rest(observation)
            self._state, events = self._guide.update(
                time_s,
                observation.readings,
                observation.view,
                still=self._stillness.update(pose),
                tilt_deg=tilt_deg(pose, observation.view),
            )
        if self._guide.done:
            self._done_s = time_s if self._done_s is None else self._done_s
            self.over = time_s - self._done_s >= DONE_S
        snapshot = Snapshot(
            frame=frame,
            pose=pose,
            view=observation.view,
            readings=observation.readings,
            state=self._state,
            events=events,
            exercise=self._exercise,
            mirror=self._mirror,
            outlines=observation.outlines,
            resting=self._guide.at_neutral,
        )
        practice = PracticeState(paused="Paused") if self.paused else PracticeState()
        stage = Stage.OVER if self.over else Stage.DONE if self._guide.done else Stage.WORK
        self.last = Moment(snapshot, practice, stage, coached=not self.paused)
        return self.last

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for, by a key or a sign."""
        was_paused, self.paused = self.paused, False
        match wish:
            case Wish.PAUSE:
                self.paused = not was_paused
            case Wish.NEXT:
                self._guide.skip()
            case Wish.REPEAT:
                self._guide.again()
            case Wish.STOP:
                self.over = True
            case Wish.GO_ON | Wish.SIDE:
                pass

    def finish(self) -> list[Result]:
        """A calibration is no session: there are no results of exercises."""
        return []

    def _look_for_signs(self, time_s: float, pose: Pose) -> None:
        crossed, raised = self._signs.update(time_s, pose)
        if crossed:
            self.ask(Wish.PAUSE)
        if raised and self.paused:
            self.ask(Wish.GO_ON)


def measures_of(prompts: Sequence[Prompt]) -> tuple[str, ...]:
    """The full names of all measures the steps need."""
    found: dict[str, None] = {}
    for prompt in prompts:
        match prompt:
            case Move():
                found[prompt.motion.measure] = None
            case TakeNeutral() | TakePose():
                found.update({name: None for goal in prompt.goals for name in goal.reader.names})
    return tuple(found)


def calibration_of(
    plans: Sequence[Plan], motions: Sequence[Motion], *, mirror: bool = False
) -> CalibrationPractice:
    """The calibration of what scales the targets of exercises, and of single measures.

    Args:
        plans: the exercises, first; at least one of these or one motion.
        motions: the single measures.
    """
    prompts: list[Prompt] = [prompt for plan in plans for prompt in prompts_of_plan(plan)]
    if motions:
        prompts += prompts_of_motions(motions)
    exercise = plans[0].exercise if plans else _as_exercise(motions)
    names = [plan.exercise.name for plan in plans[1:]]
    if names:
        exercise = exercise.model_copy(update={"name": ", ".join([exercise.name, *names])})
    return CalibrationPractice(exercise, prompts, mirror=mirror)


def _as_exercise(motions: Sequence[Motion]) -> Exercise:
    """Single measures in the form screen and voice know: something with a name and a view."""
    found = [split_name(motion.measure)[0] for motion in motions]
    views = [view for view in found[0].views if all(view in each.views for each in found)]
    value: Mapping[str, object] = {
        "id": "calibration",
        "name": ", ".join(dict.fromkeys(each.title for each in found)),
        "purpose": "Finds how far you can move.",
        "posture": ["upright", "sitting", "all-fours", "kneeling", "lying"],
        "view": views or list(found[0].views),
        "camera": "Place the camera so that it sees all that moves.",
        "safety": ["Stop where it hurts."],
        "sides": "none",
        "repetitions": 3,
        "start": {
            "say": "Take up the neutral position.",
            "targets": [{"measure": motions[0].measure, "is": 0, "within": 10}],
        },
        "steps": [
            {
                "id": "move",
                "say": "Move as far as is comfortable.",
                "targets": [{"measure": motions[0].measure, "at_least": 5}],
            }
        ],
        "source": "A calibration, no stretch.",
    }
    return Exercise.model_validate(value)
