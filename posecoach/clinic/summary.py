"""What the tables of a run come to: sums by exercise and by person, read column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach.clinic.tables import NAMES, SIDES_OF, arrow
from posecoach.errors import OutputError

WORST = 20
"""Recordings that are named: as many as somebody will look at."""


@dataclass(frozen=True, slots=True)
class Group:
    """What some recordings come to together.

    Attributes:
        keys: what they have in common.
        recordings, repetitions, attempts, faults: counts.
        accuracy: 0..1, each recording's weighted by the seconds spent in attempts; None where
            nothing was attempted.
        seconds, unseen_s: of the recordings, and of them in which something could not be seen.
    """

    keys: tuple[str, ...]
    recordings: int
    repetitions: int
    attempts: int
    faults: int
    accuracy: float | None
    seconds: float
    unseen_s: float


@dataclass(frozen=True, slots=True)
class Count:
    """How often something came, and in how many recordings."""

    keys: tuple[str, ...]
    count: int
    recordings: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A recording that could not be coached."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class Poor:
    """One of the recordings with the lowest accuracy."""

    file: str
    exercise: str
    person: str
    repetitions: int
    attempts: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class Noted:
    """A recording that was coached, and what is to be said of it."""

    file: str
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole run.

    Attributes:
        whole: all recordings that were coached.
        failed: how many were not; failures: some of them.
        persons: how many are named.
        faults: by exercise and fault; personal: by person, exercise and fault.
        empty: how many of those coached show nobody at all.
        unseen: by what could not be seen, in words.
        noted: how many of those coached have notes; notes: some of them, the empty ones first.
    """

    whole: Group
    failed: int
    failures: Sequence[Failure]
    persons: int
    exercises: Sequence[Group]
    people: Sequence[Group]
    faults: Sequence[Count]
    personal: Sequence[Count]
    empty: int
    unseen: Sequence[Count]
    worst: Sequence[Poor]
    noted: int
    notes: Sequence[Noted]


def is_run(folder: Path) -> bool:
    """Whether a folder holds the tables of a run."""
    return all((folder / name).is_dir() for name in NAMES)


def summarise(folder: Path) -> Summary:
    """Read a run's tables.

    Raises:
        OutputError: they are damaged, or another version's.
        MachineError: the extra is not installed.
    """
    pa = arrow()
    try:
        recordings = pa.parquet.read_table(folder / "recordings", columns=_COLUMNS)
        faults = pa.parquet.read_table(
            folder / "faults", columns=["file", "exercise", "person", "fault"]
        )
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            f"The tables in {folder} cannot be read ({str(error).partition(chr(10))[0]})."
        ) from error
    failed = recordings.filter(pa.compute.invert(recordings["coached"]))
    coached = _counted(recordings.filter(recordings["coached"]), faults)
    noted = coached.filter(pa.compute.greater(pa.compute.list_value_length(coached["notes"]), 0))
    return Summary(
        whole=next(iter(_groups(coached, [])), Group((), 0, 0, 0, 0, None, 0.0, 0.0)),
        failed=failed.num_rows,
        failures=[
            Failure(row["file"], row["problem"])
            for row in failed.slice(0, WORST).select(["file", "problem"]).to_pylist()
        ],
        persons=len({*recordings["person"].to_pylist()} - {"", None}),
        exercises=_groups(coached, ["exercise"]),
        people=_groups(coached, ["person", "exercise"]),
        faults=_counts(faults, ["exercise", "fault"]),
        personal=_counts(faults, ["person", "exercise", "fault"]),
        empty=pa.compute.sum(coached["empty"]).as_py() or 0,
        unseen=_unseen(coached),
        worst=_worst(coached),
        noted=noted.num_rows,
        notes=_notes(noted),
    )


_COLUMNS = [
    *("file", "exercise", "person", "coached", "problem", "duration_s", "accuracy", "tried_s"),
    *("frames_with_person", "unseen_s", "unseen", "notes"),
    *(*SIDES_OF["repetitions"], *SIDES_OF["attempts"]),
]


