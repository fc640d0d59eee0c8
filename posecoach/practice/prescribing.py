"""From a routine to the parts of a practice, fitted to the time at hand.

The rule where time is short, the same for everyone and easy to foresee:

1. fewer repetitions, each exercise alike, never less than one;
2. then shorter holds and circles, alike, never less than half of what is prescribed;
3. then fewer exercises: the last of the routine are left out, one after the other.

Time is never filled up: what is prescribed is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.problem import did_you_mean, quoted
from posecoach.exercise.routine import Item, Routine
from posecoach.plan.plan import Plan, make_plan
from posecoach.plan.target import Ranges
from posecoach.practice.countdown import COUNTDOWN_S
from posecoach.practice.practice import DONE_S, Part
from posecoach.practice.setup_check import RIGHT_S

MOVE_S = 2.5
"""From one position to the next, slowly: 0.8 to 1.6 s in the truth clips, which are brisk."""

PLACE_S = 10.0
"""To get into place for an exercise, besides the set-up check and the countdown."""

LEAST_SHARE = 0.5
"""Of a hold: less is no stretch any more."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A routine made ready.

    Attributes:
        parts: its exercises as they will be practised.
        omitted: names of those that did not fit.
        seconds: how long it is expected to take.
        shortened: whether repetitions or holds are fewer than prescribed.
    """

    parts: tuple[Part, ...]
    omitted: tuple[str, ...]
    seconds: float
    shortened: bool


def chosen(routine: Routine, only: Sequence[str]) -> tuple[Item, ...]:
    """The items of a routine whose exercises are named, in the routine's order; all without.

    Raises:
        ExerciseError: one of the names is not in the routine.
    """
    there = [item.exercise for item in routine.exercises]
    for name in only:
        if name not in there:
            raise ExerciseError(
                f"{quoted(name)} is not in the routine {routine.id}, which has "
                f"{', '.join(there)}{did_you_mean(name, there)}"
            )
    return tuple(item for item in routine.exercises if not only or item.exercise in only)


def fit(
    routine: Routine,
    items: Sequence[Item],
    find: Callable[[str], Exercise],
    minutes: float | None = None,
    ranges: Ranges | None = None,
) -> Fitted:
    """Settle the items, in the time at hand.

    Args:
        find: an exercise by its id.
        minutes: the time at hand; None for as long as it takes.
        ranges: the person's own ranges of motion, which scale targets.

    Raises:
        ExerciseError: not even the first exercise fits, or one is unknown.
    """
    full = tuple(_part(item, find(item.exercise), routine.rest, ranges) for item in items)
    if minutes is None or duration_s(full) <= minutes * 60:
        return Fitted(full, (), duration_s(full), shortened=False)
    for count in range(len(full), 0, -1):
        some = full[:count]
        for parts in _shorter(some):
            if duration_s(parts) <= minutes * 60:
                names = tuple(part.plan.exercise.name for part in full[count:])
                return Fitted(parts, names, duration_s(parts), shortened=parts != some)
    least = ceil(duration_s(list(_shorter(full[:1]))[-1]) / 60)
    raise ExerciseError(
        f"{minutes:g} minutes are too short even for {full[0].plan.exercise.name}; "
        f"give --minutes {least} or more."
    )


def _shorter(parts: Sequence[Part]) -> list[tuple[Part, ...]]:
    """The same exercises, made shorter step by step."""
    most = max(part.plan.repetitions for part in parts)
    steps = [
        tuple(
            replace(part, plan=replace(part.plan, repetitions=max(1, ceil(reps * tenth / 10))))
            for part in parts
            for reps in [part.plan.repetitions]
        )
        for tenth in range(10, 0, -1)
        if most > 1 or tenth == 10
    ]
    once = steps[-1]
    for share in (0.9, 0.8, 0.7, 0.6, LEAST_SHARE):
        steps.append(tuple(replace(part, plan=_briefer(part.plan, share)) for part in once))
    return steps


def _briefer(plan: Plan, share: float) -> Plan:
    return replace(
        plan,
        sides=tuple(
            replace(
                side,
                steps=tuple(
                    replace(step, hold=round(step.hold * share, 1)) if step.is_hold else step
                    for step in side.steps
                ),
            )
            for side in plan.sides
        ),
        circles=tuple(replace(each, lasting=each.lasting * share) for each in plan.circles),
    )


def _part(item: Item, exercise: Exercise, rest_s: float, ranges: Ranges | None) -> Part:
    plan = make_plan(
        exercise, side=item.side, repetitions=item.repetitions, hold=item.hold, ranges=ranges
    )
    return Part(plan, rest_s if item.rest is None else item.rest)


def whole_minutes(seconds: float) -> int:
    """How long something takes, in minutes that suffice; told so wherever it is told."""
    return max(1, ceil(seconds / 60))


def duration_s(parts: Sequence[Part]) -> float:
    """How long a practice is expected to take."""
    return sum(
        exercise_s(part.plan) + (part.rest_s if number + 1 < len(parts) else 0.0)
        for number, part in enumerate(parts)
    )


def exercise_s(plan: Plan) -> float:
    """How long one exercise is expected to take, from getting into place to "well done"."""
    once = PLACE_S + RIGHT_S + COUNTDOWN_S + DONE_S
    circles = sum(each.lasting for each in plan.circles)
    repetitions = sum(
        sum(step.hold + MOVE_S for step in side.steps if not step.optional) + MOVE_S
        for side in plan.sides
        if side.steps
    )
    return once + circles + plan.repetitions * repetitions
