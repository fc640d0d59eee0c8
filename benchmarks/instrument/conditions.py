"""Whether the error depends on where the camera stands and who stands before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.instrument.judge import KNOWN, Run
from benchmarks.instrument.rows import MEASURES, Rows
from benchmarks.instrument.used import USED
from posecoach.body.catalogue import split_name
from posecoach.pose.pose import Floats

Which = NDArray[np.bool_]

HEAD = ("stretch", "measure", "moments")
CONDITIONS = ("yaw", "height", "distance", "lens", "sex", "age", "muscle", "weight")


def head() -> tuple[str, ...]:
    """Return the table's head."""
    return (*HEAD, *(f"{name}: low, middle, high" for name in CONDITIONS))


def table(rows: Rows, told: Run) -> Iterator[list[str]]:
    """Yield for each stretch and measure the mean absolute error in thirds of each condition.

    Of the yaw its size is taken; of the sexes male, then female.
    """
    start = rows.start == np.arange(len(rows))
    numbers = np.concatenate([np.abs(rows.camera[:, :1]), rows.camera[:, 1:], rows.body], axis=1)
    for stretch, measures in USED.items():
        for measure in measures:
            columns = [i for i, name in enumerate(MEASURES) if split_name(name)[0].name == measure]
            for kind in ("held", "free"):
                part = (rows.exercise == stretch) & (
                    rows.held if kind == "held" else rows.free & ~start
                )
                off = _off(rows, told, columns, part)
                if np.isfinite(off).sum() < 40:
                    continue
                yield [
                    stretch,
                    measure,
                    kind,
                    *(_thirds(off, numbers[part, index]) for index in range(len(CONDITIONS))),
                ]


def _off(rows: Rows, told: Run, columns: list[int], part: Which) -> Floats:
    """(K,) mean absolute error of both sides; NaN where unknown."""
    known = told.sure[part][:, columns] >= KNOWN
    off = np.abs(told.value[part][:, columns] - rows.true[part][:, columns])
    off = np.where(known, off, np.nan)
    count = np.isfinite(off).sum(axis=1)
    total = np.nansum(off, axis=1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _thirds(off: Floats, number: Floats) -> str:
    low, high = np.quantile(number, (1 / 3, 2 / 3))
    two = len(np.unique(number)) == 2
    parts = (
        (number <= number.min(), number > number.min())
        if two
        else (number <= low, (number > low) & (number <= high), number > high)
    )
    means = (off[part & np.isfinite(off)] for part in parts)
    return ", ".join(f"{each.mean():.1f}" if each.size else "-" for each in means)
