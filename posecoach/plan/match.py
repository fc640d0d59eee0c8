"""The states a match can have: how a value stands to what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal


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
