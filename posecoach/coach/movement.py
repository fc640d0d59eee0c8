"""One side's way through an exercise: out of the start pose, through the steps, and back.

A pure state machine: one moment in, events out. It knows no other side, no words to choose
between, no clock. Which stages there are and what leads from one to another is a table
(``stages.SIDE``); what is done at each is told here, in the order in which a moment is taken in.

An *attempt* begins when the first step's driver has gone a good part of its way, and ends
when every driver is back near the start. It is a *repetition* where every step that is not
optional was held (or reached), and no fault occurred that spoils it. A *visit* is the stay in
a step's position.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan, nan

from posecoach.coach.attempt import CUT_OFF, Attempt
from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    Event,
    FaultBegan,
    FaultEnded,
    StartReached,
)
from posecoach.coach.faults import FaultOf, Faults, Way
from posecoach.coach.follower import FollowerState
from posecoach.coach.instant import Instant
from posecoach.coach.spell import BRIDGE_S, MAX_GAP_S, ROUNDING_S, Spell
from posecoach.coach.stages import SIDE, SideChange, SideStage, after
from posecoach.coach.start import BEGUN, DWELL_S, StartPose
from posecoach.coach.state import Cue, Phase
from posecoach.coach.times import Times
from posecoach.coach.visit import GRACE_S, Visit
from posecoach.coach.zero import BACK, OwnZero
from posecoach.plan.plan import SidePlan, StepPlan
from posecoach.plan.quantity import Values
from posecoach.plan.sides import Side
from posecoach.plan.target import Goal, frame_score, pose_met

BEGUN_NOISES = 1.5
BACK_NOISES = 0.75
"""A movement has begun only beyond its measure's typical error, for a body at rest is read as far
off as that; and it is back within it: half as much, so that the two do not alternate."""

HALF_BACK = 0.5
"""Nobody is back who is nearer to the target than to their rest, however far beyond they went."""

PATIENCE_S = 10.0
"""Back in the start pose for so long with steps left undone: the attempt is given up. From
the Cat's hold to the Cow's 4.7 s pass at most with ten people, so for twice that."""

NEARLY = 0.7
"""Part of the way from which on form is hinted at: before, the rest of the body is on its way, too,
and most of what is not right yet comes right by itself."""


class Movement:
    """Follows one side.

    Attributes:
        stage: where it is, see ``stages.SIDE``.
        attempt: what is done of the attempt under way, if one is.
        visit: the stay in a step's position, if it is in one.
    """

    def __init__(self, plan: SidePlan, repetitions: int) -> None:
        self.plan = plan
        self._wanted = repetitions
        self.stage = SideStage.AWAY
        self.attempt: Attempt | None = None
        self.visit: Visit | None = None
        self.zero = OwnZero(plan)
        self.faults = Faults(plan.faults)
        self._start = StartPose(plan, self.zero)
        self._times = Times(plan.steps, self.zero)
        self._ended_s = -inf
        self._heard_s = inf
        self._other_ended_s = -inf
        self._beyond = Spell()
        self._first_steps = list(enumerate(plan.steps[: None if plan.any_order else 1]))
        self._progress = [nan] * len(plan.steps)
        self._needed_by_step = [_needed(step.goals) for step in plan.steps]
        self._needed_at_start = _needed(plan.start)
        self._needed_ready = _needed(plan.start + plan.steps[0].drivers)

    # -- what others may ask ---------------------------------------------------------

    at_lowest = False
    """That is of circles."""

    @property
    def side(self) -> Side:
        """The side it follows."""
        return self.plan.side

    @property
    def under_way(self) -> bool:
        """Whether an attempt is under way."""
        return self.attempt is not None

    @property
    def in_start(self) -> bool:
        """Whether the start pose is held and no attempt is under way."""
        return self.stage is SideStage.READY

    @property
    def resting(self) -> bool:
        """Whether that is so, and no movement out of it has begun."""
        return self.in_start and not self.zero.moving

    @property
    def undecided(self) -> bool:
        """Whether a spell is on that decides something when it has lasted, or is over."""
        attempt, visit = self.attempt, self.visit
        if attempt is None:
            return self._beyond.ripens(DWELL_S)
        if attempt.back.ripens(DWELL_S) or any(each.undecided for each in self.faults.watches):
            return True
        return visit is not None and visit.undecided

    @property
    def left_zero(self) -> bool:
        """Whether the start pose is taken: the pose of the zero came before."""
        return self.in_start

    @property
    def mended(self) -> Sequence[FaultOf]:
        """Faults seen to be corrected in this frame, while the movement goes on."""
        return self.faults.mended

    def enough(self, repetitions: int) -> bool:
        """Whether so many repetitions fulfil what was prescribed."""
        return repetitions >= self._wanted

    @property
    def _current(self) -> StepPlan:
        """The step being done or to be done next."""
        return self.plan.steps[self.attempt.step if self.attempt else 0]

    def needed(self, *, ready: bool) -> Sequence[str]:
        """The measures that must be known now; ``ready``: those of the movement, too."""
        if self.attempt is not None:
            return self._needed_by_step[self.attempt.step]
        return self._needed_ready if ready else self._needed_at_start

    def cues(self, values: Values) -> list[Cue]:
        """What is wrong now: faults, then what is missing of the step being done."""
        told = self.faults.told if self.faults.on else ()
        cues = [each.cue(each.rule.clauses[0][0].reader.name) for each in told]
        if self.attempt is not None and self._phase() is not Phase.RETURNING:
            cues += self._hints(self.attempt.step, values)
        return cues

    def _hints(self, index: int, values: Values) -> list[Cue]:
        """What is missing of a step."""
        hints: list[Cue] = []
        nearly = self._progress[index] >= NEARLY  # not so where it is unknown
        start = self.zero.values
        for goal in self.plan.steps[index].goals:
            if not (goal.drives or nearly):
                continue
            value = goal.reader.read(values, start)
            if goal.low <= value <= goal.high or isnan(value) or goal.met(value, goal.stay):
                continue
            text = goal.cue_low if value < goal.low else goal.cue_high
            if text:
                hints.append(Cue(text, None, self.side, goal.reader.name, "hint"))
        return hints

    def shown(self, values: Values) -> FollowerState:
        """What there is to show now."""
        step, phase = self._current, self._phase()
        waiting = phase is Phase.WAITING
        hold = step.hold if step.is_hold else 0.0
        held = 0.0
        if self.visit is not None and hold:
            held = hold if self.visit.completed else self.visit.held_s
        return FollowerState(
            phase,
            step.id,
            self.plan.start_say if waiting else step.say,
            tuple(
                goal.state(self.zero.read(goal, values))
                for goal in (self.plan.start if waiting else step.goals)
            ),
            held,
            hold,
        )

    def _phase(self) -> Phase:
        if self.attempt is None:
            return Phase.READY if self.in_start else Phase.WAITING
        if self.visit is not None and self.visit.posed and not self.visit.completed:
            return Phase.HOLDING
        return Phase.RETURNING if self.attempt.complete else Phase.MOVING

    # -- time goes on ------------------------------------------------------------------

    def update(self, now: Instant, busy: bool = False) -> list[Event]:
        """Take in one moment.

        Args:
            busy: whether the other side is being worked, so that nothing seen now is rest.
        """
        time_s, values = now.time_s, now.values
        gap_s, self._heard_s = time_s - self._heard_s, time_s
        events = self._bridge(gap_s) if gap_s > MAX_GAP_S else []
        self._times.recent.add(time_s, values)
        for index, step in enumerate(self.plan.steps):
            self._progress[index] = self.zero.progress(step, values)
        if self.attempt is None:
            events += self._follow_start(now, busy)
        self.faults.see(now, self.zero.values)
        if self.attempt is None:
            events += self._begin_if_moved(now, busy)
        if self.visit is not None:
            events += self._stay(self.visit, now)
        if self.attempt is not None:
            events += self._enter(self.attempt, now)
            if self.faults.on or self.faults.fresh:  # what was told just now may be over
                events += self._judge_faults(self.attempt, time_s)
            events += self._end_if_back(self.attempt, now)
        return events

    def _bridge(self, gap_s: float) -> list[Event]:
        """Take note of a time in which no picture came, or none that showed anything new.

        A position lasts through it where it is the same after it (``spell.BRIDGE_S``); a longer
        gap ends the hold. In the middle of a movement it neither ends an attempt nor keeps one
        from beginning.
        """
        if gap_s <= BRIDGE_S:
            self._start.bridge(gap_s)
            return []
        return (
            [] if self.visit is None else self._close_visit(self.visit, self.visit.last_in_s, gap_s)
        )

    def zero_taken(self) -> None:
        """Counted from how they were read before, a body at rest has moved: that is no attempt."""
        self.zero.doubt()

    def other_ended(self, time_s: float) -> None:
        """The other side's attempt ended then: one of this side began no earlier."""
        self._other_ended_s = time_s

    def finish(self, time_s: float) -> list[Event]:
        """The source has ended: close what is open."""
        events: list[Event] = []
        where = "before the return" if self.visit is None else "in the hold"
        attempt = self.attempt
        if self.visit is not None:
            back = attempt is not None and attempt.back.since is not None
            events += self._close_visit(self.visit, self.visit.last_in_s, seen=back)
        if attempt is not None and attempt.back.since is not None:
            # Cut right after the return, as recordings are: nothing will gainsay it any more.
            events += self._end_attempt(attempt, attempt.back.since)
        elif attempt is not None:
            events += self._end_attempt(attempt, time_s, f"{CUT_OFF} {where}")
        return events

    def _go(self, happening: SideChange) -> None:
        self.stage = after(SIDE, self.stage, happening)

    # -- the start pose, and out of it ---------------------------------------------------

    def _follow_start(self, now: Instant, busy: bool) -> list[Event]:
        happening = self._start.update(now, self._progress, self.stage, busy)
        if happening is None:
            return []
        self._go(happening)
        return [StartReached(now.time_s, self.side)] if self.in_start else []

    def _begin_if_moved(self, now: Instant, busy: bool) -> list[Event]:
        if not now.allowed or self.stage is SideStage.AWAY:
            self._beyond.end()
            return []
        first, moved = self._first_moved(now.values)
        self._beyond.see(now.time_s, moved)
        since = self._beyond.since
        if since is None:
            # What the other side is at is not this one's fault.
            in_doubt = busy or self.zero.in_doubt
            return [] if in_doubt else self._begin_if_faulty(now.time_s)
        if self.zero.in_doubt or not (moved and self._beyond.lasted(DWELL_S)):
            return []
        # Nobody sets out before they are in the start pose: what seems to move while they take it
        # (a neck reads tilted while the chin sinks) is not the movement.
        moved_s = max(
            self._times.set_out(first, since, seen=False), self._ended_s, self._start.taken_s
        )
        if self.stage is not SideStage.READY and self._other_ended_s > self._ended_s:
            # Straight from the other side, without a rest between: the sweep is part of it.
            moved_s = min(moved_s, self._other_ended_s)
        return self._begin(now.time_s, moved_s, first)

    def _first_moved(self, values: Values) -> tuple[int, bool | None]:
        """The step that is moved for, of those that may come first, and whether one surely is."""
        verdict: bool | None = False
        for index, step in self._first_steps:
            moved = self.zero.moved(step, values, BEGUN, BEGUN_NOISES)
            if moved:
                return index, True
            verdict = None if moved is None else verdict
        return 0, verdict

    def _begin_if_faulty(self, time_s: float) -> list[Event]:
        """Begin with a fault that is made in place of the movement."""
        armed_s = self._start.armed_s
        for watch in self.faults.on:
            since = watch.since
            # Begun anew: what only went on after the last attempt is no other one.
            if since is None or since <= self._ended_s:
                continue
            # From the start pose of this side, not from that of the other, nor from before.
            if armed_s is None or since - armed_s > GRACE_S or since < self._start.taken_s:
                continue
            if watch.rule.instead and watch.ripe(since):
                return self._begin(time_s, since)
        return []

    def _begin(self, now_s: float, moved_s: float, first: int = 0) -> list[Event]:
        start_s = max(moved_s, self._other_ended_s)
        self._go(SideChange.BEGUN)
        armed_s = self._start.armed_s
        left_s = moved_s if armed_s is None else min(armed_s, moved_s)
        order = self.plan.any_order
        self.attempt = Attempt(self.plan.steps, start_s, moved_s, left_s, first, any_order=order)
        self._beyond.end()
        self._start.leave()
        began = AttemptBegan(start_s, self.side)
        return [began, *self.faults.look_back(now_s, self._current.id, _way(self.attempt))]

    # -- in and out of positions ---------------------------------------------------------

    def _stay(self, visit: Visit, now: Instant) -> list[Event]:
        """Follow the stay in a position, which may be over."""
        inside = self._drivers_met(visit.step, now.values, stay=True)
        events = self._see(visit, now, inside)
        if visit.inside.since is None:
            # Whoever was lost from sight may have stayed for the time, wherever they are seen next.
            seen = visit.inside.refuted and now.time_s - visit.last_in_s <= MAX_GAP_S + GRACE_S
            events += self._close_visit(visit, visit.last_in_s, seen=seen)
        return events

    def _enter(self, attempt: Attempt, now: Instant) -> list[Event]:
        """Open a visit where another step's position is taken."""
        visit = self.visit
        if visit is not None and not visit.completed:
            return []
        for index in attempt.to_visit:
            step = self.plan.steps[index]
            if attempt.done[index].held or (visit is not None and index == visit.index):
                continue
            if not self._drivers_met(step, now.values, stay=False):
                continue
            events = [] if visit is None else self._lead_on(index, visit, now.time_s)
            attempt.enter(index)
            self.visit = Visit(step, self.side, index, now.time_s)
            return events + self._see(self.visit, now, True)
        return []

    def _lead_on(self, index: int, visit: Visit, time_s: float) -> list[Event]:
        """Close a visit because that to another step begins.

        Where its own movement is still there (who goes on lying stretches the arms out), it
        was left when the other movement began.
        """
        left_s = visit.last_in_s
        if left_s == time_s:
            other_s = self._times.set_out(index, time_s, seen=True)
            left_s = max(min(left_s, other_s), visit.opened_s)
        return self._close_visit(visit, left_s)

    def _see(self, visit: Visit, now: Instant, inside: bool | None) -> list[Event]:
        goals, time_s = visit.step.goals, now.time_s
        values, start = now.values, self.zero.values
        numbers = [goal.reader.read(values, start) for goal in goals]
        was_posed = visit.posed
        posed = pose_met(goals, numbers, stay=was_posed, spreads=now.spreads)
        visit.spreads = now.spreads
        events = visit.see(time_s, inside, posed, frame_score(goals, numbers))
        self._times.settle(visit, time_s, at_once=self.attempt is None)
        # What is only to be reached is done when it was; who holds must not be leaving already.
        if visit.ripe and not (visit.step.is_hold and self._times.leaving(visit, time_s)):
            events += self._complete(visit, time_s)
        elif was_posed and not visit.posed:
            late = self._complete_late(visit, visit.best.end_s)
            events = late or events  # what was long enough was not broken
        return events

    def _complete(self, visit: Visit, time_s: float) -> list[Event]:
        if self.attempt is not None:
            self.attempt.hold(visit.index, time_s)
        return visit.complete(time_s)

    def _complete_late(self, visit: Visit, left_s: float) -> list[Event]:
        """Complete a hold of which it was unsure at its end whether the way out had begun."""
        wanted_s = visit.step.hold - ROUNDING_S
        if visit.completed or visit.best.held_s < wanted_s:
            return []
        span = self._times.span(visit, left_s)
        if visit.held_within(span.start_s, span.end_s) < wanted_s:
            return []
        return self._complete(visit, span.end_s)

    def _close_visit(
        self, visit: Visit, left_s: float, lost_s: float = 0.0, *, seen: bool = True
    ) -> list[Event]:
        """End the stay in a position.

        Args:
            left_s: when the movement was last in it.
            lost_s: how long no new picture came, if that ended it.
            seen: whether it was seen to be left.
        """
        self.visit = None
        events = self._complete_late(visit, left_s)
        span = self._times.span(visit, left_s)
        accuracy = visit.scores.mean(span.start_s, span.end_s)
        if self.attempt is not None and self.attempt.start_s <= visit.opened_s:
            held_s = visit.held_within(span.start_s, span.end_s)
            self.attempt.credit(visit.index, visit.share(held_s, accuracy))
            self.attempt.done[visit.index].lost |= not seen or lost_s > 0
            if visit.tried and not visit.completed and self._short(visit, left_s):
                self.attempt.left_early[visit.index] = span.end_s
        known_s = max(min(left_s, span.end_s), visit.opened_s)
        return events + visit.close(known_s, span.start_s, span.end_s, accuracy, lost_s)

    def _short(self, visit: Visit, left_s: float) -> bool:
        """Whether a position was left before its time; what else was wrong in it is no haste."""
        return self._times.stay(visit, left_s) < visit.step.hold

    def _left_early(self, attempt: Attempt, time_s: float) -> list[Event]:
        """Tell of each hold that was seen left before its time and not taken up again."""
        events: list[Event] = []
        for index, left_s in attempt.left_early.items():
            early = self.plan.steps[index].early
            done = attempt.done[index]
            if early is not None and not (done.held or done.lost):
                events.append(FaultBegan(time_s, early.id, self.side, left_s))
                events.append(FaultEnded(time_s, early.id, self.side, left_s, left_s, early.cue))
        return events

    def _drivers_met(self, step: StepPlan, values: Values, *, stay: bool) -> bool | None:
        verdict: bool | None = True
        start = self.zero.values
        for goal in step.drivers:
            met = goal.met(goal.reader.read(values, start), goal.stay if stay else 0.0)
            if met is False:
                return False
            if met is None:
                verdict = None
        return verdict

    # -- faults ------------------------------------------------------------------------

    def _judge_faults(self, attempt: Attempt, time_s: float) -> list[Event]:
        # Whoever is back is no longer at it, though it takes a moment to be sure of that.
        events = self.faults.judge(
            time_s,
            step=self._current.id,
            way=_way(attempt),
            until_s=inf if attempt.back.since is None else attempt.back.since,
        )
        for watch in self.faults.fresh:
            # What is done is done: on the way back a fault is told, but spoils nothing.
            if watch.rule.spoils and watch.start_s < attempt.complete_s:
                attempt.spoiled_by = attempt.spoiled_by or watch.text
        return events

    # -- the end of an attempt -----------------------------------------------------------

    def _is_back(self, attempt: Attempt, values: Values) -> bool | None:
        """Whether every step's movement is back near rest; an untouched option is left out.

        Whoever has gone all the way back to the setup pose is back, whatever the movement's
        own measure, now seen from another pose, makes of it.
        """
        setup = self.plan.setup
        if setup and self._all_met(setup, values):
            return True
        verdict: bool | None = None
        for step, done in zip(self.plan.steps, attempt.done, strict=True):
            if step.optional and not done.visited:
                continue
            moved = self.zero.moved(step, values, BACK, BACK_NOISES, back=True)
            if moved:
                return False
            if moved is False:
                verdict = True
        return False if any(watch.rule.instead for watch in self.faults.told) else verdict

    def _all_met(self, goals: Sequence[Goal], values: Values) -> bool:
        start = self.zero.values
        for goal in goals:  # noqa: SIM110 - asked of each frame, and twice as quick
            if not goal.met(goal.reader.read(values, start)):
                return False
        return True

    def _end_if_back(self, attempt: Attempt, now: Instant) -> list[Event]:
        time_s = now.time_s
        if self.plan.ends_with_last_step and attempt.done[-1].held:
            return self._end_attempt(attempt, time_s)
        back = self._is_back(attempt, now.values)
        attempt.back.see(time_s, back)
        if not back:
            return self._begin_anew(attempt, now)
        since = attempt.back.since
        if since is None or not attempt.back.lasted(DWELL_S):
            return []
        waited = time_s - since > PATIENCE_S
        if self.plan.ends_with_last_step and self._progress[-1] >= BACK and not waited:
            return []  # on the way to the last position, though that may be left out
        if attempt.complete or not attempt.some_left or waited:
            return self._end_attempt(attempt, since)
        self._go(SideChange.BACK_BETWEEN)
        return []

    def _begin_anew(self, attempt: Attempt, now: Instant) -> list[Event]:
        """Going for a position that was held already ends this attempt and begins the next.

        Passing the next position is coming back from the last: nobody has to rest in between.
        """
        attempt.go(self._progress)
        again: list[int] = []
        for index, done in enumerate(attempt.done):
            if not (done.held if self.stage is SideStage.TRYING else done.visited):
                continue
            if self._has_left(attempt, index, now.values):
                attempt.left.setdefault(index, self._progress[index])
            elif index in attempt.left and self._progress[index] >= BEGUN + attempt.left[index]:
                again.append(index)
        visit = self.visit
        staying = visit is not None and (not visit.completed or visit.index in again)
        attempt.anew.see(now.time_s, bool(again) and not staying)
        if not again or staying or not attempt.anew.lasted(DWELL_S):
            return []
        first = again[0]
        set_out_s = self._times.set_out(first, now.time_s, seen=True)
        reason = "" if attempt.complete else "a step was left out"
        events = self._end_attempt(attempt, max(set_out_s, attempt.start_s), reason)
        if self.plan.any_order or first == 0:
            events += self._begin(now.time_s, max(set_out_s, self._ended_s), first)
        return events

    def _has_left(self, attempt: Attempt, index: int, values: Values) -> bool:
        """Whether a step's movement has gone back near rest, or most of the way it had gone.

        Who went far beyond the target may read a little off their rest when they are back at it.
        """
        way = self._progress[index]
        if way <= min(BACK * attempt.farthest[index], HALF_BACK):
            return True
        step = self.plan.steps[index]
        return self.zero.moved(step, values, BACK, BACK_NOISES, back=True) is False

    def _end_attempt(self, attempt: Attempt, time_s: float, reason: str = "") -> list[Event]:
        """End it; ``reason``: why it cannot count, whatever was done."""
        events: list[Event] = []
        stays = self.plan.ends_with_last_step
        if self.visit is not None and stays:
            # The exercise ends here, though the person stays on: what they did so far counts.
            visit = self.visit
            visit.look_back()
            span = self._times.span(visit, visit.last_in_s)
            so_far = visit.scores.mean(span.start_s, span.end_s)
            held_s = visit.held_within(span.start_s, span.end_s)
            attempt.credit(visit.index, visit.share(held_s, so_far))
        elif self.visit is not None:
            events += self._close_visit(self.visit, self.visit.last_in_s)
        events += self.faults.close(time_s) + self._left_early(attempt, time_s)
        self.attempt = None
        self._ended_s = time_s
        self._start.armed_s = None if stays else time_s
        self._go(SideChange.ENDED_THERE if stays else SideChange.ENDED)
        reason = reason or attempt.shortfall()
        accuracy, start_s = attempt.accuracy, attempt.start_s
        ended = AttemptEnded(time_s, self.side, start_s, time_s, not reason, accuracy, reason)
        return [*events, ended]


def _way(attempt: Attempt) -> Way:
    return Way(attempt.left_s, attempt.moved_s)


def _needed(goals: tuple[Goal, ...]) -> list[str]:
    """The measures without which a pose cannot be judged."""
    return [name for goal in goals if not goal.tolerated for name in goal.reader.names]
