"""Whose words reach the terminal: ours; a library's go to the log, whatever they are.

Each test runs real processes. ``NOISE`` stands for what a native library writes: as the
command starts, as OpenCV, MediaPipe and NumPy are imported, all the time, and as it ends.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from benchmarks.broken_videos import written
from posecoach.terminal import log

NOISE = """
import atexit, logging, os, sys, threading, warnings

def noise(what):
    for descriptor in (1, 2):
        os.write(descriptor, f"NOISE {what} {descriptor}\\n".encode())

def imported(event, arguments):
    if event == "import" and arguments[0] in ("cv2", "mediapipe", "numpy"):
        noise(f"import {arguments[0]}")
        warnings.warn("NOISE warned")
        logging.getLogger("library").error("NOISE logged")
        if not going:
            going.append(True)
            threading.Thread(target=always, daemon=True).start()

def always():
    pause = threading.Event()
    while not pause.wait(0.05):
        noise("always")

going = []
sys.addaudithook(imported)
atexit.register(lambda: going and noise("exit"))
"""

Process = subprocess.CompletedProcess[str]
Run = Callable[..., Process]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody whose libraries are loud."""
    noisy = tmp_path / "noisy"
    noisy.mkdir()
    (noisy / "sitecustomize.py").write_text(NOISE)
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "HOME") if key in os.environ}
    return environment | {
        "PYTHONPATH": os.pathsep.join((str(noisy), str(Path(__file__).parent.parent))),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "POSECOACH_DATA": str(tmp_path / "data"),
        "COLUMNS": "200",
    }


