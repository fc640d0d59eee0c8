"""One side's way through an exercise: out of the start pose, through the steps, and back.

A pure state machine: (time, values) in, events out. It knows no other side, no words to
choose between, no clock.

    waiting for the start pose ──► armed ──► attempt: step, step, … ──► back ──► armed
                                               └ zone: a visit to a step's position

An *attempt* begins when the first step's driver has gone a good part of its way, and ends
when every driver is back near the start. It is a *repetition* where every step that is not
optional was held (or reached), and no fault occurred that spoils it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isnan, nan

from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    Event,
    FaultBegan,
    FaultEnded,
    HoldBroken,
    HoldCompleted,
    HoldEnded,
    StartReached,
    StepReached,
)
from posecoach.coach.fault import FaultWatch
from posecoach.coach.rest import BACK, BEGUN, DWELL_S, Rest
from posecoach.coach.spell import Spell
from posecoach.coach.state import Phase
from posecoach.coach.times import SETTLED_S, Times
from posecoach.coach.zone import GRACE_S, Zone
from posecoach.plan.plan import SidePlan, StepPlan
from posecoach.plan.quantity import Values
from posecoach.plan.sides import Side
from posecoach.plan.target import Goal, frame_score, pose_met

BEGUN_NOISES = 1.5
BACK_NOISES = 0.75
"""A movement has begun only beyond its measure's typical error, and is back within it."""

PATIENCE_S = 10.0
"""Back in the start pose for so long with steps left undone: the attempt is given up."""


@dataclass(slots=True)
class Attempt:
    """A movement under way.

    Attributes:
        start_s: when it began, not before the other side's attempt had ended.
        moved_s: when it was first moved for, which may be while the other side's was ending:
            from there on a fault belongs to it.
    """

    start_s: float
    moved_s: float
    step: int = 0
    done: list[bool] = field(default_factory=list)
    visited: list[bool] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    spoiled_by: str = ""
    complete_s: float = inf
    back: Spell = field(default_factory=Spell)
    was_back: bool = False


