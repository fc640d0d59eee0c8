"""From numbers to places on a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.pose import Floats

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight mapping of ``low..high`` to ``start..end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies; beyond the ends it is put on the end."""
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.start + min(1.0, max(0.0, part)) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers between ``low`` and ``high``, about ``most`` of them."""
    span = high - low
    if not span > 0:
        return (low,)
    rough = span / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough - 1e-12)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(index * step for index in range(first, last + 1))


def time_ticks(seconds: float, most: int = 6) -> tuple[float, ...]:
    """Moments on a time axis: whole seconds, or whole minutes."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)
    step = next((each for each in steps if seconds / each <= most), 3600)
    return tuple(float(each) for each in range(0, int(seconds) + 1, step))


def longest_gap(times: Floats) -> float:
    """Return seconds between values that still go on from one to the next."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    return max(0.5, 3 * step)


def thinned(times: Floats, values: Floats, columns: int) -> list[tuple[Floats, Floats]]:
    """Runs of known values, thinned so that no peak is lost.

    Where there are more values than can be drawn, each of ``columns`` slices of time keeps
    its smallest and its largest.

    Returns:
        (times, values) of each run without a gap.
    """
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return []
    breaks = np.flatnonzero(np.diff(times[known]) > longest_gap(times)) + 1
    span = float(times[-1] - times[0]) or 1.0
    runs = []
    for rows in np.split(known, breaks):
        if len(known) > 2 * columns:
            rows = _extremes(rows, times, values, span / columns)
        runs.append((times[rows], values[rows]))
    return runs


def _extremes(rows: Rows, times: Floats, values: Floats, width: float) -> Rows:
    slices = ((times[rows] - times[0]) / width).astype(int)
    starts = np.flatnonzero(np.diff(slices, prepend=slices[0] - 1))
    keep = [rows[0], rows[-1]]
    for part in np.split(rows, starts[1:]):
        keep += [part[np.argmin(values[part])], part[np.argmax(values[part])]]
    return np.unique(keep)
