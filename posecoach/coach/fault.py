"""Form faults: a condition over the measures that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from posecoach.coach.spell import Spell
from posecoach.plan.quantity import Reader, Values
from posecoach.plan.rule import FaultRule

GRACE_S = 0.3
"""A condition that is false for less than this is still the same fault."""


@dataclass(slots=True)
class FaultWatch:
    """Follows one fault through time.

    Attributes:
        text: the cue, as the values stood when the condition became true.
        told: whether the fault has been reported and is not over yet.
        start_s: when the reported fault began.
    """

    rule: FaultRule
    text: str = ""
    told: bool = False
    start_s: float = 0.0
    _spell: Spell = field(default_factory=lambda: Spell(GRACE_S))

    @property
    def since(self) -> float | None:
        """When the condition became true, None while it is not."""
        return self._spell.since

    @property
    def last(self) -> float:
        """When the condition was last seen true."""
        return self._spell.last

    @property
    def mended(self) -> bool:
        """Whether it was seen to be over, rather than not seen any more."""
        return self.since is None and self._spell.refuted

    def see(self, time_s: float, values: Values, start: Mapping[Reader, float]) -> None:
        """Take in one frame."""
        spell = self._spell
        before = spell.since
        spell.see(time_s, self.rule.present(values, start))
        if spell.since is not None and spell.since != before:
            self.text = self.rule.cue_text(values, start)

    def ripe(self, not_before: float, until: float = inf) -> bool:
        """Whether it has lasted long enough between two times."""
        if self.since is None:
            return False
        return min(self.last, until) - max(self.since, not_before) >= self.rule.lasting
