"""What a person can ask of a practice, by a key or a sign."""

from __future__ import annotations

import threading
from collections import deque
from enum import Enum


class Wish(Enum):
    """See ``Practice.ask``."""

    PAUSE = "pause, or go on where it is paused; in the set-up check: begin without it"
    GO_ON = "go on: end a pause, a rest or the set-up check"
    NEXT = "the next exercise"
    REPEAT = "this exercise from its beginning"
    SIDE = "the other side"
    STOP = "stop and see the result"


class Wishes:
    """What was asked for and is not done yet; filled by one thread, emptied by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Wish] = deque()

    def add(self, wish: Wish) -> None:
        """Something is asked for."""
        with self._lock:
            self._waiting.append(wish)

    def take(self) -> list[Wish]:
        """All that was asked for since the last call."""
        with self._lock:
            wishes = list(self._waiting)
            self._waiting.clear()
        return wishes
