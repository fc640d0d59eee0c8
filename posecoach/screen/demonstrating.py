"""A stretch moving: its film, or for one's own stretch the figure that does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from posecoach.exercise.definition import Exercise
from posecoach.exercise.films import film_of
from posecoach.figure.moving import moving
from posecoach.screen.figure import draw_figure
from posecoach.screen.layout import Rect, fitted
from posecoach.screen.palette import RAISED
from posecoach.screen.text import Image, block, draw_block
from posecoach.session.practice_state import PracticeState

ROUNDING_S = 1e-3
"""A film's times are told in whole milliseconds: one read at its very time is not read again."""

SHAPE = (4, 3)
"""Width to height of the films, and so of the figure's picture."""

PLAYED = (640, 480)
"""Size of each picture of ``exercises show --play``, in pixels: two fit beside one another on any
screen of today."""

WORDS = 0.16
"""Part of the picture's height that the words below the figure take: two lines that can be read."""


def figure_picture(
    exercise: Exercise, time_s: float, size: tuple[int, int], *, words: bool = False
) -> Image:
    """The figure at a time of its movement.

    Args:
        size: (width, height) in pixels.
        words: whether to write below it what the person is told.

    Returns:
        (height, width, 3) uint8, BGR.
    """
    width, height = size
    picture: Image = np.full((height, width, 3), RAISED, np.uint8)
    movement = moving(exercise)
    figure, say = movement.at(time_s)
    margin = round(height * 0.06)
    band = round(height * WORDS) if words else 0
    place = Rect(margin, margin, width - 2 * margin, height - 2 * margin - band)
    draw_figure(picture, figure, place, bounds=movement.bounds)
    if words:
        into = Rect(margin, place.bottom, place.w, band)
        draw_block(picture, block(say, into, height * 0.045, align="centre"))
    return picture


def both(exercise: Exercise, film: Image | None, time_s: float) -> Image:
    """What ``exercises show --play`` shows: the figure with its words, and the film beside it."""
    figure = figure_picture(exercise, time_s, PLAYED, words=True)
    if film is None:
        return figure
    shown = cv2.resize(film, PLAYED, interpolation=cv2.INTER_AREA)
    return np.asarray(np.hstack([shown, figure]), dtype=np.uint8)


def helpful(
    exercise: Exercise, practice: PracticeState, order: Sequence[Exercise]
) -> Exercise | None:
    """Whose moving picture helps now: in the set-up its own, in a rest the next one's.

    Args:
        exercise: the present one, in a rest the one before it.
        order: all that are practised; nothing is shown of one that is still to be learnt.
    """
    if practice.setup is not None:
        return exercise if exercise.id in {each.id for each in order} else None
    if practice.rest_s is None or not practice.next:
        return None
    ids = [each.id for each in order[:-1]]
    return order[ids.index(exercise.id) + 1] if exercise.id in ids else None


class Demonstrations:
    """Shows stretches moving, one at a time; a film is read on as its time goes on."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._film: cv2.VideoCapture | None = None
        self._last: Image | None = None
        self._read_s = -1.0
        self._begun_s = 0.0

    def film(self, exercise: Exercise, time_s: float) -> Image | None:
        """The film's picture as it is, None where there is no film."""
        path = film_of(exercise)
        return None if path is None else self._frame(path, time_s)

    def picture(self, exercise: Exercise, time_s: float, size: tuple[int, int]) -> Image:
        """A stretch at a time of a clock that only goes on, (height, width, 3) uint8, BGR."""
        frame = self.film(exercise, time_s)
        if frame is None:
            return figure_picture(exercise, time_s, size)
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def _frame(self, path: Path, time_s: float) -> Image | None:
        """The film's picture now; from the beginning where it is over, or is another one."""
        if path != self._path or self._film is None or time_s < self._begun_s:
            self._begin(path, time_s)
        while self._last is None or self._read_s < time_s - self._begun_s:
            assert self._film is not None
            read, image = self._film.read()
            if not read:
                if self._last is None:
                    return None  # no film at all
                self._begin(path, time_s)
                continue
            self._last = np.asarray(image, dtype=np.uint8)
            self._read_s = self._film.get(cv2.CAP_PROP_POS_MSEC) / 1000 + ROUNDING_S
        return self._last

    def _begin(self, path: Path, time_s: float) -> None:
        if self._film is not None:
            self._film.release()
        self._path, self._begun_s = path, time_s
        self._film, self._last, self._read_s = cv2.VideoCapture(str(path)), None, -1.0


INSET = 0.3
"""Part of the picture's width that a moving picture in its corner takes, so that it is seen from
two metres, and the person beside it, too."""


def inset_place(within: Rect) -> Rect:
    """The lower right corner of a picture, in which a stretch is shown."""
    width = round(within.w * INSET)
    margin = round(within.w * 0.02)
    height = round(width * SHAPE[1] / SHAPE[0])
    corner = Rect(within.right - width - margin, within.bottom - height - margin, width, height)
    return fitted(SHAPE, corner)