def _counted(table: Any, faults: Any) -> Any:
    """Each recording with its repetitions and attempts of all sides, faults, and weight.

    Of one that shows nobody nothing was seen for as long as it lasts; no part of it was missed.
    """
    pa = arrow()
    empty = pa.compute.fill_null(pa.compute.equal(table["frames_with_person"], 0), False)
    hidden = pa.compute.if_else(empty, table["duration_s"], table["unseen_s"])
    table = table.drop_columns("unseen_s").append_column("unseen_s", hidden)
    table = table.append_column("empty", empty)
    for what, columns in SIDES_OF.items():
        first, second, third = (table[column] for column in columns)
        total = pa.compute.add(pa.compute.add(first, second), third)
        table = table.append_column(what, total)
    tried = pa.compute.if_else(pa.compute.is_null(table["accuracy"]), 0.0, table["tried_s"])
    weighted = pa.compute.multiply(pa.compute.fill_null(table["accuracy"], 0.0), tried)
    table = table.append_column("weight", tried).append_column("weighted", weighted)
    found = pa.compute.value_counts(faults["file"])
    counts = pa.table({"file": found.field("values"), "faults": found.field("counts")})
    places = pa.compute.index_in(table["file"], value_set=counts["file"].combine_chunks())
    return table.append_column(
        "faults", pa.compute.fill_null(pa.compute.take(counts["faults"], places), 0)
    )


_SUMS = ("repetitions", "attempts", "faults", "weight", "weighted", "duration_s", "unseen_s")


def _groups(table: Any, keys: list[str]) -> list[Group]:
    if not table.num_rows:
        return []
    grouped = table.group_by(keys, use_threads=False).aggregate(
        [("file", "count"), *((name, "sum") for name in _SUMS)]
    )
    return [
        Group(
            keys=tuple(row[key] for key in keys),
            recordings=row["file_count"],
            repetitions=row["repetitions_sum"] or 0,
            attempts=row["attempts_sum"] or 0,
            faults=row["faults_sum"] or 0,
            accuracy=row["weighted_sum"] / row["weight_sum"] if row["weight_sum"] else None,
            seconds=row["duration_s_sum"] or 0.0,
            unseen_s=row["unseen_s_sum"] or 0.0,
        )
        for row in sorted(grouped.to_pylist(), key=lambda row: tuple(row[key] for key in keys))
    ]


def _counts(table: Any, keys: list[str]) -> list[Count]:
    """How often each came, most often first."""
    if not table.num_rows:
        return []
    grouped = table.group_by(keys, use_threads=False).aggregate(
        [("file", "count"), ("file", "count_distinct")]
    )
    found = [
        Count(tuple(row[key] for key in keys), row["file_count"], row["file_count_distinct"])
        for row in grouped.to_pylist()
    ]
    return sorted(found, key=lambda each: (-each.count, each.keys))


def _unseen(table: Any) -> list[Count]:
    pa = arrow()
    texts = pa.compute.list_flatten(table["unseen"])
    rows = pa.compute.list_parent_indices(table["unseen"])
    files = pa.compute.take(table["file"], rows)
    return _counts(pa.table({"file": files, "text": texts}), ["text"])


def _notes(noted: Any) -> list[Noted]:
    order = [("empty", "descending"), ("file", "ascending")]
    few = noted.sort_by(order).slice(0, WORST).select(["file", "notes"])
    return [Noted(row["file"], row["notes"]) for row in few.to_pylist()]


def _worst(table: Any) -> list[Poor]:
    pa = arrow()
    tried = table.filter(pa.compute.is_valid(table["accuracy"]))
    order = [("accuracy", "ascending"), ("file", "ascending")]
    indices = pa.compute.select_k_unstable(tried, k=min(WORST, tried.num_rows), sort_keys=order)
    return [
        Poor(
            row["file"],
            row["exercise"],
            row["person"],
            row["repetitions"],
            row["attempts"],
            row["accuracy"],
        )
        for row in tried.take(indices).to_pylist()
    ]
