"""Form faults: a condition over the measures that lasts, and says itself that it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from posecoach.coach.events import Event, FaultBegan, FaultEnded
from posecoach.coach.instant import Instant
from posecoach.coach.spell import Spell
from posecoach.coach.state import Cue
from posecoach.plan.quantity import Start
from posecoach.plan.rule import FaultRule
from posecoach.plan.sides import Side

GRACE_S = 0.3
"""A condition that is false for less than this is still the same fault: four frames at 15 a second,
of which a landmark that jumps may spoil one or two."""


class FaultOf(NamedTuple):
    """Which fault, on which side."""

    fault: str
    side: Side


@dataclass(slots=True)
class FaultReport:
    """What has been told of one fault.

    Attributes:
        text: the cue, as the values stood when it showed first.
        told: whether the fault has been reported and is not over yet.
        start_s: when the reported fault began.
    """

    rule: FaultRule
    text: str = ""
    told: bool = False
    start_s: float = 0.0

    @property
    def of(self) -> FaultOf:
        """Which fault it is."""
        return FaultOf(self.rule.id, self.rule.side)

    def begin(self, time_s: float, start_s: float) -> FaultBegan:
        """Report that it began at ``start_s``, which is known now."""
        self.told, self.start_s = True, start_s
        return FaultBegan(time_s, self.rule.id, self.rule.side, start_s)

    def end(self, end_s: float, time_s: float | None = None) -> list[Event]:
        """Report that it ended; nothing where it began only after what turned out its end."""
        self.told = False
        if end_s <= self.start_s:
            return []
        known_s = end_s if time_s is None else time_s
        return [
            FaultEnded(known_s, self.rule.id, self.rule.side, self.start_s, end_s, self.text),
        ]

    def cue(self, measure: str | None = None) -> Cue:
        """The correction to give while it lasts."""
        return Cue(self.text, self.rule.id, self.rule.side, measure, self.rule.severity)


@dataclass(slots=True)
class FaultWatch(FaultReport):
    """Follows one fault through time.

    Attributes:
        began_s: when the condition became true, now or the last time.
        spell: the time in which it is true.
    """

    began_s: float = inf
    spell: Spell = field(default_factory=lambda: Spell(GRACE_S))

    @property
    def since(self) -> float | None:
        """When the condition became true, None while it is not."""
        return self.spell.since

    @property
    def last(self) -> float:
        """When the condition was last seen true."""
        return self.spell.last

    @property
    def undecided(self) -> bool:
        """Whether it is seen and not told yet, or told and perhaps over."""
        return self.spell.wavers if self.told else self.spell.ripens(self.rule.lasting)

    @property
    def refuted(self) -> bool:
        """Whether it was seen to be over, rather than not seen any more."""
        return self.since is None and self.spell.refuted

    def see(self, now: Instant, start: Start, present: bool | None) -> None:
        """Take in a moment in which the condition is true, or was until now.

        Args:
            present: whether it is true; None where that cannot be told.
        """
        spell = self.spell
        before = spell.since
        spell.see(now.time_s, present)
        if spell.since is not None and spell.since != before:
            self.began_s = spell.since
            self.text = self.rule.cue_text(now.values, start)

    def lasted_within(self, start_s: float, end_s: float) -> bool:
        """Whether the spell that is on, or was last, took most of a time or lasted in it."""
        common = min(self.last, end_s) - max(self.began_s, start_s)
        return common >= min(self.rule.lasting, (end_s - start_s) / 2)

    def ripe(self, not_before: float, until: float = inf) -> bool:
        """Whether it has lasted long enough between two times."""
        if self.since is None:
            return False
        return min(self.last, until) - max(self.since, not_before) >= self.rule.lasting

    def is_fault(self, step: str | None, not_before: float, until: float) -> bool:
        """Whether it has, and is a fault in this step (None: in all)."""
        return self._belongs_to(step) and self.ripe(not_before, until)

    def was_fault(self, step: str, not_before: float) -> bool:
        """Whether it is over, and was a fault in this step."""
        lasted_s = self.last - max(self.began_s, not_before)
        return self.since is None and self._belongs_to(step) and lasted_s >= self.rule.lasting

    def _belongs_to(self, step: str | None) -> bool:
        return step is None or not self.rule.steps or step in self.rule.steps


class Way(NamedTuple):
    """When a movement began, for the faults that are its own.

    Attributes:
        left_s: when the start pose was left.
        moved_s: when the movement itself began. What was over by then is not its fault; what was
            still on is, from when the start pose was left: a chin that comes up before the
            sweep and is down again at its end was up in it.
    """

    left_s: float
    moved_s: float

    def own_s(self, watch: FaultWatch) -> float:
        """From when on what is seen of a fault belongs to the movement."""
        return self.left_s if watch.last >= self.moved_s else self.moved_s


WHOLE = Way(-inf, -inf)
"""Of a movement that has no beginning: all that is seen belongs to it."""


class Faults:
    """All faults that one follower looks for.

    Attributes:
        mended: faults seen to be corrected in this frame, while the movement goes on.
        fresh: faults that were told in this frame.
        on: those that show now or did a moment ago, or are told: at most times none.
    """

    def __init__(self, rules: Iterable[FaultRule]) -> None:
        self.watches = tuple(FaultWatch(rule) for rule in rules)
        self._each = [(watch, watch.rule.present, watch.spell) for watch in self.watches]
        self.on: list[FaultWatch] = []
        self.mended: list[FaultOf] = []
        self.fresh: list[FaultWatch] = []

    def see(self, now: Instant, start: Start) -> None:
        """Take in one frame, without a judgement yet."""
        self.mended, self.fresh, self.on = [], [], []
        values, spreads = now.values, now.spreads
        for watch, is_present, spell in self._each:
            present = is_present(values, start, spreads)
            if present or spell.since is not None:
                watch.see(now, start, present)
                self.on.append(watch)
            elif watch.told:
                self.on.append(watch)

    def judge(
        self,
        time_s: float,
        *,
        going_on: bool = True,
        step: str | None = None,
        way: Way = WHOLE,
        until_s: float = inf,
    ) -> list[Event]:
        """Report those that have lasted long enough, and those that are over.

        Args:
            going_on: whether a movement is under way; else faults end, and none begins.
            step: id of the step being done; None where faults are judged in all.
            way: when the movement began.
            until_s: when it was over, as far as that is known.
        """
        events: list[Event] = []
        for watch in self.on:
            if watch.told:
                if watch.since is None:
                    if watch.refuted and going_on:
                        self.mended.append(watch.of)
                    events += watch.end(watch.last)
            elif going_on and watch.is_fault(step, own_s := way.own_s(watch), until_s):
                assert watch.since is not None
                events.append(watch.begin(time_s, max(watch.since, own_s)))
                self.fresh.append(watch)
        return events

    def look_back(self, time_s: float, step: str, way: Way) -> list[Event]:
        """Report those that were over by the time it was sure that a movement had begun.

        Args:
            time_s: when that is.
            step: id of the step being done.
            way: when the movement began.
        """
        events: list[Event] = []
        for watch in self.watches:
            own_s = way.own_s(watch)
            if not watch.told and watch.was_fault(step, own_s):
                events.append(watch.begin(time_s, max(watch.began_s, own_s)))
                events += watch.end(watch.last, time_s)
                self.fresh.append(watch)
        return events

    def close(self, until_s: float, time_s: float | None = None) -> list[Event]:
        """The movement is over, and its faults with it."""
        events: list[Event] = []
        for watch in self.on:
            if watch.told:
                events += watch.end(min(watch.last, until_s), time_s)
        return events

    @property
    def told(self) -> list[FaultWatch]:
        """Those that have been reported and are not over yet."""
        return [watch for watch in self.on if watch.told]
