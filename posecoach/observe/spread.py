"""How far a reading may be off: its spread between people.

Within a hold a reading wanders by a degree or two, between people it is off by several: looking
longer at one person proves nothing. So what is decided on a reading is decided with its spread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from types import MappingProxyType
from typing import Any, NamedTuple

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

UNTOLD = Spread(nan, nan, nan)
"""Of a reading that is unknown."""


class KeptSpreads(Mapping[str, Spread]):
    """The spreads of one of N moments: looked up when they are asked for, which few are.

    Args:
        columns: by full name, for each of the three numbers those of all N moments, NaN where
            unknown.
        index: which moment.
    """

    __slots__ = ("_columns", "_index")

    def __init__(self, columns: Mapping[str, Sequence[Sequence[float]]], index: int) -> None:
        self._columns = columns
        self._index = index

    def __getitem__(self, name: str) -> Spread:
        values, changes, sides = self._columns[name]
        index = self._index
        if isnan(values[index]):
            raise KeyError(name)
        return Spread(values[index], changes[index], sides[index])

    def get(self, name: str, default: Any = None, /) -> Any:
        """Return the spread of a reading; the default where it is unknown or has none."""
        # Asked several times a moment, and an error that is caught takes longer than all else.
        column = self._columns.get(name)
        index = self._index
        if column is None or isnan(column[0][index]):
            return default
        return Spread(column[0][index], column[1][index], column[2][index])

    def __iter__(self) -> Iterator[str]:
        index = self._index
        return (name for name, each in self._columns.items() if not isnan(each[0][index]))

    def __len__(self) -> int:
        return sum(1 for _ in self)
