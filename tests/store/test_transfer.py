"""To another machine and back, whoever wrote the file; and forgotten for good."""

from __future__ import annotations

import base64
import copy
import json
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.errors import OutputError, StoreError
from posecoach.session.session import Session
from posecoach.store import database
from posecoach.store.forget import clean, forget
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from posecoach.store.transfer import export, import_file
from tests.helpers.store_sessions import CLIPS, coach, plan_of, poses, record

MARK = "Kp-7-Marker-Zx"


def _export(folder: Path, path: Path) -> Path:
    with Store.open(folder) as store:
        export(store, [row.number for row in store.sessions()], path)
    return path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine's data folder, ``one``, and what it gave to another."""
    place = tmp_path_factory.mktemp("exported")
    _export(_with(place / "one"), place / "file.posecoach")
    return place


@pytest.fixture
def file(exported: Path, tmp_path: Path) -> Path:
    """A copy of both, to be changed at will; the session is coached once for all of them."""
    shutil.copytree(exported, tmp_path, dirs_exist_ok=True)
    return tmp_path / "file.posecoach"


def _with(folder: Path, **of: Any) -> Path:
    record(folder, **of)
    return folder


# -- there and back -----------------------------------------------------------------------------


def test_a_session_is_the_same_on_the_other_machine(file: Path, tmp_path: Path) -> None:
    other = _with(tmp_path / "other")
    imported = import_file(file, other)
    assert (imported.numbers, imported.known) == ((2,), 0)
    with Store.open(tmp_path / "one") as store:
        then = store.load("last")
    with Store.open(other) as store:
        now = store.load(then.row.uuid)
        assert len(store.rows("SELECT * FROM definition")) == 1
    assert now.row.number == 2
    a, b = then.exercises[0], now.exercises[0]
    assert a.events == b.events
    assert a.definition_text == b.definition_text
    assert a.row.tallies == b.row.tallies
    assert a.row.ranges == b.row.ranges
    assert a.poses is not None
    assert b.poses is not None
    assert np.array_equal(a.poses.world, b.poses.world, equal_nan=True)
    assert (then.row.started, then.row.state) == (now.row.started, now.row.state)


def test_what_is_here_already_is_left_alone(file: Path, tmp_path: Path) -> None:
    imported = import_file(file, tmp_path / "one")
    assert (imported.numbers, imported.known) == ((), 1)


@pytest.mark.parametrize("name", ["wall-stretch", "cat-cow"])
def test_files_of_earlier_versions_can_be_imported(tmp_path: Path, name: str) -> None:
    assert len(import_file(CLIPS / f"{name}.posecoach", tmp_path).numbers) == 1


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    folder = _with(tmp_path / "one")
    with pytest.raises(OutputError, match="cannot be written"):
        _export(folder, tmp_path / "missing" / "file")


# -- files from anybody -------------------------------------------------------------------------


def _changed(file: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The file with something changed in its session."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in entries if name.startswith("sessions/"))
    session = json.loads(entries[name])
    change(session)
    entries[name] = json.dumps(session).encode()
    return _archive(file.with_name("changed"), entries)


def _archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _refused(path: Path, folder: Path, why: str) -> None:
    with pytest.raises(StoreError, match=rf"cannot be imported: .*{why}.*; nothing was changed"):
        import_file(path, folder)
    with Store.open(folder) as store:
        assert store.count() == 0


HEADER = b'{"format": 1}'


def test_what_is_no_file_of_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("hello")
    _refused(path, tmp_path / "data", "not a file written by")
    _refused(_archive(path, {"a.txt": b"hello"}), tmp_path / "data", "not a file written by")
    _refused(_archive(path, {"posecoach.json": b"[]"}), tmp_path / "data", "not a file written")
    with pytest.raises(StoreError, match="cannot be read: no such file"):
        import_file(tmp_path / "none", tmp_path / "data")


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = _archive(tmp_path / "file", {"posecoach.json": b'{"format": 2}'})
    _refused(path, tmp_path / "data", "newer version of PoseCoach")


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "sessions/../x.json", "videos/a.mp4"]
)
def test_paths_are_refused(tmp_path: Path, name: str) -> None:
    path = _archive(tmp_path / "file", {"posecoach.json": HEADER, name: b"{}"})
    _refused(path, tmp_path / "data", "which is no session")


