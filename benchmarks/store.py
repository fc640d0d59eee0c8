"""What keeping sessions costs: space, writing, replay, lists of many.

    python -m benchmarks.store [--minutes 20] [--sessions 10000] SESSIONS.posecoach...

Every figure of docs/store.md comes from here. The landmarks of an exported session
(``posecoach export``; the tests' own by default) are gone through there and back.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from posecoach.body.catalogue import moments
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store.database import FILE
from posecoach.store.recorder import Recorder
from posecoach.store.replay import replay
from posecoach.store.store import Store
from posecoach.store.transfer import import_file
from posecoach.store.values import StoredExercise

FPS = 30
_CLIP = Path(__file__).parent.parent / "tests" / "data" / "store" / "wall-stretch.posecoach"
_PICTURE = np.zeros((1, 1, 3), np.uint8)


def _clip(path: Path) -> StoredExercise:
    with TemporaryDirectory() as folder:
        import_file(path, Path(folder))
        with Store.open(Path(folder)) as store:
            return store.load("last").exercises[0]


def _stream(clip: StoredExercise, minutes: float) -> Iterator[Pose]:
    """As many moments as 30 frames a second make, there and back again so that nothing jumps.

    Each is one the model saw, and keeps its clip's distance in time to the next. In a clip
    of fewer frames a second the body moves farther between two of them, which makes more to
    write: the space is an upper bound.
    """
    assert clip.poses is not None
    n = len(clip.times)
    apart_s = float(np.median(np.diff(clip.times)))
    for index in range(int(60 * minutes * FPS)):
        at = index % (2 * n)
        row = at if at < n else 2 * n - 1 - at
        pose = moments(clip.poses, row)  # type: ignore[arg-type]
        yield replace(pose, time_s=np.asarray(index * apart_s))


def _coached(clip: StoredExercise, plan: Plan, minutes: float) -> tuple[Session, list[Snapshot]]:
    session = Session(plan, "benchmark")
    return session, [
        session.see(Frame(_PICTURE, float(pose.time_s)), pose) for pose in _stream(clip, minutes)
    ]


def _space_and_writing(
    clip: StoredExercise, plan: Plan, minutes: float, folder: Path, landmarks: bool
) -> None:
    session, snapshots = _coached(clip, plan, minutes)
    began_cpu = time.process_time()
    handed = 0.0
    with Recorder(folder, source="benchmark", live=False, landmarks=landmarks) as recorder:
        recorder.begin(plan)
        for snapshot in snapshots:
            start = time.thread_time()
            recorder.hear(snapshot)
            handed += time.thread_time() - start
        recorder.end(session.finish(), session.ending)
    spent = time.process_time() - began_cpu
    size = (folder / FILE).stat().st_size
    n = len(snapshots)
    with Store.open(folder) as store:
        row = store.rows(
            "SELECT sum(length(landmarks)) AS l, sum(length(measures) + length(outlines)) AS m, "
            "sum(length(times) + length(states)) AS t FROM moments"
        )[0]
    print(
        f"{'with' if landmarks else 'without'} landmarks: {size / minutes * 60 / 1e6:.1f} MB an "
        f"hour (a frame: landmarks {(row['l'] or 0) / n:.0f} bytes, measures {row['m'] / n:.0f}, "
        f"times and views {row['t'] / n:.0f}); CPU a frame {1e6 * spent / n:.0f} us, of it in "
        f"the coach's thread {1e6 * handed / n:.0f} us"
    )


def _replay(folder: Path) -> None:
    began = time.perf_counter()
    with Store.open(folder) as store:
        stored = store.load("last").exercises[0]
    loaded = time.perf_counter() - began
    seconds = len(stored.times) / FPS
    plan = stored.plan()
    cases = {
        "same definition": stored,
        "measured again": replace(stored, measured_by="another"),
    }
    print(f"loading: {loaded:.2f} s, {seconds / loaded:.0f} times real time")
    for what, case in cases.items():
        took = []
        for _ in range(3):
            began = time.process_time()
            again = replay(case, plan)
            took.append(time.process_time() - began)
        best = min(took)
        print(
            f"replay, {what}: {seconds / best:.0f} times real time "
            f"({1e6 * best / len(stored.times):.0f} us a frame), "
            f"{'the same, bit for bit' if again.same_as(stored) else 'NOT THE SAME'}"
        )


def _many(clip: StoredExercise, plan: Plan, sessions: int, folder: Path) -> None:
    """A real session's summary, many times over; lists do not look at moments."""
    session, snapshots = _coached(clip, plan, 1)
    with Recorder(folder, source="benchmark", live=False) as recorder:
        recorder.begin(plan)
        for snapshot in snapshots:
            recorder.hear(snapshot)
        recorder.end(session.finish(), session.ending)
    from posecoach.store.database import open_for_writing

    connection = open_for_writing(folder)
    first = datetime.now().astimezone() - timedelta(days=sessions)
    connection.execute("BEGIN")
    for number in range(2, sessions + 1):
        connection.execute(
            """INSERT INTO session SELECT ?, ? || substr(uuid, 9), ?, utc_offset_s, source,
               app_version, model, options, profile, landmarks, written_at, finished_at
               FROM session WHERE number = 1""",
            (number, f"{number:08x}", (first + timedelta(days=number)).timestamp()),
        )
        connection.execute(
            """INSERT INTO exercise SELECT ?, ?, position, exercise, name, definition,
               prescription, wanted, measures, outlines, measured_by, start_s, duration_s,
               frames, frames_with_person, notes, finished FROM exercise WHERE key = 1""",
            (number, number),
        )
        for table, rest in (
            ("tally", "side, repetitions, attempts, faults, held_s, accuracy, tried_s"),
            ("range", "measure, low, high, known_s"),
        ):
            connection.execute(
                f"INSERT INTO {table} SELECT ?, {rest} FROM {table} WHERE exercise = 1", (number,)
            )
    connection.execute("COMMIT")
    connection.close()
    questions: tuple[tuple[str, Callable[[Store], object]], ...] = (
        ("all sessions with exercises, tallies and ranges", lambda s: s.sessions()),
        ("the last 20", lambda s: s.sessions(limit=20)),
        ("one exercise, by week", lambda s: s.weeks(exercise=plan.exercise.id)),
        ("one session by number", lambda s: s.find("77")),
    )
    for what, ask in questions:
        began = time.perf_counter()
        with Store.open(folder) as store:
            ask(store)
        print(f"of {sessions} sessions, {what}: {time.perf_counter() - began:.3f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("clips", nargs="*", type=Path, default=[_CLIP])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--sessions", type=int, default=10_000)
    options = parser.parse_args()
    for path in options.clips or [_CLIP]:
        clip = _clip(path)
        plan = clip.plan()
        print(f"{path.name}: {len(plan.measures)} measures, {options.minutes:g} min at {FPS} fps")
        for landmarks in (False, True):
            with TemporaryDirectory() as folder:
                _space_and_writing(clip, plan, options.minutes, Path(folder), landmarks)
                if landmarks:
                    _replay(Path(folder))
    with TemporaryDirectory() as folder:
        clip = _clip(options.clips[0] if options.clips else _CLIP)
        _many(clip, clip.plan(), options.sessions, Path(folder))


if __name__ == "__main__":
    main()
