"""Where things stand on the screen, for any window size: pure geometry.

Landscape windows have the picture at the left, the panel (side, ring, repetitions, what
comes next) at the right and the one sentence along the bottom; portrait windows stack them.
Words never lie on the picture, so they can be read whatever the camera sees, and the person
is never covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

SMALLEST = (160, 120)
"""A window smaller than this (width, height) is drawn as if it were this large."""


class Rect(NamedTuple):
    """A rectangle in whole pixels, x right, y down."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.w // 2, self.y + self.h // 2

    def inset(self, by: int) -> Rect:
        """The rectangle smaller by ``by`` on every side, never less than one pixel."""
        return Rect(self.x + by, self.y + by, max(1, self.w - 2 * by), max(1, self.h - 2 * by))

    def meets(self, other: Rect) -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def holds(self, other: Rect) -> bool:
        """Whether ``other`` lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one window size; none overlaps another.

    Attributes:
        size: (width, height) of the window.
        unit: 1 % of the height that text sizes are counted in.
        picture, title, side, ring, dots, next, sentence: the places.
        portrait: whether the window is higher than wide.
    """

    size: tuple[int, int]
    unit: float
    picture: Rect
    title: Rect
    side: Rect
    ring: Rect
    dots: Rect
    next: Rect
    sentence: Rect
    portrait: bool

    @property
    def places(self) -> tuple[Rect, ...]:
        """All places, for whoever wants to see that they do not overlap."""
        return (
            self.picture,
            self.title,
            self.side,
            self.ring,
            self.dots,
            self.next,
            self.sentence,
        )


def layout(size: tuple[int, int]) -> Layout:
    """Divide a window of ``size`` (width, height) in pixels."""
    width, height = max(size[0], SMALLEST[0]), max(size[1], SMALLEST[1])
    return _portrait(width, height) if height > width else _landscape(width, height)


def _landscape(width: int, height: int) -> Layout:
    # Text is counted in the height, but a window much wider than high has little of it and
    # a nearly square one has little width for the panel: take what both can carry.
    unit = min(height, width * 0.75) / 100
    gap = round(2 * unit)
    band = round(max(20.5 * unit, 0.16 * height))
    panel = round(min(48 * unit, 0.31 * width))
    left = width - panel - gap
    sentence = Rect(gap, height - band - gap, width - 2 * gap, band)
    top, foot = gap, sentence.y - gap
    picture = Rect(gap, top, left - 2 * gap, foot - top)
    title = Rect(left, top, panel, round(6 * unit))
    side = Rect(left, title.bottom, panel, round(7.5 * unit))
    after = Rect(left, foot - round(8 * unit), panel, round(8 * unit))
    dots_height = round(13 * unit)
    dots = Rect(left, after.y - gap - dots_height, panel, dots_height)
    ring = Rect(left, side.bottom + gap, panel, dots.y - gap - side.bottom - gap)
    return Layout(
        (width, height), unit, picture, title, side, ring, dots, after, sentence, portrait=False
    )


def _portrait(width: int, height: int) -> Layout:
    unit = min(height * 0.6, width) / 100
    gap = round(2.2 * unit)
    inner = width - 2 * gap
    head = round(8 * unit)
    title = Rect(gap, gap, inner * 55 // 100, head)
    side = Rect(title.right + gap, gap, width - gap - title.right - gap, head)
    band = round(max(33 * unit, 0.14 * height))
    lower = round(min(48 * unit, 0.3 * height))
    sentence = Rect(gap, height - gap - lower - gap - band, inner, band)
    picture = Rect(gap, title.bottom + gap, inner, sentence.y - gap - title.bottom - gap)
    ring = Rect(gap, height - gap - lower, lower, lower)
    column = Rect(ring.right + 2 * gap, ring.y, width - gap - ring.right - 2 * gap, lower)
    dots = Rect(column.x, column.y + lower // 8, column.w, lower * 3 // 8)
    after = Rect(column.x, dots.bottom + gap, column.w, column.bottom - dots.bottom - gap)
    return Layout(
        (width, height), unit, picture, title, side, ring, dots, after, sentence, portrait=True
    )


def fitted(content: tuple[int, int], into: Rect) -> Rect:
    """The largest rectangle of ``content``'s aspect (width, height) in the middle of ``into``."""
    width, height = content
    scale = min(into.w / width, into.h / height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    return Rect(into.x + (into.w - w) // 2, into.y + (into.h - h) // 2, w, h)


def inscribed(content: tuple[float, float], centre: tuple[int, int], radius: float) -> Rect:
    """The largest rectangle of ``content``'s aspect (width, height) within a circle."""
    scale = 2 * radius / max(1e-6, hypot(*content))
    w, h = max(1, int(content[0] * scale)), max(1, int(content[1] * scale))
    return Rect(centre[0] - w // 2, centre[1] - h // 2, w, h)
