"""Plain words for measures and landmarks."""

from __future__ import annotations

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


def body_part(measure: str) -> str:
    """The part of the body a measure is about: ``elbow_flexion_left`` is "left elbow"."""
    if measure.startswith("angle("):
        return measure[6:-1].split(",")[1].replace("_", " ")
    words = measure.split("_")
    part = _PARTS.get(words[0], words[0])
    return f"{words[-1]} {part}" if words[-1] in ("left", "right") else part


def listed(parts: list[str]) -> str:
    """``["a", "b", "c"]`` as "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
