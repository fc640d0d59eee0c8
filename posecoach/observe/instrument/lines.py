"""The lines that are drawn between a body's landmarks, which is all that readers look at.

What a reader is fed with (``features``) and what says whose people stand most alike (``ground``)
are made of the same lines, so a body is drawn once for both: its landmarks from between the
shoulders and the lines between them are one product with a matrix of ones and halves, exact in
floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.observe.instrument.bodies import Body
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Floats

Rows = NDArray[np.intp]

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

# Between which of those an angle is taken, the trunk's two being 10 and 11.
_JOINTS = ((0, 2), (1, 3), (10, 0), (11, 1), (10, 12), (11, 13), (12, 14), (13, 15))

# Limbs, each from the middle of some landmarks to the middle of as many.
_LIMBS = (
    ((_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER), (_L.LEFT_HIP, _L.RIGHT_HIP)),
    ((_L.RIGHT_SHOULDER,), (_L.LEFT_SHOULDER,)),
    ((_L.RIGHT_EAR,), (_L.LEFT_EAR,)),
    ((_L.LEFT_EAR, _L.RIGHT_EAR), (_L.NOSE,)),
    ((_L.LEFT_SHOULDER,), (_L.LEFT_ELBOW,)),
    ((_L.RIGHT_SHOULDER,), (_L.RIGHT_ELBOW,)),
    ((_L.LEFT_ELBOW,), (_L.LEFT_WRIST,)),
    ((_L.RIGHT_ELBOW,), (_L.RIGHT_WRIST,)),
    ((_L.LEFT_HIP,), (_L.LEFT_KNEE,)),
    ((_L.RIGHT_HIP,), (_L.RIGHT_KNEE,)),
    ((_L.LEFT_KNEE,), (_L.LEFT_ANKLE,)),
    ((_L.RIGHT_KNEE,), (_L.RIGHT_ANKLE,)),
)
TRUNK, ACROSS, EARS, NOSE = range(4)

# Between which of those an angle is taken: head against trunk and shoulders, arms, then legs.
_ANGLES = (
    (EARS, TRUNK),
    (NOSE, TRUNK),
    (NOSE, ACROSS),
    (ACROSS, EARS),
    (4, TRUNK),
    (5, TRUNK),
    (4, 6),
    (5, 7),
    (8, TRUNK),
    (9, TRUNK),
    (8, 10),
    (9, 11),
)

TINY = 1e-9
"""Added to lengths: a line without one has no direction, and is no error."""


class Mirror(NamedTuple):
    """What a mirror makes of a shape's parts, left and right exchanged.

    Attributes:
        kept: (K,) the landmark of the other side.
        lines: (L,) the line of the other side; signs: -1 where it runs the other way.
        angles: (P,) the angle of the other side; angle_signs: -1 where it is taken from the
            other end of one of its lines.
    """

    kept: Rows
    lines: Rows
    signs: Floats
    angles: Rows
    angle_signs: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What is drawn of a body: K landmarks and L lines, bones and after them limbs.

    Attributes:
        kept: (K,) the landmarks.
        drawn: (1 + K + L, K) what makes of them the point between the shoulders, their places
            from there, and the lines.
        first, second: (P,) between which lines an angle is taken: joints of bones and after
            them the limbs' angles.
        bones, joints: how many of those there are.
        upper: whether it is head to hips only.
        mirror: what a mirror makes of it.
    """

    kept: Rows
    drawn: Floats
    first: Rows
    second: Rows
    bones: int
    joints: int
    upper: bool
    mirror: Mirror


_Ends = tuple[tuple[Landmark, ...], tuple[Landmark, ...]]


def _shape(kept: Sequence[Landmark]) -> Shape:
    """Return what is drawn between some of the landmarks."""
    ends: list[_Ends] = [((a,), (b,)) for a, b in _BONES if {a, b} <= set(kept)]
    bones = len(ends)
    ends += [(a, b) for a, b in _LIMBS if {*a, *b} <= set(kept)]
    joints = [pair for pair in _JOINTS if max(pair) < bones]
    angles = [(a + bones, b + bones) for a, b in _ANGLES if max(a, b) < len(ends) - bones]
    pairs = [*joints, *angles]
    place = {each: index for index, each in enumerate(kept)}
    first = 1 + len(kept)
    drawn = np.zeros((first + len(ends), len(kept)))
    drawn[0, [place[_L.LEFT_SHOULDER], place[_L.RIGHT_SHOULDER]]] = 0.5
    drawn[1:first] = np.eye(len(kept)) - drawn[0]
    for index, both in enumerate(ends):
        # Limbs run from two landmarks to two, so that halves are not needed.
        whole = 1.0 if index < bones else 2.0
        for end, sign in zip(both, (-1.0, 1.0), strict=True):
            for each in end:
                drawn[first + index, place[each]] = sign * whole / len(end)
    return Shape(
        np.array(kept),
        drawn,
        np.array([first for first, _ in pairs]),
        np.array([second for _, second in pairs]),
        bones,
        len(joints),
        len(kept) < len(KEPT),
        _mirror(kept, bones, ends, pairs),
    )


