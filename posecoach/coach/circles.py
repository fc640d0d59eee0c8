"""Continuous movements round and round: circles counted, their direction told.

A circle is one rise and fall of the ``up`` quantity in which ``across`` goes out and back
out of step with it, so that the path in the (across, up) plane encloses an area. The area's
sign is the direction (shoelace formula); a shrug goes up and down the same line and encloses
next to none. Both shoulders are followed; what is counted needs both.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import acos, isnan, pi
from typing import Literal

from posecoach.coach.events import CircleDone, Event, FaultBegan, FaultEnded
from posecoach.coach.fault import FaultWatch
from posecoach.coach.spell import MAX_GAP_S
from posecoach.coach.state import Cue, Phase
from posecoach.plan.plan import CirclePlan, Plan
from posecoach.plan.quantity import Reader, Values
from posecoach.plan.rule import FaultRule
from posecoach.plan.sides import Side

Direction = Literal["forward", "backward"]

NEAR_REST = 0.15
"""A circle begins and ends where the height leaves and meets this part of its rise."""

SEEN_SHARE = 1 - acos(1 - 2 * NEAR_REST) / pi
"""The part of an even circle's time in which its height is above that: it goes as a cosine."""

IDLE_S = 4.0
"""A rise without a fall for so long is no circle."""


FAULTY = 2
"""One circle may be misread, by its shape or its time; so many in a row are a fault."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One rise and fall.

    Attributes:
        start_s, end_s: when it began and ended.
        height_left, height_right: rise of each shoulder, degrees.
        shape: enclosed area against that of a circle as high; 0 for straight up and down.
        direction: which way round.
    """

    start_s: float
    end_s: float
    height_left: float
    height_right: float
    shape: float
    direction: Direction

    @property
    def seconds(self) -> float:
        """How long the whole circle took, with its lowest part, which belongs to no loop."""
        return (self.end_s - self.start_s) / SEEN_SHARE

    def values(self) -> dict[str, float]:
        """The names under which a definition's faults can ask for it."""
        return {
            "circle_height_left": self.height_left,
            "circle_height_right": self.height_right,
            "circle_shape": self.shape,
            "circle_seconds": self.seconds,
        }


Sample = tuple[float, float, float, float, float]  # time, up L, up R, across L, across R


class LoopFinder:
    """Cuts the path of both shoulders into rises and falls."""

    def __init__(self, size: float) -> None:
        self._size = size
        self._samples: deque[Sample] = deque()
        self._low: Sample | None = None
        self._high: Sample | None = None
        self._dip: Sample | None = None

    @property
    def rising(self) -> bool:
        """Whether a rise is under way."""
        return self._high is not None

    def add(self, sample: Sample) -> Loop | None:
        """Take in one known moment; hand back the loop it completes, if any."""
        if self._samples and sample[0] - self._samples[-1][0] > MAX_GAP_S:
            # Nobody knows what was done meanwhile: no circle spans it.
            self._samples.clear()
            self._low = self._high = None
        self._samples.append(sample)
        while sample[0] - self._samples[0][0] > 15.0:
            self._samples.popleft()
        up = _up(sample)
        if self._low is None:
            self._low = sample
        if self._high is None:
            if up < _up(self._low):
                self._low = sample
            elif up - _up(self._low) >= self._size / 2:
                self._high = self._dip = sample
            return None
        assert self._dip is not None
        if up > _up(self._high):
            self._high = self._dip = sample
        elif up < _up(self._dip):
            self._dip = sample
        if sample[0] - self._high[0] > IDLE_S:
            self._low, self._high = sample, None
            return None
        rise, fall = _up(self._high) - _up(self._low), _up(self._high) - _up(self._dip)
        if fall >= max(self._size / 2, (1 - NEAR_REST) * rise):
            loop = self._close(sample, _up(self._low))
            self._low, self._high = sample, None
            return loop
        if fall >= self._size and up - _up(self._dip) >= self._size:
            # The next rise has begun though the height the last one began at was not met again:
            # the person sank or was misread there. The circle stands on where it ended.
            loop = self._close(self._dip, _up(self._dip))
            self._low, self._high, self._dip = self._dip, sample, sample
            return loop
        return None

    def _close(self, last: Sample, base: float) -> Loop:
        assert self._low is not None
        assert self._high is not None
        bottom = base + NEAR_REST * (_up(self._high) - base)
        path = [s for s in self._samples if self._low[0] <= s[0] <= last[0]]
        first = 0
        while first + 1 < len(path) and _up(path[first + 1]) <= bottom:
            first += 1
        path = path[first:]
        area, heights = 0.0, []
        for side in (0, 1):
            across = [s[3 + side] for s in path]
            up = [s[1 + side] for s in path]
            area += _signed_area(across, up)
            heights.append(max(up) - min(up))
        as_high = sum(pi / 4 * height**2 for height in heights)
        return Loop(
            start_s=path[0][0],
            end_s=last[0],
            height_left=heights[0],
            height_right=heights[1],
            shape=abs(area) / as_high if as_high > 0 else 0.0,
            direction="forward" if area > 0 else "backward",
        )


