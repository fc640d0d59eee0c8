"""A scene as data: all that a page needs to draw it, decided here and nowhere else."""

from __future__ import annotations

from posecoach.screen.figure import draw_figure
from posecoach.screen.layout import Rect
from posecoach.screen.paint import on_picture, placed, start_figure
from posecoach.screen.scene import Scene
from posecoach.screen.sketch import Sketch, Stroke
from posecoach.session.snapshot import Snapshot

UNIT = 10.0
"""Pixels of the drawing for the unit in which marks are sized."""

SHORT_SIDE = 75 * UNIT
"""Of the drawing: of a window the picture takes about three quarters of the height."""

FIGURE_SIZE = 1000
"""Width and height of the drawing of the start pose."""


def scene_data(
    shown: Scene, snapshot: Snapshot, label_places: dict[str, int] | None = None
) -> dict[str, object]:
    """The scene in plain values.

    Args:
        label_places: where each joint's value was written last; brought up to date.
    """
    ring = shown.ring
    size = _drawing_size(snapshot.pose.size)
    return {
        "title": shown.title,
        "side": shown.side,
        "sentence": shown.sentence,
        "tone": shown.tone,
        "ring": {
            "fraction": round(ring.fraction, 3),
            "number": ring.number,
            "label": ring.label,
            "glyph": ring.glyph,
            "tone": ring.tone,
            "last": ring.last,
        },
        "dots": [
            {
                "side": one.side,
                "done": one.done,
                "missed": one.missed,
                "wanted": one.wanted,
                "active": one.active,
            }
            for one in shown.dots
        ],
        "next": shown.next,
        "muted": shown.muted,
        "dimmed": shown.dimmed,
        "over": shown.over,
        "unsaved": shown.unsaved,
        "mirror": snapshot.mirror,
        "size": size,
        "body": _body(shown, snapshot, size, label_places),
        "figure": _figure(shown, snapshot) if ring.glyph == "figure" else None,
    }


def _drawing_size(picture: tuple[int, int]) -> tuple[int, int]:
    scale = SHORT_SIDE / max(1, min(picture))
    return round(picture[0] * scale), round(picture[1] * scale)


def _body(
    shown: Scene,
    snapshot: Snapshot,
    size: tuple[int, int],
    label_places: dict[str, int] | None,
) -> list[Stroke]:
    if shown.dimmed or not snapshot.pose.seen:
        return []
    whole = Rect(0, 0, *size)
    points = placed(snapshot.pose.image, snapshot.pose.size, whole, snapshot.mirror)
    return on_picture(Sketch(), shown, snapshot, points, size, UNIT, label_places).strokes


def _figure(shown: Scene, snapshot: Snapshot) -> list[Stroke]:
    place = Rect(0, 0, FIGURE_SIZE, FIGURE_SIZE)
    return draw_figure(Sketch(), start_figure(shown, snapshot), place).strokes
