"""What was seen of one motion over time, and which of its trials can be trusted."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from statistics import median

from posecoach.body.catalogue import split_name
from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.body.view_words import SEEN_FROM
from posecoach.observe import instrument
from posecoach.observe.precision import KNOWN
from posecoach.profile.motion import Motion
from posecoach.profile.plateaus import Plateau, held_plateaus

SEEN = 0.7
"""Part of a hold's frames that must show the measure well."""

LEAST_DEG = 3.0
"""A movement smaller than this is sway (people standing still sway by 1 to 2 degrees)."""

NEUTRAL_FRAMES = 300
"""The neutral is the median of the last so many frames in it."""

AGAINST_THE_VERTICAL = ("trunk_lateral_flexion", "leg_lateral_inclination")
"""Sideways measures that compare the body with the picture's vertical."""

CROOKED_DEG = 10.0
"""More than this off the middle in the neutral position is no neutral position; camera
and landmarks are off by less."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One time the motion was made and held.

    Attributes:
        start_s, end_s: when it was held.
        deg: how far from neutral, degrees.
        wrong: why it cannot be trusted, in words; empty where it can.
    """

    start_s: float
    end_s: float
    deg: float
    wrong: str


@dataclass(frozen=True, slots=True)
class _Instant:
    time_s: float
    value: float  # counted up in the motion's direction; NaN where unknown
    seen: bool
    sure: bool
    facing_ok: bool
    near: str


class MotionReadings:
    """Gathers the readings of one motion.

    Args:
        motion: its measure may be a near or far one; see ``resolved``.
    """

    def __init__(self, motion: Motion) -> None:
        self.motion = motion
        found, _ = split_name(motion.measure)
        self.error_deg = instrument.error_deg(motion.measure)
        self._views = found.views
        self._moments: list[_Instant] = []
        self._neutral: list[float] = []
        self._leans: list[float] = []  # of the upright body, to its own left
        self.rest = 0.0
        self.least = max(LEAST_DEG, found.error_deg)
        """Degrees from rest that are surely a movement and not the instrument."""
        self._middle = found.lateral and found.zero_from == "anatomy"

    def add(
        self,
        time_s: float,
        reading: Reading | None,
        view: View,
        neutral: bool,
        tilt_deg: float | None = None,
    ) -> None:
        """Take in one moment.

        Args:
            reading: None where nobody is seen.
            neutral: whether the person rests in the neutral position.
            tilt_deg: how far the camera seems tilted, see ``tilt``; None where unknown.
        """
        value, sure = nan, False
        if reading is not None and reading.confidence > 0:
            value = float(reading.value) * self.motion.sign
            sure = bool(reading.confidence >= KNOWN) and isfinite(value)
        facing_ok = view.facing in self._views or view.facing == "unknown"
        self._moments.append(
            _Instant(time_s, value, reading is not None, sure, facing_ok, view.near)
        )
        if neutral and sure:
            self._neutral.append(value)
            self.rest = median(self._neutral[-NEUTRAL_FRAMES:])
            if tilt_deg is not None:
                self._leans.append(-tilt_deg if view.facing == "back" else tilt_deg)

    @property
    def offset(self) -> float | None:
        """What the measure read in the neutral position; None where that was not seen."""
        return self.rest * self.motion.sign if self._neutral else None

    @property
    def crooked(self) -> bool:
        """Whether the neutral position was far from the middle it should be."""
        return self._middle and abs(self.rest) > CROOKED_DEG

    @property
    def zero(self) -> float:
        """What a range is counted from.

        A sideways motion has its zero in the middle, and what is off there would make one side's
        range larger and the other's smaller. Against the vertical only the camera can be off;
        between two parts of the body it is the landmarks, as the neutral position shows them.
        The zero of other measures is the anatomical one, whatever a person's neutral is.
        """
        if not self._middle:
            return 0.0
        if self.motion.stem in AGAINST_THE_VERTICAL:
            return self.motion.sign * median(self._leans) if self._leans else 0.0
        return self.rest

    @property
    def resolved(self) -> Motion:
        """The motion with left or right in place of near or far."""
        stem, _, side = self.motion.measure.rpartition("_")
        if side not in ("near", "far") or not self._moments:
            return self.motion
        near = Counter(each.near for each in self._moments).most_common(1)[0][0]
        other = "left" if near == "right" else "right"
        return Motion(f"{stem}_{near if side == 'near' else other}", self.motion.towards)

    def trials(self, since_s: float = float("-inf")) -> list[Trial]:
        """Every held excursion since a time, each with a verdict on how well it was seen."""
        moments = self._since(since_s)
        plateaus = held_plateaus(
            [each.time_s for each in moments],
            [each.value for each in moments],
            rest=self.rest,
            least=self.least,
        )
        return [
            Trial(each.start_s, each.end_s, each.level - self.zero, self._wrong(each, moments))
            for each in plateaus
        ]

    def _wrong(self, plateau: Plateau, moments: list[_Instant]) -> str:
        start, end = plateau.start_s, plateau.end_s
        return self._unseen([each for each in moments if start <= each.time_s <= end])

    def _unseen(self, moments: Sequence[_Instant]) -> str:
        if sum(each.facing_ok for each in moments) < SEEN * len(moments):
            return f"you were not seen from {self.from_where}"
        if sum(each.sure for each in moments) < SEEN * len(moments):
            return "you were not seen well enough"
        return ""

    @property
    def trouble(self) -> str:
        """What was wrong with the picture on the whole, in words; empty where all was well."""
        seen = [each for each in self._moments if each.seen]
        if not seen:
            return "nobody was seen"
        return self._unseen(seen)

    @property
    def from_where(self) -> str:
        """The views the measure needs, in words."""
        views = [SEEN_FROM[view] for view in self._views if view in SEEN_FROM]
        return " or ".join(views[:2]) if views else "a good place"

    # -- for guiding, moment by moment -----------------------------------------------------

    @property
    def value(self) -> float:
        """The measure as it was last read, degrees; NaN where unknown."""
        return self._moments[-1].value * self.motion.sign if self._moments else nan

    def recent(self, since_s: float) -> tuple[list[float], list[float]]:
        """(times, values) since a time; the values count up in the motion's direction."""
        moments = self._since(since_s)
        return [each.time_s for each in moments], [each.value for each in moments]

    def seen(self, since_s: float) -> float:
        """Part of the moments since a time in which the measure was seen well; 1 for none."""
        moments = self._since(since_s)
        return sum(each.sure for each in moments) / len(moments) if moments else 1.0

    def _since(self, since_s: float) -> list[_Instant]:
        first = bisect_left(self._moments, since_s, key=lambda each: each.time_s)
        return self._moments[first:]
