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

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isnan, nan
from statistics import median

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
from posecoach.coach.plan import SidePlan, StepPlan
from posecoach.coach.quantity import Reader, Values
from posecoach.coach.spell import Spell
from posecoach.coach.state import Phase, Side
from posecoach.coach.target import Goal, frame_score, is_lateral
from posecoach.coach.track import Past, Point, began, came, left
from posecoach.coach.zone import GRACE_S, Zone

BEGUN = 0.4
"""Part of the way to the first step after which a movement is an attempt: a small range
is an honest try, swaying is not."""

BACK = 0.25
"""Part of the way at which a movement is back; well under ``BEGUN`` (hysteresis)."""

BEGUN_NOISES = 1.5
BACK_NOISES = 0.75
"""A movement has begun only beyond its measure's typical error, and is back within it."""

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

SETTLED_S = 6.0
"""When a position was taken is told after so long at the latest, while the way there is
remembered (``track.KEPT_S``)."""

PATIENCE_S = 10.0
"""Back in the start pose for so long with steps left undone: the attempt is given up."""


@dataclass(slots=True)
class Attempt:
    """A movement under way."""

    start_s: float
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
        self.in_start = False
        self.faults = [FaultWatch(rule) for rule in plan.faults]
        self.start_values: dict[Reader, float] = {}
        self.mended: list[tuple[str, Side]] = []
        """Faults seen to be corrected in this frame, while the movement goes on."""
        self._ended_s = -inf
        self._armed_s: float | None = None
        self._in_pose = Spell()
        self._off_rest_s: float | None = None
        self._beyond = Spell()
        self._recent: deque[tuple[float, list[float]]] = deque()
        self._readers = _readers(plan)
        self._lateral = [r for r in self._readers if r.from_start and is_lateral(r.name)]
        self._crooked = Spell()
        self._came = False
        self._drivers = [goal for step in plan.steps for goal in step.drivers]
        self._past = Past()
        self._progress = [nan] * len(plan.steps)

    # -- what others may ask ---------------------------------------------------------

    @property
    def armed(self) -> bool:
        """Whether an attempt could begin."""
        return self._armed_s is not None

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
        return goal.reader.read(values, self.start_values)

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
        self._past.add(time_s, values)
        self._measure_progress(values)
        self._watch_start(time_s, values, allowed, busy, events)
        for watch in self.faults:
            watch.see(time_s, values, self.start_values)
        if self.attempt is None:
            self._maybe_begin(time_s, values, allowed, events)
        self._watch_zone(time_s, values, events)
        if self.attempt is not None:
            self._judge_faults(events, time_s)
            self._maybe_end(time_s, values, events)
        return events

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

    # -- the start pose ----------------------------------------------------------------

    def _watch_start(
        self, time_s: float, values: Values, allowed: bool, busy: bool, events: list[Event]
    ) -> None:
        if self.attempt is not None:
            return
        numbers = [self.read(goal, values) for goal in self.plan.start]
        met = allowed and _pose_met(self.plan.start, numbers, stay=self.in_start)
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
            if self._armed_s is not None and busy:
                self._armed_s = time_s  # the other side's movement may lead straight to this
            elif self._armed_s is not None and time_s - self._armed_s > ARMED_S:
                self._armed_s = None
            return
        self._recent.append((time_s, [reader.raw(values) for reader in self._readers]))
        while time_s - self._recent[0][0] > REST_S:
            self._recent.popleft()
        if self._in_pose.lasted(DWELL_S):
            self._armed_s = time_s
            if not self.in_start:
                self.in_start = True
                events.append(StartReached(time_s, self.plan.side))
            if self._at_rest() or busy or any(progress >= 1 for progress in self._progress):
                self._off_rest_s = None
            elif self._off_rest_s is None:
                self._off_rest_s = time_s
            settled = self._off_rest_s is not None and time_s - self._off_rest_s > RESETTLED_S
            if not busy and (self._at_rest() or settled):
                self._remember_start()

    def _leans(self, values: Values) -> bool:
        """Whether who is seen to rest from the first moment rests far to one side.

        A body is even: whoever is seen first while they lean, slide or turn as the exercise
        or one of its faults has it may be in the middle of it, and their zero elsewhere.
        They may also be crooked, or the camera; so staying there decides.
        """
        if self._came or self.start_values or not self._lateral:
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
            watch.rule.present(values, start)
            for watch in self.faults
            if any(check.reader in start for clause in watch.rule.clauses for check in clause)
        )

    def _at_rest(self) -> bool:
        """Whether no movement has left its rest; one whose rest is not known yet has not."""
        for step, progress in zip(self.plan.steps, self._progress, strict=True):
            if isnan(progress):
                if all(goal.reader in self.start_values for goal in step.drivers):
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
        anyway = not self.start_values and self._in_pose.lasted(REST_S)
        if anyway or not (self._any_moving(known) or self._drifting(known)):
            self.start_values |= {reader: median(values) for reader, values in known.items()}

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
                self.start_values.setdefault(reader, median(values))

    def _moving(self, goal: Goal, recent: Mapping[Reader, list[float]]) -> bool:
        """Whether a driver has gone farther than it may at rest in the time looked at."""
        values = recent.get(goal.reader)
        if not values:
            return False
        way = abs(goal.way(0.0 if goal.reader.from_start else values[0]))
        return max(values) - min(values) > MOVING * REST_S * way > 0

    # -- the movement ------------------------------------------------------------------

    def _measure_progress(self, values: Values) -> None:
        for index, step in enumerate(self.plan.steps):
            self._progress[index] = self._step_progress(step, values)

    def _step_progress(self, step: StepPlan, values: Values) -> float:
        ways = [self._driver_progress(goal, values) for goal in step.drivers]
        return nan if any(map(isnan, ways)) else min(ways, default=nan)

    def _driver_progress(self, goal: Goal, values: Values) -> float:
        return goal.progress(self.read(goal, values), self._rest(goal))

    def _moved(
        self, step: StepPlan, values: Values, part: float, noises: float, *, back: bool = False
    ) -> bool | None:
        """Whether a step's drivers are a part of their way, and some noises, from rest.

        On the way ``back`` zero will do for a rest beyond it: zero is neutral too.
        """
        verdict: bool | None = True
        for goal in step.drivers:
            rest = self._rest(goal)
            if back and rest * goal.way(rest) < 0 and goal.way(0.0) * goal.way(rest) > 0:
                rest = 0.0
            value = self.read(goal, values)
            if isnan(value) or isnan(rest):
                verdict = None
            elif goal.progress(value, rest) < part or abs(value - rest) < noises * goal.noise:
                return False
        return verdict

    def _rest(self, goal: Goal) -> float:
        return 0.0 if goal.reader.from_start else self.start_values.get(goal.reader, nan)

    def _maybe_begin(
        self, time_s: float, values: Values, allowed: bool, events: list[Event]
    ) -> None:
        moved = self._moved(self.plan.steps[0], values, BEGUN, BEGUN_NOISES)
        if not allowed or self._armed_s is None:
            self._beyond.end()
            return
        self._beyond.see(time_s, moved)
        since = self._beyond.since
        if since is None:
            self._maybe_begin_instead(time_s, events)
        elif moved and self._beyond.lasted(DWELL_S):
            start_s = began(self._progress_path(0), since, seen=False)
            self._begin(max(start_s, self._ended_s), events)

    def _maybe_begin_instead(self, time_s: float, events: list[Event]) -> None:
        for watch in self.faults:
            since = watch.since
            # Begun anew: what only went on after the last attempt is no other one.
            if since is None or since <= self._ended_s:
                continue
            # From the start pose of this side, not from that of the other.
            if self._armed_s is None or since - self._armed_s > GRACE_S:
                continue
            if watch.rule.instead and watch.ripe(since):
                self._begin(since, events)
                return

    def _begin(self, start_s: float, events: list[Event]) -> None:
        count = len(self.plan.steps)
        self.attempt = Attempt(
            start_s, done=[False] * count, visited=[False] * count, shares=[0.0] * count
        )
        self._beyond.end()
        self.in_start = False
        self._in_pose.end()
        self._recent.clear()
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
            other_s = began(self._progress_path(index), time_s, seen=True)
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
        pose = _pose_met(step.goals, numbers, stay=zone.in_run)
        was_held = zone.in_run
        score = frame_score(step.goals, numbers)
        broken = zone.see(time_s, inside, pose, score)
        if time_s - zone.entered_s >= SETTLED_S:
            self._taken(zone)
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
        start, end = self._span(zone, left_s)
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

    # -- when exactly ------------------------------------------------------------------------

    def _progress_path(self, index: int) -> list[Point]:
        step = self.plan.steps[index]
        return self._past.path(lambda values: self._step_progress(step, values))

    def _taken(self, zone: Zone) -> float:
        """When the movement into the position came to rest; asked while that is remembered."""
        entered = zone.entered_s
        if zone.taken is None or zone.taken[0] != entered:
            taken = entered
            if not zone.completed:
                taken = came(self._progress_path(zone.step), entered)
            else:
                for goal in self.plan.steps[zone.step].goals:
                    taken = max(taken, self._goal_came(goal, entered))
            zone.taken = (entered, taken)
        return zone.taken[1]

    def _span(self, zone: Zone, left_s: float) -> tuple[float, float]:
        """When the position was taken and left; of the hold itself where it was completed."""
        end = left_s
        if not zone.completed:
            end = left(self._progress_path(zone.step), left_s)
        else:
            end = min(left_s, zone.best[1])
            for goal in self.plan.steps[zone.step].goals:
                end = min(end, self._goal_left(goal, zone.best[1]))
        start = min(self._taken(zone), left_s)
        return start, max(start, end)

    def _goal_path(self, goal: Goal, below: bool) -> list[Point]:
        """A target's value of late, turned so that it is out of its range when it falls."""
        sign = 1.0 if below else -1.0
        return self._past.path(lambda values: sign * self.read(goal, values))

    def _goal_came(self, goal: Goal, entered: float) -> float:
        """When the movement came to rest that met a target by ``entered``."""
        path = self._goal_path(goal, below=True)
        crossed, below = None, True
        for time, value in reversed(path):
            if time > entered:
                continue
            if not goal.met(value):
                below = value < goal.low
                break
            crossed = time
        else:
            return entered
        if crossed is None:
            return entered
        return came(self._goal_path(goal, below), crossed, goal.noise)

    def _goal_left(self, goal: Goal, until: float) -> float:
        """When the movement began that left a target after ``until``."""
        crossed = until
        for time, value in self._goal_path(goal, below=True):
            if time <= until:
                continue
            if not goal.met(value, goal.stay):
                return left(self._goal_path(goal, value < goal.low), crossed, goal.noise)
            crossed = time
        return until

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
            self._moved(step, values, BACK, BACK_NOISES, back=True)
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
            so_far = zone.accuracy(*self._span(zone, zone.last_in_s)) * held
            attempt.shares[zone.step] = max(attempt.shares[zone.step], so_far)
        required = [
            share for share, step in zip(attempt.shares, steps, strict=True) if not step.optional
        ]
        for watch in self.faults:
            if watch.told:
                self._end_fault(watch, min(watch.last, time_s), events)
        self._ended_s = time_s
        self._armed_s = time_s if not self.plan.ends_with_last_step else None
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
            if watch.ripe(attempt.start_s, until):
                assert watch.since is not None
                watch.told = True
                watch.start_s = max(watch.since, attempt.start_s)
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


def _pose_met(goals: tuple[Goal, ...], numbers: list[float], stay: bool) -> bool | None:
    """Whether all targets are met; None where one that must be seen is not."""
    verdict: bool | None = True
    for goal, value in zip(goals, numbers, strict=True):
        met = goal.met(value, goal.stay if stay else 0.0)
        if met is False:
            return False
        if met is None and not goal.tolerated:
            verdict = None
    return verdict


def _readers(plan: SidePlan) -> list[Reader]:
    """Every quantity whose value in the start pose may be asked for."""
    readers = {goal.reader for step in plan.steps for goal in step.drivers}
    readers |= {goal.reader for step in plan.steps for goal in step.goals if goal.reader.from_start}
    for rule in plan.faults:
        for clause in rule.clauses:
            readers |= {check.reader for check in clause if check.reader.from_start}
    return sorted(readers, key=str)
