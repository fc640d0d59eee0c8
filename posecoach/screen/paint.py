"""A scene onto an image: the order in which the annotators are called.

Cheap enough to run beside the pose model: only the picture is resampled, everything else is
drawn straight into place, and text layout is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from posecoach.body.outline import back_outline
from posecoach.body.spine import back_curve
from posecoach.figure.body import Figure, extent, figure_of
from posecoach.plan.match import Match, TargetState
from posecoach.pose.pose import Floats, Pose
from posecoach.screen import body_marks, dials
from posecoach.screen.figure import draw_figure
from posecoach.screen.joints import Arc, Mark, mark_of
from posecoach.screen.keys import HELP
from posecoach.screen.layout import Layout, Rect, fitted, inscribed, layout
from posecoach.screen.palette import GROUND, ORANGE, QUIET, RAISED, TEXT
from posecoach.screen.scene import Scene, Tone, scene
from posecoach.screen.shapes import darkened, rounded
from posecoach.screen.text import Block, Image, Surface, block, draw_block
from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot

FIGURE = 0.9
"""Of the ring's inside that the figure reaches."""


def draw(snapshot: Snapshot, size: tuple[int, int], practice: PracticeState | None = None) -> Image:
    """The whole screen for one moment.

    Args:
        size: (width, height) of the window in pixels.

    Returns:
        (height, width, 3) uint8, BGR.
    """
    return paint(scene(snapshot, practice), snapshot, size)


