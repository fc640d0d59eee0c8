"""The known values of one quantity in the last moments, in the order of time and of size."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from statistics import median


class Window:
    """The values of some moments, to which new ones are added as the oldest are dropped.

    They are kept in order of size, too: asked at each moment where the middle lies, one would sort
    the same values again and again.
    """

    __slots__ = ("_by_size", "_by_time")

    def __init__(self) -> None:
        self._by_time: deque[float] = deque()
        self._by_size: list[float] = []

    def __len__(self) -> int:
        return len(self._by_time)

    def add(self, value: float) -> None:
        """Take in the next value, which is known."""
        self._by_time.append(value)
        insort(self._by_size, value)

    def drop(self) -> None:
        """Forget the oldest."""
        oldest = self._by_time.popleft()
        del self._by_size[bisect_left(self._by_size, oldest)]

    def clear(self) -> None:
        """Forget all."""
        self._by_time.clear()
        self._by_size.clear()

    @property
    def first(self) -> float:
        """The oldest value."""
        return self._by_time[0]

    @property
    def span(self) -> float:
        """How far apart the largest and the smallest are."""
        return self._by_size[-1] - self._by_size[0]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self._by_size)

    @property
    def drift(self) -> float:
        """How far apart the medians of the first and of the last half are, at most ``span``."""
        values, half = list(self._by_time), len(self._by_time) // 2
        return abs(median(values[-half:]) - median(values[:half]))
