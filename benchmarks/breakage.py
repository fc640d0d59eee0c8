"""Ends commands at random moments, and fills their disk, and looks at what is left.

    python -m benchmarks.breakage [--count 100] [--seed 1] [--only measure ...] [--full FOLDER]

``run``, ``analyze --save``, ``measure --draw``, ``calibrate``, ``forget`` and ``export`` are
killed, interrupted, terminated and hung up on. ``--full`` names a folder on a small disk (a tmpfs
of 16 MB, say) that is filled to a random rest before each command, in place of a signal. A finding:
a database that is not whole, a session that is lost or neither finished nor said to be unfinished,
an output that is neither the older one whole nor the new one, a traceback, a success that is none.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2

from posecoach.errors import StoreError
from posecoach.film import Film
from posecoach.pose.bundle import ensure_bundle
from posecoach.profile.files import Profiles
from posecoach.profile.person import Profile
from posecoach.source import open_source
from posecoach.store import database
from posecoach.store.store import Store
from posecoach.store.transfer import import_file

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "demo" / "wall-stretch.mp4"
REACH = ROOT.parent / "shared" / "clips" / "overhead-reach-correct.mp4"
"""Of this one a range can be found; where it is not there, nothing is calibrated."""
SESSIONS = 4
"""Kept before each trial."""
SIGNALS = ("SIGKILL", "SIGINT", "SIGTERM", "SIGHUP")
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Command:
    """One command line.

    Attributes:
        arguments: what follows ``posecoach``; CLIP stands for a recording.
        output: the file it writes, beside the database; empty for none.
        check: whether an output is whole.
        forgets: numbers of sessions that may be gone afterwards.
    """

    arguments: tuple[str, ...]
    output: str = ""
    check: Callable[[Path], bool] = Path.exists
    forgets: tuple[int, ...] = ()


def _is_film(path: Path) -> bool:
    film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    count, read = int(film.get(cv2.CAP_PROP_FRAME_COUNT)), 0
    while film.grab():
        read += 1
    film.release()
    return 0 < count <= read + 1


def _is_json(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text()))
    except ValueError:
        return False


def _is_export(path: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return len(import_file(path, Path(folder)).numbers) > 0
        except StoreError:
            return False


def _is_profile(path: Path) -> bool:
    return bool(Profiles(path.parent.parent).find("Ada"))


COMMANDS: Mapping[str, Command] = {
    "run": Command(
        (
            *("run", "wall-stretch", "--source", "clip.mp4", "--no-window", "--hold", "2"),
            *("--json", "out.json", "--record-video", "--mute"),
        ),
        "out.json",
        _is_json,
    ),
    "analyze": Command(
        (
            *("analyze", "clip.mp4", "--exercise", "wall-stretch", "--hold", "2"),
            *("--save", "--json", "out.json"),
        ),
        "out.json",
        _is_json,
    ),
    "measure": Command(
        ("measure", "clip.mp4", "--draw", "out.mp4", "--measures", "trunk_turn"),
        "out.mp4",
        _is_film,
    ),
    "calibrate": Command(
        ("calibrate", "overhead-reach", "--profile", "Ada", "--source", "reach.mp4"),
        "data/profiles/ada.json",
        _is_profile,
    ),
    "forget": Command(("forget", "2", "3", "--yes"), forgets=(2, 3)),
    "export": Command(("export", "--all", "--force", "out.posecoach"), "out.posecoach", _is_export),
}


def template(folder: Path) -> None:
    """Sessions, a profile, and an older output of each kind."""
    from tests.helpers.store_sessions import record

    for _ in range(SESSIONS):
        record(folder / "data", landmarks=True)
    Profiles(folder / "data").save(Profile("Ada"))
    (folder / "out.json").write_text('{"older": true}\n')
    shutil.copy(CLIP, folder / "out.mp4")
    cut(CLIP, folder / "clip.mp4", 3.0)
    if REACH.exists():
        cut(REACH, folder / "reach.mp4", 24.0, 5.0)
    shutil.copy(next((ROOT / "tests" / "data" / "store").glob("wall*.posecoach")), folder)
    (folder / "wall-stretch.posecoach").rename(folder / "out.posecoach")


def cut(clip: Path, into: Path, length_s: float, fps: float = 15.0) -> None:
    """Keep the beginning of a recording, and so many pictures a second of it."""
    last_s = -1.0
    with open_source(str(clip)) as source, Film(into, fps) as film:
        for frame in source.frames():
            if frame.time_s > length_s:
                break
            if frame.time_s - last_s > 0.9 / fps:
                last_s = frame.time_s
                film.add(frame.image, last_s)


@contextlib.contextmanager
def place(small: Path | None) -> Iterator[Path]:
    """A folder for one trial, on the small disk where one is given."""
    if small is None:
        with tempfile.TemporaryDirectory(prefix="breakage-") as made:
            yield Path(made)
        return
    folder = small / "trial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        for path in small.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def filled(small: Path, free: int) -> None:
    """Leave so many bytes on a disk."""
    with contextlib.suppress(OSError), (small / "ballast").open("wb") as file:
        while True:
            rest = shutil.disk_usage(small).free - free
            if rest <= 0:
                return
            file.write(bytes(min(rest, 1 << 20)))
            file.flush()


def started(command: Command, folder: Path, bundle: Path) -> subprocess.Popen[str]:
    """Run the command in the folder of its trial."""
    environment = os.environ | {
        "POSECOACH_DATA": str(folder / "data"),
        "POSECOACH_MODEL": str(bundle),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "posecoach", *command.arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As at a terminal: what runs in the background ignores an interruption.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def trial(
    name: str, chance: Random, before: Path, bundle: Path, lasts_s: float, small: Path | None
) -> str:
    """Break one run; returns what was left.

    Raises:
        AssertionError: something was lost.
    """
    command = COMMANDS[name]
    with place(small) as folder:
        shutil.copytree(before, folder, dirs_exist_ok=True)
        older = (folder / command.output).read_bytes() if command.output else b""
        sent = chance.choice(SIGNALS)
        if small is not None:
            filled(small, int(10 ** chance.uniform(3.5, 6.8)))
            sent = "full"
        process = started(command, folder, bundle)
        try:
            if small is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0.0, 1.05 * lasts_s))
                if process.poll() is None:
                    process.send_signal(getattr(signal, sent))
            out, err = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
        if small is not None:
            (small / "ballast").unlink(missing_ok=True)
        return _judged(name, command, folder, older, (process.returncode, out, err), sent)


def _judged(
    name: str, command: Command, folder: Path, older: bytes, ended: tuple[int, str, str], sent: str
) -> str:
    code, out, err = ended
    # Interrupted before its first line, Python itself says where it was.
    not_begun = sent == "SIGINT" and ", in main\n" not in err
    assert not_begun or "Traceback" not in err + out, err
    assert "in the program failed" not in err, err
    new = _sessions(command, folder)
    what = "nothing written"
    if command.output:
        path = folder / command.output
        now = path.read_bytes() if path.exists() else b""
        if now == older:
            what = "the older one"
        else:
            assert command.check(path), f"{path.name} is neither the older one nor whole"
            what = "the new one"
        if code == 0 and name != "run":
            assert now != older, f"success, and nothing was written: {out}{err}"
    if sent == "full" and code not in (0, 2):
        raise AssertionError(f"ended with {code}: {err}")
    how = "done" if code == 0 else "told" if code == 2 else "broken off"
    return f"{sent}: {how}, {what}{new}"


def _sessions(command: Command, folder: Path) -> str:
    path = folder / "data" / database.FILE
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with Store.open(folder / "data") as store:
        rows = {row.number: row for row in store.sessions()}
        gone = set(range(1, SESSIONS + 1)) - set(rows)
        assert gone in (set(), set(command.forgets)), f"sessions {gone} are gone"
        for row in rows.values():
            store.load(row)
        states = [row.state for number, row in rows.items() if number > SESSIONS]
    assert len(states) <= 1
    # What wrote a moment ago is taken to run still; it is the same as unfinished in a while.
    return f", session {'finished' if states == ['finished'] else 'unfinished'}" if states else ""


def undisturbed(name: str, before: Path, bundle: Path) -> float:
    """Seconds one run takes here.

    Raises:
        AssertionError: it fails all by itself.
    """
    with place(None) as folder:
        shutil.copytree(before, folder, dirs_exist_ok=True)
        began = time.monotonic()
        process = started(COMMANDS[name], folder, bundle)
        _, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        return time.monotonic() - began


def campaign(
    count: int, seed: int, only: tuple[str, ...], small: Path | None
) -> tuple[Counter[str], list[str]]:
    """Break commands ``count`` times in all.

    Returns:
        How often each outcome came, and the findings.
    """
    bundle = ensure_bundle("full")
    outcomes, findings = Counter[str](), []
    with tempfile.TemporaryDirectory(prefix="breakage-") as folder:
        before = Path(folder)
        template(before)
        if not (before / "reach.mp4").exists():
            only = tuple(name for name in only if name != "calibrate")
        lasts = {name: undisturbed(name, before, bundle) for name in only}
        for number in range(count):
            name, own = only[number % len(only)], f"{seed}/{number}"
            try:
                came = trial(name, Random(own), before, bundle, lasts[name], small)
            except (AssertionError, StoreError, subprocess.TimeoutExpired) as error:
                findings.append(f"{own} {name}: {error}")
                print(f"FINDING {findings[-1]}", flush=True)
            else:
                outcomes[f"{name}, {came}"] += 1
                print(f"{own} {name}, {came}", file=sys.stderr, flush=True)
    return outcomes, findings


def main() -> None:
    """Print what came of it; ends with 1 where there is a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=tuple(COMMANDS), choices=tuple(COMMANDS))
    parser.add_argument("--full", type=Path)
    given = parser.parse_args()
    outcomes, findings = campaign(given.count, given.seed, tuple(given.only), given.full)
    for what, times in sorted(outcomes.items()):
        print(f"{times:4}  {what}")
    print(f"{sum(outcomes.values())} as it should be, {len(findings)} findings")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
