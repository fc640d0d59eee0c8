"""The measures an exercise needs, read from one moment or from many.

What a live session reads frame by frame and what a kept one reads over arrays goes through here,
so that both are the same numbers, bit for bit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from math import nan
from typing import NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import measure, measure_series, moments, rows_by_view, split_name
from posecoach.body.landmark_angle import landmark, landmark_angle
from posecoach.body.measure import Neutral, Reading
from posecoach.body.silhouette import SPINE, drawn_for
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.instrument import NINE_OF_TEN, Seen, Told, ToldTable, error_deg, instrument
from posecoach.observe.instrument.told import SURE, ToldRows
from posecoach.observe.picture import beyond
from posecoach.observe.precision import KNOWN, kept_reading, known
from posecoach.observe.spread import EXACT, KeptSpreads, Spread, Spreads
from posecoach.pose.pose import Floats, Pose

FITTED = True
"""Whether the coach's values are the instrument's, in true degrees, or geometry's."""

EARLIER = ""
"""What a calibration says that was measured before readings had an instrument's version."""


def measured_with() -> str:
    """The version of what reads the coach's values: readings of two of them are not compared."""
    return instrument().version if FITTED else EARLIER


ANGLE_SPREAD = Spread(6.0, 6.0, 6.0)
"""Of the angle of three landmarks, for which there is no truth: each is off by some 5 % of a limb
(docs/accuracy.md, median joint errors against the trunk), which turns both lines by 4 degrees."""

Readings = dict[str, Reading]


class Taken(NamedTuple):
    """One moment.

    Attributes:
        readings: by full name.
        values: the same for the coach: degrees, NaN where confidence is below ``KNOWN``.
        spreads: how far the known values may be off; nothing by geometry.
    """

    readings: Mapping[str, Reading]
    values: dict[str, float]
    spreads: dict[str, Spread]


_ANGLE = "angle("


