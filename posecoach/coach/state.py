"""What the coach knows at one moment, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from posecoach.plan.match import TargetState
from posecoach.plan.sides import Side


class Phase(Enum):
    """Where the person is in the exercise."""

    WAITING = "waiting"  # for the start pose
    READY = "ready"  # in the start pose
    MOVING = "moving"  # on the way to the step
    HOLDING = "holding"  # in pose, the hold clock runs
    RETURNING = "returning"  # held; on the way back
    UNSEEN = "unseen"  # person or landmarks not seen
    DONE = "done"  # the prescription is fulfilled


@dataclass(frozen=True, slots=True)
class Cue:
    """A correction to show and say."""

    text: str
    fault: str | None
    side: Side
    measure: str | None
    severity: Literal["safety", "form", "hint"]


@dataclass(frozen=True, slots=True)
class CoachState:
    """Everything a screen needs to know of the coach at one moment.

    Attributes:
        time_s: capture time of the frame this state belongs to.
        phase: see ``Phase``.
        side: the side being worked, "both" where there are none, None while unknown.
        step: id of the step being done or to be done next.
        say: the words for that step.
        targets: the current step's targets.
        held_s, hold_s: seconds held, seconds wanted (0 where the step is not a hold).
        repetitions, attempts: counts by side, keys "left", "right", "both".
        prescribed: repetitions wanted for each side in use.
        cue: the correction to show now, if any.
        unseen: words for what the camera cannot see, empty while all is seen.
        undecided: whether something is seen that has not lasted long enough to be told.
    """

    time_s: float
    phase: Phase
    side: Side | None
    step: str
    say: str
    targets: tuple[TargetState, ...]
    held_s: float
    hold_s: float
    repetitions: dict[str, int]
    attempts: dict[str, int]
    prescribed: dict[str, int]
    cue: Cue | None
    unseen: str
    undecided: bool = False
