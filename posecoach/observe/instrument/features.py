"""What a fitted reader looks at: one body's landmarks as numbers without size and place.

Everything is counted in the body's own trunk lengths, from between the shoulders, so that
neither the picture's size nor the person's distance makes a difference beyond what perspective
does. Seen from a side, a body is turned so that the nearer side is its left: one reader serves
both sides.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from posecoach.body.silhouette import EDGES
from posecoach.observe.instrument.bodies import DRAWN, Body
from posecoach.observe.instrument.lines import TINY, Drawn, Rows, Shape, draw
from posecoach.pose.pose import Floats

_OUTLINE_UNITS = np.array([70.0] + [20.0] * len(EDGES) + [1.0] * len(DRAWN))
"""A spine's whole range in degrees, a fifth of the trunk's length: what then is about 1."""

ACROSS = -3
"""Which number says where across the picture a body is, of who is drawn without an outline."""


def features(body: Body, upper: bool, outlined: bool) -> Floats:
    """(..., F) numbers of a body.

    Args:
        body: one moment or N moments in which a person was seen.
        upper: from head to hips only, for where the legs are outside the picture.
        outlined: with what its outline shows, for who is seen from a side.
    """
    return features_of(draw(body, upper), body, outlined)


def features_of(drawn: Drawn, body: Body, outlined: bool) -> Floats:
    """(..., F) numbers of a body that was drawn."""
    shape = drawn.shape
    scale = np.sqrt(_spread(drawn.image) / (_spread(drawn.world[..., :2]) + TINY))
    unit = scale * drawn.trunk + TINY
    place = drawn.places[..., :2] / unit[..., None, None]
    space = drawn.places[..., 2:] / drawn.trunk[..., None, None]
    flat, deep = drawn.lines[..., : shape.bones, :2], drawn.lines[..., : shape.bones, 2:]
    bent = drawn.first[..., : shape.joints, 2:] * drawn.second[..., : shape.joints, 2:]
    height = body.size[..., 1:2]
    ahead = drawn.image.shape[:-2]
    outline = (body.outline / _OUTLINE_UNITS,) if outlined else ()
    return np.concatenate(
        [
            place.reshape(*ahead, -1),
            space.reshape(*ahead, -1),
            body.visibility.take(shape.kept, axis=-1),
            flat.reshape(*ahead, -1),
            deep.reshape(*ahead, -1),
            # A joint's angle as cosine and sine in the picture, and as cosine in space.
            drawn.along[..., : shape.joints],
            drawn.across()[..., : shape.joints],
            bent.sum(axis=-1),
            drawn.middle[..., :2] / height - body.size / height / 2,
            np.log(unit[..., None] / height),
            *outline,
        ],
        axis=-1,
    )


def mirrored_features(numbers: Floats, shape: Shape, outlined: bool) -> Floats:
    """(..., F) numbers of the same bodies as a mirror shows them."""
    order, sign = _mirror(shape, outlined)
    other = numbers.take(order, axis=-1)
    other *= sign
    return other


@cache
def _mirror(shape: Shape, outlined: bool) -> tuple[Rows, Floats]:
    """Where each number's other side is, and the sign a mirror gives it; see ``features_of``."""
    orders: list[Rows] = []
    signs: list[Floats] = []

    def add(rows: Rows, *columns: Floats) -> None:
        width = len(columns)
        start = sum(map(len, orders))
        orders.append((start + rows[:, None] * width + np.arange(width)).ravel())
        signs.append(np.stack(np.broadcast_arrays(*columns, np.ones(len(rows)))[:-1], 1).ravel())

    mirror, one = shape.mirror, np.ones(1)
    bones = slice(0, shape.bones)
    turned, joints = mirror.signs[bones], mirror.angle_signs[: shape.joints]
    add(mirror.kept, -one, one)
    add(mirror.kept, -one, one, one)
    add(mirror.kept, one)
    add(mirror.lines[bones], -turned, turned)
    add(mirror.lines[bones], -turned, turned, turned)
    for sign in (joints, -joints, joints):
        add(mirror.angles[: shape.joints], sign)
    # Where in the picture the body is and how large, and what its outline shows.
    outline = 2 * len(DRAWN) if outlined else 0
    for sign in (-one, one, one, *([one] * outline)):
        add(np.zeros(1, np.intp), sign)
    return np.concatenate(orders), np.concatenate(signs)


def _spread(points: Floats) -> Floats:
    """(...) sum of squared distances from the middle."""
    off = points - points.sum(axis=-2, keepdims=True) / points.shape[-2]
    return np.asarray(np.einsum("...kd,...kd->...", off, off))
