"""A drawing: a few marks on a rectangle, with what it shows in words.

Charts and skeletons are made of it; ``svg`` writes it into a page, ``pdf`` onto paper. How a
mark looks is its role's affair (see ``style``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from posecoach.report.style import ROLES

Point: TypeAlias = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, or a filled shape where ``closed``."""

    role: str
    points: tuple[Point, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A round mark."""

    role: str
    centre: Point
    radius: float
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle from its upper left corner."""

    role: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``y`` is its baseline, ``size`` its height in the drawing's units."""

    role: str
    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = 11.0


Mark: TypeAlias = Path | Circle | Rect | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks, and the same in words for who cannot see them.

    Attributes:
        width, height: of the rectangle; y counts down.
        title: what it is; description: what can be read from it.
    """

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]

    def __post_init__(self) -> None:
        for mark in self.marks:
            if mark.role not in ROLES:
                raise ValueError(f"no role {mark.role!r}")


def side_mark(side: str, x: float, y: float, size: float = 4.0) -> Mark:
    """Left is round, right is square, both is a lozenge."""
    if side == "left":
        return Circle("left", (x, y), size)
    if side == "right":
        return Rect("right", x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8)
    return lozenge("both", x, y, size * 1.3)


def lozenge(role: str, x: float, y: float, size: float) -> Path:
    """A square on its corner."""
    return Path(role, ((x, y - size), (x + size, y), (x, y + size), (x - size, y)), closed=True)


def triangle(role: str, x: float, y: float, size: float = 4.5) -> Path:
    """A triangle, the mark of a fault."""
    return Path(
        role, ((x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)), closed=True
    )


def line(role: str, *points: Point) -> Path:
    """A line."""
    return Path(role, points)


_NARROW, _WIDE = "fijlrt.,:;'|!()[] -", "mwMW%@…"
"""Letters of clearly less and more than a usual width."""
_NARROW_EM, _USUAL_EM, _CAPITAL_EM, _WIDE_EM = 0.42, 0.64, 0.8, 1.0
"""Parts of a letter's height that they take at most in DejaVu Sans, which is wider than what
browsers write with."""


def text_width(text: str, size: float) -> float:
    """How wide a line of text may become, in the drawing's units."""
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if letter in _WIDE:
        return _WIDE_EM
    if letter in _NARROW:
        return _NARROW_EM
    return _CAPITAL_EM if letter.isupper() else _USUAL_EM


def shortened(text: str, room: float, size: float) -> str:
    """As much of a text as has room, with an ellipsis where that is not all."""
    if text_width(text, size) <= room:
        return text
    for end in range(len(text) - 1, 0, -1):
        short = f"{text[:end].rstrip()}…"
        if text_width(short, size) <= room:
            return short
    return "…"
