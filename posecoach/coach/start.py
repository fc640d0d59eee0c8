"""The start pose: whether it is taken, and whether the person rests in it.

Whoever passes through a start pose, or is first seen in the middle of something, does not rest
in it. What they rest at is in ``zero``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan

from posecoach.coach.faults import GRACE_S as FAULT_GRACE_S
from posecoach.coach.instant import Instant
from posecoach.coach.spell import Spell
from posecoach.coach.stages import SideChange, SideStage
from posecoach.coach.zero import OwnZero
from posecoach.observe.spread import EXACT, Spreads
from posecoach.observe.zero import ZERO_S
from posecoach.plan.plan import SidePlan
from posecoach.plan.quantity import Start, Values
from posecoach.plan.rule import FaultRule
from posecoach.plan.target import is_lateral, pose_met

BEGUN = 0.4
"""Part of the way to the first step after which a movement is an attempt: a small range is an
honest try (the truth clips have one of half of the way, ``overhead-reach-small-range``), swaying is
not."""

DWELL_S = 0.2
"""Start pose, begin and return must be seen this long, to be no glitch: three frames at 15 a
second."""

ARMED_S = 3.0
"""How long a start pose is remembered: a movement may lose it well before it is an attempt
(the chin comes up in a sweep of one to two seconds), but nobody starts from a pose they left
long ago."""

RESETTLED_S = 4.0
"""Who stays off their rest for so long, without an attempt, rests there now; but nobody rests in a
step's own position. Longer than most holds in which somebody may be seen first: of those of the
truth clips and of ten people nine of ten are shorter."""


class StartPose:
    """Follows the start pose of one side while no attempt is under way.

    Attributes:
        armed_s: when an attempt could last have begun; None where none can begin.
        taken_s: when the start pose was taken from which it could; what was there before is
            not done in place of the movement.
    """

    def __init__(self, plan: SidePlan, zero: OwnZero) -> None:
        self.plan = plan
        self.armed_s: float | None = None
        self.taken_s = inf
        self._zero = zero
        self._in_pose = Spell()
        self._off_rest_s: float | None = None
        self._faulty = Spell(FAULT_GRACE_S)
        known = {reader.key for reader in zero.readers}
        counted = [(rule, _keys(rule) & known) for rule in plan.faults]
        self._from_start = [(rule, keys) for rule, keys in counted if keys]
        self._lateral = [r for r in zero.readers if r.from_start and is_lateral(r.name)]
        self._crooked = Spell()
        self._came = False
        self._anew = False

    def update(
        self, now: Instant, progresses: Sequence[float], stage: SideStage, busy: bool
    ) -> SideChange | None:
        """Take in one moment in which no attempt is under way.

        Args:
            progresses: how far each step's movement has come.
            busy: whether the other side is being worked, so that nothing seen now is rest.
        """
        ready = stage is SideStage.READY
        met = self._is_met(now, ready)
        if self._in_pose.see(now.time_s, met):
            # Whoever is in it still was not seen for a while, and has not passed through.
            if ready and not met:
                self._zero.take_passing()
            self._zero.forget_recent()
        if not met:
            return self._out_of_pose(now.time_s, ready, busy)
        self._zero.see(now.time_s, now.values)
        if not self._in_pose.lasted(DWELL_S):
            return None
        self.armed_s = now.time_s
        self._settle(now, progresses, busy)
        if ready:
            return None
        assert self._in_pose.since is not None
        if stage is SideStage.AWAY:
            self.taken_s = self._in_pose.since
        return SideChange.START_TAKEN

    def bridge(self, gap_s: float) -> None:
        """Nothing new was seen for so long: that is no time in which a start pose is forgotten."""
        if self.armed_s is not None:
            self.armed_s += gap_s
        if self._off_rest_s is not None:
            self._off_rest_s += gap_s

    def leave(self) -> None:
        """An attempt has begun: nobody is in the start pose any more."""
        self._in_pose.end()
        self._zero.forget_recent()

    def _is_met(self, now: Instant, ready: bool) -> bool | None:
        goals, start = self.plan.start, self._zero.values
        numbers = [goal.reader.read(now.values, start) for goal in goals]
        met = now.allowed and pose_met(goals, numbers, stay=ready, spreads=now.spreads)
        if met is False:
            self._came = True
        self._crooked.see(now.time_s, bool(met) and self._leans(now.values))
        if self._crooked.since is not None and not self._crooked.lasted(RESETTLED_S):
            return False
        return met

    def _out_of_pose(self, time_s: float, ready: bool, busy: bool) -> SideChange | None:
        if self.armed_s is None:
            return None
        if busy:
            self.armed_s = time_s  # the other side's movement may lead straight to this
        elif time_s - self.armed_s > ARMED_S:
            self.armed_s = None
            self._anew = True
            return SideChange.START_FORGOTTEN
        return SideChange.START_LEFT if ready and self._in_pose.since is None else None

    def _settle(self, now: Instant, progresses: Sequence[float], busy: bool) -> None:
        """Take the person's zero where they rest, or have stayed for long enough.

        Whoever was out of the start pose until it was forgotten (who lies down, stretches the legs
        and puts the feet flat again) rests anew where they come to rest: what was learnt before may
        have been on the way.

        Whoever shows a fault, counted from their zero, rests elsewhere: hands that are ahead of
        the shoulders now would be under them from then on. Whoever stays so rests there.
        """
        time_s = now.time_s
        self._faulty.see(time_s, self._is_faulty(now.values, self._zero.values, now.spreads))
        if self._faulty.since is not None and not self._faulty.lasted(RESETTLED_S):
            return
        near = self._zero.is_near(progresses)
        in_step = not near and any(way >= 1 for way in progresses)
        if near or busy or in_step:
            self._off_rest_s = None
        elif self._off_rest_s is None:
            self._off_rest_s = time_s
        settled = self._off_rest_s is not None and time_s - self._off_rest_s > RESETTLED_S
        anew = self._anew and not in_step and self._in_pose.lasted(ZERO_S)
        anew = anew and not self._zero.moving
        self._anew = self._anew and not anew
        if not busy and (near or settled or anew):
            anyway = not self._zero.values and self._in_pose.lasted(ZERO_S)
            # What is taken on the way, for want of a rest, holds until they come to rest.
            self._anew = self._anew or (anyway and self._zero.moving)
            self._zero.take(anyway=anyway)

    def _is_faulty(self, values: Values, start: Start, spreads: Spreads = EXACT) -> bool:
        """Whether a fault shows that counts from what is known of a start pose."""
        for rule, keys in self._from_start:
            if not keys.isdisjoint(start) and rule.present(values, start, spreads):
                return True
        return False

    def _leans(self, values: Values) -> bool:
        """Whether who is seen to rest from the first moment rests far to one side.

        A body is even: whoever is seen first while they lean, slide or turn as the exercise
        or one of its faults has it may be in the middle of it, and their zero elsewhere.
        They may also be crooked, or the camera; so staying there decides.
        """
        if self._came or self._zero.values or not self._lateral:
            return False
        even = {reader.key: 0.0 for reader in self._lateral}
        mirrored = {**values, **{r.name: -values.get(r.name, nan) for r in self._lateral}}
        return any(self._would_move(seen, even) for seen in (values, mirrored))

    def _would_move(self, values: Values, start: Start) -> bool:
        """Whether a movement or a fault would be under way, counted from such a start."""
        for goal in (goal for step in self.plan.steps for goal in step.drivers):
            if (
                goal.reader.key in start
                and goal.way(0.0).gone(goal.reader.read(values, start)) >= BEGUN
            ):
                return True
        return self._is_faulty(values, start)


def _keys(rule: FaultRule) -> set[str]:
    """The quantities that a fault's conditions read."""
    return {check.reader.key for clause in rule.clauses for check in clause}
