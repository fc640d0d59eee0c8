"""Sums over many sessions, by day and by week, added up by the database itself.

Ten thousand sessions are too many to hand out row by row for one page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from posecoach.store.store import Store


@dataclass(frozen=True, slots=True)
class Day:
    """One day of practice, by the person's clock.

    Attributes:
        seconds: of practice; accuracy: 0..1, None where nothing was attempted.
    """

    day: date
    sessions: int
    seconds: float
    attempts: int
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class WeekRange:
    """Between which angles a measure moved in one exercise in one week.

    Attributes:
        monday: of the week; low, high: means over its sessions in which the side was attempted,
            degrees.
        instrument: the version of what measured them.
    """

    monday: date
    exercise: str
    side: str
    measure: str
    instrument: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Practised:
    """An exercise that was done.

    Attributes:
        definition: SHA-256 of the one it was last coached by; name: as it was called then.
    """

    exercise: str
    name: str
    definition: str
    sessions: int
    last: date


_LOCAL = "session.started_at + session.utc_offset_s"
_DAY = f"date({_LOCAL}, 'unixepoch')"
# The part before the dash, as ``store.fingerprint.instrument_of`` tells it.
_INSTRUMENT = "substr(measured_by, 1, max(0, instr(measured_by, '-') - 1))"
_MONDAY = f"date({_LOCAL}, 'unixepoch', 'weekday 0', '-6 days')"


def days(
    store: Store,
    exercise: str | None = None,
    since: date | None = None,
    profile: str | None = None,
    until: date | None = None,
) -> list[Day]:
    """Return the days with practice, the oldest first, up to a day where one is given.

    Raises:
        StoreError: the database cannot be read.
    """
    where, values = _filter(exercise, since, profile, until)
    rows = store.rows(
        f"""SELECT day, count(DISTINCT session) AS sessions, sum(seconds) AS seconds,
                   sum(attempts) AS attempts, sum(weighted) / nullif(sum(tried), 0) AS accuracy
            FROM (SELECT {_DAY} AS day, session.number AS session,
                         exercise.duration_s AS seconds,
                         (SELECT sum(attempts) FROM tally WHERE tally.exercise = exercise.key)
                             AS attempts,
                         (SELECT sum(accuracy * tried_s) FROM tally
                          WHERE tally.exercise = exercise.key) AS weighted,
                         (SELECT sum(tried_s) FROM tally
                          WHERE tally.exercise = exercise.key AND accuracy NOTNULL) AS tried
                  FROM session JOIN exercise ON exercise.session = session.number {where})
            GROUP BY day ORDER BY day""",
        values,
    )
    return [
        Day(
            date.fromisoformat(row["day"]),
            row["sessions"],
            row["seconds"] or 0.0,
            row["attempts"] or 0,
            row["accuracy"],
        )
        for row in rows
    ]


def practised(
    store: Store,
    exercise: str | None = None,
    since: date | None = None,
    profile: str | None = None,
    until: date | None = None,
) -> list[Practised]:
    """Return the exercises that were done, up to a day, the most frequent first.

    Raises:
        StoreError: the database cannot be read.
    """
    where, values = _filter(exercise, since, profile, until)
    # SQLite takes the bare columns from the row in which max() is found.
    rows = store.rows(
        f"""SELECT exercise.exercise AS exercise, exercise.name AS name,
                   exercise.definition AS definition, max({_LOCAL}) AS latest,
                   count(DISTINCT session.number) AS sessions, {_DAY} AS last
            FROM session JOIN exercise ON exercise.session = session.number {where}
            GROUP BY exercise.exercise ORDER BY sessions DESC, exercise.exercise""",
        values,
    )
    return [
        Practised(
            row["exercise"],
            row["name"],
            row["definition"],
            row["sessions"],
            date.fromisoformat(row["last"]),
        )
        for row in rows
    ]


def week_sessions(
    store: Store,
    exercise: str,
    since: date | None = None,
    profile: str | None = None,
    until: date | None = None,
) -> dict[date, int]:
    """Return in how many sessions an exercise was done, by the Monday of the week, up to a day.

    Sums of its sides do not tell: a session may have had one of them, both, or an attempt at none.

    Raises:
        StoreError: the database cannot be read.
    """
    where, values = _filter(exercise, since, profile, until)
    rows = store.rows(
        f"""SELECT {_MONDAY} AS monday, count(DISTINCT session.number) AS sessions
            FROM session JOIN exercise ON exercise.session = session.number {where}
            GROUP BY 1""",
        values,
    )
    return {date.fromisoformat(row["monday"]): row["sessions"] for row in rows}


def week_ranges(
    store: Store,
    exercise: str,
    measures: Iterable[str],
    since: date | None = None,
    profile: str | None = None,
    until: date | None = None,
) -> list[WeekRange]:
    """Return how far measures moved, week by week up to a day, the oldest first.

    What two instruments measured stands apart, as their degrees are not the same. Of a side only
    sessions tell in which it was attempted: what it did meanwhile is no range of anybody's.

    Raises:
        StoreError: the database cannot be read.
    """
    names = list(measures)
    where, values = _filter(exercise, since, profile, until)
    rows = store.rows(
        f"""SELECT {_MONDAY} AS monday, tally.side AS side, range.measure AS measure,
                   {_INSTRUMENT} AS instrument, avg(range.low) AS low, avg(range.high) AS high
            FROM session JOIN exercise ON exercise.session = session.number
            JOIN tally ON tally.exercise = exercise.key
            JOIN range ON range.exercise = exercise.key
            {where} AND range.measure IN ({",".join("?" * len(names))}) AND tally.attempts > 0
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        [*values, *names],
    )
    return [
        WeekRange(
            date.fromisoformat(row["monday"]),
            exercise,
            row["side"],
            row["measure"],
            row["instrument"],
            row["low"],
            row["high"],
        )
        for row in rows
    ]


def last_by_another(
    store: Store,
    instrument: str,
    exercise: str,
    since: date | None = None,
    profile: str | None = None,
    until: date | None = None,
) -> date | None:
    """Return the last day on which another than this instrument measured an exercise.

    Raises:
        StoreError: the database cannot be read.
    """
    where, values = _filter(exercise, since, profile, until)
    rows = store.rows(
        f"""SELECT max({_DAY}) AS last
            FROM session JOIN exercise ON exercise.session = session.number
            {where} AND {_INSTRUMENT} != ?""",
        [*values, instrument],
    )
    return date.fromisoformat(rows[0]["last"]) if rows and rows[0]["last"] else None


def _filter(
    exercise: str | None, since: date | None, profile: str | None, until: date | None
) -> tuple[str, list[Any]]:
    where, values = ["1"], list[Any]()
    for condition, value in (
        ("exercise.exercise = ?", exercise),
        (f"{_DAY} >= ?", since.isoformat() if since else None),
        (f"{_DAY} <= ?", until.isoformat() if until else None),
        ("same_name(session.profile) = same_name(?)", profile),
    ):
        if value is not None:
            where.append(condition)
            values.append(value)
    return f"WHERE {' AND '.join(where)}", values
