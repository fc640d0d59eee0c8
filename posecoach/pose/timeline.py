"""Capture times as the strictly increasing whole milliseconds MediaPipe wants."""

from __future__ import annotations

import math

_STEP_MS = 33  # a usual frame, where the source's clock says nothing
_DAY_S = 86_400.0  # no session lasts longer than that


class Timeline:
    """Turns capture times into timestamps that always grow.

    Forward steps are kept as they are, because MediaPipe's own smoothing reckons with them. A
    repeated time counts as one millisecond more. A clock that goes back (a film played again)
    goes on from where it was, one usual frame later; so does one that leaps more than a
    day, which no session lasts and no timestamp need hold.
    """

    def __init__(self) -> None:
        self._last_ms = -1
        self._last_s = -math.inf
        self._start_s = 0.0

    def stamp(self, time_s: float) -> int:
        """Return the timestamp for a frame taken at ``time_s`` seconds."""
        if not math.isfinite(time_s):
            self._last_ms += _STEP_MS
            return self._last_ms
        if not 0 <= time_s - self._last_s <= _DAY_S:
            # Chosen so that this frame comes out at 0, or one usual frame after the last.
            begin_ms = 0 if self._last_ms < 0 else self._last_ms + _STEP_MS
            self._start_s = time_s - begin_ms / 1000
        self._last_s = time_s
        self._last_ms = max(self._last_ms + 1, round((time_s - self._start_s) * 1000))
        return self._last_ms
