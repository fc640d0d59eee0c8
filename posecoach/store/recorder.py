"""Writing a session while it happens.

The coach's loop hands each moment over and goes on; a thread of its own packs and commits
what has come together, several times a second. So whatever ends the program, everything up
to the last moments is there, and a slow disk never makes the coach wait.

What goes wrong with the disk ends the recording, not the session: ``problem`` says it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from posecoach import __version__
from posecoach.closing import Closing
from posecoach.coach.events import Event
from posecoach.plan.plan import Plan
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.store import database
from posecoach.store.definitions import definition_text, fingerprint, prescription_of
from posecoach.store.events import event_row
from posecoach.store.fingerprint import measuring_code
from posecoach.store.forget import delete_rows
from posecoach.store.moments import KeptMoment, pack
from posecoach.store.prescriptions import Prescription, as_json
from posecoach.store.tallies import Tallies
from posecoach.writing import readable

COMMIT_S = 0.25
"""How often is written; half of the half second in which all must be on disk."""
CHUNK = 128
"""Frames packed together: about 4 s. The last, still growing, is written again each time."""
UNBEGUN_S = 86400.0
"""Nobody stands in a set-up for a day: a session without a moment that has not been written to for
so long was killed there, has nothing to be read, and goes when the next one begins."""
WAITING = 3000
"""Frames that may wait for the disk: about 100 s of a camera's. A recording that is read faster
than it can be written waits; a camera does not wait, and the recording is given up."""


class Recorder(Closing):
    """Records one session.

        with Recorder(folder, source="Camera 0", model="full") as recorder:
            recorder.begin(plan)
            ...                       # recorder.hear(snapshot) for every moment
            recorder.end(result)

    A session in which no moment was heard has nothing to be read, and is gone when it is closed.
    Leaving by an exception marks the session unfinished; ``KeyboardInterrupt``, by which a live
    session is stopped, does so where it is not live.

    Args:
        folder: where sessions are kept, see ``database.data_folder``.
        source: name of the camera, file or stream.
        model: name of the pose model.
        options: what else was asked for; JSON values.
        profile: whose session.
        landmarks: whether to keep the landmarks; without them a session can be coached
            again only by what was measured.
        live: whether frames come by the clock and must never wait.
        started: when, with its zone; now by default.

    Raises:
        StoreError: the database cannot be opened or written.
    """

    def __init__(
        self,
        folder: Path,
        *,
        source: str,
        model: str = "",
        options: Mapping[str, Any] | None = None,
        profile: str = "",
        landmarks: bool = True,
        live: bool = True,
        started: datetime | None = None,
    ) -> None:
        self.uuid = str(uuid.uuid4())
        self.folder = folder
        self.problem = ""
        self.empty = True
        """Whether nothing has been seen; at the end it is not kept then."""
        self._path = folder / database.FILE
        self._keep_landmarks = landmarks
        self._live = live
        self._connection = database.open_for_writing(folder)
        self._file = _identity(self._path)
        try:
            with database.told(self._path):
                _drop_unbegun(self._connection)
                self.number = self._insert_session(
                    started or datetime.now().astimezone(),
                    source,
                    model,
                    {**(options or {}), "live": live},
                    profile,
                )
        except BaseException:
            self._connection.close()
            raise
        self._position = 0
        self._part: _Part | None = None
        self._waiting: deque[_Work] = deque()
        self._frames_waiting = 0
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._write, name="posecoach-store", daemon=True)
        self._thread.start()

    # -- what the session's thread calls ---------------------------------------------------------

    def begin(self, plan: Plan, prescription: Prescription | None = None) -> None:
        """An exercise begins; what comes now belongs to it.

        Args:
            prescription: what overrode the definition; without it what differs from it.
        """
        self._hand(_Begin(self._position, plan, prescription or prescription_of(plan)))
        self._position += 1

    def hear(self, snapshot: Snapshot) -> None:
        """Take in one moment; a listener of ``Session``.

        One that shows nothing new is not kept: the coach has not seen it either.
        """
        if not self.problem and not snapshot.frame.repeated:
            self.empty = False
            self._hand(_Seen(KeptMoment.of(snapshot, self._keep_landmarks), snapshot.events))

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        """The exercise is over.

        Args:
            last: events that no snapshot carried, those of ``Coach.finish``.
        """
        self._hand(_End(tuple(last), tuple(result.notes)))

    def add_video(self, file: Path) -> None:
        """List a video that lies in the folder for videos beside the database."""
        self._hand(_Video(file.name))

    def close(self, *, finished: bool = True) -> None:
        """Write what is left and close the database.

        Args:
            finished: False where the session broke off.
        """
        with self._changed:
            if self._closing:
                return
            if self.empty:
                self._waiting.append(_Drop())
            elif finished:
                self._waiting.append(_Finish())
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _leave(self, kind: type[BaseException] | None) -> None:
        stopped = kind is not None and issubclass(kind, KeyboardInterrupt)
        self.close(finished=kind is None or (stopped and self._live))

    def _hand(self, work: _Work) -> None:
        with self._changed:
            if isinstance(work, _Seen):
                while self._frames_waiting >= WAITING and not self.problem:
                    if self._live:
                        self._give_up(
                            f"The disk of {self._path} is too slow; the session goes on unsaved."
                        )
                        return
                    self._changed.wait()
                self._frames_waiting += 1
            if not self.problem:
                self._waiting.append(work)

    def _give_up(self, sentence: str) -> None:
        self.problem = sentence
        self._waiting.clear()
        self._frames_waiting = 0
        self._changed.notify_all()

    # -- the writer's thread -----------------------------------------------------------------------

    def _write(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._closing, COMMIT_S)
                    closing = self._closing
                    work = list(self._waiting)
                    self._waiting.clear()
                if self.problem:
                    return
                if work:
                    self._commit(work)
                with self._changed:
                    self._frames_waiting = sum(isinstance(w, _Seen) for w in self._waiting)
                    self._changed.notify_all()
                if closing:
                    return
        except _GoneError as gone:
            with self._changed:
                self._give_up(str(gone))
        except sqlite3.Error as error:
            with self._changed:
                self._give_up(
                    f"{database.sentence(error, self._path)} The session goes on unsaved."
                )
        except Exception as error:
            # Whatever it is, it must not pass in silence, nor end the session.
            with self._changed:
                self._give_up(f"The session could not be saved ({error}).")
        finally:
            self._close_connection()

    def _commit(self, work: list[_Work]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._check_there()
            for each in work:
                self._do(each)
            if self._part is not None:
                self._part.flush(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _check_there(self) -> None:
        """Note that something is written now, in a session that must still be there.

        Another program may have forgotten it, or somebody may have moved the whole database away.

        Raises:
            _GoneError: it is not.
        """
        mine = self._connection.execute(
            "UPDATE session SET written_at = ? WHERE number = ? AND uuid = ?",
            (time.time(), self.number, self.uuid),
        )
        if not mine.rowcount:
            raise _GoneError("The session was forgotten while it ran; it goes on unsaved.")
        if self._file is not None and _identity(self._path) != self._file:
            raise _GoneError(
                f"{self._path} was moved or deleted while the session ran; it goes on unsaved."
            )

    def _do(self, work: _Work) -> None:
        connection = self._connection
        match work:
            case _Begin():
                self._part = _Part(connection, self.number, work)
            case _Seen():
                if self._part is not None:
                    self._part.add(connection, work)
            case _End():
                if self._part is not None:
                    self._part.end(connection, work)
                    self._part = None
            case _Video():
                connection.execute("INSERT INTO video VALUES (?, ?)", (self.number, work.file))
            case _Finish():
                connection.execute(
                    "UPDATE session SET finished_at = ? WHERE number = ?",
                    (time.time(), self.number),
                )
            case _Drop():
                self._part = None
                delete_rows(connection, [self.number])

    def _insert_session(
        self,
        started: datetime,
        source: str,
        model: str,
        options: Mapping[str, Any],
        profile: str,
    ) -> int:
        offset = started.utcoffset()
        if offset is None:
            raise ValueError("the time a session started needs a zone")
        row = self._connection.execute(
            """INSERT INTO session (uuid, started_at, utc_offset_s, source, app_version, model,
               options, profile, landmarks, written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               RETURNING number""",
            (
                self.uuid,
                started.timestamp(),
                round(offset.total_seconds()),
                readable(source),
                __version__,
                readable(model),
                json.dumps(dict(options), ensure_ascii=False),
                readable(profile),
                self._keep_landmarks,
                time.time(),
            ),
        ).fetchone()
        return int(row[0])

    def _close_connection(self) -> None:
        try:
            self._connection.close()
        except sqlite3.Error as error:
            self.problem = self.problem or database.sentence(error, self._path)


class _GoneError(Exception):
    """The session, or its database, is not there any more; the text says so."""


def _drop_unbegun(connection: sqlite3.Connection) -> None:
    """Delete what is left of sessions that were killed before their first moment."""
    connection.execute(
        """DELETE FROM session WHERE finished_at IS NULL AND written_at < ?
           AND NOT EXISTS (SELECT 1 FROM exercise WHERE session = number AND frames > 0)
           AND NOT EXISTS (SELECT 1 FROM video WHERE session = number)""",
        [time.time() - UNBEGUN_S],
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another, whatever their names; None where nothing does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None


class _Work:
    """Something for the writer to do, in order."""

    __slots__ = ()


class _Begin(_Work):
    def __init__(self, position: int, plan: Plan, prescription: Prescription) -> None:
        self.position = position
        self.plan = plan
        self.prescription = prescription


class _Seen(_Work):
    __slots__ = ("events", "moment")

    def __init__(self, moment: KeptMoment, events: tuple[Event, ...]) -> None:
        self.moment = moment
        self.events = events


class _End(_Work):
    def __init__(self, events: tuple[Event, ...], notes: tuple[str, ...]) -> None:
        self.events = events
        self.notes = notes


class _Video(_Work):
    def __init__(self, file: str) -> None:
        self.file = file


class _Finish(_Work):
    pass


class _Drop(_Work):
    pass


class _Part:
    """The exercise being recorded."""

    def __init__(self, connection: sqlite3.Connection, session: int, begin: _Begin) -> None:
        from posecoach.observe.observer import Observer

        plan = begin.plan
        self._measures = plan.measures
        self._outlines = Observer(plan.measures, silhouette=plan.exercise.silhouette).drawn
        self._tallies = Tallies()
        self._open: list[KeptMoment] = []
        self._first = 0
        self._frames = self._with_person = 0
        self._start_s = self._last_s = 0.0
        self._fresh = False
        text = definition_text(plan.exercise)
        sha256 = fingerprint(text)
        connection.execute("INSERT OR IGNORE INTO definition VALUES (?, ?)", (sha256, text))
        self._key = connection.execute(
            """INSERT INTO exercise (session, position, exercise, name, definition, prescription,
               wanted, measures, outlines, measured_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               RETURNING key""",
            (
                session,
                begin.position,
                plan.exercise.id,
                plan.exercise.name,
                sha256,
                as_json(begin.prescription),
                json.dumps(plan.asked),
                json.dumps(self._measures),
                json.dumps(self._outlines),
                measuring_code(),
            ),
        ).fetchone()[0]

    def add(self, connection: sqlite3.Connection, seen: _Seen) -> None:
        # With every commit they are packed again: what makes a reading whenever it is asked for one
        # is asked once.
        moment = replace(seen.moment, readings={**seen.moment.readings})
        if self._open and (len(self._open) >= CHUNK or moment.size != self._open[0].size):
            self._write_chunk(connection)
            self._first += len(self._open)
            self._open = []
            self._write_ranges(connection)
        if not self._frames:
            self._start_s = moment.time_s
        self._open.append(moment)
        self._frames += 1
        self._with_person += moment.seen
        self._last_s = moment.time_s
        self._tallies.add_readings(moment.time_s, moment.readings)
        self._fresh = True
        self._add_events(connection, seen.events)

    def end(self, connection: sqlite3.Connection, end: _End) -> None:
        self._add_events(connection, end.events)
        self.flush(connection)
        self._write_ranges(connection)
        connection.execute(
            "UPDATE exercise SET finished = 1, notes = ? WHERE key = ?",
            (json.dumps(end.notes, ensure_ascii=False), self._key),
        )

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write what has not been written yet."""
        if not self._fresh:
            return
        self._fresh = False
        self._write_chunk(connection)
        connection.execute(
            """UPDATE exercise SET start_s = ?, duration_s = ?, frames = ?, frames_with_person = ?
               WHERE key = ?""",
            (
                self._start_s,
                self._last_s - self._start_s,
                self._frames,
                self._with_person,
                self._key,
            ),
        )

    def _add_events(self, connection: sqlite3.Connection, events: Iterable[Event]) -> None:
        events = tuple(events)
        if not events:
            return
        connection.executemany(
            "INSERT INTO event (exercise, time_s, kind, side, data) VALUES (?, ?, ?, ?, ?)",
            [(self._key, *event_row(event)) for event in events],
        )
        if self._tallies.add_events(events):
            connection.executemany(
                "INSERT OR REPLACE INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        self._key,
                        side,
                        tally.repetitions,
                        tally.attempts,
                        tally.faults,
                        tally.held_s,
                        tally.accuracy,
                        tally.tried_s,
                    )
                    for side, tally in self._tallies.tallies().items()
                ],
            )

    def _write_chunk(self, connection: sqlite3.Connection) -> None:
        if not self._open:
            return
        blobs = pack(self._open, self._measures, self._outlines)
        connection.execute(
            "INSERT OR REPLACE INTO moments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._key, self._first, len(self._open), *self._open[0].size, *blobs),
        )

    def _write_ranges(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO range VALUES (?, ?, ?, ?, ?)",
            [
                (self._key, name, each.low, each.high, each.known_s)
                for name, each in self._tallies.ranges().items()
            ],
        )
