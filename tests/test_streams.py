"""Standard output or standard error that nobody can write to: a sentence on what is left, and 2.

Each trial is a real process, for what Python does with its streams at start and end matters.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from posecoach.profile.files import Profiles
from posecoach.profile.person import Profile
from tests.helpers.places import DATA, REPOSITORY
from tests.helpers.store_sessions import record

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="there is no device that is full"
)

PICTURE = DATA / "wall-stretch.jpg"
CLIP = REPOSITORY / "demo" / "wall-stretch.mp4"
EXPORT = DATA / "store" / "wall-stretch.posecoach"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two sessions of Ada's and her profile."""
    folder = tmp_path_factory.mktemp("data")
    for _ in range(2):
        record(folder, landmarks=True, profile="Ada")
    Profiles(folder).save(Profile("Ada"))
    return folder


@pytest.fixture
def run(data: Path, bundle: Path, tmp_path: Path) -> Run:
    """Runs a command line of the shell, ``posecoach`` standing for the command."""
    environment = os.environ | {
        "POSECOACH_DATA": str(data),
        "POSECOACH_MODEL": str(bundle),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(REPOSITORY),
    }
    program = f"{shlex.quote(sys.executable)} -m posecoach"

    def call(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line.replace("posecoach", program, 1)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=environment,
            cwd=tmp_path,
        )

    return call


COMMANDS = (
    "--help",
    "--version",
    "sessions",
    "sessions --json",
    "history",
    "history --json",
    "report 1 --output a.html",
    "report 1 --format json",
    "report 1 --format csv",
    "replay 1",
    "replay 1 --json",
    "export 1 a.posecoach",
    f"import {EXPORT}",
    "forget 999 --yes",
    "profiles list",
    "profiles show Ada",
    "profiles export Ada",
    "profiles set Ada --voice",
    "exercises list",
    "exercises show wall-stretch",
    "exercises schema",
    f"exercises check {REPOSITORY / 'exercises' / 'cat-cow.yaml'}",
    "exercises new my-stretch --into .",
    "models list",
    "measure --list",
)


@pytest.mark.parametrize(
    ("command", "to"),
    [(command, ">/dev/full") for command in COMMANDS]
    + [(command, ">&-") for command in ("--help", "report 1 --format csv", "profiles list")],
)
def test_where_standard_output_fails_one_sentence_says_so(command: str, to: str, run: Run) -> None:
    done = run(f"posecoach {command} {to}")
    assert done.stdout == ""
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    if command.startswith("forget"):  # which had nothing to say on standard output
        assert "There is no session" in lines[0]
    else:
        why = "no space left on device" if "full" in to else "it is closed"
        assert lines == [f"posecoach: Standard output cannot be written ({why}); all else is done."]


@pytest.mark.parametrize("command", ["report 99", "nonsense"])
@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-"])
def test_where_standard_error_fails_the_error_is_told_on_standard_output(
    command: str, to: str, run: Run
) -> None:
    there, done = run(f"posecoach {command}"), run(f"posecoach {command} {to}")
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == there.stderr


@pytest.mark.parametrize("command", ["sessions", "report 99"])
@pytest.mark.parametrize(
    "to", [">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full 2>&-"]
)
def test_where_both_fail_the_exit_code_is_left(command: str, to: str, run: Run) -> None:
    done = run(f"posecoach {command} {to}")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.parametrize("to", ["| true", "| head -c 1"])
def test_a_reader_who_has_had_enough_is_no_failure(to: str, run: Run) -> None:
    done = run(f"set -o pipefail; posecoach exercises schema {to}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["", "forget 1", "profiles delete Ada"])
def test_where_nobody_can_answer_nothing_is_done(command: str, run: Run, data: Path) -> None:
    done = run(f"posecoach {command} <&-")
    assert "Traceback" not in done.stderr
    assert "failed" not in done.stderr
    assert done.returncode == (130 if command else 0)
    assert (data / "profiles" / "ada.json").exists()


def test_results_are_kept_where_they_cannot_be_shown(run: Run, data: Path, tmp_path: Path) -> None:
    """The recording's session and its file are there, though nothing could be told."""
    done = run(
        f"posecoach analyze {CLIP} --exercise wall-stretch --hold 2 --save --json a.json >/dev/full"
    )
    assert done.returncode == 2
    assert "Standard output cannot be written" in done.stderr
    assert json.loads((tmp_path / "a.json").read_text())["frames"] > 100
    with sqlite3.connect(data / "sessions.db") as connection:
        last = "SELECT source, finished_at IS NULL FROM session ORDER BY number DESC LIMIT 1"
        assert connection.execute(last).fetchone() == (str(CLIP), 0)
    done = run(f"posecoach measure {PICTURE} --json b.json --draw c.jpg >&- 2>&-")
    assert done.returncode == 0  # nothing was to be said
    assert json.loads((tmp_path / "b.json").read_text())
    assert (tmp_path / "c.jpg").stat().st_size > 1000


def test_a_file_is_never_where_libraries_write(run: Run, tmp_path: Path) -> None:
    """With descriptors 1 and 2 closed the next file to be opened would be in their place."""
    done = run(f"posecoach measure {PICTURE} --csv a.csv --draw b.png <&- >&- 2>&-")
    assert done.returncode == 0
    assert (tmp_path / "a.csv").read_text().startswith("time_s,")
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


ASKED_WHILE_FINALIZING = """
import os, signal, time
from posecoach.terminal import orderly

class Held:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)

orderly()
held = Held()
del held
time.sleep(20)
"""


def test_asked_to_end_while_something_is_finalized_it_ends_all_the_same() -> None:
    """Python forgets what is raised there."""
    code = [sys.executable, "-c", ASKED_WHILE_FINALIZING]
    done = subprocess.run(code, capture_output=True, timeout=60, check=False)
    assert done.returncode == 128 + signal.SIGTERM, done.stderr


def _asked_as_usual() -> None:
    """Who runs the tests may have told their processes to ignore this (``nohup``)."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_asked_to_end_it_leaves_no_half_file_and_no_finished_session(
    name: str, data: Path, bundle: Path, tmp_path: Path
) -> None:
    number = signal.Signals[name]
    (tmp_path / "a.mp4").write_bytes(CLIP.read_bytes())
    before = (tmp_path / "a.mp4").read_bytes()
    environment = os.environ | {
        "POSECOACH_DATA": str(tmp_path / "data"),
        "POSECOACH_MODEL": str(bundle),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    commands = (
        ["analyze", str(CLIP), "--exercise", "wall-stretch", "--save", "--record-video"],
        ["measure", str(CLIP), "--draw", "a.mp4", "--csv", "a.csv"],
    )
    begun = (tmp_path / "data" / "videos", tmp_path)
    for command, folder in zip(commands, begun, strict=True):
        process = subprocess.Popen(
            [sys.executable, "-m", "posecoach", *command],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_asked_as_usual,
        )
        patience = time.monotonic() + 60
        while not [*folder.glob("*.part.mp4"), *folder.glob(".posecoach-*")]:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < patience
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == (130 if number == signal.SIGINT else 128 + number), said
        assert said.strip() == ""
    assert (tmp_path / "a.mp4").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "cache", "data"]
    with sqlite3.connect(tmp_path / "data" / "sessions.db") as connection:
        assert connection.execute("SELECT finished_at FROM session").fetchall() == [(None,)]
