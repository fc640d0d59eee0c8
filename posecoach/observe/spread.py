"""How far a reading may be off: its spread between people.

Within a hold a reading wanders by a degree or two, between people it is off by several: looking
longer at one person proves nothing. So what is decided on a reading is decided with its spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

BEYOND_DOUBT = 1.0364
"""Spreads by which a reading must be beyond a limit to be there with a probability of 85 %: that
part of a normal distribution lies below. A wrong correction costs more trust than a missed one.
The spreads are a quarter wider than measured, for people who are no rendered ones: with those
measured it is 90 %, and of all that is told, most of which is far beyond its limit, more."""

LIKELY = 0.6745
"""Spreads by which a reading must be beyond a limit to be there three times as likely as not (the
"probable error" of a normal distribution)."""


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
