"""Which correction to give now: one at a time, the most important first, not too often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from posecoach.coach.events import CueGiven, Event, Praised
from posecoach.coach.faults import FaultOf
from posecoach.coach.state import Cue
from posecoach.coach.turns import Turns

_RANK = {"safety": 0, "form": 1, "hint": 2}  # the smaller the number, the more important


@dataclass(slots=True)
class CuePlanner:
    """Chooses among what could be said.

    Attributes:
        current: the cue to show now, None where all is well.
    """

    current: Cue | None = None
    _turns: Turns = field(default_factory=Turns)
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
        if best != before:
            self._turns.begin(time_s, best)
        urgent = best.severity == "safety" and best != before
        if self._turns.take(time_s, best, urgent=urgent):
            if best.fault is not None:
                self._asked.add(FaultOf(best.fault, best.side))
            events.append(CueGiven(time_s, best))
        return events
