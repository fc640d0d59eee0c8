"""Taking sessions to another machine: one zip file with one JSON file for each session.

A file to be imported may come from anybody, so nothing in it is believed: no path in it is
ever used as a path, nothing is unpacked beyond what it may hold, every value is checked,
and either all of its sessions come in or none.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from uuid import UUID

from posecoach.errors import StoreError
from posecoach.kinds import EXPORT_HEADER
from posecoach.store import database
from posecoach.store.definitions import fingerprint
from posecoach.store.events import event_of
from posecoach.store.moments import unpack
from posecoach.store.store import Store
from posecoach.writing import whole_file

FORMAT = 1
"""Version of the file's layout; an older program refuses a newer file."""
LARGEST_SESSION = 256 << 20
"""Bytes of one session unpacked: more than ten hours."""
LARGEST_RATIO = 100
"""Sessions shrink to a third or so; a file that shrinks like this is a bomb."""
_HEADER = EXPORT_HEADER
_ENTRY = re.compile(r"sessions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column may hold.

    Attributes:
        of: Python types of its JSON value.
        largest: of a text, in characters; of a number, either way.
        optional: whether it may be null.
    """

    of: tuple[type, ...]
    largest: float
    optional: bool = False


_NUMBER = Kind((int, float), 1e12)
_COUNT = Kind((int,), 1e9)
_NAME = Kind((str,), 2000)
_LONG = Kind((str,), 300_000)
_BLOB = Kind((bytes,), 64 << 20)

_SESSION: Mapping[str, Kind] = {
    "started_at": Kind((int, float), 1e11),
    "utc_offset_s": Kind((int,), 86_400),
    "source": _NAME,
    "app_version": _NAME,
    "model": _NAME,
    "options": _LONG,
    "profile": _NAME,
    "landmarks": Kind((int,), 1),
    "written_at": Kind((int, float), 1e11),
    "finished_at": Kind((int, float), 1e11, optional=True),
}
_EXERCISE: Mapping[str, Kind] = {
    "position": _COUNT,
    "exercise": _NAME,
    "name": _NAME,
    "definition": _NAME,
    "prescription": _LONG,
    "wanted": _LONG,
    "measures": _LONG,
    "outlines": _LONG,
    "measured_by": _NAME,
    "start_s": _NUMBER,
    "duration_s": _NUMBER,
    "frames": _COUNT,
    "frames_with_person": _COUNT,
    "notes": _LONG,
    "finished": Kind((int,), 1),
}
_CHILDREN: Mapping[str, Mapping[str, Kind]] = {
    "tally": {
        "side": _NAME,
        "repetitions": _COUNT,
        "attempts": _COUNT,
        "faults": _COUNT,
        "held_s": _NUMBER,
        "accuracy": Kind((int, float), 1, optional=True),
        "tried_s": _NUMBER,
    },
    "range": {"measure": _NAME, "low": _NUMBER, "high": _NUMBER, "known_s": _NUMBER},
    "event": {"time_s": _NUMBER, "kind": _NAME, "side": _NAME, "data": _LONG},
    "moments": {
        "first": _COUNT,
        "frames": Kind((int,), 100_000),
        "width": Kind((int,), 100_000),
        "height": Kind((int,), 100_000),
        "times": _BLOB,
        "states": _BLOB,
        "measures": _BLOB,
        "outlines": _BLOB,
        "landmarks": Kind((bytes,), 64 << 20, optional=True),
        "spreads": Kind((bytes,), 64 << 20, optional=True),
    },
}
_JSON_COLUMNS = {
    "options": dict,
    "data": dict,
    "prescription": dict,
    "wanted": dict,
    "notes": list,
    "measures": list,
    "outlines": list,
}


# -- export ----------------------------------------------------------------------------------


def export(store: Store, numbers: Iterable[int], path: Path) -> int:
    """Write sessions to a file, whole or not at all; videos stay here.

    Returns:
        How many were written.

    Raises:
        StoreError: a session cannot be read.
        OutputError: the file cannot be written.
    """
    with whole_file(path) as file:
        return _write(store, numbers, file)


def _write(store: Store, numbers: Iterable[int], file: Any) -> int:
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_HEADER, json.dumps({"format": FORMAT}))
        for number in numbers:
            session = _session_data(store, number)
            archive.writestr(f"sessions/{session['uuid']}.json", json.dumps(session))
            count += 1
    return count


def _session_data(store: Store, number: int) -> dict[str, Any]:
    rows = store.rows("SELECT * FROM session WHERE number = ?", [number])
    data: dict[str, Any] = {"uuid": rows[0]["uuid"], **_plain(rows[0], _SESSION)}
    data["exercises"] = []
    for row in store.rows("SELECT * FROM exercise WHERE session = ? ORDER BY position", [number]):
        exercise = _plain(row, _EXERCISE)
        exercise["definition_text"] = store.definition(row["definition"])
        for table, columns in _CHILDREN.items():
            children = store.rows(
                f"SELECT * FROM {table} WHERE exercise = ? ORDER BY rowid"
                if table == "event"
                else f"SELECT * FROM {table} WHERE exercise = ?",
                [row["key"]],
            )
            exercise[table + "_rows"] = [_plain(each, columns) for each in children]
        data["exercises"].append(exercise)
    return data


def _plain(row: sqlite3.Row, columns: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        name: base64.b64encode(row[name]).decode() if isinstance(row[name], bytes) else row[name]
        for name in columns
        if name in row.keys()  # noqa: SIM118 - a row is no mapping; an older table has fewer
    }


# -- import ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        numbers: of the sessions that came in, as they are called here.
        known: how many were here already.
    """

    numbers: tuple[int, ...]
    known: int


class _RefusedError(Exception):
    """The file is not what it should be; the message says in what."""


def import_file(path: Path, folder: Path) -> Imported:
    """Take in the sessions of a file; all of them or none.

    Raises:
        StoreError: the file is not one of ours, damaged or hostile, or of a newer version;
            the database cannot be written.
    """
    try:
        sessions = _read(path)
    except _RefusedError as reason:
        raise StoreError(f"{path} cannot be imported: {reason}; nothing was changed.") from None
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise StoreError(f"{path} cannot be read: {said}.") from None
    connection = database.open_for_writing(folder)
    database_path = folder / database.FILE
    try:
        with database.told(database_path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                imported = _insert(connection, sessions)
                connection.execute("COMMIT")
            except BaseException as error:
                connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.IntegrityError):
                    raise StoreError(
                        f"{path} cannot be imported: it holds something twice; nothing was changed."
                    ) from None
                raise
    finally:
        connection.close()
    return imported


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_archive(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError):
        raise _RefusedError(
            "it is not a file written by `posecoach export`, or is damaged"
        ) from None


def _read_archive(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(entries) != len(archive.infolist()):
        raise _RefusedError("it holds two files of one name")
    if _HEADER not in entries:
        raise _RefusedError("it is not a file written by `posecoach export`")
    header = _json(_entry(archive, entries.pop(_HEADER)))
    found = header.get("format") if isinstance(header, dict) else None
    if not isinstance(found, int) or isinstance(found, bool):
        raise _RefusedError("it is not a file written by `posecoach export`")
    if found > FORMAT:
        raise _RefusedError("it was written by a newer version of PoseCoach; update PoseCoach")
    sessions = []
    for name, entry in entries.items():
        match = _ENTRY.fullmatch(name)
        if match is None:
            raise _RefusedError(f"it holds {name!r:.60}, which is no session")
        sessions.append(_session(_json(_entry(archive, entry)), match[1]))
    return sessions


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _RefusedError("it is packed in an unknown way")
    if entry.file_size > LARGEST_SESSION:
        raise _RefusedError("a session in it is larger than any session can be")
    if entry.file_size > LARGEST_RATIO * entry.compress_size + (1 << 20):
        raise _RefusedError("it would swell as no session does")
    with archive.open(entry) as file:
        # The size in the directory may be a lie; reading stops there all the same.
        return file.read(entry.file_size + 1)


def _json(data: bytes) -> Any:
    def no_number(name: str) -> float:
        raise _RefusedError(f"it holds {name} for a number")

    try:
        return json.loads(data, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise _RefusedError("a session in it is damaged") from None


def _session(data: Any, uuid: str) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("uuid") != uuid or str(UUID(uuid)) != uuid:
        raise _RefusedError("a session in it is named wrongly")
    session = _checked(data, _SESSION)
    session["uuid"] = uuid
    exercises = data.get("exercises")
    if not isinstance(exercises, list) or len(exercises) > 1000:
        raise _RefusedError("a session in it has no list of exercises")
    session["exercises"] = [_exercise(each, index) for index, each in enumerate(exercises)]
    return session


def _exercise(data: Any, position: int) -> dict[str, Any]:
    exercise = _checked(data, _EXERCISE)
    if exercise["position"] != position:
        raise _RefusedError("the exercises of a session in it are out of order")
    text = _value("definition_text", data.get("definition_text"), _LONG)
    if fingerprint(text) != exercise["definition"]:
        raise _RefusedError("a definition in it is not the one the session was coached by")
    exercise["definition_text"] = text
    for table, columns in _CHILDREN.items():
        rows = data.get(table + "_rows")
        if not isinstance(rows, list):
            raise _RefusedError(f"an exercise in it lacks {table}")
        exercise[table] = [_checked(row, columns) for row in rows]
    try:
        for event in exercise["event"]:
            event_of(event["kind"], event["data"])
        _check_moments(exercise)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _RefusedError(f"an exercise in it is damaged ({error})") from None
    return exercise


def _check_moments(exercise: dict[str, Any]) -> None:
    rows = exercise["moments"]
    count = 0
    for row in rows:
        if row["first"] != count or not row["width"] or not row["height"]:
            raise ValueError("its moments have a gap")
        count += row["frames"]
    if count != exercise["frames"]:
        raise ValueError("moments are missing")
    names = [json.loads(exercise[column]) for column in ("measures", "outlines")]
    for each in names:
        if len(each) > 500 or not all(isinstance(name, str) and len(name) < 200 for name in each):
            raise ValueError("its measures have no names")
    for row in rows:
        unpack([row], *names)


def _checked(data: Any, columns: Mapping[str, Kind]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _RefusedError("a session in it is damaged")
    return {name: _value(name, data.get(name), kind) for name, kind in columns.items()}


def _value(name: str, value: Any, kind: Kind) -> Any:
    if value is None and kind.optional:
        return None
    if bytes in kind.of and isinstance(value, str):
        try:
            value = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise _RefusedError(f"its {name} is damaged") from None
    if isinstance(value, bool) or not isinstance(value, kind.of):
        raise _RefusedError(f"its {name} is missing or of a wrong kind")
    if isinstance(value, int | float):
        lowest = -kind.largest if kind is _NUMBER or name == "utc_offset_s" else 0
        if not (isfinite(value) and lowest <= value <= kind.largest):
            raise _RefusedError(f"its {name} is out of bounds")
        return value
    if not isinstance(value, str | bytes):
        raise _RefusedError(f"its {name} is of a wrong kind")
    if len(value) > kind.largest or (isinstance(value, str) and _CONTROL.search(value)):
        raise _RefusedError(f"its {name} is too long, or no text")
    # The same name may stand for text in one table and for a blob in another.
    if isinstance(value, str) and name in _JSON_COLUMNS:
        inner = _json(value.encode())
        if not (isinstance(inner, _JSON_COLUMNS[name]) and _harmless(inner) and _fits(name, inner)):
            raise _RefusedError(f"its {name} is damaged")
    return value


def _harmless(value: Any) -> bool:
    """Whether all texts are text and all numbers are numbers, however deep."""
    if isinstance(value, str):
        return not _CONTROL.search(value)
    if isinstance(value, dict):
        return all(_harmless(key) and _harmless(each) for key, each in value.items())
    if isinstance(value, list):
        return all(_harmless(each) for each in value)
    if isinstance(value, int | float):
        return isfinite(value) and abs(value) <= _NUMBER.largest
    return value is None


def _fits(name: str, value: Any) -> bool:
    """Whether the contents are what the column is for."""
    match name:
        case "wanted":
            return all(isinstance(each, int) for each in value.values())
        case "notes":
            return all(isinstance(each, str) for each in value)
        case "prescription":
            side, repetitions, hold = (value.get(key) for key in ("side", "repetitions", "hold"))
            return (
                side in (None, "left", "right")
                and (repetitions is None or _between(repetitions, 1, 1000))
                and (hold is None or _between(hold, 0.0, 3600))
                and _are_ranges(value.get("ranges", []))
            )
    return True


def _are_ranges(value: Any) -> bool:
    """Whether it is a list of [measure, direction, degrees]."""
    return isinstance(value, list) and all(
        isinstance(each, list)
        and len(each) == 3
        and isinstance(each[0], str)
        and each[1] in (-1, 1)
        and _between(each[2], 0.0, 360)
        for each in value
    )


def _between(value: Any, low: float, high: float) -> bool:
    kind = (int,) if isinstance(low, int) else (int, float)
    return isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high


def _insert(connection: sqlite3.Connection, sessions: list[dict[str, Any]]) -> Imported:
    numbers = []
    known = 0
    for session in sorted(sessions, key=lambda each: each["started_at"]):
        if connection.execute("SELECT 1 FROM session WHERE uuid = ?", [session["uuid"]]).fetchone():
            known += 1
            continue
        names = ["uuid", *_SESSION, "taken_in"]
        number = _insert_row(connection, "session", names, session | {"taken_in": 1})
        numbers.append(number)
        for exercise in session["exercises"]:
            connection.execute(
                "INSERT OR IGNORE INTO definition VALUES (?, ?)",
                [exercise["definition"], exercise["definition_text"]],
            )
            row = exercise | {"session": number}
            key = _insert_row(connection, "exercise", ["session", *_EXERCISE], row)
            for table, columns in _CHILDREN.items():
                names = ["exercise", *columns]
                for child in exercise[table]:
                    _insert_row(connection, table, names, child | {"exercise": key})
    return Imported(tuple(numbers), known)


def _insert_row(
    connection: sqlite3.Connection, table: str, columns: list[str], row: Mapping[str, Any]
) -> int:
    marks = ", ".join("?" * len(columns))
    cursor = connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
        [row[name] for name in columns],
    )
    return int(cursor.lastrowid or 0)
