"""What must be the same wherever recordings of one run are coached."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping
from functools import cache

from posecoach import __version__
from posecoach.data import data_dir
from posecoach.exercise.library import definition_files
from posecoach.store.fingerprint import measuring_code

Versions = Mapping[str, str]
"""What is compared, by what it is called in a sentence."""


@cache
def versions() -> Versions:
    """The versions of this process."""
    return {
        "PoseCoach": __version__,
        "MediaPipe": importlib.metadata.version("mediapipe"),
        "the measuring code": measuring_code(),
        "the definitions": _definitions(),
    }


def difference(here: Versions, there: Versions, where: str) -> str:
    """What is not the same there, in a sentence; "" where all is."""
    for name, version in here.items():
        other = there.get(name, "none")
        if other != version:
            return (
                f"{where} has {name} in another version ({other}, here it is {version}); install "
                f"the same everywhere: pip install 'posecoach[clinic]=={__version__}'."
            )
    return ""


def _definitions() -> str:
    """A fingerprint of the built-in exercises."""
    digest = hashlib.sha256()
    for path in definition_files(data_dir("exercises")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
