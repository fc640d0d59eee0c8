"""Whether the confidence sorts good values from bad: errors by how sure they were said to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from posecoach.pose.pose import Floats

EDGES = (0.0, 0.15, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Bounds of the bins; below 0.15 the coach takes a value as unknown."""

SURE = 0.5
WRONG_DEG = 10.0
_LEAST_FRAMES = 15

HEAD = ("measure", *(f"{low:g}–{high:g}" for low, high in pairwise(EDGES)))
WRONG_HEAD = ("exercise, view", "measure", "share of frames", "MAE", "median confidence")


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A measure in a clip against the truth.

    Attributes:
        where: the exercise and how it was seen.
        measure: its name without a side; "(far side)" after it for what the body hides.
        error: (N,) degrees, NaN where either is unknown.
        confidence: (N,) 0..1.
    """

    where: str
    measure: str
    error: Floats
    confidence: Floats


def rows(judged: Sequence[Judged]) -> list[list[str]]:
    """Return for each measure, over all clips and views, its MAE by bins of confidence.

    Beside each MAE the share of the known frames that have that confidence.
    """
    table = []
    for measure, error, confidence in _pooled(judged, lambda each: each.measure):
        row = [measure]
        for low, high in pairwise(EDGES):
            inside = (confidence > low) & (confidence <= high)
            share = inside.sum() / len(error)
            row.append(f"{np.abs(error[inside]).mean():.1f} ({share:.0%})" if share > 0 else "–")
        table.append(row)
    return table


def sure_and_wrong(judged: Sequence[Judged]) -> list[list[str]]:
    """Return where values said to be sure are far off, worst first."""
    found = []
    for key, error, confidence in _pooled(judged, lambda each: f"{each.where}|{each.measure}"):
        sure = confidence > SURE
        if sure.sum() < _LEAST_FRAMES:
            continue
        mae = float(np.abs(error[sure]).mean())
        if mae > WRONG_DEG:
            cells = [f"{sure.mean():.0%}", f"{mae:.1f}", f"{np.median(confidence[sure]):.2f}"]
            found.append((mae, [*key.split("|"), *cells]))
    return [row for _, row in sorted(found, key=lambda each: -each[0])]


def _pooled(
    judged: Sequence[Judged], name: Callable[[Judged], str]
) -> list[tuple[str, Floats, Floats]]:
    """Put together what has one name: its known errors and their confidences."""
    pooled = []
    for key in sorted({name(each) for each in judged}):
        own = [each for each in judged if name(each) == key]
        error = np.concatenate([each.error for each in own])
        confidence = np.concatenate([each.confidence for each in own])
        known = np.isfinite(error) & (confidence > 0)
        if known.sum() >= _LEAST_FRAMES:
            pooled.append((key, error[known], confidence[known]))
    return pooled
