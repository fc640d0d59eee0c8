"""Which measures tell a position, and where its range begins.

A position is asked for by few numbers: the measure that moves most, beyond what it may be off,
drives the step, and the next few keep its form. Each bound lies between where the body came from
and where it stayed, nearer to the stay: people differ in how far they get by more than one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from posecoach.body.catalogue import CATALOGUE, split_name
from posecoach.learn.demonstration import Demonstration
from posecoach.learn.draft import Wanted
from posecoach.learn.motion import ROUNDABOUT, sides_differ
from posecoach.learn.phrases import PHRASES
from posecoach.learn.places import Place, doubt
from posecoach.learn.wording import whole
from posecoach.shares import percent

REACHED = 0.6
"""Part of the way shown from which on a step is done: half of it has a name as a fault (half the
range), and it is nearer to the stay than to the start pose ..."""

LEAST_SHOWN = 0.8
"""... and no more than this part of the smallest that was shown ..."""

HALF = 0.5
"""... but half of the way in any case: a stay that is seen nearer to the start pose was misread, or
was no stay in the step, and a step may not begin where the start pose still is."""

LEFT = 0.4
"""Part of the way up to which the start pose goes: it ends before the step begins."""

FORM_DEG = 15.0
"""What changes by less is not asked for as form: twice what a body sways by, and more than two
people differ by with a goniometer (Norkin and White: 5 degrees)."""

SETUP_DEG = 30.0
"""Likewise what a start pose differs by from what comes before it: a third of a right angle."""

FORGIVEN_DEG = 5.0
"""What is forgiven once a pose is reached: two who measure the same joint differ by so much (Norkin
and White)."""

START_FREE = 0.1
"""Part of the way that the start pose forgives where that is less, for of a small movement five
degrees would be most of it."""

SHARED = 0.1
"""Part of its way that a measure is worth which another step has as well: the least, for a step
must be told by something, and any other comes first."""

CLEAR = 5.0
"""Form is asked for only where it is this many times as far as it may be off."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One measure as a definition writes it.

    Attributes:
        column: full name under which it was measured, on the left where a side works.
        written: as a definition names it.
    """

    column: str
    written: str

    @property
    def stem(self) -> str:
        """The measure without side."""
        return split_name(self.column)[0].name

    @property
    def lateral(self) -> bool:
        """Whether its sign is a side."""
        return CATALOGUE[self.stem].lateral


def features(shown: Demonstration, sided: bool) -> list[Feature]:
    """What a definition may ask for, each once.

    Args:
        sided: whether it is written once for both sides.
    """
    found: list[Feature] = []
    frontal = all(f"shoulder_abduction_{each}" in shown.columns for each in ("left", "right"))
    for column in shown.columns:
        measure, side = split_name(column)
        if measure.name in ROUNDABOUT or measure.name not in PHRASES:
            continue
        if measure.name == "shoulder_flexion" and frontal and not shown.from_the_side:
            continue
        if measure.name == "shoulder_abduction" and (shown.from_the_side or not frontal):
            continue
        if measure.name == "trunk_inclination" and not shown.from_the_side:
            continue
        if side is None:
            found.append(Feature(column, column))
        elif shown.from_the_side and not sides_differ(shown, measure.name):
            if side == shown.near:
                found.append(Feature(column, f"{measure.name}_near"))
        elif sided:
            role = "{side}" if side == "left" else "{other}"
            found.append(Feature(column, f"{measure.name}_{role}"))
        else:
            found.append(Feature(column, column))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Chooser:
    """Chooses the targets of the positions of one demonstration.

    Attributes:
        sided: whether the definition is written for ``{side}``.
        trusted: whether to ask only for what the view can be trusted with.
        form: how many measures beside the driver a position may ask for.
        reached: part of the way shown from which on a position is taken.
        start, setup, steps: the positions.
    """

    shown: Demonstration
    sided: bool
    trusted: bool
    form: int
    reached: float
    start: Place
    setup: Place | None
    steps: tuple[Place, ...]

    @property
    def features(self) -> list[Feature]:
        """All that a position may be told by."""
        every = features(self.shown, self.sided)
        if not self.trusted:
            return every
        return [f for f in every if self.shown.facing in CATALOGUE[f.stem].views]

    def drivers(self, index: int) -> list[Feature]:
        """What moves most in a step, and no other step has; on both sides where both do it."""
        step = self.steps[index]
        worth = {f: self._worth(f, index) for f in self.features}
        best = max(worth, key=lambda f: (worth[f], f.column))
        way = _way(best, step, self.start)
        both = [
            f
            for f in worth
            if f.stem == best.stem
            and worth[f] >= worth[best] / 2
            and _way(f, step, self.start) * way > 0
        ]
        return sorted(both, key=lambda f: f.column)

    def step(self, index: int) -> tuple[Wanted, ...]:
        """The targets of a step: its drivers, then its form."""
        place, drivers = self.steps[index], self.drivers(index)
        wanted = [
            replace(self._bound(f, place, self.start, "in the start pose"), drives=True)
            for f in drivers
        ]
        form = [f for f in self._form(place, self.start, FORM_DEG) if f not in drivers]
        kept = [f for f in self._kept() if f not in drivers]
        for each in self._some(kept + form, self.form, {f.stem for f in drivers}):
            base, called = (
                (self.setup, "before it") if each in kept else (self.start, "in the start pose")
            )
            assert base is not None
            wanted.append(replace(self._bound(each, place, base, called), tolerated=True))
        return tuple(wanted)

    def does(self, index: int, values: Mapping[str, float]) -> bool:
        """Whether a stop elsewhere has gone the way of a step, whatever else was different."""
        for feature in self.drivers(index):
            rest = self.start.values[feature.column].deg
            if (values[feature.column] - rest) / _way(feature, self.steps[index], self.start) < (
                self.reached
            ):
                return False
        return True

    def start_pose(self) -> tuple[Wanted, ...]:
        """The targets of the start pose: short of every step; with what is kept from then on."""
        wanted: dict[str, Wanted] = {}
        for index, step in enumerate(self.steps):
            for feature in self.drivers(index):
                mine = self._short_of(feature, step)
                before = wanted.get(mine.measure + mine.towards)
                wanted[mine.measure + mine.towards] = (
                    mine if before is None else _both(before, mine)
                )
        for feature in self.kept():
            assert self.setup is not None
            key = feature.written
            mine = self._bound(feature, self.start, self.setup, "before it")
            if key not in wanted:
                wanted[key] = mine
        return tuple(wanted.values())

    def kept(self) -> list[Feature]:
        """What the start pose is told by, from what came before it."""
        return self._some(self._kept(), 2, set())

    def setup_pose(self) -> tuple[Wanted, ...]:
        """The targets of what comes before the start pose."""
        assert self.setup is not None
        found = self._some(self._form(self.setup, self.start, SETUP_DEG), 2, set())
        return tuple(self._bound(f, self.setup, self.start, "in the start pose") for f in found)

    # -- which ------------------------------------------------------------------------------

    def _clear(self, feature: Feature, one: Place, two: Place) -> float:
        a, b = one.values[feature.column], two.values[feature.column]
        return abs(a.deg - b.deg) / doubt(self.shown, feature.column, a, b)

    def _worth(self, feature: Feature, index: int) -> float:
        """How surely a measure tells a step from the start pose and from every other step."""
        step = self.steps[index]
        way = _way(feature, step, self.start)
        apart = abs(way)
        for number, other in enumerate(self.steps):
            if number == index:
                continue
            beyond = (_way(feature, step, self.start) - _way(feature, other, self.start)) * (
                1 if way > 0 else -1
            )
            apart = min(apart, max(beyond, SHARED * abs(way)))
        value, rest = step.values[feature.column], self.start.values[feature.column]
        # A side to which somebody goes less far makes the measure no worse.
        apart -= value.apart + rest.apart
        return apart / self.shown.spreads[feature.column].change

    def _form(self, place: Place, base: Place, least: float) -> list[Feature]:
        """What a position differs by from another, the clearest first."""
        clear = {f: self._clear(f, place, base) for f in self.features}
        found = [f for f in clear if clear[f] >= CLEAR and abs(_way(f, place, base)) >= least]
        return sorted(found, key=lambda f: (-clear[f], f.column))

    def _kept(self) -> list[Feature]:
        """What the start pose and every step have, and what came before has not."""
        if self.setup is None:
            return []
        found = self._form(self.start, self.setup, SETUP_DEG)
        return [
            f
            for f in found
            if all(
                _way(f, step, self.setup) / _way(f, self.start, self.setup) >= REACHED
                for step in self.steps
            )
        ]

    def _some(self, found: Iterable[Feature], count: int, stems: set[str]) -> list[Feature]:
        """Those of the first few stems, with both sides of each."""
        chosen: list[Feature] = []
        mine: list[str] = []
        for feature in found:
            if feature.stem in stems:
                continue
            if feature.stem not in mine:
                if len(mine) == count:
                    continue
                mine.append(feature.stem)
            if feature not in chosen:
                chosen.append(feature)
        return sorted(chosen, key=lambda f: (mine.index(f.stem), f.column))

    # -- where ------------------------------------------------------------------------------

    def _bound(self, feature: Feature, place: Place, base: Place, called: str) -> Wanted:
        """From so much of the way on that a position is taken."""
        value, rest = place.values[feature.column], base.values[feature.column]
        way = value.deg - rest.deg
        least = LEAST_SHOWN * (value.nearest(rest.deg) - rest.deg)
        part = max(min(self.reached * abs(way), abs(least)), HALF * abs(way))
        bound = rest.deg + (part if way > 0 else -part)
        off = doubt(self.shown, feature.column, value)
        origin = (
            f"Shown: {whole(value.deg)} (give or take {off:.0f}), and {whole(rest.deg)} {called}. "
            f"Asked for from {percent((bound - rest.deg) / way)} of that way on."
        )
        return self._wanted(feature, bound, way > 0, origin)

    def _short_of(self, feature: Feature, step: Place) -> Wanted:
        """Up to so much of the way that the start pose goes; where a side works, to both sides."""
        value, rest = step.values[feature.column], self.start.values[feature.column]
        way = value.deg - rest.deg
        origin = (
            f"Shown: {whole(rest.deg)}, and {whole(value.deg)} in the step. "
            f"Left once {percent(LEFT)} of that way are gone."
        )
        stay = float(floor(min(FORGIVEN_DEG, START_FREE * abs(way)) * 2) / 2)
        bound = rest.deg + LEFT * way
        # What counts from the person's own zero is unknown until they have rested in this pose.
        own_zero = CATALOGUE[feature.stem].zero_from != "anatomy"
        if feature.lateral and self.sided:
            most = float(ceil(abs(rest.deg) + LEFT * abs(way)))
            return Wanted(feature.written, -most, most, stay, origin, tolerated=own_zero)
        low, high = (None, float(ceil(bound))) if way > 0 else (float(floor(bound)), None)
        return Wanted(feature.written, low, high, stay, origin, tolerated=own_zero)

    def _wanted(self, feature: Feature, bound: float, at_least: bool, origin: str) -> Wanted:
        """One bound, with what to say while it is not met."""
        towards = ""
        if feature.lateral and self.sided:
            # Written so that what is asked for is positive.
            towards = "{side}" if bound >= 0 else "{other}"
            if bound < 0:
                bound, at_least = -bound, not at_least
        phrase = PHRASES[feature.stem]
        toward = towards or ("left" if at_least else "right")
        cue = cue_words(feature, phrase.more if at_least else phrase.less, toward)
        low, high = (float(floor(bound)), None) if at_least else (None, float(ceil(bound)))
        return Wanted(feature.written, low, high, FORGIVEN_DEG, origin, towards, cue=cue)


def _both(one: Wanted, two: Wanted) -> Wanted:
    """Short of two steps, on either side."""
    lows = [each for each in (one.low, two.low) if each is not None]
    highs = [each for each in (one.high, two.high) if each is not None]
    return replace(
        one,
        low=max(lows) if lows else None,
        high=min(highs) if highs else None,
        stay=min(one.stay, two.stay),
        origin=f"{one.origin} {two.origin}",
    )


def _way(feature: Feature, place: Place, base: Place) -> float:
    return place.values[feature.column].deg - base.values[feature.column].deg


def part_words(feature: Feature, also: Sequence[Feature] = ()) -> str:
    """The part of the body a measure is of: "left arm", "both arms", "{side} arm"."""
    phrase = PHRASES[feature.stem]
    if not CATALOGUE[feature.stem].sided:
        return phrase.part
    if any(other.stem == feature.stem and other != feature for other in also):
        return f"both {phrase.parts}"
    for side in ("{side}", "{other}", "left", "right"):
        if feature.written.endswith(f"_{side}"):
            return f"{side} {phrase.part}"
    return phrase.parts


def cue_words(feature: Feature, words: str, towards: str, also: Sequence[Feature] = ()) -> str:
    """Fill a phrase."""
    filled = words.replace("{part}", part_words(feature, also)).replace("{toward}", towards)
    return filled.replace("your both", "both")
