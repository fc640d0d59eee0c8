"""The one program: what is observed goes to the coach, and what happens into the result.

A live camera, a file, a stream of poses and a kept session all run through here, one moment after
the other. Who measured what is observed, now or then, is no matter of it.
"""

from __future__ import annotations

from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.observe.spread import Spreads
from posecoach.plan.plan import Plan
from posecoach.plan.quantity import Values
from posecoach.plan.scaled import scaled_targets
from posecoach.session.between import Instance, between
from posecoach.session.result import Result


class Engine:
    """Coaches one exercise, moment by moment.

    Args:
        plan: the exercise, settled for a person.
        source_name: for the result.

    Attributes:
        coach: what it knows now.
        result: what it came to until now.
    """

    def __init__(self, plan: Plan, source_name: str) -> None:
        self.coach = Coach(plan)
        self.result = Result(plan.exercise.id, source_name, targets=scaled_targets(plan))
        self._last: Instance | None = None

    @property
    def resting(self) -> bool:
        """Whether the moment just taken is one of the person's own zero."""
        return self.coach.at_neutral

    @property
    def passing(self) -> bool:
        """Whether it is only passed through, see ``Zero.rest``."""
        return self.coach.passing_neutral

    def take(
        self, time_s: float, values: Values, view: View, spreads: Spreads, *, seen: bool
    ) -> list[Event]:
        """Take in one moment, and what lies between it and the one before (``between``).

        Args:
            time_s: seconds of the source, growing.
            values: degrees by full measure name, NaN where unknown; empty where nobody is seen.
                They are remembered, so they must not be changed.
            view: how the camera sees the body.
            spreads: how far each value may be off.
            seen: whether a person was found.
        """
        now = Instance(time_s, values, view, spreads, seen)
        events: list[Event] = []
        if self._last is not None:
            for each in between(self._last, now):
                events += self.coach.advance(each.time_s, each.values, each.view, each.spreads)
        self._last = now
        events += self.coach.advance(time_s, values, view, spreads)
        result = self.result
        if not result.frames:
            result.start_s = time_s
        result.frames += 1
        result.frames_with_person += seen
        result.duration_s = time_s - result.start_s
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
