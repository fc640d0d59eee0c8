"""The one program: what is observed goes to the coach, and what happens into the result.

A live camera, a file, a stream of poses and a kept session all run through here, one moment after
the other. Who measured what is observed, now or then, is no matter of it.
"""

from __future__ import annotations

from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.observe.given import Given
from posecoach.plan.plan import Plan
from posecoach.plan.scaled import scaled_targets
from posecoach.session.between import between
from posecoach.session.result import Result


class Engine:
    """Coaches one exercise, moment by moment.

    Args:
        plan: the exercise, settled for a person.
        source_name: for the result.

    Attributes:
        coach: what it knows now.
        result: what it came to until now.
        resting: whether the moment just taken is one of the person's own zero.
        passing: whether it is only passed through, see ``Zero.rest``.
    """

    def __init__(self, plan: Plan, source_name: str) -> None:
        self.coach = Coach(plan)
        self.result = Result(plan.exercise.id, source_name, targets=scaled_targets(plan))
        self.resting = self.passing = False
        self._last: Given | None = None

    def take(self, now: Given) -> list[Event]:
        """Take in one moment, and what lies between it and the one before (``between``)."""
        advance, last, self._last = self.coach.advance, self._last, now
        events: list[Event] = []
        for each in between(last, now) if last is not None else ():
            events += advance(each.time_s, each.values, each.view, each.spreads)
        events += advance(now.time_s, now.values, now.view, now.spreads)
        self.resting, self.passing = self.coach.at_neutral, self.coach.passing_neutral
        result = self.result
        if not result.frames:
            result.start_s = now.time_s
        result.frames += 1
        result.frames_with_person += now.seen
        result.duration_s = now.time_s - result.start_s
        if events:
            result.add(events)
        return events

    def other_side(self) -> None:
        """The person asks for the other side next."""
        self.coach.other_side()

    def finish(self) -> list[Event]:
        """The source has ended: close what is open."""
        events = self.coach.finish()
        self.result.add(events)
        return events
