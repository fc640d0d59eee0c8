"""Reading what is kept: lists for history, whole sessions for reports and replay.

store = Store.open()
for row in store.sessions(exercise="wall-stretch"):
    print(row.number, row.started, row.accuracy)
session = store.load("last")
session.exercises[0].measures["elbow_flexion_left"].value  # (N,) degrees
"""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from posecoach.closing import Closing
from posecoach.errors import StoreError
from posecoach.profile.files import same_name
from posecoach.store import database
from posecoach.store.fingerprint import instrument_of
from posecoach.store.prescriptions import from_json
from posecoach.store.values import (
    ExerciseRow,
    MeasuredRange,
    SessionRow,
    State,
    StoredExercise,
    StoredSession,
    Tally,
    Week,
)
from posecoach.writing import readable

if TYPE_CHECKING:
    from posecoach.session.result import Result

RUNNING_S = 15.0
"""A session that wrote within so many seconds and is not finished is taken to run still."""
LAST = "last"


class Store(Closing):
    """The sessions kept in one folder; a context manager.

    Make one with ``Store.open``. Reading makes no file where there is none.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection | None) -> None:
        self.folder = folder
        self._connection = connection
        if connection is not None:
            connection.row_factory = sqlite3.Row
            # One person, however their name is spelt, as for their profile.
            connection.create_function("same_name", 1, _same_name, deterministic=True)

    @classmethod
    def open(cls, folder: str | os.PathLike[str] | None = None) -> Store:
        """Open the sessions in a folder (see ``database.data_folder``).

        Raises:
            StoreError: the database cannot be read, is damaged, or of a newer version.
        """
        place = database.data_folder(folder)
        return cls(place, database.open_for_reading(place))

    @property
    def path(self) -> Path:
        """The database's file; it need not exist."""
        return self.folder / database.FILE

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- lists -----------------------------------------------------------------------------

    def sessions(
        self,
        *,
        exercise: str | None = None,
        since: date | None = None,
        before: date | None = None,
        profile: str | None = None,
        limit: int | None = None,
    ) -> list[SessionRow]:
        """Return sessions with their exercises and tallies, the newest first.

        Those dated in the future, by a clock that is or was set wrong, come last.

        Args:
            exercise: only sessions with this exercise.
            since, before: from this day on; up to the day before this one (local days).
            profile: only of this person; "" for sessions without a profile.
            limit: at most so many.

        Raises:
            StoreError: the database cannot be read.
        """
        where, values = _filter(since, before, profile)
        if exercise is not None:
            where.append("number IN (SELECT session FROM exercise WHERE exercise = ?)")
            values.append(exercise)
        sql = f"""SELECT * FROM session {_where(where)}
                  ORDER BY started_at > ?, started_at DESC, number DESC"""
        values.append(time.time())
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        rows = self.rows(sql, values)
        return self._sessions(rows)

    def weeks(
        self,
        *,
        exercise: str | None = None,
        since: date | None = None,
        before: date | None = None,
        profile: str | None = None,
    ) -> list[Week]:
        """Return what was done week by week, for each exercise and side, the oldest first.

        Raises:
            StoreError: the database cannot be read.
        """
        where, values = _filter(since, before, profile)
        if exercise is not None:
            where.append("exercise.exercise = ?")
            values.append(exercise)
        sql = f"""
            SELECT date(started_at + utc_offset_s, 'unixepoch', 'weekday 0', '-6 days') AS monday,
                   exercise.exercise AS exercise, side,
                   count(DISTINCT session.number) AS sessions,
                   sum(repetitions) AS repetitions, sum(attempts) AS attempts,
                   sum(faults) AS faults, sum(held_s) AS held_s, sum(tried_s) AS tried_s,
                   sum(accuracy * tried_s)
                       / nullif(sum(CASE WHEN accuracy IS NULL THEN 0 ELSE tried_s END), 0)
                       AS accuracy
            FROM session
            JOIN exercise ON exercise.session = session.number
            JOIN tally ON tally.exercise = exercise.key
            {_where(where)}
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        return [
            Week(row["monday"], row["exercise"], row["side"], row["sessions"], _tally(row))
            for row in self.rows(sql, values)
        ]

    def count(self) -> int:
        """Return how many sessions are kept."""
        rows = self.rows("SELECT count(*) AS n FROM session")
        return int(rows[0]["n"]) if rows else 0

    def exercises(self) -> tuple[str, ...]:
        """Return the ids of all exercises that were ever done, sorted."""
        rows = self.rows("SELECT DISTINCT exercise FROM exercise ORDER BY 1", [])
        return tuple(row["exercise"] for row in rows)

    def profiles(self) -> tuple[str, ...]:
        """Return the names of all whose sessions these are, sorted; "" for nobody's."""
        rows = self.rows("SELECT DISTINCT profile FROM session ORDER BY 1", [])
        return tuple(row["profile"] for row in rows)

    def find(self, selector: str) -> SessionRow:
        """Return the session meant by "last", a number, or the beginning of a uuid.

        Raises:
            StoreError: there is none, or more than one; says which there are.
        """
        number = self._number(selector)
        return self._sessions(self.rows("SELECT * FROM session WHERE number = ?", [number]))[0]

    def previous(self, row: SessionRow, exercise: str, count: int = 1) -> list[SessionRow]:
        """Return the last sessions before this one in which an exercise was done, newest first.

        Only those of the same profile.
        """
        # By their dates, as sessions of another machine have other numbers; but a date in the
        # future says nothing.
        before, now = row.started.timestamp(), time.time()
        rows = self.rows(
            """SELECT * FROM session
               WHERE iif(started_at > ? OR ? > ?, number < ?, started_at < ?)
               AND number != ? AND same_name(profile) = same_name(?)
               AND number IN (SELECT session FROM exercise WHERE exercise = ?)
               ORDER BY started_at > ?, started_at DESC LIMIT ?""",
            [now, before, now, row.number, before, row.number, row.profile, exercise, now, count],
        )
        return self._sessions(rows)

    def definition(self, sha256: str) -> str:
        """Return a kept definition's YAML text.

        Raises:
            StoreError: there is none.
        """
        rows = self.rows("SELECT text FROM definition WHERE sha256 = ?", [sha256])
        if not rows:
            raise StoreError(
                f"{self.path} lacks a definition; it is damaged, and was left as it is."
            )
        return str(rows[0]["text"])

    # -- whole sessions ----------------------------------------------------------------------

    def load(self, selector: str | SessionRow) -> StoredSession:
        """Return a session with all its moments.

        Raises:
            StoreError: there is no such session, or the database is damaged.
        """
        row = selector if isinstance(selector, SessionRow) else self.find(selector)
        videos = self.rows("SELECT file FROM video WHERE session = ? ORDER BY 1", [row.number])
        return StoredSession(
            row=row,
            exercises=tuple(self.load_exercise(row, each) for each in row.exercises),
            videos=tuple(each["file"] for each in videos),
        )

    def load_exercise(self, session: SessionRow, row: ExerciseRow) -> StoredExercise:
        """Return one exercise of a session with all its moments.

        Raises:
            StoreError: the database is damaged.
        """
        from posecoach.store.events import event_of
        from posecoach.store.moments import unpack

        with database.told(self.path):
            kept = self.rows("SELECT * FROM exercise WHERE key = ?", [row.key])[0]
        moments = self.rows("SELECT * FROM moments WHERE exercise = ? ORDER BY first", [row.key])
        try:
            events = tuple(
                event_of(each["kind"], each["data"])
                for each in self.rows(
                    "SELECT kind, data FROM event WHERE exercise = ? ORDER BY key", [row.key]
                )
            )
            series = unpack(
                [dict(each) for each in moments],
                json.loads(kept["measures"]),
                json.loads(kept["outlines"]),
            )
            result = _result(session, row, json.loads(kept["notes"]), events)
            text = self.definition(row.definition)
            if row.prescription.ranges:
                result.targets = _targets(text, row)
        except (ValueError, TypeError, LookupError) as error:
            raise StoreError(
                f"Session {session.number} in {self.path} is damaged ({error}); it was left as "
                "it is, and the other sessions can still be read."
            ) from error
        return StoredExercise(
            row=row,
            definition_text=text,
            events=events,
            result=result,
            times=series.times,
            seen=series.seen,
            resting=series.resting,
            switched=series.switched,
            views=series.views,
            measures=series.measures,
            outlines=series.outlines,
            spreads=series.spreads,
            poses=series.poses,
            measured_by=kept["measured_by"],
        )

    # -- helpers -------------------------------------------------------------------------------

    def _sessions(self, rows: list[sqlite3.Row]) -> list[SessionRow]:
        with database.told(self.path), _no_collecting():
            exercises = self._exercises([row["number"] for row in rows])
            now = time.time()
            return [_session(row, tuple(exercises.get(row["number"], ())), now) for row in rows]

    def _number(self, selector: str) -> int:
        wanted = selector.strip().lower().removeprefix("#")
        if wanted == LAST:
            rows = self._last()
        elif wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
            rows = self.rows("SELECT number FROM session WHERE number = ?", [int(wanted)])
            rows = rows or self._by_uuid(wanted)
        else:
            rows = self._by_uuid(wanted)
        if len(rows) == 1:
            return int(rows[0]["number"])
        if rows:
            raise StoreError(
                f"{selector} is the beginning of {len(rows)} sessions; give more of it."
            )
        raise StoreError(self._unknown(selector))

    def _last(self) -> list[sqlite3.Row]:
        """The one made last here, whatever the clock said; or taken in from elsewhere since."""
        if not self.rows("SELECT 1 FROM pragma_table_info('session') WHERE name = 'taken_in'"):
            # A database of the first version, on a disk that must not be written to.
            return self.rows("SELECT number FROM session ORDER BY number DESC LIMIT 1")
        here = self.rows(
            "SELECT number, started_at FROM session WHERE taken_in = 0 ORDER BY number DESC LIMIT 1"
        )
        since = here[0]["started_at"] if here else float("-inf")
        there = self.rows(
            """SELECT number FROM session WHERE taken_in = 1 AND started_at > ?
               AND (started_at <= ? OR ?) ORDER BY started_at > ?, started_at DESC, number DESC
               LIMIT 1""",
            [since, time.time(), not here, time.time()],
        )
        return there or here

    def _by_uuid(self, wanted: str) -> list[sqlite3.Row]:
        # Letters, digits and dashes only: nothing that LIKE would take for a pattern.
        if len(wanted) < 4 or not wanted.replace("-", "").isalnum():
            return []
        return self.rows("SELECT number FROM session WHERE uuid LIKE ?", [f"{wanted}%"])

    def _unknown(self, selector: str) -> str:
        rows = self.rows(
            "SELECT count(*) AS n, min(number) AS a, max(number) AS z FROM session", []
        )
        if not rows or not rows[0]["n"]:
            return (
                f"There are no sessions in {self.folder} yet; `posecoach run` makes one, and "
                "`posecoach analyze --save`."
            )
        a, z = rows[0]["a"], rows[0]["z"]
        there = f"there is only session {a}" if a == z else f"there are {rows[0]['n']}, {a} to {z}"
        return f"There is no session {selector!r}; {there} (`posecoach sessions` lists them)."

    def _exercises(self, numbers: Iterable[int]) -> Mapping[int, list[ExerciseRow]]:
        numbers = list(numbers)
        if not numbers:
            return {}
        # A few are looked up, many are read through: SQLite limits the number of values.
        few = len(numbers) <= 500
        marks = ",".join("?" * len(numbers))
        where = f"WHERE session IN ({marks})" if few else ""
        values: list[Any] = numbers if few else []
        part = f"WHERE exercise IN (SELECT key FROM exercise {where})" if few else ""
        tallies: dict[int, dict[str, Tally]] = defaultdict(dict)
        for row in self.rows(f"SELECT * FROM tally {part}", values):
            tallies[row["exercise"]][row["side"]] = _tally(row)
        ranges: dict[int, dict[str, MeasuredRange]] = defaultdict(dict)
        for row in self.rows(
            f"SELECT exercise, measure, low, high, known_s FROM range {part}", values
        ):
            key, measure, *numbers = row
            ranges[key][measure] = MeasuredRange(*numbers)
        found: dict[int, list[ExerciseRow]] = defaultdict(list)
        sql = f"""SELECT key, session, position, exercise, name, definition, prescription, wanted,
                  start_s, duration_s, frames, frames_with_person, finished, measured_by
                  FROM exercise {where} ORDER BY session, position"""
        for row in self.rows(sql, values):
            key = row["key"]
            found[row["session"]].append(
                ExerciseRow(
                    key=key,
                    position=row["position"],
                    exercise=row["exercise"],
                    name=row["name"],
                    definition=row["definition"],
                    prescription=from_json(row["prescription"]),
                    wanted=_object(row["wanted"]),
                    finished=bool(row["finished"]),
                    start_s=row["start_s"],
                    duration_s=row["duration_s"],
                    frames=row["frames"],
                    frames_with_person=row["frames_with_person"],
                    tallies=tallies.get(key, {}),
                    ranges=ranges.get(key, {}),
                    instrument=instrument_of(row["measured_by"]),
                )
            )
        return found

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Ask the database directly; the tables are described in docs/store.md.

        Raises:
            StoreError: it cannot be read.
        """
        if self._connection is None:
            return []
        with database.told(self.path):
            told = [readable(each) if isinstance(each, str) else each for each in values]
            return self._connection.execute(sql, told).fetchall()


_same_name = lru_cache(maxsize=256)(same_name)
"""For thousands of sessions of a few people."""


def _filter(
    since: date | None, before: date | None, profile: str | None
) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    # The day is the person's: what their clock said where they practised.
    for day, comparison in ((since, ">="), (before, "<")):
        if day is not None:
            where.append(f"started_at + utc_offset_s {comparison} ?")
            values.append(
                (datetime(day.year, day.month, day.day) - datetime(1970, 1, 1)).total_seconds()
            )
    if profile is not None:
        where.append("same_name(profile) = same_name(?)")
        values.append(profile)
    return where, values


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _tally(row: sqlite3.Row) -> Tally:
    return Tally(
        repetitions=row["repetitions"],
        attempts=row["attempts"],
        faults=row["faults"],
        held_s=row["held_s"],
        accuracy=row["accuracy"],
        tried_s=row["tried_s"],
    )


def _session(row: sqlite3.Row, exercises: tuple[ExerciseRow, ...], now: float) -> SessionRow:
    state: State = "finished"
    if row["finished_at"] is None:
        state = "running" if abs(now - row["written_at"]) < RUNNING_S else "unfinished"
    zone = _zone(row["utc_offset_s"])
    return SessionRow(
        number=row["number"],
        uuid=row["uuid"],
        started=datetime.fromtimestamp(row["started_at"], zone),
        source=row["source"],
        app_version=row["app_version"],
        model=row["model"],
        options=_object(row["options"]),
        profile=row["profile"],
        state=state,
        landmarks=bool(row["landmarks"]),
        exercises=exercises,
    )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Make many small values without the collector looking through all of them again and
    again, which for ten thousand sessions took a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=64)
def _zone(offset_s: int) -> timezone:
    return timezone(timedelta(seconds=offset_s))


@lru_cache(maxsize=256)
def _object(text: str) -> Mapping[str, Any]:
    """Read a JSON object; in ten thousand sessions there are few different ones."""
    return MappingProxyType(json.loads(text))


def _result(session: SessionRow, row: ExerciseRow, notes: list[str], events: Any) -> Result:
    from posecoach.session.result import Result

    result = Result(row.exercise, session.source)
    result.start_s = row.start_s
    result.duration_s = row.duration_s
    result.frames = row.frames
    result.frames_with_person = row.frames_with_person
    result.notes = notes
    result.add(events)
    return result


def _targets(text: str, row: ExerciseRow) -> list[dict[str, object]]:
    """What the person's own ranges had set; nothing where the definition is not understood."""
    from posecoach.plan.scaled import scaled_targets
    from posecoach.store.definitions import parse_definition, plan_again

    try:
        plan = plan_again(parse_definition(text, row.exercise), row.prescription)
    except StoreError:
        return []
    return scaled_targets(plan)
