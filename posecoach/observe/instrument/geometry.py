"""How far geometry is off: the spread between people of what is read without a fitted part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from posecoach.body.catalogue import split_name
from posecoach.body.view import View

OUTSIDE = 1.5
"""How much wider a spread is taken where a body stands outside of what was measured.

The crowd's own spreads differ by so much from one stretch to the next that is seen alike
(docs/instrument.md): one that was not measured may be such another."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Spreads of one measure, degrees, and how many people were measured."""

    value: float
    change: float
    sides: float
    people: int


class GeometrySpreads:
    """The spreads of geometry by measure and by how the body is seen.

    Args:
        cells: by measure without side, then by ``seen_as``; "" is the mean over all.
    """

    def __init__(self, cells: Mapping[str, Mapping[str, Cell]]) -> None:
        self._cells = cells

    def of(self, measure: str, view: View, ground: bool) -> Cell:
        """Return the spreads of a measure (full name).

        Args:
            measure: full name.
            view: how the body is seen.
            ground: whether it stands as those stood who were measured.
        """
        found, _ = split_name(measure, view)
        cells = self._cells.get(found.name, {})
        seen = cells.get(seen_as(view))
        if seen is not None and ground:
            return seen
        return _wider(seen or cells.get("") or _unmeasured(found.error_deg))

    def foreign(self, measure: str) -> Cell:
        """Return the spreads of a measure counted from a start pose that is no good zero.

        Whatever the moment is seen as, that pose may be a slip of the model or a place on the way.
        The mean over all views, ``OUTSIDE`` times as wide; degrees.

        Args:
            measure: full name.
        """
        found, _ = split_name(measure)
        return _wider(self._cells.get(found.name, {}).get("") or _unmeasured(found.error_deg))

    def as_data(self) -> dict[str, dict[str, list[float]]]:
        """Return what is written in the data file."""
        return {
            name: {
                key: [cell.value, cell.change, cell.sides, cell.people]
                for key, cell in sorted(cells.items())
            }
            for name, cells in sorted(self._cells.items())
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Mapping[str, Sequence[float]]]) -> GeometrySpreads:
        """Make it of what was written."""
        return cls(
            MappingProxyType(
                {
                    name: {
                        key: Cell(float(row[0]), float(row[1]), float(row[2]), int(row[3]))
                        for key, row in cells.items()
                    }
                    for name, cells in data.items()
                }
            )
        )


def _wider(cell: Cell) -> Cell:
    """Spreads of a body that stands outside of what was measured."""
    return Cell(cell.value * OUTSIDE, cell.change * OUTSIDE, cell.sides * OUTSIDE, cell.people)


def seen_as(view: View) -> str:
    """Return the key of how a body is seen: its side is one, whichever it is."""
    facing = "side" if view.facing in ("left", "right") else view.facing
    return f"{facing}, {view.posture}"


def _unmeasured(error_deg: float) -> Cell:
    """A measure the crowd has no truth of: from its usual error (mean absolute, normal)."""
    spread = 1.25 * error_deg
    return Cell(spread, spread, spread, 0)
