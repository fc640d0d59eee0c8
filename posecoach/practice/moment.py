"""What a practice hands over for each frame: what to show and say, and what came about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from posecoach.coach.events import Event
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.practice.wish import Wish
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame


class Stage(Enum):
    """Where in the practice."""

    SETUP = "setup"
    WORK = "work"
    DONE = "done"
    REST = "rest"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Begun:
    """An exercise has begun."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Coached:
    """The coach has seen this moment of it."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Ended:
    """The exercise is over.

    Attributes:
        last: events that no snapshot carried.
    """

    result: Result
    last: tuple[Event, ...] = ()


Happening = Begun | Coached | Ended
"""What belongs to a session, in the order in which it came about."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What to show and say now.

    Attributes:
        coached: whether the coach has seen this frame; only then it belongs to the session.
        happened: what came about since the moment before, for whoever keeps it.
    """

    snapshot: Snapshot
    practice: PracticeState
    stage: Stage
    coached: bool
    happened: tuple[Happening, ...] = ()


class Practising(Protocol):
    """What can be done before a source: a ``Practice``, a calibration."""

    @property
    def paused(self) -> bool:
        """Whether it stands still."""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""

    @property
    def last(self) -> Moment | None:
        """The last moment handed over."""

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for."""

    def finish(self) -> list[Result]:
        """It is over; the results of the exercises done."""
