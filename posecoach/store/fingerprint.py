"""What measured a session: by which instrument, and whether it would measure the same today."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_OF = (
    "pose/landmarks.py",
    "body/*.py",
    "observe/measures.py",
    "observe/precision.py",
    "observe/zero.py",
    "observe/instrument/*.*",
)


@cache
def measuring_code() -> str:
    """Return the instrument's version, a dash, and a fingerprint of all that makes the numbers.

    That is everything between a clean pose and the coach.

    The version number alone would not do: definitions and measures are worked on between
    versions, and those who do want to know what a change does to stored sessions.
    """
    from posecoach.observe.measures import measured_with

    digest = hashlib.sha256()
    for path in (path for pattern in _OF for path in sorted(_PACKAGE.glob(pattern))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{measured_with()}-{digest.hexdigest()[:16]}"


def instrument_of(measured_by: str) -> str:
    """Return the version of the instrument that measured a session.

    Empty (``observe.measures.EARLIER``) where readings had no instrument's version yet.

    Args:
        measured_by: as it was kept with the session.
    """
    version, dash, _ = measured_by.partition("-")
    return version if dash else ""
