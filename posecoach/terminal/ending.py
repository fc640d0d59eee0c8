"""Leaving in good order when the program is asked to go."""

from __future__ import annotations

import signal
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Asked by the system or another program, the terminal closed, Ctrl-Break on Windows."""

AGAIN_S = 0.01
"""After so long a request is taken up that came while something was being finalized: that takes
microseconds."""


def orderly() -> None:
    """Let a request to end unwind what is open, as an interruption does; the second one kills.

    What is being recorded is closed and marked as unfinished, half-written files are gone. Requests
    that are ignored (``nohup``) stay so.
    """
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    if _finalizing(frame) and hasattr(signal, "setitimer"):
        # Python forgets an exception from there, and with it that it was asked to end.
        signal.signal(signal.SIGALRM, lambda _, later: _leave(number, later))
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
        return
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def _finalizing(frame: FrameType | None) -> bool:
    """Whether something is being finalized that is not used any more."""
    while frame is not None:
        if frame.f_code.co_name == "__del__" or frame.f_globals.get("__name__") == "weakref":
            return True
        frame = frame.f_back
    return False
