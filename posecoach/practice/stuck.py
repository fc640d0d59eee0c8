"""Somebody who is before the camera and gets nowhere: what to offer them, and when to go on.

Pure. Only time in which a person is seen counts: an empty room is waited in, because nothing
is lost by that. Whoever is in the start pose or moves is not stuck, whatever time they take.
"""

from __future__ import annotations

from posecoach.coach.state import Phase
from posecoach.exercise.definition import Exercise

WRONG_S = 15.0
"""After so long the set-up is looked at again, and what is wrong with it told ..."""

OFFER_S = 45.0
"""... then skipping is offered ..."""

ON_S = 120.0
"""... and an exercise that was never begun is passed over, where another follows."""

OFFERED_S = 8.0
"""How long the offer stands, and ..."""

AGAIN_S = 30.0
"""... how often it is made."""

STEP_S = 0.5
"""A longer time between two frames is no time in which somebody was seen."""

RAISED_DEG = 60.0
"""An arm that a stretch lifts so far may look like a raised hand."""


class Stuck:
    """Counts the time in which a person gets nowhere; one exercise long."""

    def __init__(self) -> None:
        self._before_s: float | None = None
        self.seconds = 0.0

    def update(self, time_s: float, phase: Phase, *, seen: bool) -> None:
        """Take in one moment."""
        passed = 0.0 if self._before_s is None else time_s - self._before_s
        self._before_s = time_s
        if phase not in (Phase.WAITING, Phase.UNSEEN):
            self.seconds = 0.0
        elif seen:
            self.seconds += min(passed, STEP_S)

    @property
    def wrong(self) -> bool:
        """Whether to look at the set-up again."""
        return self.seconds >= WRONG_S

    @property
    def offered(self) -> bool:
        """Whether skipping has been offered."""
        return self.seconds >= OFFER_S

    @property
    def offering(self) -> bool:
        """Whether it is being offered now."""
        return self.offered and (self.seconds - OFFER_S) % AGAIN_S < OFFERED_S

    @property
    def long(self) -> bool:
        """Whether to go on without it."""
        return self.seconds >= ON_S


def lifts_arms(exercise: Exercise) -> bool:
    """Whether a raised hand may be part of the stretch, and so means nothing."""
    wanted = [*exercise.start.targets, *(each for step in exercise.steps for each in step.targets)]
    return any(
        (each.measure or "").startswith(("shoulder_flexion", "shoulder_abduction"))
        and each.low_deg >= RAISED_DEG
        for each in wanted
    )
