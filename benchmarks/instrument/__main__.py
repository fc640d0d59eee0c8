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

from benchmarks import circles
from benchmarks.instrument import again, clips, conditions, judge, left_out, real, summary
from benchmarks.instrument.derive import Derived, about, derive
from benchmarks.instrument.fit import SIZES
from benchmarks.instrument.groups import from_start
from benchmarks.instrument.moments import read_recordings
from benchmarks.instrument.rows import Rows, joined, read_folders
from benchmarks.instrument.stages import Stages
from benchmarks.people import report
from posecoach.observe.instrument.kept import ABOUT, WEIGHTS, data_of


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders in the crowd's format")
    parser.add_argument(
        "--moving", nargs="+", type=Path, default=[], help="recordings with truth to fit on, too"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--stages", type=Path, help="keep what each stage comes to, and go on")
    parser.add_argument("--show", action="store_true", help="print only, write no data files")
    parser.add_argument("--brief", type=Path, help="write figures by measure there, nothing else")
    parser.add_argument(
        "--coached", action="store_true", help="coach --moving by who never met them, nothing else"
    )
    parser.add_argument("--people", type=Path, help="clips with truth to print beside")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    parser.add_argument("--photos", type=Path, help="labels of photos of real people")
    parser.add_argument("--real", type=Path, help="recordings of real people")
    parser.add_argument("--docs", type=Path, help="Markdown file with markers to write into")
    given = parser.parse_args()
    # Nobody of a fold shows some measure: its mean is then nothing, and so treated.
    warnings.simplefilter("ignore", RuntimeWarning)
    stages = Stages(given.stages)
    parts = read_folders(given.folders, stages, given.jobs)
    for folder in given.moving:
        kept = _of(folder, given.landmarks)
        parts += read_recordings(folder, kept, stages, given.jobs)
    rows = joined(parts)
    derived = derive(rows, SIZES, stages, given.jobs)
    if given.coached:
        asked = (given.moving, given.landmarks, rows, derived, given.jobs)
        print(report(left_out.coached(*asked), worst=40))
        print(circles.table(left_out.circles(*asked)))
        return
    found = judge.run(rows, derived, with_start=True)
    if given.brief is not None:
        text = markdown(summary.HEAD, summary.table(rows, found, None)) + "\n"
        print(text)
        write_between(given.brief, text, "crowd alone")
        return
    if not given.show:
        write(derived, rows, found, [*given.folders, *given.moving])
    held = [] if given.people is None else beside(given.people, given.landmarks)
    text = figures(rows, derived, found, summary.of_clips(held) if held else None)
    if held:
        head = f"### Held moments of `{given.people.name}`"
        text += f"\n{head}\n\n{markdown(clips.HEAD, clips.table(held))}\n"
    text += of_real_people(given.photos, given.real, given.landmarks)
    print(text)
    if given.docs is not None:
        write_between(given.docs, text, "instrument")


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


def figures(rows: Rows, derived: Derived, found: judge.Run, others: summary.Parts | None) -> str:
    """Return what holds for people left out, as Markdown.

    Args:
        rows: all people.
        derived: the instrument.
        found: what it reads with the start pose.
        others: errors at the held moments of other recordings.
    """
    alone = judge.run(rows, derived, with_start=False)
    pairs = [
        [name, str(many), f"{one:.1f}", f"{two:.1f}"]
        for name, (many, one, two) in again.again(rows, found).items()
    ]
    people = ", ".join(f"{name} {many}" for name, many in about(rows).items())
    before, before_alone = (from_start(rows), rows.sure), (rows.photo, rows.photo_sure)
    parts = (
        f"People: {people}.",
        "### By measure",
        markdown(summary.HEAD, summary.table(rows, found, others)),
        "### With the start pose",
        markdown(judge.HEAD, judge.table(rows, found, before)),
        "### Without a start pose",
        markdown(judge.HEAD, judge.table(rows, alone, before_alone)),
        "### Mean absolute error by camera and body",
        markdown(conditions.head(), conditions.table(rows, found)),
        "### Two recordings of one person",
        markdown(again.HEAD, pairs),
    )
    return "\n\n".join(parts) + "\n"


def beside(people: Path, landmarks: Path | None) -> list[clips.Held]:
    """Read the held moments of recordings with the shipped instrument, and with geometry."""
    from posecoach.observe.instrument import instrument

    instrument.cache_clear()
    return list(clips.holds(people, _of(people, landmarks)))


def _of(folder: Path, landmarks: Path | None) -> Path | None:
    """Where the kept landmarks of a folder's recordings are."""
    return None if landmarks is None else landmarks / folder.name


def of_real_people(labels: Path | None, recordings: Path | None, landmarks: Path | None) -> str:
    """Return geometry and the instrument on photos and recordings, as Markdown."""
    text = ""
    if labels is not None:
        lines = real.photo_rows(labels, _of(labels.parent, landmarks))
        text += f"\n### Photos of real people\n\n{markdown(real.PHOTO_HEAD, lines)}\n"
    if recordings is not None:
        lines = real.recording_rows(recordings, _of(recordings, landmarks))
        text += f"\n### Recordings of real people\n\n{markdown(real.REAL_HEAD, lines)}\n"
    return text


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_between(path: Path, text: str, mark: str) -> None:
    """Replace what stands between the markers of a name in a Markdown file."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    old = path.read_text(encoding="utf-8")
    before, after = old.split(begin)[0], old.split(end)[1]
    path.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
