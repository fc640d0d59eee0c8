"""What the instrument says of a joint: true degrees, and how far they may be off."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from posecoach.body.measure import Reading
from posecoach.observe.precision import DEGREE, KNOWN, kept_numbers, kept_reading, on_grid
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


VALUE, SURE, SPREAD, CHANGE, SIDES = range(5)
"""What is told of a measure, in this order: see ``Told``; SURE is the confidence."""


Row = Sequence[float]
"""What is told of one measure at one moment: five numbers, see ``VALUE`` and on."""

UNTOLD: Row = (nan, 0.0, nan, nan, nan)
"""The row of what is not known."""


class ToldRows(Mapping[str, Told]):
    """What the instrument says of M measures at one moment, in Python's numbers.

    A single number takes NumPy as long to begin with as a hundred. Each ``Told`` is made when it
    is asked for.

    Args:
        rows: by full name.
        movement: the names of those read within this movement only.
        fitted: the names of those that a fitted reader told.
    """

    __slots__ = ("_fitted", "_movement", "rows")

    def __init__(
        self, rows: Mapping[str, Row], movement: Container[str], fitted: Container[str]
    ) -> None:
        self.rows = rows
        self._movement = movement
        self._fitted = fitted

    def __getitem__(self, name: str) -> Told:
        numbers = (np.asarray(each) for each in self.rows[name])
        within, read = np.asarray(name in self._movement), np.asarray(name in self._fitted)
        value, sure, spread, change, sides = numbers
        return Told(value, sure, spread, change, sides, within, read)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def kept(self) -> ToldRows:
        """Return it with the readings in the precision in which they are kept."""
        rows = {
            name: (*kept_numbers(row[VALUE], row[SURE]), *row[SPREAD:])
            for name, row in self.rows.items()
        }
        return ToldRows(rows, self._movement, self._fitted)

    def without(self, names: Iterable[str]) -> ToldRows:
        """Return it with some measures unknown."""
        return ToldRows({**self.rows, **dict.fromkeys(names, UNTOLD)}, self._movement, self._fitted)

    def known(self) -> dict[str, float]:
        """By name degrees as the coach knows them: NaN where confidence is too small."""
        return {name: row[VALUE] if row[SURE] >= KNOWN else nan for name, row in self.rows.items()}

    def spreads(self) -> dict[str, Spread]:
        """By name how far the known values may be off."""
        return {
            name: Spread(
                round(row[SPREAD] * DEGREE) / DEGREE,
                round(row[CHANGE] * DEGREE) / DEGREE,
                round(row[SIDES] * DEGREE) / DEGREE,
            )
            for name, row in self.rows.items()
            if row[SURE] >= KNOWN
        }


@dataclass(frozen=True, slots=True, eq=False)
class ToldTable:
    """What the instrument says of M measures at N moments, in one table.

    Attributes:
        names: full names.
        numbers: (5, M, N), see ``VALUE`` and on.
        movement, fitted: (M, N), see ``Told``.
    """

    names: tuple[str, ...]
    numbers: Floats
    movement: NDArray[np.bool_]
    fitted: NDArray[np.bool_]

    def kept(self) -> ToldTable:
        """Return it with the readings in the precision in which they are kept."""
        numbers = self.numbers.copy()
        rounded = kept_reading(Reading(numbers[VALUE], numbers[SURE]))
        numbers[VALUE], numbers[SURE] = rounded.value, rounded.confidence
        return ToldTable(self.names, numbers, self.movement, self.fitted)

    def without(self, unseen: Mapping[str, bool | NDArray[np.bool_]]) -> ToldTable:
        """Return it with some measures unknown at some of the moments; itself where none is."""
        if not any(np.any(rows) for rows in unseen.values()):
            return self
        numbers = self.numbers.copy()
        for name, rows in unseen.items():
            column = numbers[:, self.names.index(name)]
            column[:, rows] = np.array(UNTOLD)[:, None]
        return ToldTable(self.names, numbers, self.movement, self.fitted)

    def first(self) -> ToldRows:
        """What is said of the first moment."""
        rows = dict(zip(self.names, self.numbers[:, :, 0].T.tolist(), strict=True))
        flags = (
            [name for name, flag in zip(self.names, each[:, 0].tolist(), strict=True) if flag]
            for each in (self.movement, self.fitted)
        )
        return ToldRows(rows, *flags)

    def by_name(self) -> dict[str, Told]:
        """By name what is said at all moments."""
        parts = zip(*self.numbers, self.movement, self.fitted, strict=True)
        return {name: Told(*part) for name, part in zip(self.names, parts, strict=True)}

    def known(self) -> dict[str, Floats]:
        """By name (N,) degrees as the coach knows them: NaN where confidence is too small."""
        values = np.where(self.numbers[SURE] >= KNOWN, self.numbers[VALUE], np.nan)
        return dict(zip(self.names, values, strict=True))

    def spreads(self) -> dict[str, Sequence[Sequence[float]]]:
        """By name how far the known values may be off, as ``KeptSpreads`` takes them."""
        spreads = on_grid(self.numbers[SPREAD:], DEGREE)
        known = np.where(self.numbers[SURE] >= KNOWN, spreads, np.nan)
        return dict(zip(self.names, known.swapaxes(0, 1).tolist(), strict=True))
