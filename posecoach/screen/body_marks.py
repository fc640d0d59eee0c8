"""The body on the picture: thin lines, and marks on the joints that matter.

Each function takes an image and values in that image's pixels, draws, and gives the image
back. How a target is met is told by colour and by shape: a disc with a tick is in range, a
diamond near it, a triangle out of it, a hollow circle not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, isfinite

import numpy as np

from posecoach.plan.match import Match, TargetState
from posecoach.pose.landmarks import BONES
from posecoach.pose.pose import Floats
from posecoach.screen.joints import Arc, Mark
from posecoach.screen.layout import Rect
from posecoach.screen.palette import DARK, GREEN, ORANGE, QUIET, TEXT, YELLOW, Colour
from posecoach.screen.scene import wanted_text
from posecoach.screen.shapes import (
    Bow,
    arrow_head,
    bow,
    check,
    disc,
    hoop,
    line,
    on_circle,
    outlined,
    polyline,
    rounded,
)
from posecoach.screen.text import Block, Surface, block, draw_block, width_of

MATCH_COLOUR: dict[Match, Colour] = {
    Match.IN: GREEN,
    Match.NEAR: YELLOW,
    Match.OUT: ORANGE,
    Match.UNKNOWN: QUIET,
}

STAYING = 4
"""A label moves to another place only to cover this many fewer points of the body (of nine a
bone), so that it does not jump with the landmarks' noise."""

VISIBLE = 0.5
"""Landmarks surer than this are drawn; the threshold MediaPipe's own drawing uses."""


def skeleton(image: Surface, points: Floats, visibility: Floats, unit: float) -> Surface:
    """Thin quiet lines along the body.

    Args:
        points: (33, 2) pixels of ``image``, NaN where unknown.
        visibility: (33,) 0..1.
        unit: 1 % of the window's height, in pixels.
    """
    sure = (visibility >= VISIBLE) & np.isfinite(points).all(axis=1)
    for start, end in BONES:
        if sure[start] and sure[end]:
            line(image, points[start], points[end], DARK, unit * 0.75)
    for start, end in BONES:
        if sure[start] and sure[end]:
            line(image, points[start], points[end], TEXT, unit * 0.32)
    return image


def back(image: Surface, curve: Floats, match: Match, unit: float) -> Surface:
    """The curve of the back, (n, 2) pixels, in the colour of how its target is met."""
    polyline(image, curve, DARK, unit * 1.3)
    return polyline(image, curve, MATCH_COLOUR[match], unit * 0.7)


def dot(image: Surface, at: Floats, match: Match, unit: float) -> Surface:
    """How a target is met, at its joint: shape and colour."""
    size = unit * 1.5
    colour = MATCH_COLOUR[match]
    x, y = float(at[0]), float(at[1])
    if match is Match.IN:
        disc(image, (x, y), size + 2, DARK)
        disc(image, (x, y), size, colour)
        return check(image, (x, y), size * 1.1, TEXT)
    if match is Match.NEAR:
        corners = np.array([[0.0, -1.2], [1.2, 0.0], [0.0, 1.2], [-1.2, 0.0]])
        return outlined(image, corners * size + (x, y), colour)
    if match is Match.OUT:
        corners = np.array([[0.0, -1.35], [1.25, 0.85], [-1.25, 0.85]])
        return outlined(image, corners * size + (x, y), colour)
    hoop(image, (x, y), size, DARK, unit * 0.9)
    return hoop(image, (x, y), size, colour, unit * 0.4)


def angle(image: Surface, arc: Arc, target: TargetState, unit: float, *, loud: bool) -> Surface:
    """A joint's angle as a goniometer shows it.

    The zero line dashed, the wanted range as a broad band, the angle itself as a thin arc;
    ``loud`` adds the arrow for the way to move, and is for the one joint being corrected.
    """
    colour = MATCH_COLOUR[target.match]
    radius = _radius(arc, unit, loud=loud)
    turned = _turned(arc, target)
    dashed(image, arc.vertex, arc.zero_deg, radius * 1.15, QUIET, unit * 0.35)
    if loud:
        _wanted(image, arc, target, radius, turned, unit)
    width = unit * (0.9 if loud else 0.6)
    end = arc.zero_deg + arc.sense * turned
    turn = Bow(arc.vertex, radius, arc.zero_deg, end)
    bow(image, turn, DARK, width + 3)
    bow(image, turn, colour, width)
    line(image, arc.vertex, on_circle(arc.vertex, radius, end), DARK, width + 3)
    line(image, arc.vertex, on_circle(arc.vertex, radius, end), colour, width)
    if abs(turned - 90) <= 12 and not loud:
        _square(image, arc, radius * 0.36, colour, unit)
    if loud and target.direction:
        way = arc.sense * target.direction
        _curved_arrow(image, arc.vertex, radius * 1.28, arc.limb_deg, way, unit)
    return image


