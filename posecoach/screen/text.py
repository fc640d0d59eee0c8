"""Words on the screen: measured before they are drawn, so that none is ever cut off.

The font is the variable sans-serif face built into OpenCV 5, so that no font file need be
shipped or found; it has Latin and Cyrillic letters and more, in all weights. What it has not it
shows as a question mark: the arrow is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.screen.layout import Rect
from posecoach.screen.palette import TEXT, Colour
from posecoach.screen.sketch import Sketch

Image = NDArray[np.uint8]
Surface = TypeVar("Surface", Image, Sketch)
"""What can be drawn onto: pixels, or a list of strokes."""
Align = Literal["left", "centre", "right"]

ASCENT, DESCENT = 1.0, 0.26
"""Of the font's size: how far accented capitals rise above the baseline and tails sink below
it (measured: 0.98 and 0.24 at weight 700)."""
FIGURES = 0.8
"""Height of digits above the baseline, of the font's size (measured: 0.76)."""
CAPITALS = 0.76
"""Height of digits and capitals above the baseline, of the font's size (measured)."""
LEADING = 1.2
"""Baseline to baseline, of the font's size."""
_SHIFT = 4
"""Binary digits of a pixel's parts, as OpenCV's lines take them."""
SMALLEST_SIZE = 7.0
"""Pixels; below this the font cannot be told from noise, and text is shortened instead."""


ARROW = "→"
"""From what is to what is wanted. OpenCV's font has lost it in 5.1."""
ARROW_WIDTH = 0.85
"""Of the font's size; its head is as high as a small letter, 0.52."""


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: int = 500) -> int:
    """Advance width of one line in pixels."""
    whole, advance = max(1, round(size)), 0
    for index, part in enumerate(text.split(ARROW)):
        box = cv2.getTextSize((0, 0), part, (0, 0), _font(), whole, weight=weight)
        advance += int(box[0] + box[2]) + (_arrow_width(whole) if index else 0)
    return advance


def _arrow_width(size: int) -> int:
    return round(ARROW_WIDTH * size)


@dataclass(frozen=True, slots=True)
class Block:
    """Text laid out: what will be drawn, and where.

    Attributes:
        lines: the wrapped text.
        size: font size in pixels, whole.
        weight: 100 (thin) to 900.
        rect: the box that holds every pixel of it.
        starts: for each line x and y of its baseline's start.
        colour: of the text.
    """

    lines: tuple[str, ...]
    size: int
    weight: int
    rect: Rect
    starts: tuple[tuple[int, int], ...]
    colour: Colour = TEXT


@lru_cache(maxsize=512)
def block(
    text: str,
    into: Rect,
    size: float,
    *,
    weight: int = 500,
    align: Align = "left",
    colour: Colour = TEXT,
    top: bool = False,
    figures: bool = False,
) -> Block:
    """Lay ``text`` out in ``into``: wrapped, and smaller than ``size`` where it must be.

    In the middle of the height unless ``top``. ``figures`` is for digits alone, which have
    neither accents nor tails and may so be larger in the same room. Text so long that it
    would have to be smaller than can be read is shortened, which the three dots show.
    """
    words = " ".join(text.split())
    rise, sink = (FIGURES, 0.05) if figures else (ASCENT, DESCENT)
    largest = max(1, int(min(size, into.h / (rise + sink))))
    smallest = max(1, min(largest, int(SMALLEST_SIZE)))
    chosen, lines = smallest, None
    low, high = smallest, largest
    while low <= high:
        middle = (low + high) // 2
        wrapped = _wrap(words, into.w, middle, weight)
        if wrapped is not None and _height(len(wrapped), middle, rise + sink) <= into.h:
            chosen, lines, low = middle, wrapped, middle + 1
        else:
            high = middle - 1
    if lines is not None:
        lines = _balanced(words, lines, into.w, chosen, weight)
    else:
        lines = _shortened(words, into, smallest, weight)
        chosen = smallest
    height = _height(len(lines), chosen, rise + sink)
    y = into.y if top else into.y + (into.h - height) // 2
    room = Rect(into.x, y, into.w, height)
    return _placed(lines, room, _Style(chosen, weight, align, colour, rise))


