"""A session of any length: does anything grow?

    python -m benchmarks.endurance [--hours 1] [--model]
    python -m benchmarks.endurance --clip CLIP --exercise ID --hours 8 --model

A recording's frames are looped, with times that go on, through the whole way to the store, as
fast as the machine allows. Without ``--model`` the bundled landmarks take the place of the
model, which is 20 times as fast and tries everything that is ours; with it, decoder and
MediaPipe run too. Twenty times on the way it looks at memory, open files, the time a frame
takes and the size of the database; exit code 1 where one of them grows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from posecoach.cli.options import find_exercise
from posecoach.plan.plan import make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from posecoach.store.database import FILE
from posecoach.store.recorder import Recorder

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "demo" / "wall-stretch.mp4"
LOOKS = 20
HOURLY_MB = 12.0
"""Memory may grow by so much an hour: the events themselves are kept for the result."""
SLOWER = 1.3
"""... and the median frame of the last quarter may take so many times that of the second."""


@dataclass(frozen=True)
class Look:
    """What was seen at one time of the session.

    Attributes:
        at_s: time of the session.
        frame_us: CPU time of the median frame since the last look, microseconds.
        worst_ms: wall time of the longest frame since then.
        memory_mb, files, database_mb: resident memory, open files, size on disk.
    """

    at_s: float
    frame_us: float
    worst_ms: float
    memory_mb: float
    files: int
    database_mb: float


def endure(moments: Iterator[tuple[Frame, Pose]], exercise: str, seconds: float) -> list[Look]:
    """Coach and keep so many seconds, looking twenty times."""
    plan = make_plan(find_exercise(exercise, None), repetitions=1000)
    session = Session(plan, "endurance")
    looks: list[Look] = []
    cpu: list[float] = []
    wall: list[float] = []
    last_s = -1.0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        recorder = stack.enter_context(Recorder(folder, source="endurance", live=False))
        recorder.begin(plan)
        while last_s < seconds:
            began, began_cpu = time.perf_counter(), time.thread_time()
            frame, pose = next(moments)
            recorder.hear(session.see(frame, pose))
            cpu.append(time.thread_time() - began_cpu)
            wall.append(time.perf_counter() - began)
            assert frame.time_s > last_s, f"time went from {last_s} to {frame.time_s}"
            last_s = frame.time_s
            if last_s >= seconds * (len(looks) + 1) / LOOKS:
                looks.append(
                    Look(
                        at_s=last_s,
                        frame_us=median(cpu) * 1e6,
                        worst_ms=max(wall) * 1e3,
                        memory_mb=_memory_mb(),
                        files=_files(),
                        database_mb=_size(folder) / 1e6,
                    )
                )
                cpu.clear()
                wall.clear()
        recorder.end(session.finish(), session.ending)
        assert not recorder.problem, recorder.problem
    return looks


def stored(exercise: str) -> Iterator[tuple[Frame, Pose]]:
    """The bundled landmarks there and back for ever, 15 a second, cleaned as the model's are."""
    from dataclasses import replace

    from benchmarks.store import _clip
    from posecoach.body.catalogue import moments

    clip = _clip(ROOT / "tests" / "data" / "store" / f"{exercise}.posecoach")
    assert clip.poses is not None
    picture = np.zeros((480, 640, 3), np.uint8)
    cleaner = PoseCleaner()
    count, number = len(clip.times), 0
    while True:
        at = number % (2 * count)
        row = at if at < count else 2 * count - 1 - at
        pose = moments(clip.poses, row)  # type: ignore[arg-type]
        time_s = number / 15
        yield Frame(picture, time_s), cleaner.update(replace(pose, time_s=np.asarray(time_s)))
        number += 1


def filmed(clip: Path, exercise: str, model: str | None) -> Iterator[tuple[Frame, Pose]]:
    """A clip's frames for ever, through decoder and model."""
    from benchmarks.speed_ways import looped
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.session.eyes import Eyes

    masks = make_plan(find_exercise(exercise, None)).needs_mask
    with Eyes(resolve_bundle(model), masks=masks) as eyes:
        for frame in looped(str(clip)):
            yield frame, eyes.estimate(frame.image, frame.time_s)


def grown(looks: list[Look]) -> list[str]:
    """What grew, in words; the first quarter is for warming up."""
    quarter = len(looks) // 4
    settled, last = looks[quarter : 2 * quarter], looks[-quarter:]
    found = []
    hours = (last[-1].at_s - settled[0].at_s) / 3600
    memory = (last[-1].memory_mb - settled[0].memory_mb) / hours
    # What an allocator keeps back may come at any time: a short run tells nothing by the hour.
    if memory > HOURLY_MB and last[-1].memory_mb - settled[0].memory_mb > 4.0:
        found.append(f"memory grows by {memory:.1f} MB an hour")
    slower = median(x.frame_us for x in last) / median(x.frame_us for x in settled)
    if slower > SLOWER:
        found.append(f"a frame takes {slower:.2f} times as long as in the beginning")
    if last[-1].files > settled[0].files:
        found.append(f"{last[-1].files - settled[0].files} more files are open")
    return found


def _memory_mb() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    from benchmarks.speed_ways import peak_bytes

    return peak_bytes() / 1e6


def _files() -> int:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        folder = Path("/dev/fd")
    return len(list(folder.iterdir()))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(f"{FILE}*"))


def main() -> int:
    """Endure from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--clip", type=Path, default=CLIP)
    parser.add_argument("--exercise", default="wall-stretch")
    parser.add_argument(
        "--model", nargs="?", const="", help="decode and estimate too; with this bundle"
    )
    given = parser.parse_args()
    if given.model is None:
        moments = stored(given.exercise)
    else:
        moments = filmed(given.clip, given.exercise, given.model or None)
    looks = endure(moments, given.exercise, given.hours * 3600)
    print("| session | CPU a frame, us | longest, ms | memory, MB | open files | database, MB |")
    print("|---:|---:|---:|---:|---:|---:|")
    for look in looks:
        print(
            f"| {look.at_s / 60:.0f} min | {look.frame_us:.0f} | {look.worst_ms:.0f} | "
            f"{look.memory_mb:.1f} | {look.files} | {look.database_mb:.2f} |"
        )
    print(f"\n{looks[-1].database_mb / given.hours:.1f} MB of database an hour")
    found = grown(looks)
    print("; ".join(found) or "nothing grows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
