"""A definition to begin with."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from posecoach.errors import ExerciseError
from posecoach.exercise.problem import quoted
from posecoach.writing import write_text

_TEMPLATE = Path(__file__).with_name("template.yaml")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 60
"""Letters: it is a file's name, and stands in lists."""


def id_of(title: str) -> str:
    """Return the id of what is called so: "Side lean, seated" is ``side-lean-seated``.

    Raises:
        ExerciseError: it has no letter or digit that can stand in an id.
    """
    letters = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    id_ = "-".join(re.findall("[a-z0-9]+", plain))
    if not id_:
        raise ExerciseError(
            f"{quoted(title)} cannot be the name of a stretch; use letters of the Latin alphabet "
            "or digits, for example 'Side lean'"
        )
    return id_[:_LONGEST_ID].rstrip("-")


def template_text(id_: str) -> str:
    """Return the text of a commented definition called ``id_``, which works as it stands.

    Raises:
        ExerciseError: ``id_`` cannot be the name of a definition.
    """
    if not _ID.fullmatch(id_) or len(id_) > _LONGEST_ID:
        raise ExerciseError(
            f"{quoted(id_)} cannot be the id of an exercise; use small letters, digits and "
            "hyphens, for example 'side-lean'"
        )
    name = id_.replace("-", " ").capitalize()
    text = _TEMPLATE.read_text(encoding="utf-8")
    # A word that YAML would read as something else (true, 12) needs its quotes.
    text = text.replace("id: my-exercise  ", f"id: '{id_}'", 1)
    return text.replace("name: My exercise", f"name: '{name}'", 1)


def write_template(id_: str, folder: Path) -> Path:
    """Write a definition to begin with, whole or not at all; returns where it is.

    Raises:
        ExerciseError: there is a file already, or the folder cannot be made.
        OutputError: it cannot be written.
    """
    text = template_text(id_)
    path = folder / f"{id_}.yaml"
    if path.exists():
        raise ExerciseError(f"{path} is there already; choose another id")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ExerciseError(f"{path} cannot be written ({reason}); choose another folder") from None
    write_text(path, text)
    return path
