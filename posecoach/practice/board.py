"""The newest moment, between the thread that coaches and the one that draws."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from posecoach.practice.moment import Moment


@dataclass(frozen=True, slots=True)
class Drawn:
    """One moment that came to the display, for whoever measures delays; monotonic seconds.

    Attributes:
        captured: when the camera took the frame.
        taken: when the frame was handed over to be coached.
        coached: when its moment was on the board.
        drawn: when it was on the display.
    """

    captured: float
    taken: float
    coached: float
    drawn: float


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """A moment on the board, with the times of its frame; None where no camera gave it."""

    moment: Moment
    captured: float | None
    taken: float
    coached: float

    def drawn_now(self) -> Drawn | None:
        """Its times, where it has just come to the display; None without a frame of a camera."""
        if self.captured is None:
            return None
        return Drawn(self.captured, self.taken, self.coached, time.monotonic())


class Board:
    """Holds one moment: a newer one takes the place of one that nobody has drawn."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._posted: Posted | None = None
        self._closed = False

    def post(self, moment: Moment, captured: float | None, taken: float) -> None:
        """Put up a moment."""
        with self._change:
            self._posted = Posted(moment, captured, taken, time.monotonic())
            self._change.notify_all()

    def close(self) -> None:
        """No moment comes any more."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    @property
    def closed(self) -> bool:
        """Whether no moment comes any more."""
        return self._closed

    def take(self, wait_s: float) -> tuple[Posted | None, bool]:
        """The newest moment, waited for so long at the most, and whether it is the last."""
        with self._change:
            if self._posted is None and not self._closed:
                self._change.wait(wait_s)
            posted, self._posted = self._posted, None
            return posted, self._closed