class Measures:
    """Reads measures by their full names; ``angle(a,vertex,b)`` names landmarks.

    Args:
        names: full names.
        fitted: whether the instrument reads them, in true degrees and with their spread; else
            geometry does, and nothing has a spread.
        shown: of the names, those that are unknown where an elbow or wrist they are read from
            lies outside of the picture (``picture``); where the model guesses it elsewhere, a
            guess is better than nothing.
        silhouette: whether the silhouette is looked at though no measure needs it: readers see
            in it what the body hides from the landmarks.

    Attributes:
        names: all of them; catalogued: those that are no angles of three landmarks.
        outlined: those that are read from the silhouette; drawn: names of all that is to be read
            from it (``body.silhouette``).
        from_start: those counted from the person's own start pose, left and right where a
            name says near or far: which side is near may change.
        on_zero: those whose reading depends on what the person shows at rest.
        wants_zero: whether it is to be taken for them.

    Raises:
        MeasureError: there is no measure of one of the names.
    """

    def __init__(
        self,
        names: Iterable[str],
        *,
        fitted: bool = FITTED,
        shown: Collection[str] = (),
        silhouette: bool = False,
    ) -> None:
        self.names = tuple(names)
        self.fitted = fitted
        self.shown = tuple(name for name in self.names if name in shown)
        self._angles = {name: _parts(name) for name in self.names if name.startswith(_ANGLE)}
        for part in {part for parts in self._angles.values() for part in parts}:
            landmark(part, UNKNOWN)
        self._angle_spreads = dict.fromkeys(self._angles, ANGLE_SPREAD)
        self.catalogued = tuple(n for n in dict.fromkeys(self.names) if n not in self._angles)
        found = {name: split_name(name)[0] for name in self.catalogued}
        self._by_landmarks = tuple(name for name, each in found.items() if not each.needs_mask)
        self.outlined = tuple(name for name, each in found.items() if each.needs_mask)
        self.drawn = drawn_for(self.outlined or ((SPINE,) if silhouette else ()))
        self.from_start = _with_sides(n for n, each in found.items() if each.zero_from == "start")
        # The readers compare every pose with the person's own.
        self.on_zero = tuple(
            name
            for name, each in found.items()
            if fitted or each.zero_from != "anatomy" or each.heeds_neutral
        )
        self.wants_zero = fitted or any(each.zero_from != "anatomy" for each in found.values())

    def read(
        self,
        poses: Pose,
        views: View | Sequence[View],
        neutral: Neutral | None,
        outlines: Mapping[str, Reading],
    ) -> Readings:
        """Read all of them, in the precision in which they are kept.

        Args:
            poses: one moment, or N.
            views: its view, or N of them.
            neutral: the person's own start pose, None while it is not known.
            outlines: by name, what the silhouette shows, before the person's own zero is
                subtracted.

        Returns:
            By name, a reading of () or (N,); the instrument's are ``Told``.
        """
        if self.fitted:
            told: Mapping[str, Reading]
            if isinstance(views, View):
                seen = Seen(poses, views, neutral, outlines)
                told = self._rows(seen)
            else:
                told = self._table(poses, views, neutral, outlines).by_name()
            return {**told, **self.kept(self.angles(poses, views))}
        readings = self._by_geometry(poses, views, neutral, outlines)
        return self.kept(readings | self.angles(poses, views))

    def kept(self, readings: Mapping[str, Reading]) -> Readings:
        """Return readings in the precision in which they are kept."""
        kept = {name: kept_reading(each) for name, each in readings.items()}
        return {
            name: replace(each, value=kept[name].value, confidence=kept[name].confidence)
            for name, each in readings.items()
        }

    def angles(self, poses: Pose, views: View | Sequence[View]) -> Readings:
        """Read the angles of three landmarks, which no zero counts for."""
        return {name: _angle(poses, views, parts) for name, parts in self._angles.items()}

    def taken(
        self, pose: Pose, view: View, neutral: Neutral | None, outlines: Mapping[str, Reading]
    ) -> Taken:
        """Read one moment, and say what of it the coach knows; for the arguments see ``read``."""
        if not self.fitted:
            return self.of(self.read(pose, view, neutral, outlines))
        seen = Seen(pose, view, neutral, outlines)
        told = self._rows(seen)
        if not self._angles:
            return Taken(told, told.known(), told.spreads())
        angles = self.of(self.kept(self.angles(pose, view)))
        return Taken(
            {**told, **angles.readings},
            told.known() | angles.values,
            told.spreads() | angles.spreads,
        )

    def of(self, readings: Mapping[str, Reading]) -> Taken:
        """Say what of the readings of one moment the coach knows."""
        known = {name: each for name, each in readings.items() if each.confidence >= KNOWN}
        values = {name: float(known[name].value) if name in known else nan for name in readings}
        spreads = {name: each.one() for name, each in known.items() if isinstance(each, Told)}
        return Taken({**readings}, values, spreads | {**self.plain_spreads()})

    def taken_many(
        self,
        poses: Pose,
        views: Sequence[View],
        neutral: Neutral | None,
        outlines: Mapping[str, Reading],
    ) -> tuple[Mapping[str, Floats], Sequence[Spreads]]:
        """Read N moments: by name (N,) what the coach knows, and of each moment the spreads.

        For the arguments see ``read``.
        """
        count = len(views)
        if not self.fitted:
            readings = self.read(poses, views, neutral, outlines)
            return {name: known(each) for name, each in readings.items()}, [EXACT] * count
        table = self._table(poses, views, neutral, outlines)
        columns, spreads = table.known(), table.spreads()
        for name, reading in self.kept(self.angles(poses, views)).items():
            columns[name] = known(reading)
            spreads[name] = [[number] * count for number in ANGLE_SPREAD]
        return columns, [KeptSpreads(spreads, index) for index in range(count)]

    def plain_spreads(self) -> Spreads:
        """How far those may be off that no zero counts for: the same at every moment."""
        return self._angle_spreads if self.fitted else EXACT

    def _rows(self, seen: Seen) -> ToldRows:
        """What the instrument says of one moment."""
        told = instrument().rows(seen, self.catalogued).kept()
        unseen = [name for name in self.shown if beyond(seen.pose, name, seen.view)]
        return told.without(unseen) if unseen else told

    def _table(
        self,
        poses: Pose,
        views: Sequence[View],
        neutral: Neutral | None,
        outlines: Mapping[str, Reading],
    ) -> ToldTable:
        """What the instrument says of N moments."""
        told = _told(poses, views, self.catalogued, neutral, outlines).kept()
        return told.without({name: _beyond(poses, name, views) for name in self.shown})

    def _by_geometry(
        self,
        poses: Pose,
        views: View | Sequence[View],
        neutral: Neutral | None,
        outlines: Mapping[str, Reading],
    ) -> Readings:
        if isinstance(views, View):
            readings = measure(poses, self._by_landmarks, views, neutral)
        else:
            readings = measure_series(poses, views, self._by_landmarks, neutral)
        for name in self.outlined:
            readings[name] = self._from_own_zero(name, outlines[name], neutral)
        for name in self.shown:
            out, found = _beyond(poses, name, views), readings[name]
            sure = np.where(out, 0.0, found.confidence)
            readings[name] = replace(found, value=np.where(out, nan, found.value), confidence=sure)
        return readings

    def _from_own_zero(self, name: str, outline: Reading, neutral: Neutral | None) -> Reading:
        """Count what the outline shows from the person's own start pose."""
        if name not in self.from_start:
            return outline
        zero = nan if neutral is None else neutral.values.get(name, nan)
        return Reading(outline.value - zero, outline.confidence)


