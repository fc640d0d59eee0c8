"""How a stretch goes: its film where there is one, else the figure; and stills of its key moments.

The page is one file, so the film is in it, some 0.3 MB for a stretch. It waits to be asked: nothing
moves of itself before somebody whom that disturbs, and it can be stopped. On paper the stills stand
in its place.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np

from posecoach.errors import MachineError
from posecoach.exercise.films import key_moments
from posecoach.figure.body import HEAD
from posecoach.figure.svg import Ink, moving_svg
from posecoach.report import wording
from posecoach.report.drawing import Circle, Drawing, Mark, Path
from posecoach.report.shown import Going, Shown, Still
from posecoach.system import import_cv2, native_name

if TYPE_CHECKING:
    from posecoach.figure.body import Figure
    from posecoach.figure.moving import Moving
    from posecoach.pose.pose import Floats
    from posecoach.report.facts import ExerciseFacts

SIZE = (240, 180)
"""Of a still and of the figure: as wide as a skeleton (``skeleton.SIZE``)."""

INK = Ink("var(--quiet)", "var(--left)", "var(--panel)")

QUALITY = 80
"""Of a still's JPEG, of 100: some 8 KB, and nobody sees what it leaves out."""

MOST = 4
"""Stills that stand in a row on paper; stretches have no more steps."""


def going(exercise: ExerciseFacts) -> Going | None:
    """How it goes, None where the definition is not understood any more."""
    from markupsafe import Markup

    if exercise.shown is None:
        return None
    stills = [] if exercise.film is None else film_stills(exercise.film)
    if exercise.film is None or not stills:
        title = f"How {exercise.name} goes"
        return Going(figure=Markup(moving_svg(exercise.shown, title, SIZE, INK)),
                     drawings=figure_stills(exercise))  # fmt: skip
    return Going(film=_data("video/mp4", exercise.film.read_bytes()), stills=stills)


def film_stills(film: File) -> list[Still]:
    """A picture of each step; none where the film cannot be read."""
    try:
        cv2 = import_cv2()
    except MachineError:
        return []  # told where pictures are needed; a report is written without
    found: list[Still] = []
    with native_name(film) as name:
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
        try:
            for step, time_s in [*key_moments(film).items()][:MOST]:
                capture.set(cv2.CAP_PROP_POS_MSEC, 1000 * time_s)
                read, image = capture.read()
                if read:
                    small = cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA)
                    jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
                    found.append(_still(f"How it goes: {wording.plain(step)}", jpeg.tobytes()))
        finally:
            capture.release()
    return found


def _still(title: str, jpeg: bytes) -> Still:
    return Still(title, jpeg, _data("image/jpeg", jpeg))


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def figure_stills(exercise: ExerciseFacts) -> list[Shown]:
    """The figure in each of its first positions, with what the person is told."""
    assert exercise.shown is not None
    found: dict[str, Figure] = {}
    for key in exercise.shown.keys:
        if len(found) < MOST:
            found.setdefault(key.say, key.figure)
    return [
        Shown("", _drawn(figure, exercise.shown, exercise.name, say), say)
        for say, figure in found.items()
    ]


def _drawn(figure: Figure, movement: Moving, name: str, say: str) -> Drawing:
    low, high = movement.bounds
    scale = float(min(SIZE[0] / (high[0] - low[0]), SIZE[1] / (high[1] - low[1])))

    def at(points: Floats) -> list[tuple[float, float]]:
        placed = (points - (low + high) / 2) * (scale, -scale) + np.array(SIZE) / 2
        return [(float(x), float(y)) for x, y in placed]

    marks: list[Mark] = []
    for limb, points in figure.limbs:
        role = "working-limb" if limb in figure.working else "limb"
        marks.append(Path(role, tuple(at(points)), closed=limb == "torso"))
    marks.append(Circle("limb", at(figure.head[None])[0], scale * HEAD))
    return Drawing(*SIZE, f"A figure that does {name}", say, tuple(marks))
