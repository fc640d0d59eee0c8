"""Timestamps that only ever go forward."""

import math

# Pose estimators count whole milliseconds and refuse a repeated one.
MIN_STEP_S = 0.001
# A step back of more than this is a new clock (recordings joined one after the other);
# a smaller one is a frame out of order.
_STEP_BACK_S = 1.0
# No recording of a stretch stands still this long; a damaged timestamp does.
_LEAP_S = 3600.0


class Clock:
    """Turns a container's timestamps into seconds since the first frame.

    They are kept exactly as they are wherever they go forward. A repeated or missing one
    (raw streams have none at all) is taken to be one frame later; a frame out of order
    likewise, until the container's own times have caught up; after a break (another
    recording joined on, a damaged stamp) time goes on from where it was.

    Args:
        fps: nominal frames per second, for the steps that have to be made up.
    """

    def __init__(self, fps: float | None = None) -> None:
        self._period = 1 / fps if fps else 1 / 30
        self._offset = 0.0
        self._stamp = 0.0
        self._last: float | None = None

    def tell(self, stamp: float) -> float:
        """The time in seconds of the frame stamped ``stamp`` seconds; strictly increasing."""
        if self._last is None:
            self._stamp = stamp if math.isfinite(stamp) else 0.0
            self._offset = -self._stamp
            self._last = 0.0
            return 0.0
        nominal = self._last + max(self._period, MIN_STEP_S)
        if not math.isfinite(stamp):
            self._last = nominal
            return nominal
        step = stamp - self._stamp
        if step <= -_STEP_BACK_S or step > _LEAP_S:
            self._offset = nominal - stamp
            time_s = nominal
        elif step <= 0:
            time_s = nominal
        else:
            time_s = max(stamp + self._offset, self._last + MIN_STEP_S)
        self._stamp = stamp
        self._last = time_s
        return time_s
