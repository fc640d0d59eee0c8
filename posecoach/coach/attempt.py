"""An attempt at an exercise: what has been done of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from posecoach.coach.spell import Spell
from posecoach.plan.plan import StepPlan

CUT_OFF = "the recording ended"
"""How the reason begins of an attempt whose end is on no picture: what more was done is unknown."""


@dataclass(slots=True)
class Done:
    """What has been done of one step.

    Attributes:
        visited: whether its position was taken.
        held: whether it was held for the wanted time.
        share: what it is worth of a perfect one, 0..1.
        lost: whether a stay in it was lost from sight, so that nobody knows for how long it was.
    """

    visited: bool = False
    held: bool = False
    share: float = 0.0
    lost: bool = False


@dataclass(slots=True)
class Attempt:
    """A movement under way.

    Attributes:
        steps: what is to be done.
        start_s: when it began, not before the other side's attempt had ended.
        moved_s: when it was first moved for, which may be while the other side's was ending:
            from there on a fault belongs to it.
        left_s: when the start pose was left before that.
        step: index of the step being done or to be done next.
        done: what has been done of each step.
        spoiled_by: the fault for which it does not count, in words.
        complete_s: when the last step that is not optional was held.
        back: how long it is back in the start pose.
        any_order: whether the steps may be done in any order.
        left: of the steps that were held, and whose movement has gone back since: by index the
            least of the way at which it has been since then.
        farthest: of each step, how much of its way the movement has gone at most.
        anew: how long the movement of one of those is under way again.
        left_early: by index of a step, when its hold was left before its time.
        complete: whether every step that is not optional was held.
    """

    steps: tuple[StepPlan, ...]
    start_s: float
    moved_s: float
    left_s: float
    step: int = 0
    done: list[Done] = field(default_factory=list)
    spoiled_by: str = ""
    complete_s: float = inf
    back: Spell = field(default_factory=Spell)
    any_order: bool = False
    left: dict[int, float] = field(default_factory=dict)
    farthest: list[float] = field(default_factory=list)
    anew: Spell = field(default_factory=Spell)
    left_early: dict[int, float] = field(default_factory=dict)
    complete: bool = False

    def __post_init__(self) -> None:
        """Nothing is done yet."""
        self.done = [Done() for _ in self.steps]
        self.farthest = [0.0] * len(self.steps)
        self.complete = self._all_held()

    def go(self, progress: Sequence[float]) -> None:
        """Take in how much of its way each step's movement has gone; NaN where unknown."""
        for index, way in enumerate(progress):
            if way > self.farthest[index]:
                self.farthest[index] = way
            if index in self.left and way < self.left[index]:
                self.left[index] = way

    @property
    def to_visit(self) -> list[int]:
        """Indices of the steps whose position may be taken next.

        An optional step comes after those before it: its position may be where one begins.
        """
        first = 0 if self.any_order else self.step
        return [
            index
            for index in range(first, len(self.steps))
            if not self.steps[index].optional or self._begun(index)
        ]

    def _begun(self, index: int) -> bool:
        """Whether every step before one that is not optional was visited."""
        return all(
            done.visited or step.optional
            for done, step in zip(self.done[:index], self.steps[:index], strict=True)
        )

    def _all_held(self) -> bool:
        return all(
            done.held or step.optional for done, step in zip(self.done, self.steps, strict=True)
        )

    @property
    def some_left(self) -> bool:
        """Whether some steps were visited, and some that are not optional were not."""
        return any(done.visited for done in self.done) and not all(
            done.visited or step.optional for done, step in zip(self.done, self.steps, strict=True)
        )

    @property
    def accuracy(self) -> float:
        """0..1: the mean over the steps that are not optional, 1 where all are."""
        shares = [
            done.share
            for done, step in zip(self.done, self.steps, strict=True)
            if not step.optional
        ]
        return sum(shares) / len(shares) if shares else 1.0

    def enter(self, index: int) -> None:
        """A step's position is taken."""
        self.step = index
        self.done[index].visited = True

    def hold(self, index: int, time_s: float) -> None:
        """A step was held for the wanted time."""
        self.done[index].held = True
        self.complete = self._all_held()
        if self.complete:
            self.complete_s = min(self.complete_s, time_s)

    def credit(self, index: int, share: float) -> None:
        """A visit to a step was worth so much; the best one counts."""
        done = self.done[index]
        done.share = max(done.share, share)

    def shortfall(self) -> str:
        """Why it does not count as a repetition, in words; empty where it does."""
        for done, step in zip(self.done, self.steps, strict=True):
            if not done.held and not step.optional:
                if not any(each.visited for each in self.done):
                    return "not far enough"
                # What was worth something of a hold was one, if a short one.
                return f"{step.id} was not held{' long enough' if done.share > 0 else ''}"
        return self.spoiled_by
