"""Which correction to give now: one at a time, the most important first, not too often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from posecoach.coach.events import CueGiven, Event, Praised
from posecoach.coach.state import Cue

REPEAT_S = 8.0
"""The same words are not said again sooner than this."""

APART_S = 2.5
"""Two different cues are at least so far apart: a person needs time to act on one."""

_RANK = {"safety": 0, "form": 1, "hint": 2}


@dataclass(slots=True)
class CuePlanner:
    """Chooses among what could be said.

    Attributes:
        current: the cue to show now, None where all is well.
    """

    current: Cue | None = None
    _said: dict[str, float] = field(default_factory=dict)
    _last_s: float = -1e9

    def update(self, time_s: float, wanted: Iterable[Cue]) -> list[Event]:
        """Take in what is wrong at this moment, most important first within a rank."""
        ranked = sorted(wanted, key=lambda cue: _RANK[cue.severity])
        events: list[Event] = []
        best = ranked[0] if ranked else None
        before = self.current
        if best is None and before is not None and before.fault is not None:
            events.append(Praised(time_s, "That's it"))
        if before in ranked and (best is None or _RANK[best.severity] >= _RANK[before.severity]):
            best = before
        self.current = best
        if best is None:
            return events
        urgent = best.severity == "safety" and best != before
        rested = time_s - self._last_s >= APART_S
        fresh = time_s - self._said.get(best.text, -1e9) >= REPEAT_S
        if fresh and (rested or urgent):
            self._said[best.text] = time_s
            self._last_s = time_s
            events.append(CueGiven(time_s, best))
        return events
