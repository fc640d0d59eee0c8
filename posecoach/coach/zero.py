"""The person's own values in the start pose, and what is counted from them.

How far a movement has come, whether it has begun, whether it is back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import inf, isnan, nan
from statistics import median
from typing import NamedTuple

import numpy as np

from posecoach.coach.window import Window
from posecoach.observe.zero import ZERO_LEAST_S, ZERO_S
from posecoach.plan.plan import SidePlan, StepPlan
from posecoach.plan.quantity import Reader, Start, Values
from posecoach.plan.target import Goal, Way
from posecoach.pose.pose import Floats

BACK = 0.25
"""Part of the way at which a movement is back; well under ``start.BEGUN`` (hysteresis). Of a lean
of 20 degrees that is 5, and nobody comes back nearer to where they were than they sway."""

MOVING = 0.25
"""Parts of the way a second; who goes faster is not at rest. A whole movement that takes four
seconds goes as fast on the mean; people who sway do a tenth of a way."""


class _Row(NamedTuple):
    """A moment in the start pose, and the quantities that were known then."""

    time_s: float
    known: list[Window]


class _Drive(NamedTuple):
    """A driver and its way from where it rests.

    Attributes:
        read: how its value is read.
        rests_in: whether that rest is in the position of a step that may be left out.
    """

    goal: Goal
    read: Callable[[Values, Start], float]
    way: Way
    rests_in: bool


class OwnZero:
    """The person's own value of each quantity in the start pose.

    Attributes:
        values: as far as they are known, by ``Reader.key``.
        readers: every quantity whose value in the start pose may be asked for.
    """

    def __init__(self, plan: SidePlan) -> None:
        self.values: dict[str, float] = {}
        self.readers = _readers(plan)
        self._steps = plan.steps
        self._drivers = [goal for step in plan.steps for goal in step.drivers]
        self._ranges = {goal.reader.key: _start_range(plan, goal.reader) for goal in self._drivers}
        self._even = {reader.key for reader in self.readers if _about_neutral(plan, reader)}
        self._recent: deque[_Row] = deque()
        self._windows = {reader.key: Window() for reader in self.readers}
        self._each = [(reader.raw, self._windows[reader.key]) for reader in self.readers]
        self._doubtful: list[tuple[float, Values]] | None = None
        self._out: dict[str, list[_Drive]] = {}
        self._back: dict[str, list[_Drive]] = {}

    # -- counted from here ---------------------------------------------------------------

    def read(self, goal: Goal, values: Values) -> float:
        """The value of one target, from the start pose where that is wanted."""
        return goal.reader.read(values, self.values)

    def of(self, goal: Goal) -> float:
        """Where a driver rests, degrees; NaN where that is unknown."""
        return 0.0 if goal.reader.from_start else self.values.get(goal.reader.key, nan)

    def progress(self, step: StepPlan, values: Values) -> float:
        """How far a step's movement has come from rest (0) to its target (1); NaN where unknown."""
        least = inf
        start = self.values
        for drive in self._ways_out(step):
            gone = drive.way.gone(drive.read(values, start))
            if isnan(gone):
                return nan
            if gone < least:
                least = gone
        return least if step.drivers else nan

    def progress_many(self, step: StepPlan, columns: Mapping[str, Floats]) -> Floats:
        """``progress`` of N moments, (N,) degrees by full measure name."""
        ways = [
            drive.way.gone_many(drive.goal.reader.read_many(columns, self.values))
            for drive in self._ways_out(step)
        ]
        return reduce(np.minimum, ways)

    def moved(
        self, step: StepPlan, values: Values, part: float, noises: float, *, back: bool = False
    ) -> bool | None:
        """Whether a step's drivers are a part of their way, and some noises, from rest.

        On the way ``back`` whoever is in the position itself is not back, however near to it their
        rest was read, unless they rest in it: who kneels upright has come up to sitting in the
        start pose already.
        """
        verdict: bool | None = True
        start = self.values
        for goal, read, way, rests_in in self._ways_back(step) if back else self._ways_out(step):
            value, rest = read(values, start), way.rest
            if isnan(value) or isnan(rest):
                verdict = None
            elif way.gone(value) < part or (
                abs(value - rest) < noises * goal.noise
                and not (back and goal.met(value) and not rests_in)
            ):
                return False
        return verdict

    def _ways_out(self, step: StepPlan) -> Sequence[_Drive]:
        """A step's drivers; their ways are the same until the zero is another."""
        ways = self._out.get(step.id)
        if ways is None:
            ways = [_drive(step, goal, goal.way(self.of(goal))) for goal in step.drivers]
            self._out[step.id] = ways
        return ways

    def _ways_back(self, step: StepPlan) -> Sequence[_Drive]:
        """The same for the way back: zero will do for a rest beyond it, as it is neutral too."""
        ways = self._back.get(step.id)
        if ways is None:
            ways = [_drive(step, goal, _nearer(goal, self.of(goal))) for goal in step.drivers]
            self._back[step.id] = ways
        return ways

    def _set(self, values: dict[str, float]) -> None:
        self.values = values
        self._out.clear()
        self._back.clear()

    def is_near(self, progresses: Sequence[float]) -> bool:
        """Whether no movement has left its rest; one whose rest is not known yet has not.

        Args:
            progresses: of each step's movement.
        """
        for step, progress in zip(self._steps, progresses, strict=True):
            if isnan(progress):
                if all(goal.reader.key in self.values for goal in step.drivers):
                    return False
            elif abs(progress) >= BACK:
                return False
        return True

    # -- taken in the start pose ---------------------------------------------------------

    def see(self, time_s: float, values: Values) -> None:
        """Take in a moment in the start pose."""
        known: list[Window] = []
        for raw, window in self._each:
            value = raw(values)
            if not isnan(value):
                window.add(value)
                known.append(window)
        recent = self._recent
        recent.append(_Row(time_s, known))
        while time_s - recent[0].time_s > ZERO_S:
            for window in recent.popleft().known:
                window.drop()
        if self._doubtful is not None:
            self._doubtful.append((time_s, values))
            if time_s - self._doubtful[0][0] >= ZERO_LEAST_S:
                self._settle_doubt(self._doubtful)

    def forget_recent(self) -> None:
        """The start pose was left: what was seen in it belongs to no rest that comes."""
        self._doubtful = None
        if self._recent:
            self._recent.clear()
            for window in self._windows.values():
                window.clear()

    def doubt(self) -> None:
        """Take note that a body may be read otherwise from here on.

        Where it rests is looked at for as long as a zero takes: one moment may be misread, and
        whoever sets out now rested where they were read before.
        """
        if self.values:
            self._doubtful = []

    @property
    def in_doubt(self) -> bool:
        """Whether it is not known yet where they rest as they are read now."""
        return self._doubtful is not None

    def _settle_doubt(self, since: Sequence[tuple[float, Values]]) -> None:
        """Take the zero from the moments since, where a driver rests elsewhere in them."""
        self._doubtful = None
        if any(self._rests_elsewhere(goal, since) for goal in self._drivers):
            self.forget_recent()
            for time_s, values in since:
                self.see(time_s, values)
            self.take(anyway=False)

    def _rests_elsewhere(self, goal: Goal, since: Sequence[tuple[float, Values]]) -> bool:
        """Whether the middle of what is read is farther from a driver's rest than its error."""
        rest = self.values.get(goal.reader.key, nan)
        read = [goal.reader.raw(values) for _, values in since]
        known = [value for value in read if not isnan(value)]
        return bool(known) and abs(median(known) - rest) > goal.noise

    @property
    def moving(self) -> bool:
        """Whether a movement is under way in the last moments."""
        return any(map(self._moving, self._drivers))

    def take(self, *, anyway: bool) -> None:
        """Take the medians of the last moments, unless the movement itself is under way.

        The first of a movement and the last of a return are in the start pose, but no rest.
        """
        if anyway or not (self.moving or self._drifting()):
            rests = {key: self._rest(key) for key, window in self._windows.items() if window}
            self._set(self.values | rests)

    def take_passing(self) -> None:
        """Take what was seen in a start pose that was only passed through, for want of a rest.

        It does to tell the way out from the way back. Nothing is counted from it: what counts from
        the start pose counts from the anatomical neutral, where the start pose is about that.
        """
        rests: dict[str, float] = {}
        for reader in self.readers:
            if not self._windows[reader.key]:
                continue
            if not reader.from_start:
                rests[reader.key] = self._rest(reader.key)
            elif reader.key in self._even:
                rests[reader.key] = 0.0
        self._set(rests | self.values)

    def _rest(self, key: str) -> float:
        """Where the last moments were, as far as that is in the start pose.

        Who is taken to be in it in spite of a reading beyond it rests at its edge: a recording that
        begins on the way to a step begins beyond that.
        """
        low, high = self._ranges.get(key, (-inf, inf))
        return min(max(self._windows[key].middle, low), high)

    def _moving(self, goal: Goal) -> bool:
        """Whether a driver has gone farther than it may at rest in the time looked at."""
        window = self._windows[goal.reader.key]
        if not window:
            return False
        way = _way(goal, window)
        return window.span > max(MOVING * ZERO_S * way, goal.noise) and way > 0

    def _drifting(self) -> bool:
        """Whether a driver goes on slowly: its last values lie beside its first ones.

        In the first moments in a start pose nobody has gone far, however fast they go.
        """
        half_s = (self._recent[-1].time_s - self._recent[0].time_s) / 2
        for goal in self._drivers:
            window = self._windows[goal.reader.key]
            if len(window) < 2:
                continue
            way = _way(goal, window)
            least = max(MOVING * half_s * way, goal.noise)
            if way > 0 and window.span > least and window.drift > least:
                return True
        return False


