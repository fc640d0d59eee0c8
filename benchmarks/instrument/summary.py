"""One row for each measure, pooled over the stretches whose definitions use it.

Each stretch weighs the same in it, whatever the number of its moments: the people left out, held
and with joints drawn one by one, and the held moments of other recordings beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from benchmarks.instrument.clips import Held
from benchmarks.instrument.judge import KNOWN, Run
from benchmarks.instrument.rows import MEASURES, Rows
from benchmarks.instrument.used import USED
from posecoach.body.catalogue import split_name
from posecoach.observe.instrument.told import NINE_OF_TEN
from posecoach.pose.pose import Floats

HEAD = (
    "measure",
    "people",
    "held: MAE/SD, bias",
    "free: MAE/SD, bias",
    "90 % covers: held, free, both",
    "others held: MAE/SD, bias",
    "others' MAE to people's left out",
    "others' 90 % covers",
)

Parts = Mapping[tuple[str, str], tuple[Floats, Floats]]
"""By stretch and measure: errors and spreads, degrees; unknown ones left out."""


def of_crowd(rows: Rows, told: Run, kind: str) -> Parts:
    """Return the errors of people left out, of "held" or "free" moments."""
    start = rows.start == np.arange(len(rows))
    moments = rows.held if kind == "held" else rows.free & ~start
    found = {}
    for stretch, measure in _used():
        part = moments & (rows.exercise == stretch)
        columns = [i for i, name in enumerate(MEASURES) if split_name(name)[0].name == measure]
        off = told.value[part][:, columns] - rows.true[part][:, columns]
        seen = np.isfinite(off) & (told.sure[part][:, columns] >= KNOWN)
        found[stretch, measure] = off[seen], told.spread[part][:, columns][seen]
    return found


def of_clips(held: Iterable[Held]) -> Parts:
    """Return the errors at the held moments of recordings."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {each: [] for each in _used()}
    for each in held:
        off = each.told - each.true
        if np.isfinite(off):
            key = each.stretch, each.measure.removesuffix("_left").removesuffix("_right")
            found[key].append((off, each.spread))
    arrays = {key: np.array(values).reshape(-1, 2) for key, values in found.items()}
    return {key: (values[:, 0], values[:, 1]) for key, values in arrays.items()}


def _used() -> Iterator[tuple[str, str]]:
    return ((stretch, measure) for stretch, measures in USED.items() for measure in measures)


def table(rows: Rows, told: Run, others: Parts | None) -> list[list[str]]:
    """Return a row for each measure, the last for all."""
    held, free = of_crowd(rows, told, "held"), of_crowd(rows, told, "free")
    people = _people(rows)
    lines = []
    for measure in dict.fromkeys(name for _, name in _used()):
        keys = [key for key in _used() if key[1] == measure]
        lines.append([measure, str(sum(people[key[0]] for key in keys))])
        lines[-1] += _figures([held, free], others, keys)
    every = list(_used())
    lines.append(["all", str(sum(people.values())), *_figures([held, free], others, every)])
    return lines


def _people(rows: Rows) -> dict[str, int]:
    return {each: len(np.unique(rows.person[rows.exercise == each])) for each in USED}


def _figures(
    crowd: Sequence[Parts], others: Parts | None, keys: Sequence[tuple[str, str]]
) -> list[str]:
    held, free = crowd
    both = {key: _joined(held[key], free[key]) for key in keys}
    covers = ", ".join(_covered(each, keys) for each in (held, free, both))
    figures = [_errors(held, keys), _errors(free, keys), covers]
    if others is None:
        return [*figures, "-", "-", "-"]
    shared = [key for key in keys if len(others[key][0]) and len(held[key][0])]
    ratio = _mean_error(others, shared) / _mean_error(held, shared) if shared else np.nan
    return [*figures, _errors(others, shared), f"{ratio:.2f}", _covered(others, shared)]


def _joined(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _errors(parts: Parts, keys: Sequence[tuple[str, str]]) -> str:
    own = [parts[key][0] for key in keys if len(parts[key][0])]
    if not own:
        return "-"
    bias = np.mean([off.mean() for off in own])
    # The spread about each stretch's own mean: what is off alike is the bias.
    spread = np.sqrt(np.mean([off.var() for off in own]))
    return f"{_mean_error(parts, keys):.1f}/{spread:.1f}, {bias:+.1f}"


def _mean_error(parts: Parts, keys: Sequence[tuple[str, str]]) -> float:
    return float(np.mean([np.abs(parts[key][0]).mean() for key in keys if len(parts[key][0])]))


def _covered(parts: Parts, keys: Sequence[tuple[str, str]]) -> str:
    shares = [
        (np.abs(off) <= NINE_OF_TEN * spread).mean()
        for off, spread in (parts[key] for key in keys)
        if len(off)
    ]
    return f"{np.mean(shares):.0%}" if shares else "-"
