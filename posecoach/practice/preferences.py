"""What is remembered from one practice to the next: the camera, the person, the exercise.

A small JSON file beside the sessions. It is a convenience: where it cannot be read or
written nothing is lost and nobody is bothered.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from posecoach.errors import OutputError
from posecoach.writing import as_text, private_folder, write_text

FILE = "preferences.json"


@dataclass(frozen=True, slots=True)
class LastChoices:
    """The last choices; empty where there are none.

    Attributes:
        camera: name of the last camera or address of the last stream.
        exercise: id of the last exercise or routine.
        profile: name of the last person.
    """

    camera: str = ""
    exercise: str = ""
    profile: str = ""


def load_preferences(folder: Path) -> LastChoices:
    """Return what is remembered in ``folder``; whatever is no preference is passed over."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return LastChoices()
    if not isinstance(found, dict):
        return LastChoices()
    names = {field.name for field in fields(LastChoices)}
    return LastChoices(
        **{name: value for name, value in found.items() if name in names and isinstance(value, str)}
    )


def save_preferences(folder: Path, preferences: LastChoices) -> bool:
    """Remember; returns whether that was possible."""
    try:
        private_folder(folder)
        write_text(folder / FILE, as_text(asdict(preferences)), private=True)
    except (OSError, OutputError):
        return False
    return True