class Movement:
    """Follows one side."""

    def __init__(self, plan: SidePlan) -> None:
        self.plan = plan
        self.attempt: Attempt | None = None
        self.zone: Zone | None = None
        self.rest = Rest(plan)
        self.times = Times(plan.steps, self.rest)
        self.faults = [FaultWatch(rule) for rule in plan.faults]
        self.mended: list[tuple[str, Side]] = []
        """Faults seen to be corrected in this frame, while the movement goes on."""
        self._ended_s = -inf
        self._other_ended_s = -inf
        self._beyond = Spell()
        self._progress = [nan] * len(plan.steps)

    # -- what others may ask ---------------------------------------------------------

    @property
    def armed(self) -> bool:
        """Whether an attempt could begin."""
        return self.rest.armed_s is not None

    @property
    def in_start(self) -> bool:
        """Whether the start pose is held and no attempt is under way."""
        return self.rest.in_start

    @property
    def resting(self) -> bool:
        """Whether the start pose is held and no movement out of it is under way."""
        return self.rest.resting

    @property
    def current(self) -> StepPlan:
        """The step being done or to be done next."""
        return self.plan.steps[self.attempt.step if self.attempt else 0]

    @property
    def reach(self) -> float:
        """How far the current step's movement has come, 0..1 and beyond; 0 if unknown."""
        progress = self._progress[self.attempt.step if self.attempt else 0]
        return 0.0 if isnan(progress) else progress

    def phase(self) -> Phase:
        """Where this side is."""
        if self.attempt is None:
            return Phase.READY if self.in_start else Phase.WAITING
        if self.zone is not None and self.zone.in_run and not self.zone.completed:
            return Phase.HOLDING
        if self._all_done(self.attempt):
            return Phase.RETURNING
        return Phase.MOVING

    def read(self, goal: Goal, values: Values) -> float:
        """The value of one target, from the start pose where that is wanted."""
        return self.rest.read(goal, values)

    # -- time goes on ------------------------------------------------------------------

    def update(
        self, time_s: float, values: Values, allowed: bool, busy: bool = False
    ) -> list[Event]:
        """Take in one frame.

        Args:
            time_s: capture time.
            values: degrees by measure name, NaN or missing where unknown.
            allowed: whether the body is in this exercise's posture, so that an attempt may
                begin.
            busy: whether the other side is being worked, so that nothing seen now is rest.
        """
        events: list[Event] = []
        self.mended = []
        self.times.add(time_s, values)
        for index, step in enumerate(self.plan.steps):
            self._progress[index] = self.rest.progress(step, values)
        if self.attempt is None and self.rest.update(time_s, values, self._progress, allowed, busy):
            events.append(StartReached(time_s, self.plan.side))
        for watch in self.faults:
            watch.see(time_s, values, self.rest.values)
        if self.attempt is None:
            self._maybe_begin(time_s, values, allowed, busy, events)
        self._watch_zone(time_s, values, events)
        if self.attempt is not None:
            self._judge_faults(events, time_s)
            self._maybe_end(time_s, values, events)
        return events

    def after(self, time_s: float) -> None:
        """The other side's attempt ended then: one of this side began no earlier."""
        self._other_ended_s = time_s

    def finish(self, time_s: float) -> list[Event]:
        """The source has ended: close what is open."""
        events: list[Event] = []
        if self.zone is not None:
            self._close_zone(self.zone.last_in_s, events)
        attempt = self.attempt
        if attempt is not None and attempt.back.since is not None:
            # Cut right after the return, as recordings are: nothing will gainsay it any more.
            self._end_attempt(attempt.back.since, events, reason="")
        elif attempt is not None:
            self._end_attempt(time_s, events, reason="the recording ended before the return")
        return events

    # -- the movement ------------------------------------------------------------------

    def _maybe_begin(
        self, time_s: float, values: Values, allowed: bool, busy: bool, events: list[Event]
    ) -> None:
        moved = self.rest.moved(self.plan.steps[0], values, BEGUN, BEGUN_NOISES)
        if not allowed or self.rest.armed_s is None:
            self._beyond.end()
            return
        self._beyond.see(time_s, moved)
        since = self._beyond.since
        if since is None:
            if not busy:  # what the other side is at is not this one's fault
                self._maybe_begin_instead(time_s, events)
        elif moved and self._beyond.lasted(DWELL_S):
            start_s = self.times.began(0, since, seen=False)
            self._begin(max(start_s, self._ended_s), events)

    def _maybe_begin_instead(self, time_s: float, events: list[Event]) -> None:
        for watch in self.faults:
            since = watch.since
            # Begun anew: what only went on after the last attempt is no other one.
            if since is None or since <= self._ended_s:
                continue
            # From the start pose of this side, not from that of the other.
            if self.rest.armed_s is None or since - self.rest.armed_s > GRACE_S:
                continue
            if watch.rule.instead and watch.ripe(since):
                self._begin(since, events)
                return

    def _begin(self, moved_s: float, events: list[Event]) -> None:
        start_s = max(moved_s, self._other_ended_s)
        count = len(self.plan.steps)
        self.attempt = Attempt(
            start_s, moved_s, done=[False] * count, visited=[False] * count, shares=[0.0] * count
        )
        self._beyond.end()
        self.rest.leave()
        events.append(AttemptBegan(start_s, self.plan.side))

    def _watch_zone(self, time_s: float, values: Values, events: list[Event]) -> None:
        zone = self.zone
        if zone is not None:
            step = self.plan.steps[zone.step]
            inside = self._drivers_met(step, values, stay=True)
            self._see_zone(zone, step, inside, time_s, values, events)
            if zone.inside.since is None:
                self._close_zone(zone.last_in_s, events)
        if self.attempt is not None:
            for index in range(self.attempt.step, len(self.plan.steps)):
                if self.zone is not None and (index == self.zone.step or not self.zone.completed):
                    continue
                if self.attempt.done[index] or not self._drivers_met(
                    self.plan.steps[index], values, stay=False
                ):
                    continue
                if self.zone is not None:
                    self._lead_on(index, self.zone, time_s, events)
                self._open_zone(index, time_s, values, events)
                break

    def _lead_on(self, index: int, zone: Zone, time_s: float, events: list[Event]) -> None:
        """Close a zone because another step's begins.

        Where its own movement is still there (who goes on lying stretches the arms out), it
        was left when the other movement began.
        """
        left_s = zone.last_in_s
        if left_s == time_s:
            other_s = self.times.began(index, time_s, seen=True)
            left_s = max(min(left_s, other_s), zone.opened_s)
        self._close_zone(left_s, events)

    def _open_zone(self, index: int, time_s: float, values: Values, events: list[Event]) -> None:
        assert self.attempt is not None
        self.attempt.step = index
        self.attempt.visited[index] = True
        self.zone = Zone(index, time_s)
        self._see_zone(self.zone, self.plan.steps[index], True, time_s, values, events)

    def _see_zone(
        self,
        zone: Zone,
        step: StepPlan,
        inside: bool | None,
        time_s: float,
        values: Values,
        events: list[Event],
    ) -> None:
        numbers = [self.read(goal, values) for goal in step.goals]
        pose = pose_met(step.goals, numbers, stay=zone.in_run)
        was_held = zone.in_run
        score = frame_score(step.goals, numbers)
        broken = zone.see(time_s, inside, pose, score)
        if time_s - zone.entered_s >= SETTLED_S:
            self.times.taken(zone)
        if zone.in_run and not was_held:
            events.append(StepReached(time_s, step.id, self.plan.side))
        if broken and step.is_hold and not zone.completed:
            events.append(HoldBroken(time_s, step.id, self.plan.side))
        if not zone.completed and zone.held_s() >= step.hold - 1e-6:
            zone.completed = True
            events.append(HoldCompleted(time_s, step.id, self.plan.side))
            if self.attempt is not None:
                self.attempt.done[zone.step] = True
                if self._all_done(self.attempt):
                    self.attempt.complete_s = min(self.attempt.complete_s, time_s)

    def _close_zone(self, left_s: float, events: list[Event]) -> None:
        zone, self.zone = self.zone, None
        assert zone is not None
        step = self.plan.steps[zone.step]
        start, end = self.times.span(zone, left_s)
        left_s = max(min(left_s, end), zone.opened_s)
        accuracy = zone.accuracy(start, end)
        held = zone.best[2]
        if self.attempt is not None and self.attempt.start_s <= zone.opened_s:
            share = accuracy * min(1.0, held / step.hold)
            self.attempt.shares[zone.step] = max(self.attempt.shares[zone.step], share)
        if step.early is not None and not zone.completed and held >= GRACE_S:
            early = step.early
            side = self.plan.side
            events.append(FaultBegan(left_s, early.id, side, end))
            events.append(FaultEnded(left_s, early.id, side, end, end, early.cue))
        if zone.completed or end - start >= GRACE_S:
            events.append(
                HoldEnded(
                    left_s, step.id, self.plan.side, start, end, held, accuracy, zone.completed
                )
            )

    def _drivers_met(self, step: StepPlan, values: Values, stay: bool) -> bool | None:
        verdict: bool | None = True
        for goal in step.drivers:
            met = goal.met(self.read(goal, values), goal.stay if stay else 0.0)
            if met is False:
                return False
            if met is None:
                verdict = None
        return verdict

    def _all_done(self, attempt: Attempt) -> bool:
        """Whether every step that is not optional is done."""
        steps = zip(attempt.done, self.plan.steps, strict=True)
        return all(done or step.optional for done, step in steps)

    # -- the end of an attempt -----------------------------------------------------------

    def _is_back(self, attempt: Attempt, values: Values) -> bool | None:
        """Whether every step's movement is back near rest; an untouched option is left out.

        Whoever has gone all the way back to the setup pose is back, whatever the movement's
        own measure, now seen from another pose, makes of it.
        """
        if self.plan.setup and all(goal.met(self.read(goal, values)) for goal in self.plan.setup):
            return True
        moved = [
            self.rest.moved(step, values, BACK, BACK_NOISES, back=True)
            for step, visited in zip(self.plan.steps, attempt.visited, strict=True)
            if visited or not step.optional
        ]
        if any(moved) or any(watch.told and watch.rule.instead for watch in self.faults):
            return False
        return True if False in moved else None

    def _maybe_end(self, time_s: float, values: Values, events: list[Event]) -> None:
        attempt = self.attempt
        assert attempt is not None
        steps = self.plan.steps
        complete = self._all_done(attempt)
        if self.plan.ends_with_last_step and attempt.done[-1]:
            self._end_attempt(time_s, events, reason="")
            return
        back = self._is_back(attempt, values)
        attempt.back.see(time_s, back)
        if not back:
            if attempt.was_back and attempt.visited[0] and self._progress[0] >= BEGUN:
                self._end_attempt(time_s, events, reason="a step was left out")
            return
        since = attempt.back.since
        if since is None or not attempt.back.lasted(DWELL_S):
            return
        attempt.was_back = True
        remaining = any(attempt.visited) and not all(
            visited or step.optional for visited, step in zip(attempt.visited, steps, strict=True)
        )
        if complete or not remaining or time_s - since > PATIENCE_S:
            self._end_attempt(since, events, reason="")

    def _end_attempt(self, time_s: float, events: list[Event], reason: str) -> None:
        if self.zone is not None and not self.plan.ends_with_last_step:
            self._close_zone(self.zone.last_in_s, events)
        attempt, self.attempt = self.attempt, None
        assert attempt is not None
        steps = self.plan.steps
        missed = [
            step.id
            for done, step in zip(attempt.done, steps, strict=True)
            if not done and not step.optional
        ]
        if missed and not reason:
            reason = f"{missed[0]} was not held" if any(attempt.visited) else "not far enough"
        reason = reason or attempt.spoiled_by
        if self.zone is not None:
            # The exercise ends here, though the person stays on: what they did so far counts.
            zone = self.zone
            held = min(1.0, zone.best[2] / steps[zone.step].hold)
            so_far = zone.accuracy(*self.times.span(zone, zone.last_in_s)) * held
            attempt.shares[zone.step] = max(attempt.shares[zone.step], so_far)
        required = [
            share for share, step in zip(attempt.shares, steps, strict=True) if not step.optional
        ]
        for watch in self.faults:
            if watch.told:
                self._end_fault(watch, min(watch.last, time_s), events)
        self._ended_s = time_s
        self.rest.armed_s = time_s if not self.plan.ends_with_last_step else None
        events.append(
            AttemptEnded(
                time_s,
                self.plan.side,
                attempt.start_s,
                time_s,
                not reason,
                sum(required) / len(required) if required else 1.0,
                reason,
            )
        )

    # -- faults ------------------------------------------------------------------------

    def _judge_faults(self, events: list[Event], time_s: float) -> None:
        attempt = self.attempt
        assert attempt is not None
        step = self.plan.steps[attempt.step].id
        # Whoever is back is no longer at it, though it takes a moment to be sure of that.
        until = inf if attempt.back.since is None else attempt.back.since
        for watch in self.faults:
            rule = watch.rule
            if watch.told:
                if watch.since is None:
                    if watch.mended:
                        self.mended.append((rule.id, rule.side))
                    self._end_fault(watch, watch.last, events)
                continue
            if rule.steps and step not in rule.steps:
                continue
            if watch.ripe(attempt.moved_s, until):
                assert watch.since is not None
                watch.told = True
                watch.start_s = max(watch.since, attempt.moved_s)
                events.append(FaultBegan(time_s, rule.id, rule.side, watch.start_s))
                if rule.spoils and watch.start_s < attempt.complete_s:
                    # What is done is done: on the way back a fault is told, but spoils nothing.
                    attempt.spoiled_by = attempt.spoiled_by or watch.text

    def _end_fault(self, watch: FaultWatch, end_s: float, events: list[Event]) -> None:
        watch.told = False
        if end_s <= watch.start_s:
            return  # it began only after what turned out to be the end of the attempt
        events.append(
            FaultEnded(end_s, watch.rule.id, watch.rule.side, watch.start_s, end_s, watch.text)
        )
