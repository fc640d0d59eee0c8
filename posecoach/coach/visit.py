"""A visit to a step's position: when it was taken and left, and how long it was held.

The visit lasts while the step's *drivers* (the movement itself) are in range; the hold clock
runs while *all* targets are. So a lean with bent elbows is a visit without a hold, and says so.

The position counts as taken when the movement into it has come to rest, and as left when
the movement out of it began (``times``).
"""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from posecoach.coach.events import (
    Event,
    FaultBegan,
    FaultEnded,
    HoldBroken,
    HoldCompleted,
    HoldEnded,
    StepReached,
)
from posecoach.coach.scores import Scores
from posecoach.coach.spell import Spell
from posecoach.coach.stages import VISIT, Change, Stay, after
from posecoach.plan.plan import StepPlan
from posecoach.plan.sides import Side

GRACE_S = 0.5
"""A wobble shorter than this does not break a hold; the clock stands still meanwhile."""

ROUNDING_S = 1e-6
"""Sums of times between frames are short of the wanted time by less than this."""


class Hold(NamedTuple):
    """All targets met: from when to when, and for how many seconds of that."""

    start_s: float
    end_s: float
    held_s: float


class Taken(NamedTuple):
    """When the movement came to rest that led into what was entered then."""

    entered_s: float
    rested_s: float


class Visit:
    """One visit to a step's position.

    Attributes:
        index: which step of its side it is.
        opened_s: when the drivers came into range.
        stay: how far it has come, see ``stages.VISIT``.
        inside: the drivers in range.
        pose: all targets met: the hold.
        best: the longest hold.
        taken: when the position was taken, as far as that was asked.
        scores: how well the position is kept.
    """

    __slots__ = (
        "best", "index", "inside", "opened_s", "pose", "scores", "side", "stay", "step", "taken"
    )  # fmt: skip

    def __init__(self, step: StepPlan, side: Side, index: int, opened_s: float) -> None:
        self.step = step
        self.side = side
        self.index = index
        self.opened_s = opened_s
        self.stay = Stay.ENTERED
        self.inside = Spell(GRACE_S)
        self.pose = Spell(GRACE_S)
        self.best = Hold(0.0, 0.0, 0.0)
        self.taken: Taken | None = None
        self.scores = Scores()

    @property
    def posed(self) -> bool:
        """Whether all targets are met now."""
        return self.stay is Stay.HOLDING or self.stay is Stay.HELD

    @property
    def completed(self) -> bool:
        """Whether the wanted time has been held."""
        return self.stay is Stay.HELD or self.stay is Stay.RELAXED

    @property
    def last_in_s(self) -> float:
        """When the drivers were last in range."""
        return self.inside.last

    @property
    def held_s(self) -> float:
        """Seconds in pose of the hold under way."""
        return self.pose.seconds if self.posed else 0.0

    @property
    def entered_s(self) -> float:
        """When what is reported began: the hold where it was completed, else the visit."""
        return self.best.start_s if self.completed else self.opened_s

    def see(
        self, time_s: float, inside: bool | None, posed: bool | None, score: float
    ) -> list[Event]:
        """Take in a frame.

        Args:
            inside: whether the drivers are in range, None where that cannot be seen.
            posed: whether all targets are met, None where that cannot be seen.
            score: 0..1, NaN where unknown.
        """
        self.inside.see(time_s, inside)
        if inside and not isnan(score):
            self.scores.add(time_s, score)
        pose = self.pose
        pose.see(time_s, posed)
        if pose.since is None:
            return self._lost(time_s) if self.posed else []
        if pose.seconds >= self.best.held_s:
            self.best = Hold(pose.since, pose.last, pose.seconds)
        return [] if self.posed else self._met(time_s)

    def _met(self, time_s: float) -> list[Event]:
        self.stay = after(VISIT, self.stay, Change.POSE_MET)
        return [StepReached(time_s, self.step.id, self.side)]

    def _lost(self, time_s: float) -> list[Event]:
        unfinished = self.step.is_hold and not self.completed
        self.stay = after(VISIT, self.stay, Change.POSE_LOST)
        if unfinished and self.pose.refuted:
            return [HoldBroken(time_s, self.step.id, self.side)]
        return []

    def complete(self, time_s: float) -> list[Event]:
        """Tell when the wanted time has been held."""
        if self.stay is not Stay.HOLDING or self.held_s < self.step.hold - ROUNDING_S:
            return []
        self.stay = after(VISIT, self.stay, Change.LONG_ENOUGH)
        return [HoldCompleted(time_s, self.step.id, self.side)]

    def share(self, accuracy: float) -> float:
        """What it is worth of a perfect one, 0..1: how well, for how much of the wanted time."""
        return accuracy * min(1.0, self.best.held_s / self.step.hold)

    def close(self, left_s: float, start_s: float, end_s: float, accuracy: float) -> list[Event]:
        """Report what it came to.

        Args:
            left_s: when that is known.
            start_s, end_s: when the position was taken and left.
            accuracy: of the time between.
        """
        step, side, held_s = self.step, self.side, self.best.held_s
        completed = self.completed
        events: list[Event] = []
        if step.early is not None and not completed and held_s >= GRACE_S:
            early = step.early
            events.append(FaultBegan(left_s, early.id, side, end_s))
            events.append(FaultEnded(left_s, early.id, side, end_s, end_s, early.cue))
        if self.completed or end_s - start_s >= GRACE_S:
            hold = HoldEnded(
                left_s, step.id, side, start_s, end_s, held_s, accuracy, self.completed
            )
            events.append(hold)
        return events
