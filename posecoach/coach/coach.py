"""The coach: angles in, state and events out.

``Coach.update(time_s, values, view)`` is called once a frame with capture times; it does no
I/O, reads no clock and remembers only this exercise. The same calls give the same results,
which is what lets a recorded session be scored again exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

from posecoach.body.view import UNKNOWN, View
from posecoach.coach.circles import CircleFollower
from posecoach.coach.cues import CuePlanner
from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    CircleDone,
    Completed,
    Event,
    Praised,
)
from posecoach.coach.faults import FaultOf
from posecoach.coach.follower import Follower
from posecoach.coach.instant import Instant
from posecoach.coach.movement import Movement
from posecoach.coach.rest import OwnRest
from posecoach.coach.state import CoachState, Phase
from posecoach.coach.unseen import UnseenWatch
from posecoach.observe.spread import EXACT, Spreads
from posecoach.plan.plan import Plan
from posecoach.plan.quantity import Values
from posecoach.plan.sides import fill

LARGEST = 3600.0
"""No angle of a body is larger; such a number is a slip of whoever measured, so it is unknown."""

WRONG_POSTURE_S = 0.7
"""A posture other than the exercise's must be seen this long to close the way to attempts: ten
frames at 15 a second, for on the way into a stretch a body is between two postures."""


def followers_of(plan: Plan) -> Sequence[Follower]:
    """Who follows a plan: its circles, or each side of its movements."""
    if plan.circles:
        return [CircleFollower(plan)]
    return [Movement(side, plan.repetitions) for side in plan.sides]


class Coach:
    """Coaches one exercise.

    Attributes:
        at_neutral: whether the person now rests in the pose that is their own zero, see ``rest``.
            Who is first seen in the start pose (at the wall with the arm up) rests there.
        passing_neutral: whether they only pass through it, between two circles.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.repetitions: dict[str, int] = {"left": 0, "right": 0, "both": 0}
        self.attempts: dict[str, int] = {"left": 0, "right": 0, "both": 0}
        self._followers = followers_of(plan)
        self._with_others = [
            (each, [other for other in self._followers if other is not each])
            for each in self._followers
        ]
        self._active = self._followers[0]
        self._rest = OwnRest(plan.sides[0])
        self._cues = CuePlanner()
        exercise = plan.exercise
        self._views, self._postures = frozenset(exercise.view), frozenset(exercise.posture)
        self._lies = exercise.feet_first
        zero_say = exercise.setup.say if exercise.setup else ""
        self._zero_says = {each.side: fill(zero_say, each.side) for each in self._followers}
        self._unseen = UnseenWatch(exercise.camera)
        self._angles = {name: nan for name in plan.measures if name.startswith("angle(")}
        self._posture_s: float | None = None
        self._done = False
        self._time_s: float | None = None
        self.at_neutral = self.passing_neutral = False

    @property
    def done(self) -> bool:
        """Whether the prescription is fulfilled."""
        return self._done

    def update(
        self, time_s: float, values: Values, view: View = UNKNOWN, spreads: Spreads = EXACT
    ) -> tuple[CoachState, list[Event]]:
        """Take in one frame.

        Args:
            time_s: capture time in seconds. A frame that is not later than the one before,
                or has no time, tells nothing new and changes nothing.
            values: degrees by full measure name; NaN, absurd or missing where unknown. Empty
                where nobody is seen.
            view: how the camera sees the body.
            spreads: how far each value may be off; what is not in it is exact.
        """
        values = {name: v if abs(v) <= LARGEST else nan for name, v in values.items()}
        events = self.advance(time_s, values, view, spreads)
        return self.state(values), events

    def advance(
        self, time_s: float, values: Values, view: View = UNKNOWN, spreads: Spreads = EXACT
    ) -> list[Event]:
        """Take in one frame that nobody looks at: ``update`` without the state.

        Args:
            values: as for ``update``, but none is absurd. They are remembered for some seconds,
                so they must not be changed.
        """
        if not isfinite(time_s) or (self._time_s is not None and time_s <= self._time_s):
            return []
        self._time_s = time_s
        wrongly_placed = self._wrongly_placed(view)
        if self._angles and wrongly_placed:
            # An angle in the picture means something only from where it was thought of.
            values = {**values, **self._angles}
        now = Instant(time_s, values, self._allowed(time_s, view), spreads, view)
        events = self._follow(now)
        at_work = [each for each in self._followers if each.under_way]
        if len(self._followers) > 1:
            self._choose_side(at_work)
        tried = any(self.attempts.values())
        self.at_neutral = self._rest.update(now, self._followers, tried, moving=bool(at_work))
        self.passing_neutral = self._rest.passing
        if self._rest.taken:
            for follower in self._followers:
                follower.zero_taken()
        events += self._watch_sight(now, wrongly_placed, moving=bool(at_work))
        wanted = self._active.cues(values)
        if wanted or self._cues.waits:
            events += self._cues.update(time_s, wanted, self._mended())
        if events and not self._done and self._fulfilled():
            self._done = True
            events.append(Completed(time_s))
        return events

    def other_side(self) -> None:
        """Ask for the other side next; one that is under way is finished first."""
        if not self._active.under_way:
            at = self._followers.index(self._active)
            self._active = self._followers[(at + 1) % len(self._followers)]

    def finish(self) -> list[Event]:
        """The source has ended: close what is open and return what that brings."""
        time_s = self._time_s if self._time_s is not None else 0.0
        events: list[Event] = []
        for follower in self._followers:
            events += follower.finish(time_s)
        return events + self._count(events)

    # -- following and counting ----------------------------------------------------------

    def _follow(self, now: Instant) -> list[Event]:
        events: list[Event] = []
        for follower, others in self._with_others:
            happened = follower.update(now, _any_under_way(others) if others else False)
            for event in happened:
                if isinstance(event, AttemptEnded):
                    for other in others:
                        other.other_ended(event.end_s)
            events += happened
        return events + self._count(events) if events else events

    def _count(self, events: Sequence[Event]) -> list[Event]:
        """Count what happened; return the praise that is due for it."""
        praise: list[Event] = []
        for event in events:
            match event:
                case AttemptBegan():
                    self.attempts[event.side] += 1
                case AttemptEnded(completed=True):
                    self.repetitions[event.side] += 1
                    praise.append(Praised(event.time_s, "Good"))
                case CircleDone():
                    self.attempts["both"] += 1
                    self.repetitions["both"] += event.counted
                case _:
                    pass
        return praise

    def _mended(self) -> list[FaultOf]:
        mended: list[FaultOf] = []
        for follower in self._followers:
            mended += follower.mended
        return mended

    def _fulfilled(self) -> bool:
        return all(map(self._enough, self._followers))

    def _enough(self, follower: Follower) -> bool:
        return follower.enough(self.repetitions[follower.side])

    # -- which side, which posture -----------------------------------------------------

    def _wrongly_placed(self, view: View) -> bool:
        """Whether the camera is where this exercise cannot be judged."""
        return view.facing != "unknown" and view.facing not in self._views

    def _allowed(self, time_s: float, view: View) -> bool:
        """Whether the body is in this exercise's posture, or was a moment ago."""
        posture = view.posture
        if posture in self._postures or posture == "unknown" or (self._lies and view.may_lie):
            self._posture_s = None
            return True
        if self._posture_s is None:
            self._posture_s = time_s
        return time_s - self._posture_s < WRONG_POSTURE_S

    def _choose_side(self, at_work: Sequence[Follower]) -> None:
        """Stay with an attempt under way; else take the side that looks like starting."""
        before = self._active
        self._active = self._chosen(at_work)
        if self._active is not before:
            self._unseen.forget()

    def _chosen(self, at_work: Sequence[Follower]) -> Follower:
        active, followers = self._active, self._followers
        if active in at_work:
            return active
        if at_work:
            return at_work[0]
        starting = [each for each in followers if each.in_start]
        if starting and active not in starting:
            return starting[0]
        if len(starting) != 1 and self._enough(active):
            return next((each for each in starting or followers if not self._enough(each)), active)
        return active

    # -- what cannot be seen, what to say, what is shown -----------------------------------

    def _watch_sight(self, now: Instant, wrongly_placed: bool, *, moving: bool) -> list[Event]:
        active = self._active
        # Who stands ready moves next: what tells that must be seen by then. Where the camera
        # never sees it, nobody needs to be ready to be told.
        needed = active.needed(ready=active.in_start or wrongly_placed)
        zero_say = "" if self._rest.posed else self._zero_says[active.side]
        return self._unseen.update(now.time_s, now.values, needed, moving, zero_say)

    def state(self, values: Values) -> CoachState:
        """What there is to know now, for whoever shows it.

        Args:
            values: those of the last moment.
        """
        shown = self._active.shown(values)
        phase = shown.phase
        if self._done:
            phase = Phase.DONE
        elif self._unseen.text:
            phase = Phase.UNSEEN
        return CoachState(
            time_s=0.0 if self._time_s is None else self._time_s,
            phase=phase,
            side=self._active.side,
            step=shown.step,
            say=shown.say,
            targets=shown.targets,
            held_s=shown.held_s,
            hold_s=shown.hold_s,
            repetitions=dict(self.repetitions),
            attempts=dict(self.attempts),
            prescribed=self.plan.prescribed,
            cue=self._cues.current,
            unseen=self._unseen.text,
            undecided=any(follower.undecided for follower in self._followers),
        )


def _any_under_way(followers: Sequence[Follower]) -> bool:
    for follower in followers:  # noqa: SIM110 - asked twice a frame, and twice as quick
        if follower.under_way:
            return True
    return False
