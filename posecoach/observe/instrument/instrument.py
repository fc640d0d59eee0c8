"""The instrument: from a pose to true degrees, each with its spread between people.

    told = instrument().read(pose, ["elbow_flexion_left"], view, neutral)
    told["elbow_flexion_left"].value, told["elbow_flexion_left"].spread

For each measure, view, posture and framing the data files say what reads it: a fitted reader
where that is nearer to the truth of people it has never met, geometry elsewhere. A body that
stands as nobody stood in the fitting is read by geometry alone, with a wider spread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import inf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import measure, raw, split_name
from posecoach.body.human import readable
from posecoach.body.measure import Neutral, Reading
from posecoach.body.silhouette import drawn
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.instrument.bodies import DRAWN, Body, outline_of
from posecoach.observe.instrument.choice import Candidates, Fitted, fitted
from posecoach.observe.instrument.geometry import Cell, GeometrySpreads
from posecoach.observe.instrument.reader import FittedReader
from posecoach.observe.instrument.told import (
    SPREAD,
    SURE,
    UNTOLD,
    VALUE,
    Row,
    Told,
    ToldRows,
    ToldTable,
)
from posecoach.observe.turns import goes_round, half_turn
from posecoach.pose.pose import Floats, Pose

REAL = 1.25
"""How much wider every spread is taken than rendered people's, for real ones.

