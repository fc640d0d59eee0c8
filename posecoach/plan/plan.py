"""An exercise made ready for coaching: every placeholder filled, every number settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from posecoach.body.catalogue import needs_silhouette, split_name
from posecoach.exercise.definition import Circle, Early, Exercise, Fault, Step, Target
from posecoach.plan.quantity import Reader
from posecoach.plan.rule import Check, FaultRule
from posecoach.plan.sides import Side, fill
from posecoach.plan.target import Goal, Ranges

REACH_S = 0.3
"""A step that is only reached, not held, must be seen this long to be no glitch: four frames at
15 a second, the fewest of which one may be misread."""

LASTING_S = 30.0
"""A circle step that does not say how long it lasts; the check asks to say it. As the shoulder
rolls do."""


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
    any_order: bool = False

    @property
    def zero_pose(self) -> tuple[Goal, ...]:
        """The pose in which the person's zero is read, where that is told by its targets alone.

        Empty where it is the start pose, rested in: circles have none that could be rested in.
        """
        return self.setup or (() if self.steps else self.start)

    @property
    def zero_in_start(self) -> bool:
        """Whether the zero may be read in the start pose where nobody was seen in ``setup``.

        Not where the start pose is itself a change from that zero: a chin on the chest.
        """
        return bool(self.setup and self.steps) and all(
            goal.low <= 0 <= goal.high
            for goal in self.start
            if any(map(from_own_zero, goal.reader.names))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The exercise as prescribed to this person.

    Attributes:
        sides: one plan for each side worked.
        circles: the continuous steps, in order.
        repetitions: wanted for each side.
        measures: the full names of all measures it needs.
        ranges: the person's own ranges that its targets were scaled by.
    """

    exercise: Exercise
    sides: tuple[SidePlan, ...]
    circles: tuple[CirclePlan, ...]
    repetitions: int
    measures: tuple[str, ...]
    ranges: Ranges = field(default_factory=dict)

    @property
    def scaled(self) -> tuple[tuple[Side, str, Goal], ...]:
        """(side, step, target) of each target that the person's own range has set."""
        return tuple(
            (side.side, step.id, goal)
            for side in self.sides
            for step in side.steps
            for goal in step.goals
            if goal.own_range is not None
        )

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return self.exercise.silhouette or any(map(needs_silhouette, self.measures))

    @property
    def shown(self) -> frozenset[str]:
        """The measures of which a pose cannot do without: what they are read from must be seen.

        Those of other poses may be guessed: arms that hang below the picture of a shoulder roll.
        """
        return frozenset(
            name
            for side in self.sides
            for goal in (*side.setup, *side.start, *(g for s in side.steps for g in s.goals))
            if not goal.tolerated
            for name in goal.reader.names
        )

    @property
    def prescribed(self) -> dict[str, int]:
        """Repetitions wanted, by side."""
        return {side.side: self.repetitions for side in self.sides}

    @property
    def asked(self) -> dict[str, int]:
        """The same for whoever reads it: 0 where a time is asked for, as of circles."""
        return {side: 0 if self.circles else count for side, count in self.prescribed.items()}

    @property
    def hold_s(self) -> dict[str, float]:
        """Seconds that each step is to be held, by its id; without those gone through only."""
        return {step.id: step.hold for step in self.sides[0].steps if step.is_hold}


def make_plan(
    exercise: Exercise,
    *,
    side: str | None = None,
    repetitions: int | None = None,
    hold: float | None = None,
    ranges: Ranges | None = None,
) -> Plan:
    """Settle an exercise with what the person asked for.

    Args:
        side: "left" or "right" to work only that one (exercises with sides).
        repetitions: overrides the prescription.
        hold: seconds, overrides the prescription of every step that is held.
        ranges: the person's own ranges of motion, which scale the targets that ask for a
            fraction of it; the others, and those not calibrated, keep the textbook's value.

    Raises:
        ValueError: a side is asked of an exercise that has none.
    """
    if exercise.sides == "none":
        if side is not None:
            raise ValueError(f"{exercise.id} has no sides")
        working: tuple[str | None, ...] = (None,)
    else:
        working = (side,) if side else ("left", "right")
    sides = tuple(_side_plan(exercise, each, hold, ranges) for each in working)
    circles = tuple(
        CirclePlan(step.id, step.say, step.lasting or LASTING_S, step.circle)
        for step in exercise.steps
        if step.circle is not None
    )
    used = {
        (goal.reader.name, goal.reader.sign): goal.own_range
        for each in sides
        for step in each.steps
        for goal in step.goals
        if goal.own_range is not None
    }
    return Plan(
        exercise=exercise,
        sides=sides,
        circles=circles,
        repetitions=repetitions or exercise.repetitions,
        measures=tuple(sorted(_measures(sides, circles))),
        ranges=used,
    )


