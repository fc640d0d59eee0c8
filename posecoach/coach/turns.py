"""Whose turn it is to be said: no correction too often, and none never.

The voice has room for one correction every ``APART_S``. What comes right after another one is not
said; where both come back in turn it never would be. So who was said gives way once to who was not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from posecoach.coach.state import Cue
from posecoach.plan.sides import Side

REPEAT_S = 8.0
"""The same words for the same side are not said again sooner than this: about once a
repetition. Whoever is told at every turn learns to wait for it (Winstein and Schmidt 1990, on the
frequency of feedback). The other side is another matter: who is told to keep the hips still on the
right has not heard that they move on the left, too."""

APART_S = 2.5
"""Two cues are at least so far apart, whatever they say: five words take two seconds to say, and a
person needs time to act on them."""


class Words(NamedTuple):
    """What is said, and for which side. A target may ask in the same words as a fault."""

    text: str
    side: Side


@dataclass(slots=True)
class _Waiting:
    """Came too soon after other words to be said.

    Attributes:
        gave_way: who has given way to it since it was there the last time; each does so once, for
            it may never come back.
    """

    severity: str
    gave_way: set[Words] = field(default_factory=set)


class Turns:
    """Remembers what was said, and what came too soon to be."""

    def __init__(self) -> None:
        self._said: dict[Words, float] = {}
        self._last_s = -inf
        self._waiting: dict[Words, _Waiting] = {}
        self._free_s = -inf

    def begin(self, time_s: float, cue: Cue) -> None:
        """A correction begins to show: it gives way for now where others wait for longer.

        One that goes on showing is said after all: nobody is left alone with it.
        """
        self._free_s = time_s + REPEAT_S if self._gives_way(cue) else -inf

    def take(self, time_s: float, cue: Cue, *, urgent: bool) -> bool:
        """Whether the correction that shows is to be said now; then it was.

        Args:
            urgent: whether it need not wait until others were heard.
        """
        words = Words(cue.text, cue.side)
        if time_s < self._free_s or time_s - self._said_s(words) < REPEAT_S:
            return False
        if not urgent and time_s - self._last_s < APART_S:
            self._waiting[words] = _Waiting(cue.severity)
            return False
        self._waiting.pop(words, None)
        self._said[words] = self._last_s = time_s
        return True

    def _said_s(self, words: Words) -> float:
        return self._said.get(words, -inf)

    def _gives_way(self, cue: Cue) -> bool:
        mine = Words(cue.text, cue.side)
        before = [
            waiting
            for words, waiting in self._waiting.items()
            if waiting.severity == cue.severity
            and self._said_s(words) < self._said_s(mine)
            and mine not in waiting.gave_way
        ]
        for waiting in before:
            waiting.gave_way.add(mine)
        return bool(before)
