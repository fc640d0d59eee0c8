"""Sums of a session that lists and charts show, kept while it goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from posecoach.body.measure import Reading
from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    CircleDone,
    Event,
    FaultEnded,
    HoldEnded,
)
from posecoach.observe.precision import KNOWN
from posecoach.store.values import MeasuredRange, Tally

_WIDEST = 360
"""Degrees either way that are counted apart; what lies beyond counts with the last."""
_SHARE = 0.01
"""Of the time at either end of a range that is left out: what is misread for a frame is no
range."""
_SLOWEST_S = 0.5
"""A frame stands for the time since the one before, but never for more than this."""


@dataclass(slots=True)
class _Sum:
    repetitions: int = 0
    attempts: int = 0
    faults: int = 0
    held_s: float = 0.0
    tried_s: float = 0.0
    weighted: float = 0.0

    def tried(self, seconds: float, accuracy: float) -> None:
        self.tried_s += seconds
        self.weighted += seconds * accuracy


@dataclass(slots=True)
class Tallies:
    """Counts by side, and how long each measure was at which angle."""

    _sums: dict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    _seconds: dict[str, np.ndarray] = field(default_factory=dict)
    _last_s: float | None = None

    def add_events(self, events: Iterable[Event]) -> bool:
        """Take in what happened; tell whether it changed a count."""
        changed = False
        for event in events:
            changed |= self._add(event)
        return changed

    def _add(self, event: Event) -> bool:
        match event:
            case AttemptBegan():
                self._sums[event.side].attempts += 1
            case AttemptEnded():
                sums = self._sums[event.side]
                sums.repetitions += event.completed
                sums.tried(event.end_s - event.start_s, event.accuracy)
            case HoldEnded():
                self._sums[event.side].held_s += event.held_s
            case FaultEnded():
                self._sums[event.side].faults += 1
            case CircleDone():
                sums = self._sums["both"]
                sums.attempts += 1
                sums.repetitions += event.counted
                sums.tried(event.end_s - event.start_s, float(event.counted))
            case _:
                return False
        return True

    def add_readings(self, time_s: float, readings: Mapping[str, Reading]) -> None:
        """Take in one moment."""
        lasted = 0.0 if self._last_s is None else min(max(time_s - self._last_s, 0.0), _SLOWEST_S)
        self._last_s = time_s
        for name, reading in readings.items():
            if reading.confidence >= KNOWN:
                if name not in self._seconds:
                    self._seconds[name] = np.zeros(2 * _WIDEST + 1)
                degree = round(min(max(float(reading.value), -_WIDEST), _WIDEST))
                self._seconds[name][degree + _WIDEST] += lasted

    def tallies(self) -> dict[str, Tally]:
        """Return the counts by side, of those something was done on."""
        return {
            side: Tally(
                repetitions=sums.repetitions,
                attempts=sums.attempts,
                faults=sums.faults,
                held_s=sums.held_s,
                accuracy=sums.weighted / sums.tried_s if sums.tried_s > 0 else None,
                tried_s=sums.tried_s,
            )
            for side, sums in self._sums.items()
        }

    def ranges(self) -> dict[str, MeasuredRange]:
        """Return between which angles each measure moved, to a degree."""
        return {name: _range(seconds) for name, seconds in self._seconds.items() if seconds.any()}


def _range(seconds: Sequence[float] | np.ndarray) -> MeasuredRange:
    total = float(np.sum(seconds))
    below = np.cumsum(seconds)
    low = int(np.searchsorted(below, _SHARE * total, side="right"))
    high = int(np.searchsorted(below, (1 - _SHARE) * total, side="left"))
    return MeasuredRange(float(low - _WIDEST), float(high - _WIDEST), total)
