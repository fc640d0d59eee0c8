"""What the instrument says of a joint: true degrees, and how far they may be off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body.measure import Reading
from posecoach.observe.precision import DEGREE
from posecoach.observe.spread import Spread
from posecoach.pose.pose import Floats

NINE_OF_TEN = 1.645
"""Spreads to either side within which nine of ten people are (a normal distribution's)."""


@dataclass(frozen=True, slots=True, eq=False)
class Told(Reading):
    """A measure at one moment or N moments, with its spread between people.

    Within a hold a reading wanders by 0.2 to 1.9 degrees, between people it is off by 3 to 19:
    more moments of one person prove nothing, so the spread does not shrink with them.

    Attributes:
        spread: () or (N,) degrees; nine of ten people are within ``NINE_OF_TEN`` spreads of
            the truth. NaN where the value is unknown.
        change: the same of the value's change from the person's own start pose.
        sides: the same of the left's difference from the right.
        movement: () or (N,) whether it is read within this movement only: how the body moves
            in stretches of this posture shows it, the joint by itself does not. Counts and the
            stretch's own faults may lean on it, nothing else.
        fitted: () or (N,) whether a fitted reader told it, else geometry did.
    """

    spread: Floats
    change: Floats
    sides: Floats
    movement: NDArray[np.bool_]
    fitted: NDArray[np.bool_]

    @property
    def give_or_take(self) -> Floats:
        """() or (N,) degrees by which nine of ten people are off at most; NaN where unknown."""
        return NINE_OF_TEN * self.spread

    def one(self) -> Spread:
        """Return the spreads of a single moment, in the precision in which readings are kept."""
        return Spread(
            round(float(self.spread) * DEGREE) / DEGREE,
            round(float(self.change) * DEGREE) / DEGREE,
            round(float(self.sides) * DEGREE) / DEGREE,
        )
