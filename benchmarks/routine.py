"""A whole routine with nobody at the keys: python -m benchmarks.routine CLIPS [--shots FOLDER]

The stretches of the routine are acted by truth clips before a camera that is a live stream;
the clip of an exercise begins when the program has counted down for it. One repetition and
short holds, so it takes about four minutes. On a display of its own (Xvfb) the real window is
looked at from outside: the first moment of each stage is written to a folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parent.parent


def display(stack: ExitStack, size: str) -> Path:
    """Start an X display without a screen; returns the file with its pixels."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-fbdir", folder]
    command += ["-noreset", "-nolisten", "tcp"]  # it would end with its first client otherwise
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    os.close(write)
    with os.fdopen(read) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    return Path(folder) / "Xvfb_screen0"


def main() -> int:
    """Run it and print what came of it; 0 where every exercise was done."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("clips", type=Path)
    words.add_argument("--routine", default="upper-back")
    words.add_argument("--only", default="")
    words.add_argument("--shots", type=Path)
    words.add_argument("--size", default="1280x720")
    given = words.parse_args()
    with ExitStack() as stack:
        screen = display(stack, given.size)
        return practise(stack, given, screen)


def practise(stack: ExitStack, given: argparse.Namespace, screen: Path) -> int:
    """One routine, acted."""
    from posecoach.cli.options import find_model
    from posecoach.exercise.library import standard_library
    from posecoach.exercise.routines import Routines
    from posecoach.practice.live import Hooks, LiveCoaching
    from posecoach.practice.moment import Moment
    from posecoach.practice.practice import Part, Practice
    from posecoach.practice.prescribing import chosen, fit
    from posecoach.screen.window import Window
    from posecoach.session.eyes import Eyes
    from posecoach.source.open import open_source
    from tests.helpers.acting import Actor, acted
    from tests.helpers.displays import shown_on

    library = standard_library()
    routine = Routines(library).find(given.routine)
    items = chosen(routine, [each for each in given.only.split(",") if each])
    brief = [item.model_copy(update={"repetitions": 1, "hold": 1.5, "rest": 2}) for item in items]
    parts = [
        replace(part, plan=replace(part.plan, sides=part.plan.sides[:1], circles=brief_circles))
        for part in fit(routine, brief, library.find).parts
        for brief_circles in [tuple(replace(c, lasting=6.0) for c in part.plan.circles)]
    ]
    assert all(isinstance(part, Part) for part in parts)
    actor = Actor({part.plan.exercise.id: given.clips for part in parts})
    width, height = map(int, given.size.split("x"))
    url = stack.enter_context(acted(actor, 15.0))
    source = stack.enter_context(open_source(url))
    eyes = stack.enter_context(Eyes(find_model(None), masks=True))
    window = stack.enter_context(Window("routine", size=(width, height)))
    taken: set[str] = set()

    def tell(moment: Moment) -> None:
        actor(moment)
        practice = moment.practice
        state = "countdown" if practice.countdown_s is not None else moment.stage.value
        if practice.setup is not None and practice.setup.fraction > 0.5:
            state = "setup-right"
        name = f"{moment.snapshot.exercise.id}-{state}"
        if given.shots is not None and name not in taken and shot_due(name):
            taken.add(name)
            given.shots.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(given.shots / f"{name}.png"), shown_on(screen)[:height, :width])

    since: dict[str, float] = {}

    def shot_due(name: str) -> bool:
        """A state is looked at once it has stood for a moment."""
        return time.monotonic() - since.setdefault(name, time.monotonic()) > 0.7

    began = time.monotonic()
    practice = Practice(parts, source.name, mirror=True)
    results = LiveCoaching(practice, source, window, hooks=Hooks(tell=tell)).run(eyes)
    print("| exercise | repetitions | attempts | faults |\n|---|---|---|---|")
    for result in results:
        done, tried = sum(result.repetitions.values()), sum(result.attempts.values())
        print(f"| {result.exercise} | {done} | {tried} | {len(result.faults)} |")
    print(f"\n{len(results)} of {len(parts)} exercises in {time.monotonic() - began:.0f} s.")
    whole = len(results) == len(parts) and all(sum(r.repetitions.values()) for r in results)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
