"""Writing a report where it is wanted, and showing it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from posecoach.errors import OutputError


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step: readers see the old one or the whole new one.

    Raises:
        OutputError: the disk refuses.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} cannot be written: {reason}.") from error


def show(path: Path) -> bool:
    """Open a file in the person's browser; tell whether one was found."""
    import webbrowser

    try:
        return webbrowser.open(path.resolve().as_uri())
    except webbrowser.Error:
        return False
