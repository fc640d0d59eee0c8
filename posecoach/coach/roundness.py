"""How round a person's circles are read: a shape is told against their own.

A way forward is read larger of some people than of others, by their build and by where the camera
stands. Whose circles are read wider than high makes one that is three tenths as wide as those with
more than three tenths of its height. Where they are read flatter nothing is made of it: who only
shrugs has never shown how round a circle of theirs is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from statistics import median

from posecoach.coach.loops import Loop

LEAST = 2
"""Circles from which a person's own shape is known: one alone may be misread."""

KEPT = 15
"""The last of them by which it goes: half a minute of circles, as long as one direction takes."""


class Roundness:
    """Remembers the shapes of circles that count."""

    def __init__(self) -> None:
        self._shapes: deque[float] = deque(maxlen=KEPT)

    @property
    def own(self) -> float:
        """The shape of the person's own round circles, 1 where none wider than high is known."""
        return max(1.0, median(self._shapes)) if len(self._shapes) >= LEAST else 1.0

    def against_own(self, loop: Loop) -> Loop:
        """A loop with its shape against that of the person's own circles."""
        return replace(loop, shape=loop.shape / self.own)

    def take(self, loop: Loop) -> None:
        """Take in a circle that counts, its shape as it was read."""
        if loop.sure:
            self._shapes.append(loop.shape)
