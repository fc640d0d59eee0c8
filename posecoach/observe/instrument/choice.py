"""Which reader reads a body, and what it tells: by whose people stand most alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from posecoach.observe.instrument.bodies import Body, arms_below, fineness_px, some, where
from posecoach.observe.instrument.features import features_of, mirrored_features
from posecoach.observe.instrument.ground import angles_of, limb_angles, mirrored_angles
from posecoach.observe.instrument.lines import Drawn, Rows, draw, shape_of
from posecoach.observe.instrument.reader import (
    Beside,
    FittedReader,
    Way,
    other_side,
    spread_of,
    swapped,
)
from posecoach.observe.instrument.told import CHANGE, SIDES, SPREAD, SURE, VALUE
from posecoach.observe.turns import goes_round, half_turn
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


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What readers told of N bodies.

    Attributes:
        share: (N,) how much of the value is theirs: 1 on their ground, 0 outside.
        names: by full name, the place in the table.
        table: (5, M, N): value, confidence, spread of the value, of its change and of left
            against right (``told.VALUE`` and on); NaN where not read.
        movement: (M, N) whether it is read within this movement only.
        everywhere: the names that readers alone tell of all N.
        foreign: (N,) whether a start pose was given that readers do not count from: it is like
            nobody's, or was taken in motion.
        beside: (M, N) what geometry's value is multiplied by, to be added to theirs; None where
            nothing is to be added.
    """

    share: Floats
    names: Mapping[str, int]
    table: Floats
    movement: NDArray[np.bool_]
    everywhere: Collection[str]
    foreign: NDArray[np.bool_]
    beside: Floats | None = None

    def tells(self, name: str) -> bool:
        """Whether readers tell all of a measure, and leave nothing to geometry."""
        return name in self.everywhere


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
    found = _Found(readers, Looks(now))
    missed = np.arange(len(now.image))
    if start is not None:
        owned = _owned(_began_as(readers, start), missed)
        missed = owned.pop(_NOBODY, missed[:0])
        for index, rows in owned.items():
            for turned in _sides(readers[index], view):
                found.read([(readers[index], turned)], start, rows)
                rows = rows[found.share[rows] == 0]
        if missed.size:
            found.read(view.usual, start, missed)
    foreign = np.zeros(len(now.image), bool)
    if missed.size:
        missed = missed[found.share[missed] == 0]
        found.read(view.usual, None, missed)
        foreign[missed] = start is not None
    return found.fitted(foreign)


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

    -1 where a start pose is not at the core of that reader's: some are slips of the model, and look
    like anything. A reader that is farther off does not get it for having a wider core, as those of
    whose people the model often slips have.
    """
    degrees = np.stack([_start_degrees(each, start) for each in readers], axis=-1)
    cores = np.array([EDGE * each.start_ground.core for each in readers])
    nearest = degrees.argmin(axis=-1)
    return np.where(degrees.min(axis=-1) < cores[nearest], nearest, _NOBODY)


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


class Looks:
    """What readers look at of N bodies: worked out when the first asks for it, and once.

    Readers of one shape look at the same lines, and a body whose left and right are exchanged is
    the same numbers in another order.
    """

    def __init__(self, bodies: Body) -> None:
        self.bodies = bodies
        self.many = len(bodies.image)
        self._shorter = np.minimum(bodies.size[:, 0], bodies.size[:, 1])
        self._drawn: dict[bool, Drawn] = {}
        self._angles: dict[tuple[bool, bool], Floats] = {}
        self._degrees: dict[tuple[str, bool], Floats] = {}

    def degrees(self, reader: FittedReader, turned: bool) -> Floats:
        """(N,) how far they are from a reader's ground."""
        key = reader.name, turned
        if key not in self._degrees:
            self._degrees[key] = reader.ground.degrees(self._angles_of(reader.upper, turned))
        return self._degrees[key]

    def fine(self, least_px: float) -> NDArray[np.bool_]:
        """(N,) whether they are drawn as finely as that."""
        enough: NDArray[np.bool_] = self._shorter >= least_px
        # No body is drawn less finely than its picture's shorter side says.
        return enough if enough.all() else fineness_px(self.bodies) >= least_px

    def features(self, reader: FittedReader, rows: Rows) -> Floats:
        """(n, F) what is looked at of some of them."""
        drawn = self._draw(reader.upper)
        if len(rows) == self.many:
            return features_of(drawn, self.bodies, reader.turned)
        return features_of(drawn.some(rows), some(self.bodies, rows), reader.turned)

    def _draw(self, upper: bool) -> Drawn:
        if upper not in self._drawn:
            self._drawn[upper] = draw(self.bodies, upper)
        return self._drawn[upper]

    def _angles_of(self, upper: bool, turned: bool) -> Floats:
        key = upper, turned
        if key not in self._angles:
            if turned:
                angles = mirrored_angles(self._angles_of(upper, False), shape_of(upper))
            else:
                angles = angles_of(self._draw(upper))
            self._angles[key] = angles
        return self._angles[key]


