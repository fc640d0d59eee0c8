"""The file that takes what libraries write, kept small."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

LARGEST = 256 * 1024
"""Bytes from which a new file is begun; with the older one beside it never much over twice that.
A session writes 5 to 10 KB, so this is some tens of them, and still fits into an e-mail."""


def log_path() -> Path:
    """Return where the log is or would be; the one before it is ``posecoach.1.log``."""
    from platformdirs import user_cache_path

    return user_cache_path("posecoach", appauthor=False) / "posecoach.log"


def open_log(path: Path) -> int | None:
    """Return a descriptor that appends to the log; None where it cannot be written.

    Only its owner may read it: a library may name the person's files in it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        rotate(path)
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return None


def rotate(path: Path) -> None:
    """Begin a new file where the log has grown large; the older one is replaced.

    Raises:
        OSError: the folder cannot be written.
    """
    try:
        if path.stat().st_size < LARGEST:
            return
    except FileNotFoundError:
        return
    older = path.with_suffix(".1.log")
    try:
        path.replace(older)
    except FileNotFoundError:  # another of our processes has just done it
        return
    except PermissionError:  # Windows renames no file that is open
        shutil.copyfile(path, older)
        os.truncate(path, 0)


def outgrown(path: Path, descriptor: int) -> bool:
    """Whether the log behind a descriptor is full, or has been put aside by another process."""
    here = os.fstat(descriptor)
    try:
        there = path.stat()
    except OSError:
        return True
    return here.st_size >= LARGEST or (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino)


def heading(version: str) -> bytes:
    """The line a process begins with. No arguments: they may name people and files."""
    now = time.strftime("%Y-%m-%d %H:%M:%S %z")
    return f"== {now}  posecoach {version}, process {os.getpid()}\n".encode()
