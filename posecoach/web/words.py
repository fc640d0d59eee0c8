"""Words that several pages use."""

from __future__ import annotations

from datetime import datetime
from math import ceil


def day(when: datetime) -> str:
    """A day as people say it."""
    return f"{when:%A}, {when.day} {when:%B %Y}"


def whole_minutes(seconds: float) -> int:
    """How long something takes, in minutes that suffice; the same on every page."""
    return max(1, ceil(seconds / 60))
