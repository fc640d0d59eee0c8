"""What a person can ask of a practice, by a key or a sign."""

from enum import Enum


class Wish(Enum):
    """See ``Practice.ask``."""

    PAUSE = "pause, or go on where it is paused; in the set-up check: begin without it"
    GO_ON = "go on: end a pause, a rest or the set-up check"
    NEXT = "the next exercise"
    REPEAT = "this exercise from its beginning"
    SIDE = "the other side"
    STOP = "stop and see the result"