def test_bombs_are_refused(tmp_path: Path) -> None:
    name = "sessions/00000000-0000-4000-8000-000000000000.json"
    bomb = _archive(tmp_path / "bomb", {"posecoach.json": HEADER, name: b" " * 30_000_000})
    _refused(bomb, tmp_path / "data", "swell")
    deep = _archive(tmp_path / "deep", {"posecoach.json": HEADER, name: b"[" * 100_000})
    _refused(deep, tmp_path / "data", "damaged")


def _first(session: dict[str, Any], table: str) -> dict[str, Any]:
    row = session["exercises"][0][table + "_rows"][0]
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s.update(uuid="another"), "named wrongly"),
        (lambda s: s.update(source=5), "source"),
        (lambda s: s.update(source="\x1b[2Jhidden"), "no text"),
        (lambda s: s.update(source="x" * 5000), "too long"),
        (lambda s: s.update(started_at=float("nan")), "NaN"),
        (lambda s: s.update(started_at=1e300), "out of bounds"),
        (lambda s: s.update(options="[]"), "options"),
        (lambda s: s.update(landmarks=True), "landmarks"),
        (lambda s: s.pop("exercises"), "no list of exercises"),
        (lambda s: s["exercises"][0].update(definition_text="id: x"), "not the one"),
        (lambda s: s["exercises"][0].update(frames=10**6), "moments are missing"),
        (lambda s: s["exercises"][0].update(measures="[1]"), "no names"),
        (lambda s: s["exercises"][0].update(position=3), "out of order"),
        (lambda s: s["exercises"][0].pop("event_rows"), "lacks event"),
        (lambda s: _first(s, "event").update(data="{}"), "damaged"),
        (lambda s: _first(s, "event").update(data='{"time_s": NaN}'), "NaN"),
        (lambda s: _first(s, "event").update(kind="Shell"), "unknown event"),
        (lambda s: _first(s, "moments").update(landmarks="AAAA"), "damaged"),
        (lambda s: _first(s, "moments").update(landmarks="*"), "damaged"),
        (lambda s: _first(s, "moments").update(frames=0), "gap|missing|frames"),
        (lambda s: _first(s, "moments").update(frames=99_999), "gap|missing"),
        (lambda s: _first(s, "moments").update(width=0), "gap"),
        (lambda s: _first(s, "tally").update(repetitions=-1), "out of bounds"),
        (lambda s: s.update(profile="\ud800"), "no text"),
        (lambda s: s.update(options='{"a": "\\u001b[2J"}'), "options is damaged"),
        (lambda s: s["exercises"][0].update(wanted='{"left": "many"}'), "wanted is damaged"),
        (lambda s: s["exercises"][0].update(prescription='{"hold": "long"}'), "prescription"),
        (lambda s: s["exercises"][0]["tally_rows"].append(_first(s, "tally")), "twice"),
    ],
)
def test_every_value_is_checked(
    file: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    _refused(_changed(file, change), tmp_path / "data", f"({why})")


def test_a_blob_that_swells_is_refused(file: Path, tmp_path: Path) -> None:
    import zlib

    bomb = base64.b64encode(zlib.compress(b"\0" * 50_000_000)).decode()
    changed = _changed(file, lambda s: _first(s, "moments").update(landmarks=bomb))
    _refused(changed, tmp_path / "data", "in place of")


def test_damaged_anywhere_it_is_refused_or_still_the_same(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    places = random.Random(1)
    with Store.open(tmp_path / "one") as store:
        then = store.load("last").exercises[0]
    refused = 0
    for index in range(200):
        broken = bytearray(whole)
        if index % 2:
            del broken[places.randrange(len(broken)) :]
        else:
            broken[places.randrange(len(broken))] ^= 1 << places.randrange(8)
        path = tmp_path / "broken"
        path.write_bytes(broken)
        folder = tmp_path / f"data-{index}"
        try:
            import_file(path, folder)
        except StoreError:
            refused += 1
            continue
        with Store.open(folder) as store:
            assert store.load("last").exercises[0].events == then.events
    assert refused > 150


def test_random_changes_never_end_in_a_traceback(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        name = next(each for each in archive.namelist() if each.startswith("sessions/"))
        session = json.loads(archive.read(name))
    choice = random.Random(2)
    values: list[Any] = [None, -1, 0, 1e308, 2**70, "", "x", [], {}, [[]], True, "\ud800"]
    for _ in range(150):
        changed = copy.deepcopy(session)
        at: Any = changed
        while True:
            keys = list(at.keys()) if isinstance(at, dict) else list(range(len(at)))
            key = choice.choice(keys)
            if not isinstance(at[key], dict | list) or not at[key] or choice.random() < 0.1:
                at[key] = choice.choice(values)
                break
            at = at[key]
        path = _archive(
            tmp_path / "mutant",
            {"posecoach.json": HEADER, name: json.dumps(changed).encode()},
        )
        folder = tmp_path / "data"
        try:
            import_file(path, folder)
        except StoreError:
            continue
        with Store.open(folder) as store:
            store.sessions()
            store.weeks()
            number = store.load("last").row.number
        forget(folder, [number])


# -- forgetting ---------------------------------------------------------------------------------


def _anywhere(folder: Path, mark: bytes) -> bool:
    return any(mark in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_forgotten_is_in_no_file_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for source in ("stays", MARK, "stays too"):
        record(folder, source=source)
    with Store.open(folder) as store:
        blob = store.rows("SELECT landmarks FROM moments WHERE exercise = 2 LIMIT 1")[0][0]
        times = store.rows("SELECT measures FROM moments WHERE exercise = 2 LIMIT 1")[0][0]
    # The three are alike but for the name, so only the marker and the counts can tell.
    assert _anywhere(folder, MARK.encode())
    assert forget(folder, [2]) == 1
    assert not _anywhere(folder, MARK.encode())
    with Store.open(folder) as store:
        assert [row.number for row in store.sessions()] == [3, 1]
        assert len(store.load("1").exercises[0].times) > 300
    assert forget(folder, [1, 3]) == 2
    assert not _anywhere(folder, blob[20:60])
    assert not _anywhere(folder, times[20:60])
    with Store.open(folder) as store:
        assert store.rows("SELECT * FROM definition") == []
        for table in ("exercise", "moments", "event", "tally", "range", "video"):
            assert store.rows(f"SELECT * FROM {table}") == []


def test_a_video_goes_with_its_session_and_nothing_else_does(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    videos = folder / database.VIDEOS
    videos.mkdir(parents=True)
    (videos / "kept.mp4").write_bytes(b"another's")
    outside = tmp_path / "outside.mp4"
    outside.write_bytes(b"not ours")
    with Recorder(folder, source="") as recorder:
        video = videos / f"{recorder.uuid}.mp4"
        video.write_bytes(MARK.encode())
        recorder.add_video(video)
        recorder.begin(plan_of())
        recorder.hear(next(coach(Session(plan_of(), ""), poses())))
    with sqlite3.connect(folder / database.FILE) as connection:
        connection.execute("INSERT INTO video VALUES (1, '../../outside.mp4')")
    connection.close()
    forget(folder, [1])
    assert not _anywhere(folder, MARK.encode())
    assert (videos / "kept.mp4").exists()
    assert outside.exists()


def test_another_program_in_the_way_is_said_and_can_be_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    folder = tmp_path / "data"
    record(folder, source=MARK)
    with Store.open(folder) as reader:
        assert reader._connection is not None
        reader._connection.execute("BEGIN")
        assert len(reader.sessions()) == 1  # from now on it holds on to the old pages
        with pytest.raises(StoreError, match=r"deleted, but another program .*--clean"):
            forget(folder, [1])
        reader._connection.execute("COMMIT")
    clean(folder)
    assert not _anywhere(folder, MARK.encode())
    with Store.open(folder) as store:
        assert store.sessions() == []


def test_numbers_are_never_used_again(tmp_path: Path) -> None:
    record(tmp_path)
    forget(tmp_path, [1])
    record(tmp_path)
    with Store.open(tmp_path) as store:
        assert store.find("last").number == 2
