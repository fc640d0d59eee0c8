"""Which people a reader is fitted on: those of one posture, seen from one view.

A stretch is named here only to say how its people stand before the camera; a reader never hears
of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.instrument.rows import MEASURES, Ints, Rows, Texts
from benchmarks.instrument.used import USED, shows_silhouette
from posecoach.body.catalogue import split_name
from posecoach.body.human import readable
from posecoach.body.measure import Reading
from posecoach.body.silhouette import EDGES, SPINE
from posecoach.observe.instrument.bodies import Body, outline_of, where
from posecoach.observe.instrument.reader import swapped
from posecoach.observe.turns import ROUND, goes_round, half_turn, straightened
from posecoach.pose.pose import Floats

LEAST_MOVED_DEG = 2.0
"""A measure whose truth has a smaller spread than this in a group cannot be learnt there."""

_SAME = ("shoulder_abduction", "arm_shortening", "hand_across", "hand_lead")
"""Read as another measure, or none of the body's angles."""


@dataclass(frozen=True, slots=True)
class Group:
    """How the people of one reader stand.

    Attributes:
        name: of the reader.
        stretches: whose people stand so.
        facings: how its people are told to be seen: a facing, or "facing, posture".
        upper: whether it looks at head to hips only.
        turned: whether the nearer side is made the left.
    """

    name: str
    stretches: tuple[str, ...]
    facings: tuple[str, ...]
    upper: bool
    turned: bool


GROUPS = (
    # Upright before the camera: from head to hips alone, so that it serves whole bodies, and
    # a desk that hides the legs, alike.
    Group(
        "front",
        ("overhead-reach", "wall-stretch", "neck-flexion", "shoulder-roll"),
        ("front", "three-quarter", "back", "unknown"),
        upper=True,
        turned=False,
    ),
    # Lying, with the feet to the camera, which is now and then taken for sitting.
    Group(
        "feet",
        ("trunk-rotation",),
        ("feet", "front, sitting", "three-quarter, sitting"),
        upper=False,
        turned=False,
    ),
    # On all fours and kneeling, from the side.
    Group(
        "floor",
        ("cat-cow", "childs-pose", "childs-pose-arms-back", "childs-pose-thread-the-needle"),
        ("left", "right"),
        upper=False,
        turned=True,
    ),
    # Lying on the back, sitting and leaning back, from the side.
    Group(
        "back",
        ("knee-to-chest", "thoracic-extension"),
        ("left", "right"),
        upper=False,
        turned=True,
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows of one group, turned as its reader sees them.

    Attributes:
        rows: (K,) their numbers among all rows.
        start: (K,) where in this sample the start pose of each is.
        now: K bodies.
        measures: full names; "left" is the nearer side in a turned group.
        true: (K, M) degrees.
        read, sure: (K, M) of geometry, with the start pose as its zero.
    """

    rows: Ints
    start: Ints
    now: Body
    measures: tuple[str, ...]
    true: Floats
    read: Floats
    sure: Floats


def sample(group: Group, rows: Rows, least: int = 200) -> Sample:
    """Collect a group's rows; measures with fewer truths than ``least`` are left out."""
    which = np.flatnonzero(np.isin(rows.exercise, group.stretches))
    place = np.full(len(rows), -1)
    place[which] = np.arange(len(which))
    start = place[rows.start[which]]
    now = body(rows, which)
    true, sure = rows.true[which], rows.sure[which]
    read = from_start(rows)[which]
    if group.turned:
        # As at run time each picture by its own nearer side.
        swap = rows.near[which] == "right"
        now = where(swap, now.mirrored(), now)
        true, read, sure = (
            np.where(swap[:, None], swapped(each, MEASURES, sign), each)
            for each, sign in ((true, True), (read, True), (sure, False))
        )
    true = _straightened(true)
    read = nearest_turn(read, true)
    columns = [
        index
        for index, name in enumerate(MEASURES)
        if not name.startswith(_SAME)
        and np.isfinite(true[:, index]).sum() > least
        and np.nanstd(true[:, index]) > LEAST_MOVED_DEG
    ]
    measures = tuple(MEASURES[index] for index in columns)
    return Sample(which, start, now, measures, true[:, columns], read[:, columns], sure[:, columns])


def _straightened(true: Floats) -> Floats:
    """(K, M) degrees, what goes round with the turn cut where nobody's limbs are."""
    straight = true.copy()
    for measure in ROUND:
        columns = [i for i, name in enumerate(MEASURES) if split_name(name)[0].name == measure]
        straight[:, columns] = straightened(true[:, columns])
    return straight


def body(rows: Rows, which: Ints) -> Body:
    """Return the bodies of some rows."""
    spine = MEASURES.index(SPINE)
    drawn = {SPINE: Reading(rows.photo[which, spine], rows.photo_sure[which, spine])}
    for place, name in enumerate(EDGES):
        value = rows.edges[which, place]
        drawn[name] = Reading(value, np.isfinite(value).astype(float))
    return Body(
        rows.image[which],
        rows.world[which],
        rows.visibility[which],
        rows.size[which],
        outline_of(drawn, (len(which),)),
    )


def as_coached(bodies: Body, stretches: Texts) -> Body:
    """Return N bodies as the coach has them: without a silhouette where none is asked for."""
    looked = np.isin(stretches, [each for each in USED if shows_silhouette(each)])
    outline = bodies.outline * looked[:, None]
    return Body(bodies.image, bodies.world, bodies.visibility, bodies.size, outline)


def from_start(rows: Rows) -> Floats:
    """(K, M) what geometry reads, counted from the start pose where it must be."""
    read = rows.read.copy()
    for index, name in enumerate(MEASURES):
        if split_name(name)[0].zero_from == "start":
            zero = np.where(rows.sure[rows.start, index] > 0, rows.read[rows.start, index], np.nan)
            read[:, index] -= zero
        least, most = readable(split_name(name)[0])
        read[:, index] = np.where(
            (read[:, index] >= least) & (read[:, index] <= most), read[:, index], np.nan
        )
    return read


def nearest_turn(read: Floats, true: Floats) -> Floats:
    """(K, M) readings; what goes round the nearer way to the truth: 179 is 2 from -179, not 358."""
    nearest = read.copy()
    columns = [i for i, name in enumerate(MEASURES) if goes_round(name)]
    turned = true[:, columns] + half_turn(read[:, columns] - true[:, columns])
    nearest[:, columns] = np.where(np.isfinite(turned), turned, read[:, columns])
    return nearest
