"""Where the person rests: the start pose, and their own values in it.

Everything else is counted from here: how far a movement has come, whether it has begun, whether
it is back. Whoever passes through a start pose, or is first seen in the middle of something,
does not rest in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from math import isnan, nan
from statistics import median

from posecoach.coach.spell import Spell
from posecoach.plan.plan import SidePlan, StepPlan
from posecoach.plan.quantity import Reader, Values
from posecoach.plan.target import Goal, is_lateral, pose_met

BEGUN = 0.4
"""Part of the way to the first step after which a movement is an attempt: a small range
is an honest try, swaying is not."""

BACK = 0.25
"""Part of the way at which a movement is back; well under ``BEGUN`` (hysteresis)."""

DWELL_S = 0.2
"""Start pose, begin and return must be seen this long, to be no glitch."""

ARMED_S = 3.0
"""How long a start pose is remembered: a movement may lose it well before it is an attempt
(the chin comes up in a sweep), but nobody starts from a pose they left long ago."""

REST_S = 0.8
"""The person's own values in the start pose are the medians over so long."""

MOVING = 0.25
"""Parts of the way a second; who goes faster is not at rest."""

RESETTLED_S = 4.0
"""Who stays off their rest for so long, without an attempt, rests there now; but nobody
rests in a step's own position."""


