"""Which reader reads a body, and what it tells: by whose people stand most alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from posecoach.observe.instrument.features import (
    Body,
    Rows,
    arms_below,
    fineness_px,
    joined,
    some,
    where,
)
from posecoach.observe.instrument.ground import limb_angles
from posecoach.observe.instrument.reader import FittedReader, Way, other_side, swapped
from posecoach.pose.pose import Floats

Candidate = tuple[FittedReader, bool]
"""A reader, and whether left and right are exchanged for it."""

EDGE = 1.3
"""From the edge of a reader's ground (1) to here its reading gives way to geometry's."""

HALF_SURE_DEG = 16.0
"""The spread at which a fitted reading is believed by half: as wide as most targets are far from
their faults."""

ZERO_IS_START = ("trunk_turn",)
"""Measures whose zero is the start pose by definition: what a reader tells of that pose itself is
taken off."""

BY_ELBOW = (
    "shoulder_protraction_left",
    "shoulder_protraction_right",
    "shoulder_elevation_left",
    "shoulder_elevation_right",
)
"""Measures that a reader tells from where the elbow goes, and does not from a guessed one: whose
arms are below the picture at rest is read by geometry, from head and shoulders alone."""

VALUE, SPREAD, CHANGE, SIDES, SURE = range(5)
"""Columns of what is told of a measure."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What readers told of N bodies.

    Attributes:
        share: (N,) how much of the value is theirs: 1 on their ground, 0 outside.
        whole: whether it is all theirs in every one of the N.
        columns: by full name (N, 5): value, its spread, that of its change and of left against
            right, confidence; NaN where not read.
        movement: by full name (N,) whether it is read within this movement only.
        withheld: names of columns that some rows are left out of.
    """

    share: Floats
    whole: bool
    columns: Mapping[str, Floats]
    movement: Mapping[str, NDArray[np.bool_]]
    withheld: frozenset[str] = frozenset()

    def tells(self, name: str) -> bool:
        """Whether all is told of a measure, and nothing left to geometry."""
        return self.whole and name in self.columns and name not in self.withheld


def fitted(
    readers: tuple[FittedReader, ...], now: Body, start: Body | None, view: Candidates
) -> Fitted:
    """Let the readers read N bodies, each the one on whose ground a body stands.

    Whose people began just as this person did reads, whatever the moment is told to be seen as: of
    a folded body the view is at times told wrong, for a whole hold, and a reader of other people
    then tells nonsense. Where nobody began quite so, or no start pose is known, the view says
    who may read.

    Args:
        readers: all there are.
        now: N bodies.
        start: of the start pose: one, or one for each of N.
        view: in which all are seen.
    """
    found = _Found(len(now.image))
    missed = np.arange(len(now.image))
    if start is not None:
        owned = _owned(_began_as(readers, start), missed)
        missed = owned.pop(_NOBODY, missed[:0])
        for index, rows in owned.items():
            for turned in _sides(readers[index], view):
                rest = rows[found.share[rows] == 0]
                found.read([(readers[index], turned)], now, start, rest)
        if missed.size:
            found.read(view.usual, now, start, missed)
    if missed.size:
        found.read(view.usual, now, None, missed[found.share[missed] == 0])
    whole = bool((found.share == 1.0).all())
    return Fitted(found.share, whole, found.columns, found.movement, frozenset(found.withheld))


def _owned(owner: Rows, rows: Rows) -> dict[int, Rows]:
    """Which rows belong to each reader, or to ``_NOBODY``; one owner is that of all."""
    if owner.ndim == 0:
        return {int(owner): rows}
    return {index: rows[owner == index] for index in np.unique(owner).tolist()}


def _sides(reader: FittedReader, view: Candidates) -> tuple[bool, ...]:
    """Whether left and right are exchanged for a reader: as the nearer side says, then not so."""
    return (view.turned, not view.turned) if reader.turned else (False,)


@lru_cache(maxsize=32)
def _began_as(readers: tuple[FittedReader, ...], start: Body) -> Rows:
    """Return the number of the reader whose people's start poses are most like one's.

    -1 where a start pose is at the core of no reader's: some are slips of the model, and look like
    anything.
    """
    degrees = np.stack([_start_degrees(each, start) for each in readers], axis=-1)
    cores = np.array([EDGE * each.start_ground.core for each in readers])
    degrees = np.where(degrees < cores, degrees, np.inf)
    return np.where(np.isfinite(degrees.min(axis=-1)), degrees.argmin(axis=-1), _NOBODY)


_NOBODY = -1
"""In place of a reader's number, for whose people began as none of a reader's did."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The readers made for a view.

    Attributes:
        usual: they, each with whether left and right are exchanged for it.
        turned: whether the right side is the nearer.
    """

    usual: tuple[Candidate, ...]
    turned: bool


@dataclass(slots=True, eq=False)
class _Found:
    """Gathers what readers tell of N bodies."""

    many: int
    share: Floats = field(init=False)
    columns: dict[str, Floats] = field(default_factory=dict)
    movement: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.share = np.zeros(self.many)

    def read(
        self, candidates: Sequence[Candidate], now: Body, start: Body | None, rows: Rows
    ) -> None:
        """Let each of some bodies be read by the candidate whose people stand most alike.

        Args:
            candidates: who may read.
            now: all N bodies.
            start: the start poses to read by: one for all, or one for each of all N.
            rows: which of the N are read.
        """
        if not candidates or not rows.size:
            return
        bodies = now if len(rows) == self.many else some(now, rows)
        angles: dict[tuple[bool, bool], Floats] = {}
        apart, far = [], []
        for reader, turned in candidates:
            key = turned, reader.upper
            if key not in angles:
                angles[key] = limb_angles(_side_of(bodies, turned), reader.upper)
            degrees = reader.ground.degrees(angles[key])
            if start is None:
                apart.append(degrees)
                far.append(degrees / reader.ground.core)
                continue
            first = _start_degrees(reader, start)
            first = first[rows] if first.ndim else first
            apart.append(np.maximum(degrees, first))
            ratios = degrees / reader.ground.edge, first / reader.start_ground.edge
            far.append(np.maximum(*ratios))
        best = None if len(candidates) == 1 else np.argmin(apart, axis=0)
        fine = fineness_px(bodies)
        for index, (reader, turned) in enumerate(candidates):
            may = (far[index] < EDGE) & (fine >= reader.least_px)
            mine = np.flatnonzero(may if best is None else may & (best == index))
            if mine.size:
                self.share[rows[mine]] = np.minimum((EDGE - far[index][mine]) / (EDGE - 1.0), 1.0)
                own = bodies if len(mine) == len(rows) else some(bodies, mine)
                self._take(reader, turned, own, start, rows[mine])

    def _take(
        self, reader: FittedReader, turned: bool, now: Body, start: Body | None, rows: Rows
    ) -> None:
        """Put what one reader tells of some bodies into the columns of all."""
        value, error = _read(reader, _side_of(now, turned), start, rows)
        if turned:
            value = swapped(value, reader.measures)
            error = swapped(error, reader.measures, signed=False)
        kept = _kept(reader, start is not None, turned)
        spread = np.maximum(error * kept.value, kept.least)
        own, other = spread.take(kept.places, axis=1), spread.take(kept.others, axis=1)
        change = own * kept.change
        wide = np.where(kept.zero, change, own)
        table = np.empty((len(kept.names), len(rows), 5))
        table[:, :, VALUE] = value.take(kept.places, axis=1).T
        table[:, :, CHANGE] = change.T
        table[:, :, SPREAD] = wide.T
        table[:, :, SIDES] = (np.hypot(own, other) * kept.sides).T
        table[:, :, SURE] = (1.0 / (1.0 + np.square(wide / HALF_SURE_DEG))).T
        self._withhold(kept.names, table, arms_below(now) if start is None else _below(start, rows))
        if len(rows) == self.many:
            self.columns = dict(zip(kept.names, table, strict=True))
            self.movement = kept.movement_of(self.many)
            return
        movement = kept.movement_of(len(rows))
        for i, name in enumerate(kept.names):
            if name not in self.columns:
                self.columns[name] = np.full((self.many, 5), np.nan)
                self.movement[name] = np.zeros(self.many, bool)
            self.columns[name][rows] = table[i]
            self.movement[name][rows] = movement[name]

    def _withhold(self, names: Sequence[str], table: Floats, below: NDArray[np.bool_]) -> None:
        """Tell nothing of the rows (N,) whose elbows are below the picture that elbows tell."""
        if not below.any():
            return
        for place, name in enumerate(names):
            if name in BY_ELBOW:
                table[place, below] = np.nan
                self.withheld.add(name)


def _below(start: Body, rows: Rows) -> NDArray[np.bool_]:
    """(N,) whether the arms are below the picture in the start poses of some rows.

    What the picture shows is settled at rest: elbows that rise into it for a moment are no arms.
    """
    below = arms_below(start)
    return below[rows] if below.ndim else np.full(len(rows), bool(below))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The measures that a reader tells, and what makes spreads of the errors it expects.

    Attributes:
        names: full names.
        places, others: where each stands among the reader's, and where its other side does.
        value, least: of all the reader's measures.
        change, sides, zero, movement: of those kept.
    """

    names: tuple[str, ...]
    places: Rows
    others: Rows
    value: Floats
    least: Floats
    change: Floats
    sides: Floats
    zero: NDArray[np.bool_]
    movement: tuple[bool, ...]

    def movement_of(self, many: int) -> dict[str, NDArray[np.bool_]]:
        """Return by name (many,) whether it is read within this movement only."""
        return {
            name: _BOTH[within] if many == 1 else np.full(many, within)
            for name, within in zip(self.names, self.movement, strict=True)
        }


