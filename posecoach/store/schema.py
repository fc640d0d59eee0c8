"""The database's tables, version by version.

A migration is added at the end and never changed afterwards; the number of migrations is
the database's version (``PRAGMA user_version``). There is no way back: an older program
refuses a newer database rather than guess at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

APPLICATION = 0x50C0AC11
"""``PRAGMA application_id``: tells our databases from other people's."""

_FIRST = """
CREATE TABLE session (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    started_at REAL NOT NULL,       -- seconds since 1970, UTC
    utc_offset_s INTEGER NOT NULL,  -- of the place, so that a day is the person's day
    source TEXT NOT NULL,
    app_version TEXT NOT NULL,
    model TEXT NOT NULL,
    options TEXT NOT NULL,          -- JSON object
    profile TEXT NOT NULL,
    landmarks INTEGER NOT NULL,     -- whether they are kept
    written_at REAL NOT NULL,       -- when something was last written
    finished_at REAL                -- NULL: still running, or broken off
);
CREATE INDEX session_started ON session (started_at);

CREATE TABLE definition (
    sha256 TEXT PRIMARY KEY,
    text TEXT NOT NULL              -- YAML
) WITHOUT ROWID;

CREATE TABLE exercise (
    key INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    position INTEGER NOT NULL,
    exercise TEXT NOT NULL,         -- the definition's id
    name TEXT NOT NULL,
    definition TEXT NOT NULL REFERENCES definition,
    prescription TEXT NOT NULL,     -- JSON object
    wanted TEXT NOT NULL,           -- JSON object, repetitions by side
    measures TEXT NOT NULL,         -- JSON array, the columns of moments.measures
    outlines TEXT NOT NULL,         -- JSON array, the columns of moments.outlines
    measured_by TEXT NOT NULL,
    start_s REAL NOT NULL DEFAULT 0,
    duration_s REAL NOT NULL DEFAULT 0,
    frames INTEGER NOT NULL DEFAULT 0,
    frames_with_person INTEGER NOT NULL DEFAULT 0,
    notes TEXT NOT NULL DEFAULT '[]',
    finished INTEGER NOT NULL DEFAULT 0,
    UNIQUE (session, position)
);
CREATE INDEX exercise_id ON exercise (exercise, session);
CREATE INDEX exercise_definition ON exercise (definition);

CREATE TABLE tally (
    exercise INTEGER NOT NULL REFERENCES exercise ON DELETE CASCADE,
    side TEXT NOT NULL,
    repetitions INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    held_s REAL NOT NULL,
    accuracy REAL,
    tried_s REAL NOT NULL,
    PRIMARY KEY (exercise, side)
) WITHOUT ROWID;

CREATE TABLE range (
    exercise INTEGER NOT NULL REFERENCES exercise ON DELETE CASCADE,
    measure TEXT NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    known_s REAL NOT NULL,
    PRIMARY KEY (exercise, measure)
) WITHOUT ROWID;

CREATE TABLE event (
    key INTEGER PRIMARY KEY,
    exercise INTEGER NOT NULL REFERENCES exercise ON DELETE CASCADE,
    time_s REAL NOT NULL,
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    data TEXT NOT NULL              -- JSON object, all fields
);
CREATE INDEX event_exercise ON event (exercise);

CREATE TABLE moments (              -- some seconds of frames; see docs/store.md
    exercise INTEGER NOT NULL REFERENCES exercise ON DELETE CASCADE,
    first INTEGER NOT NULL,         -- index of the first frame
    frames INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    times BLOB NOT NULL,
    states BLOB NOT NULL,           -- per frame: flags, facing, posture, near, turned
    measures BLOB NOT NULL,
    outlines BLOB NOT NULL,
    landmarks BLOB,                 -- NULL where they are not kept
    PRIMARY KEY (exercise, first)
);

CREATE TABLE video (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    file TEXT NOT NULL,             -- name in the folder beside the database
    PRIMARY KEY (session, file)
) WITHOUT ROWID;
"""

_VIEWS = """
CREATE VIEW attempt AS
    SELECT exercise, side, json_extract(data, '$.start_s') AS start_s,
           json_extract(data, '$.end_s') AS end_s,
           json_extract(data, '$.completed') AS completed,
           json_extract(data, '$.accuracy') AS accuracy, json_extract(data, '$.reason') AS reason
    FROM event WHERE kind = 'AttemptEnded';
CREATE VIEW hold AS
    SELECT exercise, side, json_extract(data, '$.step') AS step,
           json_extract(data, '$.start_s') AS start_s, json_extract(data, '$.end_s') AS end_s,
           json_extract(data, '$.held_s') AS held_s,
           json_extract(data, '$.accuracy') AS accuracy,
           json_extract(data, '$.completed') AS completed
    FROM event WHERE kind = 'HoldEnded';
CREATE VIEW fault AS
    SELECT exercise, side, json_extract(data, '$.fault') AS fault,
           json_extract(data, '$.start_s') AS start_s, json_extract(data, '$.end_s') AS end_s,
           json_extract(data, '$.cue') AS cue
    FROM event WHERE kind = 'FaultEnded';
CREATE VIEW cue AS
    SELECT exercise, side, time_s, json_extract(data, '$.cue.text') AS text,
           json_extract(data, '$.cue.fault') AS fault
    FROM event WHERE kind = 'CueGiven';
"""

