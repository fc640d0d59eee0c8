"""What each fitted measure, and geometry, was worth for people left out of the fitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.instrument.groups import Group, Sample, nearest_turn
from benchmarks.instrument.rows import MEASURES, Ints, Rows
from benchmarks.instrument.used import USED, asked
from posecoach.body.catalogue import split_name
from posecoach.body.view import View
from posecoach.observe.instrument.bodies import arms_below, some
from posecoach.observe.instrument.geometry import Cell, GeometrySpreads, seen_as
from posecoach.observe.instrument.reader import (
    BY_ELBOW,
    WIDEST,
    Beside,
    Worth,
    other_side,
    spread_of,
)
from posecoach.observe.instrument.told import NINE_OF_TEN
from posecoach.pose.pose import Floats

Which = NDArray[np.bool_]

SHOWN = 0.6
"""Degrees read for a true degree: with less the joint is not seen."""
KNOWN = 0.15
LEAST_PEOPLE = 40
LEAST_HIDDEN = 30
"""People whose arms are below the picture: there are 57, of whom a fold leaves out a third."""
LEAST_SHARE = 0.2
"""Share of holds whose spread is taken for too small."""
PARTS = 20
"""By how sure a network is: a twentieth is the least of whom nine of ten can be told."""
LEAST_SPREAD = 0.1
"""Degrees: none is told finer."""
MOVES_DEG = 3.0
"""A stretch says something of a measure where its truth has at least this spread there."""

_LEGS = (
    "hip_flexion",
    "knee_flexion",
    "thigh_inclination",
    "leg_lateral_inclination",
    "shank_spread",
)


def left_to_geometry(group: Group, by_start: bool) -> tuple[str, ...]:
    """Return measures, without side, that a group leaves to geometry whatever the figures say.

    Args:
        group: whose network it is.
        by_start: whether it sees the start pose.
    """
    if group.name != "front":
        return ()
    # It does not look at the legs: what it tells of them is what is usual. Somebody folded on the
    # floor was told the hips of one who stands.
    if by_start:
        return _LEGS
    # Of a real person with hanging arms, by whose photo they bend by less than 30
    # (../shared/photos, upward_stretch_0), it told 31 and geometry 16.
    return (*_LEGS, "elbow_flexion")


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """A network's readings of people who were left out of its fitting.

    Attributes:
        value, error: (K, M) in the order of the sample; NaN where nobody was left out.
    """

    value: Floats
    error: Floats


def within(off: Floats, unit: Floats | None = None) -> float:
    """Return the spread, in units (else degrees), that holds nine of ten errors."""
    unit = np.ones_like(off) if unit is None else unit
    known = np.isfinite(off) & np.isfinite(unit) & (unit > 0)
    if known.sum() < 20:
        return float("nan")
    return float(np.quantile(np.abs(off[known]) / unit[known], 0.9) / NINE_OF_TEN)


def doubt(off: Floats, expected: Floats) -> tuple[float, float]:
    """Return how the spread goes with the error a network expects, by people left out.

    What it expects it learnt from people whose errors it has made small: of rare poses it says too
    much (a folded neck 30 degrees, and was off by 11), of hidden arms too little. In parts from
    where it is surest to where it is least sure, the spread that was is compared with what was
    expected; a straight line through their logarithms is a power.

    Args:
        off: (K,) or (K, 2) errors, degrees, of a measure or of both its sides.
        expected: the same shape, what the network expected, degrees.

    Returns:
        The power, and the largest spread that was in any part, degrees.
    """
    known = np.isfinite(off) & np.isfinite(expected) & (expected > 0)
    if known.sum() < PARTS * LEAST_PEOPLE:
        return 1.0, WIDEST
    order = np.argsort(expected[known], kind="stable")
    parts = np.array_split(order, PARTS)
    was = np.array([within(off[known][part]) for part in parts])
    said = np.array([np.median(expected[known][part]) for part in parts])
    line = np.polyfit(np.log(said), np.log(np.maximum(was, LEAST_SPREAD)), 1)
    return round(float(np.clip(line[0], 0.0, 2.0)), 2), round(float(was.max()), 2)


def slope(true: Floats, read: Floats) -> float:
    """Return degrees read for a true degree, 0 where the truth does not move."""
    known = np.isfinite(true) & np.isfinite(read)
    if known.sum() < 20 or true[known].std() < MOVES_DEG:
        return 0.0
    return float(np.polyfit(true[known], read[known], 1)[0])


def worths(
    group: Group, data: Sample, rows: Rows, left_out: LeftOut, which: Which, by_start: bool
) -> tuple[Worth, ...]:
    """Judge each measure of a network.

    Args:
        group: whose network it is.
        data: its sample.
        rows: all rows.
        left_out: the network's readings.
        which: (K,) the rows judged by.
        by_start: whether it sees the start pose.
    """
    left = left_to_geometry(group, by_start)
    off = left_out.value - data.true
    start = rows.start[data.rows] == data.rows
    free = rows.free[data.rows]
    hidden = _arms_hidden(data, by_start)
    judged = []
    for index, name in enumerate(data.measures):
        other = index
        if other_side(name) in data.measures:
            other = data.measures.index(other_side(name))
        # Before a camera in front left and right are one thing in a mirror. From the side they
        # are the near one and the far one, and another matter each.
        alike = [index] if group.turned else sorted({index, other})
        # Where a joint lies still it is read well by whoever says what is usual.
        moving = np.any([moves(data, rows, each) for each in alike], axis=0) & which
        held = rows.held[data.rows] & moving
        alone = free & moving & ~start
        shown = slope(data.true[alone][:, alike].ravel(), left_out.value[alone][:, alike].ravel())
        # A start pose shows what is usual, too.
        moved = moving & ~start
        error = off[:, alike]
        asked = moved & asks(data, rows, name, moved)
        power, most = doubt(error[asked], left_out.error[asked][:, alike])
        value = round(within(error[asked], left_out.error[asked][:, alike] ** power), 4)
        spreads = spread_of(left_out.error, value, power, most=most)
        unit = spreads[:, alike]
        hides = hidden & asked & (split_name(name)[0].name in BY_ELBOW)
        both = np.hypot(spreads[:, index], spreads[:, other])
        apart = off[:, index] - off[:, other]
        spread = unit[held][np.isfinite(error[held])]
        change = within((error - error[data.start])[asked], unit[asked])
        judged.append(
            Worth(
                kept=bool(moved.any())
                and split_name(name)[0].name not in left
                and helps(data, left_out, alike, held, alone),
                movement=bool(shown < SHOWN),
                value=value,
                change=round(change, 4),
                sides=1.0 if other == index else round(within(apart[asked], both[asked]), 4),
                least=_quantile(spread, LEAST_SHARE),
                usual=_quantile(spread, 0.5),
                power=power,
                most=most,
                beside=beside(data, rows, left_out, sorted({index, other}), hides),
            )
        )
    return tuple(judged)


def _arms_hidden(data: Sample, by_start: bool) -> Which:
    """(K,) whether the arms of whom the row is of are below the picture at rest."""
    if not by_start:
        return np.zeros(len(data.rows), dtype=bool)
    return arms_below(some(data.now, data.start))


def beside(
    data: Sample, rows: Rows, left_out: LeftOut, columns: Sequence[int], hidden: Which
) -> Beside | None:
    """Find how a reader's reading and geometry's are put together to follow a movement.

    Args:
        data: the sample.
        rows: all rows.
        left_out: the network's readings.
        columns: of both sides of a measure.
        hidden: (K,) moments of arms below the picture.

    Returns:
        What each is multiplied by, which makes the mean of both in the size that geometry tells;
        None where there are too few people, or geometry alone follows as closely.
    """
    true, geometry, fitted = (
        each[hidden][:, columns] for each in (data.true, data.read, left_out.value)
    )
    seen = np.isfinite(true) & np.isfinite(fitted) & (data.sure[hidden][:, columns] >= KNOWN)
    seen &= np.isfinite(geometry)
    people = rows.person[data.rows[hidden]]
    if len(np.unique(people[seen.any(axis=1)])) < LEAST_HIDDEN:
        return None
    # What is asked is how far somebody moves: what is off all the while takes nothing from that.
    moved, *readings = (
        _from_own_mean(np.where(seen, each, np.nan), people)[seen]
        for each in (true, fitted, geometry)
    )
    told, shown = (float(np.polyfit(moved, each, 1)[0]) for each in readings)
    own = shown / told / 2
    if _closely(moved, own * readings[0] + readings[1] / 2) <= _closely(moved, readings[1]):
        return None
    off = np.where(seen, own * fitted + geometry / 2 - true, np.nan)
    spread = within(off)
    sides = within(off[:, 0] - off[:, -1]) if len(columns) == 2 else spread
    return Beside(*(round(float(each), 3) for each in (own, 0.5, spread, sides)))


def _closely(moved: Floats, read: Floats) -> float:
    """Correlation of a movement with what is read of it."""
    return float(np.corrcoef(moved, read)[0, 1])


def _from_own_mean(values: Floats, people: Ints) -> Floats:
    """(K, 2) values less the mean of all of the same person."""
    own = values.copy()
    for person in np.unique(people):
        own[people == person] -= np.nanmean(values[people == person])
    return own


def moves(data: Sample, rows: Rows, index: int) -> Which:
    """(K,) whether the row is of a stretch in which a measure moves."""
    stretches = rows.exercise[data.rows]
    moving = [
        stretch
        for stretch in sorted(set(stretches.tolist()))
        if np.isfinite(data.true[stretches == stretch, index]).any()
        and np.nanstd(data.true[stretches == stretch, index]) >= MOVES_DEG
    ]
    return np.isin(stretches, moving)


def asks(data: Sample, rows: Rows, name: str, moved: Which) -> Which:
    """(K,) whether the row is of a stretch that asks for a measure; all where none does.

    How far off a reading may be is to be true where somebody goes by it: arms that reach for the
    knees are read better than those behind the head, of which alone the elbow's lead is asked.
    """
    stretches = rows.exercise[data.rows]
    measure = split_name(name)[0].name
    asking = np.isin(stretches, [each for each in USED if measure in asked(each)])
    return asking if (asking & moved).any() else np.ones(len(stretches), dtype=bool)


def _quantile(spread: Floats, share: float) -> float:
    return round(float(np.quantile(spread, share)), 2) if spread.size else 0.0


def helps(
    data: Sample, left_out: LeftOut, columns: Sequence[int], held: Which, free: Which
) -> bool:
    """Tell whether a fitted measure is nearer to the truth than geometry, held and free.

    Where geometry knows less than half of the moments, there is nothing to compare with.

    Args:
        data: the sample.
        left_out: the network's readings.
        columns: of the measure, or of its two sides.
        held, free: (K,) moments of each kind in which it moves, on either side.
    """
    true = data.true[:, columns]
    geometry = np.abs(data.read[:, columns] - true)
    fitted = np.abs(left_out.value[:, columns] - true)
    seen = np.isfinite(geometry) & np.isfinite(fitted) & (data.sure[:, columns] >= KNOWN)
    for part in (held, free):
        told = part[:, None] & np.isfinite(true)
        if (seen & told).sum() < max(20, 0.5 * told.sum()):
            continue
        if fitted[told & seen].mean() >= geometry[told & seen].mean():
            return False
    return True


def geometry_spreads(rows: Rows, read: Floats, which: Which) -> GeometrySpreads:
    """Measure the spreads of geometry, by measure and how the body is seen.

    Args:
        rows: all rows.
        read: (K, M) geometry with the start pose as its zero.
        which: (K,) the rows to go by.
    """
    off = np.where(rows.sure >= KNOWN, nearest_turn(read, rows.true) - rows.true, np.nan)
    change = off - off[rows.start]
    moved = rows.start != np.arange(len(rows))
    keys = np.array(
        [
            seen_as(View(facing, posture))
            for facing, posture in zip(rows.facing, rows.posture, strict=True)
        ]
    )
    cells: dict[str, dict[str, Cell]] = {}
    for name in dict.fromkeys(split_name(each)[0].name for each in MEASURES):
        columns = [i for i, each in enumerate(MEASURES) if split_name(each)[0].name == name]
        found: dict[str, Cell] = {}
        for key in ("", *sorted(set(keys))):
            part = which & moved & ((keys == key) | (key == ""))
            cell = _cell(rows, off, change, moved, columns, part)
            if cell is not None:
                found[key] = cell
        if found:
            cells[name] = found
    return GeometrySpreads(cells)


def _cell(
    rows: Rows, off: Floats, change: Floats, moved: Which, columns: list[int], part: Which
) -> Cell | None:
    many = np.isfinite(off[:, columns]).any(axis=1) & part
    people = len(np.unique(rows.person[many]))
    if people < LEAST_PEOPLE:
        return None
    value = within(off[part][:, columns])
    later = within(change[part & moved][:, columns])
    sides = within(off[part, columns[0]] - off[part, columns[1]]) if len(columns) == 2 else value
    numbers = [value if np.isnan(each) else each for each in (value, later, sides)]
    value, later, sides = (round(each, 2) for each in numbers)
    return Cell(value, later, sides, people)
