"""Circles in a row: one alone is not counted.

Whoever reaches for something, squats or talks with their hands draws a loop with the shoulders
now and then; nobody does two of them one after the other but who rolls the shoulders.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from posecoach.coach.events import CircleDone
from posecoach.coach.loops import IDLE_S


class Row:
    """Holds the first circle back until another follows.

    Attributes:
        first: the circle that waits for another; None where none does.
    """

    def __init__(self) -> None:
        self.first: CircleDone | None = None
        self._last_s = -inf

    def take(self, circle: CircleDone) -> list[CircleDone]:
        """Take in the next; return those of which it is known now whether they count."""
        if not circle.counted:
            return [circle]
        follows = circle.start_s - self._last_s <= IDLE_S
        self._last_s = circle.end_s
        before = self.over(circle.time_s, counted=follows)
        if follows:
            return [*before, circle]
        self.first = circle
        return before

    def wait(self, time_s: float) -> list[CircleDone]:
        """Give up the first one where none has followed for too long.

        A circle that begins in time ends as much later as one may take.
        """
        return self.over(time_s) if time_s - self._last_s > 2 * IDLE_S else []

    def over(self, time_s: float, *, counted: bool = False) -> list[CircleDone]:
        """Let the first one go, for what it has turned out to be."""
        first, self.first = self.first, None
        return [] if first is None else [replace(first, time_s=time_s, counted=counted)]
