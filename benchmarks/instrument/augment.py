"""Noise while fitting: what real pictures have and rendered ones lack.

Landmarks tremble and wander, some are lost and put anywhere, cameras stand crooked, people shift
in their place after the start pose was taken, the silhouette is missing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body.silhouette import HEIGHTS, REACHES
from posecoach.body.spine import GAIN
from posecoach.observe.instrument.bodies import DRAWN, Body
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats

TREMBLE = 0.012
"""Trunk lengths: half a centimetre. MediaPipe's landmarks scatter by 2 % of the trunk from one
person to the next (SEEING.md, median joint errors); the rest of that the crowd itself has."""
LOST, LOST_PEOPLE, LOST_FAR = 0.04, 0.4, 0.12
"""Share of landmarks lost, in that share of pictures, and how far off they then are (trunk
lengths): a hidden wrist or ankle is a forearm's third away."""
CROOKED_DEG = 1.5
"""A camera stood up by hand."""
SHIFTED = 0.03
"""Trunk lengths that who sits or stands shifts by between start pose and hold: natural sway."""
PLACED = 0.08
"""Picture heights: where in the picture somebody stands is chance."""
UNDRAWN = 0.35
"""Share of people without a silhouette, in the start pose and later: most definitions ask for none
(nine of the twelve that come with the program), and then none is looked at."""
UNSEEN = 0.05
"""Share of pictures in which the silhouette shows nothing: no trunk can be told in it."""
NO_EDGES = 0.05
"""Share of pictures of whose silhouette only the spine's angle is known: sessions of 0.1."""
_OUTLINE_NOISE = np.array([2.0 / GAIN] + [1.0] * len(HEIGHTS) + [2.0] * len(REACHES))
"""The mask's edge trembles by a pixel: by 2 degrees between the tangents, a hundredth of a
trunk; a hand's by a finger's breadth more, which is a step there."""


def noisy(now: Body, start: Body, same: Floats, rng: np.random.Generator) -> tuple[Body, Body]:
    """Return K bodies and their start poses with noise.

    Args:
        now: K bodies.
        start: the start pose of each.
        same: (K,) where a body is its own start pose.
        rng: the source of chance.
    """
    many = len(now.image)
    roll = np.radians(rng.normal(size=many) * CROOKED_DEG)
    height = now.size[:, 1]
    place = rng.normal(size=(many, 2)) * PLACED * height[:, None]
    shift = rng.normal(size=(many, 2)) * (SHIFTED * _trunk_px(start))[:, None]
    drawn = (rng.random(many) >= UNDRAWN)[:, None]
    later = _disturbed(now, roll, place + shift, 1.0, rng, drawn)
    first = _disturbed(start, roll, place, 0.6, rng, drawn)  # the median of a second

    def own(a: Floats, b: Floats) -> Floats:
        return np.where(same.reshape(-1, *([1] * (a.ndim - 1))), b, a)

    first = Body(
        own(first.image, later.image),
        own(first.world, later.world),
        own(first.visibility, later.visibility),
        first.size,
        own(first.outline, later.outline),
    )
    return later, first


def _disturbed(
    body: Body,
    roll: Floats,
    shift: Floats,
    share: float,
    rng: np.random.Generator,
    drawn: NDArray[np.bool_],
) -> Body:
    many = len(body.image)
    world_trunk = _trunk(body.world)
    lost = (rng.random((many, 33)) < LOST * share) & (rng.random((many, 1)) < LOST_PEOPLE)
    far = np.where(lost, LOST_FAR, TREMBLE * share)
    image = (
        body.image + rng.normal(size=body.image.shape) * (far * _trunk_px(body)[:, None])[..., None]
    )
    world = body.world + rng.normal(size=body.world.shape) * (far * world_trunk[:, None])[..., None]
    visibility = np.clip(body.visibility + rng.normal(size=(many, 33)) * 0.03, 0.0, 1.0)
    visibility = np.where(lost, rng.uniform(0.0, 0.4, (many, 33)), visibility)
    cosine, sine = np.cos(roll), np.sin(roll)
    turn = np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)
    middle = body.size[:, None] / 2
    image = np.einsum("kij,knj->kni", turn, image - middle) + middle + shift[:, None]
    world[..., :2] = np.einsum("kij,knj->kni", turn, world[..., :2])
    return Body(image, world, visibility, body.size, _outline(body, rng) * drawn)


def _outline(body: Body, rng: np.random.Generator) -> Floats:
    """What the silhouette shows of K bodies, with noise, and of some less than all."""
    many = len(DRAWN)
    seen = body.outline[:, many:].copy()
    seen[rng.random(len(seen)) < UNSEEN] = 0.0
    seen[rng.random(len(seen)) < NO_EDGES, 1:] = 0.0
    shown = body.outline[:, :many] + rng.normal(size=seen.shape) * _OUTLINE_NOISE
    return np.concatenate([shown * seen, seen], axis=-1)


def _trunk(points: Floats) -> Floats:
    """(K,) length of the line from between the shoulders to between the hips."""
    line = (
        points[:, Landmark.LEFT_SHOULDER]
        + points[:, Landmark.RIGHT_SHOULDER]
        - points[:, Landmark.LEFT_HIP]
        - points[:, Landmark.RIGHT_HIP]
    )
    return np.asarray(np.linalg.norm(line, axis=-1) / 2)


def _trunk_px(body: Body) -> Floats:
    """(K,) the trunk's length in pixels, were it in the picture's plane."""

    def spread(points: Floats) -> Floats:
        off = points - points.mean(axis=1, keepdims=True)
        return np.asarray(np.square(off).sum(axis=(1, 2)))

    scale = np.sqrt(spread(body.image) / (spread(body.world[..., :2]) + 1e-9))
    return np.asarray(scale * _trunk(body.world))
