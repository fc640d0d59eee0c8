"""Angles over time with what was wanted of them, and how far each movement went."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import hypot, nan
from typing import TYPE_CHECKING

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.errors import MeasureError
from posecoach.profile.motion import Motion, Towards
from posecoach.profile.norms import usual
from posecoach.report import wording
from posecoach.report.exercise_record import ExerciseRecord, direction
from posecoach.report.facts import (
    AttemptFacts,
    Band,
    FaultFacts,
    Hold,
    Reach,
    SideDifference,
    Span,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from posecoach.plan.plan import Plan
    from posecoach.plan.quantity import Reader
    from posecoach.plan.target import Goal
    from posecoach.pose.pose import Floats

REACHED_S = 0.5
"""An angle counts as reached that was kept or passed for so long: no jerk, no wrong frame."""

TRIED_S = 2 * REACHED_S
"""An attempt that was shorter went nowhere: nobody goes to a range and back in less."""

ENOUGH = 3
"""Attempts of each side from which on a difference between them is the person's. Of fewer, one
reading that went wrong decides; of three of each, all of one side are farther by chance once in
ten times."""


def tracks(
    record: ExerciseRecord, attempts: Sequence[AttemptFacts], holds: Sequence[Hold]
) -> tuple[Track, ...]:
    """Each measured quantity that has a target, the movement itself first."""
    if record.plan is None:
        return ()
    bands: dict[tuple[str, str | None, bool], list[Band]] = defaultdict(list)
    drives: dict[tuple[str, str | None, bool], bool] = {}
    for side, step, goal in record.goals():
        reader = goal.reader
        key = (reader.name, reader.minus, reader.from_start)
        drives[key] = drives.get(key, False) or goal.drives
        low, high = (goal.low, goal.high) if reader.sign > 0 else (-goal.high, -goal.low)
        spans = _wanted_when(side, step.id, len(_steps(record, side)), attempts, holds)
        bands[key].append(Band(side, step.id, low, high, spans))
    found = []
    for key in sorted(bands, key=lambda each: not drives[each]):
        found.append(_track(record, key, drives[key], _merged(bands[key])))
    found += _circling(record)
    return tuple(track for track in found if np.isfinite(track.values).any())


def _steps(record: ExerciseRecord, side: str) -> tuple[str, ...]:
    assert record.plan is not None
    return tuple(step.id for each in record.plan.sides if each.side == side for step in each.steps)


def _wanted_when(
    side: str, step: str, steps: int, attempts: Sequence[AttemptFacts], holds: Sequence[Hold]
) -> tuple[Span, ...]:
    """The holds of the step; where it is the only step, the attempts without one as well."""
    spans = [(h.start_s, h.end_s) for h in holds if h.step == step and h.side == side]
    if steps == 1:
        for each in attempts:
            inside = any(each.start_s <= start <= each.end_s for start, _ in spans)
            if each.side == side and not inside:
                spans.append((each.start_s, each.end_s))
    return tuple(sorted(spans))


def _merged(bands: list[Band]) -> tuple[Band, ...]:
    """Bands of several steps with one range are one."""
    found: dict[tuple[str, float, float], Band] = {}
    for band in bands:
        key = (band.side, band.low, band.high)
        if key in found:
            spans = tuple(sorted(set(found[key].spans) | set(band.spans)))
            band = Band(band.side, found[key].step, band.low, band.high, spans)
        found[key] = band
    return tuple(found.values())


def _track(
    record: ExerciseRecord, key: tuple[str, str | None, bool], drives: bool, bands: tuple[Band, ...]
) -> Track:
    name = key[0]
    reader = next(
        goal.reader
        for _, _, goal in record.goals()
        if (goal.reader.name, goal.reader.minus, goal.reader.from_start) == key
    )
    return Track(
        name=name,
        title=wording.reader_title(reader),
        note=_reader_note(reader),
        error=wording.reader_error(reader),
        unit=wording.unit_of(name),
        drives=drives,
        times=record.times,
        values=record.values(reader) * reader.sign,
        bands=bands,
    )


def _reader_note(reader: Reader) -> str:
    """What up, down and 0 mean of a quantity."""
    if reader.from_start:
        # Whatever the measure's own zero is: this one is where the person began.
        lateral = f"{_SIDEWAYS} " if reader.minus is None and _lateral(reader.name) else ""
        return f"{lateral}{_zero(reader.name)} is the start pose."
    return _note(reader.name) if reader.minus is None else ""


_SIDEWAYS = "Up is to your left, down to your right."
"""Of measures that count to either side (docs/design.md, decision 1)."""


def _lateral(name: str) -> bool:
    try:
        return split_name(name)[0].lateral
    except MeasureError:
        return False


def _zero(name: str) -> str:
    return f"0{wording.unit_of(name) if wording.unit_of(name) == '°' else ' %'}"


def _note(name: str) -> str:
    try:
        found, _ = split_name(name)
    except MeasureError:
        return "180° is a straight line."
    if found.lateral:
        return _SIDEWAYS
    return f"{_zero(name)} is {found.zero}."


def _circling(record: ExerciseRecord) -> list[Track]:
    """What goes up and down, and forward and back, in a continuous movement."""
    return [
        Track(
            name=name,
            title=wording.measure_title(name),
            note=_note(name),
            error=wording.error_of(name),
            unit=wording.unit_of(name),
            drives=True,
            times=record.times,
            values=record.measure(name),
            bands=(),
        )
        for name in record.circled()
    ]


@dataclass(frozen=True, slots=True)
class Driver:
    """A movement of one side: the goal that drives a step."""

    side: str
    title: str
    kind: str
    goal: Goal
    way: int

    @property
    def asked(self) -> float | None:
        """Degrees asked for, in the movement's direction."""
        edge = self.goal.low if self.way > 0 else -self.goal.high
        return edge if np.isfinite(edge) else None


