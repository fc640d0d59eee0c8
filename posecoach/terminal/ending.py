"""Leaving in good order when the program is asked to go."""

from __future__ import annotations

import signal
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Asked by the system or another program, the terminal closed, Ctrl-Break on Windows."""


def orderly() -> None:
    """Let a request to end unwind what is open, as an interruption does; the second one kills.

    What is being recorded is closed and marked as unfinished, half-written files are gone. Requests
    that are ignored (``nohup``) stay so.
    """
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)
