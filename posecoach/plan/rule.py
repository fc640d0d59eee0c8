"""Form faults as conditions, settled for one side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from math import inf, isnan
from typing import Literal

from posecoach.exercise.definition import AllOf, AnyOf, Condition, CueByDirection, Fault
from posecoach.observe.spread import BEYOND_DOUBT, EXACT, Spreads
from posecoach.plan.quantity import Reader, Start, Values
from posecoach.plan.sides import Side, fill


@dataclass(frozen=True, slots=True)
class Check:
    """One condition for one side.

    Attributes:
        reader: where its value comes from.
        low, high: bounds, degrees.
        inside: whether the fault is a value between the bounds rather than beyond them.
        context: whether it only tells when the fault is looked for: the best estimate decides.
    """

    reader: Reader
    low: float
    high: float
    inside: bool
    context: bool = False

    @classmethod
    def of(cls, condition: Condition, side: str | None) -> Check:
        """Settle a definition's condition for one side."""
        reader, context = Reader.of(condition, side), condition.context
        if condition.above is not None:
            return cls(reader, -inf, condition.above, False, context)
        if condition.below is not None:
            return cls(reader, condition.below, inf, False, context)
        if condition.outside is not None:
            return cls(reader, *condition.outside, False, context)
        assert condition.inside is not None  # the schema demands one of the four
        return cls(reader, *condition.inside, True, context)

    def holds(self, value: float, spread: float = 0.0) -> bool | None:
        """Whether the condition is true beyond reasonable doubt.

        Args:
            value: degrees, NaN where unknown.
            spread: how far it may be off, a standard deviation.

        Returns:
            False where the value itself says no. None where it is unknown, and where it says
            yes and its spread leaves room for doubt: then nothing is claimed.
        """
        if isnan(value):
            return None
        low, high = self.low, self.high
        if (low <= value <= high) is not self.inside:
            return False
        room = 0.0 if self.context else BEYOND_DOUBT * spread
        if self.inside:
            return True if low + room <= value <= high - room else None
        return True if value < low - room or value > high + room else None

    def shows(self, values: Values, start: Start, spreads: Spreads) -> bool | None:
        """Whether it is true now, as ``holds`` tells it."""
        spread = 0.0 if self.context else self.reader.spread(spreads)
        return self.holds(self.reader.read(values, start), spread)


_Checked = tuple[Callable[[Values, Start], float], float, float, bool]
"""A check taken apart: how its value is read, its bounds, and whether it is one between them."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A form fault for one side, with its numbers settled.

    Attributes:
        id, side: what is reported.
        steps: ids of the steps it is judged in; empty for all.
        clauses: it is there where all checks of any one clause are true.
        lasting: seconds.
    """

    id: str
    side: Side
    steps: tuple[str, ...]
    clauses: tuple[tuple[Check, ...], ...]
    lasting: float
    severity: Literal["safety", "form", "hint"]
    spoils: bool
    instead: bool
    cue: str | CueByDirection
    _checks: tuple[tuple[tuple[_Checked, ...], tuple[Check, ...]], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Settle what can be: each rule is asked once a frame and side."""
        checks = tuple(
            (tuple((each.reader.read, each.low, each.high, each.inside) for each in clause), clause)
            for clause in self.clauses
        )
        object.__setattr__(self, "_checks", checks)

    def __reduce__(self) -> tuple[type[FaultRule], tuple[object, ...]]:
        # What was settled holds functions, which do not go to another process.
        return FaultRule, tuple(getattr(self, each.name) for each in fields(self) if each.init)

    @classmethod
    def of(cls, fault: Fault, side: str | None, reported: Side) -> FaultRule:
        """Settle a definition's fault for one side."""
        when = fault.when
        if isinstance(when, Condition):
            parts: tuple[Condition | AllOf, ...] = (when,)
        else:
            parts = when.any if isinstance(when, AnyOf) else (when,)
        clauses = tuple(
            tuple(Check.of(c, side) for c in (part.all if isinstance(part, AllOf) else (part,)))
            for part in parts
        )
        return cls(
            id=fault.id,
            side=reported,
            steps=fault.during or (),
            clauses=clauses,
            lasting=fault.lasting,
            severity=fault.severity,
            spoils=fault.spoils,
            instead=fault.instead,
            cue=_filled(fault.cue, side),
        )

    def present(self, values: Values, start: Start, spreads: Spreads = EXACT) -> bool | None:
        """Whether the fault shows now; None where it cannot be told."""
        unknown = False
        for checked, clause in self._checks:
            for read, low, high, inside in checked:
                value = read(values, start)
                # What ``holds`` says first: of most conditions, most of the time, that is all.
                if (low <= value <= high) is not inside and value == value:
                    break
            else:
                if all(check.shows(values, start, spreads) for check in clause):
                    return True
                unknown = True
        return None if unknown else False

    def cue_text(self, values: Values, start: Start) -> str:
        """What to say: a fault with two ways to be wrong tells which."""
        if isinstance(self.cue, str):
            return self.cue
        for clause in self.clauses:
            for check in clause:
                value = check.reader.read(values, start)
                if check.holds(value) and not (check.inside or check.context):
                    return self.cue.low if value < check.low else self.cue.high
        return self.cue.low


def _filled(cue: str | CueByDirection, side: str | None) -> str | CueByDirection:
    if isinstance(cue, str):
        return fill(cue, side)
    return CueByDirection(low=fill(cue.low, side), high=fill(cue.high, side))
