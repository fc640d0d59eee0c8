"""Hand-made moments of a session: a standing person of straight lines, any state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posecoach.body.view import View
from posecoach.coach.events import Event
from posecoach.coach.state import CoachState, Cue, Phase
from posecoach.exercise.definition import Exercise
from posecoach.plan.match import Match, TargetState
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

SIZE = (640, 480)

STRETCH = Exercise.model_validate(
    {
        "id": "wall-stretch",
        "name": "Wall stretch",
        "purpose": "Opens the chest",
        "posture": ["upright"],
        "view": ["front"],
        "camera": "In front",
        "safety": ["Stop where it hurts"],
        "sides": "each",
        "repetitions": 3,
        "start": {
            "say": "Stand with your {side} side to the wall",
            "targets": [{"measure": "shoulder_abduction_{side}", "at_most": 35}],
        },
        "steps": [
            {
                "id": "forearm",
                "say": "Put your {side} forearm on the wall",
                "targets": [
                    {"measure": "elbow_flexion_{side}", "is": 90, "within": 10},
                    {"measure": "shoulder_abduction_{side}", "is": 90, "within": 15},
                ],
            },
            {
                "id": "turn",
                "say": "Turn away from the wall",
                "hold": 5,
                "keep": ["forearm"],
                "targets": [{"measure": "trunk_turn", "towards": "{other}", "at_least": 20}],
            },
        ],
        "source": "made for the tests",
    }
)

# A person facing the camera, the right upper arm level and the forearm up: (x, y) pixels.
_POINTS = {
    "NOSE": (320, 90),
    "LEFT_EAR": (335, 88),
    "RIGHT_EAR": (305, 88),
    "LEFT_SHOULDER": (360, 150),
    "RIGHT_SHOULDER": (280, 150),
    "LEFT_ELBOW": (365, 215),
    "RIGHT_ELBOW": (210, 150),
    "LEFT_WRIST": (368, 275),
    "RIGHT_WRIST": (210, 85),
    "LEFT_HIP": (345, 280),
    "RIGHT_HIP": (295, 280),
    "LEFT_KNEE": (345, 360),
    "RIGHT_KNEE": (295, 360),
    "LEFT_ANKLE": (345, 440),
    "RIGHT_ANKLE": (295, 440),
    "LEFT_FOOT_INDEX": (350, 455),
    "RIGHT_FOOT_INDEX": (290, 455),
}


def person(**moved: tuple[float, float]) -> Pose:
    """The standing person; landmarks named in ``moved`` are elsewhere."""
    image = np.full((33, 2), (320.0, 90.0))
    for name, at in (_POINTS | moved).items():
        image[Landmark[name]] = at
    return Pose(np.asarray(0.0), image, np.zeros((33, 3)), np.ones(33), SIZE)


def target(
    measure: str = "elbow_flexion_right", value: float = 78.0, **other: object
) -> TargetState:
    given = TargetState(measure, value, 80.0, 100.0, Match.OUT, 1, False)
    return replace(given, **other)  # type: ignore[arg-type]


def state(phase: Phase = Phase.MOVING, **other: object) -> CoachState:
    given = CoachState(
        time_s=0.0,
        phase=phase,
        side="right",
        step="turn",
        say="Turn away from the wall",
        targets=(),
        held_s=0.0,
        hold_s=5.0,
        repetitions={"left": 0, "right": 1, "both": 0},
        attempts={"left": 0, "right": 2, "both": 0},
        prescribed={"left": 3, "right": 3},
        cue=None,
        unseen="",
    )
    return replace(given, **other)  # type: ignore[arg-type]


def cue(text: str = "Bend your elbow more", severity: str = "form") -> Cue:
    return Cue(text, "elbow-not-90", "right", "elbow_flexion_right", severity)  # type: ignore[arg-type]


def moment(
    shown: CoachState | None = None,
    *,
    events: tuple[Event, ...] = (),
    pose: Pose | None = None,
    mirror: bool = False,
    exercise: Exercise = STRETCH,
    time_s: float | None = None,
) -> Snapshot:
    shown = shown or state()
    if time_s is not None:
        shown = replace(shown, time_s=time_s)
    image = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    image[:, : SIZE[0] // 2] = (200, 60, 60)  # the picture's left half is blue
    return Snapshot(
        frame=Frame(image, shown.time_s),
        pose=person() if pose is None else pose,
        view=View("front", "upright", "right", 0.0),
        readings={},
        state=shown,
        events=events,
        exercise=exercise,
        mirror=mirror,
    )
