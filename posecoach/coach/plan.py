"""An exercise made ready for coaching: every placeholder filled, every number settled."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.coach.fault import FaultRule
from posecoach.coach.quantity import Reader, fill
from posecoach.coach.state import Side
from posecoach.coach.target import Goal
from posecoach.exercise.definition import Circle, Early, Exercise, Fault, Step, Target

REACH_S = 0.3
"""A step that is only reached, not held, must be seen this long to be no glitch."""


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step for one side.

    Attributes:
        goals: its own targets, then those of the steps it keeps.
        drivers: those of its own targets that are the movement itself.
        hold: seconds to hold; ``reach`` of them is only a check against glitches.
    """

    id: str
    say: str
    hold: float
    is_hold: bool
    optional: bool
    goals: tuple[Goal, ...]
    drivers: tuple[Goal, ...]
    early: Early | None = None


@dataclass(frozen=True, slots=True)
class CirclePlan:
    """One continuous step."""

    id: str
    say: str
    lasting: float
    circle: Circle


@dataclass(frozen=True, slots=True)
class SidePlan:
    """The whole exercise for one side."""

    side: Side
    setup: tuple[Goal, ...]
    start_say: str
    start: tuple[Goal, ...]
    steps: tuple[StepPlan, ...]
    faults: tuple[FaultRule, ...]
    ends_with_last_step: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The exercise as prescribed to this person.

    Attributes:
        sides: one plan for each side worked.
        circles: the continuous steps, in order.
        repetitions: wanted for each side.
        measures: the full names of all measures it needs.
    """

    exercise: Exercise
    sides: tuple[SidePlan, ...]
    circles: tuple[CirclePlan, ...]
    repetitions: int
    measures: tuple[str, ...]


def make_plan(
    exercise: Exercise,
    *,
    side: str | None = None,
    repetitions: int | None = None,
    hold: float | None = None,
) -> Plan:
    """Settle an exercise with what the person asked for.

    Args:
        side: "left" or "right" to work only that one (exercises with sides).
        repetitions: overrides the prescription.
        hold: seconds, overrides the prescription of every step that is held.

    Raises:
        ValueError: a side is asked of an exercise that has none.
    """
    if exercise.sides == "none":
        if side is not None:
            raise ValueError(f"{exercise.id} has no sides")
        working: tuple[str | None, ...] = (None,)
    else:
        working = (side,) if side else ("left", "right")
    sides = tuple(_side_plan(exercise, each, hold) for each in working)
    circles = tuple(
        CirclePlan(step.id, step.say, step.lasting or 30.0, step.circle)
        for step in exercise.steps
        if step.circle is not None
    )
    return Plan(
        exercise=exercise,
        sides=sides,
        circles=circles,
        repetitions=repetitions or exercise.repetitions,
        measures=tuple(sorted(_measures(sides, circles))),
    )


def _side_plan(exercise: Exercise, side: str | None, hold: float | None) -> SidePlan:
    by_id = {step.id: step for step in exercise.steps}
    steps = tuple(
        _step_plan(step, by_id, side, hold) for step in exercise.steps if step.circle is None
    )
    faults = tuple(rule for fault in exercise.faults for rule in _rules(fault, side))
    return SidePlan(
        side=_reported(side),
        setup=_goals(exercise.setup.targets, side) if exercise.setup else (),
        start_say=fill(exercise.start.say, side),
        start=_goals(exercise.start.targets, side),
        steps=steps,
        faults=faults,
        ends_with_last_step=exercise.ends == "last step",
    )


def _step_plan(
    step: Step, by_id: dict[str, Step], side: str | None, hold: float | None
) -> StepPlan:
    explicit = any(target.drives for target in step.targets)
    own = tuple(
        Goal.of(target, side, drives=bool(target.drives) if explicit else index == 0)
        for index, target in enumerate(step.targets)
    )
    kept = tuple(goal for kept in step.keep for goal in _goals(by_id[kept].targets, side))
    seconds = REACH_S if step.hold is None else (hold if hold is not None else step.hold)
    return StepPlan(
        id=step.id,
        say=fill(step.say, side),
        hold=max(seconds, REACH_S),
        is_hold=step.hold is not None,
        optional=step.optional,
        goals=own + kept,
        drivers=tuple(goal for goal in own if goal.drives),
        early=step.early,
    )


def _goals(targets: tuple[Target, ...], side: str | None) -> tuple[Goal, ...]:
    return tuple(Goal.of(target, side, drives=False) for target in targets)


def _reported(side: str | None) -> Side:
    return "left" if side == "left" else "right" if side == "right" else "both"


def _rules(fault: Fault, side: str | None) -> list[FaultRule]:
    """A fault written with ``{side}`` in an exercise without sides is judged for both."""
    if side is None and "{side}" in fault.when.model_dump_json():
        return [FaultRule.of(fault, each, _reported(each)) for each in ("left", "right")]
    reported = _reported(side)
    if fault.side in ("both", "left", "right"):
        reported = fault.side
    return [FaultRule.of(fault, side, reported)]


def _measures(sides: tuple[SidePlan, ...], circles: tuple[CirclePlan, ...]) -> set[str]:
    readers: list[Reader] = []
    for plan in sides:
        readers += [goal.reader for goal in plan.setup + plan.start]
        readers += [goal.reader for step in plan.steps for goal in step.goals]
        readers += [c.reader for rule in plan.faults for clause in rule.clauses for c in clause]
    for step in circles:
        readers += [
            Reader.of(quantity, side)
            for quantity in (step.circle.up, step.circle.across)
            for side in ("left", "right")
        ]
    names = {name for reader in readers for name in reader.names}
    return {name for name in names if not name.startswith("circle_")}
