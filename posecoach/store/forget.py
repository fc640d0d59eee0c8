"""Really deleting: rows, free pages, the log beside the database, videos."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from posecoach.errors import StoreError
from posecoach.store import database
from posecoach.store.video import unfinished_name


def forget(folder: Path, numbers: Iterable[int]) -> int:
    """Delete sessions so that nothing of them is left in any file.

    Deleted rows are overwritten with zeros (``secure_delete``), the database is written anew
    without them (``VACUUM``) and the write-ahead log, which still holds old pages, is
    emptied. What a disk keeps of overwritten blocks, and backups, are out of reach.

    Args:
        folder: where sessions are kept.
        numbers: of the sessions.

    Returns:
        How many there were.

    Raises:
        StoreError: the database cannot be written, or another program is using it, so that
            deleting cannot be completed; a video cannot be deleted.
    """
    numbers = list(numbers)
    path = folder / database.FILE
    connection = database.open_for_writing(folder)
    try:
        with database.told(path):
            videos = _videos(connection, numbers)
            _delete_videos(folder, videos)
            connection.execute("BEGIN IMMEDIATE")
            try:
                count = delete_rows(connection, numbers)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            _clean(connection, path)
    finally:
        connection.close()
    return count


def _videos(connection: sqlite3.Connection, numbers: list[int]) -> list[str]:
    return [
        row[0]
        for number in numbers
        for row in connection.execute("SELECT file FROM video WHERE session = ?", [number])
    ]


def _delete_videos(folder: Path, files: list[str]) -> None:
    """Before the rows: a video that could not be deleted stays listed."""
    for file in files:
        # A name only: what came from elsewhere must not point out of the folder.
        name = Path(file).name
        for path in (folder / database.VIDEOS / each for each in (name, unfinished_name(name))):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(
                    f"The video {path} cannot be deleted ({error.strerror}); "
                    "nothing else was forgotten."
                ) from None


def delete_rows(connection: sqlite3.Connection, numbers: Iterable[int]) -> int:
    """Delete sessions' rows, and definitions that nobody needs any more, in a transaction.

    Returns:
        How many sessions there were.
    """
    count = 0
    for number in numbers:
        count += connection.execute("DELETE FROM session WHERE number = ?", [number]).rowcount
    connection.execute(
        "DELETE FROM definition WHERE sha256 NOT IN (SELECT definition FROM exercise)"
    )
    return count


def _clean(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) and "busy" not in str(error):
            raise
        busy = 1
    if busy:
        raise StoreError(
            f"The sessions are deleted, but another program has {path} open and old pages remain "
            "beside it; close it and run `posecoach forget --clean`."
        )


def clean(folder: Path) -> None:
    """Complete a deletion that another program had held up.

    Raises:
        StoreError: it still does.
    """
    path = folder / database.FILE
    connection = database.open_for_writing(folder)
    try:
        with database.told(path):
            _clean(connection, path)
    finally:
        connection.close()
