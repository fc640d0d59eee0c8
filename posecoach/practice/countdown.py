"""From the start pose to the word to begin."""

from __future__ import annotations

from posecoach.coach.state import Phase
from posecoach.session.practice_state import LAST_SECONDS

COUNTDOWN_S = float(LAST_SECONDS)
"""From the start pose to the word to begin: the seconds that are counted aloud."""

DEPARTED_S = 0.6
"""The start pose may be lost for less without the countdown beginning anew."""

BEGUN = (Phase.MOVING, Phase.HOLDING, Phase.RETURNING, Phase.DONE)
"""Who begins before the end has begun."""


class Countdown:
    """Counts down once, while the person is in the start pose; the coach watches all the while."""

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._start_seen_s = -float("inf")
        self._over = False

    def update(self, time_s: float, phase: Phase, *, in_start_pose: bool) -> float | None:
        """Take in one moment; seconds remaining, None where no countdown runs."""
        if phase in BEGUN:
            self._over = True
        if self._over:
            return None
        if in_start_pose:
            self._start_seen_s = time_s
            if self._began_s is None:
                self._began_s = time_s
        elif time_s - self._start_seen_s > DEPARTED_S:
            self._began_s = None
        if self._began_s is None:
            return None
        remaining = COUNTDOWN_S - (time_s - self._began_s)
        self._over = remaining <= 0
        return None if self._over else remaining
