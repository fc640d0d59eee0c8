"""Writing a result to a file: whole or not at all.

A regular file is written beside the place it is meant for and takes that place in one step: readers
see the old one or the whole new one, and what goes wrong on the way leaves the old one there. Links
are followed first, so that what they point to is new. What is no regular file (a pipe, a device)
cannot be replaced without doing harm, and is written into. An existing file keeps its mode and
owner; a new one is as readable as any other file the person makes, unless it is private.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from posecoach.errors import OutputError

PROBE = 4096
"""Bytes written to find out whether a disk takes any: the smallest piece most disks give out."""

_ANEW = os.O_CREAT | os.O_EXCL | os.O_RDWR

PART = ".posecoach-"
"""What the names of files that are not complete yet begin with. Short, so that any name that the
disk takes has room for it."""

_PARTS: set[Path] = set()
"""Those of this process that are there, or may be."""


def place_of(path: Path) -> Path:
    """Where something is written when it is written to ``path``: links are followed.

    Raises:
        OutputError: it cannot be told (a link to itself, a name that is none).
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise _refused(path, error) from error


def is_plain(path: Path) -> bool:
    """Whether there is a regular file at ``path``, or nothing yet.

    Raises:
        OutputError: it cannot be told.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error


def check_writable(path: Path) -> None:
    """Find out before the work whether its result can be written, by writing something beside.

    Raises:
        OutputError: the folder is missing or cannot be written to.
    """
    place = place_of(path)
    folder = place.parent
    try:
        if place.is_dir():
            raise OutputError(f"{path} is a folder; give a file name to write to.")
        if not folder.is_dir():
            raise OutputError(f"The folder {folder} does not exist; make it or choose another.")
        if place.exists() and not os.access(place, os.W_OK):
            raise OutputError(f"{path} cannot be written; choose another place.")
        if is_plain(place):
            with part_of(place) as part:
                part.write_bytes(b" " * PROBE)
                keep(part)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{path} cannot be written ({_reason(error)}); choose another place."
        ) from error


@contextmanager
def part_of(place: Path, *, private: bool = False, called: str | None = None) -> Iterator[Path]:
    """Make an empty file beside ``place`` that is gone at the end, unless it was moved there.

    Its name ends as that of ``place`` does.

    Args:
        private: for the owner's eyes only, where there is no file yet. Where there is one, it is
            at first, too: see ``take_place``.
        called: its name, where others must know it; it replaces a part that was left there.

    Raises:
        OSError: the disk refuses.
    """
    mode = 0o600 if private or place.exists() else 0o666
    if called is None:
        suffix = place.suffix if len(os.fsencode(place.suffix)) <= 16 else ""
        called = f"{PART}{os.urandom(8).hex()}{suffix}"  # nobody else's: it is as good as new
    part = place.with_name(called)
    # Known before it is there: who is asked to go between any two lines leaves none behind.
    _PARTS.add(part)
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, _ANEW, mode))
        yield part
    finally:
        _remove(part)


def remove_parts() -> None:
    """Remove what was left half-written because its removal was itself interrupted.

    For the end of the program, whichever way it comes.
    """
    for part in tuple(_PARTS):
        _remove(part)


def _remove(part: Path) -> None:
    with suppress(OSError):
        part.unlink(missing_ok=True)
    _PARTS.discard(part)


def keep(part: Path) -> None:
    """Wait until a file is on the disk: one that is full may say so only then.

    Raises:
        OSError: it is not, and will not be.
    """
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def take_place(part: Path, place: Path) -> None:
    """Move a complete file to its place, with the mode and, as far as it goes, the owner of
    the one there before.

    Raises:
        OSError: the disk refuses; what was there is there still.
    """
    keep(part)
    try:
        old = place.stat()
    except FileNotFoundError:
        old = None
    if old is not None:
        if hasattr(os, "chown"):
            with suppress(OSError):
                os.chown(part, old.st_uid, old.st_gid)
        part.chmod(stat.S_IMODE(old.st_mode))
    part.replace(place)


@contextmanager
def replacing(path: Path, *, private: bool = False, called: str | None = None) -> Iterator[Path]:
    """Give the name of an empty file to write to; at the end of the block it takes its place.

    For what must have a name to write to, such as OpenCV's videos. After an error in the block
    what was at ``path`` before is there still.

    Args:
        private, called: as in ``part_of``.

    Raises:
        OutputError: the disk refuses.
    """
    try:
        place = place_of(path)
        if is_plain(place):
            with part_of(place, private=private, called=called) as part:
                yield part
                take_place(part, place)
        else:
            with tempfile.TemporaryDirectory(prefix=PART) as folder:
                part = Path(folder) / f"part{place.suffix}"
                part.touch()
                yield part
                with part.open("rb") as whole, place.open("wb") as into:
                    shutil.copyfileobj(whole, into)
    except OSError as error:
        raise _refused(path, error) from error


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file to write that takes its place in one step, at the end of the block.

    Raises:
        OutputError: the disk refuses.
    """
    with replacing(path, private=private) as part, part.open("wb") as file:
        yield file


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file in one step.

    Raises:
        OutputError: the disk refuses.
    """
    with whole_file(path, private=private) as file:
        file.write(data)


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a text, in UTF-8, in one step.

    Raises:
        OutputError: the disk refuses.
    """
    write_bytes(path, encoded(text), private=private)


def private_folder(folder: Path) -> None:
    """Make a folder, and those it lies in, that only its owner can look into, where there is none.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.parent.exists():
        private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def encoded(text: str) -> bytes:
    """UTF-8; what is no letter (a file name's byte that is none) becomes a question mark."""
    return text.encode(errors="replace")


def readable(text: str) -> str:
    """The text with a mark in place of what is no letter, such as a file name's byte that is none.

    Files are opened by their names as they are; this is for what is told and kept of them.
    """
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half of a pair, which no file name gives
        return text.encode("utf-8", "replace").decode("utf-8")


def as_text(value: Any) -> str:
    """JSON as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _refused(path: Path, error: Exception) -> OutputError:
    return OutputError(f"{path} cannot be written: {_reason(error)}.")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
