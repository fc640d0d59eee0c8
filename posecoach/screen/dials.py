"""The panel: the large ring, the repetitions, the small signs.

Each function takes an image and a value, draws, and gives the image back.
"""

from __future__ import annotations

import numpy as np

from posecoach.screen.layout import Rect
from posecoach.screen.palette import (
    GREEN,
    ORANGE,
    QUIET,
    RAISED,
    SKY,
    TEXT,
    TRACK,
    VERMILLION,
    YELLOW,
    Colour,
)
from posecoach.screen.scene import Dots, Glyph, Ring, Tone
from posecoach.screen.shapes import Bow, bow, check, disc, hoop, line, on_circle, outlined, polygon
from posecoach.screen.text import Block, Image, block

TONE_COLOUR: dict[Tone, Colour] = {
    "step": SKY,
    "good": GREEN,
    "form": ORANGE,
    "hint": YELLOW,
    "safety": VERMILLION,
    "unseen": QUIET,
    "pause": QUIET,
    "note": QUIET,
}

MOST_DOTS = 12
"""More repetitions than this are shown as numbers: smaller dots could not be told apart."""


def ring_radius(place: Rect) -> tuple[float, float]:
    """Radius of the ring's middle line and its width, in pixels."""
    outer = min(place.w, place.h) / 2 - 1
    width = outer * 0.17
    return outer - width / 2 - 1, width


def ring(image: Image, shown: Ring, place: Rect) -> Image:
    """The ring itself: a quiet track and what is filled of it, from the top clockwise."""
    radius, width = ring_radius(place)
    hoop(image, place.centre, radius, TRACK, width)
    if shown.fraction > 0:
        colour = TONE_COLOUR[shown.tone]
        end = -90 + 360 * min(1.0, shown.fraction)
        bow(image, Bow(place.centre, radius, -90, end), colour, width)
    if shown.last:
        hoop(image, place.centre, radius - width * 0.8, TEXT, width * 0.16)
    return image


def ring_words(shown: Ring, place: Rect) -> tuple[Block, ...]:
    """The number in the ring's middle, and the word below it."""
    radius, width = ring_radius(place)
    room = radius - width * 0.8
    x, y = place.centre
    half = int(room * 0.8)
    blocks = []
    if shown.number:
        number = Rect(x - half, y - int(room * 0.66), 2 * half, int(room * 1.06))
        size = room * (1.3 if shown.last else 1.1)
        blocks.append(block(shown.number, number, size, weight=700, align="centre", figures=True))
    if shown.label:
        half = int(room * 0.62)
        word = Rect(x - half, y + int(room * 0.44), 2 * half, int(room * 0.36))
        blocks.append(block(shown.label, word, room * 0.27, align="centre", colour=QUIET))
    return tuple(blocks)


def glyph(image: Image, kind: Glyph, place: Rect, tone: Tone) -> Image:
    """The sign in the ring's middle."""
    radius, width = ring_radius(place)
    size = (radius - width / 2) * 0.62
    x, y = place.centre
    if kind == "check":
        return check(image, (x, y), size * 1.25, TONE_COLOUR[tone])
    if kind == "pause":
        for side in (-1, 1):
            line(
                image,
                (x + side * size * 0.3, y - size * 0.5),
                (x + side * size * 0.3, y + size * 0.5),
                TEXT,
                size * 0.28,
            )
    if kind == "eye":
        crossed_eye(image, (x, y), size, TEXT)
    return image


def crossed_eye(image: Image, centre: tuple[float, float], size: float, colour: Colour) -> Image:
    """An eye that does not see."""
    x, y = centre
    width = max(1.0, size * 0.11)
    bow(image, Bow((x, y + size * 0.55), size, -150, -30), colour, width)
    bow(image, Bow((x, y - size * 0.55), size, 30, 150), colour, width)
    disc(image, (x, y), size * 0.24, colour)
    line(
        image,
        (x - size * 0.65, y + size * 0.65),
        (x + size * 0.65, y - size * 0.65),
        RAISED,
        3 * width,
    )
    return line(
        image, (x - size * 0.65, y + size * 0.65), (x + size * 0.65, y - size * 0.65), colour, width
    )


def rows(dots: tuple[Dots, ...], place: Rect) -> tuple[Rect, ...]:
    """The place of each side's row."""
    if not dots:
        return ()
    height = place.h // max(2, len(dots))
    top = place.y + (place.h - height * len(dots)) // 2
    return tuple(Rect(place.x, top + height * n, place.w, height) for n in range(len(dots)))