@pytest.fixture
def run(home: dict[str, str], bundle: Path) -> Run:
    """Runs the command, or another program, as a process."""

    def call(*arguments: str, program: str | None = None, **more: str) -> Process:
        start = ["-m", "posecoach"] if program is None else ["-c", program]
        return subprocess.run(
            [sys.executable, *start, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env=home | {"POSECOACH_MODEL": str(bundle)} | more,
        )

    return call


def logged(home: Mapping[str, str]) -> str:
    return (Path(home["XDG_CACHE_HOME"]) / "posecoach" / "posecoach.log").read_text()


def foreign(text: str, ours: str) -> list[str]:
    """The lines that are not of our making."""
    return [line for line in text.splitlines() if line.strip() and not re.fullmatch(ours, line)]


TOLD = (
    r" *\d+\.\d s  .+"  # as it happens
    r"|[\w-]+  \S+\.(mp4|avi) *"  # what was coached
    r"|side +repetitions +attempts +wanted *|(left|right) +\d+ +\d+ +\d+ *"
    r"|hold +side +from +held +accuracy *"
    r"|turn +(left|right) +\d+\.\d s +\d+\.\d s +\d+ %( +not complete: \d s asked for)? *"
    r"|\d+\.\d-\d+\.\d s  .+"  # faults
    r"|Accuracy \d+ %"
    r"|.*(Nothing|Nobody|nobody|No repetition|No attempt|Kept as session|targets).*"
)
DOCTOR = (
    r"(ok|problem)  +(versions|disk|log|display|audio|model|speed|camera) +.+"
    r"|\d problems?; what to do stands above\.|All is well\. Begin with: posecoach"
)


def quiet(done: Process, home: Mapping[str, str], out: str, err: str = "(?!)") -> None:
    """Only our own lines on either stream, and nothing of the rest lost."""
    assert foreign(done.stdout, out) == []
    assert foreign(done.stderr, err) == []
    kept = logged(home)
    assert "NOISE import cv2 1\nNOISE import cv2 2\n" in kept
    assert "NOISE warned" in kept
    assert "NOISE logged" in kept
    assert kept.count("NOISE exit 2") >= 1


def test_demo(run: Run, home: dict[str, str]) -> None:
    done = run("demo", "--no-window")
    assert done.returncode == 0, done.stderr
    quiet(done, home, TOLD)
    assert "Wall stretch" in done.stdout


def test_run(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    clip = written(tmp_path / "clip.avi")
    done = run("run", "wall-stretch", "--source", str(clip), "--no-window", "--mute")
    assert done.returncode == 0, done.stderr
    quiet(done, home, TOLD, TOLD)


def test_analyze_in_several_processes(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    clips = [str(written(tmp_path / f"{name}.avi")) for name in "ab"]
    done = run("analyze", *clips, "--exercise", "wall-stretch", "--json", "-", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    first, second = (each["frames"] for each in json.loads(done.stdout))
    assert first == second > 0
    assert done.stderr == ""
    assert logged(home).count("NOISE import mediapipe 1") == 2, "each worker's words are kept"


def test_measure(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    clip = written(tmp_path / "clip.avi", 6)
    done = run("measure", str(clip), "--measures", "elbow_flexion_left")
    assert done.returncode == 0, done.stderr
    quiet(done, home, r"time_s,\w+,\w+_spread|\d+\.\d+,[\d.-]*,[\d.-]*")


def test_doctor_names_the_log(run: Run, home: dict[str, str]) -> None:
    done = run("doctor", "--source", "7")
    assert done.returncode in (0, 1), done.stderr
    quiet(done, home, DOCTOR)
    assert f"{home['XDG_CACHE_HOME']}/posecoach/posecoach.log" in done.stdout


def test_verbose_lets_it_through_and_keeps_results_apart(run: Run, tmp_path: Path) -> None:
    clip = written(tmp_path / "clip.avi", 2)
    done = run("measure", str(clip), "--json", "-", "--verbose")
    assert len(json.loads(done.stdout)) == 2
    assert "NOISE import cv2 1" in done.stderr
    assert "NOISE import cv2 2" in done.stderr
    assert "NOISE exit" in done.stderr


def test_a_program_that_uses_posecoach_keeps_its_streams(run: Run) -> None:
    program = """
import os, sys
def now():
    return [(os.fstat(n).st_dev, os.fstat(n).st_ino) for n in (1, 2)], sys.stdout, sys.stderr
before = now()
import posecoach, posecoach.cli, posecoach.pose.estimator, posecoach.terminal, posecoach.__main__
from posecoach.source.open import open_source
assert now() == before
import faulthandler
assert not faulthandler.is_enabled()
"""
    done = run(program=program)
    assert done.returncode == 0, done.stderr


# --- when something fails --------------------------------------------------------------

ENTER = """
import os, sys
import posecoach.cli
def run(arguments):
    print("begun", flush=True)
    {}
posecoach.cli.main = run
from posecoach.__main__ import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="these are signals")
@pytest.mark.parametrize(
    ("end", "name", "trace"),
    [
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV", "Segmentation fault"),
        ("os.abort()", "SIGABRT", "Aborted"),
        ("os.kill(os.getpid(), 9)", "SIGKILL", ""),
    ],
)
def test_a_process_that_dies_leaves_a_line_and_a_trace(
    end: str, name: str, trace: str, run: Run, home: dict[str, str]
) -> None:
    done = run(program=ENTER.format(end))
    assert done.returncode == -signal.Signals[name]
    assert done.stdout == "begun\n"
    (said,) = done.stderr.splitlines()
    assert said.startswith("posecoach: ")
    assert said.endswith(f"{home['XDG_CACHE_HOME']}/posecoach/posecoach.log")
    assert trace in logged(home)


@pytest.mark.parametrize("end", ["sys.exit(3)", "raise KeyboardInterrupt", "return"])
def test_a_process_that_leaves_in_order_leaves_no_line(end: str, run: Run) -> None:
    done = run(program=ENTER.format(end))
    assert "posecoach: " not in done.stderr


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize(("end", "said"), [("os._exit(1)", "last words"), ("pass", "")])
def test_the_watcher_speaks_only_for_who_cannot(fork: bool, end: str, said: str, run: Run) -> None:
    if fork and not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    program = f"""
import os
from posecoach.terminal.watch import watched
watched("last words", 2, fork={fork})
{end}
"""
    assert run(program=program).stderr == said


def test_what_nobody_expected_is_a_sentence_that_names_the_log(
    run: Run, home: dict[str, str]
) -> None:
    done = run(program=ENTER.format('raise RuntimeError("INTERNAL: a.cc\\nmore")'))
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert said.startswith("posecoach: ")
    assert "RuntimeError: INTERNAL: a.cc" in said
    assert "posecoach.log" in said
    assert "Traceback (most recent call last)" in logged(home)


def test_a_model_that_fails_inside_is_told_with_the_log(run: Run, tmp_path: Path) -> None:
    program = ENTER.format(
        "from posecoach.errors import ModelError\n    raise ModelError('It fails.', native=True)"
    ).replace("posecoach.cli.main = run", "posecoach.cli.cli.main = lambda *_, **__: run(())")
    done = run(program=program)
    assert done.returncode == 2
    assert re.fullmatch(r"posecoach: It fails\. .+/posecoach\.log\n", done.stderr)


def test_a_worker_that_dies_is_a_sentence_and_a_trace(run: Run, home: dict[str, str]) -> None:
    program = ENTER.format(
        "from posecoach.cli.parallel import run_parallel\n"
        "    from tests_worker import dies\n"
        "    print(run_parallel(dies, [1], 1, lambda *_: None)[0])"
    ).replace("main()\n", 'if __name__ == "__main__":\n    main()\n')
    noisy = Path(home["PYTHONPATH"].split(os.pathsep)[0])
    (noisy / "tests_worker.py").write_text(
        "import ctypes\ndef dies(job, progress):\n    ctypes.string_at(0)\n"
    )
    done = run(program=program)
    assert done.returncode == 0, done.stderr
    assert "A worker process ended unexpectedly" in done.stdout
    assert done.stderr == ""
    assert "Segmentation fault" in logged(home)


# --- the log ---------------------------------------------------------------------------


@pytest.mark.parametrize("renames", [True, False])
def test_a_large_log_is_put_aside(
    renames: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not renames:

        def refuse(path: Path, target: Path) -> None:
            raise PermissionError

        monkeypatch.setattr(Path, "replace", refuse)
    path = tmp_path / "posecoach.log"
    path.write_text("x" * (log.LARGEST - 1))
    log.rotate(path)
    assert not (tmp_path / "posecoach.1.log").exists()
    path.write_text("x" * log.LARGEST)
    (tmp_path / "posecoach.1.log").write_text("older")
    log.rotate(path)
    assert not path.exists() or path.stat().st_size == 0
    assert (tmp_path / "posecoach.1.log").stat().st_size == log.LARGEST


def test_a_log_that_grows_in_a_session_is_put_aside(run: Run, home: dict[str, str]) -> None:
    program = ENTER.format(
        "from posecoach.terminal.aside import renew\n"
        "    from posecoach.terminal.log import LARGEST, log_path\n"
        '    os.write(2, b"early" + b"x" * LARGEST)\n'
        "    renew(log_path())\n"
        '    os.write(1, b"later")'
    )
    done = run(program=program)
    assert (done.stdout, done.stderr) == ("begun\n", "")
    assert "later" in logged(home)
    assert "early" not in logged(home)
    older = Path(home["XDG_CACHE_HOME"]) / "posecoach" / "posecoach.1.log"
    assert "early" in older.read_text()


def test_the_log_is_its_owners_and_holds_no_arguments(run: Run, home: dict[str, str]) -> None:
    run("report", "--profile", "Secret")
    assert "Secret" not in logged(home)
    if os.name == "posix":
        path = Path(home["XDG_CACHE_HOME"]) / "posecoach" / "posecoach.log"
        assert path.stat().st_mode & 0o077 == 0


def test_where_no_log_can_be_written_the_terminal_stays_clean(run: Run, tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    clip = written(tmp_path / "clip.avi", 2)
    done = run("measure", str(clip), XDG_CACHE_HOME=str(nowhere))
    assert done.returncode == 0
    assert "NOISE" not in done.stdout + done.stderr
    told = run("doctor", "--source", "7", XDG_CACHE_HOME=str(nowhere)).stdout
    assert re.search(r"problem +log +.+ cannot be written", told)
