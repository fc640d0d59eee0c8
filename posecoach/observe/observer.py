"""From a pose to the numbers the coach works on, moment by moment.

Keeps what measuring needs to remember: which way the body faces, and the person's own
neutral, read while they rest in the start pose before the first attempt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import nan
from statistics import median

import numpy as np

from posecoach.body.catalogue import measure, neutral_of, raw, split_name
from posecoach.body.landmark_angle import landmark, landmark_angle
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.instrument import Told, instrument
from posecoach.observe.measuring import measure_photo
from posecoach.observe.precision import kept_reading
from posecoach.observe.spread import Spread, Spreads
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

KNOWN = 0.15
"""A reading of less confidence than this is unknown to the coach."""

FITTED = False
"""Whether the coach's values are the instrument's, in true degrees, or geometry's."""

_ANGLE = Spread(6.0, 6.0, 6.0)
"""Of the angle of three landmarks, for which there is no truth: each is off by some 5 % of a limb
(SEEING.md, median joint errors against the trunk), which turns both lines by 4 degrees."""

NEUTRAL_S = 1.0
"""The neutral is the median over the last second in the start pose ..."""

NEUTRAL_LEAST_S = 0.4
"""... and is taken as soon as there is so much of it."""

STILL = 0.06
"""Who rests moves head and limbs by less than this part of the trunk's length meanwhile:
natural sway is a third of it, a chin on its way to the chest moves the nose by more."""

