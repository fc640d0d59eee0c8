"""One stored exercise, laid out for reading: its plan, its times from zero, its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from posecoach.body.catalogue import moments
from posecoach.body.upside import upside_down
from posecoach.observe.precision import KNOWN
from posecoach.pose.landmarks import Landmark
from posecoach.session.away import LONGEST_GAP_S, Away
from posecoach.session.seeing import Seeing, never_lying
from posecoach.session.sideways import lies_level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from posecoach.plan.plan import Plan, StepPlan
    from posecoach.plan.quantity import Reader
    from posecoach.plan.target import Goal
    from posecoach.pose.pose import Floats, Pose
    from posecoach.report.facts import Span
    from posecoach.store.values import StoredExercise


@dataclass(frozen=True, slots=True, eq=False)
class ExerciseRecord:
    """What every part of the report works on.

    Attributes:
        plan: None where this version does not understand the definition any more.
        zero_s: the source's time at the exercise's first frame.
        times: (N,) seconds from there; lasting: (N,) seconds each frame stands for, never more
            than ``LONGEST_GAP_S``.
    """

    stored: StoredExercise
    plan: Plan | None
    zero_s: float
    times: Floats
    lasting: Floats

    @classmethod
    def of(cls, stored: StoredExercise, plan: Plan | None) -> ExerciseRecord:
        """Lay out one exercise."""
        zero = float(stored.times[0]) if len(stored.times) else stored.row.start_s
        times = stored.times - zero
        lasting = np.diff(times, append=times[-1:]).clip(0.0, LONGEST_GAP_S)
        return cls(stored, plan, zero, times, lasting)

    def at(self, time_s: float) -> float:
        """The source's time, counted from the exercise's first frame."""
        return time_s - self.zero_s

    def span(self, start_s: float, end_s: float) -> Span:
        """The same for a span."""
        return self.at(start_s), self.at(end_s)

    def within(self, spans: Iterable[Span]) -> NDArray[np.bool_]:
        """(N,) whether a frame lies in any of the spans."""
        inside = np.zeros(len(self.times), dtype=bool)
        for start, end in spans:
            first, last = np.searchsorted(self.times, (start - 1e-6, end + 1e-6))
            inside[first:last] = True
        return inside

    def measure(self, name: str) -> Floats:
        """(N,) degrees, NaN where the coach took it as unknown."""
        reading = self.stored.measures.get(name)
        if reading is None:
            return np.full(len(self.times), np.nan)
        return np.where(reading.confidence >= KNOWN, reading.value, np.nan)

    def values(self, reader: Reader) -> Floats:
        """(N,) of a quantity, in the direction in which it is wanted.

        Counted from the start pose, where so asked: the median of what was seen before the
        first attempt, which is all the record tells of it.
        """
        values = self.measure(reader.name)
        if reader.minus is not None:
            values = values - self.measure(reader.minus)
        values = values * reader.sign
        if reader.from_start:
            began = min((self.at(each.start_s) for each in self.stored.result.ended), default=inf)
            before = values[(self.times < began) & np.isfinite(values)]
            values = values - (float(np.median(before)) if before.size else np.nan)
        return values

    def seeing(self) -> Seeing:
        """What the person was seen as, counted as while they were coached."""
        stored, upside, level = self.stored, 0, 0
        if stored.poses is not None:
            # To ask it of every moment would double what a report of a long session takes.
            down, along = self._trunk()
            upside = self._count(upside_down, stored.seen & (down < 0))
            if self.plan is not None and never_lying(self.plan.exercise):
                level = self._count(lies_level, stored.seen & (abs(along) > abs(down)))
        times, seen = stored.times.tolist(), stored.seen.tolist()
        return Seeing.kept(times, seen, stored.views, upside, level)

    def away(self) -> Away:
        """For how long nobody was seen."""
        found = Away()
        for time_s, here in zip(self.times.tolist(), self.stored.seen.tolist(), strict=True):
            found.see(time_s, here)
        return found

    def _trunk(self) -> tuple[Floats, Floats]:
        """(N,) pixels that the hips are below the shoulders, and beside them; twice as many."""
        assert self.stored.poses is not None
        image = self.stored.poses.image
        hips = image[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].sum(axis=1)
        shoulders = image[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].sum(axis=1)
        return (hips - shoulders)[:, 1], (hips - shoulders)[:, 0]

    def _count(self, of: Callable[[Pose], bool], rows: NDArray[np.bool_]) -> int:
        """Of how many of some moments it is true."""
        poses = self.stored.poses
        assert poses is not None
        return sum(of(moments(poses, np.asarray(row))) for row in np.flatnonzero(rows))

    def circled(self) -> tuple[str, ...]:
        """The measures that go up and down, and forward and back, in a continuous movement."""
        quantities = [
            quantity
            for each in (self.plan.circles if self.plan else ())
            for quantity in (each.circle.up, each.circle.across)
        ]
        return tuple(
            dict.fromkeys(
                quantity.measure.format(side=side, other=side)
                for quantity in quantities
                for side in ("left", "right")
                if quantity.measure is not None
            )
        )

    def goals(self) -> Iterable[tuple[str, StepPlan, Goal]]:
        """(side, step, goal) of every target of every step."""
        if self.plan is None:
            return
        for side in self.plan.sides:
            for step in side.steps:
                for goal in step.goals:
                    yield side.side, step, goal


def direction(goal: Goal) -> int:
    """Which way a driver goes: +1 where more of the quantity is more of the movement."""
    return -1 if not isfinite(goal.low) and isfinite(goal.high) else 1
