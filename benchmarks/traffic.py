"""Three programs at once on one database: ``python -m benchmarks.traffic [--count N] [--seed S]``.

Each starts sessions, saves, forgets (its own and the others', running ones too), imports, gives
sessions to another person, and replays, at random. Every picture of a session bears the
session's own time, so that a row that comes into another one is found. At the end the database
must hold just what was saved and not forgotten, row for row.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from posecoach.errors import StoreError
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.store import database
from posecoach.store.forget import forget
from posecoach.store.recorder import Recorder
from posecoach.store.replay import replay
from posecoach.store.store import Store
from posecoach.store.transfer import export, import_file

PROGRAMS = 3
FRAMES = 24
AT_ONCE = 3
"""Sessions one program has open."""
ROOM_S = 1000.0
"""Between the times of one session and those of the next."""
PEOPLE = ("", "Ada", "Ben")


def snapshots() -> list[Snapshot]:
    """The first moments of a coached clip."""
    from tests.helpers.store_sessions import coach, plan_of, poses

    session = Session(plan_of(), "clip")
    return list(islice(coach(session, poses()), FRAMES))


class Program:
    """One of them; notes each thing it is sure of in a log."""

    def __init__(self, folder: Path, index: int, seed: int, log: Path) -> None:
        from tests.helpers.store_sessions import plan_of

        self._folder, self._log = folder, log.open("w")
        self._chance = Random(f"{seed}/{index}")
        self._next = index + 1
        self._plan, self._moments = plan_of(), snapshots()
        self._open: list[tuple[Recorder, float]] = []
        self._known: list[str] = []
        self.done: Counter[str] = Counter()

    def run(self, count: int) -> None:
        """Do so many things at random, then close what is open."""
        doings: tuple[tuple[Callable[[], None], int], ...] = (
            (self.start, 5),
            (self.save, 6),
            (self.forget, 2),
            (self.take_in, 2),
            (self.rename, 2),
            (self.replay, 3),
        )
        whats, weights = zip(*doings, strict=True)
        for _ in range(count):
            (what,) = self._chance.choices(whats, weights)
            what()
            self.done[what.__name__] += 1
        while self._open:
            self.save()
        self._log.close()

    def _note(self, **what: Any) -> None:
        self._log.write(json.dumps(what) + "\n")
        self._log.flush()

    def start(self) -> None:
        """Begin a session and let some of it be written."""
        if len(self._open) >= AT_ONCE:
            return self.save()
        base, self._next = self._next * ROOM_S, self._next + PROGRAMS
        recorder = Recorder(self._folder, source=f"{base:.0f}", live=False)
        self._note(made=recorder.uuid, base=base)
        recorder.begin(self._plan)
        self._feed(recorder, base, self._moments[: FRAMES // 2])
        self._open.append((recorder, base))
        return None

    def save(self) -> None:
        """Bring one of the open sessions to its end."""
        if not self._open:
            return
        recorder, base = self._open.pop(self._chance.randrange(len(self._open)))
        self._feed(recorder, base, self._moments[FRAMES // 2 :])
        recorder.end(Session(self._plan, "clip").finish())
        recorder.close()
        self._note(saved=recorder.uuid, problem=recorder.problem)

    def _feed(self, recorder: Recorder, base: float, moments: Iterable[Snapshot]) -> None:
        for moment in moments:
            frame = replace(moment.frame, time_s=base + moment.frame.time_s)
            recorder.hear(replace(moment, frame=frame))

    def _any(self) -> tuple[int, str] | None:
        """Some session, whosever it is."""
        with Store.open(self._folder) as store:
            rows = store.rows("SELECT number, uuid FROM session ORDER BY random() LIMIT 1")
        return (rows[0]["number"], rows[0]["uuid"]) if rows else None

    def forget(self) -> None:
        """Forget one, perhaps one that is being recorded."""
        found = self._any()
        if found is None:
            return
        self._note(forgets=found[1])
        try:
            forget(self._folder, [found[0]])
        except StoreError as error:
            if "old pages remain" not in str(error):
                raise

    def take_in(self) -> None:
        """Export one and import it, which does nothing unless somebody forgot it meanwhile."""
        found = self._any()
        if found is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "file"
            try:
                with Store.open(self._folder) as store:
                    export(store, [found[0]], file)
            except (StoreError, IndexError):
                return  # forgotten since
            try:
                imported = import_file(file, self._folder)
            except StoreError as error:
                # Exported while it was being written.
                if "moments" not in str(error):
                    raise
                return
        if imported.numbers:
            self._note(imported=found[1])

    def rename(self) -> None:
        """Give one to another person, as another program might."""
        found = self._any()
        if found is not None:
            connection = database.open_for_writing(self._folder)
            with closing(connection):
                connection.execute(
                    "UPDATE session SET profile = ? WHERE number = ?",
                    [self._chance.choice(PEOPLE), found[0]],
                )

    def replay(self) -> None:
        """Read one whole and coach it again."""
        found = self._any()
        if found is None:
            return
        try:
            with Store.open(self._folder) as store:
                session = store.load(str(found[0]))
        except StoreError as error:
            if "no session" not in str(error) and "damaged" not in str(error):
                raise
            return  # forgotten while it was read
        for stored in session.exercises:
            if len(stored.times):
                _own_times(session.row.source, stored.times)
                replay(stored, stored.plan(), session.row.source)


def _own_times(source: str, times: Any) -> None:
    base = float(source)
    if not ((times >= base) & (times < base + ROOM_S)).all():
        raise AssertionError(f"session {source} holds moments of another")


def judged(folder: Path, logs: Iterable[Path]) -> Counter[str]:
    """Compare the database with what the programs noted.

    Raises:
        AssertionError: a row is lost, or foreign.
    """
    made: dict[str, float] = {}
    saved: dict[str, str] = {}
    forgotten: set[str] = set()
    imported: set[str] = set()
    for log in logs:
        for line in log.read_text().splitlines():
            entry = json.loads(line)
            if "made" in entry:
                made[entry["made"]] = entry["base"]
            elif "saved" in entry:
                saved[entry["saved"]] = entry["problem"]
            elif "forgets" in entry:
                forgotten.add(entry["forgets"])
            else:
                imported.add(entry["imported"])
    with closing(sqlite3.connect(folder / database.FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    there = Counter[str]()
    with Store.open(folder) as store:
        rows = {row.uuid: row for row in store.sessions()}
        for uuid, base in made.items():
            if uuid not in forgotten:
                assert uuid in rows, f"session {base} is lost"
                assert not saved[uuid], saved[uuid]
                assert rows[uuid].state == "finished"
        for uuid, row in rows.items():
            assert uuid in made
            assert uuid not in forgotten or uuid in imported, "a forgotten session came back"
            session = store.load(row)
            if uuid in forgotten and not session.exercises:
                continue  # taken in from an export that was made when it had only just begun
            (stored,) = session.exercises
            _own_times(row.source, stored.times)
            assert float(row.source) == made[uuid]
            if uuid not in imported:  # what was exported while it went on is shorter
                assert len(stored.times) == FRAMES, f"session {row.source} lacks moments"
            there["whole"] += 1
    there["made"], there["forgotten"], there["back by import"] = (
        len(made),
        len(forgotten),
        len(imported),
    )
    there["told that they were forgotten"] = sum(bool(problem) for problem in saved.values())
    for problem in saved.values():
        assert not problem or "was forgotten while it ran" in problem, problem
    return there


def traffic(folder: Path, count: int, seed: int) -> Counter[str]:
    """Let the programs run; returns what came of it.

    Raises:
        AssertionError: a row is lost, or foreign, or a program failed.
    """
    data = folder / "data"
    logs = [folder / f"log-{index}" for index in range(PROGRAMS)]
    children = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.traffic", "--child", str(index)),
                *("--folder", str(folder), "--count", str(count // PROGRAMS)),
                *("--seed", str(seed)),
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        for index in range(PROGRAMS)
    ]
    done = Counter[str]()
    for child in children:
        out, err = child.communicate()
        assert child.returncode == 0, err[-2000:]
        done.update(json.loads(out))
    return done + judged(data, logs)


def main() -> None:
    """Run it, or be one of the programs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=int)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.child is not None:
        log = given.folder / f"log-{given.child}"
        program = Program(given.folder / "data", given.child, given.seed, log)
        program.run(given.count)
        print(json.dumps(program.done))
        return
    with tempfile.TemporaryDirectory() as folder:
        for what, times in traffic(Path(folder), given.count, given.seed).items():
            print(f"{what}: {times}")


if __name__ == "__main__":
    main()