class _Found:
    """Gathers what readers tell of N bodies.

    Attributes:
        share: (N,) see ``Fitted``.
    """

    def __init__(self, readers: tuple[FittedReader, ...], looks: Looks) -> None:
        self._readers = readers
        self._looks = looks
        self.share: Floats = np.zeros(looks.many)
        self._names: Mapping[str, int] = {}
        self._table: Floats = np.empty((5, 0, looks.many))
        self._movement: NDArray[np.bool_] = np.empty((0, looks.many), bool)
        self._counts: dict[str, int] = {}
        self._withheld: set[str] = set()
        self._beside: Floats | None = None

    def fitted(self, foreign: NDArray[np.bool_]) -> Fitted:
        """Return all that was told; see ``Fitted.foreign``."""
        everywhere: Collection[str] = ()
        if (self.share == 1.0).all():
            everywhere = self._names
            if self._counts:  # several have read
                everywhere = {name for name, of in self._counts.items() if of == self._looks.many}
            if self._withheld:
                everywhere = set(everywhere) - self._withheld
        return Fitted(
            self.share,
            self._names,
            self._table,
            self._movement,
            everywhere,
            foreign,
            self._beside,
        )

    def read(self, candidates: Sequence[Candidate], start: Body | None, rows: Rows) -> None:
        """Let each of some bodies be read by the candidate whose people stand most alike.

        Args:
            candidates: who may read.
            start: the start poses to read by: one for all, or one for each of all N.
            rows: which of the N are read.
        """
        if not candidates or not rows.size:
            return
        every = len(rows) == self._looks.many
        apart, far = [], []
        for reader, turned in candidates:
            degrees = self._looks.degrees(reader, turned)
            degrees = degrees if every else degrees[rows]
            if start is None:
                apart.append(degrees)
                far.append(degrees / reader.ground.core)
                continue
            first = _start_degrees(reader, start)
            first = first[rows] if first.ndim else first
            apart.append(np.maximum(degrees, first))
            # With a start pose that its people never had it compares nothing.
            foreign = first > reader.start_ground.edge
            far.append(np.where(foreign, EDGE, degrees / reader.ground.edge))
        best = None if len(candidates) == 1 else np.argmin(apart, axis=0)
        for index, (reader, turned) in enumerate(candidates):
            fine = self._looks.fine(reader.least_px)
            may = (far[index] < EDGE) & (fine if every else fine[rows])
            mine = np.flatnonzero(may if best is None else may & (best == index))
            if mine.size:
                self.share[rows[mine]] = np.minimum((EDGE - far[index][mine]) / (EDGE - 1.0), 1.0)
                self._take(reader, turned, start, rows[mine])

    def _take(self, reader: FittedReader, turned: bool, start: Body | None, rows: Rows) -> None:
        """Put what one reader tells of some bodies into the table of all."""
        value, error = _read(reader, turned, self._looks.features(reader, rows), start, rows)
        kept = _kept(reader, start is not None, turned)
        spread = spread_of(error, kept.value, kept.power, kept.least, kept.most)
        own, other = spread.take(kept.places, axis=1).T, spread.take(kept.others, axis=1).T
        table = np.empty((5, len(kept.names), len(rows)))
        table[VALUE] = value.take(kept.places, axis=1).T
        if kept.round.size:
            table[VALUE, kept.round] = half_turn(table[VALUE, kept.round])
        change = np.multiply(own, kept.change, out=table[CHANGE])
        sides = np.multiply(np.hypot(own, other), kept.sides, out=table[SIDES])
        # A body shifts both sides alike, and yet what one of them is farther off than the other,
        # their difference is off at least: two errors' spreads obey the triangle inequality.
        np.maximum(sides, np.abs(own - other), out=sides)
        table[SPREAD] = wide = np.where(kept.zero, change, own)
        table[SURE] = _sure(wide)
        beside = None
        below = arms_below(self._looks.bodies) if start is None else _arms_below(start)
        if below.any():
            below = below[rows] if below.ndim else np.full(len(rows), True)
            beside = _put_beside(kept, table, kept.by_elbow[:, None] & below)
            self._withheld.update(reader.by_elbow)
        if len(rows) == self._looks.many:
            self._names, self._table, self._movement = kept.names, table, kept.movement
            self._beside = beside
            if len(rows) > 1:
                self._movement = np.repeat(kept.movement, len(rows), axis=1)
            return
        self._put(kept, table, rows, beside)

    def _put(self, kept: _Kept, table: Floats, rows: Rows, beside: Floats | None) -> None:
        """Put what was told of some bodies beside what was told of others."""
        places = _every_name(self._readers)
        if not self._counts:
            self._table = np.full((5, len(places), self._looks.many), np.nan)
            self._movement = np.zeros((len(places), self._looks.many), bool)
        for name in kept.names:
            self._counts[name] = self._counts.get(name, 0) + len(rows)
        at = np.ix_(np.array([places[name] for name in kept.names]), rows)
        self._movement[at] = kept.movement
        for plane, numbers in zip(self._table, table, strict=True):
            plane[at] = numbers
        if beside is not None:
            if self._beside is None:
                self._beside = np.zeros(self._movement.shape)
            self._beside[at] = beside
        self._names = {name: places[name] for name in self._counts}


