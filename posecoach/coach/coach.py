"""The coach: angles in, state and events out.

``Coach.update(time_s, values, view)`` is called once a frame with capture times; it does no
I/O, reads no clock and remembers only this exercise. The same calls give the same results,
which is what lets a recorded session be scored again exactly.
"""

from __future__ import annotations

from math import isfinite, isnan, nan

from posecoach.body.view import UNKNOWN, View
from posecoach.coach.circles import CircleCoach
from posecoach.coach.cues import CuePlanner
from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    Completed,
    Event,
    Praised,
)
from posecoach.coach.movement import Movement
from posecoach.coach.sight import Sight
from posecoach.coach.state import CoachState, Cue, Phase
from posecoach.plan.match import TargetState
from posecoach.plan.plan import Plan
from posecoach.plan.quantity import Values
from posecoach.plan.sides import Side
from posecoach.plan.target import Goal

LARGEST = 3600.0
"""No angle of a body is larger; such a number is a slip of whoever measured, so it is unknown."""

WRONG_POSTURE_S = 0.7
"""A posture other than the exercise's must be seen this long to close the way to attempts."""


class Coach:
    """Coaches one exercise."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.repetitions: dict[str, int] = {"left": 0, "right": 0, "both": 0}
        self.attempts: dict[str, int] = {"left": 0, "right": 0, "both": 0}
        self._movements = [Movement(side) for side in plan.sides if side.steps]
        self._circles = CircleCoach(plan) if plan.circles else None
        self._cues = CuePlanner()
        self._active = 0
        self._sight = Sight(plan.exercise.camera)
        self._angles = {name: nan for name in plan.measures if name.startswith("angle(")}
        self._posture_s: float | None = None
        self._done = False
        self._time_s: float | None = None
        self._at_neutral = False

    @property
    def prescribed(self) -> dict[str, int]:
        """Repetitions wanted, by side."""
        return self.plan.prescribed

    @property
    def done(self) -> bool:
        """Whether the prescription is fulfilled."""
        return self._done

    @property
    def at_neutral(self) -> bool:
        """Whether the person now rests in the pose that is their own zero.

        That is the exercise's setup pose until the start pose is taken, or without one the
        start pose until the first attempt: later both are only passed through.
        """
        return self._at_neutral

    def update(
        self, time_s: float, values: Values, view: View = UNKNOWN
    ) -> tuple[CoachState, list[Event]]:
        """Take in one frame.

        Args:
            time_s: capture time in seconds. A frame that is not later than the one before,
                or has no time, tells nothing new and changes nothing.
            values: degrees by full measure name; NaN, absurd or missing where unknown. Empty
                where nobody is seen.
            view: how the camera sees the body.
        """
        values = {name: v if abs(v) <= LARGEST else nan for name, v in values.items()}
        events = self.advance(time_s, values, view)
        return self._state(0.0 if self._time_s is None else self._time_s, values), events

    def advance(self, time_s: float, values: Values, view: View = UNKNOWN) -> list[Event]:
        """Take in one frame that nobody looks at: ``update`` without the state.

        Args:
            values: as for ``update``, but none is absurd. They are remembered for some seconds,
                so they must not be changed.
        """
        if not isfinite(time_s) or (self._time_s is not None and time_s <= self._time_s):
            return []
        self._time_s = time_s
        if self._angles and self._wrongly_placed(view):
            # An angle in the picture means something only from where it was thought of.
            values = {**values, **self._angles}
        allowed = self._allowed(time_s, view)
        events: list[Event] = []
        for movement in self._movements:
            busy = any(m.attempt is not None for m in self._movements if m is not movement)
            happened = movement.update(time_s, values, allowed, busy)
            for event in happened:
                if isinstance(event, AttemptEnded):
                    for other in self._movements:
                        if other is not movement:
                            other.after(event.end_s)
            events += happened
        if self._circles is not None:
            events += self._circles.update(time_s, values, allowed)
        self._count(events)
        before = self._active
        self._choose_side()
        if self._active != before:
            self._sight.forget()
        self._at_neutral = allowed and self._is_neutral(values)
        moving = any(movement.attempt is not None for movement in self._movements)
        events += self._sight.update(time_s, values, self._needed(view), moving)
        mended = [fault for movement in self._movements for fault in movement.mended]
        if self._circles is not None:
            mended += self._circles.mended
        events += self._cues.update(time_s, self._wanted_cues(values), mended)
        if not self._done and self._fulfilled():
            self._done = True
            events.append(Completed(time_s))
        return events

    def other_side(self) -> None:
        """Ask for the other side next; one that is under way is finished first."""
        movements = self._movements
        if len(movements) > 1 and movements[self._active].attempt is None:
            self._active = (self._active + 1) % len(movements)

    def finish(self) -> list[Event]:
        """The source has ended: close what is open and return what that brings."""
        time_s = self._time_s if self._time_s is not None else 0.0
        events: list[Event] = []
        for movement in self._movements:
            events += movement.finish(time_s)
        if self._circles is not None:
            events += self._circles.finish(time_s)
        self._count(events)
        return events

    def _wrongly_placed(self, view: View) -> bool:
        """Whether the camera is where this exercise cannot be judged."""
        return view.facing not in ("unknown", *self.plan.exercise.view)

    # -- which side, which posture -----------------------------------------------------

    def _allowed(self, time_s: float, view: View) -> bool:
        postures = self.plan.exercise.posture
        if view.posture == "unknown" or view.posture in postures:
            self._posture_s = None
            return True
        if self._posture_s is None:
            self._posture_s = time_s
        return time_s - self._posture_s < WRONG_POSTURE_S

    def _is_neutral(self, values: Values) -> bool:
        if any(self.attempts.values()) or any(m.attempt is not None for m in self._movements):
            return False
        first = self.plan.sides[0]
        if self._circles is not None:
            resting = first.setup or first.start
            return self._circles.at_rest and _all_met(resting, values)
        if first.setup:
            started = any(movement.in_start for movement in self._movements)
            return not started and _all_met(first.setup, values)
        starting = [movement for movement in self._movements if movement.in_start]
        return bool(starting) and all(movement.resting for movement in starting)

    def _choose_side(self) -> None:
        """Stay with an attempt under way; else take the side that looks like starting."""
        if not self._movements or self._movements[self._active].attempt is not None:
            return
        for index, movement in enumerate(self._movements):
            if movement.attempt is not None:
                self._active = index
                return
        starting = [i for i, movement in enumerate(self._movements) if movement.in_start]
        if starting and self._active not in starting:
            self._active = starting[0]
        elif len(starting) != 1:
            wanted = [i for i in starting or range(len(self._movements)) if not self._enough(i)]
            if wanted and self._enough(self._active):
                self._active = wanted[0]

    def _enough(self, index: int) -> bool:
        side = self._movements[index].plan.side
        return self.repetitions[side] >= self.plan.repetitions

    # -- counting ------------------------------------------------------------------------

    def _count(self, events: list[Event]) -> None:
        for event in list(events):
            if isinstance(event, AttemptBegan):
                self.attempts[event.side] += 1
            elif isinstance(event, AttemptEnded) and event.completed:
                self.repetitions[event.side] += 1
                events.append(Praised(event.time_s, "Good"))
        if self._circles is not None:
            self.repetitions["both"] = self._circles.counted
            self.attempts["both"] = self._circles.tried

    def _fulfilled(self) -> bool:
        if self._circles is not None:
            return self._circles.done
        return all(self._enough(index) for index in range(len(self._movements)))

    # -- what cannot be seen ---------------------------------------------------------------

    def _needed(self, view: View) -> list[str]:
        """The measures that must be known now."""
        if self._circles is not None:
            return list(self._circles.needed)
        if not self._movements:
            return []
        movement = self._movements[self._active]
        if movement.attempt:
            goals = movement.current.goals
        else:
            # Who stands ready moves next: what tells that must be seen by then. Where the camera
            # never sees it, nobody needs to be ready to be told.
            ready = movement.in_start or self._wrongly_placed(view)
            goals = movement.plan.start
            goals += movement.current.drivers if ready else ()
        return [name for goal in goals if not goal.tolerated for name in goal.reader.names]

    # -- what to say ------------------------------------------------------------------------

    def _wanted_cues(self, values: Values) -> list[Cue]:
        cues: list[Cue] = []
        if self._circles is not None:
            return self._circles.cues()
        if not self._movements:
            return cues
        movement = self._movements[self._active]
        for watch in movement.faults:
            if watch.told:
                rule = watch.rule
                measure = rule.clauses[0][0].reader.name
                cues.append(Cue(watch.text, rule.id, rule.side, measure, rule.severity))
        if movement.attempt is None or movement.phase() is Phase.RETURNING:
            return cues
        for goal in movement.current.goals:
            value = movement.read(goal, values)
            if isnan(value) or goal.met(value, goal.stay):
                continue
            if not goal.drives and movement.reach < 0.7:
                continue
            text = goal.cue_low if value < goal.low else goal.cue_high
            if text:
                cues.append(Cue(text, None, movement.plan.side, goal.reader.name, "hint"))
        return cues

    # -- what is shown ------------------------------------------------------------------------

    def _state(self, time_s: float, values: Values) -> CoachState:
        targets: tuple[TargetState, ...] = ()
        side: Side | None = None
        held = hold = 0.0
        if self._circles is not None:
            phase, step, say, held, hold = self._circles.shown()
            side = "both"
        else:
            movement = self._movements[self._active]
            current = movement.current
            phase = movement.phase()
            side = movement.plan.side
            step = current.id
            say = current.say if phase is not Phase.WAITING else movement.plan.start_say
            goals = movement.plan.start if phase is Phase.WAITING else current.goals
            targets = tuple(goal.state(movement.read(goal, values)) for goal in goals)
            hold = current.hold if current.is_hold else 0.0
            zone = movement.zone
            if zone is not None and hold:
                held = hold if zone.completed else zone.held_s()
        if self._done:
            phase = Phase.DONE
        elif self._sight.text:
            phase = Phase.UNSEEN
        return CoachState(
            time_s=time_s,
            phase=phase,
            side=side,
            step=step,
            say=say,
            targets=targets,
            held_s=held,
            hold_s=hold,
            repetitions=dict(self.repetitions),
            attempts=dict(self.attempts),
            prescribed=self.prescribed,
            cue=self._cues.current,
            unseen=self._sight.text,
        )


def _all_met(goals: tuple[Goal, ...], values: Values) -> bool:
    """Whether all targets are met; one that is unknown counts as met only if tolerated."""
    verdicts = ((goal, goal.met(goal.reader.raw(values))) for goal in goals)
    return all(goal.tolerated if met is None else met for goal, met in verdicts)
