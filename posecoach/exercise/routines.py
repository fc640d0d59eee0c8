"""Finds routines by id and loads them.

They lie in the folder ``routines`` of each of the library's folders, so that the exercises
and the routines of one place travel together.
"""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import SUFFIXES, Entry, Folder, Library
from posecoach.exercise.problem import nearest, quoted, shorten
from posecoach.exercise.routine import Routine
from posecoach.exercise.routine_check import check_routine_file

FOLDER = "routines"


class Routines:
    """The routines of a library.

    Args:
        library: where their exercises are, and beside them the routines.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        folders = [Folder(each.path / FOLDER, each.origin) for each in library.folders]
        self._index = Library(folders)

    def entries(self) -> tuple[Entry, ...]:
        """Return all files in the order of their ids; none of them is read."""
        return self._index.entries()

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all routines, sorted."""
        return self._index.ids()

    def find(self, id_: str) -> Routine:
        """Load a routine by its id, or by the path of its file.

        Raises:
            ExerciseError: there is none of this id, or its file has mistakes.
        """
        if id_.endswith(SUFFIXES):
            return self._load(Path(id_))
        if id_ not in self.ids():
            close = nearest(id_, (*self.ids(), *self._library.ids()))
            hint = f"did you mean {shorten(close)}? " if close else ""
            raise ExerciseError(
                f"There is no exercise or routine {quoted(id_)}; {hint}"
                "`posecoach exercises list` shows all."
            )
        return self._load(self._index.entry(id_).path)

    def _load(self, path: Path) -> Routine:
        checked = check_routine_file(path, self._library)
        if checked.routine is not None:
            return checked.routine
        first, *more = checked.errors
        place = f"{first.path}:{first.line}" if first.line else first.path
        where = f"{place}: {first.field}: " if first.field else f"{place}: "
        others = f" (and {len(more)} more)" if more else ""
        raise ExerciseError(
            f"{where}{first.message}{others}; `posecoach exercises check {first.path}` tells all"
        )


def one_exercise(library: Library, name: str, what: str) -> Exercise:
    """Load an exercise where there is no sense in a routine.

    Args:
        name: its id, or the path of its file.
        what: what needs it, for the sentence that refuses a routine: "a recording".

    Raises:
        ExerciseError: there is none, its definition has mistakes, or it is a routine, whose
            exercises are named.
    """
    routines = Routines(library)
    if name not in library.ids() and name in routines.ids():
        own = ", ".join(dict.fromkeys(each.exercise for each in routines.find(name).exercises))
        raise ExerciseError(
            f"{name} is a routine, and {what} needs one stretch; name one of its own: {own}."
        )
    return library.find(name)