_SECOND = (
    """
-- Numbers tell the order in which sessions were made here, whatever the clock said. Those of
-- another machine are in the order of their dates (of what was taken in before it is not known).
ALTER TABLE session ADD COLUMN taken_in INTEGER NOT NULL DEFAULT 0;

-- Keys that are never given again: a session that was forgotten while it was being recorded
-- must not go on in the rows of the next one. (Its number never was.) A program of the version
-- before may be recording still, under a key that is gone: there is room for it.
DROP VIEW attempt;
DROP VIEW hold;
DROP VIEW fault;
DROP VIEW cue;

CREATE TABLE exercise_2 (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    position INTEGER NOT NULL,
    exercise TEXT NOT NULL,         -- the definition's id
    name TEXT NOT NULL,
    definition TEXT NOT NULL REFERENCES definition,
    prescription TEXT NOT NULL,     -- JSON object
    wanted TEXT NOT NULL,           -- JSON object, repetitions by side
    measures TEXT NOT NULL,         -- JSON array, the columns of moments.measures
    outlines TEXT NOT NULL,         -- JSON array, the columns of moments.outlines
    measured_by TEXT NOT NULL,
    start_s REAL NOT NULL DEFAULT 0,
    duration_s REAL NOT NULL DEFAULT 0,
    frames INTEGER NOT NULL DEFAULT 0,
    frames_with_person INTEGER NOT NULL DEFAULT 0,
    notes TEXT NOT NULL DEFAULT '[]',
    finished INTEGER NOT NULL DEFAULT 0,
    UNIQUE (session, position)
);
INSERT INTO exercise_2 SELECT * FROM exercise;
INSERT INTO exercise_2 (key, session, position, exercise, name, definition, prescription, wanted,
                        measures, outlines, measured_by)
    SELECT coalesce(last, 0) + 1000, 0, 0, '', '', '', '', '', '', '', ''
    FROM (SELECT max(key) AS last FROM exercise)
    WHERE EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'session');
DELETE FROM exercise_2 WHERE session = 0;
DROP TABLE exercise;
ALTER TABLE exercise_2 RENAME TO exercise;
CREATE INDEX exercise_id ON exercise (exercise, session);
CREATE INDEX exercise_definition ON exercise (definition);

CREATE TABLE event_2 (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    exercise INTEGER NOT NULL REFERENCES exercise ON DELETE CASCADE,
    time_s REAL NOT NULL,
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    data TEXT NOT NULL              -- JSON object, all fields
);
INSERT INTO event_2 SELECT * FROM event;
DROP TABLE event;
ALTER TABLE event_2 RENAME TO event;
CREATE INDEX event_exercise ON event (exercise);
"""
    + _VIEWS
)

_THIRD = """
-- How far the coach was told that each reading may be off. Without it a session would have to be
-- read from its landmarks again, which takes four times as long as coaching it.
ALTER TABLE moments ADD COLUMN spreads BLOB;  -- NULL: kept by an earlier version
"""

MIGRATIONS: tuple[str, ...] = (_FIRST + _VIEWS, _SECOND, _THIRD)


def version(connection: sqlite3.Connection) -> int:
    """Return the version of the database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection,
    migrations: Sequence[str] = MIGRATIONS,
    before: Callable[[int], None] | None = None,
) -> None:
    """Bring the database to the newest version: all of the way in one step, or not at all.

    Two programs may try at once: the version is asked for again once the other is out.

    Args:
        before: called with the version found, while nobody else can write and nothing has been
            changed, where there is anything to change.
    """
    if version(connection) >= len(migrations):
        return
    # Tables are made anew, and what refers to the old ones must be left alone meanwhile; this
    # cannot be said within a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        now = version(connection)
        if 0 < now < len(migrations) and before is not None:
            before(now)
        for number in range(now, len(migrations)):
            for statement in statements(migrations[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        if now == 0:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> list[str]:
    """Split a script; ``executescript`` would commit the transaction it runs in."""
    found: list[str] = []
    rest = ""
    for part in script.split(";"):
        rest += part + ";"
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found[:-1] if found and found[-1] == ";" else found
