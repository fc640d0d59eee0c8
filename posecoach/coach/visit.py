"""A visit to a step's position: when it was taken and left, and how long it was held.

The visit lasts while the step's *drivers* (the movement itself) are in range; the hold is the
time in which *all* targets are. So a lean with bent elbows is a visit without a hold, and says so.

The position counts as taken when the movement into it has come to rest, and as left when
the movement out of it began (``times``). Only what lies between is held: whoever passes through
the targets, however slowly, holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan
from typing import NamedTuple

from posecoach.coach.events import (
    Event,
    HoldBroken,
    HoldCompleted,
    HoldEnded,
    StepReached,
)
from posecoach.coach.scores import Scores
from posecoach.coach.spell import BRIDGE_S, NEARLY_S, ROUNDING_S, Spell
from posecoach.coach.stages import VISIT, VisitChange, VisitStage, after
from posecoach.observe.spread import EXACT, Spreads
from posecoach.plan.plan import StepPlan
from posecoach.plan.sides import Side

GRACE_S = 0.5
"""A wobble shorter than this does not break a hold; the clock stands still meanwhile. Whoever slips
needs a quarter of a second to notice it, and as long to come back."""

TRIED_S = 0.3
"""Whoever was in a position for so long tried to hold it: less is a glitch (``plan.REACH_S``)."""


class HeldPose(NamedTuple):
    """All targets met: from when to when, for how many seconds of that, and how many unseen."""

    start_s: float
    end_s: float
    held_s: float
    bridged_s: float = 0.0


class Taken:
    """When the movement came to rest that led into what was entered then.

    It is looked for when somebody needs it, by what was known when it was asked, and only as far
    as they need it: it is asked again and again during a hold, and mostly the next time comes
    before anybody needs it.

    Attributes:
        entered_s: when the targets were met.
        asked_s: when it was asked; later more of the movement is known.
    """

    __slots__ = ("_least_s", "_rests", "asked_s", "entered_s")

    def __init__(self, entered_s: float, asked_s: float, rests: Iterator[float]) -> None:
        """Take the times that ``least`` tells, which are looked for as they are asked for."""
        self.entered_s = entered_s
        self.asked_s = asked_s
        self._rests = rests
        self._least_s = entered_s

    def least(self) -> Iterator[float]:
        """Tell when it came to rest at the earliest, ever later; at last when it did."""
        yield self._least_s
        for least_s in self._rests:
            self._least_s = least_s
            yield least_s

    @property
    def rested_s(self) -> float:
        """When it came to rest."""
        for least_s in self._rests:
            self._least_s = least_s
        return self._least_s


class Visit:
    """One visit to a step's position.

    Attributes:
        index: which step of its side it is.
        opened_s: when the drivers came into range.
        stay: how far it has come, see ``stages.VISIT``.
        posed: whether all targets are met now.
        completed: whether the wanted time has been held.
        inside: the drivers in range.
        pose: all targets met: the hold.
        best: the longest time in pose, with the last of the way in and the first of the way out.
        taken: when the position was taken, as far as that was asked.
        completed_s: when the wanted time had been held, NaN before.
        scores: how well the position is kept.
        spreads: how far the values of the last moment may be off.
    """

    __slots__ = (
        "best",
        "completed",
        "completed_s",
        "index",
        "inside",
        "opened_s",
        "pose",
        "posed",
        "scores",
        "side",
        "spreads",
        "stay",
        "step",
        "taken",
    )  # fmt: skip

    def __init__(self, step: StepPlan, side: Side, index: int, opened_s: float) -> None:
        self.step = step
        self.side = side
        self.index = index
        self.opened_s = opened_s
        self.stay = VisitStage.ENTERED
        self.posed = self.completed = False
        self.inside = Spell(GRACE_S, bridge=BRIDGE_S)
        self.pose = Spell(GRACE_S, bridge=BRIDGE_S)
        self.best = HeldPose(0.0, 0.0, 0.0)
        self.taken: Taken | None = None
        self.completed_s = nan
        self.scores = Scores()
        self.spreads: Spreads = EXACT

    @property
    def undecided(self) -> bool:
        """Whether the hold is perhaps over, or nearly long enough."""
        if not self.posed or self.pose.wavers:
            return self.pose.wavers
        return not self.completed and 0 < self.step.hold - self.held_s < NEARLY_S

    @property
    def last_in_s(self) -> float:
        """When the drivers were last in range."""
        return self.inside.last

    @property
    def held_s(self) -> float:
        """Seconds of the hold under way: in pose, since the movement into it came to rest."""
        if not self.posed or self.pose.since is None:
            return 0.0
        taken = self._way_in
        return self.pose.seconds if taken is None else self._held_from(taken.rested_s)

    @property
    def _way_in(self) -> Taken | None:
        """When the hold under way was taken, as far as that was asked."""
        taken = self.taken
        return None if taken is None or taken.entered_s != self.pose.since else taken

    def _held_from(self, rested_s: float) -> float:
        """Seconds of the hold under way if the movement into it came to rest then."""
        assert self.pose.since is not None
        return max(0.0, self.pose.seconds - max(0.0, rested_s - self.pose.since))

    def look_back(self) -> None:
        """Tell now when the position was taken: what that is told from may change."""
        if self.taken is not None:
            _ = self.taken.rested_s

    @property
    def tried(self) -> bool:
        """Whether all targets were met for long enough to tell of a hold."""
        return self.completed or self.best.held_s >= TRIED_S

    @property
    def entered_s(self) -> float:
        """When what is reported began: the hold where there was one, else the visit."""
        return self.best.start_s if self.tried else self.opened_s

    def held_within(self, start_s: float, end_s: float) -> float:
        """Seconds held between the times at which the position was taken and left."""
        best = self.best
        outside = max(0.0, start_s - best.start_s) + max(0.0, best.end_s - end_s)
        return min(max(0.0, best.held_s - outside), end_s - start_s)

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
            self.best = HeldPose(pose.since, pose.last, pose.seconds, pose.bridged)
        return [] if self.posed else self._met(time_s)

    def _go(self, change: VisitChange) -> None:
        self.stay = after(VISIT, self.stay, change)
        self.posed = self.stay in (VisitStage.HOLDING, VisitStage.HELD)
        self.completed = self.stay in (VisitStage.HELD, VisitStage.RELAXED)

    def _met(self, time_s: float) -> list[Event]:
        self._go(VisitChange.POSE_MET)
        return [StepReached(time_s, self.step.id, self.side)]

    def _lost(self, time_s: float) -> list[Event]:
        unfinished = self.step.is_hold and not self.completed
        self._go(VisitChange.POSE_LOST)
        if unfinished and self.pose.refuted:
            return [HoldBroken(time_s, self.step.id, self.side)]
        return []

    @property
    def ripe(self) -> bool:
        """Whether the wanted time is over, if the movement out has not begun."""
        wanted_s = self.step.hold - ROUNDING_S
        # It is less than the time in pose by what was way: not asked before, nor farther than,
        # that matters.
        if self.stay is not VisitStage.HOLDING or self.pose.seconds < wanted_s:
            return False
        taken = self._way_in
        return taken is None or all(self._held_from(each) >= wanted_s for each in taken.least())

    def complete(self, time_s: float) -> list[Event]:
        """The wanted time has been held."""
        self._go(VisitChange.LONG_ENOUGH)
        self.completed_s = time_s
        return [HoldCompleted(time_s, self.step.id, self.side)]

    def share(self, held_s: float, accuracy: float) -> float:
        """What it is worth of a perfect one, 0..1: how well, for how much of the wanted time."""
        part = 1.0 if self.completed else min(1.0, held_s / self.step.hold)
        return accuracy * part

    def close(
        self, left_s: float, start_s: float, end_s: float, accuracy: float, lost_s: float = 0.0
    ) -> list[Event]:
        """Report what it came to.

        Args:
            left_s: when that is known.
            start_s, end_s: when the position was taken and left.
            accuracy: of the time between.
            lost_s: how long no new picture came, if that ended it.
        """
        if not (self.completed or end_s - start_s >= GRACE_S):
            return []
        held_s = self.held_within(start_s, end_s)
        span = (start_s, end_s, held_s, accuracy, self.completed, self.best.bridged_s, lost_s)
        return [HoldEnded(left_s, self.step.id, self.side, *span)]
