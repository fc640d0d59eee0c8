"""Whose turn it is to speak: at most one sentence runs and at most one waits.

Pure; the caller brings the clock. So sentences never pile up, whatever the voice's pace.
"""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.voice.script import Outdated, Rank, Utterance


@dataclass(frozen=True, slots=True)
class Speak:
    """Start this sentence now."""

    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Cut:
    """Stop the sentence that runs; something more important waits."""


class Desk:
    """Takes sentences as they come and says what to do with the voice.

    - Of two that wait the one of higher rank stays, of equals the newer.
    - One that has waited longer than it may is dropped.
    - A correction that waits is dropped where the side or the stage it belongs to is over.
    - A safety cue cuts whatever else is being said; a correction or a count cuts praise.
    """

    def __init__(self) -> None:
        self._waiting: Utterance | None = None
        self._until_s = -float("inf")
        self._running: Utterance | None = None

    def offer(self, utterance: Utterance, now_s: float) -> None:
        """Hand in a sentence."""
        waiting = self._fresh(now_s)
        if waiting is None or utterance.rank >= waiting.rank:
            self._waiting, self._until_s = utterance, now_s + utterance.waits_s

    def turn(self, now_s: float, busy: bool) -> Speak | Cut | None:
        """What to do now; ``busy`` tells whether the last sentence is still being said."""
        waiting = self._fresh(now_s)
        if busy and self._running is not None:
            if waiting is None or not _cuts(waiting, self._running):
                return None
            self._running = None
            return Cut()
        self._running = None
        if waiting is None:
            return None
        self._running, self._waiting = waiting, None
        return Speak(waiting)

    def turn_over(self, past: Outdated) -> None:
        """Forget a correction that waits, unless it holds still."""
        waiting = self._waiting
        if waiting is not None and waiting.rank is Rank.CUE and waiting.text != past.but:
            self._waiting = None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = self._running = None

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return self._waiting is None

    def _fresh(self, now_s: float) -> Utterance | None:
        if self._waiting is not None and now_s > self._until_s:
            self._waiting = None
        return self._waiting


def _cuts(new: Utterance, running: Utterance) -> bool:
    if new.rank is Rank.SAFETY:
        return running.rank is not Rank.SAFETY
    return running.rank is Rank.PRAISE and new.rank >= Rank.CUE
