"""Bodies as readers are shown them: the landmarks as the estimator gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body.measure import Reading
from posecoach.body.points import TRUNK
from posecoach.body.silhouette import EDGES, SPINE
from posecoach.observe.precision import KNOWN
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Floats

DRAWN = (SPINE, *EDGES)
"""What of the silhouette readers look at, see ``body.silhouette``."""

_MIRROR = np.array(MIRROR)
_TO_MIRROR = np.array([-1.0, 1.0, 1.0])
_SHOULDERS = np.array([Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER])
_ELBOWS = np.array([Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW])
_HIPS = np.array([Landmark.LEFT_HIP, Landmark.RIGHT_HIP])


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Landmarks of one moment or N moments, as the estimator gave them.

    Attributes:
        image: (..., 33, 2) pixels.
        world: (..., 33, 3) metres.
        visibility: (..., 33) 0..1.
        size: (..., 2) the picture's width and height in pixels.
        outline: (..., 2 x DRAWN) what the silhouette shows, 0 where it shows nothing, then
            whether it shows each.
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


def outline_of(drawn: Mapping[str, Reading], shape: tuple[int, ...]) -> Floats:
    """(*shape, 2 x DRAWN) numbers of what a silhouette showed, by name."""
    outline = np.zeros((*shape, 2 * len(DRAWN)))
    # Of an edge readers know all that is looked at today, or (earlier sessions) nothing.
    whole = all(name in drawn for name in EDGES)
    for place, name in enumerate(DRAWN if whole else DRAWN[:1]):
        if name in drawn:
            value, sure = drawn[name].value, drawn[name].confidence
            seen = np.isfinite(value) & (sure >= KNOWN)
            outline[..., place] = np.where(seen, value, 0.0)
            outline[..., len(DRAWN) + place] = seen
    return outline


def some(body: Body, which: NDArray[np.intp]) -> Body:
    """Return some of many bodies."""
    parts = (body.image, body.world, body.visibility, body.size, body.outline)
    return Body(*(part[which] for part in parts))


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


def fineness_px(body: Body) -> Floats:
    """(...) pixels: how finely a body is drawn, as the shorter side of a picture with all of it.

    Of a body larger than the picture, hips below its edge, its own height tells.
    """
    shorter = body.size.min(axis=-1)
    larger = body.image.take(_HIPS, axis=-2)[..., 1].min(axis=-1) >= body.size[..., 1]
    if not larger.any():
        return np.asarray(shorter)
    hips, shoulders = (body.image.take(each, axis=-2).sum(axis=-2) for each in (_HIPS, _SHOULDERS))
    trunk = np.sqrt(np.square(shoulders - hips).sum(axis=-1)) / 2
    return np.asarray(np.where(larger, np.maximum(shorter, trunk / TRUNK), shorter))


def arms_below(body: Body) -> NDArray[np.bool_]:
    """(...) whether both elbows are below the picture, where they are guessed and not seen."""
    return np.asarray(body.image.take(_ELBOWS, axis=-2)[..., 1].min(axis=-1) >= body.size[..., 1])
