"""Writing a result to a file: whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from posecoach.errors import OutputError


def check_writable(path: Path) -> None:
    """Find out before the work whether its result can be written.

    Raises:
        OutputError: the folder is missing or cannot be written to.
    """
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give a file name to write to.")
    if not folder.is_dir():
        raise OutputError(f"The folder {folder} does not exist; make it or choose another.")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path} cannot be written; choose another place.")


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write that takes its place in one step, at the end of the block.

    Readers see the old one or the whole new one; after an error in the block the old one stays.

    Raises:
        OutputError: the disk refuses.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = file.name
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} cannot be written: {reason}.") from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step.

    Raises:
        OutputError: the disk refuses.
    """
    with whole_file(path) as file:
        file.write(data)


def write_text(path: Path, text: str) -> None:
    """Write a text, in UTF-8, in one step.

    Raises:
        OutputError: the disk refuses.
    """
    write_bytes(path, text.encode())


def as_text(value: Any) -> str:
    """JSON as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
