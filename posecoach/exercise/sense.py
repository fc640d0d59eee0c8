"""What is written correctly and still cannot work, or hardly be meant.

Interval arithmetic over the targets: ranges nobody can reach, steps that are reached together,
faults that would be told to somebody who does everything right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from posecoach.body.human import IN_POSTURE
from posecoach.exercise.definition import (
    AllOf,
    AnyOf,
    Condition,
    Exercise,
    Fault,
    Quantity,
    Step,
    Target,
)
from posecoach.exercise.interval import (
    Interval,
    Same,
    named_measure,
    possible,
    same,
    wanted,
    wrong,
)
from posecoach.exercise.naming import CIRCLE_MEASURES, Catalogue, Named
from posecoach.exercise.problem import Problems, listed, quoted
from posecoach.exercise.reading import Step as Way

Steps = tuple[Way, ...]
Region = Mapping[Same, Interval]
"""The values a pose allows, by quantity."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part of the exercise and the way to it in the file."""

    at: Steps
    target: Target


def check_sense(exercise: Exercise, catalogue: Catalogue, problems: Problems) -> None:
    """Note what cannot work in a definition whose names are all known."""
    _Sense(exercise, catalogue, problems).check()


class _Sense:
    def __init__(self, exercise: Exercise, catalogue: Catalogue, problems: Problems) -> None:
        self._exercise = exercise
        self._catalogue = {**catalogue, **CIRCLE_MEASURES}
        self._problems = problems
        self._side = "left" if exercise.sides == "each" else None
        self._named = {(at[:-1], quantity.measure) for at, quantity in self._quantities()}

    def check(self) -> None:
        for placed in self._targets():
            self._check_target(placed)
            self._check_quantity(placed.at, placed.target, (wanted(placed.target),))
        for at, fault in self._faults():
            for condition_at, condition in _conditions(at, fault):
                self._check_quantity(condition_at, condition, wrong(condition))
                self._check_can_happen(condition_at, condition)
        self._check_circles()
        self._check_posture()
        regions = self._regions()
        self._check_told_apart(regions)
        self._check_faults(regions)

    # Parts and their places

    def _targets(self) -> Iterator[_Placed]:
        for key, pose in (("setup", self._exercise.setup), ("start", self._exercise.start)):
            if pose is not None:
                yield from _placed((key,), pose.targets)
        for index, step in enumerate(self._exercise.steps):
            yield from _placed(("steps", index), step.targets)

    def _faults(self) -> Iterator[tuple[Steps, Fault]]:
        for index, fault in enumerate(self._exercise.faults):
            yield ("faults", index), fault

    def _quantities(self) -> Iterator[tuple[Steps, Quantity]]:
        for placed in self._targets():
            yield placed.at, placed.target
        for at, fault in self._faults():
            yield from _conditions(at, fault)

    # One target, one quantity

    def _check_target(self, placed: _Placed) -> None:
        at, target = placed.at, placed.target
        limits = possible(target, self._catalogue)
        if wanted(target).meet(limits).empty:
            self._problems.warning(
                at,
                f"cannot be met: {wanted(target)} is wanted, and {_called(target)} goes from "
                f"{limits}{self._zero(target)}",
            )
        if target.of_range is None:
            for key in ("floor", "limit"):
                if getattr(target, key) is not None:
                    self._problems.warning(
                        (*at, key), "has no effect without 'of_range'; delete it, or add of_range"
                    )
            return
        self._check_scaled(at, target)

    def _check_scaled(self, at: Steps, target: Target) -> None:
        textbook, floor, limit = target.low_deg, target.floor, target.limit
        if limit is not None and limit < textbook:
            self._problems.error(
                (*at, "limit"),
                f"found {limit:g}, but 'at_least' already asks for {textbook:g}; "
                "give a limit above it",
            )
        if limit is not None and limit > target.high_deg:
            self._problems.error(
                (*at, "limit"), f"found {limit:g}, above 'at_most' ({target.high_deg:g})"
            )
        if floor is not None and limit is not None and floor > limit:
            self._problems.error(
                (*at, "floor"), f"found {floor:g}, above 'limit' ({limit:g}); make it smaller"
            )
        elif floor is not None and floor > textbook:
            self._problems.warning(
                (*at, "floor"),
                f"found {floor:g}, more than 'at_least' ({textbook:g}) asks of somebody without "
                "a calibration",
            )
        if floor is None:
            self._problems.warning(
                (*at, "of_range"),
                "without 'floor' a very small range would make the target so small that the "
                "start pose may meet it; add the least that is still the exercise",
            )

    def _check_quantity(self, at: Steps, quantity: Quantity, ranges: tuple[Interval, ...]) -> None:
        for key in ("measure", "minus"):
            self._check_view(at, quantity, key)
        named = named_measure(quantity, self._catalogue)
        if named is None or self._side is None:
            return
        symmetric = {(one.low, one.high) for one in ranges} == {
            (one.flipped().low, one.flipped().high) for one in ranges
        }
        both = self._mirrored(at, named) or (quantity.minus is not None and symmetric)
        if named.side in ("left", "right") and not both:
            self._problems.warning(
                (*at, "measure"),
                f"found {quoted(quantity.measure)} in an exercise written once for both sides; "
                "with {side} or {other} it would be mirrored",
            )
        if named.measure.lateral and quantity.towards is None and not symmetric:
            self._problems.warning(
                at,
                f"{named.measure.name} counts towards the person's left on both sides; add "
                "'towards: \"{side}\"' or 'towards: \"{other}\"'",
            )

    def _mirrored(self, at: Steps, named: Named) -> bool:
        """Whether the same list names the other side too, so that both are meant."""
        other = "right" if named.side == "left" else "left"
        return (at[:-1], f"{named.measure.name}_{other}") in self._named

    def _check_view(self, at: Steps, quantity: Quantity, key: str) -> None:
        name = quantity.measure if key == "measure" else quantity.minus
        if name is None:
            return
        named = named_measure(Quantity(measure=name), self._catalogue)
        views = self._exercise.view
        if named is None:
            return
        trusted = named.measure.views
        bad = [view for view in views if view not in trusted]
        if bad:
            self._problems.warning(
                (*at, key),
                f"{named.measure.name} cannot be trusted in the view {listed(bad)}; "
                f"it is seen from {listed(trusted)}",
            )
        if named.side in ("near", "far") and not {"left", "right", "three-quarter"} & {*views}:
            self._problems.warning(
                (*at, key), f"no side is {named.side} in the view {listed(views)}; name the side"
            )

    def _check_can_happen(self, at: Steps, condition: Condition) -> None:
        limits = possible(condition, self._catalogue)
        if all(not part.meet(limits).wide for part in wrong(condition)):
            self._problems.warning(
                at,
                f"can never happen: {_called(condition)} goes from {limits}{self._zero(condition)}",
            )

    def _zero(self, quantity: Quantity) -> str:
        named = named_measure(quantity, self._catalogue)
        return f" (0 is: {named.measure.zero})" if named else ""

    def _check_circles(self) -> None:
        round_and_round = any(step.circle is not None for step in self._exercise.steps)
        for index, step in enumerate(self._exercise.steps):
            at = ("steps", index)
            if step.circle is not None and step.lasting is None:
                self._problems.warning(
                    at, "a step with a circle needs 'lasting', the seconds to go on for"
                )
            if step.circle is not None and step.hold is not None:
                self._problems.warning(
                    (*at, "hold"), "a circle is not held; write 'lasting' for its duration"
                )
            if step.circle is None and step.lasting is not None:
                self._problems.warning(
                    (*at, "lasting"), "is for steps with a circle; write 'hold' to stay in a pose"
                )
            elif step.circle is None and round_and_round:
                self._problems.warning(
                    at, "is not followed beside steps with a circle; make it an exercise of its own"
                )

    def _check_posture(self) -> None:
        """Whether the start pose can be taken in one of the postures; a figure shows it, too."""
        targets = self._exercise.start.targets
        clashes = [self._clash(posture, targets) for posture in self._exercise.posture]
        if all(clashes):
            self._problems.warning(("start",), f"cannot be taken: {'; '.join(clashes)}")

    def _clash(self, posture: str, targets: Iterable[Target]) -> str:
        """Say which target no body in this posture can meet; empty where there is none."""
        needed = IN_POSTURE.get(posture, {})
        for target in targets:
            named = named_measure(target, self._catalogue)
            if named is None or target.from_start or target.minus is not None:
                continue
            limits = needed.get(named.measure.name)
            if limits is not None and wanted(target).meet(Interval(*limits)).empty:
                return (
                    f"{_called(target)} at {wanted(target)} is no longer {posture!r}, which has "
                    f"{Interval(*limits)}"
                )
        return ""

    # Poses against each other

    def _regions(self) -> dict[str, Region]:
        """Return what each step allows, with what it keeps of the others; note contradictions."""
        by_id = {step.id: step for step in self._exercise.steps}
        regions: dict[str, Region] = {}
        for index, step in enumerate(self._exercise.steps):
            kept = [by_id[name].targets for name in step.keep]
            targets = [*step.targets, *(each for targets in kept for each in targets)]
            regions[step.id] = self._region(targets, ("steps", index))
        return regions

    def _region(self, targets: Iterable[Target], at: Steps) -> Region:
        region: dict[Same, Interval] = {}
        for target in targets:
            quantity, interval = self._range(target)
            before = region.get(quantity, Interval())
            both = before.meet(interval)
            if both.empty:
                self._problems.error(
                    at,
                    f"two targets for {_called(target)} cannot be met together: "
                    f"{before} and {interval}",
                )
                continue
            region[quantity] = both
        return region

    def _range(self, target: Target) -> tuple[Same, Interval]:
        quantity, right = same(target, self._catalogue, self._side)
        interval = wanted(target)
        return quantity, interval.flipped() if right else interval

    def _start(self, others: Iterable[Region]) -> Region:
        """Return what the start pose allows: what it says, and 0 for what counts from it."""
        region = dict(self._region(self._exercise.start.targets, ("start",)))
        for other in others:
            for quantity in other:
                if self._counts_from_start(quantity):
                    region.setdefault(quantity, Interval(0, 0))
        return region

    def _counts_from_start(self, quantity: Same) -> bool:
        if quantity.from_start:
            return True
        named = named_measure(Quantity(measure=quantity.name), self._catalogue)
        return quantity.minus is None and named is not None and named.measure.zero_from != "anatomy"

    def _check_told_apart(self, regions: Mapping[str, Region]) -> None:
        # A circle has no position of its own, and an optional step may be left out.
        steps = [
            (index, step)
            for index, step in enumerate(self._exercise.steps)
            if step.circle is None and not step.optional
        ]
        if not steps:
            return
        start = self._start(regions.values())
        ends = [steps[0]] if self._exercise.ends == "last step" else [steps[0], steps[-1]]
        for index, step in ends:
            if not _disjoint(start, regions[step.id]):
                self._problems.warning(
                    ("steps", index),
                    f"cannot be told from the start pose: no target of {quoted(step.id)} excludes "
                    "it; give the start pose a range that ends before the step's begins",
                )
        for (_, before), (index, after) in pairwise(steps):
            self._check_pair(before, after, index, regions)

    def _check_pair(
        self, before: Step, after: Step, index: int, regions: Mapping[str, Region]
    ) -> None:
        one, two = regions[before.id], regions[after.id]
        if two and two.keys() <= one.keys() and not _disjoint(one, two):
            self._problems.warning(
                ("steps", index),
                f"cannot be told from step {quoted(before.id)}: every target overlaps with one of "
                "its targets; separate at least one range",
            )

    # Faults against poses

    def _check_faults(self, regions: Mapping[str, Region]) -> None:
        for at, fault in self._faults():
            for step_id in fault.during or regions:
                fires = self._fires(fault, regions[step_id])
                if fires is not None:
                    self._problems.warning(
                        (*at, "when"),
                        f"would be told in a correct pose: step {quoted(step_id)} allows "
                        f"{fires}, where this is a fault",
                    )
                    break

    def _fires(self, fault: Fault, region: Region) -> str | None:
        """Say which values a pose allows although they are a fault, if there are any."""
        sides = [self._side]
        if self._side is None and "{side}" in fault.when.model_dump_json():
            sides = ["left", "right"]
        for side in sides:
            for clause in _clauses(fault):
                fires = self._clause_fires(clause, region, side)
                if fires is not None:
                    return fires
        return None

    def _clause_fires(
        self, clause: tuple[Condition, ...], region: Region, side: str | None
    ) -> str | None:
        """A clause is true where all its conditions are; what no target limits may be true."""
        left: dict[Same, list[Interval]] = {}
        for condition in clause:
            quantity, right = same(condition, self._catalogue, side)
            if quantity not in region:
                return None
            ranges = [each.flipped() if right else each for each in wrong(condition)]
            known = left.get(quantity, [region[quantity]])
            left[quantity] = [
                both for one in known for two in ranges if (both := one.meet(two)).wide
            ]
            if not left[quantity]:
                return None
        return " and ".join(f"{quantity.name} at {ranges[0]}" for quantity, ranges in left.items())


def _placed(at: Steps, targets: Iterable[Target]) -> Iterator[_Placed]:
    for index, target in enumerate(targets):
        yield _Placed((*at, "targets", index), target)


def _conditions(at: Steps, fault: Fault) -> Iterator[tuple[Steps, Condition]]:
    when = fault.when
    at = (*at, "when")
    if isinstance(when, Condition):
        yield at, when
        return
    key = "any" if isinstance(when, AnyOf) else "all"
    for index, part in enumerate(when.any if isinstance(when, AnyOf) else when.all):
        if isinstance(part, AllOf):
            for inner, condition in enumerate(part.all):
                yield (*at, key, index, "all", inner), condition
        else:
            yield (*at, key, index), part


def _clauses(fault: Fault) -> list[tuple[Condition, ...]]:
    """Return the alternatives of a fault's condition, each of tests that must all be true."""
    when = fault.when
    parts = when.any if isinstance(when, AnyOf) else (when,)
    return [part.all if isinstance(part, AllOf) else (part,) for part in parts]


def _disjoint(one: Region, two: Region) -> bool:
    return any(one[quantity].meet(two[quantity]).empty for quantity in one.keys() & two.keys())


def _called(quantity: Quantity) -> str:
    return quantity.measure or "the angle"
