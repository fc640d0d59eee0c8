"""How far a demonstration has come, told on the way by what learns from it at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from posecoach.errors import LearningError
from posecoach.learn.demonstration import Demonstration, demonstration
from posecoach.learn.learner import Lesson, take_apart
from posecoach.learn.motion import moving
from posecoach.learn.rounds import Rounds, find_rounds
from posecoach.observe.recorded import KeptMoments
from posecoach.observe.stillness import STILL_S
from posecoach.plan.sides import Side


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been shown until now.

    Attributes:
        moved: whether anything has moved beyond doubt.
        home: whether the body is where a repetition begins and ends.
        counts: whole repetitions by the side they go to; a side that is missing was not shown.
    """

    moved: bool = False
    home: bool = False
    counts: Mapping[Side, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Repetitions of all sides."""
        return sum(self.counts.values())


def progress(kept: KeptMoments) -> Progress:
    """Tell what has been shown until now; nothing where nothing can be told."""
    try:
        shown = demonstration(kept)
    except LearningError:
        return Progress()
    rounds = find_rounds(shown)
    if rounds is not None:
        return _of_circles(shown, rounds)
    try:
        return _of_positions(take_apart(shown))
    except LearningError:
        return Progress(moved=bool(moving(shown).names))


def _of_circles(shown: Demonstration, rounds: Rounds) -> Progress:
    """Whoever circles no more is back: a circle begins and ends in the start pose."""
    since_s = float(shown.times[-1]) - max(each.end_s for each in rounds.rounds)
    return Progress(True, since_s >= STILL_S, {"both": rounds.count})


def _of_positions(lesson: Lesson) -> Progress:
    counts = dict(Counter(lesson.pattern.sides))
    if lesson.otherwise:
        counts["both"] = counts.get("both", 0) + lesson.otherwise
    return Progress(True, _at_home(lesson), counts)


def _at_home(lesson: Lesson) -> bool:
    """Whether the body is in the start pose, or in what came before it, or nearest to them.

    Nobody stands again quite as they stood; but what goes to one side only may be a step's other
    side, which has not been seen before.
    """
    last, pattern = lesson.places[-1], lesson.pattern
    homes = (pattern.start, pattern.setup)
    if last.key in homes or last.key in pattern.steps or last.side != "both":
        return last.key in homes
    now = lesson.found[-1].values
    ways = [
        (float(np.linalg.norm((stop.values - now) / lesson.move.scale)), place.key)
        for stop, place in zip(lesson.found, lesson.places, strict=True)
        if place.key in homes or place.key in pattern.steps
    ]
    return min(ways)[1] in homes
