"""What a person asked for about keeping a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Saving:
    """How to keep a session; plain values, so that it can go to another process.

    Attributes:
        folder: where sessions are kept.
        landmarks: whether to keep the landmarks too.
        profile: whose session; "" for nobody's in particular.
        video: whether to keep the picture as well.
    """

    folder: Path
    landmarks: bool = True
    profile: str = ""
    video: bool = False
