"""The names a definition may use: measures, landmarks, placeholders for the side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from posecoach.body.view import Facing
from posecoach.exercise.problem import did_you_mean, quoted
from posecoach.pose.landmarks import Landmark


class Known(Protocol):
    """What must be known of a measure to check its use; see ``posecoach.body.measure``."""

    @property
    def name(self) -> str: ...
    @property
    def zero(self) -> str: ...
    @property
    def sided(self) -> bool: ...
    @property
    def lateral(self) -> bool: ...
    @property
    def views(self) -> tuple[Facing, ...]: ...
    @property
    def zero_from(self) -> Literal["anatomy", "start", "neutral"]: ...


Catalogue = Mapping[str, Known]
"""Measures by name without side."""


@dataclass(frozen=True, slots=True)
class CircleMeasure:
    """A number read from a whole circle, not from the body at one moment."""

    name: str
    zero: str
    sided: bool = False
    lateral: bool = False
    views: tuple[Facing, ...] = get_args(Facing)
    zero_from: Literal["anatomy", "start", "neutral"] = "anatomy"


CIRCLE_MEASURES: Catalogue = {
    each.name: each
    for each in (
        CircleMeasure("circle_height", "no rise", sided=True),
        CircleMeasure("circle_share", "no rise", sided=True),
        CircleMeasure("circle_shape", "a straight line"),
        CircleMeasure("circle_seconds", "no time"),
    )
}
"""What the faults of an exercise with a circle may ask for too."""

PLACEHOLDERS = ("{side}", "{other}")
SIDES = (*PLACEHOLDERS, "left", "right", "near", "far")
"""What may stand at the end of the name of a measure the body has two of."""
TOWARDS = (*PLACEHOLDERS, "left", "right")

_BRACES = re.compile(r"\{[^{}]*\}?|\}")


@dataclass(frozen=True, slots=True)
class Named:
    """A measure's name taken apart; ``side`` is one of ``SIDES`` or None."""

    measure: Known
    side: str | None


def take_apart(name: str, catalogue: Catalogue, *, sides: bool = True) -> Named | str:
    """Take a measure's name apart; a text says what is wrong with it.

    Args:
        name: as written in a definition.
        catalogue: the measures there are.
        sides: whether placeholders for the side may be proposed.
    """
    if name in catalogue:
        found = catalogue[name]
        if not found.sided:
            return Named(found, None)
        if not sides:
            return f"{quoted(name)} needs a side; write {name}_left, _right, _near or _far"
        return (
            f"{quoted(name)} needs a side; write "
            f"{name}_{{side}} for the working side (or _{{other}}, _left, _right, _near, _far)"
        )
    for side in SIDES:
        base = name.removesuffix(f"_{side}")
        if base == name or base not in catalogue:
            continue
        if base in CIRCLE_MEASURES and side in ("near", "far"):
            return f"a circle has no side that is {side}; write {base}_left or {base}_right"
        if catalogue[base].sided:
            return Named(catalogue[base], side)
        return f"{quoted(name)} has no sides, the body has one of it; write {base}"
    close = did_you_mean(name, _offered(measure_names(catalogue), sides))
    return f"unknown measure {quoted(name)}{close or '; see `posecoach measure --list`'}"


def measure_names(catalogue: Catalogue) -> list[str]:
    """Return every way a measure may be named in a definition."""
    return [
        name
        for base, measure in catalogue.items()
        for name in ([f"{base}_{side}" for side in SIDES] if measure.sided else [base])
    ]


def landmark_names() -> list[str]:
    """Return every way a landmark may be named in a definition."""
    names: list[str] = []
    for landmark in Landmark:
        name = landmark.name.lower()
        if "right" in name:
            continue
        if "left" not in name:
            names.append(name)
            continue
        # The mouth's corners, mouth_left and mouth_right, are too close to be near and far.
        sides = SIDES if name.startswith("left") else TOWARDS
        names.extend(name.replace("left", side) for side in sides)
    return names


def landmark_mistake(name: str, *, sides: bool) -> str | None:
    """Say what is wrong with a landmark's name, if anything; ``sides`` as elsewhere."""
    allowed = landmark_names()
    if name in allowed:
        return None
    close = did_you_mean(name, _offered(allowed, sides))
    return f"unknown landmark {quoted(name)}{close or _landmark_help()}"


def _offered(names: list[str], sides: bool) -> list[str]:
    return [each for each in names if sides or not uses_side(each)]


def _landmark_help() -> str:
    plain = [each.name.lower().replace("left_", "{side}_") for each in Landmark]
    return f" (allowed: {', '.join(each for each in plain if 'right' not in each)})"


def text_mistake(text: str, *, sides: bool) -> str | None:
    """Say what is wrong with the placeholders in a text, if anything.

    Args:
        text: words shown or said.
        sides: whether there is a side to put in.
    """
    for found in _BRACES.findall(text):
        if found not in PLACEHOLDERS:
            close = did_you_mean(found, PLACEHOLDERS) or " (allowed: {side} or {other})"
            return f"unknown placeholder {quoted(found)}{close}"
        if not sides:
            return f"{found} has no meaning here: {NO_SIDE}"
    return None


NO_SIDE = "the exercise has 'sides: none'; name left or right, or write 'sides: each'"


def uses_side(text: object) -> bool:
    """Whether a text has a placeholder for a side."""
    return isinstance(text, str) and any(each in text for each in PLACEHOLDERS)