def drivers(record: ExerciseRecord) -> tuple[Driver, ...]:
    """Every movement of the exercise that has a range, once.

    Coming back up to a position is none (its bound is not beyond neutral), nor is what a
    deeper variant asks that may be left out.
    """
    found: dict[tuple[str, str], Driver] = {}
    if record.plan is None:
        return ()
    for side in record.plan.sides:
        for step in side.steps:
            for index, goal in enumerate(step.drivers):
                way = direction(goal)
                edge = goal.low if way > 0 else -goal.high
                if step.optional or not edge > 0:
                    continue
                title = wording.motion_title(goal.reader, way)
                kind = f"{step.id}/{index}"
                if (side.side, title) not in found:
                    found[side.side, title] = Driver(side.side, title, kind, goal, way)
    return tuple(found.values())


def reached(values: Floats, lasting: Floats, inside: NDArray[np.bool_]) -> float:
    """Return the largest value that was reached or passed for ``REACHED_S``; NaN if unseen."""
    rows = inside & np.isfinite(values)
    if not rows.any():
        return nan
    order = np.argsort(-values[rows], kind="stable")
    spent = np.cumsum(lasting[rows][order])
    if spent[-1] < REACHED_S:
        return nan
    return float(values[rows][order][np.searchsorted(spent, REACHED_S)])


def aimed(lasted_s: float, faults: Iterable[FaultFacts], plan: Plan | None) -> bool:
    """Whether an attempt that did not count was one at the movement's range.

    Args:
        lasted_s: seconds; faults: what was done wrongly in it.
    """
    known = plan.exercise.faults if plan else ()
    instead = {each.id for each in known if each.instead}
    return lasted_s >= TRIED_S and not any(each.id in instead for each in faults)


def reaches(
    moving: Sequence[Driver],
    attempts: Sequence[AttemptFacts],
    own: Mapping[tuple[str, int], float],
) -> tuple[Reach, ...]:
    """How far each movement went at best; what was no attempt at it where there is no other."""
    found = []
    for driver in moving:
        here = [a for a in attempts if a.side == driver.side and driver.title in a.reached]
        aimed = [each for each in here if each.aimed] or here
        if not aimed:
            continue
        best = max(each.reached[driver.title] for each in aimed)
        reader = driver.goal.reader
        way = reader.sign * driver.way
        calibrated = driver.goal.own_range
        if calibrated is None:
            calibrated = own.get((reader.name, way))
        plain = reader.minus is None and not reader.from_start
        found.append(
            Reach(
                title=driver.title,
                kind=driver.kind,
                measure=reader.name,
                side=driver.side,
                best=best,
                error=wording.reader_error(reader),
                unit=wording.unit_of(reader.name),
                asked=driver.asked,
                own=calibrated,
                textbook=driver.goal.textbook if driver.goal.own_range is not None else None,
                usual=_usual(reader.name, way) if plain else None,
            )
        )
    return tuple(found)


def _usual(name: str, way: int) -> tuple[float, float] | None:
    """The least and the most that textbooks call usual; None where they have no number."""
    try:
        lateral = split_name(name)[0].lateral
    except MeasureError:
        return None
    up: Towards = "left" if lateral else "up"
    down: Towards = "right" if lateral else "down"
    found = usual(Motion(name, up if way > 0 else down)).values()
    return (min(found), max(found)) if found else None


def side_differences(
    found: Sequence[Reach], attempts: Sequence[AttemptFacts]
) -> tuple[SideDifference, ...]:
    """The same movement of the left and of the right side."""
    pairs = []
    for left in found:
        for right in found:
            if left.side == "left" and right.side == "right" and left.kind == right.kind:
                pairs.append(
                    SideDifference(
                        title=wording.of_either_side(left.title),
                        left=left.best,
                        right=right.best,
                        unsure=hypot(left.error, right.error),
                        unit=left.unit,
                        apart=_apart(_each(left, attempts), _each(right, attempts)),
                    )
                )
    return tuple(pairs)


def _each(reach: Reach, attempts: Sequence[AttemptFacts]) -> list[float]:
    """How far each attempt at a movement came that was seen to its end."""
    return [
        each.reached[reach.title]
        for each in attempts
        if each.side == reach.side and each.aimed and each.told and reach.title in each.reached
    ]


def _apart(left: Sequence[float], right: Sequence[float]) -> float:
    """By how much all of the one are beyond all of the other; 0 where they are not, or too few."""
    if min(len(left), len(right)) < ENOUGH:
        return 0.0
    return max(min(left) - max(right), min(right) - max(left), 0.0)
