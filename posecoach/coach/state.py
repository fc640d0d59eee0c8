"""What the coach knows at one moment, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Side = Literal["left", "right", "both"]


class Phase(Enum):
    """Where the person is in the exercise."""

    WAITING = "waiting"  # for the start pose
    READY = "ready"  # in the start pose
    MOVING = "moving"  # on the way to the step
    HOLDING = "holding"  # in pose, the hold clock runs
    RETURNING = "returning"  # held; on the way back
    UNSEEN = "unseen"  # person or landmarks not seen
    DONE = "done"  # the prescription is fulfilled


class Match(Enum):
    """How one target is met."""

    IN = "in"
    NEAR = "near"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TargetState:
    """One target of the current step.

    Attributes:
        measure: name with the side filled in, e.g. "elbow_flexion_left".
        value: degrees, NaN where unknown.
        low, high: the wanted range in degrees, -inf / +inf where open.
        match: see ``Match``.
        direction: +1 where the value must grow, -1 where it must shrink, 0 where it is in.
        drives: whether it is the movement itself rather than form to keep.
        own_range: the person's own range in this direction, degrees from neutral; None where
            the target is fixed or they have not calibrated it.
        textbook: degrees asked of somebody without a calibration; None where ``own_range`` is.
    """

    measure: str
    value: float
    low: float
    high: float
    match: Match
    direction: Literal[-1, 0, 1]
    drives: bool
    own_range: float | None = None
    textbook: float | None = None


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
