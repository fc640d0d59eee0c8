"""Which code measured a session: whether it would measure the same today."""

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
    """Return a fingerprint of everything between a clean pose and the coach's numbers.

    The version number alone would not do: definitions and measures are worked on between
    versions, and those who do want to know what a change does to stored sessions.
    """
    digest = hashlib.sha256()
    for path in (path for pattern in _OF for path in sorted(_PACKAGE.glob(pattern))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
