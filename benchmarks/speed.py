"""What PoseCoach costs, against bare MediaPipe on the same frames in the same run.

    python -m benchmarks.speed [--clips ../shared/clips] [--landmarks DIR] [--rounds 8]
        [--only frames first ...] [--write docs/speed.md]

Every way is a process of its own, and they take turns of 32 frames, in an order that changes:
what else the machine does falls on all alike. CPU time counts all threads. Ratios are medians
over the rounds. A machine that others use gives useful ratios of CPU time, and no useful
times; two workers against one need two idle cores.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.speed_ways import DECODING, OURS, RGB

ROOT = Path(__file__).resolve().parent.parent
TURN = 32
"""Frames a turn: whole handfuls of ``Eyes.follow``, or turns would differ in their work."""


@dataclass(frozen=True)
class Course:
    """A clip and the exercise done in it."""

    clip: Path
    exercise: str
    rivals: tuple[str, ...]


def as_installed() -> None:
    """Compile the package, as pip does: else each process does so anew where none may write."""
    compileall.compile_dir(ROOT / "posecoach", quiet=2)


def courses(clips: Path) -> list[Course]:
    """An exercise without and one with the silhouette."""
    plain = ("bare", "ours", "ours+store", "ours+live", "ours+window")
    found = [Course(ROOT / "demo" / "wall-stretch.mp4", "wall-stretch", plain)]
    if (clips / "cat-cow-correct.mp4").exists():
        masked = ("bare", "bare+mask", "ours", "ours+store", "ours+live", "ours+window")
        found.append(Course(clips / "cat-cow-correct.mp4", "cat-cow", masked))
    return found


class Rival:
    """One way in its process."""

    def __init__(self, way: str, course: Course, bundle: Path) -> None:
        self.turns: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            _command("turns", way, course, bundle),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )

    def turn(self, frames: int) -> dict[str, Any]:
        """Let it do some frames."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(frames, file=self._process.stdin, flush=True)
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _command(what: str, way: str, course: Course, bundle: Path) -> list[str]:
    place = [str(course.clip), course.exercise, str(bundle)]
    return [sys.executable, "-m", "benchmarks.speed_ways", what, way, *place]


def frames(course: Course, bundle: Path, rounds: int) -> str:
    """CPU and wall time a frame of every way, and the stages of ours."""
    rivals = {way: Rival(way, course, bundle) for way in course.rivals}
    try:
        for rival in rivals.values():
            rival.turn(TURN - 1)  # the first frames find the person and warm up
        for number in range(rounds):
            order = list(rivals) if number % 2 else list(reversed(rivals))
            for way in order:
                rivals[way].turns.append(rivals[way].turn(TURN))
    finally:
        for rival in rivals.values():
            rival.close()
    return _frames_table(course, rivals, rounds) + "\n" + _stages_table(rivals)


def _frames_table(course: Course, rivals: dict[str, Rival], rounds: int) -> str:
    bare = rivals["bare"].turns
    rows = []
    for way, rival in rivals.items():
        cpu, wall = _each(rival.turns, "cpu"), _each(rival.turns, "wall")
        rows.append(
            [
                way,
                f"{median(cpu) / TURN * 1e3:.2f}",
                f"{median(wall) / TURN * 1e3:.2f}",
                f"{_ratio(cpu, _each(bare, 'cpu')):.3f}",
                f"{_ratio(_each(bare, 'wall'), wall):.2f}",
                f"{rival.turns[-1]['peak'] / 1e6:.0f}",
            ]
        )
    head = ["way", "CPU ms", "wall ms", "CPU to bare", "frames a second to bare", "peak MB"]
    title = f"`{course.exercise}`, {course.clip.name}, {rounds} rounds of {TURN} frames, each frame"
    return f"{title}:\n\n{table(head, rows)}"


def _stages_table(rivals: dict[str, Rival]) -> str:
    ways = [way for way in rivals if way.startswith("ours")]
    mask = "bare+mask" if "bare+mask" in rivals else "bare"
    model = median(_each(rivals[mask].turns, "cpu"))
    rows = []
    for stage in (DECODING, RGB, *OURS):
        spent = [_stage(rivals[way], stage) for way in ways]
        if any(spent):
            rows.append([stage, *(f"{s / TURN * 1e3:.2f} ({s / model:.1%})" for s in spent)])
    sums = [sum(_stage(rivals[way], stage) for stage in OURS) for way in ways]
    rows.append(["**ours in all**", *(f"{s / TURN * 1e3:.2f} ({s / model:.1%})" for s in sums)])
    told = f"Stages, CPU ms a frame (and against {mask}'s CPU time). The first two bare MediaPipe"
    told += " has too, and the model is the rest:"
    return f"{told}\n\n{table(['stage', *ways], rows)}"


def _stage(rival: Rival, stage: str) -> float:
    return float(median(turn["stages"].get(stage, 0.0) for turn in rival.turns))


