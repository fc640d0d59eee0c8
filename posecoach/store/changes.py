"""What a replay changes, in lines of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from posecoach.plan.sides import SIDES
from posecoach.session.result import Result


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was counted or measured.

    Attributes:
        what: in words.
        then, now: what it was and what it is; None where there is none.
    """

    what: str
    then: float | None
    now: float | None

    @property
    def changed(self) -> bool:
        """Whether it is another."""
        return self.then != self.now


def compare(then: Result, now: Result) -> list[Change]:
    """Return repetitions, attempts, holds, faults and accuracy of both, where there are any."""
    return [line for line in _lines(then, now) if line.then or line.now]


def _lines(then: Result, now: Result) -> Iterator[Change]:
    for side in SIDES:
        tail = "" if side == "both" else f", {side}"
        yield Change(f"repetitions{tail}", then.repetitions[side], now.repetitions[side])
        yield Change(f"attempts{tail}", then.attempts[side], now.attempts[side])
    holds = [Counter((h.step, h.side) for h in each.holds if h.completed) for each in (then, now)]
    for step, side in sorted(holds[0].keys() | holds[1].keys()):
        tail = "" if side == "both" else f", {side}"
        yield Change(f"holds of {step}{tail}", holds[0][step, side], holds[1][step, side])
    held = [round(sum(hold.held_s for hold in each.holds), 1) for each in (then, now)]
    yield Change("seconds held", *held)
    faults = [Counter((f.fault, f.side) for f in each.faults) for each in (then, now)]
    for fault, side in sorted(faults[0].keys() | faults[1].keys()):
        tail = "" if side == "both" else f", {side}"
        yield Change(f"fault {fault}{tail}", faults[0][fault, side], faults[1][fault, side])
    yield Change("accuracy %", _percent(then.accuracy), _percent(now.accuracy))


def _percent(accuracy: float | None) -> float | None:
    return None if accuracy is None else round(100 * accuracy, 1)
