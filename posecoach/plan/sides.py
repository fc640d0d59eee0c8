"""The sides an exercise is worked on."""

from __future__ import annotations

from typing import Literal, get_args

Side = Literal["left", "right", "both"]
SIDES: tuple[Side, ...] = get_args(Side)
"""All of them, in the order in which they are told."""

_MIRROR = {"left": "right", "right": "left"}


def fill(text: str, side: str | None) -> str:
    """Put the working side into ``{side}`` and its mirror into ``{other}``."""
    if side is None or "{" not in text:
        return text
    return text.replace("{side}", side).replace("{other}", _MIRROR.get(side, side))