def _each(turns: Sequence[dict[str, Any]], what: str) -> list[float]:
    return [turn[what] for turn in turns]


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return float(median(a / b for a, b in zip(ours, theirs, strict=True)))


def first(course: Course, bundle: Path, rounds: int) -> str:
    """From the start of a process to its first frame coached."""
    ways = [way for way in course.rivals if way in ("bare", "bare+mask", "ours")]
    spent: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            spent[way].append(_run(_command("first", way, course, bundle)))
    base = "bare+mask" if "bare+mask" in ways else "bare"
    rows = []
    for way in ways:
        cpu, wall = ([each[i] for each in spent[way]] for i in (0, 1))
        ratio = _ratio(cpu, [each[0] for each in spent[base]])
        slower = _ratio(wall, [each[1] for each in spent[base]])
        rows.append(
            [way, f"{median(cpu):.2f}", f"{median(wall):.2f}", f"{ratio:.2f}", f"{slower:.2f}"]
        )
    head = ["way", "CPU s", "wall s", f"CPU to {base}", f"wall to {base}"]
    return f"`{course.exercise}`, from start to the first frame:\n\n{table(head, rows)}"


def commands(rounds: int) -> str:
    """CPU time of commands that need no model."""
    rows = []
    for line in ("--help", "--version", "exercises list", "sessions", "models list"):
        command = [sys.executable, "-m", "posecoach", *line.split()]
        cpu = [_run(command)[0] for _ in range(rounds)]
        rows.append([f"`posecoach {line}`", f"{median(cpu):.2f}"])
    nothing = median(_run([sys.executable, "-c", "pass"])[0] for _ in range(rounds))
    rows.append(["Python itself", f"{nothing:.2f}"])
    return table(["command", "CPU s"], rows)


def jobs(course: Course, bundle: Path, rounds: int) -> str:
    """``analyze`` with one and with two workers, whole commands."""
    command = [sys.executable, "-m", "posecoach", "analyze", *[str(course.clip)] * 4]
    command += ["--exercise", course.exercise, "--model", str(bundle), "--jobs"]
    spent: dict[int, list[float]] = {1: [], 2: []}
    for number in range(rounds):
        for workers in (1, 2) if number % 2 else (2, 1):
            spent[workers].append(_run([*command, str(workers)])[1])
    speed = _ratio(spent[1], spent[2])
    rows = [[str(workers), f"{median(wall):.1f}"] for workers, wall in spent.items()]
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{table(['--jobs', 'wall s'], rows)}\n\nTwo workers: {speed:.2f} times ({cores}).\n"


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Run a process to its end; CPU and wall seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    rule = "|" + "|".join("---" if not i else "---:" for i in range(len(head))) + "|"
    return "\n".join((lines[0], rule, *lines[1:])) + "\n"


def main() -> None:
    """Measure from the command line."""
    from benchmarks.rescoring import rescoring
    from benchmarks.speed_kept import kept
    from posecoach.pose.bundle import resolve_bundle

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clips", type=Path, default=ROOT.parent / "shared" / "clips")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--model")
    parser.add_argument(
        "--landmarks", type=Path, help="for rescoring, as benchmarks.recordings describes"
    )
    parser.add_argument(
        "--only", nargs="+", choices=("frames", "first", "commands", "jobs", "rescoring", "kept")
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="put what is measured into this page"
    )
    given = parser.parse_args()
    as_installed()
    bundle, found, few = resolve_bundle(given.model), courses(given.clips), min(given.rounds, 5)
    parts: dict[str, tuple[str, Callable[[], str]]] = {
        "frames": (
            "Each frame",
            lambda: "\n".join(frames(course, bundle, given.rounds) for course in found),
        ),
        "first": (
            "The first frame",
            lambda: "\n".join(first(course, bundle, few) for course in found),
        ),
        "commands": ("Commands without the model", lambda: commands(few)),
        "jobs": ("Two workers", lambda: jobs(found[0], bundle, min(few, 2))),
        "rescoring": (
            "Coaching kept landmarks again",
            lambda: rescoring(given.clips, given.landmarks, minutes=2)[0],
        ),
        "kept": ("What is kept", kept),
    }
    for name, (title, measure) in parts.items():
        if given.only is None or name in given.only:
            section = f"## {title}\n\n{measure()}"
            print(section, flush=True)
            if given.write:
                _put(given.write, title, section)


BEGIN, END = "<!-- measured -->", "<!-- end -->"


def _put(page: Path, title: str, section: str) -> None:
    """Replace one section between the marks of a page; the others stay."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    tables, _, after = rest.partition(END)
    sections = {each.partition("\n")[0]: each for each in tables.strip().split("\n## ")}
    sections = {name.removeprefix("## "): each for name, each in sections.items()}
    sections[title] = section
    text = "\n\n".join(
        f"## {each.removeprefix('## ').strip()}" for each in sections.values() if each
    )
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
