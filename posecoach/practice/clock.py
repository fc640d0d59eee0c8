"""The time of a practice, which stands still while nobody can be coached."""

from __future__ import annotations

GAP_S = 1.0
"""Where no frame came for so long, the practice stood still: nobody knows what was done, so
the time is neither held nor lost."""

STEP_S = 1 / 30
"""What a gap counts as: a frame of an ordinary camera."""


class Clock:
    """A camera's time, less its gaps and the pauses the person makes."""

    def __init__(self) -> None:
        self._stood_s = 0.0
        self._before_s: float | None = None
        self.now_s = 0.0
        """The practice's time at the last frame."""

    def tick(self, frame_s: float, *, paused: bool) -> float:
        """Take the next frame's time; the practice's own.

        Args:
            paused: whether it has stood still since the frame before.
        """
        step = 0.0 if self._before_s is None else frame_s - self._before_s
        if paused:
            self._stood_s += step
        elif step > GAP_S:
            self._stood_s += step - STEP_S
        self._before_s = frame_s
        self.now_s = frame_s - self._stood_s
        return self.now_s