def draw_block(image: Surface, laid: Block) -> Surface:
    """Draw laid-out text onto ``image``."""
    if isinstance(image, Sketch):
        middle = laid.rect.x + laid.rect.w / 2
        for line, (_, base) in zip(laid.lines, laid.starts, strict=True):
            at = (middle, base - laid.size * CAPITALS / 2)
            image.text(line, at, laid.rect.w, laid.size, laid.weight, laid.colour)
        return image
    for line, (x, base) in zip(laid.lines, laid.starts, strict=True):
        for index, part in enumerate(line.split(ARROW)):
            if index:
                _draw_arrow(image, (x, base), laid)
                x += _arrow_width(laid.size)
            cv2.putText(image, part, (x, base), laid.colour, _font(), laid.size, weight=laid.weight)
            x += width_of(part, laid.size, laid.weight)
    return image


def _draw_arrow(image: Image, start: tuple[int, int], laid: Block) -> None:
    """An arrow in place of a letter, half the height of the digits up and as thick as they are."""
    size, head = laid.size, 0.26 * laid.size
    left, right = start[0] + 0.08 * size, start[0] + (ARROW_WIDTH - 0.08) * size
    middle = start[1] - CAPITALS / 2 * size
    strokes = (
        ((left, middle), (right, middle)),
        ((right - head, middle - head), (right, middle), (right - head, middle + head)),
    )
    thick = max(1, round(size * laid.weight / 5500))
    for stroke in strokes:
        points = np.rint(np.asarray(stroke) * 2**_SHIFT).astype(np.int32)
        cv2.polylines(image, [points], False, laid.colour, thick, cv2.LINE_AA, _SHIFT)


def _height(lines: int, size: int, first: float = ASCENT + DESCENT) -> int:
    return 0 if lines == 0 else int(np.ceil(size * (first + LEADING * (lines - 1))))


def _wrap(text: str, width: int, size: int, weight: int) -> tuple[str, ...] | None:
    """Lines no wider than ``width``; None where one word alone is wider."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        elif width_of(word, size, weight) <= width:
            lines.append(word)
        else:
            return None
    return tuple(lines)


def _balanced(
    text: str, lines: tuple[str, ...], width: int, size: int, weight: int
) -> tuple[str, ...]:
    """The same number of lines, as even in length as can be: no last word alone."""
    low, high = width // max(1, len(lines)), width
    while low < high and len(lines) > 1:
        middle = (low + high) // 2
        tried = _wrap(text, middle, size, weight)
        if tried is not None and len(tried) == len(lines):
            lines, high = tried, middle
        else:
            low = middle + 1
    return lines


def _shortened(text: str, into: Rect, size: int, weight: int) -> tuple[str, ...]:
    """As many characters as fit, with three dots; nothing where not even those fit."""
    room = max(0, int((into.h / size - ASCENT - DESCENT) / LEADING) + 1)
    if room == 0 or _height(1, size) > into.h:
        return ()
    lines: list[str] = []
    rest = text
    while rest and len(lines) < room:
        fits = _longest(rest, into.w, size, weight)
        if fits == 0:
            return tuple(lines)
        if len(lines) == room - 1 and fits < len(rest):
            while fits and width_of(rest[:fits].rstrip() + "…", size, weight) > into.w:
                fits -= 1
            return (*lines, rest[:fits].rstrip() + "…") if fits else tuple(lines)
        cut = rest.rfind(" ", 0, fits + 1) if fits < len(rest) else fits
        cut = cut if cut > 0 else fits
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(lines)


def _longest(text: str, width: int, size: int, weight: int) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle], size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return low


class _Style(NamedTuple):
    """How lines are set; ``rise``: of the first above its baseline, in parts of the size."""

    size: int
    weight: int
    align: Align
    colour: Colour
    rise: float


def _placed(lines: tuple[str, ...], room: Rect, style: _Style) -> Block:
    """Place lines in a room that is as high as they are."""
    size, weight = style.size, style.weight
    widths = [width_of(line, size, weight) for line in lines]
    widest = max(widths, default=0)
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[style.align]
    x = room.x + int((room.w - widest) * share)
    starts = tuple(
        (
            room.x + int((room.w - width) * share),
            int(room.y + size * (style.rise + LEADING * number)),
        )
        for number, width in enumerate(widths)
    )
    return Block(lines, size, weight, Rect(x, room.y, widest, room.h), starts, style.colour)
