"""A picture with its angles drawn in, as a goniometer would lie on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.body.measure import Reading
from posecoach.observe.instrument import Told
from posecoach.observe.measuring import Measured
from posecoach.pose.pose import Floats
from posecoach.screen import body_marks
from posecoach.screen.joints import Arc, mark_of
from posecoach.screen.layout import Rect
from posecoach.screen.palette import DARK, QUIET, SKY
from posecoach.screen.shapes import Bow, bow, on_circle
from posecoach.screen.text import Image, block, width_of

SURE = 0.3
"""Less sure values are not drawn."""


def draw_angles(image: Image, measured: Measured) -> Image:
    """Draw the skeleton and every angle that has a joint onto a copy of the picture.

    Args:
        image: (height, width, 3) the picture the pose was found in.
        measured: its measures; of a body seen from the side only the near side is drawn.
    """
    image = image.copy()
    height, width = image.shape[:2]
    unit = min(height, width) / 100
    points, visibility = measured.pose.image, measured.pose.visibility
    if not measured.pose.seen:
        return image
    body_marks.skeleton(image, points, visibility, unit)
    limbs = body_marks.along_bones(points, visibility)
    room = body_marks.Room(Rect(0, 0, width, height), (), limbs)
    placed = set()
    for name, reading in measured.readings.items():
        if not float(reading.confidence) >= SURE or _hidden(name, measured):
            continue
        arc = mark_of(name, points, measured.view)
        if not isinstance(arc, Arc):
            continue
        place = tuple(np.round(arc.vertex))
        if place in placed:
            continue
        placed.add(place)
        chip = _draw(image, arc, reading, unit, room)
        if chip is not None:
            room = replace(room, taken=(*room.taken, chip))
    return image


def _hidden(name: str, measured: Measured) -> bool:
    _, side = split_name(name, measured.view)
    from_side = measured.view.facing in ("left", "right")
    return from_side and side is not None and side != measured.view.near


def label_of(reading: Reading) -> str:
    """ "92° ± 5": nine of ten people are within the second number of the truth."""
    if isinstance(reading, Told) and np.isfinite(reading.spread):
        return f"{float(reading.value):.0f}° ± {max(1.0, float(reading.give_or_take)):.0f}"
    return f"{float(reading.value):.0f}°"


def _draw(
    image: Image, arc: Arc, reading: Reading, unit: float, room: body_marks.Room
) -> Rect | None:
    """Draw one angle; returns what its value covers, None where there was no place for it."""
    radius = float(np.clip(arc.reach * 0.4, unit * 3, unit * 12))
    body_marks.dashed(image, arc.vertex, arc.zero_deg, radius * 1.2, QUIET, unit * 0.3)
    value = float(reading.value)
    end = arc.zero_deg + arc.sense * value
    turn = Bow(arc.vertex, radius, arc.zero_deg, end)
    bow(image, turn, DARK, unit * 0.6 + 2)
    bow(image, turn, SKY, unit * 0.6)
    text, size = label_of(reading), unit * 3.6
    # In the open side of the arc first, opposite to it next, then above and below.
    ways = (arc.zero_deg + arc.sense * value / 2, end + 180, -90.0, 90.0, 0.0, 180.0)
    extent = width_of(text, size, 600) + 2, int(size * 1.3) + 2
    place = _place(arc.vertex, radius + unit, ways, extent, room)
    if place is None:
        return None
    laid = block(text, place, size, weight=600, align="centre")
    body_marks.draw_label(image, laid, unit)
    return body_marks.chip_of(laid, unit)


def _place(
    joint: Floats,
    away: float,
    ways: Iterable[float],
    extent: tuple[int, int],
    room: body_marks.Room,
) -> Rect | None:
    """Where beside a joint something covers least of the body; the first of those alike.

    Args:
        away: pixels from the joint to it.
        ways: to look from the joint, degrees.
        extent: its (width, height), pixels.
    """
    w, h = extent
    best: tuple[int, Rect] | None = None
    for heading in ways:
        x, y = on_circle(joint, away + w / 2, heading)
        box = Rect(int(x - w / 2), int(y - h / 2), w, h)
        if not room.within.holds(box) or any(box.meets(other) for other in room.taken):
            continue
        covered = body_marks.covered(box, room.limbs)
        if best is None or covered < best[0]:
            best = covered, box
    return None if best is None else best[1]
