"""Whether this machine keeps up with the person.

Pure. A live source hands over the newest frame only, so a slow machine coaches fewer
frames and is never late; what suffers is how finely movements are seen. Counts stay right
down to about eight frames a second; below that a quick repetition may be missed.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from posecoach.source.remarks import LEAST_FPS

ENOUGH_FPS = 10.0
"""Frames a second at which it is well again."""

OVER_S = 5.0
"""The rate is taken over so long ..."""

WARM_UP_S = 3.0
"""... and not from the beginning: the model's first frames are slow on every machine."""


class Pace:
    """Watches how many frames a second the work on them leaves time for."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, float]] = deque()
        self._began_s: float | None = None
        self.too_slow = False

    def worked(self, time_s: float, busy_s: float) -> bool:
        """Take in one frame.

        Args:
            time_s: when it was captured.
            busy_s: seconds of work it took, from its taking to being ready for the next.

        Returns:
            Whether the machine is too slow. It is so where the work, not the camera, makes
            frames rare: a single quick frame among slow ones proves nothing, nor a hitch.
        """
        if self._began_s is None:
            self._began_s = time_s
        if time_s - self._began_s < WARM_UP_S:
            return False
        self._looks.append((time_s, busy_s))
        while time_s - self._looks[0][0] > OVER_S:
            self._looks.popleft()
        if time_s - self._looks[0][0] >= 0.8 * OVER_S:
            self.too_slow = self.fps < (ENOUGH_FPS if self.too_slow else LEAST_FPS)
        return self.too_slow

    @property
    def fps(self) -> float:
        """Frames a second that the usual work of late leaves time for; 0 where not yet known."""
        if len(self._looks) < 2:
            return 0.0
        return 1 / max(1e-3, median(busy_s for _, busy_s in self._looks))

    def rest(self) -> None:
        """No frames are worked on for a while; that is not slowness."""
        self._looks.clear()
