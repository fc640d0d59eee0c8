"""The instrument as it runs, on people left out of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.instrument.derive import Derived
from benchmarks.instrument.groups import as_coached, body, from_start, nearest_turn
from benchmarks.instrument.rows import MEASURES, Rows
from benchmarks.instrument.used import USED
from benchmarks.instrument.worth import slope
from posecoach.body.catalogue import split_name
from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.observe.instrument.instrument import PHOTO_TRUST, Instrument
from posecoach.observe.instrument.told import NINE_OF_TEN
from posecoach.pose.pose import Floats

KNOWN = 0.15
Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What was told of K rows.

    Attributes:
        value, sure, spread, change, sides: (K, M) in the order of ``MEASURES``.
        movement, fitted: (K, M).
    """

    value: Floats
    sure: Floats
    spread: Floats
    change: Floats
    sides: Floats
    movement: Which
    fitted: Which


def run(rows: Rows, derived: Derived, with_start: bool) -> Run:
    """Read every row with the instrument that never met its person."""
    shape = (len(rows), len(MEASURES))
    found = Run(
        *(np.full(shape, np.nan) for _ in range(5)),
        *(np.zeros(shape, bool) for _ in range(2)),
    )
    read = from_start(rows) if with_start else rows.photo
    sure = rows.sure.copy() if with_start else rows.photo_sure.copy()
    if not with_start:
        for index, name in enumerate(MEASURES):
            if split_name(name)[0].zero_from != "anatomy":
                sure[:, index] *= PHOTO_TRUST
    for k, judge in enumerate(derived.judges):
        for view, which in _views(rows, derived.fold == k):
            _run(rows, judge, view, which, (read, sure), with_start, found)
    found.value[:] = nearest_turn(found.value, rows.true)
    return found


def _views(rows: Rows, part: Which) -> Iterator[tuple[View, NDArray[np.intp]]]:
    told = list(zip(rows.facing.tolist(), rows.posture.tolist(), rows.near.tolist(), strict=True))
    for key in sorted(set(told)):
        which = np.array([each == key for each in told]) & part
        if which.any():
            yield View(*key), np.flatnonzero(which)


def _run(
    rows: Rows,
    judge: Instrument,
    view: View,
    which: NDArray[np.intp],
    geometry: tuple[Floats, Floats],
    with_start: bool,
    found: Run,
) -> None:
    stretches = rows.exercise[which]
    start = as_coached(body(rows, rows.start[which]), stretches) if with_start else None
    fitted = judge.fitted(as_coached(body(rows, which), stretches), start, view)
    for index, name in enumerate(MEASURES):
        by_geometry = Reading(geometry[0][which, index], geometry[1][which, index])
        told = judge.told(fitted, name, by_geometry, view, photo=not with_start)
        found.value[which, index] = told.value
        found.sure[which, index] = told.confidence
        found.spread[which, index] = told.spread
        found.change[which, index] = told.change
        found.sides[which, index] = told.sides
        found.movement[which, index] = told.movement
        found.fitted[which, index] = told.fitted


HEAD = (
    "stretch",
    "measure",
    "moments",
    "people",
    "true SD",
    "as it was: MAE/SD/known",
    "told: MAE/SD",
    "bias",
    "slope",
    "known",
    "fitted",
    "90 % covers",
    "change covers",
    "sides covers",
)


def table(rows: Rows, told: Run, before: tuple[Floats, Floats]) -> list[list[str]]:
    """Return a row for each stretch, measure, and held or free moments.

    Args:
        rows: all rows.
        told: the instrument's readings.
        before: geometry's values and confidences.
    """
    lines = []
    before = nearest_turn(before[0], rows.true), before[1]
    start = rows.start == np.arange(len(rows))
    for stretch, measures in USED.items():
        for measure in measures:
            columns = [i for i, name in enumerate(MEASURES) if split_name(name)[0].name == measure]
            for kind in ("held", "free"):
                part = (rows.exercise == stretch) & (
                    rows.held if kind == "held" else rows.free & ~start
                )
                line = _line(rows, told, before, columns, part)
                if line:
                    lines.append([stretch, measure, kind, *line])
    return lines


def _line(
    rows: Rows, told: Run, before: tuple[Floats, Floats], columns: list[int], part: Which
) -> list[str]:
    true = rows.true[part][:, columns]
    if np.isfinite(true).sum() < 40:
        return []

    def pick(values: Floats) -> Floats:
        return np.where(np.isfinite(true), values[part][:, columns], np.nan)

    value = np.where(pick(told.sure) >= KNOWN, pick(told.value), np.nan)
    old = np.where(pick(before[1]) >= KNOWN, pick(before[0]), np.nan)
    first = rows.start[part]
    off = value - true
    off_start = told.value[first][:, columns] - rows.true[first][:, columns]
    change = covered(off - off_start, pick(told.change))
    sides = "-"
    if len(columns) == 2:
        sides = covered(off[:, 0] - off[:, 1], pick(told.sides)[:, 0])
    known = np.isfinite(true)
    return [
        str(len(np.unique(rows.person[part]))),
        f"{np.nanstd(true):.0f}",
        f"{_errors(old - true)} {np.isfinite(old)[known].mean():.0%}",
        _errors(off),
        f"{np.nanmean(off) if np.isfinite(off).any() else np.nan:+.1f}",
        f"{slope(true.ravel(), value.ravel()):.2f}",
        f"{np.isfinite(value)[known].mean():.0%}",
        f"{(pick(told.fitted.astype(float)) == 1)[known].mean():.0%}",
        covered(off, pick(told.spread)),
        change,
        sides,
    ]


def _errors(off: Floats) -> str:
    seen = off[np.isfinite(off)]
    return f"{np.abs(seen).mean():.1f}/{seen.std():.1f}" if len(seen) else "-/-"


def covered(off: Floats, spread: Floats) -> str:
    """Return the share of errors within the 90 % interval."""
    both = np.isfinite(off) & np.isfinite(spread)
    if not both.any():
        return "-"
    return f"{(np.abs(off[both]) <= NINE_OF_TEN * spread[both]).mean():.0%}"
