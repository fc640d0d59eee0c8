"""How well a position is kept over time, in few numbers however long that is."""

from __future__ import annotations

from typing import NamedTuple

from posecoach.coach.spell import MAX_GAP_S

LEAST_S = 1e-3
"""A score counts for so long at least, so that a single one has a mean: less than the time between
two frames of any camera."""

MANY_SCORES = 4096
"""No more than so many are kept: more than a minute of them at 60 frames a second, and a few
hundred kilobytes."""


class Score(NamedTuple):
    """How well it was kept, 0..1, for some seconds."""

    time_s: float
    score: float
    seconds: float


class Scores:
    """The scores of one visit to a position."""

    def __init__(self) -> None:
        self._scores: list[Score] = []
        self._last_s: float | None = None
        self._last = 0.0

    def __len__(self) -> int:
        return len(self._scores) + (self._last_s is not None)

    def add(self, time_s: float, score: float) -> None:
        """Take in one moment; it counts until the next, but not across a gap."""
        scores, last_s = self._scores, self._last_s
        if last_s is not None:
            lasted = min(max(time_s - last_s, LEAST_S), MAX_GAP_S)
            scores.append(Score(last_s, self._last, lasted))
        self._last_s, self._last = time_s, score
        if len(scores) >= MANY_SCORES:
            # Whoever stays for minutes is scored in coarser steps, not in more of them: the
            # mean is the same but for one such step at either end.
            self._scores = [_merged(*each) for each in zip(scores[::2], scores[1::2], strict=True)]

    def mean(self, start_s: float, end_s: float) -> float:
        """Time-weighted mean between two times, 0 where nothing was known."""
        if self._last_s is None:
            return 0.0
        total = weight = 0.0
        for each in (*self._scores, Score(self._last_s, self._last, LEAST_S)):
            if start_s <= each.time_s <= end_s:
                total += each.seconds * each.score
                weight += each.seconds
        return total / weight if weight else 0.0


def _merged(first: Score, second: Score) -> Score:
    seconds = first.seconds + second.seconds
    mean = (first.score * first.seconds + second.score * second.seconds) / seconds
    return Score(first.time_s, mean, seconds)
