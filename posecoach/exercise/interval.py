"""Ranges of a quantity, and quantities that are the same however they are written."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from posecoach.body.human import ANGLE, POSSIBLE
from posecoach.exercise.definition import Condition, Quantity, Target
from posecoach.exercise.naming import Catalogue, Named, take_apart

_OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class Interval:
    """Degrees from ``low`` to ``high``, either of which may be infinite."""

    low: float = -inf
    high: float = inf

    def meet(self, other: Interval) -> Interval:
        """Return what both have in common; empty where they have nothing."""
        return Interval(max(self.low, other.low), min(self.high, other.high))

    @property
    def empty(self) -> bool:
        """Whether no value is in it."""
        return self.low > self.high

    @property
    def wide(self) -> bool:
        """Whether it holds more than one value."""
        return self.low < self.high

    def flipped(self) -> Interval:
        """Return the same range counted towards the other side."""
        return Interval(-self.high, -self.low)

    def __str__(self) -> str:
        if self.low == -inf:
            return "any value" if self.high == inf else f"{_number(self.high)} or less"
        if self.high == inf:
            return f"{_number(self.low)} or more"
        return f"{_number(self.low)} to {_number(self.high)}"


def _number(value: float) -> str:
    return f"{value + 0.0:g}"


@dataclass(frozen=True, slots=True)
class Same:
    """What two targets must share to be about the same quantity.

    The side being worked is "left" here: what holds for one side holds for its mirror.
    """

    name: str
    minus: str | None
    from_start: bool


def same(quantity: Quantity, catalogue: Catalogue, side: str | None) -> tuple[Same, bool]:
    """Return which quantity it is, and whether it counts towards the right.

    Args:
        side: what ``{side}`` stands for; None in an exercise without sides.
    """
    if quantity.angle is not None:
        ends = sorted((quantity.angle.a, quantity.angle.b))
        name = _fill(f"angle({ends[0]},{quantity.angle.vertex},{ends[1]})", side)
    else:
        name = _fill(quantity.measure or "", side)
    minus = _fill(quantity.minus, side) if quantity.minus else None
    named = named_measure(quantity, catalogue)
    # What already counts from the start pose is the same with and without saying so.
    from_start = quantity.from_start and not (
        minus is None and named is not None and named.measure.zero_from != "anatomy"
    )
    right = _fill(quantity.towards or "left", side) == "right"
    return Same(name, minus, from_start), right


def named_measure(quantity: Quantity, catalogue: Catalogue) -> Named | None:
    """Return the measure a quantity names, if it names a known one."""
    if quantity.measure is None:
        return None
    named = take_apart(quantity.measure, catalogue)
    return named if isinstance(named, Named) else None


def possible(quantity: Quantity, catalogue: Catalogue) -> Interval:
    """Return what values a quantity can have in a living person, as far as is known."""
    if quantity.angle is not None:
        whole = Interval(*ANGLE)
    else:
        named = named_measure(quantity, catalogue)
        if named is None or named.measure.name not in POSSIBLE:
            return Interval()
        whole = Interval(*POSSIBLE[named.measure.name])
    if quantity.towards is not None and quantity.towards in ("right", "{other}"):
        whole = whole.flipped()
    if quantity.minus is None and not quantity.from_start:
        return whole
    width = whole.high - whole.low  # a difference of two values of the same kind
    return Interval(-width, width) if quantity.minus is None else Interval()


def wanted(target: Target) -> Interval:
    """Return a target's range."""
    return Interval(target.low_deg, target.high_deg)


def wrong(condition: Condition) -> tuple[Interval, ...]:
    """Return the ranges in which a fault's condition is true."""
    if condition.above is not None:
        return (Interval(low=condition.above),)
    if condition.below is not None:
        return (Interval(high=condition.below),)
    if condition.outside is not None:
        low, high = condition.outside
        return Interval(high=low), Interval(low=high)
    assert condition.inside is not None  # the schema wants one of the four
    return (Interval(*condition.inside),)


def _fill(text: str, side: str | None) -> str:
    if side is None:
        return text
    return text.replace("{side}", side).replace("{other}", _OTHER[side])
