"""How far a reading may be off: its spread between people.

Within a hold a reading wanders by a degree or two, between people it is off by several: looking
longer at one person proves nothing. So what is decided on a reading is decided with its spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

BEYOND_DOUBT = 1.2816
"""Spreads by which a reading must be beyond a limit to be there with a probability of 90 %: that
part of a normal distribution lies below. A wrong correction costs more trust than a missed one."""


class Spread(NamedTuple):
    """Standard deviations of one reading's error between people, degrees.

    Attributes:
        value: of the reading.
        change: of its change from the person's own start pose.
        sides: of the left's difference from the right, which a body shifts alike.
    """

    value: float
    change: float
    sides: float


Spreads = Mapping[str, Spread]
"""By full measure name; what is not in it is taken to be read exactly."""

EXACT: Spreads = MappingProxyType({})
"""For values that are true, as in a script of angles."""
