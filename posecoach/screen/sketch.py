"""A drawing as data: the strokes themselves in place of pixels, for whoever draws them elsewhere.

The annotators draw onto an image or a sketch, and cannot tell which. A page in the browser is
handed a sketch and draws it on a canvas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeAlias

from posecoach.pose.pose import Floats
from posecoach.screen.palette import Colour, hexed

Point: TypeAlias = Floats | tuple[float, float]

Stroke: TypeAlias = list[Any]
"""A kind and its numbers, in pixels of the drawing; degrees clockwise from the right::

    ["line", colour, width, [x, y, x, y, ...]]      an open line with round ends
    ["fill", colour, [x, y, x, y, ...]]             a filled polygon
    ["disc", colour, x, y, radius]                  a filled circle
    ["hoop", colour, width, x, y, radius]           a circle's outline
    ["card", colour, x, y, w, h, radius]            a filled rectangle with round corners
    ["text", colour, size, weight, x, y, w, text]   words around the middle x, no wider than w
"""


@dataclass(slots=True)
class Sketch:
    """What was drawn, in its order.

    Attributes:
        strokes: see ``Stroke``; plain values, ready for JSON.
    """

    strokes: list[Stroke] = field(default_factory=list)

    def line(self, points: Floats | Iterable[Point], colour: Colour, width: float) -> None:
        """Add an open line through points (n, 2)."""
        self.strokes.append(["line", hexed(colour), _short(max(1.0, width)), _flat(points)])

    def fill(self, points: Floats | Iterable[Point], colour: Colour) -> None:
        """Add a filled polygon; points (n, 2)."""
        self.strokes.append(["fill", hexed(colour), _flat(points)])

    def disc(self, at: Point, radius: float, colour: Colour) -> None:
        """Add a filled circle."""
        self.strokes.append(["disc", hexed(colour), *_flat([at]), _short(radius)])

    def hoop(self, at: Point, radius: float, colour: Colour, width: float) -> None:
        """Add a circle's outline."""
        wide = _short(max(1.0, width))
        self.strokes.append(["hoop", hexed(colour), wide, *_flat([at]), _short(radius)])

    def card(self, rect: Iterable[int], radius: int, colour: Colour) -> None:
        """Add a filled rectangle (x, y, w, h) with round corners."""
        self.strokes.append(["card", hexed(colour), *map(int, rect), radius])

    def text(
        self,
        words: str,
        middle: Point,
        wide: float,
        size: int,
        weight: int,
        colour: Colour,
    ) -> None:
        """Add a line of words, centred."""
        placed = [*_flat([middle]), _short(wide)]
        self.strokes.append(["text", hexed(colour), size, weight, *placed, words])


def _short(value: float) -> float:
    """Tenths of a pixel are finer than anybody sees, and half as long to send."""
    return round(float(value), 1) if isfinite(value) else 0.0


def _flat(points: Floats | Iterable[Point]) -> list[float]:
    return [_short(value) for point in points for value in point]
