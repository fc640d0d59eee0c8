"""What the camera cannot see of what is needed: told once, until it is seen again.

Who was told that nobody is seen, and then stands there half seen, is told what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isnan, nan

from posecoach.coach.events import Event, Seen, Unseen
from posecoach.plan.plan import from_own_zero
from posecoach.plan.quantity import Values
from posecoach.plan.words import body_part, listed, together

UNSEEN_S = 1.0
"""What cannot be seen for so long is said; a blink is not. As long as everything lasts unseen
(``spell.MAX_GAP_S``): from then on something is lost."""


class UnseenWatch:
    """Follows whether all that is needed is seen.

    Attributes:
        text: words for what cannot be seen now, empty while all is seen.
    """

    def __init__(self, camera: str) -> None:
        """Take the words that say where the camera must be."""
        self.text = ""
        self._camera = camera
        self._seen_s: float | None = None
        self._told: frozenset[str] = frozenset()
        self._is_told = False
        self._nobody_is_told = False
        self._nobody_s = -inf

    def update(
        self,
        time_s: float,
        values: Values,
        needed: Iterable[str],
        moving: bool,
        zero_say: str = "",
    ) -> list[Event]:
        """Take in one moment.

        Args:
            values: degrees by measure; empty where nobody is seen.
            needed: the measures that must be known now.
            moving: whether a movement is under way. Until one is, what was told stays told while
                it is not seen, though another pose may not need it: nothing became better.
            zero_say: words for the pose of the person's zero, where that was not seen yet: what
                counts from it is unknown for no other reason.
        """
        if not values:
            self._nobody_s = time_s
        known = values.get
        unknown = [name for name in needed if isnan(known(name, nan))]
        if self._told and not moving:
            unknown += [name for name in sorted(self._told) if isnan(values.get(name, nan))]
        if values and not unknown:
            self._seen_s = time_s
            self.text = ""
            if self._is_told:
                self._told, self._is_told, self._nobody_is_told = frozenset(), False, False
                return [Seen(time_s)]
            return []
        if self._seen_s is None:
            self._seen_s = time_s
        if time_s - self._seen_s < UNSEEN_S:
            return []
        from_zero = zero_say and all(map(from_own_zero, unknown))
        self.text = NOBODY if not values else zero_say if from_zero else self._words(unknown)
        came = self._nobody_is_told and time_s - self._nobody_s >= UNSEEN_S
        if self._is_told and not came:
            return []
        self._told, self._is_told = frozenset(unknown if values else ()), True
        self._nobody_is_told = not values
        return [Unseen(time_s, self.text)]

    def forget(self) -> None:
        """Something else is asked for: what was needed before need not be seen any more."""
        self._told = frozenset()

    def _words(self, unknown: list[str]) -> str:
        parts = together(map(body_part, unknown))
        return f"I can't see your {listed(parts[:3])}. {self._camera}"


NOBODY = "I can't see you. Come into the picture."
