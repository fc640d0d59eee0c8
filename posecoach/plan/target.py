"""One target of one side: is it met, how well, which way to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isnan
from typing import NamedTuple, cast

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.errors import MeasureError
from posecoach.exercise.definition import Target
from posecoach.observe.spread import EXACT, LIKELY, Spreads
from posecoach.plan.match import Match, TargetState
from posecoach.plan.quantity import Reader
from posecoach.plan.sides import fill
from posecoach.pose.pose import Floats

ZERO_SCORE_DEG = 30.0
"""A target missed by this much scores nothing. Two people reading one joint with a
goniometer differ by up to 25 degrees (docs/accuracy.md): farther off is surely wrong."""

YIELD = 0.4
"""What is forgiven of a scaled target is at most this part of it: whoever is asked for 7 degrees
must not be held to have stayed there at 2."""

ANGLE_ERROR_DEG = 5.0
"""The typical error of an angle of three landmarks, for which there is no truth: that of elbows and
knees seen in the picture's plane (docs/accuracy.md), which are such angles."""

Ranges = Mapping[tuple[str, int], float]
"""A person's own ranges of motion: (full measure name, +1 or -1 for the direction in which the
measure counts) to degrees from neutral, positive."""


class Way(NamedTuple):
    """The way of a target from where a person rests.

    Attributes:
        rest: where it begins, degrees.
        degrees: signed, from there to the wanted range; 0 where rest lies in it.
    """

    rest: float
    degrees: float

    def gone(self, value: float) -> float:
        """Return the part of it, from 0 at rest to 1 at the near end of the range, and beyond.

        NaN where unknown; 1 where the range begins at or before rest.
        """
        return 1.0 if self.degrees == 0 else (value - self.rest) / self.degrees

    def gone_many(self, values: Floats) -> Floats:
        """``gone`` of (N,) values: the same arithmetic."""
        if self.degrees == 0:
            return np.ones_like(values)
        return cast("Floats", self.gone(cast("float", values)))


@dataclass(frozen=True, slots=True)
class Goal:
    """A target with its numbers settled.

    Attributes:
        reader: where its value comes from.
        low, high: the wanted range, degrees; -inf / +inf where open.
        stay: degrees beyond the range that are forgiven once the pose is reached.
        weight: its share in the score.
        drives: whether it is the movement itself.
        tolerated: whether the pose goes on while it cannot be seen.
        cue_low, cue_high: what to say while it is too small, too large; "" for nothing.
        of_range: the fraction of the person's own range it asks for; None for a fixed target.
        textbook: the lower end without a calibration, degrees.
        own_range: the person's own range, degrees; None without a calibration.
        noise: the measure's typical error, degrees: less than that is no movement.
    """

    reader: Reader
    low: float
    high: float
    stay: float
    weight: float
    drives: bool
    tolerated: bool
    cue_low: str
    cue_high: str
    of_range: float | None = None
    textbook: float = -inf
    own_range: float | None = None
    noise: float = 0.0

    @classmethod
    def of(
        cls, target: Target, side: str | None, drives: bool, ranges: Ranges | None = None
    ) -> Goal:
        """Settle a definition's target for one side, and for the person whose ranges are given."""
        reader = Reader.of(target, side)
        # The range of a difference of two measures is not the difference of two ranges.
        own = None
        if target.of_range is not None and reader.minus is None:
            own = (ranges or {}).get((reader.name, reader.sign))
        low = target.low_deg if own is None else _scaled_low(target, own)
        return cls(
            reader=reader,
            low=low,
            high=target.high_deg,
            stay=target.stay_within if own is None else min(target.stay_within, abs(low) * YIELD),
            weight=target.weight,
            drives=drives,
            tolerated=target.unknown == "tolerated",
            cue_low=fill(target.low or "", side),
            cue_high=fill(target.high or "", side),
            of_range=target.of_range,
            textbook=target.low_deg,
            own_range=own,
            noise=_error_deg(reader.name),
        )

    @property
    def ease(self) -> float:
        """How much of the textbook's way is asked for, at most 1; 1 for a fixed target."""
        if self.own_range is None or self.textbook <= 0:
            return 1.0
        return min(1.0, self.low / self.textbook)

    def met(self, value: float, slack: float = 0.0) -> bool | None:
        """Whether ``value`` lies in the range widened by ``slack``; None where unknown."""
        if isnan(value):
            return None
        return self.low - slack <= value <= self.high + slack

    def room(self, spreads: Spreads) -> float:
        """Degrees beyond its range in which it is not likely to be missed.

        What is form to keep is denied where it is three times as likely missed as met: nobody is
        blamed for it (a fault must be beyond doubt), and what is likely done wrong is not counted.
        The movement itself goes by the best estimate.
        """
        return 0.0 if self.drives else LIKELY * self.reader.spread(spreads)

    def score(self, value: float) -> float:
        """0..1: 1 in the range, falling evenly to 0 at ``ZERO_SCORE_DEG`` beyond it."""
        missed = max(self.low - value, value - self.high, 0.0)
        return max(0.0, 1.0 - missed / ZERO_SCORE_DEG)

    def way(self, rest: float) -> Way:
        """Return the way from ``rest`` to the wanted range."""
        return Way(rest, self.low - rest if rest < self.low else min(self.high - rest, 0.0))

    def state(self, value: float) -> TargetState:
        """What a screen shows of it."""
        direction = 0
        if isnan(value):
            match = Match.UNKNOWN
        elif self.low <= value <= self.high:
            match = Match.IN
        else:
            direction = 1 if value < self.low else -1
            near = self.met(value, self.stay)
            match = Match.NEAR if near else Match.OUT
        sign = self.reader.sign
        low, high = (self.low, self.high) if sign > 0 else (-self.high, -self.low)
        scaled = self.own_range is not None
        return TargetState(
            measure=self.reader.name,
            value=value * sign,
            low=low,
            high=high,
            match=match,
            direction=direction * sign,  # type: ignore[arg-type]
            drives=self.drives,
            own_range=self.own_range,
            textbook=self.textbook if scaled else None,
        )


