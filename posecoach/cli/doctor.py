"""``posecoach doctor``: is everything there that practising needs, and does it work?"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click

from posecoach.cli import options
from posecoach.errors import PoseCoachError

FRAMES = 45
"""Frames of the bundled clip that are timed, after the first few that every machine is slow at."""
WARM_UP = 5
"""Those first few."""
FREE_MB = 200
"""Space below which sessions may soon fail to be written: an hour takes some megabytes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line.

    Attributes:
        what: the part of the machine.
        ok: whether it can be practised with.
        words: what is there, or what is wrong and what to do.
    """

    what: str
    ok: bool
    words: str


@click.command()
@click.option(
    "--source",
    metavar="SOURCE",
    help="The camera or stream to try, by number, name or address; else the first camera.",
)
@options.model
def doctor(source: str | None, model: str | None) -> None:
    """Try camera, model, display, sound and speed; says what to do where one fails.

    Ends with 0 where all is well and with 1 where something is not.
    """
    from rich.console import Console

    console = Console(highlight=False)
    bad = 0
    for finding in findings(source, model):
        bad += not finding.ok
        sign = "[green]ok     [/green]" if finding.ok else "[bold red]problem[/bold red]"
        console.print(f"{sign}  {finding.what:<9}", end="")
        console.print(finding.words, markup=False, soft_wrap=True)
    console.print()
    if bad:
        console.print(f"{bad} problem{'s' if bad != 1 else ''}; what to do stands above.")
        raise click.exceptions.Exit(1)
    console.print("All is well. Begin with: posecoach")


def findings(
    source: str | None, model: str | None, leave_out: Sequence[str] = ()
) -> Iterator[Finding]:
    """Try one thing after the other.

    Args:
        leave_out: what is not tried.
    """
    trials: dict[str, Callable[[], tuple[bool, str]]] = {
        "versions": _versions,
        "disk": _disk,
        "log": _log,
        "display": _display,
        "audio": _audio,
        "model": lambda: _model(model),
        "speed": lambda: _speed(model),
        "camera": lambda: _camera(source),
    }
    for what, trial in trials.items():
        if what not in leave_out:
            yield _tried(what, trial)


def _tried(what: str, trial: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        return Finding(what, *trial())
    except PoseCoachError as error:
        return Finding(what, False, str(error))


def _versions() -> tuple[bool, str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from posecoach import __version__
    from posecoach.system import OPENCV, import_cv2

    there = []
    for package in ("mediapipe", OPENCV, "numpy"):
        try:
            there.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return False, f"{package} is not installed; install posecoach again with pip."
    import_cv2()  # tells where there are two of it
    python = platform.python_version()
    return True, f"posecoach {__version__}, Python {python}, {', '.join(there)}, {sys.platform}"


def _disk() -> tuple[bool, str]:
    from posecoach.store.database import data_folder

    folder = data_folder()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        return False, f"{there} cannot be written; set POSECOACH_DATA to a folder that can."
    free = shutil.disk_usage(there).free // 1_000_000
    if free < FREE_MB:
        return False, f"Only {free} MB are free at {there}; make room, or set POSECOACH_DATA."
    return True, f"sessions are kept in {folder} ({free / 1000:.0f} GB free)"


def _log() -> tuple[bool, str]:
    """Where to look when a library fails."""
    from posecoach.terminal import log_path, open_log

    path = log_path()
    descriptor = open_log(path)
    if descriptor is None:
        return False, f"{path} cannot be written: what a failing library says would be lost."
    os.close(descriptor)
    return True, f"what MediaPipe and OpenCV write goes to {path}"


def _display() -> tuple[bool, str]:
    from posecoach.screen.display import display_problem

    problem = display_problem()
    if problem:
        return False, f"{problem[0].upper()}{problem[1:]}."
    return True, "a window can be opened"


def _audio() -> tuple[bool, str]:
    """Whether there is a voice, and whether it can say something without complaint."""
    from posecoach.voice.speaker import find_speaker

    speaker = find_speaker()
    try:
        speech = speaker.start("Hello")
        until = time.monotonic() + 5
        while not speech.done() and time.monotonic() < until:
            time.sleep(0.02)
        problem = speech.problem()
        speech.stop()
    except OSError as error:
        problem = str(error)
    finally:
        speaker.close()
    if problem:
        return False, (
            f"The voice cannot be heard ({problem}); check the sound device, or run with --mute."
        )
    return True, 'said "Hello"; if you did not hear it, turn up the volume'


def _model(model: str | None) -> tuple[bool, str]:
    path = options.find_model(model)
    return True, f"{path.name} ({path.stat().st_size / 1e6:.0f} MB), verified"


def _speed(model: str | None) -> tuple[bool, str]:
    """Frames a second the model manages on the bundled clip, with the silhouette."""
    from posecoach.cli.demo import CLIP
    from posecoach.data import data_dir
    from posecoach.practice.pace import ENOUGH_FPS
    from posecoach.session.eyes import Eyes
    from posecoach.source.open import open_source
    from posecoach.source.remarks import LEAST_FPS

    bundle = options.find_model(model)
    times = []
    with open_source(str(data_dir("demo") / CLIP)) as clip, Eyes(bundle, masks=True) as eyes:
        for number, frame in enumerate(clip.frames()):
            began = time.perf_counter()
            eyes.estimate(frame.image, frame.time_s)
            times.append(time.perf_counter() - began)
            if number + 1 >= WARM_UP + FRAMES:
                break
    fps = len(times[WARM_UP:]) / sum(times[WARM_UP:])
    words = f"{fps:.0f} frames a second are possible"
    if fps < LEAST_FPS:
        return False, (
            f"Only {words}, {LEAST_FPS:.0f} are needed; close other programs, or use a lighter "
            "model (posecoach models)."
        )
    if fps < ENOUGH_FPS * 1.5:
        return True, f"{words}; slow, but enough where you move slowly"
    return True, words


def _camera(spec: str | None) -> tuple[bool, str]:
    """Whether pictures come, how many, and whether there is light."""
    from posecoach.practice.camera_choice import open_for_practice
    from posecoach.practice.preferences import load_preferences
    from posecoach.practice.setup_check import DARK, brightness
    from posecoach.store.database import data_folder

    remembered = load_preferences(data_folder()).camera
    source, said = open_for_practice(spec, remembered, retry_s=0)
    with source:
        if not source.live:
            return False, f"{source.name} is no camera; give a camera's number, name or address."
        times: list[float] = []
        image: Any = None
        for frame in source.frames():
            times.append(frame.time_s)
            image = frame.image
            if times[-1] > 1.5:
                break
    if len(times) < 2:
        return False, f"{source.name} stops at once; unplug it and plug it in again."
    fps = (len(times) - 1) / (times[-1] - times[0])
    came = f"{said.rstrip('.')}; {fps:.0f} came"
    if brightness(image) < DARK[1]:
        return False, f"{came}. The picture is dark; turn on a light or open the shutter."
    return True, came
