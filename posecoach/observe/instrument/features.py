"""What a fitted reader looks at: one body's landmarks as numbers without size and place.

Everything is counted in the body's own trunk lengths, from between the shoulders, so that
neither the picture's size nor the person's distance makes a difference beyond what perspective
does. Seen from a side, a body is turned so that the nearer side is its left: one reader serves
both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.body.points import TRUNK
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Floats

_L = Landmark
KEPT: tuple[Landmark, ...] = (
    _L.NOSE,
    _L.LEFT_EYE_OUTER,
    _L.RIGHT_EYE_OUTER,
    _L.LEFT_EAR,
    _L.RIGHT_EAR,
    _L.MOUTH_LEFT,
    _L.MOUTH_RIGHT,
    _L.LEFT_SHOULDER,
    _L.RIGHT_SHOULDER,
    _L.LEFT_ELBOW,
    _L.RIGHT_ELBOW,
    _L.LEFT_WRIST,
    _L.RIGHT_WRIST,
    _L.LEFT_INDEX,
    _L.RIGHT_INDEX,
    _L.LEFT_HIP,
    _L.RIGHT_HIP,
    _L.LEFT_KNEE,
    _L.RIGHT_KNEE,
    _L.LEFT_ANKLE,
    _L.RIGHT_ANKLE,
    _L.LEFT_FOOT_INDEX,
    _L.RIGHT_FOOT_INDEX,
)
"""Those whose place says something of their own; the fingers and inner eyes repeat others."""

UPPER = 17
"""The first so many of ``KEPT``, head to hips: all there is before a desk."""

_BONES = (
    (_L.LEFT_SHOULDER, _L.LEFT_ELBOW),
    (_L.RIGHT_SHOULDER, _L.RIGHT_ELBOW),
    (_L.LEFT_ELBOW, _L.LEFT_WRIST),
    (_L.RIGHT_ELBOW, _L.RIGHT_WRIST),
    (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER),
    (_L.LEFT_HIP, _L.RIGHT_HIP),
    (_L.LEFT_EYE_OUTER, _L.RIGHT_EYE_OUTER),
    (_L.LEFT_EAR, _L.RIGHT_EAR),
    (_L.LEFT_EAR, _L.NOSE),
    (_L.RIGHT_EAR, _L.NOSE),
    (_L.LEFT_SHOULDER, _L.LEFT_HIP),
    (_L.RIGHT_SHOULDER, _L.RIGHT_HIP),
    (_L.LEFT_HIP, _L.LEFT_KNEE),
    (_L.RIGHT_HIP, _L.RIGHT_KNEE),
    (_L.LEFT_KNEE, _L.LEFT_ANKLE),
    (_L.RIGHT_KNEE, _L.RIGHT_ANKLE),
)
UPPER_BONES = 12

# Between which of the lines an angle is taken, the trunk's two being 10 and 11.
_JOINTS = ((0, 2), (1, 3), (10, 0), (11, 1), (10, 12), (11, 13), (12, 14), (13, 15))
_UPPER_JOINTS = 4

_FIRST = np.array([first for first, _ in _JOINTS])
_SECOND = np.array([second for _, second in _JOINTS])
_INDEX = np.array([int(each) for each in KEPT])
_UPPER_INDEX = _INDEX[:UPPER]
_FROM = np.array([int(a) for a, _ in _BONES])
_TO = np.array([int(b) for _, b in _BONES])
_MIRROR = np.array(MIRROR)
_TO_MIRROR = np.array([-1.0, 1.0, 1.0])
Rows = NDArray[np.intp]


class _Looked(NamedTuple):
    """What is looked at: landmarks, ends of lines, lines an angle is taken between."""

    points: Rows
    start: Rows
    end: Rows
    first: Rows
    second: Rows


_UPPER_BODY = _Looked(
    _UPPER_INDEX,
    _FROM[:UPPER_BONES],
    _TO[:UPPER_BONES],
    _FIRST[:_UPPER_JOINTS],
    _SECOND[:_UPPER_JOINTS],
)
_WHOLE_BODY = _Looked(_INDEX, _FROM, _TO, _FIRST, _SECOND)
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Landmarks of one moment or N moments, as the estimator gave them.

    Attributes:
        image: (..., 33, 2) pixels.
        world: (..., 33, 3) metres.
        visibility: (..., 33) 0..1.
        size: (..., 2) the picture's width and height in pixels.
        outline: (..., 2) degrees between the tangents of the back's outline and how sure that
            is; (0, 0) where there is none.
    """

    image: Floats
    world: Floats
    visibility: Floats
    size: Floats
    outline: Floats

    def listed(self) -> Body:
        """One moment as a list of one."""
        parts = (self.image, self.world, self.visibility, self.size, self.outline)
        return Body(*(part[None] for part in parts))

    def mirrored(self) -> Body:
        """The same body as a mirror shows it, with left and right exchanged."""
        image = self.image.take(_MIRROR, axis=-2)
        image[..., 0] = self.size[..., None, 0] - image[..., 0]
        world = self.world.take(_MIRROR, axis=-2) * _TO_MIRROR
        visibility = self.visibility.take(_MIRROR, axis=-1)
        return Body(image, world, visibility, self.size, self.outline)


