"""Words on this machine, which stand on the screen for a while and stop nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from posecoach.practice.moment import Moment

REMARK_S = 8.0
"""How long a word about this machine stays on the screen: read twice at leisure."""

NOT_KEPT = "This session is not being saved. It goes on all the same."
"""The reason is told in the terminal: nobody reads a path from the mat."""


class Notices:
    """Puts the newest word about this machine onto each moment.

    Args:
        unsaved: tells whether what happens is not being kept although it should be.
    """

    def __init__(self, unsaved: Callable[[], bool] | None) -> None:
        self._unsaved, self._lost = unsaved, False
        self._words, self._until = "", 0.0

    def say(self, words: str) -> None:
        """Let these words stand for a while."""
        self._words, self._until = words, time.monotonic() + REMARK_S

    def onto(self, moment: Moment) -> Moment:
        """The moment with what is to be said about this machine."""
        if self._unsaved is not None and not self._lost and self._unsaved():
            self._lost = True
            self.say(NOT_KEPT)
        practice = replace(moment.practice, unsaved=self._lost)
        if self._words and time.monotonic() < self._until:
            practice = replace(practice, remark=self._words)
        return replace(moment, practice=practice)