def _told(
    poses: Pose,
    views: Sequence[View],
    names: Sequence[str],
    neutral: Neutral | None,
    outlines: Mapping[str, Reading],
) -> ToldTable:
    """What the instrument says of N moments; it reads those of equal view together."""
    shape = len(names), len(views)
    numbers = np.full((5, *shape), nan)
    numbers[SURE] = 0.0
    told = ToldTable(tuple(names), numbers, np.zeros(shape, bool), np.zeros(shape, bool))
    for view, rows in rows_by_view(views).items():
        seen = rows[np.asarray(poses.seen)[rows]]
        if not len(seen):
            continue
        here = {name: at(outline, seen) for name, outline in outlines.items()}
        each = instrument().table(Seen(moments(poses, seen), view, neutral, here), names)
        told.numbers[:, :, seen] = each.numbers
        told.movement[:, seen], told.fitted[:, seen] = each.movement, each.fitted
    return told


def _beyond(poses: Pose, name: str, views: View | Sequence[View]) -> bool | NDArray[np.bool_]:
    """``beyond`` of one moment, or of N with a view each."""
    if isinstance(views, View):
        return beyond(poses, name, views)
    out = np.zeros(len(views), bool)
    for view, rows in rows_by_view(views).items():
        out[rows] = beyond(moments(poses, rows), name, view)
    return out


def at(reading: Reading, rows: SupportsIndex | slice | NDArray[np.intp]) -> Reading:
    """One or some of the moments of a reading of (N,); what the instrument told stays told."""
    parts = (np.asarray(getattr(reading, part.name)[rows]) for part in fields(reading))
    return type(reading)(*parts)


def usual_spreads(names: Iterable[str]) -> Spreads:
    """How far readings of the instrument usually are off, where those of a moment are not kept."""
    usual: dict[str, Spread] = {}
    for name in names:
        spread = ANGLE_SPREAD.value if name.startswith(_ANGLE) else error_deg(name) / NINE_OF_TEN
        usual[name] = Spread(spread, spread, spread)
    return usual


def _parts(name: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(_ANGLE).removesuffix(")").split(","))


def _angle(poses: Pose, views: View | Sequence[View], parts: tuple[str, ...]) -> Reading:
    """An angle of three landmarks, in the picture."""
    if isinstance(views, View):
        return landmark_angle(poses, *(landmark(part, views) for part in parts))
    value, confidence = np.full(len(views), nan), np.zeros(len(views))
    for view, rows in rows_by_view(views).items():
        reading = landmark_angle(moments(poses, rows), *(landmark(part, view) for part in parts))
        value[rows], confidence[rows] = reading.value, reading.confidence
    return Reading(value, confidence)


def _with_sides(names: Iterable[str]) -> tuple[str, ...]:
    full: set[str] = set()
    for name in names:
        stem, _, side = name.rpartition("_")
        full |= {f"{stem}_left", f"{stem}_right"} if side in ("near", "far") else {name}
    return tuple(sorted(full))