def some(body: Body, which: NDArray[np.intp]) -> Body:
    """Return some of many bodies."""
    parts = (body.image, body.world, body.visibility, body.size, body.outline)
    return Body(*(part[which] for part in parts))


def joined(first: Body, second: Body) -> Body:
    """Return the N bodies of one list and after them the M of another."""
    return Body(
        np.concatenate([first.image, second.image]),
        np.concatenate([first.world, second.world]),
        np.concatenate([first.visibility, second.visibility]),
        np.concatenate([first.size, second.size]),
        np.concatenate([first.outline, second.outline]),
    )


def where(which: NDArray[np.bool_], one: Body, other: Body) -> Body:
    """Return of N bodies each of ``one`` where ``which`` (N,), else of ``other``."""

    def pick(a: Floats, b: Floats) -> Floats:
        return np.where(which.reshape(-1, *([1] * (a.ndim - 1))), a, b)

    return Body(
        pick(one.image, other.image),
        pick(one.world, other.world),
        pick(one.visibility, other.visibility),
        pick(one.size, other.size),
        pick(one.outline, other.outline),
    )


def features(body: Body, upper: bool) -> Floats:
    """(..., F) numbers of a body.

    Args:
        body: one moment or N moments in which a person was seen.
        upper: from head to hips only, for where the legs are outside the picture.
    """
    looked = _UPPER_BODY if upper else _WHOLE_BODY
    # The method ``take`` begins in a fifth of the time an index does.
    image, world = body.image.take(looked.points, axis=-2), body.world.take(looked.points, axis=-2)
    unit_world = _trunk(body.world)
    scale = np.sqrt(_spread(image) / (_spread(world[..., :2]) + _TINY))
    unit = scale * unit_world + _TINY
    origin = (body.image[..., _L.LEFT_SHOULDER, :] + body.image[..., _L.RIGHT_SHOULDER, :]) / 2
    place = (image - origin[..., None, :]) / unit[..., None, None]
    shoulders = (world[..., 7, :] + world[..., 8, :]) / 2
    space = (world - shoulders[..., None, :]) / unit_world[..., None, None]
    flat, deep = _lines(body.image, looked), _lines(body.world, looked)
    a, b = flat.take(looked.first, axis=-2), flat.take(looked.second, axis=-2)
    bent = deep.take(looked.first, axis=-2)
    bent *= deep.take(looked.second, axis=-2)
    height = body.size[..., 1:2]
    shape = image.shape[:-2]
    return np.concatenate(
        [
            place.reshape(*shape, -1),
            space.reshape(*shape, -1),
            body.visibility.take(looked.points, axis=-1),
            flat.reshape(*shape, -1),
            deep.reshape(*shape, -1),
            # A joint's angle as cosine and sine in the picture, and as cosine in space.
            a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1],
            a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0],
            bent.sum(axis=-1),
            origin / height - body.size / height / 2,
            np.log(unit[..., None] / height),
            body.outline[..., :1] * body.outline[..., 1:] / 50.0,
            body.outline[..., 1:],
        ],
        axis=-1,
    )


def fineness_px(body: Body) -> Floats:
    """(...) pixels: how finely a body is drawn, as the shorter side of a picture with all of it.

    Of a body larger than the picture, hips below its edge, its own height tells.
    """
    hips = body.image[..., [_L.LEFT_HIP, _L.RIGHT_HIP], 1]
    larger = hips.min(axis=-1) >= body.size[..., 1]
    shorter = body.size.min(axis=-1)
    return np.asarray(np.where(larger, np.maximum(shorter, _trunk(body.image) / TRUNK), shorter))


def arms_below(body: Body) -> NDArray[np.bool_]:
    """(...) whether both elbows are below the picture, where they are guessed and not seen."""
    elbows = body.image[..., [_L.LEFT_ELBOW, _L.RIGHT_ELBOW], 1]
    return np.asarray(elbows.min(axis=-1) >= body.size[..., 1])


def _lines(points: Floats, looked: _Looked) -> Floats:
    """(..., lines, D) directions of length 1 (0 where there is none)."""
    line = points.take(looked.end, axis=-2)
    line -= points.take(looked.start, axis=-2)
    line /= (_length(line) + _TINY)[..., None]
    return line


def _trunk(points: Floats) -> Floats:
    """(...) from between the hips to between the shoulders: metres in space, or pixels."""
    hips = points[..., _L.LEFT_HIP, :] + points[..., _L.RIGHT_HIP, :]
    shoulders = points[..., _L.LEFT_SHOULDER, :] + points[..., _L.RIGHT_SHOULDER, :]
    return _length(shoulders - hips) / 2 + _TINY


def _length(lines: Floats) -> Floats:
    """(...) of (..., D) lines."""
    return np.asarray(np.sqrt(np.einsum("...d,...d->...", lines, lines)))


def _spread(points: Floats) -> Floats:
    """(...) sum of squared distances from the middle."""
    off = points - points.sum(axis=-2, keepdims=True) / points.shape[-2]
    return np.asarray(np.einsum("...kd,...kd->...", off, off))
