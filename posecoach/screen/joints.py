"""Where on the body a measure is seen: the joint to mark, its arc, the way it moves.

Works on landmarks already brought into the window's pixels (mirrored where the display is),
so everything it gives back can be drawn as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, degrees

import numpy as np

from posecoach.body.view import View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats

UP = np.array([0.0, -1.0])
SIDEWAYS_DEG = 8.0
"""Below this a bend's direction in the picture is lost in the noise of the landmarks."""


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """An angle as a goniometer shows it: from its zero line to the moving limb.

    Attributes:
        vertex: (2,) pixels, the joint.
        zero_deg: direction of the zero line, degrees clockwise from the picture's right.
        sense: +1 where the measure grows clockwise in the window, else -1.
        limb_deg: direction of the moving limb.
        reach: pixels, length of the shorter of the two limbs.
    """

    vertex: Floats
    zero_deg: float
    sense: int
    limb_deg: float
    reach: float


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """A movement that is no angle in the picture: a place, and the way the value grows.

    Attributes:
        place: (2,) pixels.
        growing: (2,) unit vector.
        reach: pixels, size of the body part, to draw the arrow in proportion.
    """

    place: Floats
    growing: Floats
    reach: float


Mark = Arc | Shift


class _Body:
    """The landmarks by name, and lines between them."""

    def __init__(self, points: Floats, view: View) -> None:
        self.points = points
        self.view = view

    def __call__(self, name: str, side: str) -> Floats:
        found: Floats = self.points[Landmark[f"{side.upper()}_{name}"]]
        return found

    def mid(self, name: str) -> Floats:
        middle: Floats = (self(name, "left") + self(name, "right")) / 2
        return middle

    @property
    def left_is(self) -> float:
        """+1 where the person's left is at the window's right."""
        across = self("SHOULDER", "left")[0] - self("SHOULDER", "right")[0]
        return 1.0 if across >= 0 else -1.0

    @property
    def ahead_is(self) -> float:
        """+1 where a body seen from the side faces the window's right."""
        ahead = self.points[Landmark.NOSE][0] - self.mid("EAR")[0]
        return 1.0 if ahead >= 0 else -1.0


def mark_of(measure: str, points: Floats, view: View) -> Mark | None:
    """Where to mark ``measure``, or None where it has no place or it is not seen.

    Args:
        measure: full name, e.g. "elbow_flexion_left" or "knee_flexion_near".
        points: (33, 2) window pixels, NaN where unknown.
        view: how the camera sees the body (near and far sides are taken from it).
    """
    base, side = _split(measure, view)
    make = _PLACES.get(base)
    if make is None:
        return None
    mark = make(_Body(points, view), side)
    values = mark.vertex if isinstance(mark, Arc) else mark.place
    if not np.all(np.isfinite(values)) or not np.isfinite(mark.reach) or mark.reach < 1:
        return None
    return mark


def _split(measure: str, view: View) -> tuple[str, str]:
    base, _, side = measure.rpartition("_")
    far = "right" if view.near == "left" else "left"
    sides = {"left": "left", "right": "right", "near": view.near, "far": far}
    return (base, sides[side]) if side in sides else (measure, view.near)


def _angle(vector: Floats) -> float:
    return degrees(atan2(vector[1], vector[0]))


def _turn(first: Floats, then: Floats) -> float:
    """Degrees from ``first`` to ``then``, clockwise in the picture, -180..180."""
    cross = first[0] * then[1] - first[1] * then[0]
    return degrees(atan2(cross, float(first @ then)))


def _arc(vertex: Floats, zero: Floats, limb: Floats, sense: float | None = None) -> Arc:
    turned = _turn(zero, limb)
    if sense is None:
        sense = 1.0 if turned >= 0 or abs(turned) < SIDEWAYS_DEG else -1.0
    reach = float(min(np.hypot(*zero), np.hypot(*limb)))
    return Arc(vertex, _angle(zero), int(sense), _angle(limb), reach)


def _hinge(before: str, joint: str, after: str) -> Callable[[_Body, str], Mark]:
    """Flexion: zero is the straight line on from the limb before the joint."""

    def make(body: _Body, side: str) -> Mark:
        vertex = body(joint, side)
        return _arc(vertex, vertex - body(before, side), body(after, side) - vertex)

    return make