def shift(image: Surface, place: Floats, direction: Floats, reach: float, unit: float) -> Surface:
    """A straight arrow: the way a part of the body should move."""
    length = float(np.clip(reach * 0.7, unit * 7, unit * 16))
    heading = degrees(atan2(direction[1], direction[0]))
    start = on_circle(place, unit * 3, heading)
    tip = on_circle(place, unit * 3 + length, heading)
    neck = on_circle(tip, unit * 2, heading + 180)
    line(image, start, neck, DARK, unit * 1.5)
    arrow_head(image, on_circle(tip, unit * 0.6, heading), heading, unit * 4.2, DARK)
    line(image, start, neck, ORANGE, unit * 0.9)
    return arrow_head(image, tip, heading, unit * 3.2, ORANGE)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a label may stand.

    Attributes:
        within: the part of the window that may be written on.
        taken: rectangles already written on.
        limbs: (n, 2) points along the body, to be covered as little as can be.
    """

    within: Rect
    taken: tuple[Rect, ...]
    limbs: Floats


def label(
    mark: Mark,
    target: TargetState,
    room: Room,
    unit: float,
    *,
    loud: bool,
    starting: bool = False,
    before: int | None = None,
) -> tuple[Block, int] | None:
    """Where the value can be written near its joint, or None where there is no free place.

    Returns the text laid out and which of the places around the joint it is in.

    Args:
        starting: whether the target is one of the start pose.
        before: the place it was in; it stays there while that is not clearly worse.
    """
    text = wanted_text(target, starting=starting)
    if not text:
        return None
    size = unit * (5.4 if loud else 3.8)
    weight = 700 if loud else 600
    height = int(size * 1.3) + 2
    width = width_of(text, size, weight) + 2
    centre, away, headings = _around(mark, target, unit, loud)
    clear = away * (1.35 if loud else 1.0) + unit
    best: tuple[int, int, Rect] | None = None
    for place, heading in enumerate(headings):
        dx, dy = on_circle((0.0, 0.0), 1.0, heading)
        middle_x = float(centre[0]) + dx * (clear + width / 2)
        middle_y = float(centre[1]) + dy * (clear + height / 2)
        box = Rect(int(middle_x - width / 2), int(middle_y - height / 2), width, height)
        chip = _chip(box, unit)
        if not room.within.holds(chip) or any(chip.meets(other) for other in room.taken):
            continue
        lost = covered(chip, room.limbs) - (STAYING if place == before else 0)
        if best is None or lost < best[0]:
            best = lost, place, box
    if best is None:
        return None
    return block(text, best[2], size, weight=weight, align="centre"), best[1]


def _around(
    mark: Mark, target: TargetState, unit: float, loud: bool
) -> tuple[Floats, float, list[float]]:
    """The joint, how far from it a label begins, and the ways to go from it, the best first."""
    aslant = [-45.0, -135.0, 45.0, 135.0]
    if isinstance(mark, Arc):
        # In the open side of the arc first, opposite to it next, then above and below.
        inside = mark.zero_deg + mark.sense * _turned(mark, target) / 2
        straight = [inside, inside + 180, -90.0, 90.0, 0.0, 180.0]
        return mark.vertex, _radius(mark, unit, loud=loud), straight + aslant
    heading = degrees(atan2(-mark.growing[1], -mark.growing[0]))
    return mark.place, unit * 4, [heading, 0.0, 180.0, heading + 180, 90.0, -90.0, *aslant]


def along_bones(points: Floats, visibility: Floats) -> Floats:
    """Points along every visible line of the skeleton, and the head: (n, 2)."""
    sure = (visibility >= VISIBLE) & np.isfinite(points).all(axis=1)
    ends = np.array([(a, b) for a, b in BONES if sure[a] and sure[b]], dtype=int).reshape(-1, 2)
    share = np.linspace(0, 1, 9)[:, None, None]
    limbs = (points[ends[:, 0]] * (1 - share) + points[ends[:, 1]] * share).reshape(-1, 2)
    head: Floats = points[:11][sure[:11]]
    return np.concatenate([limbs, head])


def covered(rect: Rect, limbs: Floats) -> int:
    """How many points (n, 2) along the body a rectangle lies over."""
    inside = (limbs >= (rect.x, rect.y)) & (limbs < (rect.right, rect.bottom))
    return int(inside.all(axis=1).sum())


def draw_label(image: Surface, laid: Block, unit: float) -> Surface:
    """Write a joint's value on a dark chip, so that it reads on any picture."""
    rounded(image, _chip(laid.rect, unit), round(unit * 1.2), DARK)
    return draw_block(image, laid)


