"""Continuous movements round and round: circles counted, their direction told.

A circle is a loop (``loops``) that is high and round enough. Both shoulders are followed; what is
counted needs both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import NamedTuple

from posecoach.coach.events import CircleDone, Event
from posecoach.coach.faults import FaultOf, FaultReport, Faults
from posecoach.coach.follower import FollowerState
from posecoach.coach.instant import Instant
from posecoach.coach.loops import IDLE_S, Loop, LoopFinder, Sample, whole_seconds
from posecoach.coach.neighbours import Neighbours
from posecoach.coach.row import Row
from posecoach.coach.seen_clock import SeenClock
from posecoach.coach.spell import BRIDGE_S, MAX_GAP_S
from posecoach.coach.state import Cue, Phase
from posecoach.coach.zero import OwnZero
from posecoach.observe.zero import ZERO_S
from posecoach.plan.plan import CirclePlan, Plan
from posecoach.plan.quantity import Reader, Values
from posecoach.plan.rule import FaultRule
from posecoach.plan.sides import Side
from posecoach.plan.target import pose_met

FAULTY = 2
"""One circle may be misread, by its shape or its time; so many in a row are a fault."""

FARTHEST_ACROSS = 20.0
"""Degrees a shoulder can go forward of its rest, or back: half of the 40 from one end to the other
(Kapandji). Where the way across may be off by more, nothing is told of a circle's shape: seen from
behind, where what moves to or from the camera hardly shows, it may be off by 41, from the front by
8. Circles are counted there by their height, and nobody is told that they only shrug."""

BY_WIDTH = 13.0
"""Degrees from which on the ways across may be off where a reader does not tell them alone: whose
elbows lie below the picture, as at most desks, is read by how wide the shoulders look, too. There
it is 15 (``instrument.reader.Beside``), of a reader alone 11 at most."""


class WaysAcross(NamedTuple):
    """How the ways across of one moment are told.

    Attributes:
        sure: whether well enough to tell a shape by them.
        by_width: whether by how wide the shoulders look, too, see ``loops.WIDTH_LATE_S``.
    """

    sure: bool
    by_width: bool


def ways_across(acrosses: Iterable[Reader], now: Instant) -> WaysAcross:
    """Tell it by how far they may be off, and by how the camera sees the body."""
    spreads = [reader.spread(now.spreads) for reader in acrosses]
    by_width = now.view.facing == "front" and all(each >= BY_WIDTH for each in spreads)
    return WaysAcross(all(each <= FARTHEST_ACROSS for each in spreads), by_width)


@dataclass(slots=True)
class _Run(FaultReport):
    """Circles with the same fault, one after the other.

    Attributes:
        first_s, last_s: when the first began and the last ended.
        shown_s: what the clock of what is seen showed at the latter.
    """

    first_s: float = 0.0
    last_s: float = 0.0
    shown_s: float = 0.0
    circles: int = 0

    @classmethod
    def of_loop(cls, rule: FaultRule, loop: Loop, clock: SeenClock) -> _Run:
        """The first of them."""
        first_s = clock.source_s(loop.start_s)
        return cls(rule, rule.cue_text(loop.values(), {}), first_s=first_s)

    def extend(self, loop: Loop, clock: SeenClock) -> list[Event]:
        """One more; report the fault where they have lasted long enough."""
        self.last_s, self.shown_s = clock.source_s(loop.end_s), loop.end_s
        self.circles += 1
        lasted = self.last_s - self.first_s >= self.rule.lasting
        if self.told or self.circles < FAULTY or not lasted:
            return []
        return [self.begin(self.last_s, self.first_s)]

    def over(self) -> list[Event]:
        """No more of them; a fault only where it was told."""
        return self.end(self.last_s) if self.told else []


class CircleFollower:
    """Follows the circle steps of one exercise."""

    side: Side = "both"
    under_way = False
    """Circles are attempts one by one, each told when it is over."""
    in_start = False

    def __init__(self, plan: Plan) -> None:
        self._steps = plan.circles
        circle = plan.circles[0].circle
        self._circle = circle
        self._ups = tuple(Reader.of(circle.up, side) for side in ("left", "right"))
        self._acrosses = tuple(Reader.of(circle.across, side) for side in ("left", "right"))
        readers = (*self._ups, *self._acrosses)
        self._needed = [name for reader in readers for name in reader.names]
        self._finder = LoopFinder(circle.size)
        self._seconds: dict[str, float] = {step.circle.direction: 0.0 for step in plan.circles}
        rules = [rule for side in plan.sides for rule in side.faults]
        self._loop_rules = [rule for rule in rules if _about_loops(rule)]
        self._faults = Faults(rule for rule in rules if not _about_loops(rule))
        self._start = plan.sides[0].start
        self._zero = OwnZero(plan.sides[0])
        self._runs: dict[int, _Run] = {}
        self._row = Row()
        self._neighbours = Neighbours(circle.size, self._verdict)
        self._mended: list[FaultOf] = []
        self._active_s: float | None = None
        self._seen_s: float | None = None
        self._time_s = self._shown_s = 0.0
        self._clock = SeenClock()
        self._last: Sample | None = None

    @property
    def resting(self) -> bool:
        """Whether no circle is under way."""
        return not self._finder.rising

    @property
    def at_lowest(self) -> bool:
        """Whether the last circle has ended and the next not risen."""
        return not self._finder.rising and self._moving

    @property
    def undecided(self) -> bool:
        """Circles go on by themselves; only their faults are waited for."""
        return any(each.undecided for each in self._faults.watches)

    @property
    def left_zero(self) -> bool:
        """Whether a circle is under way, and there was time for a zero before it.

        What is read before there is one may rise by itself, as readings settle: taken for a circle,
        it would keep the zero from ever being taken.
        """
        return self._finder.rising and self._settled

    @property
    def mended(self) -> Sequence[FaultOf]:
        """Faults seen to be corrected in this frame: the movement goes on without them."""
        return [*self._mended, *self._faults.mended]

    def needed(self, *, ready: bool) -> Sequence[str]:
        """The measures that must be seen, all of them always."""
        return self._needed

    def enough(self, repetitions: int) -> bool:
        """Whether every direction had its time, however many circles that took."""
        return all(self._seconds[s.circle.direction] >= s.lasting for s in self._steps)

    def update(self, now: Instant, busy: bool = False) -> list[Event]:
        """Take in one moment."""
        events: list[Event] = []
        values = now.values
        self._mended = []
        sample = self._sample(now)
        if self._seen_s is None and values:
            self._seen_s = now.time_s
        self._rest(now)
        self._faults.see(now, self._zero.values)
        if sample is not None:
            told = ways_across(self._acrosses, now)
            loop = self._finder.add(sample, sure=told.sure, by_width=told.by_width)
            # In the first second readings settle, and jump when the zero is taken.
            if loop is not None and self._settled:
                self._active_s = loop.end_s
                for each in self._neighbours.add(replace(loop, spoiled=self._spoiled(loop))):
                    events += self._judge(each)
        near = self._neighbours
        if not self._finder.rising and near.waiting and near.late(self._shown_s):
            for each in near.over():
                events += self._judge(each)
        if self._faults.on:
            events += self._faults.judge(now.time_s, going_on=self._moving)
        for index, run in list(self._runs.items()):
            if near.waiting or self._finder.rising:
                break
            if self._shown_s - run.shown_s > IDLE_S:
                events += self._runs.pop(index).over()
        if self._row.first is not None:
            events += self._known(self._row.wait(self._shown_s))
        return events

    def _sample(self, now: Instant) -> Sample | None:
        """Where both shoulders are, where that is known, at the time of what is seen.

        A gap in the pictures is none in the movement where the shoulders are after it where they
        were before; else nobody knows what was done meanwhile.
        """
        gap_s, self._time_s = now.time_s - self._time_s, now.time_s
        before, self._last = self._last, None
        ups = [reader.raw(now.values) for reader in self._ups]
        acrosses = [reader.raw(now.values) for reader in self._acrosses]
        known = now.allowed and not isnan(sum(ups) + sum(acrosses))
        if known and before is not None and MAX_GAP_S < gap_s <= BRIDGE_S:
            after = Sample.of(now.time_s, ups, acrosses)
            if after.apart(before) <= self._circle.size / 2:
                self._clock.bridge(now.time_s, gap_s)
        self._shown_s = self._clock.now(now.time_s)
        if known:
            self._last = Sample.of(self._shown_s, ups, acrosses)
        return self._last

    @property
    def _settled(self) -> bool:
        return self._seen_s is not None and self._time_s - self._seen_s >= ZERO_S

    def _rest(self, now: Instant) -> None:
        """Take the person's zero while they stand ready and no circle is under way."""
        still = now.allowed and not self._finder.rising and not self._moving
        if still and self._is_in_start(now):
            self._zero.see(now.time_s, now.values)
            self._zero.take(anyway=False)
        else:
            self._zero.forget_recent()

    def _is_in_start(self, now: Instant) -> bool:
        numbers = [goal.reader.raw(now.values) for goal in self._start]
        return bool(pose_met(self._start, numbers, stay=False, spreads=now.spreads))

    def zero_taken(self) -> None:
        """Counted from how they were read before, a body at rest has a fault."""
        self._zero.doubt()

    def other_ended(self, time_s: float) -> None:
        """There is no other side."""

    def finish(self, time_s: float) -> list[Event]:
        """The source has ended."""
        events: list[Event] = []
        for each in self._neighbours.over():
            events += self._judge(each)
        for run in self._runs.values():
            events += run.over()
        self._runs = {}
        events += self._known(self._row.over(self._shown_s))
        return events + self._faults.close(time_s, time_s)

    def cues(self, values: Values) -> list[Cue]:
        """What is wrong now."""
        if not (self._runs or self._faults.on):
            return []
        runs = [run.cue() for run in self._runs.values() if run.told]
        return [watch.cue() for watch in self._faults.told] + runs

    def shown(self, values: Values) -> FollowerState:
        """What there is to show now."""
        step = self._step()
        phase = Phase.MOVING if self._moving else Phase.READY
        seconds = min(self._seconds[step.circle.direction], step.lasting)
        return FollowerState(phase, step.id, step.say, held_s=seconds, hold_s=step.lasting)

    @property
    def _moving(self) -> bool:
        return self._active_s is not None and self._shown_s - self._active_s < IDLE_S

    def _step(self) -> CirclePlan:
        for step in self._steps:
            if self._seconds[step.circle.direction] < step.lasting:
                return step
        return self._steps[-1]

    def _verdict(self, loop: Loop) -> Hashable:
        """All that is told from one loop."""
        faulty = [bool(r.present(loop.values(), self._zero.values)) for r in self._loop_rules]
        counted = self._counts(loop)
        return (counted, loop.direction if counted else None, *faulty)

    def _judge(self, loop: Loop) -> list[Event]:
        """Tell what a loop was, which is known now."""
        step = next(
            (s.id for s in self._steps if s.circle.direction == loop.direction), self._steps[0].id
        )
        counted = self._counts(loop)
        events: list[Event] = self._known(
            self._row.take(
                CircleDone(self._shown_s, step, loop.direction, counted, loop.start_s, loop.end_s)
            )
        )
        for index, rule in enumerate(self._loop_rules):
            if rule.present(loop.values(), self._zero.values):
                if index not in self._runs:
                    self._runs[index] = _Run.of_loop(rule, loop, self._clock)
                events += self._runs[index].extend(loop, self._clock)
            elif index in self._runs:
                # Faulty circles one after the other are one fault, however slow; this ended it.
                run = self._runs.pop(index)
                if run.told:
                    self._mended.append(run.of)
                events += run.over()
        return events

    def _known(self, circles: list[CircleDone]) -> list[Event]:
        """Circles of which it is known now whether they count."""
        for circle in circles:
            if circle.counted:
                lasted = whole_seconds(circle.start_s, circle.end_s)
                self._seconds[circle.direction] = self._seconds.get(circle.direction, 0.0) + lasted
        told = self._clock.source_s
        return [
            replace(
                each,
                time_s=told(each.time_s),
                start_s=told(each.start_s),
                end_s=told(each.end_s),
            )
            for each in circles
        ]

    def _counts(self, loop: Loop) -> bool:
        """Whether a loop is a circle as it is asked for."""
        circle = self._circle
        both = min(loop.height_left, loop.height_right) >= circle.size
        slow = circle.fastest is None or loop.seconds >= circle.fastest
        rounded = loop.shape >= circle.shape or not loop.sure
        whole = both and slow and rounded and not loop.spoiled
        return whole and not any(
            rule.spoils and rule.present(loop.values(), self._zero.values)
            for rule in self._loop_rules
        )

    def _spoiled(self, loop: Loop) -> bool:
        """Whether a fault of the body that lets nothing count went on while it was made."""
        start_s, end_s = map(self._clock.source_s, (loop.start_s, loop.end_s))
        return any(
            watch.rule.spoils and watch.lasted_within(start_s, end_s)
            for watch in self._faults.watches
        )


def _about_loops(rule: FaultRule) -> bool:
    names = [check.reader.name for clause in rule.clauses for check in clause]
    return any(name.startswith("circle_") for name in names)
