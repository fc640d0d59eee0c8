"""A clock that stands still while no picture comes, for what goes on afterwards as it was before.

A camera that freezes for some seconds takes them from nobody's movement. What is told is told in
the source's time again.
"""

from __future__ import annotations

from collections import deque

STEP_S = 1 / 15
"""A gap counts as one moment: as far apart as moments usually are."""

KEPT_S = 60.0
"""Times longer ago are not asked for: a few circles, however slow."""


class SeenClock:
    """Seconds without those of bridged gaps."""

    def __init__(self) -> None:
        self._lost_s = 0.0
        self._gaps: deque[tuple[float, float]] = deque()
        self._older_s = 0.0

    def now(self, time_s: float) -> float:
        """Return what it shows at the source's present time."""
        return time_s - self._lost_s

    def bridge(self, time_s: float, gap_s: float) -> None:
        """Leave out the gap that ends at a time of the source."""
        self._lost_s += gap_s - STEP_S
        shown_s = self.now(time_s)
        self._gaps.append((shown_s, self._lost_s))
        while self._gaps[0][0] < shown_s - KEPT_S:
            self._older_s = self._gaps.popleft()[1]

    def source_s(self, shown_s: float) -> float:
        """Return the source's time at which it showed this."""
        lost_s = self._older_s
        for since_s, lost_by_then_s in self._gaps:
            if since_s > shown_s:
                break
            lost_s = lost_by_then_s
        return shown_s + lost_s
