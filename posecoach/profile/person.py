"""A person's profile: values only, no files.

A profile is a list of calibrations, the newest last. Nothing is ever overwritten, so the
progress of a range is the history of the calibrations it was measured in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import hypot, sqrt
from statistics import mean, median, stdev
from types import MappingProxyType
from typing import Literal

from posecoach.observe.instrument import again_share
from posecoach.observe.measures import measured_with
from posecoach.profile.motion import Motion

Method = Literal["live", "recording", "unknown"]

BEST = 3
"""The range is the median of the three farthest trials: a slip or a warm-up does not lower it,
and one trial that was measured too far does not raise it."""

TRIAL_DIGITS = 2
"""Decimals of a trial's degrees, as they are kept: finer is noise, and what is said before a range
is kept must be what is said of it afterwards."""


@dataclass(frozen=True, slots=True)
class Range:
    """How far one motion goes, comfortably.

    Attributes:
        motion: the measure and its direction.
        trials: degrees from neutral, one for each time it was held, in order.
        error_deg: usual error of the instrument for this measure.
    """

    motion: Motion
    trials: tuple[float, ...]
    error_deg: float

    @property
    def deg(self) -> float:
        """The range: the median of the ``BEST`` farthest trials."""
        return median(sorted(self.trials)[-BEST:])

    @property
    def mean(self) -> float:
        """Mean of all trials, degrees."""
        return mean(self.trials)

    @property
    def spread(self) -> float:
        """Standard deviation of the trials, degrees; 0 for a single one."""
        return stdev(self.trials) if len(self.trials) > 1 else 0.0

    @property
    def uncertainty(self) -> float:
        """Degrees, plus or minus: the instrument's error and the scatter of the trials."""
        return self.uncertain_by(1.0)

    def uncertain_by(self, share: float) -> float:
        """The uncertainty with a share of the instrument's error."""
        return hypot(share * self.error_deg, self.spread / sqrt(len(self.trials)))


@dataclass(frozen=True, slots=True)
class Difference:
    """One range against another.

    Attributes:
        deg: the first minus the second, degrees.
        uncertainty: degrees, plus or minus, of the difference.
    """

    deg: float
    uncertainty: float

    @classmethod
    def of(cls, one: Range, other: Range) -> Difference:
        """Subtract ``other``; independent errors add by their squares.

        Of the same motion of the same person a part of the instrument's error is in both.
        """
        share = again_share(one.motion.measure) if one.motion == other.motion else 1.0
        return cls(one.deg - other.deg, hypot(one.uncertain_by(share), other.uncertain_by(share)))

    @property
    def clear(self) -> bool:
        """Whether it is larger than what the instrument can be off."""
        return abs(self.deg) > self.uncertainty


@dataclass(frozen=True, slots=True)
class Calibration:
    """What one calibration found.

    Attributes:
        at: when, with its time zone.
        method: guided before the camera, or from a recording.
        source: the camera's or the recording's name; "" where unknown.
        exercise: id of the exercise it was done in; "" for single measures.
        ranges: one for each motion measured.
        offsets: by full measure name, what the neutral position read, degrees.
        tilt_deg: how far the camera seemed tilted, positive where the picture shows an
            upright person leaning to its right; None where that could not be seen.
        instrument: the version of what measured it (``observe.measures.measured_with``).
    """

    at: datetime
    method: Method
    source: str
    exercise: str
    ranges: tuple[Range, ...]
    offsets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    tilt_deg: float | None = None
    instrument: str = field(default_factory=measured_with)

    @property
    def outdated(self) -> bool:
        """Whether an earlier instrument measured it: its degrees are not today's."""
        return self.instrument != measured_with()


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the person prefers; None where they have said nothing.

    Attributes:
        voice: whether to speak.
        camera: what to give ``--source``: a number, a name, an address.
    """

    voice: bool | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A new calibration of this motion was proposed, so that it is not proposed for ever."""

    at: datetime
    motion: Motion


@dataclass(frozen=True, slots=True)
class Profile:
    """One person.

    Attributes:
        name: as the person writes it.
        calibrations: oldest first.
        told: the proposals made since the newest calibrations.
    """

    name: str
    preferences: Preferences = Preferences()
    calibrations: tuple[Calibration, ...] = ()
    told: tuple[Told, ...] = ()

    def current(self) -> dict[Motion, Range]:
        """The newest range of each motion."""
        return {
            each.motion: each for calibration in self.calibrations for each in calibration.ranges
        }

    def history(self, motion: Motion) -> list[tuple[Calibration, Range]]:
        """All calibrations of one motion, oldest first."""
        return [
            (calibration, each)
            for calibration in self.calibrations
            for each in calibration.ranges
            if each.motion == motion
        ]

    def outdated(self) -> set[Motion]:
        """The motions whose newest range was measured with an earlier instrument."""
        newest = {
            each.motion: calibration
            for calibration in self.calibrations
            for each in calibration.ranges
        }
        return {motion for motion, calibration in newest.items() if calibration.outdated}

    def scale(self) -> dict[tuple[str, int], float]:
        """What ``make_plan`` takes: degrees by (full measure name, direction).

        A definition may ask for the side near to or far from the camera, and which that is
        turns out only before the camera. The smaller of both sides' ranges stands for them:
        it is what the person can do with either. What an earlier instrument measured scales
        nothing: its degrees are not those that the coach reads.
        """
        scale: dict[tuple[str, int], float] = {}
        for motion, each in self.current().items():
            if motion in self.outdated():
                continue
            scale[motion.measure, motion.sign] = each.deg
            stem, _, side = motion.measure.rpartition("_")
            if side in ("left", "right"):
                for place in ("near", "far"):
                    key = (f"{stem}_{place}", motion.sign)
                    scale[key] = min(each.deg, scale.get(key, each.deg))
        return scale

    def with_calibration(self, calibration: Calibration) -> Profile:
        """This profile with one more calibration; the older ones stay."""
        anew = {each.motion for each in calibration.ranges}
        return replace(
            self,
            calibrations=(*self.calibrations, calibration),
            told=tuple(each for each in self.told if each.motion not in anew),
        )

    def with_told(self, told: Told) -> Profile:
        """This profile with one more proposal that was made."""
        return replace(self, told=(*self.told, told))
