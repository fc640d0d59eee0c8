"""Another pose model with the same table: the same new people, seen by both.

    python -m benchmarks.instrument.models FULL HEAVY [--docs docs/instrument.md]

``FULL`` and ``HEAVY`` are folders in the crowd's format that the renderer made of the same
numbers, which no reader was fitted on. The shipped instrument, fitted to the first model's
landmarks, reads both.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np

from benchmarks.instrument import judge
from benchmarks.instrument.__main__ import markdown, write_between
from benchmarks.instrument.derive import Derived
from benchmarks.instrument.groups import from_start
from benchmarks.instrument.rows import MEASURES, Rows, joined, read_folders
from benchmarks.instrument.stages import Stages
from benchmarks.instrument.used import USED
from posecoach.body.catalogue import split_name
from posecoach.observe.instrument import instrument
from posecoach.pose.pose import Floats

HEAD = ("measure", "pictures", *(f"{who}, {how}" for how in ("geometry", "told") for who in "ab"))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs=2, type=Path, help="the same people by model a, and by b")
    parser.add_argument("--docs", type=Path, help="Markdown file with markers to write into")
    given = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    seen = [joined(read_folders([folder], Stages())) for folder in given.folders]
    a, b = (folder.name for folder in given.folders)
    people = " and ".join(str(len(np.unique(rows.person))) for rows in seen)
    text = (
        f"{people} people whose start pose was found by a, {a}, and by b, {b}. Mean absolute error "
        "and spread, degrees, of all pictures but the start pose, in stretches that use the "
        f"measure.\n\n{markdown(HEAD, table(seen))}\n"
    )
    print(text)
    if given.docs is not None:
        write_between(given.docs, text, "models")


def table(seen: list[Rows]) -> list[list[str]]:
    """Return a row for each measure that a definition uses."""
    columns = [_errors_of(rows) for rows in seen]
    lines = []
    for measure in columns[0]:
        pictures = " ".join(str(len(errors[measure][1])) for errors in columns)
        cells = [_said(errors[measure][way]) for way in (0, 1) for errors in columns]
        lines.append([measure, pictures, *cells])
    return lines


def _errors_of(rows: Rows) -> dict[str, tuple[Floats, Floats]]:
    """Errors by measure, of geometry and of the shipped instrument; unknown ones left out."""
    shipped = instrument()
    told = judge.run(rows, Derived(shipped, (shipped,), np.zeros(len(rows), int)), with_start=True)
    read = np.where(rows.sure >= judge.KNOWN, from_start(rows), np.nan)
    value = np.where(told.sure >= judge.KNOWN, told.value, np.nan)
    later = rows.start != np.arange(len(rows))
    found: dict[str, tuple[Floats, Floats]] = {}
    for measure in dict.fromkeys(name for names in USED.values() for name in names):
        using = [stretch for stretch, names in USED.items() if measure in names]
        part = later & np.isin(rows.exercise, using)
        which = [i for i, name in enumerate(MEASURES) if split_name(name)[0].name == measure]
        true = rows.true[part][:, which]
        off = [(each[part][:, which] - true).ravel() for each in (read, value)]
        found[measure] = off[0][np.isfinite(off[0])], off[1][np.isfinite(off[1])]
    return found


def _said(off: Floats) -> str:
    return f"{np.abs(off).mean():.1f}/{off.std():.1f}" if len(off) else "-"


if __name__ == "__main__":
    main()
