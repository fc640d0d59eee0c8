"""Derive the instrument from rendered people, write what the package ships, print the figures.

    python -m benchmarks.instrument ../shared/crowd [MORE FOLDERS]

Figures are of people left out of everything they judge. Takes about a quarter of an hour of one
core for each five thousand people.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.instrument import again, clips, conditions, judge
from benchmarks.instrument.derive import Derived, about, derive
from benchmarks.instrument.fit import Size
from benchmarks.instrument.groups import from_start
from benchmarks.instrument.rows import Rows, read_folders
from posecoach.observe.instrument.kept import ABOUT, WEIGHTS, data_of


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders in the crowd's format")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--show", action="store_true", help="print only, write no data files")
    parser.add_argument("--people", type=Path, help="clips with truth to print beside")
    parser.add_argument("--landmarks", type=Path, help="their kept estimator output")
    given = parser.parse_args()
    # Nobody of a fold shows some measure: its mean is then nothing, and so treated.
    warnings.simplefilter("ignore", RuntimeWarning)
    rows = read_folders(given.folders)
    derived = derive(rows, Size(), given.jobs)
    found = judge.run(rows, derived, with_start=True)
    if not given.show:
        write(derived, rows, found, given.folders)
    figures(rows, derived, found)
    if given.people is not None:
        beside(given.people, given.landmarks)


def write(derived: Derived, rows: Rows, found: judge.Run, folders: Sequence[Path]) -> None:
    """Write the package's data files."""
    spread_again = {
        name: round(two / one, 3) for name, (_, one, two) in again.again(rows, found).items()
    }
    inputs = sorted(path.name for folder in folders for path in folder.rglob("*.npz"))
    arrays, data = data_of(
        derived.shipped,
        {"inputs": inputs, "people": dict(about(rows)), "again": spread_again},
    )
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]
    ABOUT.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def figures(rows: Rows, derived: Derived, found: judge.Run) -> None:
    """Print what holds for people left out."""
    print("people:", ", ".join(f"{name} {many}" for name, many in about(rows).items()))
    print("\nWith the start pose\n")
    show(judge.HEAD, judge.table(rows, found, (from_start(rows), rows.sure)))
    print("\nWithout a start pose\n")
    alone = judge.run(rows, derived, with_start=False)
    show(judge.HEAD, judge.table(rows, alone, (rows.photo, rows.photo_sure)))
    print("\nMean absolute error by camera and body\n")
    show(conditions.head(), conditions.table(rows, found))
    print("\nTwo recordings of one person\n")
    show(
        again.HEAD,
        (
            [name, str(many), f"{one:.1f}", f"{two:.1f}"]
            for name, (many, one, two) in again.again(rows, found).items()
        ),
    )


def beside(people: Path, landmarks: Path | None) -> None:
    """Print the shipped instrument beside geometry on recordings."""
    from posecoach.observe.instrument import instrument

    instrument.cache_clear()
    print(f"\n{people.name}, held moments\n")
    show(clips.HEAD, clips.table(list(clips.holds(people, landmarks))))


def show(head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for line in lines:
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
