"""What a session came to: counts, holds, faults, accuracy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    CircleDone,
    Completed,
    Event,
    FaultEnded,
    HoldEnded,
    Seen,
    StartReached,
    Unseen,
)
from posecoach.shares import kept_share


def _counts() -> dict[str, int]:
    return {"left": 0, "right": 0, "both": 0}


@dataclass(frozen=True, slots=True)
class Hidden:
    """A time in which something that is needed could not be seen.

    Attributes:
        start_s: when it was said.
        end_s: when all was seen again; None where the session ended first.
        text: what could not be seen, in words.
    """

    start_s: float
    end_s: float | None
    text: str


@dataclass(slots=True)
class Result:
    """Gathers a session's events; ``as_json`` is the object ``posecoach analyze`` writes.

    Attributes:
        start_s: seconds of the source at the first frame.
        notes: sentences on the recording, kept with the session.
        sights: sentences on what was seen of the person, where it was not what the exercise
            needs; told now, and not kept: the report finds them in what is kept.
        targets: what the person's own ranges have set, see ``scaled_targets``; empty without a
            calibration.
        repetitions, attempts: how many, by "left", "right" and "both".
        holds, faults, ended, circles: the events that tell of them.
        hidden: when something that is needed could not be seen.
        started: whether the start pose was taken.
        completed: whether all that was prescribed was done.
        unsaved: why it is not kept to its end, in a sentence; empty where it is, or need not be.

    Its accuracy is defined in docs/scoring.md: the mean accuracy of the attempts, weighted by how
    long each lasted; None where there was none.
    """

    exercise: str
    source: str
    start_s: float = 0.0
    duration_s: float = 0.0
    frames: int = 0
    frames_with_person: int = 0
    notes: list[str] = field(default_factory=list)
    sights: list[str] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    repetitions: dict[str, int] = field(default_factory=_counts)
    attempts: dict[str, int] = field(default_factory=_counts)
    holds: list[HoldEnded] = field(default_factory=list)
    faults: list[FaultEnded] = field(default_factory=list)
    ended: list[AttemptEnded] = field(default_factory=list)
    circles: list[CircleDone] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    started: bool = False
    completed: bool = False
    unsaved: str = ""

    def add(self, events: Iterable[Event]) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case AttemptBegan():
                    self.attempts[event.side] += 1
                case AttemptEnded():
                    self.ended.append(event)
                    self.repetitions[event.side] += event.completed
                case HoldEnded():
                    self.holds.append(event)
                case FaultEnded():
                    self.faults.append(event)
                case CircleDone():
                    self.circles.append(event)
                    self.attempts["both"] += 1
                    self.repetitions["both"] += event.counted
                case Unseen():
                    self._seen(event.time_s)
                    self.hidden.append(Hidden(event.time_s, None, event.text))
                case StartReached():
                    self.started = True
                case Completed():
                    self.completed = True
                case Seen():
                    self._seen(event.time_s)
                case _:
                    pass

    def _seen(self, time_s: float) -> None:
        """What could not be seen last is over: all is seen, or something else is missing."""
        if self.hidden and self.hidden[-1].end_s is None:
            self.hidden[-1] = replace(self.hidden[-1], end_s=time_s)

    @property
    def accuracy(self) -> float | None:
        """0..1, or None where nothing was attempted."""
        spans = [(each.end_s - each.start_s, each.accuracy) for each in self.ended]
        spans += [(each.end_s - each.start_s, float(each.counted)) for each in self.circles]
        total = sum(seconds for seconds, _ in spans)
        return sum(s * accuracy for s, accuracy in spans) / total if total > 0 else None

    def unseen_in_holds(self) -> list[str]:
        """Sentences on holds in which no new picture came for a while."""
        words = []
        bridged = [hold.bridged_s for hold in self.holds if hold.bridged_s]
        if bridged:
            words.append(
                f"For {sum(bridged):.1f} s of what was held the picture stood still; the pose was "
                "the same before and after, so it counts."
            )
        words += [
            f"At {hold.end_s:.1f} s the picture stood still for {hold.lost_s:.0f} s, which ended "
            "the hold."
            for hold in self.holds
            if hold.lost_s
        ]
        return words

    def untried(self, start_say: str, step_say: str) -> list[str]:
        """A sentence on why no attempt was seen, where that is for nothing else that is said.

        Args:
            start_say, step_say: what the start pose and the first step are, in words.
        """
        if any(self.attempts.values()) or self.hidden or not self.frames_with_person:
            return []
        if not self.started:
            return [f"No attempt was seen, because the start pose was not: {start_say}"]
        return [f"No attempt was seen: from the start pose nothing went far enough. {step_say}"]

    @property
    def _end_s(self) -> float:
        return self.start_s + self.duration_s

    def as_json(self) -> dict[str, Any]:
        """Plain values; times in seconds of the source, rounded to milliseconds."""
        return {
            "exercise": self.exercise,
            "source": self.source,
            "duration_s": round(self.duration_s, 3),
            "frames": self.frames,
            "frames_with_person": self.frames_with_person,
            "repetitions": dict(self.repetitions),
            "attempts": dict(self.attempts),
            "holds": [
                _hold_json(hold) for hold in sorted(self.holds, key=lambda hold: hold.start_s)
            ],
            "faults": [
                _fault_json(fault) for fault in sorted(self.faults, key=lambda fault: fault.start_s)
            ],
            "accuracy": None if self.accuracy is None else kept_share(self.accuracy),
            "circles": [_circle_json(circle) for circle in self.circles],
            "unseen": [
                {
                    "start_s": round(each.start_s, 3),
                    "end_s": round(self._end_s if each.end_s is None else each.end_s, 3),
                    "text": each.text,
                }
                for each in self.hidden
            ],
            "notes": [*self.notes, *self.sights],
            "targets": [dict(each) for each in self.targets],
        }


def _hold_json(hold: HoldEnded) -> dict[str, str | float | bool]:
    return {
        "step": hold.step,
        "side": hold.side,
        "start_s": round(hold.start_s, 3),
        "end_s": round(hold.end_s, 3),
        "held_s": round(hold.held_s, 3),
        "accuracy": kept_share(hold.accuracy),
        "completed": hold.completed,
        "bridged_s": round(hold.bridged_s, 3),
    }


def _fault_json(fault: FaultEnded) -> dict[str, str | float]:
    return {
        "fault": fault.fault,
        "side": fault.side,
        "start_s": round(fault.start_s, 3),
        "end_s": round(fault.end_s, 3),
        "cue": fault.cue,
    }


def _circle_json(circle: CircleDone) -> dict[str, str | float | bool]:
    return {
        "direction": circle.direction,
        "counted": circle.counted,
        "start_s": round(circle.start_s, 3),
        "end_s": round(circle.end_s, 3),
    }
