"""Which correction to give now: one at a time, the most important first, not too often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from posecoach.coach.events import CueGiven, Event, Praised
from posecoach.coach.faults import FaultOf
from posecoach.coach.state import Cue

REPEAT_S = 8.0
"""The same words are not said again sooner than this: about once a
repetition. Whoever is told at every turn learns to wait for it (Winstein and Schmidt 1990, on the
frequency of feedback)."""

APART_S = 2.5
"""Two different cues are at least so far apart: five words take two seconds to say, and a person
needs time to act on them."""

_RANK = {"safety": 0, "form": 1, "hint": 2}  # the smaller the number, the more important


@dataclass(slots=True)
class CuePlanner:
    """Chooses among what could be said.

    Attributes:
        current: the cue to show now, None where all is well.
    """

    current: Cue | None = None
    _said: dict[str, float] = field(default_factory=dict)
    _last_s: float = -inf
    _asked: set[FaultOf] = field(default_factory=set)

    @property
    def waits(self) -> bool:
        """Whether something is shown, or somebody was asked to mend something."""
        return self.current is not None or bool(self._asked)

    def update(
        self, time_s: float, wanted: Iterable[Cue], mended: Iterable[FaultOf] = ()
    ) -> list[Event]:
        """Take in this moment.

        Args:
            wanted: what is wrong, most important first within a rank.
            mended: faults that have just been seen to be corrected. Whoever was
                asked to is praised for it, if nothing else is at fault; a fault that is over
                because the movement is, or is not seen any more, earns none.
        """
        ranked = sorted(wanted, key=lambda cue: _RANK[cue.severity])
        events: list[Event] = []
        best = ranked[0] if ranked else None
        before = self.current
        if (best is None or best.fault is None) and not self._asked.isdisjoint(mended):
            events.append(Praised(time_s, "That's it"))
        self._asked &= {FaultOf(cue.fault, cue.side) for cue in ranked if cue.fault}
        if before in ranked and (best is None or _RANK[best.severity] >= _RANK[before.severity]):
            best = before
        self.current = best
        if best is None:
            return events
        urgent = best.severity == "safety" and best != before
        rested = time_s - self._last_s >= APART_S
        fresh = time_s - self._said.get(best.text, -inf) >= REPEAT_S
        if fresh and (rested or urgent):
            if best.fault is not None:
                self._asked.add(FaultOf(best.fault, best.side))
            self._said[best.text] = time_s
            self._last_s = time_s
            events.append(CueGiven(time_s, best))
        return events
