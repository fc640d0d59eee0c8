"""What a page shows, as values: the templates know nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posecoach.report.drawing import Drawing

Cell = str | int
"""What stands in a table: words, numbers already written out, or a count."""


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four numbers at the top, with its name and a note below."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A table.

    Attributes:
        numbers: places of the columns that hold numbers, which stand to the right.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A drawing with its title above and its words below."""

    title: str
    drawing: Drawing
    words: str


@dataclass(frozen=True, slots=True)
class Still:
    """A picture out of a film.

    Attributes:
        title: what is done in it.
        jpeg: itself; source: the same as an address that loads nothing.
    """

    title: str
    jpeg: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Going:
    """How a stretch goes: its film with stills, or a figure with drawings of it.

    Attributes:
        film: as an address that loads nothing; "" where there is none.
        figure: moving, as SVG; "" where there is a film.
    """

    film: str = ""
    stills: Sequence[Still] = ()
    figure: str = ""
    drawings: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class TrackShown:
    """An angle over time, drawn and in figures; ``error`` is written out."""

    title: str
    error: str
    note: str
    drawing: Drawing
    figures: Figures


@dataclass(frozen=True, slots=True)
class SessionShown:
    """The session as a whole.

    Attributes:
        share: the accuracy in percent, None where there is none.
        verdict: the accuracy in words.
        compared: what changed since the last time, in sentences.
    """

    when: str
    number: int
    profile: str
    lasted: str
    source: str
    notes: Sequence[str]
    accuracy: str
    share: int | None
    verdict: str
    compared: Sequence[str]
    cards: Sequence[Card]
    app_version: str
    model: str


@dataclass(frozen=True, slots=True)
class ExerciseShown:
    """One exercise of a session; a chart that has nothing to show is None.

    Attributes:
        anchor: where links to it lead.
        own, sides: sentences on the person's own range, and on left against right.
        reps: the movement's angle in each attempt.
        tips: how to be seen better, and what could not be seen.
        going: how it goes; None where that is not known.
    """

    anchor: str
    name: str
    purpose: str
    notes: Sequence[str]
    cards: Sequence[Card]
    pictures: Sequence[Shown]
    faults: Sequence[Sequence[str]]
    compared: Sequence[str]
    past_chart: Drawing | None
    past: Figures
    reach_chart: Drawing | None
    has_own: bool
    has_usual: bool
    own: Sequence[str]
    sides: Sequence[str]
    reaches: Figures
    hold_chart: Drawing | None
    holds: Figures
    tracks: Sequence[TrackShown]
    reps_title: str
    reps_note: str
    reps: Sequence[Drawing]
    attempts: Figures
    tips: Sequence[str]
    known: Figures
    going: Going | None


@dataclass(frozen=True, slots=True)
class HistoryShown:
    """One exercise over the weeks."""

    anchor: str
    name: str
    about: str
    changes: Sequence[str]
    charts: Sequence[Shown]
    sided: bool
    table: Figures
