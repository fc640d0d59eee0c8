"""Coaching a stored session again.

What the coach was given is stored in the precision it was given in, so the same definition
gives the same result, bit for bit, at the speed of the coach alone. What a definition asks
for beyond it is measured from the stored landmarks, over arrays of frames.

Some measures are counted from the person's own neutral, and which moments make the neutral is
decided by the definition. As long as the coach rests in the same moments as it did then,
the stored readings are still right; from the first moment in which it does not, those measures
are taken from the landmarks again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from posecoach.body.catalogue import (
    measure,
    measure_series,
    moments,
    rows_by_view,
    split_name,
)
from posecoach.body.landmark_angle import landmark, landmark_angle
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.errors import StoreError
from posecoach.observe.observer import KNOWN, Observation, Observer
from posecoach.observe.precision import DEGREE, SURE, WIDEST, on_grid
from posecoach.plan.plan import Plan
from posecoach.plan.scaled import scaled_targets
from posecoach.pose.pose import Floats, Pose
from posecoach.session.result import Result
from posecoach.store.fingerprint import measuring_code
from posecoach.store.values import StoredExercise

LONGEST_BLOCK = 4096
"""Frames measured together: a few megabytes, and enough of each of the views in them."""


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """An exercise coached again.

    Attributes:
        measured: full names of the measures that were taken from the landmarks again, all
            along or from some moment on.
    """

    result: Result
    events: tuple[Event, ...]
    measured: tuple[str, ...]

    def same_as(self, stored: StoredExercise) -> bool:
        """Whether everything happened exactly as it did then."""
        return self.events == stored.events and self.result.as_json() == stored.result.as_json()


def replay(stored: StoredExercise, plan: Plan, source: str = "") -> Replayed:
    """Coach a stored exercise again.

    Args:
        plan: the definition to coach by, not necessarily that of the session.
        source: name of what was recorded, for the result.

    Raises:
        StoreError: something is to be measured that can be told neither from what is stored
            nor from landmarks.
        MeasureError: there is no measure of one of the plan's names.
    """
    numbers = _Numbers(stored, plan.measures)
    coach = Coach(plan)
    result = Result(plan.exercise.id, source or stored.result.source, targets=scaled_targets(plan))
    events: list[Event] = []
    advance = coach.advance
    switched = set(np.flatnonzero(stored.switched).tolist())
    for index, (time_s, values, view) in enumerate(numbers):
        if index in switched:
            coach.other_side()
        happened = advance(time_s, values, view)
        if happened:
            events += happened
        numbers.rested(index, coach.at_neutral)
    if stored.row.finished:
        events += coach.finish()
    result.frames = len(stored.times)
    result.frames_with_person = int(stored.seen.sum())
    result.start_s = float(stored.times[0]) if len(stored.times) else 0.0
    result.duration_s = float(stored.times[-1] - stored.times[0]) if len(stored.times) else 0.0
    result.notes = list(stored.result.notes)
    result.add(events)
    return Replayed(result, tuple(events), numbers.measured)


class _Numbers:
    """The values of each moment for the coach, as they are or measured again."""

    def __init__(self, stored: StoredExercise, names: Sequence[str]) -> None:
        self._stored = stored
        self._times = stored.times.tolist()
        self._seen = stored.seen.tolist()
        self._then_resting = stored.resting.tolist()
        self._trusted = stored.measured_by == measuring_code()
        self._views = stored.views if self._trusted else _views_again(stored)
        self._relative = tuple(name for name in names if _relative(name))
        self._again: set[str] = set()
        plain = tuple(name for name in names if name not in self._relative)
        columns = self._columns(plain)
        missing = [n for n in self._relative if not self._trusted or n not in stored.measures]
        self._own: _OwnZero | None = None
        if not missing:
            columns |= {name: _known(stored.measures[name]) for name in self._relative}
        self._names = (*plain, *self._relative)
        self._plain: list[Sequence[float]] = _rows([columns[name] for name in plain], stored)
        self._kept: list[Sequence[float]] = _rows(
            [columns[name] for name in self._relative if not missing], stored
        )
        if missing:
            self._begin_own(0)

    @property
    def measured(self) -> tuple[str, ...]:
        """Names of what was measured again."""
        return tuple(sorted(self._again))

    def __iter__(self) -> Iterator[tuple[float, Mapping[str, float], View]]:
        nothing: dict[str, float] = {}
        names, views = self._names, self._views
        for index, (time_s, seen) in enumerate(zip(self._times, self._seen, strict=True)):
            if not seen:
                yield time_s, nothing, UNKNOWN
                continue
            own = self._kept[index] if self._own is None else self._own.values(index)
            yield time_s, dict(zip(names, (*self._plain[index], *own), strict=True)), views[index]

    def rested(self, index: int, resting: bool) -> None:
        """Hear whether the coach took this moment for the person's neutral."""
        if self._own is not None:
            if resting:
                self._own.rest(index)
        elif resting != self._then_resting[index] and self._relative:
            self._begin_own(index)
            assert self._own is not None
            if resting:
                self._own.rest(index)

    def _begin_own(self, index: int) -> None:
        """From here on take what counts from the person's own zero from the landmarks."""
        stored = self._stored
        if stored.poses is None:
            lacking = ", ".join(self._relative)
            raise StoreError(
                f"This session was kept without landmarks, and {lacking} cannot be coached "
                "by this definition without them; replay it with --as-recorded."
            )
        for name in self._relative:
            if split_name(name)[0].needs_mask and name not in stored.outlines:
                raise StoreError(
                    f"{name} is read from the silhouette, which is not kept, and it was not "
                    "measured in this session; use a definition without it."
                )
        self._again.update(self._relative)
        self._own = _OwnZero(stored, stored.poses, self._views, self._relative)
        for before in range(index):
            if self._then_resting[before]:
                self._own.rest(before)

    def _columns(self, names: Sequence[str]) -> dict[str, Floats]:
        """(N,) values for the coach of each measure that needs no neutral."""
        stored = self._stored
        columns: dict[str, Floats] = {}
        to_measure: list[str] = []
        for name in names:
            if name in stored.measures and self._trusted:
                columns[name] = _known(stored.measures[name])
                continue
            self._again.add(name)
            if not name.startswith("angle(") and split_name(name)[0].needs_mask:
                if name not in stored.outlines:
                    raise StoreError(
                        f"{name} is read from the silhouette, which is not kept, and it was not "
                        "measured in this session; use a definition without it."
                    )
                columns[name] = _known(stored.outlines[name])
                continue
            if stored.poses is None:
                raise StoreError(
                    f"This session was kept without landmarks, and {name} was not measured in it "
                    "as it would be now; replay it with --as-recorded."
                )
            to_measure.append(name)
        if to_measure and stored.poses is not None:
            columns |= _measured(stored.poses, self._views, to_measure)
        return columns


