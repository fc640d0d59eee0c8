"""Plain words for measures and landmarks."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from posecoach.plan.match import TargetState

_PARTS = {
    "elbow": "elbow",
    "shoulder": "shoulder",
    "hip": "hip",
    "knee": "knee",
    "knees": "knees",
    "trunk": "trunk",
    "spine": "back",
    "neck": "head",
}

_OF_THE_ARM = ("shoulder_flexion", "shoulder_abduction")
"""They tell where the arm is: a shoulder may be in the middle of the picture without it."""


def body_part(measure: str) -> str:
    """The part of the body a measure is about: ``elbow_flexion_left`` is "left elbow"."""
    if measure.startswith("angle("):
        return measure[6:-1].split(",")[1].replace("_", " ")
    words = measure.split("_")
    part = "arm" if measure.startswith(_OF_THE_ARM) else _PARTS.get(words[0], words[0])
    return f"{words[-1]} {part}" if words[-1] in ("left", "right") else part


def together(parts: Iterable[str]) -> list[str]:
    """``["left arm", "right arm", "trunk"]`` as ``["arms", "trunk"]``; each once, in order."""
    named = dict.fromkeys(parts)
    found: dict[str, None] = {}
    for part in named:
        side, _, rest = part.partition(" ")
        other = {"left": "right", "right": "left"}.get(side)
        found[f"{rest}s" if other and f"{other} {rest}" in named else part] = None
    return list(found)


def listed(parts: list[str]) -> str:
    """``["a", "b", "c"]`` as "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def of_own_range(target: TargetState) -> str:
    """How far a scaled target has come: "28° of your 31°; textbook 35°".

    Empty where the target is not scaled by the person's own range, or not seen.
    """
    if target.own_range is None or target.textbook is None or not isfinite(target.value):
        return ""
    return (
        f"{abs(round(target.value))}° of your {round(target.own_range)}°; "
        f"textbook {round(target.textbook)}°"
    )
