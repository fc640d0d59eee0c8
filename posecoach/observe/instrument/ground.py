"""Whether a body stands as one of those stood whom a reader was fitted on: a measured distance.

A fitted part knows nothing of what it has not seen, and says so in no way of its own. So the
angles of a body's limbs, as the model's world landmarks show them, are compared with those of
the people it was fitted on: how far is the nearest of them? One limb held otherwise is enough to
be elsewhere, so large differences count most (a mean of fourth powers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.body.points import DEGREES
from posecoach.observe.instrument.bodies import Body
from posecoach.observe.instrument.lines import ACROSS, TRUNK, Drawn, Rows, Shape, draw
from posecoach.observe.instrument.network import Single
from posecoach.pose.pose import Floats


def limb_angles(body: Body, upper: bool) -> Floats:
    """(..., A) degrees: how limbs and head stand to the trunk, and the trunk to the camera.

    Args:
        body: one moment or N.
        upper: from head to hips only.
    """
    return angles_of(draw(body, upper))


def angles_of(drawn: Drawn) -> Floats:
    """(..., A) degrees of a body that was drawn, see ``limb_angles``."""
    shape = drawn.shape
    first, second = drawn.first[..., shape.joints :, 2:], drawn.second[..., shape.joints :, 2:]
    cosine = np.einsum("...d,...d->...", first, second)
    angles = np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0)) * DEGREES
    # Directions have no least and greatest angle: their cosine and sine, as wide as degrees.
    lines = drawn.lines.reshape(*drawn.lines.shape[:-2], -1)
    parts = [angles, lines.take(_directions(shape.bones), axis=-1) * DEGREES]
    if shape.upper:  # from the front the picture tells the head's tilt better than depth does
        ears = shape.joints + _ACROSS_EARS
        tilt = np.arctan2(drawn.across()[..., ears], drawn.along[..., ears] + 0.0)
        parts.append(tilt[..., None] * DEGREES)
    return np.concatenate(parts, axis=-1)


def mirrored_angles(angles: Floats, shape: Shape) -> Floats:
    """(..., A) degrees of the same bodies as a mirror shows them."""
    order, sign, zero = _mirror(shape)
    other = angles.take(order, axis=-1)
    other *= sign
    other += zero
    return other


_ACROSS_EARS = 3
"""Which of the limbs' angles is that from the shoulders' line to the ears'."""


@cache
def _directions(bones: int) -> Rows:
    """Where the numbers of two directions are: the shoulders' line from above, and the trunk."""
    across, trunk = 5 * (bones + ACROSS), 5 * (bones + TRUNK)
    return np.array([across + 2, across + 4, trunk, trunk + 1])


@cache
def _mirror(shape: Shape) -> tuple[Rows, Floats, Floats]:
    """Where each angle's other side is, and what a mirror makes of it: sign and zero."""
    limbs = shape.mirror.angle_signs[shape.joints :]
    across, trunk = (shape.mirror.signs[shape.bones + each] for each in (ACROSS, TRUNK))
    sign = [*limbs, -across, across, -trunk, trunk, *([-1.0] if shape.upper else [])]
    order = np.arange(len(sign))
    order[: len(limbs)] = shape.mirror.angles[shape.joints :] - shape.joints
    # From the other end of a line an angle is what lacks of half a turn.
    zero = np.zeros(len(sign))
    zero[: len(limbs)][limbs < 0] = 180.0
    return order, np.array(sign), zero


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
