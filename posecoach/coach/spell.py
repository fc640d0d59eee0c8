"""How long something has been so, seen through moments in which it cannot be told.

Everything that must last (a start pose, a hold, a fault) is followed the same way: what is seen
true before and after a short blind moment is taken as true within it, and what is seen false
for a moment shorter than the grace is not over.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

MAX_GAP_S = 1.0
"""What was not seen for longer leaves a hole in what is known; nothing lasts across it.
Until then a third of the frames may be missing at five a second, three of them in a row."""

ROUNDING_S = 1e-6
"""Sums of times between frames are short of the wanted time by less than this, which is what adding
thousands of them loses; two tenths of a second, too, may be a hair less."""

NEARLY_S = 0.3
"""What lacks less than this of the time it must last is about to be decided: two looks at what is
held. Whether it lasts shows then; looking closer in the seconds before changes nothing."""

BRIDGE_S = 10.0
"""A pose that is held before a gap in the pictures and after it was held in between, if the gap
is no longer: a camera that freezes, a stream that stutters. Nobody changes a stretch and comes
back to the very same pose in less, and most are held for longer."""


@dataclass(slots=True)
class Spell:
    """A condition's present spell.

    Attributes:
        grace: seconds it may be seen false without being over.
        bridge: seconds without any moment, rather than with moments in which it cannot be told,
            across which it lasts.
        since: when the spell began, None while there is none.
        last: when it was last seen true.
        seconds: of the spell in which it was true: blind moments count, false ones do not.
        bridged: seconds of the spell that nobody saw, see ``bridge``.
        refuted: whether the last spell ended by being seen false, rather than by not being seen.
    """

    grace: float = 0.0
    since: float | None = None
    last: float = -inf
    seconds: float = 0.0
    refuted: bool = False
    bridge: float = 0.0
    bridged: float = 0.0
    _heard: float = -inf
    _blind: bool = False
    _false_since: float | None = None

    def see(self, time_s: float, verdict: bool | None) -> bool:
        """Take in one moment, None where it cannot be told; return whether a spell ended."""
        if self.since is None and not verdict:  # as most of what is followed, most of the time
            self._heard = time_s
            return False
        gap, unheard = time_s - self.last, self._heard == self.last
        self._heard = time_s
        lapsed = self.since is not None and gap > MAX_GAP_S
        if lapsed and verdict and unheard and gap <= self.bridge:
            lapsed = False
            self.bridged += gap
        if verdict:
            self._see_true(time_s, lapsed)
            return lapsed
        if verdict is None:
            self._blind = True
        elif self._false_since is None:
            # Seen true until now, it became false right after; after a blind moment who knows when.
            self._false_since = time_s if self._blind else self.last
        false_for = -1.0 if self._false_since is None else time_s - self._false_since
        over = verdict is False and false_for >= self.grace
        if over or lapsed:
            self.refuted = self._false_since is not None
            self.since = None
        return over or lapsed

    def _see_true(self, time_s: float, lapsed: bool) -> None:
        if lapsed:
            self.refuted = False
        if self.since is None or lapsed:
            self.since, self.seconds, self.bridged = time_s, 0.0, 0.0
        elif self._false_since is None:
            self.seconds += time_s - self.last
        self.last = time_s
        self._blind, self._false_since = False, None

    @property
    def wavers(self) -> bool:
        """Whether it was last seen false, for less than the grace."""
        return self.since is not None and self._false_since is not None

    def ripens(self, seconds: float) -> bool:
        """Whether it is on and will soon have lasted for this long."""
        return self.since is not None and 0 < seconds - (self.last - self.since) <= NEARLY_S

    def lasted(self, seconds: float) -> bool:
        """Whether it has been seen so for this long, from the spell's beginning to its last."""
        return self.since is not None and self.last - self.since >= seconds - ROUNDING_S

    def end(self) -> None:
        """Forget the spell."""
        self.since = None
        self.refuted = False
