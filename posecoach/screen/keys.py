"""The keys, what they do, and the words that explain them."""

from __future__ import annotations

from enum import Enum


class Action(Enum):
    """What a person asks for with a key."""

    QUIT = "quit"
    PAUSE = "pause"  # and go on
    MUTE = "mute"
    NEXT = "next"
    REPEAT = "repeat"
    SIDE = "side"
    FULL_SCREEN = "full screen"
    HELP = "help"


KEYS: dict[str, Action] = {
    "q": Action.QUIT,
    "\x1b": Action.QUIT,
    " ": Action.PAUSE,
    "m": Action.MUTE,
    "n": Action.NEXT,
    "r": Action.REPEAT,
    "s": Action.SIDE,
    "f": Action.FULL_SCREEN,
    "h": Action.HELP,
    "?": Action.HELP,
}

HELP: tuple[tuple[str, str], ...] = (
    ("space", "pause, go on"),
    ("n", "next exercise"),
    ("r", "repeat from the beginning"),
    ("s", "other side"),
    ("m", "voice off, on"),
    ("f", "full screen"),
    ("h", "these keys"),
    ("q", "stop and see the result"),
)
"""(key, what it does) in the order they are shown."""


def action_of(code: int) -> Action | None:
    """The action of a key code as OpenCV's ``waitKeyEx`` gives it; None where it has none."""
    if code < 0:
        return None
    # Above 16 bits are Num Lock and the like (GTK) or keys that are no letter (Windows).
    return KEYS.get(chr(code & 0xFFFF).lower())
