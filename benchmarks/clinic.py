"""Many short recordings through two processes, and through a Dask cluster of two workers.

    python -m benchmarks.clinic CLIPS WORK [--count 300] [--only cut alone jobs cluster ...]

Cuts the truth clips into short recordings, with three damaged ones, an empty and a missing one
among them, and coaches them all: by two processes (``jobs``), by a cluster of two workers on this
machine (``cluster``), and by such a cluster of which a worker is ended by its process id and then
the whole run, which is started again (``killed``). ``same`` compares the tables, row by row, with
those of one process alone. ``cost`` tells what a task costs the scheduler, and so from how many
workers on it is what they wait for. ``page`` writes the page of a hundred thousand recordings.
Steps keep what they find in WORK, so that they can be done one at a time.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 2.5
DAMAGED = 3
"""Beside the good ones, and beside one that is empty and one that is missing."""
OWN = ("worker", "seconds", "finished")
"""Columns in which two runs differ."""


def cut(clips: Path, work: Path, count: int) -> str:
    """Cut recordings from the clips, in turn, each from another second on; write their list."""
    import cv2

    folder = work / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    sources = [each for each in sorted(clips.glob("*.mp4")) if _exercise(each)]
    rows: list[tuple[str, str, str]] = []
    for number in range(count):
        source = sources[number % len(sources)]
        path = folder / f"{number:04d}-{source.stem}.mp4"
        rows.append((str(path), _exercise(source), f"P{number % 7}"))
        if path.exists():
            continue
        capture = cv2.VideoCapture(str(source))
        fps = capture.get(cv2.CAP_PROP_FPS)
        size = int(capture.get(3)), int(capture.get(4))
        capture.set(cv2.CAP_PROP_POS_MSEC, 1000.0 * (number // len(sources)))
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
        for _ in range(round(SECONDS * fps)):
            ok, image = capture.read()
            if ok:
                writer.write(image)
        writer.release()
    whole = Path(rows[0][0]).read_bytes()
    for number in range(DAMAGED):
        path = folder / f"damaged-{number}.mp4"
        path.write_bytes(whole[: 200 * (number + 1)])
        rows.append((str(path), "cat-cow", "P0"))
    (folder / "empty.mp4").touch()
    rows += [(str(folder / name), "cat-cow", "P0") for name in ("empty.mp4", "missing.mp4")]
    random.Random(1).shuffle(rows)
    with (work / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer_ = csv.writer(file)
        writer_.writerow(("file", "exercise", "person"))
        writer_.writerows(rows)
    return f"{len(rows)} recordings are listed in {work / 'list.csv'}."


def _exercise(clip: Path) -> str:
    told: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    name = str(told["exercise"])
    return "" if name in ("none", "standing-about") else name


def _command(work: Path, name: str, *more: str) -> list[str]:
    results = ["--results", str(work / f"{name}.parquet")]
    return [
        *(sys.executable, "-m", "posecoach", "analyze", str(work / "list.csv")),
        *(*results, *more),
    ]


def timed(work: Path, name: str, *more: str) -> str:
    """Run one way from its start to its exit; it is kept how long it took."""
    _forget(work / f"{name}.parquet")
    began = time.perf_counter()
    subprocess.run(_command(work, name, *more), check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    (work / f"{name}.seconds").write_text(str(took))
    told = f"{name}: {took:.1f} s"
    first, second = work / "jobs.seconds", work / "cluster.seconds"
    if first.exists() and second.exists():
        ratio = float(first.read_text()) / float(second.read_text())
        told += f"; the cluster's throughput is {ratio:.2f} of that of --jobs 2"
    return told


def killed(work: Path) -> str:
    """End a worker in the middle, then the run; start it again and see what it comes to."""
    _forget(work / "killed.parquet")
    command = _command(work, "killed", "--cluster", "local", "--jobs", "2")
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _wait(lambda: _written(work) > 0, run)
    worker = _workers(run.pid)[0]
    os.kill(worker, signal.SIGKILL)
    before = _written(work)
    _wait(lambda: _written(work) > before + 20, run)
    run.kill()
    run.wait()
    there = _written(work)
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    return (
        f"killed: worker {worker} was ended after {before} recordings, the run after {there}; "
        f"started again: {again.stderr.strip()} {again.stdout.strip()}"
    )


def _wait(until: Callable[[], bool], run: subprocess.Popen[bytes]) -> None:
    while not until() and run.poll() is None:
        time.sleep(0.2)
    assert run.poll() is None, "it was over before it could be ended; cut more recordings"


def _written(work: Path) -> int:
    import pyarrow.parquet as parquet

    parts = (work / "killed.parquet" / "recordings").glob("part-*.parquet")
    return sum(parquet.read_metadata(part).num_rows for part in parts)


def _workers(pid: int) -> list[int]:
    import psutil

    children = psutil.Process(pid).children(recursive=True)
    return [each.pid for each in children if "spawn_main" in " ".join(each.cmdline())]


def _forget(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def same(work: Path) -> str:
    """Compare the tables of all ways with those of one process alone."""
    lines = []
    for name in ("jobs", "cluster", "killed"):
        if not (work / f"{name}.parquet").exists():
            continue
        parts = []
        for table in ("recordings", "repetitions", "holds", "faults"):
            one, other = (
                _rows(work / "alone.parquet", table),
                _rows(work / f"{name}.parquet", table),
            )
            there = {row["file"] for row in _rows(work / "alone.parquet", "recordings")}
            other = [row for row in other if row["file"] in there]
            parts.append(f"{table} {'the same' if one == other else 'DIFFER'} ({len(other)} rows)")
        files = [row["file"] for row in _rows(work / f"{name}.parquet", "recordings")]
        once = "each file once" if len(files) == len(set(files)) else "FILES TWICE"
        lines.append(f"{name} beside alone: {', '.join(parts)}; {len(files)} files, {once}")
    return "\n".join(lines)


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as parquet

    rows: list[dict[str, Any]] = parquet.read_table(folder / table).to_pylist()
    for row in rows:
        for column in OWN:
            row.pop(column, None)
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def cost(work: Path) -> str:
    """What a task costs the scheduler's process, beside what a recording takes."""
    import pyarrow.parquet as parquet
    from distributed import Client, LocalCluster

    from posecoach.cli.options import find_exercise
    from posecoach.clinic.job import Job
    from posecoach.plan.plan import make_plan

    count = 2000
    plan = make_plan(find_exercise("cat-cow", None))
    rows = parquet.read_table(work / "cluster.parquet" / "recordings").to_pylist()
    local: Any = LocalCluster
    with local(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        client: Any = Client(cluster)  # type: ignore[no-untyped-call]
        job = Job(rows[0]["file"], plan, Path())
        client.gather(client.map(_nothing, [(job, rows[0], n) for n in range(50)]))
        began = time.process_time()
        client.gather(client.map(_nothing, [(job, rows[0], n) for n in range(count)]))
        each_s = (time.process_time() - began) / count
    took = [row["seconds"] for row in rows if row["coached"]]
    mean_s = sum(took) / len(took)
    return (
        f"cost: {1e3 * each_s:.2f} ms of CPU a task in the process of scheduler and command; a "
        f"recording here takes {mean_s:.2f} s, so {mean_s / each_s:.0f} workers keep it busy; of a "
        f"minute's (some 5 s of work) {5 / each_s:.0f}"
    )


def _nothing(given: tuple[Any, dict[str, Any], int]) -> dict[str, Any]:
    return given[1]


def page(work: Path) -> str:
    """Write the page of a hundred thousand recordings, timed as a command."""
    from posecoach.clinic.results import Results
    from posecoach.clinic.task import Outcome

    folder, count = work / "large.parquet", 100_000
    exercises, draw = ("cat-cow", "wall-stretch", "overhead-reach"), random.Random(1)
    if not folder.exists():
        with Results(folder, {}) as results:
            for number in range(count):
                whose: dict[str, Any] = {
                    "file": f"/share/{number}.mp4",
                    "exercise": draw.choice(exercises),
                    "person": f"P{number % 500}",
                }
                row = whose | {"coached": number % 50 > 0, "problem": "It is damaged."}
                row |= {
                    f"{w}_{s}": 1 for w in ("repetitions", "attempts") for s in ("left", "right")
                }
                row |= {"repetitions_both": 0, "attempts_both": 0, "unseen": ["the feet"]}
                row |= {
                    "accuracy": draw.random(),
                    "tried_s": 20.0,
                    "duration_s": 40.0,
                    "unseen_s": 1.0,
                }
                fault = whose | {
                    "fault": draw.choice(("elbows-bend", "head-still")),
                    "side": "both",
                }
                tables = {"repetitions": [], "holds": [], "faults": [fault]}
                results.add(Outcome({"recordings": [row], **tables}))
            results.write()
    began = time.perf_counter(), os.times().children_user + os.times().children_system
    command = [sys.executable, "-m", "posecoach", "report", str(folder)]
    subprocess.run(
        [*command, "--output", str(work / "large.html")], check=True, capture_output=True
    )
    wall = time.perf_counter() - began[0]
    cpu = os.times().children_user + os.times().children_system - began[1]
    size = (work / "large.html").stat().st_size
    return f"page: {count} recordings in {wall:.1f} s ({cpu:.1f} s of CPU), {size / 1e3:.0f} kB"


def main() -> None:
    """Do the steps that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=300)
    steps: dict[str, Callable[[argparse.Namespace], str]] = {
        "cut": lambda given: cut(given.clips, given.work, given.count),
        "alone": lambda given: timed(given.work, "alone"),
        "jobs": lambda given: timed(given.work, "jobs", "--jobs", "2"),
        "cluster": lambda given: timed(given.work, "cluster", "--cluster", "local", "--jobs", "2"),
        "killed": lambda given: killed(given.work),
        "same": lambda given: same(given.work),
        "cost": lambda given: cost(given.work),
        "page": lambda given: page(given.work),
    }
    parser.add_argument("--only", nargs="+", choices=tuple(steps), default=tuple(steps))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        print(steps[name](given), flush=True)


if __name__ == "__main__":
    main()