_BOTH = (np.zeros(1, bool), np.ones(1, bool))


@lru_cache(maxsize=64)
def _kept(reader: FittedReader, by_start: bool, turned: bool) -> _Kept:
    way: Way = reader.way(by_start)
    if turned:
        way = way.of_other_side(reader.measures)
    place = {name: index for index, name in enumerate(reader.measures)}
    names = tuple(
        name
        for name in reader.measures
        if way.worth[place[name]].kept and (by_start or name not in ZERO_IS_START)
    )
    worth = [way.worth[place[name]] for name in names]
    return _Kept(
        names,
        np.array([place[name] for name in names], dtype=np.intp),
        np.array([place.get(other_side(name), place[name]) for name in names], dtype=np.intp),
        np.array([each.value for each in way.worth]),
        np.array([each.least for each in way.worth]),
        np.array([each.change for each in worth]),
        np.array([each.sides for each in worth]),
        np.array([name in ZERO_IS_START for name in names], dtype=bool),
        tuple(each.movement for each in worth),
    )


def _read(
    reader: FittedReader, bodies: Body, start: Body | None, rows: Rows
) -> tuple[Floats, Floats]:
    """Let a reader read bodies, turned as it looks at them.

    Args:
        reader: who reads.
        bodies: some of N.
        start: the start poses: one for all, or one for each of the N.
        rows: which of the N the bodies are.
    """
    if reader.turned:
        first = None if start is None else _of_rows(_start_features(reader, start, False), rows)
        value, error = reader.told(reader.features(bodies), first)
    else:
        both = reader.features(joined(bodies, bodies.mirrored()))
        pair = None if start is None else _of_rows(_start_both_ways(reader, start), rows, 2)
        first = None if pair is None else pair.swapaxes(0, 1).reshape(both.shape)
        value, error = reader.told_both_ways(both, first)
    if start is not None:
        value = value - _of_rows(_start_values(reader, start), rows)
    return value, error


