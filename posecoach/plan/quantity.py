"""Reading a definition's quantities out of the measured angles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import hypot, nan
from typing import Protocol, cast

from posecoach.exercise.definition import LandmarkAngle, Quantity
from posecoach.observe.spread import Spreads
from posecoach.observe.turns import goes_round, half_turn
from posecoach.plan.sides import fill
from posecoach.pose.pose import Floats

Values = Mapping[str, float]
"""Degrees by full measure name; NaN or missing where unknown."""

Start = Mapping[str, float]
"""Degrees in the start pose by ``Reader.key``, as far as they are known."""


def angle_name(angle: LandmarkAngle, side: str | None) -> str:
    """Name under which an angle of three landmarks is measured: ``angle(a,vertex,b)``."""
    return fill(f"angle({angle.a},{angle.vertex},{angle.b})", side)


@dataclass(frozen=True, slots=True)
class Reader:
    """One quantity for one side: ``sign * (measure - minus)``, from the start if so asked.

    Attributes:
        name: full name of the measure.
        minus: full name of the measure subtracted, or None.
        sign: -1 where the quantity counts up towards the person's right.
        from_start: whether the value in the start pose is subtracted.
        key: under which its value in the start pose is kept, the same of the same quantity.
    """

    name: str
    minus: str | None
    sign: int
    from_start: bool
    key: str = field(init=False, repr=False, compare=False)
    raw: Callable[[Values], float] = field(init=False, repr=False, compare=False)
    """Degrees, not yet from the start; NaN where anything it needs is unknown."""
    read: Callable[[Values, Start], float] = field(init=False, repr=False, compare=False)
    """Degrees; NaN where unknown, or where the start value is wanted and unknown."""

    def __post_init__(self) -> None:
        """Settle what can be: a reader reads, and is looked up, many times a frame."""
        object.__setattr__(self, "key", str(self))
        raw = _reading(self.name, self.minus, self.sign)
        if self.minus is not None and goes_round(self.name):
            raw = _nearer_way(raw)
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "read", self._from_start(raw) if self.from_start else raw)

    def __reduce__(self) -> tuple[type[Reader], tuple[str, str | None, int, bool]]:
        # What was settled holds functions, which do not go to another process.
        return Reader, (self.name, self.minus, self.sign, self.from_start)

    def _from_start(self, raw: Callable[[Values], float]) -> Callable[[Values, Start], float]:
        key = self.key
        if goes_round(self.name):
            return lambda values, start: half_turn(raw(values) - start.get(key, nan))
        if self.minus is None and self.sign > 0:  # as most: in one call
            name = self.name
            return lambda values, start: values.get(name, nan) - start.get(key, nan)
        return lambda values, start: raw(values) - start.get(key, nan)

    @classmethod
    def of(cls, quantity: Quantity, side: str | None) -> Reader:
        """Read ``quantity`` for one working side."""
        if quantity.angle is not None:
            name = angle_name(quantity.angle, side)
        else:
            name = fill(quantity.measure or "", side)
        towards = fill(quantity.towards, side) if quantity.towards else "left"
        return cls(
            name=name,
            minus=fill(quantity.minus, side) if quantity.minus else None,
            sign=-1 if towards == "right" else 1,
            from_start=quantity.from_start,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The measures it needs."""
        return (self.name,) if self.minus is None else (self.name, self.minus)

    def read_many(self, columns: Mapping[str, Floats], start: Start) -> Floats:
        """``read`` of N moments: the same arithmetic, on (N,) degrees by name."""
        return cast("Floats", self.read(cast("Values", columns), start))

    def spread(self, spreads: Spreads) -> float:
        """How far what is read may be off, as a standard deviation in degrees."""
        own = spreads.get(self.name)
        if own is None:
            return 0.0
        if self.minus is not None:
            other = spreads.get(self.minus)
            if other is None or _mirrored(self.name, self.minus):
                return own.sides
            return hypot(own.value, other.value)
        return own.change if self.from_start else own.value


def _mirrored(name: str, other: str) -> bool:
    """Whether two names are of the same measure on the two sides of the body."""
    one, two = name.rpartition("_"), other.rpartition("_")
    return one[0] == two[0] and {one[2], two[2]} in ({"left", "right"}, {"near", "far"})


class _Raw(Protocol):
    def __call__(self, values: Values, start: Start = ..., /) -> float: ...


def _reading(name: str, minus: str | None, sign: int) -> _Raw:
    """A function as short as can be; who counts from no start need not be asked for one."""
    if minus is None and sign > 0:
        return lambda values, start=_NO_START: values.get(name, nan)
    if minus is None:
        return lambda values, start=_NO_START: -values.get(name, nan)
    if sign > 0:
        return lambda values, start=_NO_START: values.get(name, nan) - values.get(minus, nan)
    return lambda values, start=_NO_START: -(values.get(name, nan) - values.get(minus, nan))


def _nearer_way(raw: _Raw) -> _Raw:
    """The same of a difference of directions: 10 from 175 to -175, not -350."""
    return lambda values, start=_NO_START: half_turn(raw(values))


_NO_START: Start = {}
