"""Words that several pages use."""

from __future__ import annotations

from datetime import datetime


def name_of(id_: str) -> str:
    """An exercise's id as a name, where its definition need not be read for it."""
    words = id_.replace("-", " ")
    return words[:1].upper() + words[1:]


def day(when: datetime) -> str:
    """A day as people say it."""
    return f"{when:%A}, {when.day} {when:%B %Y}"
