"""The names a definition may use: measures, landmarks, placeholders for the side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from posecoach.body.measure import Measure
from posecoach.exercise.problem import did_you_mean, quoted
from posecoach.pose.landmarks import Landmark

Catalogue = Mapping[str, Measure]
"""Measures by name without side."""

PLACEHOLDERS = ("{side}", "{other}")
SIDES = (*PLACEHOLDERS, "left", "right", "near", "far")
"""What may stand at the end of the name of a measure the body has two of."""
TOWARDS = (*PLACEHOLDERS, "left", "right")

_BRACES = re.compile(r"\{[^{}]*\}?|\}")


@dataclass(frozen=True, slots=True)
class Named:
    """A measure's name taken apart; ``side`` is one of ``SIDES`` or None."""

    measure: Measure
    side: str | None


def take_apart(name: str, catalogue: Catalogue) -> Named | str:
    """Take a measure's name apart; a text says what is wrong with it."""
    if name in catalogue:
        found = catalogue[name]
        if not found.sided:
            return Named(found, None)
        return (
            f"{quoted(name)} needs a side; write "
            f"{name}_{{side}} for the working side (or _{{other}}, _left, _right, _near, _far)"
        )
    for side in SIDES:
        base = name.removesuffix(f"_{side}")
        if base == name or base not in catalogue:
            continue
        if catalogue[base].sided:
            return Named(catalogue[base], side)
        return f"{quoted(name)} has no sides, the body has one of it; write {base}"
    close = did_you_mean(name, measure_names(catalogue))
    return f"unknown measure {quoted(name)}{close or '; see `posecoach measures list`'}"


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
        # Landmarks have no near and far: which they are changes with the view.
        names.extend([name.replace("left", side) for side in TOWARDS] if "left" in name else [name])
    return names


def landmark_mistake(name: str) -> str | None:
    """Say what is wrong with a landmark's name, if anything."""
    allowed = landmark_names()
    if name in allowed:
        return None
    return f"unknown landmark {quoted(name)}{did_you_mean(name, allowed) or _landmark_help()}"


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
