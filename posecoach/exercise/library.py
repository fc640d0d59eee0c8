"""Finds exercises by id and loads their definitions.

An exercise called ``wall-stretch`` is the file ``wall-stretch.yaml`` in one of the library's
folders; so listing the ids reads no file, and finding one reads one. Files in subfolders
(``routines/``) are not exercises.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach.data import data_dir
from posecoach.errors import ExerciseError
from posecoach.exercise.check import check_file
from posecoach.exercise.definition import Exercise
from posecoach.exercise.naming import Catalogue
from posecoach.exercise.problem import nearest, printable, quoted, shorten

SUFFIXES = (".yaml", ".yml")
BUILT_IN = "built-in"
YOURS = "yours"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of definitions.

    Attributes:
        origin: what to call it: "built-in", "yours", or the path the user gave.
    """

    path: Path
    origin: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition file in the library, not yet read.

    Attributes:
        id: the file's name without its ending.
        origin: of its folder.
        replaces: origins of the files of the same id that it stands in front of.
    """

    id: str
    path: Path
    origin: str
    replaces: tuple[str, ...] = ()


class Library:
    """Exercises in several folders; in a later folder they stand in front of earlier ones.

    Args:
        folders: in order. One that does not exist is empty.
        catalogue: measures by name without side; without it those of ``posecoach.body``.
    """

    def __init__(self, folders: Iterable[Folder], catalogue: Catalogue | None = None) -> None:
        self.folders = tuple(folders)
        self._catalogue = catalogue
        self._entries: dict[str, Entry] | None = None

    def entries(self) -> tuple[Entry, ...]:
        """Return all files in the order of their ids; none of them is read."""
        return tuple(sorted(self._index().values(), key=lambda entry: entry.id))

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all exercises, sorted."""
        return tuple(entry.id for entry in self.entries())

    def entry(self, id_: str) -> Entry:
        """Return the file of an exercise.

        Raises:
            ExerciseError: there is none of this id; names the nearest.
        """
        index = self._index()
        if id_ in index:
            return index[id_]
        close = nearest(id_, index)
        hint = f"did you mean {shorten(close)}? " if close else ""
        raise ExerciseError(
            f"unknown exercise {quoted(id_)}; {hint}`posecoach exercises list` shows all"
        )

    def find(self, id_: str) -> Exercise:
        """Load an exercise by its id, or by the path of its file.

        Raises:
            ExerciseError: there is none of this id, or its definition has mistakes.
        """
        if id_.endswith(SUFFIXES):
            return load(Path(id_), self._catalogue)
        return load(self.entry(id_).path, self._catalogue)

    def in_place_of_built_in(self, id_: str) -> str:
        """Return that a file stands in front of the built-in exercise, in a sentence.

        Args:
            id_: as for ``find``; a file that is named is no surprise.

        Returns:
            "" where none does.
        """
        entry = None if id_.endswith(SUFFIXES) else self._index().get(id_)
        if entry is None or BUILT_IN not in entry.replaces:
            return ""
        shown = printable(str(entry.path))
        return f"{id_} is your own, {shown}, in place of the built-in one."

    def _index(self) -> dict[str, Entry]:
        if self._entries is None:
            self._entries = {}
            for folder in self.folders:
                for path in definition_files(folder.path):
                    before = self._entries.get(path.stem)
                    replaces = (before.origin, *before.replaces) if before else ()
                    self._entries[path.stem] = Entry(path.stem, path, folder.origin, replaces)
        return self._entries


def standard_library(extra: Sequence[Path] = (), *, catalogue: Catalogue | None = None) -> Library:
    """Return the built-in exercises, the user's own, and those of ``--exercises DIR``.

    Args:
        extra: folders named by the user; each stands in front of all before it.

    Raises:
        ExerciseError: one of ``extra`` is not a folder that can be read.
    """
    for path in extra:
        _must_be_folder(path)
    return Library(
        [
            Folder(data_dir("exercises"), BUILT_IN),
            Folder(user_folder(), YOURS),
            *(Folder(path, printable(str(path))) for path in extra),
        ],
        catalogue,
    )


def built_in() -> Library:
    """Return the built-in exercises alone, whatever stands in front of them."""
    return Library([Folder(data_dir("exercises"), BUILT_IN)])


def refuse_built_in(id_: str) -> None:
    """Refuse to call a new exercise like a built-in one: it would stand in front of it.

    Raises:
        ExerciseError: there is a built-in one of this id.
    """
    if id_ in built_in().ids():
        raise ExerciseError(f"{id_} is one of PoseCoach's own stretches; choose another id")


def user_folder() -> Path:
    """Return where a user's own exercises are; it need not exist."""
    import platformdirs

    return platformdirs.user_data_path("posecoach", appauthor=False) / "exercises"


def definition_files(folder: Path) -> list[Path]:
    """Return the definition files in a folder, sorted; none where it cannot be read."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix in SUFFIXES and not path.name.startswith(".")
        )
    except OSError:
        return []


def load(path: Path, catalogue: Catalogue | None = None) -> Exercise:
    """Load one definition file.

    Args:
        path: the file; its name without the ending must be the exercise's id.
        catalogue: as for ``Library``.

    Raises:
        ExerciseError: it has mistakes; tells the first and how many there are.
    """
    checked = check_file(path, catalogue)
    if checked.exercise is not None:
        return checked.exercise
    first, *more = checked.errors
    place = f"{first.path}:{first.line}" if first.line else first.path
    where = f"{place}: {first.field}: " if first.field else f"{place}: "
    others = ""
    if more:
        count = "one more mistake" if len(more) == 1 else f"{len(more)} more mistakes"
        others = f" (and {count}; `posecoach exercises check {first.path}` tells all)"
    raise ExerciseError(f"{where}{first.message}{others}")


def _must_be_folder(path: Path) -> None:
    shown = printable(str(path))
    try:
        if not path.is_dir():
            raise ExerciseError(f"{shown} is not a folder; give a folder of exercise files")
        next(path.iterdir(), None)
    except (OSError, ValueError):
        raise ExerciseError(f"the folder {shown} cannot be read; check its permissions") from None
