"""What the coach makes of the people readers are fitted on, each read by one that never met them.

Those are hundreds of recordings with labels. The instrument that is shipped knows their people;
that of the fold in which a person was left out does not, so that a rule can be chosen with them
and the twelve people of docs/people.md, and those nobody looks at, stay judges.
"""

from __future__ import annotations

import json
import multiprocessing
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from benchmarks.circles import Made, made_in
from benchmarks.instrument.derive import Derived
from benchmarks.instrument.moments import FIRST_NUMBER
from benchmarks.instrument.rows import Rows
from benchmarks.people import HOLD_S, Way, look_at
from benchmarks.people_judge import Row
from posecoach.observe.instrument import Instrument

Seen = TypeVar("Seen")

WHERE = ("posecoach.observe.measures", "posecoach.observe.measuring")
"""Who reads by the instrument that is shipped."""

_judges: Mapping[int, Instrument] = {}
"""By a person's number; processes are forked with it, since networks are not sent to others."""


def coached(
    folders: Sequence[Path], landmarks: Path | None, rows: Rows, derived: Derived, jobs: int
) -> list[Row]:
    """Coach all recordings of some folders, and compare each with its label.

    Args:
        folders: of recordings that were among the rows.
        landmarks: the estimator's kept output, by folder.
        rows: all that was fitted on.
        derived: the instruments, one for each fold.
        jobs: processes at a time.
    """
    return _each(_look, folders, landmarks, rows, derived, jobs)


def circles(
    folders: Sequence[Path], landmarks: Path | None, rows: Rows, derived: Derived, jobs: int
) -> list[Made]:
    """Find the circles in all recordings of some folders; see ``coached``."""
    found = _each(_circles, folders, landmarks, rows, derived, jobs)
    return [made for each in found for made in each]


def _each(
    look: Callable[[Path, Path | None], Seen],
    folders: Sequence[Path],
    landmarks: Path | None,
    rows: Rows,
    derived: Derived,
    jobs: int,
) -> list[Seen]:
    """Look at all recordings, several at a time, each by the judge of its person."""
    global _judges
    wide = [Instrument(each.readers, each.spreads, each.version) for each in derived.judges]
    numbers = zip(rows.person.tolist(), derived.fold.tolist(), strict=True)
    _judges = {person: wide[fold] for person, fold in dict(numbers).items()}
    paths = [
        label.with_suffix(".mp4")
        for folder in folders
        for label in sorted(folder.glob("*.json"))
        if _number(label) in _judges
    ]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, fork) as pool:
        return list(pool.map(look, paths, [landmarks] * len(paths), chunksize=4))


def _number(label: Path) -> int:
    """The number a recording's person has among the rows."""
    person = json.loads(label.read_text("utf-8")).get("person")
    return FIRST_NUMBER + zlib.crc32(str(person).encode())


def _look(path: Path, landmarks: Path | None) -> Row:
    with _judged(path):
        return look_at(Way(False, HOLD_S, landmarks, None), path)


def _circles(path: Path, landmarks: Path | None) -> list[Made]:
    label = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with _judged(path):
        return made_in(path, landmarks) if label.get("directions") else []


@contextmanager
def _judged(path: Path) -> Iterator[None]:
    """Have a recording read by those who never met its person."""
    judge = _judges[_number(path.with_suffix(".json"))]
    first, second = (f"{where}.instrument" for where in WHERE)
    with patch(first, lambda: judge), patch(second, lambda: judge):
        yield