Rendered people share bones, skin and light with those the readers were fitted on, and are kinder
to the eye: their spread is a lower bound. What real photos and recordings show of it is in
docs/instrument.md."""

PHOTO_TRUST = 0.5
"""Confidence in geometry's value in a photo, whose zero should be the person's own start pose."""


class Seen(NamedTuple):
    """What is read; see ``Instrument.read``."""

    pose: Pose
    view: View
    neutral: Neutral | None
    outlines: Mapping[str, Reading]
    photo: bool = False


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
        self._asked = lru_cache(maxsize=256)(self._asked_for)

    def read(
        self,
        pose: Pose,
        names: Iterable[str],
        view: View = UNKNOWN,
        neutral: Neutral | None = None,
        outlines: Mapping[str, Reading] | None = None,
        photo: bool = False,
    ) -> Mapping[str, Told]:
        """Read measures by name.

        Args:
            pose: one moment, or N moments seen in one view; somebody is seen in each.
            names: full names, also with near and far.
            view: how the camera sees the body.
            neutral: the person's start pose.
            outlines: by name, what the silhouette shows (``body.silhouette``), before the
                person's zero is subtracted; where it is left out it is read from the pose's
                mask, if that has one.
            photo: whether there will never be a start pose: geometry then gives what is
                counted from it as the picture shows it, with less confidence.

        Raises:
            MeasureError: there is no measure of one of the names.
        """
        if outlines is None:
            outlines = {}
            if pose.mask is not None:
                outlines = drawn(pose, DRAWN, view, neutral)
        seen = Seen(pose, view, neutral, outlines, photo)
        if pose.image.ndim == 2:
            return self.rows(seen, names)
        return self.table(seen, names).by_name()

    def rows(self, seen: Seen, names: Iterable[str]) -> ToldRows:
        """``read`` of one moment."""
        asked, found = self._asked(tuple(names), seen.view, seen.photo), self._found(seen)
        share = float(found.share[0])
        if 0.0 < share < 1.0 or found.beside is not None:
            return self._put_together(seen, asked, found).first()
        rows: dict[str, Row] = dict.fromkeys(asked.places, UNTOLD)
        fulls = zip(rows, asked.fulls, strict=True)
        own = {name: found.names[full] for name, full in fulls if full in found.everywhere}
        if len(own) < len(rows):
            cells = asked.inside if share == 1.0 else asked.outside
            if found.foreign[0]:
                cells = np.maximum(cells, asked.foreign).tolist()
            rest = [name for name in rows if name not in own]
            for name, reading in self._geometry(seen, rest).items():
                value, sure = float(reading.value), float(reading.confidence)
                place = asked.places[name]
                least, most = asked.limits[place]
                if least <= value <= most and sure > 0.0:
                    rows[name] = (value, min(sure, 1.0), *cells[place])
        if not own:
            return ToldRows(rows, (), ())
        numbers, movement = found.table[:, :, 0].copy(), found.movement[:, 0].tolist()
        numbers[SPREAD:] *= self._real
        told = numbers.T.tolist()
        rows |= {name: told[place] for name, place in own.items()}
        return ToldRows(rows, [name for name, place in own.items() if movement[place]], own)

    def table(self, seen: Seen, names: Iterable[str]) -> ToldTable:
        """``read`` of N moments, in one table."""
        return self._put_together(
            seen, self._asked(tuple(names), seen.view, seen.photo), self._found(seen)
        )

    def _put_together(self, seen: Seen, asked: _Asked, found: Fitted) -> ToldTable:
        own = [i for i, full in enumerate(asked.fulls) if full in found.everywhere]
        if len(own) == len(asked.fulls):
            return self._by_readers(found, asked)
        others = [i for i, full in enumerate(asked.fulls) if full not in found.everywhere]
        rest = asked.some(others)
        readings = self._geometry(seen, list(rest.places))
        mixed = self._mixed(found, rest, [readings[name] for name in rest.places])
        if not own:
            return mixed
        told = self._by_readers(found, asked.some(own))
        return _joined(tuple(asked.places), (own, told), (others, mixed))

    def _found(self, seen: Seen) -> Fitted:
        body, neutral = _body(seen.pose, seen.outlines), seen.neutral
        if neutral is None or neutral.still:
            start = None if neutral is None else neutral_body(neutral)
            return self.fitted(body, start, seen.view)
        # Taken in motion it is somewhere on the way: a reader would count from there.
        found = self.fitted(body, None, seen.view)
        return replace(found, foreign=np.ones_like(found.foreign))

    def fitted(self, now: Body, start: Body | None, view: View) -> Fitted:
        """Let the readers read one body or N.

        Args:
            now: of one moment or N.
            start: of the start pose: one, or one for each of N.
            view: in which all are seen.
        """
        now = now if now.image.ndim == 3 else now.listed()
        return fitted(self.readers, now, start, self._candidates(view))

    def _asked_for(self, names: tuple[str, ...], view: View, photo: bool) -> _Asked:
        names = tuple(dict.fromkeys(names))
        inside, outside = (
            [self._real_ones(self.spreads.of(name, view, ground)) for name in names]
            for ground in (True, False)
        )
        foreign = [
            (0.0, 0.0, 0.0)
            if split_name(name, view)[0].zero_from == "anatomy"
            else self._real_ones(self.spreads.foreign(read_as(name, view)))
            for name in names
        ]
        return _Asked(
            {name: index for index, name in enumerate(names)},
            tuple(read_as(name, view) for name in names),
            tuple(_limits(name, view, photo) for name in names),
            inside,
            outside,
            foreign,
        )

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

    def _geometry(self, seen: Seen, names: Sequence[str]) -> dict[str, Reading]:
        outlines, neutral, view = seen.outlines, seen.neutral, seen.view
        drawn = [name for name in names if name in outlines]
        rest = [name for name in names if name not in outlines]
        if not seen.photo:
            readings = measure(seen.pose, rest, view, neutral)
            zeros = {} if neutral is None else neutral.values
            for name in drawn:
                zero = zeros.get(name, np.nan)
                readings[name] = Reading(outlines[name].value - zero, outlines[name].confidence)
            return readings
        readings = raw(seen.pose, rest, view) | {name: outlines[name] for name in drawn}
        return {
            name: reading
            if split_name(name, view)[0].zero_from == "anatomy"
            else Reading(reading.value, np.asarray(reading.confidence * PHOTO_TRUST))
            for name, reading in readings.items()
        }

    def _real_ones(self, cell: Cell) -> tuple[float, float, float]:
        """Spreads of geometry, of real people."""
        return cell.value * self._real, cell.change * self._real, cell.sides * self._real

    def _by_readers(self, found: Fitted, asked: _Asked) -> ToldTable:
        """What is told where readers alone say all of it."""
        places = np.array([found.names[full] for full in asked.fulls], dtype=np.intp)
        numbers = found.table.take(places, axis=1)
        numbers[SPREAD:] *= self._real
        movement = found.movement.take(places, axis=0)
        return ToldTable(tuple(asked.places), numbers, movement, np.ones(movement.shape, bool))

    def told(
        self, found: Fitted, name: str, reading: Reading, view: View, photo: bool = False
    ) -> Told:
        """Put together what readers and geometry say of one measure, of N moments.

        Args:
            found: what the readers told.
            name: the measure's full name.
            reading: geometry's.
            view: in which it is seen.
            photo: whether there is no start pose, see ``read``.
        """
        asked = self._asked((name,), view, photo)
        return self._mixed(found, asked, [reading]).by_name()[name]

    def _mixed(self, found: Fitted, asked: _Asked, readings: Sequence[Reading]) -> ToldTable:
        """Put together what readers and geometry say of M measures, of N moments.

        Args:
            found: what the readers told.
            asked: the measures.
            readings: geometry's.
        """
        share = found.share
        other = _stacked([each.value for each in readings], len(share))
        other_sure = _stacked([each.confidence for each in readings], len(share))
        other_spread = _geometrys(found, asked)
        least, most = np.array(asked.limits).T[:, :, None]
        known = (other >= least) & (other <= most) & np.isfinite(other) & (other_sure > 0)
        other = np.where(known, other, np.nan)
        places = [found.names.get(full, -1) for full in asked.fulls]
        if max(places) < 0 or not share.any():
            numbers = np.concatenate([other[None], other_sure[None], other_spread])
            no = np.zeros(known.shape, bool)
            return ToldTable(tuple(asked.places), _where_known(known, numbers), no, no)
        told = [place >= 0 for place in places]
        columns = np.full((5, *known.shape), np.nan)
        columns[:, told] = found.table[:, [place for place in places if place >= 0]]
        movement = np.zeros(known.shape, bool)
        movement[told] = found.movement[[place for place in places if place >= 0]]
        if found.beside is not None:
            added = found.beside[[place for place in places if place >= 0]]
            columns[VALUE, told] += np.where(added > 0, added * other[told], 0.0)
        part = np.where(np.isfinite(columns[VALUE]), share, 0.0)
        read, movement = part > 0.5, movement & (part > 0)
        part = np.where(known, part, np.where(part > 0, 1.0, 0.0))
        mine = part > 0
        spreads = columns[SPREAD:] * self._real
        numbers = np.empty(columns.shape)
        numbers[VALUE] = _between(part, columns[VALUE], other)
        for place, full in enumerate(asked.fulls):
            if goes_round(full):
                own = columns[VALUE, place]
                nearer = own + half_turn(other[place] - own)
                between = half_turn(_between(part[place], own, nearer))
                numbers[VALUE, place] = np.where(mine[place], between, other[place])
        sure = part * columns[SURE] + (1 - part) * other_sure
        numbers[SURE] = np.where(mine, sure, other_sure)
        wider = np.where(mine & (part < 1), np.fmax(spreads, other_spread), spreads)
        numbers[SPREAD:] = np.where(mine, wider, other_spread)
        known = np.isfinite(numbers[VALUE]) & (numbers[SURE] > 0)
        return ToldTable(tuple(asked.places), _where_known(known, numbers), movement, read)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """M measures in one view.

    Attributes:
        places: full names as asked, with near and far, each with its place.
        fulls: those by which readers know them.
        limits: the least and the most that geometry may read of each.
        inside, outside: geometry's spreads (of value, change and sides) of bodies that stand as
            those stood who were measured, and of others.
        foreign: how wide they are at least where a start pose is like nobody's: 0 of a measure
            that does not count from it.
    """

    places: Mapping[str, int]
    fulls: Sequence[str]
    limits: Sequence[tuple[float, float]]
    inside: Sequence[tuple[float, float, float]]
    outside: Sequence[tuple[float, float, float]]
    foreign: Sequence[tuple[float, float, float]]

    def some(self, which: Sequence[int]) -> _Asked:
        """Return some of them."""
        names = list(self.places)
        return _Asked(
            {names[i]: place for place, i in enumerate(which)},
            [self.fulls[i] for i in which],
            [self.limits[i] for i in which],
            [self.inside[i] for i in which],
            [self.outside[i] for i in which],
            [self.foreign[i] for i in which],
        )


def _stacked(columns: Sequence[Floats], many: int) -> Floats:
    """(M, N) of M columns of N or of one number."""
    if many == 1:
        return np.array([each.item() for each in columns])[:, None]
    return np.stack([np.broadcast_to(each, (many,)) for each in columns])


def _geometrys(found: Fitted, asked: _Asked) -> Floats:
    """(3, M, N) the spreads of what geometry reads."""
    inside, outside, foreign = (
        np.array(each).T[:, :, None] for each in (asked.inside, asked.outside, asked.foreign)
    )
    spreads = np.where(found.share == 1.0, inside, outside)
    return np.where(found.foreign, np.maximum(spreads, foreign), spreads)


def _where_known(known: NDArray[np.bool_], numbers: Floats) -> Floats:
    """Return what is told, with nothing of what is not known."""
    told = np.where(known, numbers, np.nan)
    told[SURE] = np.where(known, np.minimum(numbers[SURE], 1.0), 0.0)
    return told


def _joined(names: tuple[str, ...], *parts: tuple[Sequence[int], ToldTable]) -> ToldTable:
    """Return one table of several, each with the places of its measures in it."""
    many = parts[0][1].numbers.shape[-1]
    numbers = np.empty((5, len(names), many))
    movement, fitted = np.empty((len(names), many), bool), np.empty((len(names), many), bool)
    for places, table in parts:
        numbers[:, places] = table.numbers
        movement[places], fitted[places] = table.movement, table.fitted
    return ToldTable(names, numbers, movement, fitted)


def _between(part: Floats, value: Floats, other: Floats) -> Floats:
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


def _limits(name: str, view: View, photo: bool) -> tuple[float, float]:
    """Return what geometry may read of a measure: beyond is no body, something else was seen."""
    found = split_name(name, view)[0]
    if photo and found.zero_from != "anatomy":  # it is given as the picture shows it
        return -inf, inf
    return readable(found)


def _body(pose: Pose, drawn: Mapping[str, Reading]) -> Body:
    shape = pose.image.shape[:-2]
    size = np.array(pose.size, dtype=float)
    if shape:
        size = np.broadcast_to(size, (*shape, 2))
    return Body(pose.image, pose.world, pose.visibility, size, outline_of(drawn, shape))


@lru_cache(maxsize=8)
def neutral_body(neutral: Neutral) -> Body:
    """Return the body of a start pose; remembered, as every moment is compared with it."""
    drawn = {
        name: Reading(np.asarray(neutral.values[name]), np.asarray(1.0))
        for name in DRAWN
        if name in neutral.values
    }
    return _body(neutral.pose, drawn)


@cache
def instrument() -> Instrument:
    """Return the instrument that the package ships, read from its files once."""
    from posecoach.observe.instrument.kept import load

    return load()
