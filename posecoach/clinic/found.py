"""Which recordings a run is about: those of a folder tree, of a list, or named one by one."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach.errors import SourceError
from posecoach.plan.limits import LEAST_HOLD_S, MOST_HOLD_S
from posecoach.writing import readable

SUFFIXES = (
    *(".3gp", ".asf", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov"),
    *(".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm", ".wmv"),
)
"""What recordings in a folder tree are called. A list may name any file."""

LIST = ".csv"
COLUMNS = ("file", "exercise", "person", "profile", "hold")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One recording to be coached.

    Attributes:
        file: its absolute path.
        root: a folder above it that was there when it was found: where that is gone, so is the
            share it lies on.
        exercise: id or definition file; "" for that of the command.
        person: whose it is, for the tables; "" where nobody is named.
        profile: whose ranges of motion are asked; "" for the command's.
        hold_s: seconds to hold; None for the command's, or the definition's.
    """

    file: str
    root: str
    exercise: str = ""
    person: str = ""
    profile: str = ""
    hold_s: float | None = None


def find(paths: Iterable[str]) -> list[Wanted]:
    """All recordings of some folders, lists (CSV) and files, each once.

    A folder is searched with all in it; whoever has a folder of their own there is the person. A
    list has a heading with ``file`` and, as wished, ``exercise``, ``person``, ``profile`` and
    ``hold`` (seconds); a relative path is one beside the list.

    Raises:
        SourceError: a path is missing, a list is none, or names a file twice.
    """
    found: dict[str, Wanted] = {}
    for each in paths:
        path = Path(each).expanduser().absolute()
        if path.is_dir():
            for wanted in _in_tree(path):
                found.setdefault(wanted.file, wanted)
        elif path.suffix.lower() == LIST:
            for wanted in _in_list(path):
                if wanted.file in found:
                    raise SourceError(f"{readable(str(path))} names {wanted.file} twice.")
                found[wanted.file] = wanted
        elif path.exists():
            found.setdefault(str(path), Wanted(str(path), str(path.parent)))
        else:
            raise SourceError(f"There is no file or folder {readable(each)}; check the path.")
    return list(found.values())


def _in_tree(root: Path) -> Iterator[Wanted]:
    problems: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=problems.append):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        inside = Path(folder).relative_to(root).parts
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                person = readable(inside[0]) if inside else ""
                yield Wanted(str(Path(folder) / name), str(root), person=person)
    if problems:
        reason = (problems[0].strerror or str(problems[0])).lower()
        raise SourceError(f"The folder {problems[0].filename} cannot be read: {reason}.")


def _in_list(path: Path) -> Iterator[Wanted]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceError(f"There is no list {path}; check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise SourceError(f"The list {path} cannot be read: {reason}.") from error
    heading = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in heading else ",")
    names = [each.strip().lower() for each in next(rows, [])]
    _check_heading(path, names)
    roots: dict[Path, str] = {}
    for number, row in enumerate(rows, start=2):
        if any(each.strip() for each in row):
            yield _of_row(path, number, _cells(path, number, names, row), roots)


def _check_heading(path: Path, names: Sequence[str]) -> None:
    there = ", ".join(COLUMNS)
    if "file" not in names:
        raise SourceError(f"The list {path} has no column file in its first line ({there}).")
    strange = [each for each in names if each not in COLUMNS]
    if strange or len(set(names)) < len(names):
        what = f"a column {strange[0]!r}" if strange else "a column twice"
        raise SourceError(f"The list {path} has {what}; there is {there}.")


def _cells(path: Path, number: int, names: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) > len(names):
        raise SourceError(
            f"Line {number} of {path} has more fields than the heading; quote commas."
        )
    return {name: cell.strip() for name, cell in zip(names, row, strict=False)}


def _of_row(path: Path, number: int, cells: dict[str, str], roots: dict[Path, str]) -> Wanted:
    if not cells.get("file"):
        raise SourceError(f"Line {number} of {path} names no file.")
    file = path.parent / Path(cells["file"]).expanduser()
    if file.parent not in roots:
        roots[file.parent] = _standing(file.parent)
    return Wanted(
        file=os.path.normpath(file),
        root=roots[file.parent],
        exercise=cells.get("exercise", ""),
        person=cells.get("person", ""),
        profile=cells.get("profile", ""),
        hold_s=_hold(path, number, cells.get("hold", "")),
    )


def _hold(path: Path, number: int, text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not LEAST_HOLD_S <= seconds <= MOST_HOLD_S:
        raise SourceError(
            f"Line {number} of {path}: a hold is {LEAST_HOLD_S:g} to {MOST_HOLD_S:g} seconds, not "
            f"{text!r}."
        )
    return seconds


def _standing(folder: Path) -> str:
    """The folder, or the nearest one above it that is there."""
    return str(next((each for each in (folder, *folder.parents) if each.is_dir()), folder.anchor))
