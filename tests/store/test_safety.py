"""Whatever happens to program, disk or file: a sentence, and nothing lost."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from posecoach.errors import StoreError
from posecoach.session.session import Session
from posecoach.store import database, schema
from posecoach.store.forget import forget
from posecoach.store.recorder import COMMIT_S, Recorder
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.store.store import Store
from tests.helpers.places import AS_ROOT, DATA
from tests.helpers.store_child import FPS
from tests.helpers.store_sessions import coach, happened, plan_of, poses, record

KILLS, AT_ONCE = 20, 5


# -- kill -9 ------------------------------------------------------------------------------------


def _kill(pid: int, log: Path, wait_s: float) -> None:
    """Kill a session without warning, some time after its first frame."""
    patience = time.monotonic() + 60
    while not (log.exists() and log.stat().st_size):
        assert time.monotonic() < patience
        time.sleep(0.01)
    time.sleep(wait_s)
    os.kill(pid, signal.SIGKILL)
    while time.monotonic() < patience:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("it does not die")


def test_killed_twenty_times_and_everything_up_to_the_last_commit_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several at a time into one database, so that they are in each other's way too."""
    folder = tmp_path / "data"
    moments = random.Random(20)
    killed: list[str] = []
    apart: list[int] = []
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.store_child", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def run(pid: int, log: Path, wait_s: float) -> None:
            _kill(pid, log, wait_s)
            killed.append(log.name)

        for first in range(0, KILLS, AT_ONCE):
            threads = []
            for index in range(first, first + AT_ONCE):
                log = tmp_path / f"log-{index}"
                child.stdin.write(f"{log}\n")
                child.stdin.flush()
                arguments = (int(child.stdout.readline()), log, moments.uniform(0.0, 2.5))
                threads.append(threading.Thread(target=run, args=arguments))
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        child.stdin.close()
    assert len(killed) == KILLS
    monkeypatch.setattr("posecoach.store.store.RUNNING_S", 0.0)
    reference = Session(plan_of(), "clip")
    snapshots = list(coach(reference, poses(loops=2)))
    with Store.open(folder) as store:
        rows = {row.source: row for row in store.sessions()}
        for name in killed:
            lines = [line.split() for line in (tmp_path / name).read_text().splitlines()]
            heard = sum(what == "heard" for _, what in lines)
            must = [int(n) for n, what in lines if what == "committed"]
            apart += [later - earlier for earlier, later in pairwise(must)]
            if must or name in rows:  # one killed before its first commit may have left nothing
                row = rows[name]
                assert row.state == "unfinished"
                stored = store.load(row)
            if must and must[-1]:
                found = len(stored.exercises[0].times)
                assert must[-1] <= found <= heard + 1
                assert found <= len(snapshots)
                assert stored.exercises[0].events == happened(reference, snapshots[:found])
                assert row.exercises[0].frames == found
        assert sum(len(row.exercises) for row in rows.values()) > KILLS / 2
    assert median(apart) <= FPS  # a second at the most is lost where the machine keeps up
    with sqlite3.connect(folder / database.FILE) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_several_may_make_the_database_at_once(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def make(folder: Path, all_here: threading.Barrier) -> None:
        all_here.wait()
        try:
            database.open_for_writing(folder).close()
        except Exception as error:
            failed.append(error)

    for number in range(60):
        all_here = threading.Barrier(6)
        arguments = (tmp_path / str(number), all_here)
        threads = [threading.Thread(target=make, args=arguments) for _ in range(all_here.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failed


_TAKES_IT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
try:
    print(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0])
except sqlite3.OperationalError as error:
    print(error)
"""


def test_opening_it_again_leaves_the_locks_of_this_process(tmp_path: Path) -> None:
    """Else another program takes it for unused, and both write over each other."""
    first = database.open_for_writing(tmp_path)
    first.execute("SELECT * FROM session").fetchall()
    for again in range(3):
        database.open_for_writing(tmp_path).close()
        Store.open(tmp_path).close()
        done = subprocess.run(
            [sys.executable, "-c", _TAKES_IT, str(tmp_path / database.FILE)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "database is locked\n", again
    first.close()


def test_two_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    done: dict[int, tuple[int, int]] = {}

    def run(index: int) -> None:
        _, snapshots, recorder = record(tmp_path, source=f"camera {index}")
        assert recorder.problem == ""
        done[index] = recorder.number, len(snapshots)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({number for number, _ in done.values()}) == 2
    with Store.open(tmp_path) as store:
        first, second = (store.load(str(number)).exercises[0] for number, _ in done.values())
    assert len(first.times) == done[0][1]
    assert first.events == second.events


def test_a_reader_sees_a_session_while_it_goes_on(tmp_path: Path) -> None:
    session = Session(plan_of(), "")
    stream = coach(session, poses())
    with Recorder(tmp_path, source="") as recorder:
        recorder.begin(session.plan)
        for _ in range(100):
            recorder.hear(next(stream))
        patience = time.monotonic() + 20
        frames = 0
        while frames < 100 and time.monotonic() < patience:
            with Store.open(tmp_path) as store:
                row = store.find("last")
                frames = sum(each.frames for each in row.exercises)
            time.sleep(0.02)
        assert frames == 100
        assert row.state == "running"
        recorder.end(session.finish(), session.ending)


# -- versions -----------------------------------------------------------------------------------


def test_an_older_database_is_brought_up_to_date_with_everything_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _, _ = record(tmp_path)
    later = (
        *schema.MIGRATIONS,
        "ALTER TABLE session ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine;'; "
        "CREATE INDEX session_mood ON session (mood);",
    )
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    monkeypatch.setattr(database, "MIGRATIONS", later)
    monkeypatch.setattr(database, "migrate", lambda c, **of: schema.migrate(c, later, **of))
    with Store.open(tmp_path) as store:
        assert store.rows("SELECT mood FROM session")[0]["mood"] == "fine;"
        assert store.load("last").exercises[0].result.as_json() == session.result.as_json()
        assert store.rows("PRAGMA user_version")[0][0] == len(later)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    record(tmp_path)
    connection = sqlite3.connect(tmp_path / database.FILE, isolation_level=None)
    broken = (*schema.MIGRATIONS, "CREATE TABLE new (a); DROP TABLE event; SELECT nothing();")
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(connection, broken)
    assert schema.version(connection) == len(schema.MIGRATIONS)
    assert connection.execute("SELECT count(*) FROM event").fetchone()[0] > 0
    connection.close()


KEPT = DATA / "store" / "sessions-0.1.db.gz"
"""Written by PoseCoach 0.1: a session of Ada's, one that broke off; a third was forgotten."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a database of version 0.1."""
    (tmp_path / database.FILE).write_bytes(gzip.decompress(KEPT.read_bytes()))
    return tmp_path


def _version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / database.FILE)) as connection:
        return schema.version(connection)


