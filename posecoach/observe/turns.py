"""Angles that go round: a limb against the vertical, of which 190 degrees are 170 the other way.

Between the two there is no mean and no difference as of other numbers: a network is fitted with
the turn cut where its people's limbs are not, and what it tells is brought back; a change from 175
to -175 is one of 10.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.pose.pose import Floats

Degrees = TypeVar("Degrees", float, Floats)

ROUND = ("arm_inclination", "thigh_inclination")
"""Measures, without side, that go all the way round."""


def goes_round(name: str) -> bool:
    """Whether a measure, by its full name, or an ``angle(a,vertex,b)`` goes round."""
    return not name.startswith("angle(") and split_name(name)[0].name in ROUND


def half_turn(degrees: Degrees) -> Degrees:
    """Return the same directions, degrees, between -180 and 180: of a number, or of many."""
    whole: Degrees = np.rint(degrees / 360.0)
    return degrees - 360.0 * whole


def straightened(degrees: Floats) -> Floats:
    """Return directions with the turn cut in the middle of the widest gap between them.

    Args:
        degrees: of any shape, NaN where unknown.
    """
    known = np.sort(half_turn(degrees[np.isfinite(degrees)]))
    if not known.size:
        return degrees
    gaps = np.diff(known, append=known[0] + 360.0)
    widest = int(gaps.argmax())
    opposite = known[widest] + gaps[widest] / 2 + 180.0
    return np.asarray(opposite + half_turn(degrees - opposite))
