"""Opening the database, and its complaints in words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posecoach.errors import StoreError
from posecoach.store.schema import APPLICATION, MIGRATIONS, migrate, version
from posecoach.writing import keep, part_of, private_folder

FILE = "sessions.db"
VIDEOS = "videos"
ENVIRONMENT = "POSECOACH_DATA"
PATIENCE_S = 10.0
"""How long to wait for another program that is writing; writing takes milliseconds."""


def data_folder(given: str | os.PathLike[str] | None = None) -> Path:
    """Return where sessions are kept: as given, else $POSECOACH_DATA, else the user's."""
    if given is not None:
        return Path(given).expanduser()
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_data_path("posecoach", appauthor=False)


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """Open the database, making it where there is none.

    Raises:
        StoreError: it cannot be made or written, is damaged, not ours, or of a newer version.
    """
    path = folder / FILE
    try:
        private_folder(folder)
        _make(path)
    except OSError as error:
        raise StoreError(
            f"Sessions cannot be kept in {folder} ({_reason(error)}); "
            "choose another folder with --data-dir."
        ) from None
    with told(path):
        connection = _connect(path, "rwc")
        try:
            _prepare(connection, path)
            _write_ahead(connection)
            # A process may be killed at any moment without loss; only a power cut can take
            # the last commits, and never the database.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _make(path: Path) -> None:
    """Make an empty file for the owner's eyes; SQLite gives the files beside it the same rights.

    Never opened by that name: to close it again would take away the locks of every other connection
    of this process to it (POSIX), and two programs would write over each other.

    Raises:
        OSError: it cannot be made.
    """
    if path.exists():
        return
    with part_of(path, private=True) as part:
        try:
            os.link(part, path)
        except FileExistsError:
            return
        except OSError:  # a disk without links
            part.replace(path)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side.

    SQLite waits for nobody here, though others need a moment only.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def check_place(folder: Path) -> None:
    """Find out before the work whether sessions can be kept here.

    Raises:
        StoreError: as for ``open_for_writing``.
    """
    open_for_writing(folder).close()


def open_for_reading(folder: Path) -> sqlite3.Connection | None:
    """Open the database to read; None where there is none yet, or one that cannot be filled.

    Raises:
        StoreError: it cannot be read, is damaged, not ours, or of a newer version.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {_reason(error)}.") from None
    with told(path):
        connection = _connect(path, "rw")
        try:
            _prepare(connection, path)
        except (sqlite3.OperationalError, StoreError) as error:
            connection.close()
            words = ("readonly", "read-only", "unable to", "full", "older version")
            if not any(each in str(error) for each in words):
                raise
            # A disk that must not be written to, or has no room: what is there can still be read.
            connection = _connect(path, "ro", immutable=_settled(path))
            _check(connection, path)
            if not version(connection):  # made and never filled, where nothing can be made of it
                connection.close()
                return None
        except BaseException:
            connection.close()
            raise
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
    return connection


def _settled(path: Path) -> bool:
    """Whether everything is in the file itself, nothing in the log beside it."""
    log = path.with_name(path.name + "-wal")
    return not log.exists() or log.stat().st_size == 0


def _connect(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    address = path.absolute().as_uri() + f"?mode={mode}" + ("&immutable=1" if immutable else "")
    return sqlite3.connect(
        address, uri=True, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _check(connection, path)
    migrate(connection, before=lambda found: _copy(path, found))
    for found in range(1, len(MIGRATIONS)):
        # The copy has served, perhaps for a program that was killed right after it was done.
        with suppress(OSError):
            copy_of(path, found).unlink(missing_ok=True)


def copy_of(path: Path, found: int) -> Path:
    """Where a database of an older version is kept until its migration has succeeded."""
    return path.with_name(f"{path.name}.version-{found}")


def _copy(path: Path, found: int) -> None:
    """Keep a copy of the database as it is; nobody writes meanwhile.

    Raises:
        StoreError: there is no room for it; nothing has been changed.
    """
    try:
        with part_of(path, private=True) as part:
            source, copy = _connect(path, "ro"), sqlite3.connect(part)
            try:
                source.backup(copy)
            finally:
                copy.close()
                source.close()
            keep(part)
            part.replace(copy_of(path, found))
    except (OSError, sqlite3.Error) as error:
        reason = _reason(error) if isinstance(error, OSError) else str(error)
        raise StoreError(
            f"{path} is of an older version, and cannot be copied before it is brought up to date "
            f"({reason}); make room on its disk. Nothing was changed."
        ) from None


def _check(connection: sqlite3.Connection, path: Path) -> None:
    # At one moment: another process may be making the database just now.
    connection.execute("BEGIN")
    try:
        found = version(connection)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if application != APPLICATION and (found or tables):
        raise StoreError(
            f"{path} is a database of another program; it was left as it is. "
            "Choose another folder with --data-dir."
        )
    if found > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer version of PoseCoach; update PoseCoach, "
            "or choose another folder with --data-dir."
        )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints, and rows that make no sense, into one sentence.

    Raises:
        StoreError: for any of them.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(sentence(error, path)) from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # A damaged page may hold anything: text that is none, numbers for names.
        raise StoreError(_damaged(path, error)) from error


def sentence(error: sqlite3.Error, path: Path) -> str:
    """Say what SQLite complains of, and what to do."""
    said = str(error).lower()
    if "full" in said:
        return f"The disk of {path} is full; make room, or choose another with --data-dir."
    if "readonly" in said or "read-only" in said:
        return f"{path} cannot be written; choose another folder with --data-dir."
    if "unable to open" in said:
        return f"{path} cannot be opened; check the folder's permissions, or choose --data-dir."
    if "locked" in said or "busy" in said:
        return f"Another program keeps {path} to itself; close it and try again."
    if "disk i/o" in said:
        return f"The disk of {path} does not work properly ({error}); nothing was changed."
    if isinstance(error, sqlite3.OperationalError):
        return f"{path} cannot be used: {error}; it was left as it is."
    return _damaged(path, error)


def _damaged(path: Path, error: Exception) -> str:
    return (
        f"{path} is damaged ({error}); it was left as it is. Move it away to begin anew, or "
        "put a copy of it back."
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