_STILL_LANDMARKS = (
    Landmark.NOSE,
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was measured at one moment.

    Attributes:
        readings: by full measure name.
        values: the same for the coach: degrees, NaN where confidence is below ``KNOWN``;
            empty where nobody is seen.
        outlines: by full name, the measures that need a silhouette as the picture shows
            them, before the person's own zero is subtracted.
        spreads: how far each known value may be off; without those the instrument has no
            figure of.
    """

    pose: Pose
    view: View
    readings: Mapping[str, Reading]
    values: Mapping[str, float]
    outlines: Mapping[str, Reading] = field(default_factory=dict)
    spreads: Spreads = field(default_factory=dict)


class Observer:
    """Measures what one exercise needs."""

    def __init__(self, measures: Iterable[str], fitted: bool = FITTED) -> None:
        """Take the full names of the measures; ``angle(a,vertex,b)`` names landmarks.

        Args:
            measures: full names.
            fitted: whether the instrument reads them, in true degrees; else geometry does,
                and nothing has a spread.

        Raises:
            MeasureError: there is no measure of one of the names.
        """
        measures = tuple(measures)
        self._angles = {
            name: tuple(name[6:-1].split(",")) for name in measures if name.startswith("angle(")
        }
        for part in {part for parts in self._angles.values() for part in parts}:
            landmark(part, UNKNOWN)
        self._names = tuple(name for name in measures if name not in self._angles)
        found = [split_name(name)[0] for name in self._names]
        pairs = tuple(zip(self._names, found, strict=True))
        self._by_landmarks = tuple(name for name, each in pairs if not each.needs_mask)
        self._by_outline = tuple(name for name, each in pairs if each.needs_mask)
        self.needs_mask = bool(self._by_outline)
        self._fitted = fitted
        # The readers compare every pose with the person's own.
        self._relative = fitted or any(each.zero_from != "anatomy" for _, each in pairs)
        self._from_start = _with_sides(name for name, each in pairs if each.zero_from == "start")
        self._views = ViewTracker()
        self._neutral: Neutral | None = None
        self._resting: deque[tuple[Pose, dict[str, Reading]]] = deque()

    @property
    def outlined(self) -> tuple[str, ...]:
        """Full names of the measures that are read from the silhouette."""
        return self._by_outline

    @property
    def neutral(self) -> Neutral | None:
        """The person's own start pose, None until it was seen."""
        return self._neutral

    def observe(self, pose: Pose) -> Observation:
        """Measure one moment."""
        if not pose.seen:
            return Observation(pose, UNKNOWN, {}, {})
        view = self._views.update(pose)
        outlines = {
            name: kept_reading(reading)
            for name, reading in raw(pose, self._by_outline, view, self._neutral).items()
        }
        if self._fitted:
            told = instrument().read(pose, self._names, view, self._neutral, outlines)
            return self._observation(pose, view, told, outlines)
        readings = measure(pose, self._by_landmarks, view, self._neutral)
        for name, outline in outlines.items():
            readings[name] = self._from_own_zero(name, outline)
        return self._observation(pose, view, readings, outlines)

    def _from_own_zero(self, name: str, outline: Reading) -> Reading:
        """Count what the outline shows from the person's own start pose."""
        if name not in self._from_start:
            return outline
        zero = nan if self._neutral is None else self._neutral.values.get(name, nan)
        return Reading(outline.value - zero, outline.confidence)

    def observe_photo(self, pose: Pose) -> Observation:
        """Measure a photo, which shows no start pose to count from.

        What is counted from the start pose elsewhere is given as the picture shows it, with
        less confidence.
        """
        if not pose.seen:
            return Observation(pose, UNKNOWN, {}, {})
        measured = measure_photo(pose, self._names, self._fitted)
        return self._observation(pose, measured.view, measured.readings, {})

    def _observation(
        self,
        pose: Pose,
        view: View,
        measured: Mapping[str, Reading],
        outlines: Mapping[str, Reading],
    ) -> Observation:
        """Add the angles of three landmarks, and what of all is known to the coach."""
        spreads = {
            name: reading.one()
            for name, reading in measured.items()
            if isinstance(reading, Told) and reading.confidence >= KNOWN
        }
        if self._fitted:
            spreads |= dict.fromkeys(self._angles, _ANGLE)
        readings = dict(measured)
        for name, (a, vertex, b) in self._angles.items():
            readings[name] = landmark_angle(
                pose, landmark(a, view), landmark(vertex, view), landmark(b, view)
            )
        readings = {name: kept_reading(reading) for name, reading in readings.items()}
        values = {
            name: float(reading.value) if reading.confidence >= KNOWN else nan
            for name, reading in readings.items()
        }
        return Observation(pose, view, readings, values, outlines, spreads)

    def rest(self, observation: Observation) -> None:
        """Take the observation as the person's neutral; called while they rest in it."""
        if not self._relative or not observation.pose.seen:
            return
        resting = self._resting
        pose = observation.pose
        now = float(pose.time_s)
        if resting and not (
            0 <= now - float(resting[-1][0].time_s) <= NEUTRAL_S
            and resting[-1][0].size == pose.size
        ):
            resting.clear()
        names = [name for name in self._from_start if name not in self._by_outline]
        zeros = raw(pose, names, observation.view, self._neutral) | dict(observation.outlines)
        resting.append((replace(pose, mask=None), zeros))
        while now - float(resting[0][0].time_s) > NEUTRAL_S:
            resting.popleft()
        if now - float(resting[0][0].time_s) >= NEUTRAL_LEAST_S:
            self._neutral = self._median()

    def _median(self) -> Neutral:
        poses = Pose.series([pose for pose, _ in self._resting])
        values: dict[str, float] = {}
        for name in self._from_start:
            known = [
                float(zeros[name].value)
                for _, zeros in self._resting
                if zeros[name].confidence >= KNOWN
            ]
            if known:
                values[name] = median(known)
        pose = neutral_of(poses, [UNKNOWN] * len(self._resting), ()).pose
        return Neutral(pose, values)


def _still(earlier: Pose, now: Pose) -> bool:
    """Whether the body has hardly moved between two moments."""
    still = list(_STILL_LANDMARKS)
    moved = now.image[still] - earlier.image[still]
    _, left_shoulder, right_shoulder, left_hip, right_hip = now.image[still]
    trunk = (left_shoulder + right_shoulder - left_hip - right_hip) / 2
    across = left_shoulder - right_shoulder
    size = max(np.hypot(*trunk), np.hypot(*across))
    return bool(np.hypot(moved[:, 0], moved[:, 1]).max() < STILL * size)


def _with_sides(names: Iterable[str]) -> tuple[str, ...]:
    """Zeros are kept for left and right: which of them is near may change."""
    full: set[str] = set()
    for name in names:
        stem, _, side = name.rpartition("_")
        full |= {f"{stem}_left", f"{stem}_right"} if side in ("near", "far") else {name}
    return tuple(sorted(full))