def _shoulder(body: _Body, side: str) -> Mark:
    vertex = body("SHOULDER", side)
    return _arc(vertex, body("HIP", side) - vertex, body("ELBOW", side) - vertex)


def _lean(body: _Body, _: str) -> Mark:
    hips = body.mid("HIP")
    trunk = body.mid("SHOULDER") - hips
    return _arc(hips, UP * np.hypot(*trunk), trunk, body.left_is)


def _inclination(body: _Body, _: str) -> Mark:
    hips = body.mid("HIP")
    trunk = body.mid("SHOULDER") - hips
    return _arc(hips, UP * np.hypot(*trunk), trunk)


def _neck_lean(body: _Body, _: str) -> Mark:
    base = body.mid("SHOULDER")
    head = body.points[Landmark.NOSE] - base
    return _arc(base, (base - body.mid("HIP")), head, body.left_is)


def _neck_flexion(body: _Body, _: str) -> Mark:
    head = body.mid("EAR")
    reach = float(np.hypot(*(body.mid("EAR") - body.mid("SHOULDER"))))
    return Shift(body.points[Landmark.NOSE] + 0 * head, -UP, reach)


def _knees_drop(body: _Body, _: str) -> Mark:
    hips = body.mid("HIP")
    knees = body.mid("KNEE") - hips
    return _arc(hips, UP * np.hypot(*knees), knees, body.left_is)


def _raise(body: _Body, side: str) -> Mark:
    at = body("SHOULDER", side)
    trunk = body.mid("SHOULDER") - body.mid("HIP")
    length = float(np.hypot(*trunk))
    return Shift(at, trunk / length if length else UP, length / 2)


def _forward(body: _Body, side: str) -> Mark:
    at = body("SHOULDER", side)
    length = float(np.hypot(*(body.mid("SHOULDER") - body.mid("HIP"))))
    return Shift(at, np.array([body.ahead_is, 0.0]), length / 2)


def _turning(body: _Body, _: str) -> Mark:
    shoulders = body("SHOULDER", "left") - body("SHOULDER", "right")
    trunk = float(np.hypot(*(body.mid("SHOULDER") - body.mid("HIP"))))
    reach = max(float(np.hypot(*shoulders)), trunk / 2)
    return Shift(body.mid("SHOULDER"), np.array([body.left_is, 0.0]), reach)


def _head_turning(body: _Body, _: str) -> Mark:
    reach = float(np.hypot(*(body.mid("EAR") - body.mid("SHOULDER"))))
    return Shift(body.points[Landmark.NOSE], np.array([body.left_is, 0.0]), reach)


def _back(body: _Body, _: str) -> Mark:
    """The middle of the back; rounding moves it away from the knees and elbows."""
    shoulders, hips = body.mid("SHOULDER"), body.mid("HIP")
    trunk = shoulders - hips
    length = float(np.hypot(*trunk))
    outward = np.array([trunk[1], -trunk[0]]) / length if length else UP
    inner = (body.mid("KNEE") + body.mid("ELBOW")) / 2
    if np.all(np.isfinite(inner)) and float(outward @ (inner - hips)) > 0:
        outward = -outward
    return Shift((shoulders + hips) / 2 + outward * length * 0.2, outward, length / 2)


_PLACES: dict[str, Callable[[_Body, str], Mark]] = {
    "elbow_flexion": _hinge("SHOULDER", "ELBOW", "WRIST"),
    "knee_flexion": _hinge("HIP", "KNEE", "ANKLE"),
    "hip_flexion": _hinge("SHOULDER", "HIP", "KNEE"),
    "shoulder_flexion": _shoulder,
    "shoulder_abduction": _shoulder,
    "trunk_lateral_flexion": _lean,
    "trunk_inclination": _inclination,
    "trunk_turn": _turning,
    "trunk_rotation": _turning,
    "spine_flexion": _back,
    "neck_flexion": _neck_flexion,
    "neck_lateral_flexion": _neck_lean,
    "neck_rotation": _head_turning,
    "shoulder_elevation": _raise,
    "shoulder_protraction": _forward,
    "knees_drop": _knees_drop,
}