def paint(
    shown: Scene,
    snapshot: Snapshot,
    size: tuple[int, int],
    label_places: dict[str, int] | None = None,
) -> Image:
    """Draw what a scene says, on the picture and body of ``snapshot``.

    Args:
        label_places: where each joint's value was written last; read, so that it stays
            there, and brought up to date.
    """
    places = layout(size)
    width, height = places.size
    canvas = _ground(width, height).copy()
    at = picture(canvas, snapshot, places.picture)
    if shown.dimmed:
        darkened(canvas, at, 0.3)
    elif snapshot.pose.seen:
        points = on_window(snapshot.pose, at, snapshot.mirror)
        # Marks are drawn on the picture alone, never beside it.
        part, inner = canvas[at.y : at.bottom, at.x : at.right], points - (at.x, at.y)
        on_picture(part, shown, snapshot, inner, (at.w, at.h), places.unit, label_places)
    panel(canvas, shown, snapshot, places)
    for laid in words(shown, places):
        draw_block(canvas, laid)
    if canvas.shape[1::-1] != tuple(size):  # a window smaller than can be drawn
        canvas = np.asarray(
            cv2.resize(canvas, (max(1, size[0]), max(1, size[1])), interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        )
    return canvas


@lru_cache(maxsize=2)
def _ground(width: int, height: int) -> Image:
    """The empty screen; copying it takes a tenth of the time of filling one."""
    ground: Image = np.full((height, width, 3), GROUND, np.uint8)
    return ground


def picture(canvas: Image, snapshot: Snapshot, place: Rect) -> Rect:
    """The camera's picture, as large as fits, mirrored for the person's own camera."""
    image = snapshot.frame.image
    at = fitted((image.shape[1], image.shape[0]), place)
    part = canvas[at.y : at.bottom, at.x : at.right]
    way = cv2.INTER_AREA if at.w < image.shape[1] * 0.6 else cv2.INTER_LINEAR
    if snapshot.mirror:
        image = np.asarray(cv2.flip(image, 1), dtype=np.uint8)
    cv2.resize(image, (at.w, at.h), dst=part, interpolation=way)
    return at


def on_window(pose: Pose, at: Rect, mirror: bool) -> Floats:
    """The pose's landmarks in window pixels, (33, 2)."""
    return placed(pose.image, pose.size, at, mirror)


def placed(image: Floats, size: tuple[int, int], at: Rect, mirror: bool) -> Floats:
    """Points (n, 2) of a picture of ``size`` (width, height), in window pixels."""
    points: Floats = image / size * (at.w, at.h)
    if mirror:
        points = points * (-1, 1) + (at.w, 0)
    found: Floats = points + np.array([at.x, at.y])
    return found


def on_picture(
    surface: Surface,
    shown: Scene,
    snapshot: Snapshot,
    points: Floats,
    size: tuple[int, int],
    unit: float,
    label_places: dict[str, int] | None = None,
) -> Surface:
    """Skeleton and joint marks on a surface that is the picture and nothing else.

    Args:
        points: (33, 2) landmarks in the surface's pixels.
        size: (width, height) of the surface.
        unit: 1 % of the window's height, in pixels.
    """
    whole = Rect(0, 0, *size)
    body_marks.skeleton(surface, points, snapshot.pose.visibility, unit)
    spine = next((one for one in shown.targets if one.measure == "spine_flexion"), None)
    curve = None if spine is None else _back(snapshot)
    if spine is not None and curve is not None:
        curve = placed(curve, snapshot.pose.size, whole, snapshot.mirror)
        body_marks.back(surface, curve, spine.match, unit)
    for one in marked(shown, snapshot, points, whole, unit, label_places):
        _draw_mark(surface, one, unit)
    return surface


def _back(snapshot: Snapshot) -> Floats | None:
    """The back's curve in the picture's pixels, where the silhouette shows it."""
    if snapshot.pose.mask is None:
        return None
    outline = back_outline(snapshot.pose, snapshot.view)
    curve = None if outline is None else back_curve(outline)
    return None if curve is None else curve.points


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """One target on the body.

    Attributes:
        mark: where.
        target: what is wanted there.
        loud: whether this is the one joint being corrected.
        told: whether its angle is drawn; else only how it is met.
        label: its value and where it is written, None where it is not.
    """

    mark: Mark
    target: TargetState
    loud: bool
    told: bool
    label: Block | None


EXACT_DEG = 45.0
"""A range no wider than this asks for one angle (the right angle of an elbow), which is worth
showing while it is right too; of a wider one it is enough to know that it is met."""


def marked(
    shown: Scene,
    snapshot: Snapshot,
    points: Floats,
    within: Rect,
    unit: float,
    label_places: dict[str, int] | None = None,
) -> tuple[Marked, ...]:
    """Which joints to mark, the corrected one last (on top), and where values are written.

    While one joint is being corrected no other shows its angle: one thing at a time.
    """
    label_places = {} if label_places is None else label_places
    found = []
    for target in shown.targets:
        mark = mark_of(target.measure, points, snapshot.view)
        if mark is not None:
            found.append((mark, target, target.measure == shown.corrected))
    found.sort(key=lambda one: (not one[2], one[1].match is not Match.OUT, not one[1].drives))
    correcting = any(loud for _, _, loud in found)
    limbs = body_marks.along_bones(points, snapshot.pose.visibility)
    taken: tuple[Rect, ...] = ()
    result = []
    for mark, target, loud in found:
        told = loud or (not correcting and isinstance(mark, Arc) and _worth_telling(target))
        laid = None
        if told and target.match is not Match.UNKNOWN:
            before = label_places.get(target.measure)
            room = body_marks.Room(within.inset(2), taken, limbs)
            found_place = body_marks.label(
                mark, target, room, unit, loud=loud, starting=shown.starting, before=before
            )
            if found_place is not None:
                laid, label_places[target.measure] = found_place
                taken = (*taken, body_marks.chip_of(laid, unit))
        result.append(Marked(mark, target, loud, told, laid))
    return tuple(reversed(result))


def _worth_telling(target: TargetState) -> bool:
    if target.match is Match.IN:
        return target.high - target.low <= EXACT_DEG
    return target.drives or target.match is Match.OUT


def _draw_mark(image: Surface, one: Marked, unit: float) -> None:
    mark, target = one.mark, one.target
    known = target.match is not Match.UNKNOWN
    if isinstance(mark, Arc):
        if one.told and known:
            body_marks.angle(image, mark, target, unit, loud=one.loud)
        body_marks.dot(image, mark.vertex, target.match, unit)
    else:
        if one.loud and known and target.direction:
            body_marks.shift(image, mark.place, mark.growing * target.direction, mark.reach, unit)
        body_marks.dot(image, mark.place, target.match, unit)
    if one.label is not None:
        body_marks.draw_label(image, one.label, unit)


def panel(canvas: Image, shown: Scene, snapshot: Snapshot, places: Layout) -> Image:
    """Everything beside the picture that is not words."""
    unit = places.unit
    rounded(canvas, places.sentence, round(unit * 2), RAISED)
    dials.sentence_sign(canvas, shown.tone, _sign_place(places))
    ring = ring_place(shown, places)
    dials.ring(canvas, shown.ring, ring)
    if shown.ring.glyph == "figure":
        radius, width = dials.ring_radius(ring)
        drawn = start_figure(shown, snapshot)
        inside = (radius - width / 2) * FIGURE
        draw_figure(canvas, drawn, inscribed(extent(drawn), ring.centre, inside))
    else:
        dials.glyph(canvas, shown.ring.glyph, ring, shown.ring.tone)
    dials.repetitions(canvas, shown.dots, places.dots)
    if shown.muted:
        dials.muted_sign(canvas, _muted_place(places))
    if shown.help:
        rounded(canvas, _help_place(places), round(unit * 2), RAISED)
    return canvas


def start_figure(shown: Scene, snapshot: Snapshot) -> Figure:
    """The pose to begin in, as the person will see themselves in it."""
    neutral, side = shown.ring.neutral, snapshot.state.side
    drawn = figure_of(snapshot.exercise, None, side, neutral=neutral)
    return drawn.mirrored() if snapshot.mirror else drawn


def ring_place(shown: Scene, places: Layout) -> Rect:
    """The ring's place; where there are no repetitions to show it has theirs too."""
    ring, dots = places.ring, places.dots
    if shown.dots or (places.portrait and (shown.next or shown.unsaved)):
        return ring
    if places.portrait:
        return Rect(ring.x, ring.y, dots.right - ring.x, ring.h)
    return Rect(ring.x, ring.y, ring.w, dots.bottom - ring.y)


def words(shown: Scene, places: Layout) -> tuple[Block, ...]:
    """Every text beside the body, laid out; none leaves the window or meets another."""
    unit = places.unit
    title = places.title
    if shown.muted:
        title = Rect(title.x, title.y, title.w - title.h - round(unit), title.h)
    found = []
    if places.portrait and not shown.side:
        whole = Rect(title.x, title.y, places.side.right - title.x, title.h)
        found.append(block(shown.title, whole, unit * 6.4, weight=650))
    elif shown.side:
        found.append(block(shown.title, title, unit * 4.2, weight=450, colour=QUIET))
        found.append(block(shown.side, places.side, unit * 6.4, weight=700))
    else:  # without sides the name is the heading
        heading = Rect(title.x, title.y, title.w, places.side.bottom - title.y)
        found.append(block(shown.title, heading, unit * 5.6, weight=650))
    after = places.next
    if shown.unsaved:
        half = after.h // 2
        below = Rect(after.x, after.y + half, after.w, after.h - half)
        found.append(block("Not saved", below, unit * 4.2, weight=600, colour=ORANGE))
        after = Rect(after.x, after.y, after.w, half)
    found += [
        block(shown.sentence, _sentence_place(places), unit * 8, weight=_weight(shown.tone)),
        *dials.ring_words(shown.ring, ring_place(shown, places)),
        *dials.dots_words(shown.dots, places.dots, unit),
        block(shown.next, after, unit * 4.6, weight=450, colour=QUIET),
    ]
    if shown.help:
        found += _help_words(_help_place(places), unit)
    elif shown.over:
        over = places.picture.inset(round(unit * 4))
        found.append(block(shown.over, over, unit * 12, weight=700, align="centre"))
    return tuple(laid for laid in found if laid.lines)


def _weight(tone: Tone) -> int:
    return 700 if tone in ("form", "safety") else 600


def _sign_place(places: Layout) -> Rect:
    band = places.sentence
    side = round(min(band.h * 0.5, band.w * 0.12))
    gap = round(places.unit * 3)
    return Rect(band.x + gap, band.y + (band.h - side) // 2, side, side)


def _sentence_place(places: Layout) -> Rect:
    sign, band, pad = _sign_place(places), places.sentence, round(places.unit)
    left = sign.right + 3 * pad
    return Rect(left, band.y + pad, band.right - 3 * pad - left, band.h - 2 * pad)


def _muted_place(places: Layout) -> Rect:
    title = places.title
    return Rect(title.right - title.h, title.y, title.h, title.h)


def _help_place(places: Layout) -> Rect:
    """A card in the middle of the picture."""
    area = places.picture
    width = round(min(area.w, places.unit * 84))
    height = round(min(area.h, places.unit * 66))
    return Rect(area.x + (area.w - width) // 2, area.y + (area.h - height) // 2, width, height)


@lru_cache(maxsize=16)
def _help_words(card: Rect, unit: float) -> list[Block]:
    inner = card.inset(round(unit * 3))
    row = inner.h // len(HELP)
    key_width = inner.w * 32 // 100
    found = []
    for number, (key, meaning) in enumerate(HELP):
        y = inner.y + number * row
        size = min(unit * 4.6, row * 0.62)
        found.append(block(key, Rect(inner.x, y, key_width, row), size, weight=700))
        rest = Rect(inner.x + key_width, y, inner.w - key_width, row)
        found.append(block(meaning, rest, size, weight=450, colour=TEXT))
    return found
