"""What a session knows and the coach does not: pauses, rests, the set-up, the machine.

Handed to screen and voice beside each ``Snapshot``.
"""

from __future__ import annotations

from dataclasses import dataclass

LAST_SECONDS = 3
"""Seconds at the end of a hold, a rest or a countdown that are counted aloud and shown large."""


@dataclass(frozen=True, slots=True)
class SetupState:
    """The set-up check before an exercise.

    Attributes:
        wrong: the one thing to change now, in words; empty where all is right.
        fraction: 0..1, how much of the time it must be right has passed.
    """

    wrong: str
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class PracticeState:
    """What a session knows and the coach does not.

    Attributes:
        paused: why it is paused, in words ("Paused"), empty while it runs.
        muted: whether the voice is silenced.
        next: what comes after this exercise, in words; empty where it is the last.
        countdown_s: seconds until it begins, None where no countdown runs.
        rest_s: (seconds left, seconds in all) of a rest, None outside a rest.
        setup: the set-up check while it lasts.
        notice: a word on the machine (camera lost, ...); empty where all is well.
        help: whether the keys are shown.
        remark: a word in passing that stops nothing; empty where there is none.
        unsaved: whether what happens is not kept although it should be.
    """

    paused: str = ""
    muted: bool = False
    next: str = ""
    countdown_s: float | None = None
    rest_s: tuple[float, float] | None = None
    setup: SetupState | None = None
    notice: str = ""
    help: bool = False
    remark: str = ""
    unsaved: bool = False
