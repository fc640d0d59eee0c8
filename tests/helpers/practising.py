"""A person of sticks who practises: an exercise to do, poses to take, a practice to feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from posecoach.exercise.definition import Exercise
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.moment import Moment
from posecoach.practice.practice import Practice
from posecoach.source.frame import Frame
from tests.helpers.stick_body import Body, seen

FPS = 15
GREY = np.full((480, 640, 3), 120, np.uint8)
BLACK = np.zeros((480, 640, 3), np.uint8)

DOWN = seen(Body())
NOBODY = Pose.absent(0.0, (640, 480))


def moved(pose: Pose, **places: tuple[float, float]) -> Pose:
    """The pose with landmarks elsewhere, in pixels."""
    image = pose.image.copy()
    for name, place in places.items():
        image[Landmark[name]] = place
    return replace(pose, image=image)


def at(pose: Pose, landmark: Landmark) -> tuple[float, float]:
    return float(pose.image[landmark, 0]), float(pose.image[landmark, 1])


def shifted(pose: Pose, x: float, y: float = 0.0) -> Pose:
    return replace(pose, image=pose.image + np.array([x, y]))


UP = moved(seen(Body(arms_up=True)), LEFT_WRIST=(362, 37), RIGHT_WRIST=(278, 37))
_CHEST_Y = at(DOWN, Landmark.LEFT_SHOULDER)[1] + 45
CROSSED = moved(DOWN, LEFT_WRIST=(300, _CHEST_Y), RIGHT_WRIST=(340, _CHEST_Y))
RAISED = moved(DOWN, LEFT_ELBOW=(360, 110), LEFT_WRIST=(360, 60))


def exercise(id_: str = "arms-up", hold: float = 1.0, repetitions: int = 1) -> Exercise:
    """Raise both arms and hold."""
    return Exercise.model_validate(
        {
            "id": id_,
            "name": id_.replace("-", " ").capitalize(),
            "purpose": "Made for the tests",
            "posture": ["upright"],
            "view": ["front"],
            "camera": "Face the camera.",
            "safety": ["Stop where it hurts."],
            "sides": "none",
            "repetitions": repetitions,
            "start": {
                "say": "Stand with your arms down.",
                "targets": [{"measure": "shoulder_abduction_left", "at_most": 45}],
            },
            "steps": [
                {
                    "id": "raise",
                    "say": "Raise your arms.",
                    "hold": hold,
                    "targets": [{"measure": "shoulder_abduction_left", "at_least": 120}],
                }
            ],
            "source": "made for the tests",
        }
    )


def plan(id_: str = "arms-up", hold: float = 1.0, repetitions: int = 1) -> Plan:
    return make_plan(exercise(id_, hold, repetitions))


class Actor:
    """Shows poses to a practice, frame by frame."""

    def __init__(self, practice: Practice | KeptPractice) -> None:
        self.practice = practice
        self.time_s = 0.0
        self.moments: list[Moment] = []

    def show(self, pose: Pose, seconds: float, image: np.ndarray = GREY) -> Moment:
        """Stay in a pose for so long; the last moment."""
        for _ in range(round(seconds * FPS)):
            frame = Frame(image, self.time_s)
            now = replace(pose, time_s=np.asarray(self.time_s))
            self.moments.append(self.practice.see(frame, now))
            self.time_s += 1 / FPS
        return self.moments[-1]

    def until(
        self,
        pose: Pose,
        true: Callable[[Moment], object],
        most_s: float = 30.0,
        image: np.ndarray = GREY,
    ) -> Moment:
        """Stay in a pose until something is so."""
        begin = self.time_s
        while self.time_s - begin < most_s:
            moment = self.show(pose, 1 / FPS, image)
            if true(moment):
                return moment
        raise AssertionError(f"not within {most_s} s")

    def seen(self) -> Iterator[str]:
        """The stages in the order in which they came."""
        before = ""
        for moment in self.moments:
            if moment.stage.value != before:
                before = moment.stage.value
                yield before
