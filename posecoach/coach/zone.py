"""A visit to a step's position: when it was taken and left, and how long it was held.

The visit lasts while the step's *drivers* (the movement itself) are in range; the hold clock
runs while *all* targets are. So a lean with bent elbows is a visit without a hold, and says so.

The position counts as taken when the movement into it has come to rest, and as left when
the movement out of it began (``track``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isnan

from posecoach.coach.spell import MAX_GAP_S, Spell

GRACE_S = 0.5
"""A wobble shorter than this does not break a hold; the clock stands still meanwhile."""

LEAST_S = 1e-3
"""A score counts for so long at least."""

MANY_SCORES = 4096
"""A visit keeps no more than so many scores: more than a minute at 60 frames a second."""


@dataclass(slots=True)
class Zone:
    """One visit to a step's position.

    Attributes:
        step: index of the step.
        opened_s: when the drivers came into range.
        taken: when the movement came to rest that led into the visit or the hold that began at
            the first of the two times, as far as that was asked.
        completed: whether the wanted time has been held.
        inside: the drivers in range.
        pose: all targets met: the hold.
        best: start, end and seconds in pose of the longest hold.
        scores: time, score, and seconds for which it counts.
    """

    step: int
    opened_s: float
    completed: bool = False
    inside: Spell = field(default_factory=lambda: Spell(GRACE_S))
    pose: Spell = field(default_factory=lambda: Spell(GRACE_S))
    best: tuple[float, float, float] = (0.0, 0.0, 0.0)
    taken: tuple[float, float] | None = None
    scores: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def in_run(self) -> bool:
        """Whether a hold is under way."""
        return self.pose.since is not None

    @property
    def last_in_s(self) -> float:
        """When the drivers were last in range."""
        return self.inside.last

    def held_s(self) -> float:
        """Seconds in pose of the hold under way."""
        return self.pose.seconds if self.in_run else 0.0

    def see(self, time_s: float, inside: bool | None, pose: bool | None, score: float) -> bool:
        """Take in a frame.

        Args:
            inside: whether the drivers are in range, None where that cannot be seen.
            pose: whether all targets are met, None where that cannot be seen.
            score: 0..1, NaN where unknown.

        Returns:
            Whether a hold under way was seen to be broken by this frame.
        """
        self.inside.see(time_s, inside)
        if inside and not isnan(score):
            self._score(time_s, score)
        ended = self.pose.see(time_s, pose)
        if self.pose.since is not None and self.held_s() >= self.best[2]:
            self.best = (self.pose.since, self.pose.last, self.pose.seconds)
        return ended and self.pose.refuted

    def _score(self, time_s: float, score: float) -> None:
        scores = self.scores
        if scores:
            last_s, last, _ = scores[-1]
            scores[-1] = (last_s, last, min(max(time_s - last_s, LEAST_S), MAX_GAP_S))
        scores.append((time_s, score, LEAST_S))
        if len(scores) > MANY_SCORES:
            # Whoever stays for minutes is scored in coarser steps, not in more of them: the
            # mean is the same but for one such step at either end.
            pairs = zip(scores[::2], scores[1::2], strict=False)
            coarser = [_merged(*pair) for pair in pairs]
            self.scores = coarser + scores[2 * len(coarser) :]

    @property
    def entered_s(self) -> float:
        """When what is reported began: the hold where it was completed, else the visit."""
        return self.best[0] if self.completed else self.opened_s

    def accuracy(self, start: float, end: float) -> float:
        """Time-weighted mean score between two times, 0 where nothing was known."""
        total = weight = 0.0
        for time, score, seconds in self.scores:
            if start <= time <= end:
                total += seconds * score
                weight += seconds
        return total / weight if weight else 0.0


def _merged(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    seconds = first[2] + second[2]
    return first[0], (first[1] * first[2] + second[1] * second[2]) / seconds, seconds