def chip_of(laid: Block, unit: float) -> Rect:
    """The dark chip behind a label."""
    return _chip(laid.rect, unit)


def _radius(arc: Arc, unit: float, *, loud: bool) -> float:
    """Within the limb where it is long enough, but never too small to be seen."""
    return float(np.clip(arc.reach * (0.7 if loud else 0.5), unit * (8 if loud else 5), unit * 17))


def _chip(rect: Rect, unit: float) -> Rect:
    pad = round(unit)
    return Rect(rect.x - pad, rect.y - pad // 2, rect.w + 2 * pad, rect.h + pad)


def dashed(
    image: Surface, start: Floats, heading_deg: float, length: float, colour: Colour, width: float
) -> Surface:
    """A dashed line from ``start``."""
    step = max(4.0, length / 7)
    for at in np.arange(step / 2, length, step):
        a = on_circle(start, at, heading_deg)
        b = on_circle(start, min(length, at + step * 0.45), heading_deg)
        line(image, a, b, DARK, width + 2)
        line(image, a, b, colour, width)
    return image


def _turned(arc: Arc, target: TargetState) -> float:
    """Degrees from the zero line to the limb as drawn, so that arc and limb agree."""
    turned = (arc.limb_deg - arc.zero_deg) * arc.sense % 360
    turned = turned - 360 if turned > 180 else turned
    if isfinite(target.value) and target.value > 90 and turned < 0:
        turned += 360  # past straight overhead
    return turned


def _wanted(
    image: Surface, arc: Arc, target: TargetState, radius: float, turned: float, unit: float
) -> Surface:
    """The wanted range, as far from the limb in the picture as the value is from it."""
    if not isfinite(target.value):
        return image
    low = target.low if isfinite(target.low) else min(target.value, target.high) - 20
    high = target.high if isfinite(target.high) else max(target.value, target.low) + 20
    # The picture's angle may differ a little from the measure: keep the gap true.
    start = arc.zero_deg + arc.sense * (turned + low - target.value)
    end = arc.zero_deg + arc.sense * (turned + high - target.value)
    band = Bow(arc.vertex, radius, start, end)
    bow(image, band, DARK, unit * 2.6)
    return bow(image, band, GREEN, unit * 1.9)


def _curved_arrow(
    image: Surface, centre: Floats, radius: float, start_deg: float, way: int, unit: float
) -> Surface:
    span = float(np.clip(degrees(unit * 9 / radius), 18, 55))
    begin = start_deg + way * span * 0.15
    end = start_deg + way * span
    tip = on_circle(centre, radius, end + way * degrees(unit * 2.6 / radius))
    heading = end + way * 90
    shaft = Bow(centre, radius, begin, end)
    bow(image, shaft, DARK, unit * 1.5)
    arrow_head(image, on_circle(tip, unit * 0.6, heading), heading, unit * 4.2, DARK)
    bow(image, shaft, ORANGE, unit * 0.9)
    return arrow_head(image, tip, heading, unit * 3.2, ORANGE)


def _square(image: Surface, arc: Arc, size: float, colour: Colour, unit: float) -> Surface:
    """The small square that marks a right angle."""
    end = arc.zero_deg + arc.sense * 90
    a = on_circle(arc.vertex, size, arc.zero_deg)
    b = on_circle(arc.vertex, size, end)
    c = (a[0] + b[0] - float(arc.vertex[0]), a[1] + b[1] - float(arc.vertex[1]))
    for start, stop in ((a, c), (c, b)):
        line(image, start, stop, DARK, unit * 0.4 + 2)
        line(image, start, stop, colour, unit * 0.4)
    return image
