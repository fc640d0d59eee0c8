"""The files one command is about to write: refused or tried before the work begins.

Nothing is lost by a slip of the keyboard: an output that is one of the inputs, another output, a
database, something of PoseCoach's own, or an existing file of another kind is refused. What two
names mean is told by the file, not by the names.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from posecoach import writing
from posecoach.errors import OutputError
from posecoach.kinds import NAMES, Kind, kind_at, may_replace

STANDARD = "-"
"""What stands for standard output."""

_STANDARD = re.compile(r"/dev/stdout|/(?:dev|proc/self)/fd/1")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_OWN_FILES = ("preferences.json",)
_OWN_FOLDERS = ("profiles", "videos")
_DATABASE = "sessions.db"
_DATABASE_FILES = tuple(_DATABASE + end for end in ("", "-wal", "-shm", "-journal"))


@dataclass(frozen=True, slots=True)
class Output:
    """One file to be written.

    Attributes:
        path: where; None for standard output.
        kind: what it will hold.
    """

    path: Path | None
    kind: Kind

    def write(self, data: bytes) -> None:
        """Write it whole or not at all; to a pipe or a device straight.

        Raises:
            OutputError: the disk refuses.
        """
        writing.write_bytes(self._place, data)

    def write_text(self, text: str) -> None:
        """Write a text; raises as ``write``."""
        self.write(writing.encoded(text))

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open it to write; raises as ``write``."""
        with writing.whole_file(self._place) as file:
            yield file

    @property
    def _place(self) -> Path:
        if self.path is None:
            raise ValueError("standard output is no file")
        return self.path


class Outputs:
    """Takes the outputs of one command, one after the other.

    Args:
        inputs: what the command reads: files, folders (all in them), sources.
        folders: where PoseCoach keeps its own files (the data folder).
    """

    def __init__(self, inputs: Iterable[str | Path | None], *folders: Path) -> None:
        self._inputs = [path for each in inputs if each is not None for path in _files(each)]
        self._folders = folders
        self._taken: list[Output] = []

    def take(self, spec: str | Path, kind: Kind) -> Output:
        """Take one output: a path, or - for standard output.

        Raises:
            OutputError: it would destroy something, or cannot be written.
        """
        output = Output(named(spec), kind)
        place = None if output.path is None else writing.place_of(output.path)
        for other in self._taken:
            if _same_output(place, other):
                what = "standard output" if place is None else str(spec)
                raise OutputError(f"Two results cannot both go to {what}; name another file.")
        if output.path is not None and place is not None and writing.is_plain(place):
            self._refuse(output.path, place, kind)
        if output.path is not None:
            writing.check_writable(output.path)
        self._taken.append(output)
        return output

    def _refuse(self, path: Path, place: Path, kind: Kind) -> None:
        for each in self._inputs:
            if _same(place, each):
                raise OutputError(f"{path} is what is read; choose another name to write to.")
        if place.name in _DATABASE_FILES:
            raise OutputError(f"{path} is where sessions are kept; choose another name.")
        for folder in (*self._folders, *_data_folders(place)):
            if _is_own(place, folder):
                raise OutputError(f"{path} is one of PoseCoach's own files; choose another name.")
        try:
            found = kind_at(place) if place.exists() else "nothing"
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(
                f"{path} is there and cannot be read ({reason}); choose another name."
            ) from error
        if not may_replace(place, found, kind):
            raise OutputError(
                f"{path} holds {NAMES[found]}, and {NAMES[kind]} would take its place; choose "
                "another name, or move it away."
            )


def named(spec: str | Path) -> Path | None:
    """The file somebody means; None for standard output, by whatever name."""
    if str(spec) == STANDARD or _STANDARD.fullmatch(str(spec)):
        return None
    return expanded(Path(spec))


def expanded(path: Path) -> Path:
    """The path with the home folder in place of ~; as it is where nobody knows it."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _files(spec: str | Path) -> Iterator[Path]:
    """The files of an input: itself, and what lies in it."""
    text = str(spec)
    if text.lower().startswith("file://"):
        text = unquote(urlsplit(text).path)
    elif _ADDRESS.match(text):
        return
    path = expanded(Path(text))
    yield path
    try:
        if path.is_dir():
            yield from path.iterdir()
    except (OSError, ValueError):
        return  # told where it is read


def _same_output(place: Path | None, other: Output) -> bool:
    if place is None or other.path is None:
        return place is other.path
    theirs = writing.place_of(other.path)
    if not writing.is_plain(place):
        return _same(place, theirs) and not _takes_anything(place)
    return _same(place, theirs)


def _takes_anything(place: Path) -> bool:
    """Whether it is a device, which takes what comes (/dev/null), and not a pipe."""
    return stat.S_ISCHR(place.stat().st_mode)


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, or would be."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        pass
    try:
        other = other.resolve()
        alike = os.path.normcase(one.name) == os.path.normcase(other.name)
        return alike and one.parent.samefile(other.parent)
    except (OSError, RuntimeError, ValueError):
        return False


def _data_folders(place: Path) -> Iterator[Path]:
    """Folders with a database in them in which a file could be one of ours."""
    for folder in (place.parent, place.parent.parent):
        if (folder / _DATABASE).exists():
            yield folder


def _is_own(place: Path, folder: Path) -> bool:
    own = [folder / name for name in _OWN_FILES]
    if any(_same(place, each) for each in own):
        return True
    return any(_same(place.parent, folder / name) for name in _OWN_FOLDERS)