def _mirror(
    kept: Sequence[Landmark],
    bones: int,
    ends: Sequence[_Ends],
    pairs: Sequence[tuple[int, int]],
) -> Mirror:
    """Find each part's other side."""
    # A bone and a limb may be the same line; each has its own other side.
    keys = [(index < bones, frozenset(a), frozenset(b)) for index, (a, b) in enumerate(ends)]
    lines, signs = [], []
    for bone, start, end in keys:
        other = bone, _other(start), _other(end)
        turned = other not in keys
        lines.append(keys.index((bone, other[2], other[1]) if turned else other))
        signs.append(-1.0 if turned else 1.0)
    angles = [pairs.index((lines[first], lines[second])) for first, second in pairs]
    return Mirror(
        np.array([kept.index(Landmark(MIRROR[each])) for each in kept]),
        np.array(lines),
        np.array(signs),
        np.array(angles),
        np.array([signs[first] * signs[second] for first, second in pairs]),
    )


def _other(end: frozenset[Landmark]) -> frozenset[Landmark]:
    return frozenset(Landmark(MIRROR[each]) for each in end)


UPPER_BODY = _shape(KEPT[:UPPER])
WHOLE_BODY = _shape(KEPT)


def shape_of(upper: bool) -> Shape:
    """Return what is drawn of a body: from head to hips only, or the whole."""
    return UPPER_BODY if upper else WHOLE_BODY


_PLANES = np.array([0, 0, 1, 1, 1])
"""Of a line's five numbers: those in the picture, and those in space."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What is drawn of bodies; of each point and line two numbers in the picture, three in space.

    Attributes:
        shape: what was drawn.
        image, world: (..., K, 2) and (..., K, 3) the landmarks.
        middle: (..., 5) the point between the shoulders.
        places: (..., K, 5) the landmarks from there.
        trunk: (...) metres between the middles of shoulders and hips.
        lines: (..., L, 5) their directions, of length 1 in the picture and in space.
        first, second: (..., P, 5) the lines between which an angle is taken.
        along: (..., P) cosines of those angles in the picture.
    """

    shape: Shape
    image: Floats
    world: Floats
    middle: Floats
    places: Floats
    trunk: Floats
    lines: Floats
    first: Floats
    second: Floats
    along: Floats

    def across(self) -> Floats:
        """(..., P) sines of the angles in the picture."""
        a, b = self.first, self.second
        return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])

    def some(self, which: Rows) -> Drawn:
        """Return some of many."""
        own = [getattr(self, part.name)[which] for part in fields(self)[1:]]
        return Drawn(self.shape, *own)


def draw(body: Body, upper: bool) -> Drawn:
    """Draw one body or N.

    Args:
        body: one moment or N moments in which a person was seen.
        upper: from head to hips only, for where the legs are outside the picture.
    """
    shape = shape_of(upper)
    # The method ``take`` begins in a fifth of the time an index does.
    image, world = body.image.take(shape.kept, axis=-2), body.world.take(shape.kept, axis=-2)
    drawn = shape.drawn @ np.concatenate([image, world], axis=-1)
    kept = 1 + len(shape.kept)
    lines = drawn[..., kept:, :]
    lengths = np.empty((*lines.shape[:-1], 2))
    for plane, part in enumerate((lines[..., :2], lines[..., 2:])):
        np.einsum("...d,...d->...", part, part, out=lengths[..., plane])
    np.sqrt(lengths, out=lengths)
    trunk = lengths[..., shape.bones + TRUNK, 1] / 2 + TINY
    lengths += TINY
    lines /= lengths.take(_PLANES, axis=-1)
    first, second = lines.take(shape.first, axis=-2), lines.take(shape.second, axis=-2)
    along = first[..., 0] * second[..., 0] + first[..., 1] * second[..., 1]
    return Drawn(
        shape,
        image,
        world,
        drawn[..., 0, :],
        drawn[..., 1:kept, :],
        trunk,
        lines,
        first,
        second,
        along,
    )
