"""``posecoach exercises show --play``: a stretch moving, in a window or as a video."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.errors import MachineError

if TYPE_CHECKING:
    from posecoach.exercise.definition import Exercise

FPS = 15.0
"""Pictures a second: those of the films are 12, and more of them move no smoother."""

_SLICE_MS = 60
"""Milliseconds that a window waits for a key between two pictures: about a picture's time."""


def play_moving(exercise: Exercise) -> None:
    """Show it until the window is closed, or q or Escape pressed.

    Raises:
        MachineError: no window can be opened here.
    """
    from posecoach.exercise.films import film_of
    from posecoach.screen.demonstrating import PLAYED, Demonstrations, both
    from posecoach.screen.keys import Action
    from posecoach.screen.window import Window

    filmed = film_of(exercise) is not None
    size = (PLAYED[0] * (2 if filmed else 1), PLAYED[1])
    try:
        window = Window(f"PoseCoach - {exercise.name}", size=size)
    except MachineError as error:
        # There is no such option here.
        what = re.sub("(;| or) run with --no-window", "", str(error))
        raise MachineError(
            f"{what} Write it into a video with --output FILE.mp4 instead."
        ) from None
    demonstrations = Demonstrations()
    begun_s = time.monotonic()
    with window:
        while not window.closed:
            now_s = time.monotonic() - begun_s
            window.show(both(exercise, demonstrations.film(exercise, now_s), now_s))
            if Action.QUIT in window.keys(_SLICE_MS):
                return


def write_moving(exercise: Exercise, asked: str, output: Path) -> None:
    """Write one turn of it into a video; the figure alone where the file ends with ``.svg``.

    Raises:
        OutputError: it cannot be written there.
    """
    from posecoach.figure.moving import moving
    from posecoach.film import Film
    from posecoach.outputs import Outputs
    from posecoach.screen.demonstrating import Demonstrations, both

    if output.suffix.lower() == ".svg":
        _write_svg(exercise, asked, output)
        return
    target = Outputs([asked]).take(output, "video")
    assert target.path is not None
    demonstrations = Demonstrations()
    with Film(target.path, FPS) as film:
        for number in range(round(moving(exercise).seconds * FPS)):
            now_s = number / FPS
            film.add(both(exercise, demonstrations.film(exercise, now_s), now_s), now_s)
    click.echo(f"{output} is written.")


def _write_svg(exercise: Exercise, asked: str, output: Path) -> None:
    """Write the figure as a picture that moves by itself, for pages.

    Raises:
        OutputError: it cannot be written there.
    """
    from posecoach.cli import options
    from posecoach.figure.moving import moving
    from posecoach.figure.svg import Ink, alone, moving_svg
    from posecoach.outputs import Outputs
    from posecoach.screen.demonstrating import PLAYED
    from posecoach.screen.palette import RAISED, SKY, TEXT, hexed

    ink = Ink(hexed(TEXT), hexed(SKY), hexed(RAISED), hexed(RAISED))
    picture = alone(moving_svg(moving(exercise), exercise.name, PLAYED, ink))
    failure = options.written(Outputs([asked]).take(output, "text"), picture + "\n")
    if failure is not None:
        raise failure
    click.echo(f"{output} is written.")
