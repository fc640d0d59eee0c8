"""Where a joint's angle is written: beside its own joint, and on nothing else that is drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from posecoach.report.drawing import Circle, Path, Text, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.pose.pose import Floats
    from posecoach.report.drawing import Mark

SIZE = 13.0
"""Height of an angle's figures, in the drawing's units."""
_WAYS = 24
"""Directions from the joint that are tried: every 15 degrees."""
_NEAR = (20.0, 26.0, 33.0, 42.0)
"""Distances that are tried, units: from next to the joint's own mark on, to twice as far."""
LEADS = 30.0
"""Distance from which on a line leads from the joint to its figures."""
_CLEAR = 5.0
"""Units between figures and other lines; more than that is no better."""
_SURE = 1.25
"""How many times farther than its own joint every other one must be from the figures."""
_STEP = 4.0
"""Units between the points of a line that figures keep clear of: less than they are high."""


class Board:
    """What is drawn already, as points that figures keep clear of.

    Args:
        width, height: of the drawing.
        joints: (N, 2) all joints, NaN where not drawn.
        marks: what is drawn.
    """

    def __init__(self, width: float, height: float, joints: Floats, marks: Sequence[Mark]) -> None:
        self._bounds = np.array((width, height))
        self._joints = joints[np.isfinite(joints).all(axis=1)]
        self._taken = [point for mark in marks for point in _points(mark)]

    def places(self, labels: Sequence[tuple[Floats, str]]) -> list[Floats]:
        """(2,) for each joint and its figures: the middle of where those have room.

        Twice over: the first ones may have taken the only room of a later one.
        """
        found: dict[int, Floats] = {}
        for index, (joint, label) in [*enumerate(labels)] * 2:
            others = [
                point
                for other, place in found.items()
                if other != index
                for point in _written(place, labels[other][1])
            ]
            found[index] = self._place(joint, label, others)
        return [found[index] for index in range(len(labels))]

    def has_room(self, place: Floats, label: str) -> bool:
        """Whether nothing is drawn where this would be written."""
        half = np.array((text_width(label, SIZE) / 2, SIZE / 2))
        inside = np.abs(np.array(self._taken).reshape(-1, 2) - place) < half
        return not inside.all(axis=1).any()

    def _place(self, joint: Floats, label: str, written: Sequence[Floats]) -> Floats:
        half = np.array((text_width(label, SIZE) / 2, SIZE / 2))
        turns = np.arange(_WAYS) * 2 * np.pi / _WAYS
        around = np.stack([np.cos(turns), np.sin(turns)], axis=1)
        places = np.concatenate([joint + around * (far + half * (1, 0)) for far in _NEAR])
        places = places.clip(half + 1, self._bounds - half - 1)
        taken = np.array([*self._taken, *written]).reshape(-1, 2)
        gaps = np.abs(places[:, None] - taken).clip(min=0) - half
        clear = np.linalg.norm(gaps.clip(min=0), axis=2).min(axis=1, initial=_CLEAR)
        own = np.linalg.norm(places - joint, axis=1)
        away = np.linalg.norm(joint - self._joints, axis=1) > 1
        others = self._joints[away]
        other = np.linalg.norm(places[:, None] - others, axis=2).min(axis=1, initial=np.inf)
        # The nearest of the clear ones, by steps: a pixel of room is not worth a long way.
        cost = 4 * (other < _SURE * own) + 3 * (1 - clear / _CLEAR) + own / _NEAR[-1]
        found: Floats = places[int(np.argmin(cost))]
        return found


def _written(place: Floats, label: str) -> list[Floats]:
    half = np.array((text_width(label, SIZE) / 2, 0.0))
    return _along(np.stack([place - half, place + half]))


def _points(mark: Mark) -> list[Floats]:
    """Points along a mark, close enough that figures cannot lie between them."""
    if isinstance(mark, Text):
        return [np.array((mark.x, mark.y - mark.size / 3))]
    if isinstance(mark, Circle):
        return _along(_round(mark))
    if isinstance(mark, Path):
        corners = np.array(mark.points + mark.points[:1] if mark.closed else mark.points)
        return _along(corners)
    return []


def _round(circle: Circle) -> Floats:
    turns = np.linspace(0, 2 * np.pi, 13)
    edge: Floats = np.array(circle.centre) + circle.radius * np.stack(
        [np.cos(turns), np.sin(turns)], axis=1
    )
    return edge


def _along(corners: Floats) -> list[Floats]:
    found = [corners[0]]
    for start, end in pairwise(corners):
        count = max(1, int(np.ceil(np.linalg.norm(end - start) / _STEP)))
        found += [start + (end - start) * part / count for part in range(1, count + 1)]
    return found