def _side_plan(
    exercise: Exercise, side: str | None, hold: float | None, ranges: Ranges | None
) -> SidePlan:
    by_id = {step.id: step for step in exercise.steps}
    steps = tuple(
        _step_plan(step, by_id, side, hold, ranges)
        for step in exercise.steps
        if step.circle is None
    )
    eased = [goal for step in steps for goal in step.goals if goal.ease < 1]
    faults = tuple(rule for fault in exercise.faults for rule in _rules(fault, side))
    return SidePlan(
        side=_reported(side),
        setup=_goals(exercise.setup.targets, side) if exercise.setup else (),
        start_say=fill(exercise.start.say, side),
        start=tuple(_eased_start(goal, eased) for goal in _goals(exercise.start.targets, side)),
        steps=steps,
        faults=tuple(_eased_fault(rule, eased) for rule in faults),
        ends_with_last_step=exercise.ends == "last step",
        any_order=exercise.order == "any",
    )


def _eased_start(goal: Goal, eased: Iterable[Goal]) -> Goal:
    """Draw a start pose back from a target that has come nearer.

    Where the start pose allows a bit of the very movement (upright, give or take 8 degrees) and
    a person's own target is smaller than the textbook's, both would overlap and standing
    still be in both. So the start pose keeps its proportion to the target.
    """
    for scaled in eased:
        same = goal.reader.name == scaled.reader.name and goal.reader.minus is None
        # A start pose has no start to count from; a target that does still must not overlap it.
        if not same:
            continue
        if goal.reader.sign == scaled.reader.sign:
            if 0 < goal.high < scaled.textbook:
                goal = replace(goal, high=goal.high * scaled.ease, stay=goal.stay * scaled.ease)
        elif -scaled.textbook < goal.low < 0:
            goal = replace(goal, low=goal.low * scaled.ease, stay=goal.stay * scaled.ease)
    return goal


def _eased_fault(rule: FaultRule, eased: Iterable[Goal]) -> FaultRule:
    """Draw back what a fault says of the movement itself.

    A fault that compares the movement with a fixed number short of the textbook's target
    ("has turned less than 12 degrees") would blame a person whose own target is there.
    """
    for scaled in eased:
        clauses = tuple(
            tuple(_eased_check(check, scaled) for check in clause) for clause in rule.clauses
        )
        rule = replace(rule, clauses=clauses)
    return rule


def _eased_check(check: Check, scaled: Goal) -> Check:
    reader = check.reader
    if reader.name != scaled.reader.name or reader.minus is not None:
        return check
    if reader.from_start != scaled.reader.from_start:
        return check
    turned = reader.sign * scaled.reader.sign

    def drawn(bound: float) -> float:
        return bound * scaled.ease if 0 < bound * turned < scaled.textbook else bound

    return replace(check, low=drawn(check.low), high=drawn(check.high))


def _step_plan(
    step: Step,
    by_id: dict[str, Step],
    side: str | None,
    hold: float | None,
    ranges: Ranges | None,
) -> StepPlan:
    explicit = any(target.drives for target in step.targets)
    own = tuple(
        Goal.of(target, side, bool(target.drives) if explicit else index == 0, ranges)
        for index, target in enumerate(step.targets)
    )
    kept = tuple(goal for kept in step.keep for goal in _goals(by_id[kept].targets, side, ranges))
    seconds = REACH_S if step.hold is None else (hold if hold is not None else step.hold)
    return StepPlan(
        id=step.id,
        say=fill(step.say, side),
        hold=max(seconds, REACH_S),
        is_hold=step.hold is not None,
        optional=step.optional,
        goals=own + kept,
        drivers=tuple(goal for goal in own if goal.drives),
        early=step.early and step.early.model_copy(update={"cue": fill(step.early.cue, side)}),
    )


def _goals(
    targets: tuple[Target, ...], side: str | None, ranges: Ranges | None = None
) -> tuple[Goal, ...]:
    return tuple(Goal.of(target, side, False, ranges) for target in targets)


def from_own_zero(name: str) -> bool:
    """Whether a measure counts from the person's own zero, so that it is unknown without one."""
    if name.startswith("angle("):
        return False
    found = split_name(name)[0]
    return found.zero_from != "anatomy" or found.heeds_neutral


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
