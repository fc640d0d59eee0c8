"""What a run's folder holds already: looked at before anything is changed in it.

Whoever only asks what a run would do learns it here, and from the same checks that the run makes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from posecoach.clinic.found import Wanted
from posecoach.clinic.tables import FORMAT, arrow
from posecoach.errors import OutputError
from posecoach.writing import readable

RUN = "_run.json"
"""What the run was told and by which versions; readers of Parquet pass over such names."""
LOCK = "_lock"
FIRST = "recordings"
"""The table that tells what was done: a part of it is there only where those of all others are."""


class Begun:
    """The folder of a run as it is; nothing in it is changed.

    Args:
        folder: ``OUT.parquet``; nothing is done yet where there is none.
        about: what the run would be told, and the versions: one begun otherwise is refused.

    Attributes:
        done: what was asked of the recordings that are there, by file.
        failed: how many of them failed.

    Raises:
        OutputError: a run would be refused: the folder is something else, or of another run, or
            is being written into.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.folder = folder
        self.done: dict[str, tuple[str, str, float | None]] = {}
        self.failed = 0
        self._about = {"format": FORMAT, **about}
        try:
            self._open()
        except OSError as error:
            raise refused(folder, error) from error

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

    def _open(self) -> None:
        check_kind(self.folder)
        if (self.folder / LOCK).exists():
            locked(self.folder).close()
        self._agreed()
        self._read_done()

    def _agreed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the run was told before, and what it has been told then."""
        path, about = self.folder / RUN, self._about
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
        return before, {**about, "definitions": definitions}

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


def check_kind(folder: Path) -> None:
    """Refuse what is not the folder of a run.

    Raises:
        OutputError: it is a file, or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; --results is a folder that holds four tables.")
    known = (folder / RUN).exists() or (folder / LOCK).exists()
    if folder.is_dir() and not known and any(folder.iterdir()):
        raise OutputError(f"{folder} holds something else; choose another folder for --results.")


def locked(folder: Path) -> IO[bytes]:
    """Keep others from writing into the folder; the system lets go when this process ends.

    Raises:
        OutputError: another command is writing into it.
    """
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


def refused(folder: Path, error: OSError) -> OutputError:
    """What to raise where the system refuses the folder."""
    return OutputError(f"{folder} cannot be written: {(error.strerror or str(error)).lower()}.")


def _other_run(folder: Path, what: str) -> OutputError:
    return OutputError(
        f"{folder} was begun with another value of {what}; choose another folder for --results, so "
        "that its rows can be compared."
    )