def _scaled_low(target: Target, own_range: float) -> float:
    """What is asked of a person: a part of their range, still the exercise, and safe.

    Without a floor the textbook value is one: less of it is for the definition to allow.
    """
    assert target.of_range is not None
    floor = target.low_deg if target.floor is None else target.floor
    low = max(target.of_range * own_range, floor)
    return low if target.limit is None else min(low, target.limit)


def frame_score(goals: tuple[Goal, ...], values: list[float]) -> float:
    """Weighted mean score of the known targets, NaN where none is known."""
    total = weight = 0.0
    for goal, value in zip(goals, values, strict=True):
        if goal.low <= value <= goal.high:  # as most are in a hold: ``score`` says 1
            total += goal.weight
            weight += goal.weight
        elif not isnan(value):
            total += goal.weight * goal.score(value)
            weight += goal.weight
    return total / weight if weight else inf * 0


def pose_met(
    goals: tuple[Goal, ...], numbers: list[float], stay: bool, spreads: Spreads = EXACT
) -> bool | None:
    """Whether all targets of a pose are met; None where one that must be seen is not."""
    verdict: bool | None = True
    for goal, value in zip(goals, numbers, strict=True):
        if goal.low <= value <= goal.high:  # as most are: then nothing else is asked
            continue
        met = goal.met(value, goal.stay if stay else 0.0)
        if met is False and not goal.met(value, goal.room(spreads)):
            return False
        if met is None and not goal.tolerated:
            verdict = None
    return verdict


def is_lateral(name: str) -> bool:
    """Whether 0 is the middle of the body and the sign of the measure is a side."""
    if name.startswith("angle("):
        return False
    try:
        found = split_name(name)[0]
    except MeasureError:
        return False
    return found.lateral and found.zero_from == "anatomy"


def _error_deg(name: str) -> float:
    """The typical error of a measure, degrees."""
    if name.startswith("angle("):
        return ANGLE_ERROR_DEG
    try:
        return split_name(name)[0].error_deg
    except MeasureError:
        return 0.0  # an unknown name is told where the measures are asked for
