"""Where one side is, how far a stay in a position has come, and what leads from where to where.

Three small machines, each a table: the stage one is at, what happened, the stage that follows.
Whether something happened is for the others to tell (``start``, ``movement``, ``visit``,
``loops``); what may happen at all, and what it leads to, stands here and nowhere else. Something
that a table does not have is a mistake in the program, not of the person.

    side     AWAY ──► READY ◄──► ARMED ──► TRYING ──► HALFWAY
              ▲                    ▲          │ the attempt ends │
              └────────────────────┴──────────┴──────────────────┘

    visit    ENTERED ◄──► HOLDING ──► HELD ◄──► RELAXED
                └──────────────────────────────────┘

    loop     LOW ◄──► HIGH
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import TypeVar


class SideStage(Enum):
    """Where one side is on its way through the exercise."""

    AWAY = auto()
    """Not in the start pose, nor lately: no attempt can begin."""
    READY = auto()
    """The start pose is held: an attempt can begin."""
    ARMED = auto()
    """It was held a moment ago, or the last attempt ended there: an attempt can begin."""
    TRYING = auto()
    """An attempt is under way."""
    HALFWAY = auto()
    """So it is, and was back in the start pose meanwhile, with steps left to do."""


class SideChange(Enum):
    """What leads a side from one stage to another."""

    START_TAKEN = auto()
    START_LEFT = auto()
    START_FORGOTTEN = auto()
    """The start pose was left too long ago to begin from."""
    BEGUN = auto()
    BACK_BETWEEN = auto()
    """Back in the start pose with steps left to do."""
    ENDED = auto()
    """The attempt ended in the start pose."""
    ENDED_THERE = auto()
    """The attempt ended in its last position: the exercise asks for no way back."""


SIDE: Mapping[SideStage, Mapping[SideChange, SideStage]] = {
    SideStage.AWAY: {SideChange.START_TAKEN: SideStage.READY},
    SideStage.READY: {
        SideChange.START_LEFT: SideStage.ARMED,
        SideChange.START_FORGOTTEN: SideStage.AWAY,
        SideChange.BEGUN: SideStage.TRYING,
    },
    SideStage.ARMED: {
        SideChange.START_TAKEN: SideStage.READY,
        SideChange.START_FORGOTTEN: SideStage.AWAY,
        SideChange.BEGUN: SideStage.TRYING,
    },
    SideStage.TRYING: {
        SideChange.BACK_BETWEEN: SideStage.HALFWAY,
        SideChange.ENDED: SideStage.ARMED,
        SideChange.ENDED_THERE: SideStage.AWAY,
    },
    SideStage.HALFWAY: {
        SideChange.BACK_BETWEEN: SideStage.HALFWAY,
        SideChange.ENDED: SideStage.ARMED,
        SideChange.ENDED_THERE: SideStage.AWAY,
    },
}


class VisitStage(Enum):
    """How far a visit to a step's position has come."""

    ENTERED = auto()
    """The movement itself is in range."""
    HOLDING = auto()
    """All targets are met: the hold clock runs."""
    HELD = auto()
    """The same, and they have been for as long as was wanted."""
    RELAXED = auto()
    """Held as long as was wanted, and not all targets are met any more."""


class VisitChange(Enum):
    """What leads a visit from one stage to another."""

    POSE_MET = auto()
    POSE_LOST = auto()
    LONG_ENOUGH = auto()


VISIT: Mapping[VisitStage, Mapping[VisitChange, VisitStage]] = {
    # Whether it was long enough may be known only when it is over: then LONG_ENOUGH comes last.
    VisitStage.ENTERED: {
        VisitChange.POSE_MET: VisitStage.HOLDING,
        VisitChange.LONG_ENOUGH: VisitStage.RELAXED,
    },
    VisitStage.HOLDING: {
        VisitChange.POSE_LOST: VisitStage.ENTERED,
        VisitChange.LONG_ENOUGH: VisitStage.HELD,
    },
    VisitStage.HELD: {VisitChange.POSE_LOST: VisitStage.RELAXED},
    VisitStage.RELAXED: {VisitChange.POSE_MET: VisitStage.HELD},
}


class LoopStage(Enum):
    """Where a circling movement is on its way up and down."""

    LOW = auto()
    """On its way down, or at rest: its lowest point is looked for."""
    HIGH = auto()
    """It has risen: its highest point is looked for, and the way down from there."""


class LoopChange(Enum):
    """What leads a circling movement from one to the other."""

    RISEN = auto()
    CLOSED = auto()
    """It came down as far as it had risen: a loop is closed."""
    CLOSED_RISING = auto()
    """The next rise has begun before that: a loop is closed where it was lowest."""
    GIVEN_UP = auto()
    """It stayed up, or was lost from sight: what was begun is no loop."""


LOOP: Mapping[LoopStage, Mapping[LoopChange, LoopStage]] = {
    LoopStage.LOW: {LoopChange.RISEN: LoopStage.HIGH, LoopChange.GIVEN_UP: LoopStage.LOW},
    LoopStage.HIGH: {
        LoopChange.CLOSED: LoopStage.LOW,
        LoopChange.CLOSED_RISING: LoopStage.HIGH,
        LoopChange.GIVEN_UP: LoopStage.LOW,
    },
}

At = TypeVar("At", bound=Enum)
Event = TypeVar("Event", bound=Enum)


def after(table: Mapping[At, Mapping[Event, At]], at: At, event: Event) -> At:
    """Return the stage that follows.

    Raises:
        RuntimeError: nothing of the kind can happen at this stage.
    """
    try:
        return table[at][event]
    except KeyError:
        raise RuntimeError(f"{event} cannot happen at {at}") from None
