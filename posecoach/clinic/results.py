"""The tables on the disk: written as a run goes on, and taken up where it was broken off.

Each of the four folders holds parts, and those of one number belong together. A part is written
beside its place and moved there; that of ``recordings`` comes last, so whatever part is there in
another folder without it was broken off, and is removed. So a recording is in all tables or in
none, and what is there once is not done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from posecoach.clinic.begun import FIRST, RUN, Begun, check_kind, locked
from posecoach.clinic.tables import COLUMNS, NAMES, arrow, schema
from posecoach.clinic.task import Outcome, Row
from posecoach.closing import Closing
from posecoach.writing import as_text, whole_file, write_text

LAST = ("repetitions", "holds", "faults")

AT_ONCE = 250
"""Recordings of one part: some minutes of a few machines' work, and 400 files in a table of a
hundred thousand, which are read in about a second."""


class Results(Begun, Closing):
    """The folder of a run, which one command at a time writes into; a context manager.

    Args:
        folder: ``OUT.parquet``; made where there is none.
        about: as for ``Begun``.

    Raises:
        OutputError: it cannot be written, is something else, or of another run.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self._waiting: list[Outcome] = []
        self._lock: IO[bytes] | None = None
        try:
            super().__init__(folder, about)
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        check_kind(self.folder)
        for name in NAMES:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = locked(self.folder)
        self._number = self._tidied()
        before, now = self._agreed()
        if now != before:
            write_text(self.folder / RUN, as_text(now))
        self._read_done()

    def add(self, outcome: Outcome) -> None:
        """Take in what a recording came to; it is written with the next part."""
        self._waiting.append(outcome)

    @property
    def waiting(self) -> int:
        """Recordings that are not written yet."""
        return len(self._waiting)

    def write(self) -> None:
        """Write what is waiting; after an error it waits still.

        Raises:
            OutputError: the disk refuses.
        """
        while self._waiting:
            several = self._waiting[:AT_ONCE]
            number = self._number + 1
            for name in (*LAST, FIRST):
                self._write_part(name, number, [row for each in several for row in each.rows[name]])
            self._number = number
            del self._waiting[: len(several)]

    def close(self) -> None:
        """Let others write; what is waiting is lost, so write it before."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write_part(self, name: str, number: int, rows: list[Row]) -> None:
        pa = arrow()
        if not rows and number:
            return
        plain = [{column: row.get(column) for column in COLUMNS[name]} for row in rows]
        table = pa.Table.from_pylist(plain, schema=schema(name))
        with whole_file(self._part(name, number)) as file:
            pa.parquet.write_table(table, file, compression="zstd")

    def _part(self, name: str, number: int) -> Path:
        return self.folder / name / f"part-{number:06d}.parquet"

    def _tidied(self) -> int:
        """Remove what was broken off; returns the number of the last part."""
        for name in NAMES:
            for left in (self.folder / name).glob(".posecoach-*"):
                left.unlink(missing_ok=True)
        whole = {path.name for path in (self.folder / FIRST).glob("part-*.parquet")}
        for name in LAST:
            for path in (self.folder / name).glob("part-*.parquet"):
                if path.name not in whole and path != self._part(name, 0):
                    path.unlink()
        for name in NAMES:  # so that an empty table has its columns, too
            if not self._part(name, 0).exists():
                self._write_part(name, 0, [])
        return max((int(name[5:-8]) for name in whole), default=0)
