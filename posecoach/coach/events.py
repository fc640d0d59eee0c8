"""What happened: small values the coach hands back, in order of time.

Times are capture times in seconds. An event may tell of a moment before the frame that
brought it (a hold is known to have ended only after the grace).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posecoach.coach.state import Cue
from posecoach.plan.sides import Side


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    time_s: float


@dataclass(frozen=True, slots=True)
class StartReached(Event):
    """The start pose was taken; the person's own zero is known."""

    side: Side


@dataclass(frozen=True, slots=True)
class AttemptBegan(Event):
    """The movement left the start pose."""

    side: Side


@dataclass(frozen=True, slots=True)
class StepReached(Event):
    """All targets of a step are met; its hold clock runs."""

    step: str
    side: Side


@dataclass(frozen=True, slots=True)
class HoldBroken(Event):
    """The pose was lost for longer than the grace before the hold was complete."""

    step: str
    side: Side


@dataclass(frozen=True, slots=True)
class HoldCompleted(Event):
    """The wanted time was held."""

    step: str
    side: Side


@dataclass(frozen=True, slots=True)
class HoldEnded(Event):
    """A step's position was left.

    Attributes:
        start_s, end_s: when the position was taken and left.
        held_s: seconds in which every target was met: crossing it on the way in and out too.
        accuracy: 0..1, see docs/scoring.md.
        completed: whether the wanted time was held.
        bridged_s: seconds of ``held_s`` in which no new picture came; the pose was the same
            before and after.
        lost_s: seconds without a new picture that ended the hold, 0 where something else did.
    """

    step: str
    side: Side
    start_s: float
    end_s: float
    held_s: float
    accuracy: float
    completed: bool
    bridged_s: float = 0.0
    lost_s: float = 0.0


@dataclass(frozen=True, slots=True)
class AttemptEnded(Event):
    """The movement came back to the start pose.

    Attributes:
        start_s, end_s: when it left and came back.
        completed: whether it counts as a repetition.
        accuracy: 0..1.
        reason: why it does not count, in words; empty where it does.
    """

    side: Side
    start_s: float
    end_s: float
    completed: bool
    accuracy: float
    reason: str


@dataclass(frozen=True, slots=True)
class FaultBegan(Event):
    """A form fault has lasted long enough to be one."""

    fault: str
    side: Side
    start_s: float


@dataclass(frozen=True, slots=True)
class FaultEnded(Event):
    """A form fault is over, mended or with the movement."""

    fault: str
    side: Side
    start_s: float
    end_s: float
    cue: str


@dataclass(frozen=True, slots=True)
class CueGiven(Event):
    """A correction to say now."""

    cue: Cue


@dataclass(frozen=True, slots=True)
class Praised(Event):
    """A fault was mended or a repetition done well."""

    text: str


@dataclass(frozen=True, slots=True)
class Unseen(Event):
    """The camera cannot see what is needed."""

    text: str


@dataclass(frozen=True, slots=True)
class Seen(Event):
    """All that is needed is seen again."""


@dataclass(frozen=True, slots=True)
class CircleDone(Event):
    """One circle of a continuous step."""

    step: str
    direction: Literal["forward", "backward"]
    counted: bool
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Completed(Event):
    """The prescription is fulfilled."""
