"""How long a report takes, and the history of many sessions.

    python -m benchmarks.report [--minutes 20] [--sessions 10000]

A session of the given length is kept in a temporary folder (a person who does the wall stretch
over and over, at 30 frames a second), copied often enough for the history, and both commands
are run as a user runs them, start of Python included.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from math import cos, pi
from pathlib import Path

import numpy as np

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store.recorder import Recorder

FPS = 30
ROUND_S = 12.0
"""Of one repetition, on alternate sides."""
_PICTURE = np.zeros((1, 1, 3), np.uint8)
_STANDING = {
    "NOSE": (320, 90),
    "LEFT_SHOULDER": (360, 150),
    "RIGHT_SHOULDER": (280, 150),
    "LEFT_ELBOW": (365, 215),
    "RIGHT_ELBOW": (210, 150),
    "LEFT_WRIST": (368, 275),
    "RIGHT_WRIST": (210, 85),
    "LEFT_HIP": (345, 280),
    "RIGHT_HIP": (295, 280),
    "LEFT_KNEE": (345, 360),
    "RIGHT_KNEE": (295, 360),
    "LEFT_ANKLE": (345, 440),
    "RIGHT_ANKLE": (295, 440),
}


def _values(time_s: float) -> dict[str, float]:
    """Angles of somebody who turns out and back, the elbow now and then too wide."""
    number, since = divmod(time_s, ROUND_S)
    side, other = ("right", "left") if number % 2 else ("left", "right")
    out = max(0.0, min(1.0, since - 2, 10 - since))
    turn = 28 * (1 - cos(pi * out)) / 2
    return {
        "trunk_turn": turn if side == "right" else -turn,
        "trunk_lateral_flexion": 1.0,
        f"elbow_flexion_{side}": 60.0 if number % 5 == 4 and out else 90.0,
        f"elbow_flexion_{other}": 10.0,
        f"shoulder_abduction_{side}": 90.0 if 1 < since < 11 else 10.0,
        f"shoulder_abduction_{other}": 8.0,
    }


def _snapshots(plan: Plan, seconds: float) -> Iterator[Snapshot]:
    """Coach made-up angles, with landmarks that tremble as real ones do."""
    coach = Coach(plan)
    view = View("front", "upright", "right", 0.0)
    still = np.full((33, 2), (320.0, 90.0))
    for name, at in _STANDING.items():
        still[Landmark[name]] = at
    random = np.random.default_rng(1)
    for index in range(int(seconds * FPS)):
        time_s = index / FPS
        values = {
            name: value + float(random.normal(0, 0.5)) for name, value in _values(time_s).items()
        }
        state, events = coach.update(time_s, values, view)
        yield Snapshot(
            frame=Frame(_PICTURE, time_s),
            pose=Pose(
                np.asarray(time_s),
                still + random.normal(0, 0.5, (33, 2)),
                random.normal(0, 0.3, (33, 3)),
                np.ones(33),
                (640, 480),
            ),
            view=view,
            readings={
                name: Reading(np.asarray(value), np.asarray(0.9)) for name, value in values.items()
            },
            state=state,
            events=tuple(events),
            exercise=plan.exercise,
        )


def keep(folder: Path, minutes: float) -> None:
    """Keep one long session."""
    exercise = standard_library().find("wall-stretch")
    plan = replace(make_plan(exercise), repetitions=round(minutes * 60 / ROUND_S / 2))
    result = Result(exercise.id, "benchmark")
    with Recorder(folder, source="benchmark", live=False) as recorder:
        recorder.begin(plan)
        for snapshot in _snapshots(plan, minutes * 60):
            result.frames += 1
            result.frames_with_person += 1
            result.duration_s = snapshot.frame.time_s
            result.add(snapshot.events)
            recorder.hear(snapshot)
        recorder.end(result)


def copy_sessions(folder: Path, number: int) -> None:
    """Copy the session (without its moments) onto many days."""
    with sqlite3.connect(folder / "sessions.db") as database:
        database.row_factory = sqlite3.Row

        def rows(table: str) -> list[dict[str, object]]:
            return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]

        def insert(table: str, row: dict[str, object]) -> None:
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))

        session, exercise = rows("session")[0], rows("exercise")[0]
        parts = {table: rows(table) for table in ("tally", "range")}
        for copy in range(2, number + 1):
            began = float(str(session["started_at"])) - copy * 8 * 3600
            new = {"number": copy, "uuid": str(uuid.uuid4()), "started_at": began}
            insert("session", session | new)
            insert("exercise", exercise | {"key": copy, "session": copy})
            for table, found in parts.items():
                for row in found:
                    insert(table, row | {"exercise": copy})


def timed(*arguments: str) -> str:
    """Run a command; return its wall time and CPU time in words."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "posecoach", *arguments], capture_output=True, check=False
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr.decode())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{wall:5.2f} s ({cpu:.2f} s CPU)"


def main() -> None:
    """Print how long each takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--sessions", type=int, default=10_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        keep(folder, wanted.minutes)
        size = (folder / "sessions.db").stat().st_size / 1e6
        print(f"a session of {wanted.minutes:g} min, {size:.1f} MB, on {os.cpu_count()} cores")
        for kind in ("html", "json", "csv", "pdf"):
            output = folder / f"report.{kind}"
            took = timed("report", "1", "--output", str(output), "--data-dir", place)
            print(f"  report as {kind:4}  {took}, {output.stat().st_size / 1e3:.0f} kB")
        copy_sessions(folder, wanted.sessions)
        print(f"{wanted.sessions} sessions")
        print(f"  history          {timed('history', '--data-dir', place)}")
        page = folder / "history.html"
        print(f"  history --html   {timed('history', '--html', str(page), '--data-dir', place)}")


if __name__ == "__main__":
    main()
