"""What all who follow a plan have in common, whether it asks for movements or for circles.

A follower is given one moment after the other and hands back what happened. It does no I/O,
reads no clock and remembers only its own part of one exercise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from posecoach.coach.events import Event
from posecoach.coach.faults import FaultOf
from posecoach.coach.instant import Instant
from posecoach.coach.state import Cue, Phase
from posecoach.plan.match import TargetState
from posecoach.plan.quantity import Values
from posecoach.plan.sides import Side


@dataclass(frozen=True, slots=True)
class FollowerState:
    """What there is to show of a follower.

    Attributes:
        step, say: id of the step being done or to be done next, and its words.
        held_s, hold_s: seconds held and wanted; 0 where nothing is held.
    """

    phase: Phase
    step: str
    say: str
    targets: tuple[TargetState, ...] = ()
    held_s: float = 0.0
    hold_s: float = 0.0


class Follower(Protocol):
    """Follows one part of a plan: one side of its movements, or its circles."""

    @property
    def side(self) -> Side:
        """The side it follows."""

    @property
    def under_way(self) -> bool:
        """Whether an attempt is under way, so that nothing seen now is rest."""

    @property
    def in_start(self) -> bool:
        """Whether the start pose is held and no attempt is under way."""

    @property
    def resting(self) -> bool:
        """Whether that is so, and no movement out of it has begun."""

    @property
    def at_lowest(self) -> bool:
        """Whether they are between two circles, where the shoulders hang as at rest."""

    @property
    def undecided(self) -> bool:
        """Whether something is seen that has not lasted long enough to be told."""

    @property
    def left_zero(self) -> bool:
        """Whether the pose of the person's zero is behind them, see ``SidePlan.zero_pose``."""

    @property
    def mended(self) -> Sequence[FaultOf]:
        """The faults seen to be corrected in this frame, while the movement goes on."""

    def update(self, now: Instant, busy: bool) -> list[Event]:
        """Take in one moment.

        Args:
            busy: whether another side is being worked, so that nothing seen now is rest.
        """

    def zero_taken(self) -> None:
        """The person's own zero was taken: what was read at rest before is read otherwise now."""

    def other_ended(self, time_s: float) -> None:
        """Another side's attempt ended then: one of this side began no earlier."""

    def finish(self, time_s: float) -> list[Event]:
        """The source has ended: close what is open."""

    def enough(self, repetitions: int) -> bool:
        """Whether so many repetitions fulfil what was prescribed."""

    def needed(self, *, ready: bool) -> Sequence[str]:
        """The measures that must be known now.

        Args:
            ready: whether those of the movement must be, too, before it begins.
        """

    def cues(self, values: Values) -> list[Cue]:
        """What is wrong now."""

    def shown(self, values: Values) -> FollowerState:
        """What there is to show now."""