def _of_rows(numbers: Floats, rows: Rows, axes: int = 1) -> Floats:
    """Return the numbers of the start poses of some rows, one for each.

    Args:
        numbers: of one start pose for all, or of one for each of all rows.
        rows: which of all rows.
        axes: of what belongs to one start pose.
    """
    if numbers.ndim > axes:
        return numbers[rows]
    if len(rows) == 1:
        return numbers[None]
    return np.broadcast_to(numbers, (len(rows), *numbers.shape))


# What is asked of a start pose again and again, once for each moment compared with it.


@lru_cache(maxsize=32)
def _start_features(reader: FittedReader, start: Body, mirrored: bool) -> Floats:
    return reader.features(_side_of(_turned_start(reader, start), mirrored))


@lru_cache(maxsize=32)
def _start_both_ways(reader: FittedReader, start: Body) -> Floats:
    """(..., 2, F) of the start poses and of their mirror images."""
    return np.stack([_start_features(reader, start, mirrored) for mirrored in _BOTH_WAYS], axis=-2)


_BOTH_WAYS = (False, True)


@lru_cache(maxsize=32)
def _start_values(reader: FittedReader, start: Body) -> Floats:
    """Return what to take off a reader's values, see ``ZERO_IS_START``; 0 from most."""
    first = _start_features(reader, start, False)
    if reader.turned:
        value, _ = reader.told(first, first)
    else:
        both = np.stack([first, _start_features(reader, start, True)]).reshape(-1, first.shape[-1])
        value, _ = reader.told_both_ways(both, both)
        value = value.reshape(*first.shape[:-1], -1)
    return np.where([name in ZERO_IS_START for name in reader.measures], value, 0.0)


@lru_cache(maxsize=32)
def _start_degrees(reader: FittedReader, start: Body) -> Floats:
    return reader.start_ground.degrees(limb_angles(_turned_start(reader, start), reader.upper))


@lru_cache(maxsize=32)
def _turned_start(reader: FittedReader, start: Body) -> Body:
    """Return start poses with that side made the left in which they are like the reader's.

    The model takes a folded body's left for its right at times, so it is asked of the start pose
    by itself, and not taken from the moment compared with it.
    """
    if not reader.turned:
        return start
    other = start.mirrored()
    here, there = (
        reader.start_ground.degrees(limb_angles(each, reader.upper)) for each in (start, other)
    )
    if start.image.ndim == 2:
        return other if there < here else start
    return where(there < here, other, start)


def _side_of(body: Body, turned: bool) -> Body:
    return body.mirrored() if turned else body