class _OwnZero:
    """Measures counted from the person's own neutral, as the neutral changes."""

    def __init__(
        self, stored: StoredExercise, poses: Pose, views: Sequence[View], names: Sequence[str]
    ) -> None:
        self._poses = poses
        self._views = views
        self._outlines = {name: stored.outlines[name] for name in names if name in stored.outlines}
        self._all = tuple(names)
        self._names = tuple(name for name in names if name not in self._outlines)
        self._observer = Observer(names)
        self._neutral: Neutral | None = None
        self._from = self._to = 0
        self._block: list[Sequence[float]] = []

    def rest(self, index: int) -> None:
        """Take a moment for the neutral, as the live loop does."""
        outlines = {
            name: Reading(np.asarray(each.value[index]), np.asarray(each.confidence[index]))
            for name, each in self._outlines.items()
        }
        pose = _moment(self._poses, index)
        self._observer.rest(Observation(pose, self._views[index], {}, {}, outlines))

    def values(self, index: int) -> Sequence[float]:
        """Return the values of one moment, measuring some ahead while the neutral stays."""
        neutral = self._observer.neutral
        if neutral is not self._neutral or not self._from <= index < self._to:
            # Once the neutral has stayed for a while it will stay longer.
            length = 1 if neutral is not self._neutral else 2 * max(self._to - self._from, 1)
            self._neutral = neutral
            self._from = index
            self._to = min(index + min(length, LONGEST_BLOCK), len(self._views))
            self._block = self._measure(slice(self._from, self._to))
        return self._block[index - self._from]

    def _measure(self, rows: slice) -> list[Sequence[float]]:
        readings: dict[str, Reading] = {}
        if self._names and rows.stop - rows.start == 1:
            single = measure(
                _moment(self._poses, rows.start),
                self._names,
                self._views[rows.start],
                self._neutral,
            )
            readings = {
                name: Reading(np.atleast_1d(each.value), np.atleast_1d(each.confidence))
                for name, each in single.items()
            }
        elif self._names:
            readings = measure_series(
                moments(self._poses, rows), self._views[rows], self._names, self._neutral
            )
        for name, outline in self._outlines.items():
            value = outline.value[rows]
            if split_name(name)[0].zero_from == "start":
                zero = nan if self._neutral is None else self._neutral.values.get(name, nan)
                value = value - zero
            readings[name] = Reading(value, outline.confidence[rows])
        columns = [_known(_kept(readings[name])).tolist() for name in self._all]
        return list(zip(*columns, strict=True))