def _way(goal: Goal, window: Window) -> float:
    """Degrees from where a driver seems to rest to its target."""
    return abs(goal.way(0.0 if goal.reader.from_start else window.first).degrees)


def _drive(step: StepPlan, goal: Goal, way: Way) -> _Drive:
    rests_in = step.optional and bool(goal.met(way.rest))
    return _Drive(goal, goal.reader.read, way, rests_in)


def _nearer(goal: Goal, rest: float) -> Way:
    """The way from a rest, or from zero where the rest lies beyond it."""
    way, neutral = goal.way(rest), goal.way(0.0)
    beyond = rest * way.degrees < 0 and neutral.degrees * way.degrees > 0
    return neutral if beyond else way


def _readers(plan: SidePlan) -> list[Reader]:
    """Every quantity whose value in the start pose may be asked for."""
    readers = {goal.reader for step in plan.steps for goal in step.drivers}
    readers |= {goal.reader for step in plan.steps for goal in step.goals if goal.reader.from_start}
    for rule in plan.faults:
        for clause in rule.clauses:
            readers |= {check.reader for check in clause if check.reader.from_start}
    return sorted(readers, key=str)


def _about_neutral(plan: SidePlan, reader: Reader) -> bool:
    """Whether the start pose asks for a measure to be about its anatomical neutral, 0."""
    same = [goal for goal in plan.start if goal.reader.names == reader.names]
    return any(goal.low <= 0.0 <= goal.high for goal in same)


def _start_range(plan: SidePlan, reader: Reader) -> tuple[float, float]:
    """What the start pose asks of a quantity, degrees; open where it asks nothing."""
    for goal in plan.start:
        if goal.reader.names == reader.names and not (goal.reader.from_start or reader.from_start):
            same = goal.reader.sign == reader.sign
            return (goal.low, goal.high) if same else (-goal.high, -goal.low)
    return -inf, inf