class Rest:
    """Follows the start pose of one side.

    Attributes:
        values: the person's own value of each quantity in the start pose, as far as it is known.
        in_start: whether the start pose is held.
        armed_s: when an attempt could last have begun; None where none can begin.
    """

    def __init__(self, plan: SidePlan) -> None:
        self.plan = plan
        self.values: dict[Reader, float] = {}
        self.in_start = False
        self.armed_s: float | None = None
        self._in_pose = Spell()
        self._off_rest_s: float | None = None
        self._recent: deque[tuple[float, list[float]]] = deque()
        self._readers = _readers(plan)
        self._lateral = [r for r in self._readers if r.from_start and is_lateral(r.name)]
        self._crooked = Spell()
        self._came = False
        self._drivers = [goal for step in plan.steps for goal in step.drivers]

    # -- counted from here ---------------------------------------------------------------

    def read(self, goal: Goal, values: Values) -> float:
        """The value of one target, from the start pose where that is wanted."""
        return goal.reader.read(values, self.values)

    def progress(self, step: StepPlan, values: Values) -> float:
        """How far a step's movement has come from rest (0) to its target (1); NaN where unknown."""
        ways = [goal.progress(self.read(goal, values), self.of(goal)) for goal in step.drivers]
        return nan if any(map(isnan, ways)) else min(ways, default=nan)

    def moved(
        self, step: StepPlan, values: Values, part: float, noises: float, *, back: bool = False
    ) -> bool | None:
        """Whether a step's drivers are a part of their way, and some noises, from rest.

        On the way ``back`` zero will do for a rest beyond it: zero is neutral too.
        """
        verdict: bool | None = True
        for goal in step.drivers:
            rest = self.of(goal)
            if back and rest * goal.way(rest) < 0 and goal.way(0.0) * goal.way(rest) > 0:
                rest = 0.0
            value = self.read(goal, values)
            if isnan(value) or isnan(rest):
                verdict = None
            elif goal.progress(value, rest) < part or abs(value - rest) < noises * goal.noise:
                return False
        return verdict

    def of(self, goal: Goal) -> float:
        """Where a driver rests, degrees; NaN where that is unknown."""
        return 0.0 if goal.reader.from_start else self.values.get(goal.reader, nan)

    # -- the start pose ------------------------------------------------------------------

    def update(
        self,
        time_s: float,
        values: Values,
        progress: Sequence[float],
        allowed: bool,
        busy: bool,
    ) -> bool:
        """Take in one moment in which no attempt is under way.

        Args:
            progress: of each step's movement.
            allowed: whether the body is in this exercise's posture.
            busy: whether the other side is being worked, so that nothing seen now is rest.

        Returns:
            Whether the start pose has just been taken.
        """
        reached = False
        numbers = [self.read(goal, values) for goal in self.plan.start]
        met = allowed and pose_met(self.plan.start, numbers, stay=self.in_start)
        if met is False:
            self._came = True
        self._crooked.see(time_s, bool(met) and self._leans(values))
        if self._crooked.since is not None and not self._crooked.lasted(RESETTLED_S):
            met = False
        if self._in_pose.see(time_s, met):
            if self.in_start:
                self._remember_passing()
            self._recent.clear()
        if not met:
            self.in_start = self.in_start and self._in_pose.since is not None
            if self.armed_s is not None and busy:
                self.armed_s = time_s  # the other side's movement may lead straight to this
            elif self.armed_s is not None and time_s - self.armed_s > ARMED_S:
                self.armed_s = None
            return reached
        self._recent.append((time_s, [reader.raw(values) for reader in self._readers]))
        while time_s - self._recent[0][0] > REST_S:
            self._recent.popleft()
        if self._in_pose.lasted(DWELL_S):
            self.armed_s = time_s
            if not self.in_start:
                self.in_start = True
                reached = True
            if self._at_rest(progress) or busy or any(way >= 1 for way in progress):
                self._off_rest_s = None
            elif self._off_rest_s is None:
                self._off_rest_s = time_s
            settled = self._off_rest_s is not None and time_s - self._off_rest_s > RESETTLED_S
            if not busy and (self._at_rest(progress) or settled):
                self._remember_start()
        return reached

    def leave(self) -> None:
        """An attempt has begun: nobody is in the start pose any more."""
        self.in_start = False
        self._in_pose.end()
        self._recent.clear()

    def _leans(self, values: Values) -> bool:
        """Whether who is seen to rest from the first moment rests far to one side.

        A body is even: whoever is seen first while they lean, slide or turn as the exercise
        or one of its faults has it may be in the middle of it, and their zero elsewhere.
        They may also be crooked, or the camera; so staying there decides.
        """
        if self._came or self.values or not self._lateral:
            return False
        even = dict.fromkeys(self._lateral, 0.0)
        mirrored = {**values, **{r.name: -values.get(r.name, nan) for r in self._lateral}}
        return any(self._would_move(seen, even) for seen in (values, mirrored))

    def _would_move(self, values: Values, start: Mapping[Reader, float]) -> bool:
        """Whether a movement or a fault would be under way, counted from such a start."""
        for goal in self._drivers:
            if (
                goal.reader in start
                and goal.progress(goal.reader.read(values, start), 0.0) >= BEGUN
            ):
                return True
        return any(
            rule.present(values, start)
            for rule in self.plan.faults
            if any(check.reader in start for clause in rule.clauses for check in clause)
        )

    def _at_rest(self, progresses: Sequence[float]) -> bool:
        """Whether no movement has left its rest; one whose rest is not known yet has not."""
        for step, progress in zip(self.plan.steps, progresses, strict=True):
            if isnan(progress):
                if all(goal.reader in self.values for goal in step.drivers):
                    return False
            elif abs(progress) >= BACK:
                return False
        return True

    @property
    def resting(self) -> bool:
        """Whether the start pose is held and no movement out of it is under way."""
        return self.in_start and not self._any_moving(self._known())

    def _known(self) -> dict[Reader, list[float]]:
        """The known values of the last moments in the start pose."""
        columns = zip(*(row for _, row in self._recent), strict=True)
        return {
            reader: values
            for reader, column in zip(self._readers, columns, strict=True)
            if (values := [value for value in column if not isnan(value)])
        }

    def _any_moving(self, known: Mapping[Reader, list[float]]) -> bool:
        return any(self._moving(goal, known) for goal in self._drivers)

    def _remember_start(self) -> None:
        """Take the medians of the last moments, unless the movement itself is under way.

        The first of a movement and the last of a return are in the start pose, but no rest.
        """
        known = self._known()
        anyway = not self.values and self._in_pose.lasted(REST_S)
        if anyway or not (self._any_moving(known) or self._drifting(known)):
            self.values |= {reader: median(values) for reader, values in known.items()}

    def _drifting(self, known: Mapping[Reader, list[float]]) -> bool:
        """Whether a driver goes on slowly: its last values lie beside its first ones.

        In the first moments in a start pose nobody has gone far, however fast they go.
        """
        half_s = (self._recent[-1][0] - self._recent[0][0]) / 2
        for goal in self._drivers:
            values = known.get(goal.reader, [])
            if len(values) < 2:
                continue
            half = len(values) // 2
            gone = abs(median(values[-half:]) - median(values[:half]))
            way = abs(goal.way(0.0 if goal.reader.from_start else values[0]))
            if gone > MOVING * half_s * way > 0:
                return True
        return False

    def _remember_passing(self) -> None:
        """Take what was seen in a start pose that was only passed through, for want of a rest.

        It does to tell the way out from the way back. Nothing is counted from it.
        """
        for reader, values in self._known().items():
            if not reader.from_start:
                self.values.setdefault(reader, median(values))

    def _moving(self, goal: Goal, recent: Mapping[Reader, list[float]]) -> bool:
        """Whether a driver has gone farther than it may at rest in the time looked at."""
        values = recent.get(goal.reader)
        if not values:
            return False
        way = abs(goal.way(0.0 if goal.reader.from_start else values[0]))
        return max(values) - min(values) > MOVING * REST_S * way > 0


def _readers(plan: SidePlan) -> list[Reader]:
    """Every quantity whose value in the start pose may be asked for."""
    readers = {goal.reader for step in plan.steps for goal in step.drivers}
    readers |= {goal.reader for step in plan.steps for goal in step.goals if goal.reader.from_start}
    for rule in plan.faults:
        for clause in rule.clauses:
            readers |= {check.reader for check in clause if check.reader.from_start}
    return sorted(readers, key=str)