def _rows(columns: Sequence[Floats], stored: StoredExercise) -> list[Sequence[float]]:
    """The columns' values, moment by moment, as Python's numbers."""
    if not columns:
        return [()] * len(stored.times)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _relative(name: str) -> bool:
    """Whether a measure depends on the person's neutral."""
    if name.startswith("angle("):
        return False
    found = split_name(name)[0]
    return found.zero_from != "anatomy" or found.heeds_neutral


def _known(reading: Reading) -> Floats:
    return np.where(reading.confidence >= KNOWN, reading.value, nan)


def _kept(reading: Reading) -> Reading:
    """Return a series in the precision in which readings are kept."""
    known = (np.abs(reading.value) <= WIDEST) & np.isfinite(reading.confidence)
    return Reading(
        np.where(known, on_grid(reading.value, DEGREE), nan),
        np.where(known, on_grid(reading.confidence, SURE), 0.0),
    )


def _measured(poses: Pose, views: Sequence[View], names: Sequence[str]) -> dict[str, Floats]:
    """(N,) values of measures that need no neutral, some moments at a time."""
    columns = {name: np.empty(len(views)) for name in names}
    measures = [name for name in names if not name.startswith("angle(")]
    for first in range(0, len(views), LONGEST_BLOCK):
        rows = slice(first, first + LONGEST_BLOCK)
        block, seen_as = moments(poses, rows), views[rows]
        readings = measure_series(block, seen_as, measures) if measures else {}
        for name in names:
            reading = readings.get(name) or _angle_series(block, seen_as, name)
            columns[name][rows] = _known(_kept(reading))
    return columns


def _angle_series(poses: Pose, views: Sequence[View], name: str) -> Reading:
    parts = name[6:-1].split(",")
    value, confidence = np.full(len(views), nan), np.zeros(len(views))
    for view, rows in rows_by_view(views).items():
        reading = landmark_angle(moments(poses, rows), *(landmark(part, view) for part in parts))
        value[rows], confidence[rows] = reading.value, reading.confidence
    return Reading(value, confidence)


def _views_again(stored: StoredExercise) -> Sequence[View]:
    poses = stored.poses
    if poses is None:
        return stored.views
    tracker = ViewTracker()
    views = [UNKNOWN] * len(stored.times)
    # As the live loop does: the tracker hears only of moments with somebody in them.
    seen = np.flatnonzero(stored.seen)
    for first in range(0, len(seen), LONGEST_BLOCK):
        rows = seen[first : first + LONGEST_BLOCK]
        for index, view in zip(rows.tolist(), tracker.follow(moments(poses, rows)), strict=True):
            views[index] = view
    return views


def _moment(poses: Pose, index: int) -> Pose:
    row: Any = index
    return moments(poses, row)