def _all_rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    tables = ("session", "definition", "exercise", "tally", "range", "event", "moments", "video")
    views = ("attempt", "hold", "fault", "cue")
    # One more column in a session since the second version, one more in moments since the third.
    then = {"session": 12, "moments": 10}
    with closing(sqlite3.connect(folder / database.FILE)) as connection:
        return {
            name: sorted(
                (row[:columns] for row in connection.execute(f"SELECT * FROM {name}")), key=repr
            )
            for name in (*tables, *views)
            for columns in [then.get(name)]
        }


def test_a_database_of_the_first_version_goes_on_with_every_row(old: Path) -> None:
    before = _all_rows(old)
    assert _version(old) == 1
    with Store.open(old) as store:
        first, second = (store.load(number) for number in ("1", "2"))
    assert (first.row.state, first.row.profile, second.row.state) == (
        "finished",
        "Ada",
        "unfinished",
    )
    assert {each.spreads for each in first.exercises} == {None}
    assert _all_rows(old) == before
    assert _version(old) == len(schema.MIGRATIONS)
    record(old)
    assert [path.name for path in old.iterdir()] == [database.FILE]
    with closing(sqlite3.connect(old / database.FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_while_it_is_brought_up_to_date_there_is_a_copy(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (old / database.FILE).read_bytes()
    seen: list[bytes] = []

    def looked_at(script: str) -> list[str]:
        seen.append(database.copy_of(old / database.FILE, 1).read_bytes())
        return []

    monkeypatch.setattr(schema, "statements", looked_at)
    Store.open(old).close()
    with closing(sqlite3.connect(":memory:")) as one, closing(sqlite3.connect(":memory:")) as two:
        one.deserialize(seen[0])
        two.deserialize(before)
        assert list(one.iterdump()) == list(two.iterdump())
    assert [path.name for path in old.iterdir()] == [database.FILE]


def test_where_there_is_no_room_for_a_copy_nothing_is_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (old / database.FILE).read_bytes()

    def full(*_: object, **of: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "part_of", full)
    with pytest.raises(StoreError, match=r"cannot be copied .*no space left .*make room"):
        Recorder(old, source="")
    assert (old / database.FILE).read_bytes() == before
    with Store.open(old) as store:  # what is there can be read all the same
        assert len(store.load("1").exercises) == 1


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from posecoach.store import database
connect, steps = database._connect, int(sys.argv[2])
def watched(path, mode, **of):
    connection = connect(path, mode, **of)
    if mode != "ro":
        connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), steps)
    return connection
database._connect = watched
database.open_for_writing(Path(sys.argv[1])).close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_killed_while_it_is_brought_up_to_date_the_old_one_is_there(old: Path) -> None:
    before = _all_rows(old)
    killed = 0
    steps = 50
    while True:
        ended = subprocess.run([sys.executable, "-c", _KILLED, str(old), str(steps)], check=False)
        if ended.returncode == 0:
            break
        killed += 1
        assert _version(old) == 1
        assert _all_rows(old) == before
        steps += steps // 4
    assert killed > 5
    assert _version(old) == len(schema.MIGRATIONS)
    assert _all_rows(old) == before
    assert not list(old.glob("*version*"))


def test_keys_are_never_given_again(old: Path) -> None:
    given: set[int] = set()
    for _ in range(3):
        _, _, recorder = record(old)
        with closing(sqlite3.connect(old / database.FILE)) as connection:
            for table in ("exercise", "event"):
                (key,) = connection.execute(f"SELECT max(key) FROM {table}").fetchone()
                assert (table, key) not in given
                given.add((table, key))  # type: ignore[arg-type]
        forget(old, [recorder.number])


def test_a_session_forgotten_while_it_runs_writes_into_no_other(tmp_path: Path) -> None:
    """As a laptop does that slept through it."""
    first = Session(plan_of(), "first")
    stream = coach(first, poses())
    asleep = Recorder(tmp_path, source="first", live=False)
    asleep.begin(first.plan)
    for _ in range(60):
        asleep.hear(next(stream))
    with asleep._changed:
        asleep._changed.wait_for(lambda: not asleep._waiting, 10)
    time.sleep(2 * COMMIT_S)
    forget(tmp_path, [asleep.number])
    second, _, other = record(tmp_path, source="second")
    for snapshot in stream:
        asleep.hear(snapshot)
    asleep.end(first.finish(), first.ending)
    asleep.close()
    assert asleep.problem == "The session was forgotten while it ran; it goes on unsaved."
    with Store.open(tmp_path) as store:
        (row,) = store.sessions()
        assert row.number == other.number
        stored = store.load(row)
        assert stored.exercises[0].result.as_json()["holds"] == second.result.as_json()["holds"]
        assert stored.exercises[0].row.frames == second.result.frames


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
def test_a_database_moved_away_while_a_session_runs_is_told(tmp_path: Path) -> None:
    session = Session(plan_of(), "first")
    stream = coach(session, poses())
    recorder = Recorder(tmp_path, source="first", live=False)
    recorder.begin(session.plan)
    (tmp_path / database.FILE).rename(tmp_path / "elsewhere")
    for snapshot in stream:
        recorder.hear(snapshot)
    recorder.close()
    assert "was moved or deleted while the session ran" in recorder.problem


def test_a_newer_database_is_a_sentence_and_left_alone(tmp_path: Path) -> None:
    record(tmp_path)
    path = tmp_path / database.FILE
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version of PoseCoach; update"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="newer version of PoseCoach; update"):
        Recorder(tmp_path, source="")
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / database.FILE
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program; it was left as it is"):
        Recorder(tmp_path, source="")
    assert path.read_bytes() == before


# -- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"not a database at all" * 100, os.urandom(5000)])
def test_a_file_that_is_no_database_is_reported_and_not_replaced(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / database.FILE
    path.write_bytes(content)
    for use in (lambda: Store.open(tmp_path), lambda: Recorder(tmp_path, source="")):
        with pytest.raises(StoreError, match=r"is damaged .*left as it is"):
            use()
    assert path.read_bytes() == content


def test_wherever_it_is_damaged_it_is_a_sentence(tmp_path: Path) -> None:
    record(tmp_path)
    path = tmp_path / database.FILE
    whole = path.read_bytes()
    places = random.Random(6)
    complaints = 0
    for _ in range(60):
        broken = bytearray(whole)
        at = places.randrange(100, len(whole))
        broken[at : at + 400] = places.randbytes(len(broken[at : at + 400]))
        path.write_bytes(broken)
        try:
            with Store.open(tmp_path) as store:
                store.sessions()
                store.load("last")
        except StoreError:
            complaints += 1
        for log in tmp_path.glob("*-wal"):
            log.unlink()
    assert complaints > 10  # the rest hit what nobody reads, or numbers that still are some


# -- disks --------------------------------------------------------------------------------------


def test_a_full_disk_ends_the_recording_not_the_session(tmp_path: Path) -> None:
    record(tmp_path)
    session = Session(plan_of(), "")
    recorder = Recorder(tmp_path, source="", live=False)
    pages = recorder._connection.execute("PRAGMA page_count").fetchone()[0]
    recorder._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    recorder.begin(session.plan)
    for snapshot in coach(session, poses(loops=2)):
        recorder.hear(snapshot)
    recorder.end(session.finish(), session.ending)
    recorder.close()
    assert "full" in recorder.problem
    assert recorder.problem.endswith("The session goes on unsaved.")
    assert sum(session.result.repetitions.values()) >= 2
    with Store.open(tmp_path) as store:
        assert len(store.load("1").exercises[0].times) > 300
        assert store.find("last").state != "finished"


def test_where_nothing_can_be_made_a_live_session_goes_on_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    saving = Saving(file / "data")
    with pytest.raises(StoreError, match=r"cannot be kept in .*--data-dir"):
        Recording(saving, source="", live=False)
    session = Session(plan_of(), "")
    with Recording(saving, source="camera") as recording:
        assert recording.problem.endswith("The session goes on unsaved.")
        assert recording.number is None
        recording.begin(session.plan)
        for snapshot in coach(session, poses()):
            recording.hear(snapshot)
        recording.end(session.finish(), session.ending)
    assert file.read_text() == "in the way"


def _read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite see a disk that must not be written; rights alone do not stop root."""
    connect = database._connect

    def reading(path: Path, mode: str, **of: bool) -> sqlite3.Connection:
        return connect(path, "ro", **of)

    monkeypatch.setattr(database, "_connect", reading)


def test_on_a_read_only_disk_sessions_can_be_read_and_none_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _, _ = record(tmp_path)
    _read_only(monkeypatch)
    with Store.open(tmp_path) as store:
        assert store.load("last").exercises[0].result.as_json() == session.result.as_json()
    with pytest.raises(StoreError, match=r"cannot be written; choose another folder"):
        Recorder(tmp_path, source="")


def test_an_empty_file_on_a_read_only_disk_holds_no_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / database.FILE).touch()
    _read_only(monkeypatch)
    with Store.open(tmp_path) as store:
        assert store.sessions() == []
        with pytest.raises(StoreError, match="There are no sessions in"):
            store.find("last")
    with pytest.raises(StoreError, match=r"cannot be written; choose another folder"):
        Recorder(tmp_path, source="")


@pytest.mark.skipif(AS_ROOT, reason="root may write wherever it likes")
def test_a_folder_without_rights_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match=r"cannot be kept in"):
        Recorder(folder, source="")


def test_a_disk_that_never_answers_does_not_hold_up_a_live_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.store.recorder.WAITING", 50)
    session = Session(plan_of(), "")
    recorder = Recorder(tmp_path, source="")
    held = threading.Event()
    monkeypatch.setattr(recorder, "_commit", lambda work: held.wait(20))
    recorder.begin(session.plan)
    for snapshot in coach(session, poses()):
        recorder.hear(snapshot)
    held.set()
    recorder.close()
    assert "too slow; the session goes on unsaved" in recorder.problem


def test_forgotten_while_it_runs_it_goes_on_unsaved(tmp_path: Path) -> None:
    session = Session(plan_of(), "")
    recorder = Recorder(tmp_path, source="", live=False)
    connection = database.open_for_writing(tmp_path)
    connection.execute("DELETE FROM session")
    connection.close()
    recorder.begin(session.plan)
    for snapshot in coach(session, poses()):
        recorder.hear(snapshot)
    recorder.end(session.finish(), session.ending)
    recorder.close()
    assert "forgotten while it ran" in recorder.problem
