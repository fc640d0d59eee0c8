"""Where a movement was held, and how far out: from (times, values) to trials.

Pure arithmetic over one measure in one direction. The answer must not depend on a jerk, a
landmark that jumps for a frame, a dropout or the camera's frame rate:

* a running median takes out what lasts a frame;
* only what is *still* for a second can be a level: the middle of the values spreads little and
  does not drift, so neither an overshoot nor a slow movement on its way is one;
* excursions are told apart by half of the way to the farthest still level, a scale the
  person brings along;
* the level of a trial is the median of the whole hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HOLD_S = 1.0
"""A position held for less is no end of a range: it may be a swing."""

SPREAD_DEG = 6.0
"""The 10th and 90th percentile of a still second differ by less. People sway by 1 to 2
degrees, and the landmarks of the less certain measures tremble by as much again."""

DRIFT_DEG = 1.5
"""The medians of its two halves differ by less: 3 degrees a second is still a movement."""

MEDIAN_S = 0.3
"""Width of the running median; at least three frames, so that one bad frame is outvoted."""

MAX_GAP_S = 0.5
"""A hole longer than this is not bridged: nobody knows what was done in it."""

APART_S = 0.3
"""An excursion interrupted for less is one excursion."""


@dataclass(frozen=True, slots=True)
class Plateau:
    """One held position.

    Attributes:
        start_s, end_s: when it was held.
        level: degrees, the median over it.
    """

    start_s: float
    end_s: float
    level: float


def held_plateaus(
    times: ArrayLike, values: ArrayLike, *, rest: float = 0.0, least: float = 0.0
) -> tuple[Plateau, ...]:
    """Find the farthest held position of every excursion upwards.

    Args:
        times: (N,) seconds, increasing.
        values: (N,) degrees, NaN where unknown; the movement counts up.
        rest: the value it begins and ends with.
        least: degrees from rest; what is held nearer is no excursion.

    Returns:
        One plateau for each excursion that was held, in order of time.
    """
    time, value = _known(times, values)
    if time.size < 3:
        return ()
    smooth = _running_median(time, value)
    windows = _still_windows(time, smooth)
    levels = [float(np.median(smooth[first:last])) for first, last in windows]
    if not levels or max(levels) - rest < max(least, 1e-6):
        return ()
    border = rest + (max(levels) - rest) / 2
    found = []
    for start, end in _excursions(time, smooth > border):
        inside = [
            (level, first, last)
            for level, (first, last) in zip(levels, windows, strict=True)
            if start <= first and last <= end and level - rest >= least
        ]
        if inside:
            found.append(_grown(time, value, smooth, (start, end), max(inside)))
    return tuple(found)


def held_for(times: ArrayLike, values: ArrayLike) -> float:
    """Seconds for which the position has been held up to the last moment, 0 while it moves."""
    time, value = _known(times, values)
    if time.size < 3:
        return 0.0
    smooth = _running_median(time, value)
    held = 0.0
    for first in range(time.size - 3, -1, -1):
        if np.diff(time[first:]).max() > MAX_GAP_S or not _still(smooth[first:]):
            break
        held = float(time[-1] - time[first])
    return held


def _known(times: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    time = np.asarray(times, dtype=np.float64)
    value = np.asarray(values, dtype=np.float64)
    if time.shape != value.shape or time.ndim != 1:
        raise ValueError("times and values must be of one length")
    known = np.isfinite(value)
    return time[known], value[known]


def _running_median(time: Floats, value: Floats) -> Floats:
    count = time.size
    first = np.searchsorted(time, time - MEDIAN_S / 2, "left")
    last = np.searchsorted(time, time + MEDIAN_S / 2, "right")
    smooth = np.empty(count)
    for index in range(count):
        low = min(first[index], max(index - 1, 0))
        high = max(last[index], min(index + 2, count))
        if high - low < 3:  # at either end: three frames all the same
            low, high = (0, 3) if low == 0 else (count - 3, count)
        smooth[index] = np.median(value[low:high])
    return smooth


def _still(values: Floats) -> bool:
    low, high = np.percentile(values, (10, 90))
    if high - low > SPREAD_DEG:
        return False
    half = values.size // 2
    return bool(abs(np.median(values[:half]) - np.median(values[values.size - half :])) < DRIFT_DEG)


def _still_windows(time: Floats, smooth: Floats) -> list[tuple[int, int]]:
    """(first, last + 1) of all stretches of ``HOLD_S`` in which nothing moved."""
    found = []
    gaps = np.concatenate([[0.0], np.diff(time)])
    ends = np.searchsorted(time, time + HOLD_S - 1e-6, "left")
    for first, last in enumerate(ends):
        if last >= time.size:
            break
        part = slice(first, int(last) + 1)
        if gaps[first + 1 : int(last) + 1].max() <= MAX_GAP_S and _still(smooth[part]):
            found.append((first, int(last) + 1))
    return found


def _excursions(time: Floats, out: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, last + 1) of the stretches that are out, short interruptions bridged."""
    spans: list[tuple[int, int]] = []
    index = 0
    while index < out.size:
        if not out[index]:
            index += 1
            continue
        last = index
        while last < out.size and out[last]:
            last += 1
        # what comes between two stretches must itself be short, and no hole in the knowledge
        if spans and time[index] - time[spans[-1][1] - 1] <= APART_S:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((index, last))
        index = last
    return spans


def _grown(
    time: Floats,
    value: Floats,
    smooth: Floats,
    excursion: tuple[int, int],
    farthest: tuple[float, int, int],
) -> Plateau:
    """The whole hold around its farthest second.

    Args:
        excursion: its first row, and the row after its last.
        farthest: the level of that second, degrees, and its rows likewise.
    """
    (start, end), (level, first, last) = excursion, farthest
    near = np.abs(smooth - level) <= SPREAD_DEG / 2
    while first > start and near[first - 1] and time[first] - time[first - 1] <= MAX_GAP_S:
        first -= 1
    while last < end and near[last] and time[last] - time[last - 1] <= MAX_GAP_S:
        last += 1
    return Plateau(float(time[first]), float(time[last - 1]), float(np.median(value[first:last])))
