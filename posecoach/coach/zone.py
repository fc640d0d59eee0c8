"""A visit to a step's position: when it was taken and left, and how long it was held.

The visit lasts while the step's *drivers* (the movement itself) are in range; the hold clock
runs while *all* targets are. So a lean with bent elbows is a visit without a hold, and says so.

The position counts as taken when the movement into it has come to rest, and as left when
the movement out of it began: both are told from the speed of the driver, because a target
is crossed some tenths of a second after one starts and before one stops.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import isnan

from posecoach.coach.spell import MAX_GAP_S, Spell

GRACE_S = 0.5
"""A wobble shorter than this does not break a hold; the clock stands still meanwhile."""

WINDOW_S = 0.2
"""Speed is measured over this time: long against a frame, short against a movement."""

AT_REST = 0.25
"""A movement has come to rest below this fraction of its top speed. In a smooth movement
(minimum jerk; Flash & Hogan 1985) that is within its last eighth."""

LEFT_REST = 0.1
"""A movement has begun beyond this part of the way from where it stood."""

MANY_SCORES = 4096
"""A visit keeps no more than so many scores: more than a minute at 60 frames a second."""

SETTLE_S = 1.0
"""Coming to rest later than this after crossing the target is deepening, not arriving."""


class Track:
    """The recent path of one driver's progress and its speed."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float, float]] = deque()  # time, progress, speed

    def add(self, time_s: float, progress: float) -> None:
        """Take in one known point."""
        points = self._points
        speed = 0.0
        for earlier, value, _ in reversed(points):
            if time_s - earlier >= WINDOW_S * 0.9:
                if time_s - earlier <= MAX_GAP_S:
                    speed = (progress - value) / (time_s - earlier)
                break
        points.append((time_s, progress, speed))
        while points and time_s - points[0][0] > 3.0:
            points.popleft()

    def speed(self) -> float:
        """Progress a second, now."""
        return self._points[-1][2] if self._points else 0.0

    def top_speed(self, since: float, outward: bool) -> float:
        """Highest speed towards (outward) or away from the target since a time."""
        sign = 1.0 if outward else -1.0
        return max((sign * speed for time, _, speed in self._points if time >= since), default=0.0)

    def departure(self, since: float, until: float) -> float:
        """When the movement away began that crossed out of the target at ``until``."""
        slow = AT_REST * max(self.top_speed(until - SETTLE_S, outward=False), 1e-6)
        for time, _, speed in reversed(self._points):
            if time > until:
                continue
            if time < max(since, until - SETTLE_S):
                break
            if -speed < slow:
                return min(max(time - WINDOW_S / 2, since), until)
        return until

    def began(self, now: float) -> float:
        """When the movement towards the target began that is under way ``now``.

        That is when the progress last stood at its lowest: at rest, or in a sweep from
        the other side at the far end of it.
        """
        until = [(time, value) for time, value, _ in self._points if time <= now]
        if not until:
            return now
        lowest = min(value for _, value in until)
        level = lowest + LEFT_REST * (until[-1][1] - lowest)
        return max(time for time, value in until if value <= level)


@dataclass(slots=True)
class Zone:
    """One visit to a step's position.

    Attributes:
        step: index of the step.
        opened_s: when the drivers came into range.
        settled_s: when the movement came to rest, None while it has not.
        completed: whether the wanted time has been held.
        inside: the drivers in range.
        pose: all targets met: the hold.
        best: start, end and seconds in pose of the longest hold.
    """

    step: int
    opened_s: float
    top_speed: float
    settled_s: float | None = None
    completed: bool = False
    inside: Spell = field(default_factory=lambda: Spell(GRACE_S))
    pose: Spell = field(default_factory=lambda: Spell(GRACE_S))
    best: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scores: list[tuple[float, float]] = field(default_factory=list)

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

    def see(
        self, time_s: float, speed: float, inside: bool | None, pose: bool | None, score: float
    ) -> bool:
        """Take in a frame.

        Args:
            speed: of the drivers' progress, 1/s.
            inside: whether the drivers are in range, None where that cannot be seen.
            pose: whether all targets are met, None where that cannot be seen.
            score: 0..1, NaN where unknown.

        Returns:
            Whether a hold under way was seen to be broken by this frame.
        """
        self.inside.see(time_s, inside)
        if inside:
            self._settle(time_s, speed)
            if not isnan(score):
                self._score(time_s, score)
        ended = self.pose.see(time_s, pose)
        if self.pose.since is not None and self.held_s() >= self.best[2]:
            self.best = (self.pose.since, self.pose.last, self.pose.seconds)
        return ended and self.pose.refuted

    def _settle(self, time_s: float, speed: float) -> None:
        if self.settled_s is None:
            if speed < AT_REST * self.top_speed:
                self.settled_s = max(time_s - WINDOW_S / 2, self.opened_s)
            elif time_s - self.opened_s > SETTLE_S:
                self.settled_s = self.opened_s
            else:
                self.top_speed = max(self.top_speed, speed)

    def _score(self, time_s: float, score: float) -> None:
        scores = self.scores
        scores.append((time_s, score))
        if len(scores) > MANY_SCORES:
            # Whoever stays for minutes is scored in coarser steps, not in more of them.
            pairs = zip(scores[::2], scores[1::2], strict=False)
            merged = [(first[0], (first[1] + second[1]) / 2) for first, second in pairs]
            self.scores = merged + scores[2 * len(merged) :]

    def span(self, left_s: float) -> tuple[float, float]:
        """When the position was taken and left; of the hold itself where it was completed."""
        start = self.opened_s if self.settled_s is None else self.settled_s
        end = max(start, left_s)
        if self.completed:
            start = max(start, self.best[0])
            end = max(start, min(end, self.best[1]))
        return start, end

    def accuracy(self, start: float, end: float) -> float:
        """Time-weighted mean score between two times, 0 where nothing was known."""
        total = weight = 0.0
        for index, (time, score) in enumerate(self.scores):
            if start <= time <= end:
                after = self.scores[index + 1][0] if index + 1 < len(self.scores) else time
                width = min(max(after - time, 1e-3), MAX_GAP_S)
                total += width * score
                weight += width
        return total / weight if weight else 0.0
