"""Words that several pages use."""

from __future__ import annotations

from datetime import datetime


def day(when: datetime) -> str:
    """A day as people say it."""
    return f"{when:%A}, {when.day} {when:%B %Y}"
