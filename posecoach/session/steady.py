"""No flicker: what is shown stays long enough to be read.

Time comes from the pictures' capture times, never from a clock, so that a replayed session
looks as it did.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Steady(Generic[T]):
    """Shows a value for at least ``dwell_s`` before it gives way to another.

    A new value must also have lasted ``settle_s``, so that one that comes for a frame or two
    is never shown. ``urgent`` values come at once.
    """

    def __init__(self, dwell_s: float, settle_s: float = 0.0) -> None:
        self._dwell_s = dwell_s
        self._settle_s = settle_s
        self._shown: tuple[T] | None = None  # in a tuple, so that None may be shown too
        self._since_s = -float("inf")
        self._coming: tuple[T] | None = None
        self._coming_since_s = -float("inf")

    def update(self, value: T, time_s: float, *, urgent: bool = False) -> T:
        """Tell what is so at ``time_s``; returns what to show."""
        if self._shown is None or urgent or time_s < self._since_s:  # earlier: played again
            return self._show(value, time_s)
        if self._shown == (value,):
            self._coming = None
            return self._shown[0]
        if self._coming != (value,):
            self._coming, self._coming_since_s = (value,), time_s
        settled = time_s - self._coming_since_s >= self._settle_s
        if settled and time_s - self._since_s >= self._dwell_s:
            return self._show(value, time_s)
        return self._shown[0]

    def _show(self, value: T, time_s: float) -> T:
        if self._shown != (value,):
            self._since_s = time_s
        self._shown, self._coming = (value,), None
        return value