def _sure(spread: Floats) -> Floats:
    """How far a fitted reading is believed."""
    return np.asarray(1.0 / (1.0 + np.square(spread / HALF_SURE_DEG)))


def _put_beside(kept: _Kept, table: Floats, hidden: NDArray[np.bool_]) -> Floats | None:
    """Leave to geometry what is read of hidden arms, or a part of it.

    Args:
        kept: the measures.
        table: (5, M, n) what a reader tells; changed in place.
        hidden: (M, n) what goes by an elbow that is not seen.

    Returns:
        (M, n) what geometry's value is multiplied by where it is added; None where nowhere.
    """
    own, geometry, spread, sides = kept.beside
    together = hidden & np.isfinite(own)
    table[:, hidden & ~together] = np.nan
    if not together.any():
        return None
    put = (table[VALUE] * own, _sure(spread), spread, spread, sides)
    for plane, numbers in zip(table, put, strict=True):
        np.copyto(plane, numbers, where=together)
    return np.where(together, geometry, 0.0)


_arms_below = lru_cache(maxsize=32)(arms_below)
"""Of start poses: what the picture shows is settled at rest, elbows that rise into it for a moment
are no arms."""


@cache
def _every_name(readers: tuple[FittedReader, ...]) -> Mapping[str, int]:
    """All that any of the readers tells, each name with a place."""
    names = dict.fromkeys(name for reader in readers for name in reader.measures)
    return {name: place for place, name in enumerate(names)}


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The measures that a reader tells, and what makes spreads of the errors it expects.

    Attributes:
        names: full names, M of them, each with its place.
        places, others: where each stands among the reader's, and where its other side does.
        value, least, power, most: of all the reader's measures.
        change, sides, zero, movement: (M, 1) of those kept.
        by_elbow: (M,) which of them go by the elbow.
        beside: (4, M, 1) the numbers of ``Beside``; NaN where there is none.
        round: where those stand among the M that go round.
    """

    names: Mapping[str, int]
    places: Rows
    others: Rows
    value: Floats
    least: Floats
    power: Floats
    most: Floats
    change: Floats
    sides: Floats
    zero: NDArray[np.bool_]
    movement: NDArray[np.bool_]
    by_elbow: NDArray[np.bool_]
    beside: Floats
    round: Rows


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
        {name: index for index, name in enumerate(names)},
        np.array([place[name] for name in names], dtype=np.intp),
        np.array([place.get(other_side(name), place[name]) for name in names], dtype=np.intp),
        np.array([each.value for each in way.worth]),
        np.array([each.least for each in way.worth]),
        np.array([each.power for each in way.worth]),
        np.array([each.most for each in way.worth]),
        np.array([[each.change] for each in worth]).reshape(-1, 1),
        np.array([[each.sides] for each in worth]).reshape(-1, 1),
        np.array([[name in ZERO_IS_START] for name in names], dtype=bool).reshape(-1, 1),
        np.array([[each.movement] for each in worth], dtype=bool).reshape(-1, 1),
        np.array([name in reader.by_elbow for name in names], dtype=bool),
        np.array([_numbers(each.beside) for each in worth]).reshape(-1, 4).T[:, :, None],
        np.array(
            [place for place, name in enumerate(names) if goes_round(name)],
            dtype=np.intp,
        ),
    )


def _numbers(beside: Beside | None) -> tuple[float, ...]:
    return (np.nan,) * 4 if beside is None else astuple(beside)


def _read(
    reader: FittedReader, turned: bool, looked: Floats, start: Body | None, rows: Rows
) -> tuple[Floats, Floats]:
    """Let a reader read bodies, turned as it looks at them.

    Args:
        reader: who reads.
        turned: whether left and right are exchanged for it.
        looked: (n, F) features of some of N bodies.
        start: the start poses: one for all, or one for each of the N.
        rows: which of the N the bodies are.
    """
    shape = shape_of(reader.upper)
    if reader.turned:
        first = None if start is None else _of_rows(_start_features(reader, start, False), rows)
        now = mirrored_features(looked, shape, True) if turned else looked
        value, error = reader.told(now, first)
    else:
        both = np.concatenate([looked, mirrored_features(looked, shape, False)])
        pair = None if start is None else _of_rows(_start_both_ways(reader, start), rows, 2)
        first = None if pair is None else pair.swapaxes(0, 1).reshape(both.shape)
        value, error = reader.told_both_ways(both, first)
    if start is not None:
        value -= _of_rows(_start_values(reader, start), rows)
    if not turned:
        return value, error
    return swapped(value, reader.measures), swapped(error, reader.measures, signed=False)


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
    return reader.features(_turned(_turned_start(reader, start), mirrored))


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


def _turned(body: Body, turned: bool) -> Body:
    return body.mirrored() if turned else body