def dots_words(dots: tuple[Dots, ...], place: Rect, unit: float) -> tuple[Block, ...]:
    """The side's name before each row, and numbers where there are too many for dots."""
    blocks = []
    for one, row in zip(dots, rows(dots, place), strict=True):
        colour = TEXT if one.active else QUIET
        if one.side != "both":
            name = Rect(row.x, row.y, _name_width(row, one), row.h)
            word = one.side.capitalize()
            weight = 650 if one.active else 450
            blocks.append(block(word, name, unit * 4, weight=weight, colour=colour))
        if one.wanted > MOST_DOTS:
            line_ = _dots_place(row, one)
            text = f"{one.done} of {one.wanted}"
            align = "centre" if one.side == "both" else "left"
            blocks.append(block(text, line_, unit * 5, weight=650, colour=colour, align=align))
    return tuple(blocks)


def repetitions(image: Image, dots: tuple[Dots, ...], place: Rect) -> Image:
    """A row for each side: filled is done, hollow is to do; a small diamond after the row is
    an attempt that did not count."""
    for one, row in zip(dots, rows(dots, place), strict=True):
        if one.wanted <= MOST_DOTS:
            _row(image, one, _dots_place(row, one))
    return image


def _name_width(row: Rect, one: Dots) -> int:
    return 0 if one.side == "both" else row.w * 32 // 100


def _dots_place(row: Rect, one: Dots) -> Rect:
    name = _name_width(row, one)
    return Rect(row.x + name, row.y, row.w - name, row.h)


def _row(image: Image, one: Dots, place: Rect) -> Image:
    missed = min(one.missed, 3)
    marks = max(one.wanted, one.done) + missed
    pitch = min(place.h * 0.9, place.w / max(1, marks))
    radius = pitch * 0.37
    start = place.x + pitch / 2
    if one.side == "both":
        start += (place.w - pitch * marks) / 2
    y = place.y + place.h / 2
    for number in range(marks - missed):
        at = (start + pitch * number, y)
        if number < one.done:
            disc(image, at, radius, GREEN)
            check(image, at, radius * 1.05, TEXT)
        else:
            current = one.active and number == one.done
            colour = TEXT if current else TRACK
            hoop(image, at, radius * 0.86, colour, max(1.5, radius * 0.24))
    for number in range(marks - missed, marks):
        corners = np.array([[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]) * radius * 0.6
        at_missed = np.array([start + pitch * number, y])
        polygon(image, corners + at_missed, ORANGE)
    return image


def muted_sign(image: Image, place: Rect) -> Image:
    """A loudspeaker struck through."""
    size = min(place.w, place.h) / 2
    x, y = place.centre
    body = np.array([[-0.75, -0.25], [-0.4, -0.25], [-0.4, 0.25], [-0.75, 0.25]])
    horn = np.array([[-0.4, -0.25], [0.05, -0.65], [0.05, 0.65], [-0.4, 0.25]])
    for part in (body, horn):
        polygon(image, part * size + (x, y), TEXT)
    for start, end in (((0.3, -0.28), (0.8, 0.28)), ((0.3, 0.28), (0.8, -0.28))):
        a = (x + start[0] * size, y + start[1] * size)
        b = (x + end[0] * size, y + end[1] * size)
        line(image, a, b, ORANGE, max(1.5, size * 0.16))
    return image


def sentence_sign(image: Image, tone: Tone, place: Rect) -> Image:
    """A shape before the sentence that tells its kind without its colour."""
    size = min(place.w, place.h) / 2
    x, y = place.centre
    colour = TONE_COLOUR[tone]
    if tone == "good":
        return check(image, (x, y), size * 1.3, colour)
    if tone in ("form", "hint"):  # a curved arrow: change something
        bow(image, Bow((x, y), size * 0.62, -200, 40), colour, size * 0.24)
        tip = on_circle((x, y), size * 0.62, 78)
        corners = [
            tip,
            on_circle((x, y), size * 1.05, 36),
            on_circle((x, y), size * 0.2, 36),
        ]
        return polygon(image, np.array(corners), colour)
    if tone == "safety":
        corners_safe = np.array([[0.0, -0.95], [1.0, 0.8], [-1.0, 0.8]]) * size + (x, y)
        outlined(image, corners_safe, colour)
        line(image, (x, y - size * 0.35), (x, y + size * 0.2), TEXT, size * 0.2)
        return disc(image, (x, y + size * 0.52), size * 0.12, TEXT)
    if tone == "unseen":
        return crossed_eye(image, (x, y), size * 0.9, TEXT)
    if tone == "pause":
        for side in (-1, 1):
            at = x + side * size * 0.32
            line(image, (at, y - size * 0.5), (at, y + size * 0.5), TEXT, size * 0.28)
        return image
    if tone == "note":  # an i
        disc(image, (x, y - size * 0.62), size * 0.17, TEXT)
        return line(image, (x, y - size * 0.15), (x, y + size * 0.7), TEXT, size * 0.28)
    corners_step = np.array([[-0.5, -0.75], [0.75, 0.0], [-0.5, 0.75]]) * size + (x, y)
    return polygon(image, corners_step, colour)
