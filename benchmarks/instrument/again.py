"""How far two recordings of one person are apart: another camera, another day's posture.

"Changed or only noise" is asked of two recordings of one body, whose own part of the error (its
bones against the model's) is in both. The renderer makes such pairs.
"""

from __future__ import annotations

import numpy as np

from benchmarks.instrument.judge import KNOWN, Run
from benchmarks.instrument.rows import MEASURES, Rows
from benchmarks.instrument.worth import within
from posecoach.body.catalogue import split_name

LEAST_PAIRS = 30
HEAD = ("measure", "pairs", "one recording", "two of one person, each")


def again(rows: Rows, told: Run) -> dict[str, tuple[int, float, float]]:
    """Return by measure: pairs of holds, spread of one reading, and that of one against another.

    The second is that of a single recording, so that the difference of two has a spread larger
    by the square root of two.
    """
    off = np.where(told.sure >= KNOWN, told.value - rows.true, np.nan)
    pairs = _pairs(rows)
    found = {}
    for name in dict.fromkeys(split_name(each)[0].name for each in MEASURES):
        columns = [i for i, each in enumerate(MEASURES) if split_name(each)[0].name == name]
        first, second = (off[pairs[:, side]][:, columns] for side in (0, 1))
        between = first - second
        many = int(np.isfinite(between).any(axis=1).sum())
        if many >= LEAST_PAIRS:
            both = np.concatenate([first, second])
            found[name] = (many, within(both), within(between) / np.sqrt(2.0))
    return found


def _pairs(rows: Rows) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """(P, 2) rows of correct holds of the same step of two recordings of one body."""
    by_key: dict[tuple[int, str, str], dict[int, int]] = {}
    for row in np.flatnonzero(rows.held & (rows.fault == "")):
        key = (int(rows.body_id[row]), str(rows.step[row]), str(rows.exercise[row]))
        by_key.setdefault(key, {}).setdefault(int(rows.person[row]), int(row))
    chosen = [list(each.values())[:2] for each in by_key.values() if len(each) == 2]
    return np.array(chosen, dtype=np.int64).reshape(-1, 2)
