"""Whether a body stands as one of those stood whom a reader was fitted on: a measured distance.

A fitted part knows nothing of what it has not seen, and says so in no way of its own. So the
angles of a body's limbs, as the model's world landmarks show them, are compared with those of
the people it was fitted on: how far is the nearest of them? One limb held otherwise is enough to
be elsewhere, so large differences count most (a mean of fourth powers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.body.points import DEGREES
from posecoach.observe.instrument.features import Body, Rows
from posecoach.observe.instrument.network import Single
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats

_L = Landmark

# Lines between landmarks, each from the middle of two points to the middle of two.
_LINES = (
    ((_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER), (_L.LEFT_HIP, _L.RIGHT_HIP)),
    ((_L.RIGHT_SHOULDER, _L.RIGHT_SHOULDER), (_L.LEFT_SHOULDER, _L.LEFT_SHOULDER)),
    ((_L.RIGHT_EAR, _L.RIGHT_EAR), (_L.LEFT_EAR, _L.LEFT_EAR)),
    ((_L.LEFT_EAR, _L.RIGHT_EAR), (_L.NOSE, _L.NOSE)),
    ((_L.LEFT_SHOULDER, _L.LEFT_SHOULDER), (_L.LEFT_ELBOW, _L.LEFT_ELBOW)),
    ((_L.RIGHT_SHOULDER, _L.RIGHT_SHOULDER), (_L.RIGHT_ELBOW, _L.RIGHT_ELBOW)),
    ((_L.LEFT_ELBOW, _L.LEFT_ELBOW), (_L.LEFT_WRIST, _L.LEFT_WRIST)),
    ((_L.RIGHT_ELBOW, _L.RIGHT_ELBOW), (_L.RIGHT_WRIST, _L.RIGHT_WRIST)),
    ((_L.LEFT_HIP, _L.LEFT_HIP), (_L.LEFT_KNEE, _L.LEFT_KNEE)),
    ((_L.RIGHT_HIP, _L.RIGHT_HIP), (_L.RIGHT_KNEE, _L.RIGHT_KNEE)),
    ((_L.LEFT_KNEE, _L.LEFT_KNEE), (_L.LEFT_ANKLE, _L.LEFT_ANKLE)),
    ((_L.RIGHT_KNEE, _L.RIGHT_KNEE), (_L.RIGHT_ANKLE, _L.RIGHT_ANKLE)),
)
_TRUNK, _ACROSS, _EARS, _NOSE = range(4)
# Between which lines an angle is taken: head against trunk and shoulders, arms, then legs.
_ANGLES = (
    (_EARS, _TRUNK),
    (_NOSE, _TRUNK),
    (_NOSE, _ACROSS),
    (_EARS, _ACROSS),
    (4, _TRUNK),
    (5, _TRUNK),
    (4, 6),
    (5, 7),
    (8, _TRUNK),
    (9, _TRUNK),
    (8, 10),
    (9, 11),
)
_UPPER_LINES, _UPPER_ANGLES = 8, 8

_ENDS = np.array([[[int(p) for p in end] for end in line] for line in _LINES])
_PAIRS = np.array(_ANGLES)


class _Shape(NamedTuple):
    """Which points lines are drawn between (two and two), and lines an angle is taken between."""

    ends: tuple[Rows, Rows, Rows, Rows]
    first: Rows
    second: Rows


def _shape(lines: int, angles: int) -> _Shape:
    ends = _ENDS[:lines]
    points = (ends[:, 1, 0], ends[:, 1, 1], ends[:, 0, 0], ends[:, 0, 1])
    return _Shape(points, _PAIRS[:angles, 0], _PAIRS[:angles, 1])


_UPPER = _shape(_UPPER_LINES, _UPPER_ANGLES)
_WHOLE = _shape(len(_LINES), len(_ANGLES))
_DRAWN = _shape(3, 0)
_SIDEWAYS = np.array([0, 2])


def _drawn(points: Floats, shape: _Shape) -> Floats:
    """(..., lines, D) directions of length 1 (0 where there is none)."""
    # The method ``take`` begins in a fifth of the time an index does.
    a, b, c, d = (points.take(each, axis=-2) for each in shape.ends)
    line = a + b - c - d
    line /= (np.sqrt(np.einsum("...d,...d->...", line, line)) + 1e-9)[..., None]
    return line


def limb_angles(body: Body, upper: bool) -> Floats:
    """(..., A) degrees: how limbs and head stand to the trunk, and the trunk to the camera.

    Args:
        body: one moment or N.
        upper: from head to hips only.
    """
    shape = _UPPER if upper else _WHOLE
    line = _drawn(body.world, shape)
    first, second = line.take(shape.first, axis=-2), line.take(shape.second, axis=-2)
    cosine = np.einsum("...d,...d->...", first, second)
    angles = np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0)) * DEGREES
    # Directions have no least and greatest angle: their cosine and sine, as wide as degrees.
    yaw = line[..., _ACROSS, :].take(_SIDEWAYS, axis=-1) * DEGREES
    flat = _drawn(body.image, _DRAWN)
    trunk = flat[..., _TRUNK, :] * DEGREES
    parts = [angles, yaw, trunk]
    if upper:  # from the front the picture tells the head's tilt better than depth does
        a, b = flat[..., _ACROSS, :], flat[..., _EARS, :]
        across = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        parts.append(np.arctan2(across, (a * b).sum(axis=-1))[..., None] * DEGREES)
    return np.concatenate(parts, axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The poses a reader was fitted on.

    Attributes:
        known: (P, A) degrees, poses that stand for all.
        edge: degrees, the distance at which the ground ends.
        core: degrees, the same where no start pose tells a chance likeness from the posture.
    """

    known: Single
    edge: float
    core: float

    def degrees(self, angles: Floats) -> Floats:
        """Return (...) the distance from the nearest known pose in degrees."""
        many = angles.reshape(-1, angles.shape[-1]).astype(np.float32)
        nearest = np.empty(len(many))
        for first in range(0, len(many), _AT_ONCE):
            off = many[first : first + _AT_ONCE, None] - self.known
            off *= off
            nearest[first : first + _AT_ONCE] = np.einsum("npa,npa->np", off, off).min(axis=-1)
        return np.asarray((nearest / many.shape[-1]) ** 0.25).reshape(angles.shape[:-1])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what is kept of it in a file."""
        edges = np.array([self.edge, self.core], dtype=np.float32)
        return {"known": self.known.astype(np.float16), "edges": edges}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Ground:
        """Make a ground of what was kept."""
        known = np.asarray(arrays["known"], dtype=np.float32)
        edge, core = np.asarray(arrays["edges"], dtype=np.float32).tolist()
        return cls(known, edge, core)


_AT_ONCE = 32
"""Bodies compared at once: the differences stay in a processor's cache."""
