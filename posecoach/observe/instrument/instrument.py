"""The instrument: from a pose to true degrees, each with its spread between people.

    told = instrument().read(pose, ["elbow_flexion_left"], view, neutral)
    told["elbow_flexion_left"].value, told["elbow_flexion_left"].spread

For each measure, view, posture and framing the data files say what reads it: a fitted reader
where that is nearer to the truth of people it has never met, geometry elsewhere. A body that
stands as nobody stood in the fitting is read by geometry alone, with a wider spread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np

from posecoach.body.catalogue import measure, raw, split_name
from posecoach.body.measure import Neutral, Reading
from posecoach.body.spine import GAIN
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.instrument.choice import (
    SIDES,
    SPREAD,
    SURE,
    VALUE,
    Candidates,
    Fitted,
    fitted,
)
from posecoach.observe.instrument.features import Body
from posecoach.observe.instrument.geometry import GeometrySpreads
from posecoach.observe.instrument.reader import FittedReader
from posecoach.observe.instrument.told import Told
from posecoach.pose.pose import Floats, Pose

REAL = 1.25
"""How much wider every spread is taken than rendered people's, for real ones.

Rendered people share bones, skin and light with those the readers were fitted on, and are kinder
to the eye: their spread is a lower bound. What real photos and recordings show of it is in
docs/instrument.md."""

PHOTO_TRUST = 0.5
"""Confidence in geometry's value in a photo, whose zero should be the person's own start pose."""

_OUTLINE = "spine_flexion"
_OUTLINED = 0.15
_NONE, _ZERO = np.asarray(np.nan), np.asarray(0.0)
_NO = np.asarray(False)
_YES = np.asarray(True)
_UNTOLD = Told(_NONE, _ZERO, _NONE, _NONE, _NONE, _NO, _NO)


class Instrument:
    """Reads measures.

    Args:
        readers: the fitted ones.
        spreads: geometry's.
        version: of the data.
        real: how much wider spreads are taken for real people.
        again: by measure without side, the spread of one recording against another of the same
            person, in spreads between people.
    """

    def __init__(
        self,
        readers: Sequence[FittedReader],
        spreads: GeometrySpreads,
        version: str,
        real: float = REAL,
        again: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.readers = tuple(readers)
        self.spreads = spreads
        self.version = version
        self.again = again
        self._real = real
        self._candidates = lru_cache(maxsize=64)(self._made_for)
        self._cells = lru_cache(maxsize=4096)(self._cell)

    def read(
        self,
        pose: Pose,
        names: Iterable[str],
        view: View = UNKNOWN,
        neutral: Neutral | None = None,
        outlines: Mapping[str, Reading] | None = None,
        photo: bool = False,
    ) -> dict[str, Told]:
        """Read measures by name.

        Args:
            pose: one moment, or N moments seen in one view; somebody is seen in each.
            names: full names, also with near and far.
            view: how the camera sees the body.
            neutral: the person's start pose.
            outlines: what the silhouette shows, before the person's zero is subtracted; where
                it is left out it is read from the pose's mask, if that has one.
            photo: whether there will never be a start pose: geometry then gives what is
                counted from it as the picture shows it, with less confidence.

        Raises:
            MeasureError: there is no measure of one of the names.
        """
        wanted = {name: read_as(name, view) for name in names}
        if outlines is None:
            outlines = {}
            if pose.mask is not None:
                outlines = raw(pose, (_OUTLINE,), view, neutral)
        start = None if neutral is None else neutral_body(neutral)
        found = self.fitted(_body(pose, outlines.get(_OUTLINE)), start, view)
        flat = pose.image.ndim == 2
        rest = [name for name, full in wanted.items() if not found.tells(full)]
        readings = self._geometry(pose, rest, view, neutral, outlines, photo)
        if not flat:
            return {
                name: self.told(found, full, readings.get(name), view, name)
                for name, full in wanted.items()
            }
        return {
            name: self._one(found, full, readings.get(name), view, name)
            for name, full in wanted.items()
        }

    def fitted(self, now: Body, start: Body | None, view: View) -> Fitted:
        """Let the readers read one body or N.

        Args:
            now: of one moment or N.
            start: of the start pose: one, or one for each of N.
            view: in which all are seen.
        """
        now = now if now.image.ndim == 3 else now.listed()
        return fitted(self.readers, now, start, self._candidates(view))

    def _made_for(self, view: View) -> Candidates:
        turned = view.near == "right"
        seen = f"{view.facing}, {view.posture}"
        return Candidates(
            tuple(
                (each, each.turned and turned)
                for each in self.readers
                if view.facing in each.facings or seen in each.facings
            ),
            turned,
        )

    def _geometry(
        self,
        pose: Pose,
        names: Sequence[str],
        view: View,
        neutral: Neutral | None,
        outlines: Mapping[str, Reading],
        photo: bool,
    ) -> dict[str, Reading]:
        drawn = [name for name in names if name in outlines]
        rest = [name for name in names if name not in outlines]
        if not photo:
            readings = measure(pose, rest, view, neutral)
            zeros = {} if neutral is None else neutral.values
            for name in drawn:
                zero = zeros.get(name, np.nan)
                readings[name] = Reading(outlines[name].value - zero, outlines[name].confidence)
            return readings
        readings = raw(pose, rest, view) | {name: outlines[name] for name in drawn}
        return {
            name: reading
            if split_name(name, view)[0].zero_from == "anatomy"
            else Reading(reading.value, np.asarray(reading.confidence * PHOTO_TRUST))
            for name, reading in readings.items()
        }

    def _cell(self, name: str, view: View, ground: bool) -> Floats:
        """(3,) spreads of geometry."""
        cell = self.spreads.of(name, view, ground)
        return np.array([cell.value, cell.change, cell.sides]) * self._real

    def _one(
        self, found: Fitted, full: str, reading: Reading | None, view: View, name: str
    ) -> Told:
        """Put together what is told of one moment; the quick way where one of both says all."""
        column = found.columns.get(full)
        if column is not None and reading is None:
            row = column[0]
            wide = row[SPREAD : SIDES + 1] * self._real
            within = found.movement[full][0]
            return Told(row[VALUE], row[SURE], wide[0], wide[1], wide[2], within, _YES)
        geometry_alone = column is None or found.share[0] == 0.0 or full in found.withheld
        if reading is not None and geometry_alone:
            if not _known(reading):
                return _UNTOLD
            wide = self._cells(name, view, bool(found.share[0] == 1.0))
            return Told(reading.value, reading.confidence, wide[0], wide[1], wide[2], _NO, _NO)
        told = self.told(found, full, reading, view, name)
        return Told(*(np.asarray(getattr(told, key)[0]) for key in _TOLD))

    def told(
        self, found: Fitted, full: str, reading: Reading | None, view: View, name: str
    ) -> Told:
        """Put together what readers and geometry say of one measure, of N moments.

        Args:
            found: what the readers told.
            full: the name by which readers know the measure.
            reading: geometry's; None where readers told all of it.
            view: in which it is seen.
            name: the measure's full name.
        """
        share = found.share
        column = found.columns.get(full, np.full((len(share), 5), np.nan))
        part = np.where(np.isfinite(column[:, VALUE]), share, 0.0)
        spreads = column[:, SPREAD : SIDES + 1] * self._real
        value, sure = column[:, VALUE], np.where(part > 0, column[:, SURE], 0.0)
        within = np.where(part > 0, found.movement.get(full, np.zeros(len(share), bool)), False)
        read = part > 0.5
        if reading is not None:
            other, other_sure = np.atleast_1d(reading.value), np.atleast_1d(reading.confidence)
            known = np.isfinite(other) & (other_sure > 0)
            inside = (share == 1.0)[:, None]
            other_spread = np.where(
                inside, self._cells(name, view, True), self._cells(name, view, False)
            )
            part = np.where(known, part, np.where(part > 0, 1.0, 0.0))
            value = _mixed(part, value, other)
            mixed = np.where(
                ((part > 0) & (part < 1))[:, None], np.fmax(spreads, other_spread), spreads
            )
            spreads = np.where((part > 0)[:, None], mixed, other_spread)
            sure = np.where(part > 0, part * sure + (1 - part) * other_sure, other_sure)
        unknown = ~np.isfinite(value) | ~(sure > 0)
        spreads = np.where(unknown[:, None], np.nan, spreads)
        return Told(
            np.where(unknown, np.nan, value),
            np.where(unknown, 0.0, np.minimum(sure, 1.0)),
            spreads[:, 0],
            spreads[:, 1],
            spreads[:, 2],
            within,
            read,
        )


_TOLD = ("value", "confidence", "spread", "change", "sides", "movement", "fitted")


def _known(reading: Reading) -> bool:
    return bool(reading.confidence > 0 and np.isfinite(reading.value))


def _mixed(part: Floats, value: Floats, other: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        between = part * value + (1.0 - part) * other
    return np.where(part >= 1.0, value, np.where(part <= 0.0, other, between))


@lru_cache(maxsize=4096)
def read_as(name: str, view: View) -> str:
    """Return the name, with left or right, a reader knows a measure by.

    The arm's angle from the trunk is one, in whatever plane it is raised.

    Raises:
        MeasureError: there is no measure of this name.
    """
    found, side = split_name(name, view)
    stem = found.name.replace("shoulder_abduction", "shoulder_flexion")
    return stem if side is None else f"{stem}_{side}"


def _body(pose: Pose, outline: Reading | None) -> Body:
    shape = pose.image.shape[:-2]
    drawn = np.zeros((*shape, 2))
    if outline is not None:
        seen = np.isfinite(outline.value) & (outline.confidence >= _OUTLINED)
        drawn[..., 0] = np.where(seen, outline.value * GAIN, 0.0)
        drawn[..., 1] = seen
    size = np.array(pose.size, dtype=float)
    if shape:
        size = np.broadcast_to(size, (*shape, 2))
    return Body(pose.image, pose.world, pose.visibility, size, drawn)


@lru_cache(maxsize=8)
def neutral_body(neutral: Neutral) -> Body:
    """Return the body of a start pose; remembered, as every moment is compared with it."""
    zero = neutral.values.get(_OUTLINE)
    outline = None if zero is None else Reading(np.asarray(zero), np.asarray(1.0))
    return _body(neutral.pose, outline)


@cache
def instrument() -> Instrument:
    """Return the instrument that the package ships, read from its files once."""
    from posecoach.observe.instrument.kept import load

    return load()
