"""A pose's world landmarks as triples of numbers, in metres.

The counterpart of ``points`` for what lies out of the picture's plane: one formula serves
a single moment (Python numbers) and N moments (arrays).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from posecoach.body.points import DEGREES, Number
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose


class Vector(NamedTuple):
    """x right, y down, z away from the camera."""

    x: Number
    y: Number
    z: Number

    def minus(self, other: Vector) -> Vector:
        """Return the line from ``other`` to here."""
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def dot(self, other: Vector) -> Number:
        """Return the inner product."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other: Vector) -> Vector:
        """Return the vector square to both."""
        return Vector(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    def unit(self) -> Vector:
        """Return the direction, of length 1."""
        length = self.dot(self) ** 0.5 + 1e-12
        return Vector(self.x / length, self.y / length, self.z / length)


@lru_cache(maxsize=2)
def space(pose: Pose) -> tuple[Vector, ...]:
    """Return the 33 world landmarks; remembered, as measures share them."""
    world = np.asarray(pose.world, dtype=np.float64)
    rows: Any = world.tolist() if world.ndim == 2 else np.moveaxis(world, 0, -1)
    return tuple(Vector(*row) for row in rows)


def middle(world: tuple[Vector, ...], left: Landmark, right: Landmark) -> Vector:
    """Return the point half-way between two landmarks."""
    a, b = world[left], world[right]
    return Vector((a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2)


def yaw_deg(world: tuple[Vector, ...], left: Landmark, right: Landmark) -> Number:
    """Return how far a line across the body is turned to the person's left, in degrees.

    0 faces the camera, +90 shows it the right side, 180 the back.
    """
    across = world[left].minus(world[right])
    return np.arctan2(across.z, across.x) * DEGREES


def wrapped_deg(degrees: Number) -> Number:
    """Return an angle brought into -180..180."""
    return (degrees + 180.0) % 360.0 - 180.0
