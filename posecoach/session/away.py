"""For how long nobody was in the picture."""

from __future__ import annotations

from math import isfinite

LONGEST_GAP_S = 0.5
"""A picture stands for the time until the next, but never for more than this ..."""


class Away:
    """Counts the time in which nobody was found.

    ... unless it shows nobody: pictures that repeat an empty room, or are black, show nobody
    either, though they are not looked at. Of those that repeat somebody nobody knows whether
    they are still there: they count neither way.

    Attributes:
        away_s: seconds in which nobody was found.
        known_s: seconds of which it is known whether somebody was.
    """

    def __init__(self) -> None:
        self.away_s = self.known_s = 0.0
        self._last_s: float | None = None
        self._there = True

    def see(self, time_s: float, there: bool) -> None:
        """Take in a new picture, at a time of the source, with somebody in it or not."""
        if not isfinite(time_s):  # a broken picture says nothing
            return
        lasted_s = 0.0 if self._last_s is None else max(0.0, time_s - self._last_s)
        if self._there:
            lasted_s = min(lasted_s, LONGEST_GAP_S)
        else:
            self.away_s += lasted_s
        self.known_s += lasted_s
        self._last_s, self._there = time_s, there

    @property
    def share(self) -> float:
        """0..1, of the known time; of a single picture whether it shows nobody."""
        return self.away_s / self.known_s if self.known_s > 0 else float(not self._there)