@dataclass(slots=True)
class _Run:
    """Circles with the same fault, one after the other."""

    start_s: float
    text: str
    end_s: float = 0.0
    circles: int = 0

    def is_fault(self, rule: FaultRule) -> bool:
        """Whether they have lasted long enough."""
        return self.circles >= FAULTY and self.end_s - self.start_s >= rule.lasting


class CircleCoach:
    """Coaches the circle steps of one exercise."""

    def __init__(self, plan: Plan) -> None:
        self._steps = plan.circles
        circle = plan.circles[0].circle
        self._circle = circle
        self._readers = tuple(
            Reader.of(quantity, side)
            for quantity in (circle.up, circle.across)
            for side in ("left", "right")
        )
        self._finder = LoopFinder(circle.size)
        self._seconds: dict[str, float] = {step.circle.direction: 0.0 for step in plan.circles}
        rules = [rule for side in plan.sides for rule in side.faults]
        self._loop_rules = [rule for rule in rules if _about_loops(rule)]
        self._watches = [FaultWatch(rule) for rule in rules if not _about_loops(rule)]
        self._open: dict[int, _Run] = {}
        self.mended: list[tuple[str, Side]] = []
        """Faults seen to be corrected in this frame: the movement goes on without them."""
        self._active_s: float | None = None
        self._time_s = 0.0
        self.counted = 0
        self.tried = 0

    @property
    def needed(self) -> tuple[str, ...]:
        """The measures that must be seen."""
        return tuple(name for reader in self._readers for name in reader.names)

    @property
    def at_rest(self) -> bool:
        """Whether the first circle has not begun."""
        return self.tried == 0 and not self._finder.rising

    @property
    def done(self) -> bool:
        """Whether every direction had its time."""
        return all(self._seconds[s.circle.direction] >= s.lasting for s in self._steps)

    def update(self, time_s: float, values: Values, allowed: bool) -> list[Event]:
        """Take in one frame."""
        events: list[Event] = []
        self._time_s = time_s
        self.mended = []
        numbers = [reader.raw(values) for reader in self._readers]
        if allowed and not any(isnan(number) for number in numbers):
            loop = self._finder.add((time_s, *numbers))  # type: ignore[arg-type]
            if loop is not None:
                self._judge(loop, events)
        self._watch(time_s, values, events)
        for index, run in list(self._open.items()):
            if time_s - run.end_s > IDLE_S and not self._finder.rising:
                self._close(index, events)
        return events

    def finish(self, time_s: float) -> list[Event]:
        """The source has ended."""
        events: list[Event] = []
        for index in list(self._open):
            self._close(index, events)
        for watch in self._watches:
            if watch.told:
                watch.told = False
                rule = watch.rule
                events.append(
                    FaultEnded(time_s, rule.id, rule.side, watch.start_s, watch.last, watch.text)
                )
        return events

    def cues(self) -> list[Cue]:
        """What is wrong now."""
        cues = [
            Cue(watch.text, watch.rule.id, watch.rule.side, None, watch.rule.severity)
            for watch in self._watches
            if watch.told
        ]
        for index, run in self._open.items():
            rule = self._loop_rules[index]
            if run.is_fault(rule):
                cues.append(Cue(run.text, rule.id, rule.side, None, rule.severity))
        return cues

    def shown(self) -> tuple[Phase, str, str, float, float]:
        """Phase, step, words, seconds done and wanted."""
        step = self._step()
        moving = self._active_s is not None and self._time_s - self._active_s < IDLE_S
        seconds = min(self._seconds[step.circle.direction], step.lasting)
        return Phase.MOVING if moving else Phase.READY, step.id, step.say, seconds, step.lasting

    def _step(self) -> CirclePlan:
        for step in self._steps:
            if self._seconds[step.circle.direction] < step.lasting:
                return step
        return self._steps[-1]

    def _judge(self, loop: Loop, events: list[Event]) -> None:
        self.tried += 1
        self._active_s = loop.end_s
        circle = self._circle
        round_ = loop.shape >= circle.shape
        both = min(loop.height_left, loop.height_right) >= circle.size
        counted = round_ and both and loop.seconds >= circle.fastest
        if counted:
            self.counted += 1
            self._seconds[loop.direction] = self._seconds.get(loop.direction, 0.0) + loop.seconds
        step = next(
            (s.id for s in self._steps if s.circle.direction == loop.direction), self._steps[0].id
        )
        events.append(
            CircleDone(loop.end_s, step, loop.direction, counted, loop.start_s, loop.end_s)
        )
        for index, rule in enumerate(self._loop_rules):
            if rule.present(loop.values(), {}):
                self._extend(index, rule, loop, events)
            elif index in self._open and self._close(index, events):
                # Faulty circles one after the other are one fault, however slow; this ended it.
                self.mended.append((rule.id, rule.side))

    def _extend(self, index: int, rule: FaultRule, loop: Loop, events: list[Event]) -> None:
        run = self._open.get(index)
        if run is None:
            run = self._open[index] = _Run(loop.start_s, rule.cue_text(loop.values(), {}))
        before = run.is_fault(rule)
        run.end_s = loop.end_s
        run.circles += 1
        if run.is_fault(rule) and not before:
            events.append(FaultBegan(loop.end_s, rule.id, rule.side, run.start_s))

    def _close(self, index: int, events: list[Event]) -> bool:
        """End a run of faulty circles; return whether it was a fault."""
        run, rule = self._open.pop(index), self._loop_rules[index]
        if run.is_fault(rule):
            events.append(
                FaultEnded(run.end_s, rule.id, rule.side, run.start_s, run.end_s, run.text)
            )
        return run.is_fault(rule)

    def _watch(self, time_s: float, values: Values, events: list[Event]) -> None:
        moving = self._active_s is not None and time_s - self._active_s < IDLE_S
        for watch in self._watches:
            watch.see(time_s, values, {})
            rule = watch.rule
            if watch.told and watch.since is None:
                watch.told = False
                if watch.mended and moving:
                    self.mended.append((rule.id, rule.side))
                events.append(
                    FaultEnded(
                        watch.last, rule.id, rule.side, watch.start_s, watch.last, watch.text
                    )
                )
            elif not watch.told and moving and watch.ripe(0.0) and watch.since is not None:
                watch.told = True
                watch.start_s = watch.since
                events.append(FaultBegan(time_s, rule.id, rule.side, watch.since))


def _up(sample: Sample) -> float:
    return (sample[1] + sample[2]) / 2


def _signed_area(x: list[float], y: list[float]) -> float:
    """Shoelace area of the closed path; positive for up, then out, down, back (clockwise)."""
    total = 0.0
    for i in range(len(x)):
        j = (i + 1) % len(x)
        total += x[j] * y[i] - x[i] * y[j]
    return total / 2


def _about_loops(rule: FaultRule) -> bool:
    names = [check.reader.name for clause in rule.clauses for check in clause]
    return any(name.startswith("circle_") for name in names)
