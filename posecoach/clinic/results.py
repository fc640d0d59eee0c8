"""The tables on the disk: written as a run goes on, and taken up where it was broken off.

Each of the four folders holds parts, and those of one number belong together. A part is written
beside its place and moved there; that of ``recordings`` comes last, so whatever part is there in
another folder without it was broken off, and is removed. So a recording is in all tables or in
none, and what is there once is not done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from posecoach.clinic.found import Wanted
from posecoach.clinic.tables import COLUMNS, FORMAT, NAMES, arrow, schema
from posecoach.clinic.task import Outcome, Row
from posecoach.closing import Closing
from posecoach.errors import OutputError
from posecoach.writing import as_text, readable, whole_file, write_text

RUN = "_run.json"
"""What the run was told and by which versions; readers of Parquet pass over such names."""
LOCK = "_lock"
FIRST, LAST = "recordings", ("repetitions", "holds", "faults")

AT_ONCE = 250
"""Recordings of one part: some minutes of a few machines' work, and 400 files in a table of a
hundred thousand, which are read in about a second."""


class Results(Closing):
    """The folder of a run, which one command at a time writes into; a context manager.

    Args:
        folder: ``OUT.parquet``; made where there is none.
        about: what the run is told, and the versions: one begun otherwise is not gone on with.

    Attributes:
        done: what was asked of the recordings that are there, by file.
        failed: how many of them failed.

    Raises:
        OutputError: it cannot be written, is something else, or of another run.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.folder = folder
        self.done: dict[str, tuple[str, str, float | None]] = {}
        self.failed = 0
        self._waiting: list[Outcome] = []
        self._lock: IO[bytes] | None = None
        try:
            _check_kind(folder)
            for name in NAMES:
                (folder / name).mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
            self._number = self._tidied()
            self._agree({"format": FORMAT, **about})
            self._read_done()
        except OSError as error:
            self.close()
            raise _refused(folder, error) from error
        except BaseException:
            self.close()
            raise

    def check(self, wanted: Wanted, exercise: str) -> bool:
        """Whether a recording is there already.

        Raises:
            OutputError: it was coached as something else.
        """
        there = self.done.get(readable(wanted.file))
        if there is None:
            return False
        if there != (exercise, wanted.profile, wanted.hold_s):
            raise OutputError(
                f"{wanted.file} is in {self.folder} as {there[0]}, with another exercise, profile "
                "or hold than is asked for now; choose another folder for --results."
            )
        return True

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

    def _agree(self, about: Mapping[str, Any]) -> None:
        path = self.folder / RUN
        before: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        definitions = {**before.get("definitions", {}), **about.get("definitions", {})}
        for what, value in about.items():
            there = before.get(what, value)
            if what == "definitions":
                moved = [each for each in value if there.get(each, value[each]) != value[each]]
                if moved:
                    raise _other_run(self.folder, f"the definition of {moved[0]}")
            elif there != value:
                raise _other_run(self.folder, what)
        now = {**about, "definitions": definitions}
        if now != before:
            write_text(path, as_text(now))

    def _read_done(self) -> None:
        columns = ["file", "exercise", "profile", "hold_s", "coached"]
        for path in sorted((self.folder / FIRST).glob("part-*.parquet")):
            try:
                rows = arrow().parquet.read_table(path, columns=columns).to_pylist()
            except (OSError, ValueError, KeyError) as error:
                raise OutputError(
                    f"{path} is damaged; remove it to do its recordings again."
                ) from error
            for row in rows:
                self.done[row["file"]] = row["exercise"], row["profile"], row["hold_s"]
                self.failed += not row["coached"]


def _check_kind(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; --results is a folder that holds four tables.")
    known = (folder / RUN).exists() or (folder / LOCK).exists()
    if folder.is_dir() and not known and any(folder.iterdir()):
        raise OutputError(f"{folder} holds something else; choose another folder for --results.")


def _locked(folder: Path) -> IO[bytes]:
    """Keep others from writing into the folder; the system lets go when this process ends."""
    file = (folder / LOCK).open("ab")
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if isinstance(error, PermissionError | BlockingIOError):
            raise OutputError(f"Another command is writing into {folder}; wait for it.") from None
        with suppress(OSError):  # a file system without locks: then nobody is kept out
            return (folder / LOCK).open("ab")
        raise
    return file


def _other_run(folder: Path, what: str) -> OutputError:
    return OutputError(
        f"{folder} was begun with another value of {what}; choose another folder for --results, so "
        "that its rows can be compared."
    )


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"{folder} cannot be written: {(error.strerror or str(error)).lower()}.")
