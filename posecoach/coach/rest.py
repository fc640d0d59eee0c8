"""When the person rests in the pose that is their own zero, so that it may be taken there.

That is the exercise's setup pose until the start pose is taken, or without one the start pose until
the first attempt: later both are only passed through. A zero that was never taken there, or is in
doubt since (they were away, or in another posture), is taken when they rest there again. Between
two circles rest is passed through, too, and stands for one that nobody took (``observe.zero``).
"""

from __future__ import annotations

from collections.abc import Sequence

from posecoach.coach.follower import Follower
from posecoach.coach.instant import Instant
from posecoach.coach.spell import MAX_GAP_S, Spell
from posecoach.observe.spread import BEYOND_DOUBT
from posecoach.observe.zero import ZERO_LEAST_S
from posecoach.plan.plan import SidePlan
from posecoach.plan.target import Goal


class OwnRest:
    """Tells, moment by moment, whether the zero may be taken.

    Attributes:
        known: whether it was taken for long enough, and nothing has put it in doubt since.
        posed: whether the pose of the zero was ever seen, where that has one of its own.
        passing: whether what was seen last is only passed through.
        taken: whether the zero was taken right now, so that the next moment is read with it.
    """

    def __init__(self, side: SidePlan) -> None:
        self.known = False
        self.posed = False
        self.passing = False
        self.taken = False
        self._pose = side.zero_pose
        self._in_start = side.zero_in_start
        self._resting = Spell()
        self._gone = Spell()

    def update(
        self, now: Instant, followers: Sequence[Follower], tried: bool, *, moving: bool
    ) -> bool:
        """Take in one moment; whether they rest in their zero now.

        Args:
            followers: of all sides.
            tried: whether an attempt was made before.
            moving: whether one is under way.
        """
        gone = not now.values or not now.allowed
        if gone or self._gone.since is not None:
            self._gone.see(now.time_s, gone)
            if self._gone.lasted(MAX_GAP_S):
                self.known = self.posed = False
        self.passing = False
        rests = now.allowed and not moving and self._rests(now, followers, tried)
        self._resting.see(now.time_s, rests)
        # To the moment as ``observe.zero`` reckons it: with the next one they are read otherwise.
        since = self._resting.since
        long_enough = since is not None and now.time_s - since >= ZERO_LEAST_S
        self.taken = long_enough and not self.known
        self.known = self.known or self.taken
        return rests

    def _rests(self, now: Instant, followers: Sequence[Follower], tried: bool) -> bool:
        if tried and self.known:
            for each in followers:
                self.passing = self.passing or each.at_lowest
            return self.passing
        if self._pose:
            left = self.known and any(each.left_zero for each in followers)
            if not left and _may_be_met(self._pose, now):
                self.posed = True
                return True
            if self.posed or not self._in_start:
                return False
        starting = [each for each in followers if each.in_start]
        return bool(starting) and all(each.resting for each in starting)


def _may_be_met(goals: Sequence[Goal], now: Instant) -> bool:
    """Whether no target is surely missed; one that is unknown only where that is tolerated.

    Without their zero a person is read worst, and it cannot be had without reading them: whoever
    may rest there, does.
    """
    for goal in goals:
        met = goal.met(goal.reader.raw(now.values), BEYOND_DOUBT * goal.reader.spread(now.spreads))
        if met is False or (met is None and not goal.tolerated):
            return False
    return True
