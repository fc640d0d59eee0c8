"""Showing a recording at its own speed."""

from __future__ import annotations

import time
from collections.abc import Callable

SKIP_S = 0.5
"""A recording that is shown may fall behind the clock by this much before it is let go:
waiting less later would only show the past faster."""

LOOK_S = 0.05
"""How often it looks whether it is to stop, while it waits: nobody notices a twentieth."""


class Playback:
    """Waits until a frame is due.

    Args:
        stopped: tells whether nobody waits any more.
    """

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._began = time.monotonic()
        self._behind_s = 0.0

    def wait_for(self, time_s: float) -> None:
        """Wait until the frame of this time is due."""
        if time_s == 0:
            self._began = time.monotonic()
        while (ahead := self._ahead(time_s)) > 0 and not self._stopped():
            time.sleep(min(ahead, LOOK_S))
        if ahead < -SKIP_S:
            self._began -= ahead

    def _ahead(self, time_s: float) -> float:
        return self._began + time_s + self._behind_s - time.monotonic()

    def stand_still(self) -> None:
        """It is paused: what follows is due later."""
        time.sleep(LOOK_S)
        self._behind_s += LOOK_S
