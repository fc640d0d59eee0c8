"""What the coach made of one clip, against what is true of it.

Counts are exact where the number on every side is right. A hold is found where both its ends are
within ``HOLD_WITHIN_S``. A fault is told where one of the same id and side (or "both") overlaps
its labelled time widened by ``FAULT_WITHIN_S``; one is told wrongly where it overlaps no labelled
fault so widened. Nothing is taken out of a denominator because the program did not see it, but
for what ``apart`` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOLD_WITHIN_S = 0.5
FAULT_WITHIN_S = 1.0
FULL, MODERATE = 0.9, 0.7
"""Grades of a fault: 1 is as in the first clips. 0.9 and more is full, 0.7 to 0.9 moderate."""
SIDES = ("left", "right", "both")

THREAD = "childs-pose-thread-the-needle"
TWIST = ("overhead-reach", "trunk-twists")
NO_FAULT = ("half-range",)
"""Labelled beside the faults, and none: a small range of motion."""


@dataclass(frozen=True)
class FaultFound:
    """A labelled fault and whether it was told."""

    fault: str
    side: str
    start_s: float
    end_s: float
    told: bool
    apart: bool

    def __str__(self) -> str:
        return f"{self.fault} {self.side} {self.start_s:.1f}-{self.end_s:.1f} s"


@dataclass(frozen=True)
class Row:
    """One clip coached as its own exercise.

    Attributes:
        folder: where the clip lies.
        grade: severity of its faults, 1 where the label has none.
        hold_errors: of each correct hold, the larger error of its two ends, None where no
            completed hold of its step and side was found at all.
        wrong: faults told that overlap no labelled one.
        misnamed: faults told during a labelled one of another id, and during none of theirs.
        unseen: what the program said that it could not see.
    """

    clip: str
    folder: str
    label: Mapping[str, Any] = field(repr=False)
    expected: Mapping[str, int]
    found: Mapping[str, int]
    hold_errors: tuple[tuple[str, float | None], ...]
    faults: tuple[FaultFound, ...]
    wrong: tuple[str, ...]
    misnamed: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def exercise(self) -> str:
        """Id of the exercise shown."""
        return str(self.label["exercise"])

    @property
    def person(self) -> str:
        """Who does it."""
        return str(self.label["person"])

    @property
    def correct(self) -> bool:
        """Whether nothing in the clip is a fault."""
        return not [f for f in self.label["faults"] if f["fault"] not in NO_FAULT]

    @property
    def grade(self) -> float:
        """Severity of the clip's faults."""
        return float(self.label.get("severity") or 1.0)

    @property
    def apart(self) -> bool:
        """Whether the clip is left out of every figure and printed apart."""
        return self.exercise == THREAD and not str(self.label["view"]).startswith("side")

    @property
    def exact(self) -> bool:
        """Whether the repetitions of every side are right."""
        return dict(self.expected) == dict(self.found)

    @property
    def holds_found(self) -> int:
        """Correct holds found at both ends."""
        return sum(e is not None and e <= HOLD_WITHIN_S for _, e in self.hold_errors)

    def reason(self) -> str:
        """What went wrong, in words; empty where nothing did."""
        parts = []
        if not self.exact:
            parts.append(f"counted {_counts(self.found)} for {_counts(self.expected)}")
        lost = [step for step, e in self.hold_errors if e is None]
        late = [f"{step} {e:.1f} s" for step, e in self.hold_errors if e and e > HOLD_WITHIN_S]
        if lost:
            parts.append(f"holds not found: {', '.join(lost)}")
        if late:
            parts.append(f"holds off by: {', '.join(late)}")
        missed = [str(f) for f in self.faults if not f.told and not f.apart]
        if missed:
            parts.append(f"not told: {', '.join(missed)}")
        if self.wrong:
            parts.append(f"told wrongly: {', '.join(self.wrong)}")
        if parts and self.unseen:
            parts.append(f"said: {self.unseen[0]}")
        return "; ".join(parts)

    def badness(self) -> float:
        """How much went wrong: counts first, then wrong faults, missed ones, holds."""
        count = sum(abs(self.expected[side] - self.found[side]) for side in SIDES)
        missed = sum(not f.told and not f.apart for f in self.faults)
        return 2 * count + 1.5 * len(self.wrong) + missed + len(self.hold_errors) - self.holds_found


def judge(path: Path, label: Mapping[str, Any], result: Mapping[str, Any]) -> Row:
    """Compare a result with the truth."""
    known = [fault for fault in label["faults"] if fault["fault"] not in NO_FAULT]
    told = list(result["faults"])
    wrong, misnamed = [], []
    for each in told:
        during = [fault for fault in known if _overlap(fault, each)]
        if not during:
            wrong.append(_told(each))
        elif not any(_same(fault, each) for fault in during):
            misnamed.append(_told(each))
    return Row(
        clip=path.stem,
        folder=path.parent.name,
        label=label,
        expected={side: label["repetitions"][side] for side in SIDES},
        found={side: result["repetitions"][side] for side in SIDES},
        hold_errors=tuple(
            (f"{hold['step']} {hold['start_s']:.0f} s", _hold_error(hold, result))
            for hold in label["holds"]
            if hold["correct"]
        ),
        faults=tuple(
            FaultFound(
                fault["fault"],
                fault["side"],
                fault["start_s"],
                fault["end_s"],
                told=any(_same(fault, each) and _overlap(fault, each) for each in told),
                apart=(label["exercise"], fault["fault"]) == TWIST,
            )
            for fault in known
        ),
        wrong=tuple(wrong),
        misnamed=tuple(misnamed),
        unseen=tuple(each["text"] for each in result["unseen"]),
    )


def _hold_error(hold: Mapping[str, Any], result: Mapping[str, Any]) -> float | None:
    return min(
        (
            max(abs(each["start_s"] - hold["start_s"]), abs(each["end_s"] - hold["end_s"]))
            for each in result["holds"]
            if (each["step"], each["side"]) == (hold["step"], hold["side"]) and each["completed"]
        ),
        default=None,
    )


def _overlap(true: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return bool(
        found["start_s"] <= true["end_s"] + FAULT_WITHIN_S
        and found["end_s"] >= true["start_s"] - FAULT_WITHIN_S
    )


def _same(true: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    sides = {true["side"], found["side"]}
    return true["fault"] == found["fault"] and (len(sides) == 1 or "both" in sides)


def _told(fault: Mapping[str, Any]) -> str:
    return f"{fault['fault']} {fault['side']} {fault['start_s']:.1f}-{fault['end_s']:.1f} s"


def _counts(counts: Mapping[str, int]) -> str:
    return " ".join(f"{side[0]}{number}" for side, number in counts.items() if number) or "0"
