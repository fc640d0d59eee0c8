"""A moment as a drawn skeleton: landmarks and lines, no photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posecoach.pose.landmarks import BONES, Landmark
from posecoach.report.beside import LEADS, Board
from posecoach.report.beside import SIZE as FIGURES
from posecoach.report.drawing import (
    Circle,
    Drawing,
    Mark,
    Path,
    Text,
    line,
    triangle,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.pose.pose import Floats
    from posecoach.report.facts import Picture

SIZE = 240.0
MARGIN = 30.0
"""Around the body, for the words at its joints."""
LOWEST = 120.0
"""Height of the flattest drawing."""

_TRUNK = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_HIP,
)
_JOINTS = tuple(
    Landmark[f"{side}_{joint}"]
    for side in ("LEFT", "RIGHT")
    for joint in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
)
_HEAD = (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, Landmark.LEFT_EYE)


def skeleton(picture: Picture, exercise: str) -> Drawing:
    """Draw a moment, filling the drawing; the picture is as the camera saw it, not mirrored."""
    points, height = _fitted(picture.points)
    marks: list[Mark] = []
    trunk = points[list(_TRUNK)]
    if np.isfinite(trunk).all():
        marks.append(Path("trunk", tuple((float(x), float(y)) for x, y in trunk), closed=True))
    for a, b in BONES:
        ends = points[[a, b]]
        if np.isfinite(ends).all():
            role = _bone_role(a, b)
            marks.append(line(role, *((float(x), float(y)) for x, y in ends)))
    marks += _head(points)
    marks += _sides(points, height, marks)
    marks += _labels(picture, points, height, marks)
    which = "Best" if picture.kind == "best" else "Least good"
    title = f"{which} moment of {exercise}, drawn as a skeleton"
    return Drawing(SIZE, height, title, picture.words or "The body's joints.", tuple(marks))


def _labels(picture: Picture, points: Floats, height: float, drawn: Sequence[Mark]) -> list[Mark]:
    """The joints that had a target, each with its angle where nothing else is drawn."""
    shown = [
        (points[number], label, met)
        for number, label, met in picture.joints
        if np.isfinite(points[number]).all()
    ]
    marks: list[Mark] = []
    for joint, _, met in shown:
        x, y = (float(each) for each in joint)
        marks.append(Circle("held", (x, y), 4.5) if met else triangle("fault", x, y, 7))
    board = Board(SIZE, height, points[list(_JOINTS)], [*drawn, *marks])
    places = board.places([(joint, label) for joint, label, _ in shown])
    for (joint, label, met), place in zip(shown, places, strict=True):
        x, y = (float(each) for each in place)
        role = "good-text" if met else "fault-text"
        text = Text(role, x, y + FIGURES / 3, label, "middle", FIGURES)
        way = place - joint
        if np.linalg.norm(way) > LEADS:
            ends = (joint + way * 0.2, joint + way * 0.6)
            marks.append(line("zero", *((float(px), float(py)) for px, py in ends)))
        marks.append(text)
    return marks


def _fitted(points: Floats) -> tuple[Floats, float]:
    """The points on the drawing, and how high it must be: a lying body needs little."""
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        return points, LOWEST
    low, high = known.min(axis=0), known.max(axis=0)
    scale = (SIZE - 2 * MARGIN) / max(float((high - low).max()), 1.0)
    height = max(LOWEST, float(high[1] - low[1]) * scale + 2 * MARGIN)
    fitted: Floats = (points - (low + high) / 2) * scale + (SIZE / 2, height / 2)
    return fitted, height


def _bone_role(a: Landmark, b: Landmark) -> str:
    sides = {each.name.split("_")[0] for each in (a, b)}
    if {a, b} <= set(_TRUNK) or len(sides) > 1:
        return "bone"
    return "left-bone" if sides == {"LEFT"} else "right-bone"


def _head(points: Floats) -> list[Mark]:
    known = points[list(_HEAD)]
    known = known[np.isfinite(known).all(axis=1)]
    shoulders = points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    hips = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    if not len(known) or not np.isfinite(shoulders).all():
        return []
    middle = known.mean(axis=0)
    neck = shoulders.mean(axis=0)
    trunk = float(np.linalg.norm(neck - hips.mean(axis=0)))
    # A head is about a third of the trunk high (Drillis and Contini 1966).
    radius = max(8.0, 0.19 * trunk) if np.isfinite(trunk) else 14.0
    way = middle - neck
    length = float(np.linalg.norm(way)) or 1.0
    edge = middle - way / length * min(radius, length)
    x, y = (float(each) for each in middle)
    nose = points[Landmark.NOSE]
    marks: list[Mark] = [
        line("bone", (float(neck[0]), float(neck[1])), (float(edge[0]), float(edge[1]))),
        Circle("head", (x, y), radius, hollow=True),
    ]
    if np.isfinite(nose).all():
        marks.append(Circle("head", (float(nose[0]), float(nose[1])), 1.5))
    return marks


def _sides(points: Floats, height: float, drawn: Sequence[Mark]) -> list[Mark]:
    """L and R beside the hands: the person's own."""
    board = Board(SIZE, height, points[list(_JOINTS)], drawn)
    marks: list[Mark] = []
    for side, wrist, elbow in (
        ("left", Landmark.LEFT_WRIST, Landmark.LEFT_ELBOW),
        ("right", Landmark.RIGHT_WRIST, Landmark.RIGHT_ELBOW),
    ):
        ends = points[[wrist, elbow]]
        if not np.isfinite(ends).all():
            continue
        way = ends[0] - ends[1]
        way = way / (float(np.linalg.norm(way)) or 1.0)
        place = ends[0] + 12 * way
        letter = side[0].upper()
        if not board.has_room(place, letter):  # the hand lies on a leg
            (place,) = board.places([(ends[0], letter)])
        x, y = (float(each) for each in place)
        x, y = min(max(x, 8.0), SIZE - 8), min(max(y + 4, 12.0), height - 4)
        marks.append(Text(f"{side}-text", x, y, letter, "middle", 12))
    return marks
