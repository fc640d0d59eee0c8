"""One running PoseCoach for each data folder: who is it, and how to be let in."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from posecoach.errors import OutputError
from posecoach.writing import private_folder

FILE = "app.json"

ANSWER_S = 5.0
"""How long a running server may take to answer before it is taken to be gone."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where a server is, and what it is told to be given a new token."""

    port: int
    again: str


def note(folder: Path, running: Running) -> None:
    """Write down that a server runs, for its own user's eyes only.

    Raises:
        OutputError: the folder cannot be written.
    """
    path, fresh = folder / FILE, folder / f".{FILE}-{secrets.token_hex(4)}"
    try:
        private_folder(folder)
        # Not into the file that is there: whoever may read that one would read the new word, too.
        made = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as file:
            json.dump(asdict(running), file)
        fresh.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"The folder {folder} cannot be written ({reason}); choose another with --data-dir."
        ) from None


def forget(folder: Path, running: Running) -> None:
    """Take the note away, unless another server has put its own there."""
    if _noted(folder) == running:
        with suppress(OSError):
            (folder / FILE).unlink()


def way_in(folder: Path) -> str:
    """The address that opens the running server once more; empty where none runs."""
    there = _noted(folder)
    if there is None:
        return ""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection("127.0.0.1", there.port, timeout=ANSWER_S)
    try:
        connection.request("POST", "/again", headers={"X-PoseCoach-Again": there.again})
        answer = connection.getresponse()
        path = answer.read(200).decode("ascii", "replace")
        known = answer.status == 200 and path.startswith("/enter/")
        return f"http://127.0.0.1:{there.port}{path}" if known else ""
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()


def _noted(folder: Path) -> Running | None:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Running(int(found["port"]), str(found["again"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
