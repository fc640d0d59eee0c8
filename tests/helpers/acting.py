"""Somebody before the camera who does what is asked for: truth clips, changed on cue.

Waiting is no still picture: a camera's pictures differ by its noise, however still the person
stands, and one that sends the same picture again and again has stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from posecoach.practice.moment import Moment, Stage
from tests.helpers import mjpeg

NOISE = 2.0
"""Of a pixel, in levels of 255: a webcam's in an ordinary room is 1 to 4."""


class Actor:
    """Shows, for each exercise, its clip; and its first picture while something is awaited.

    Give it to ``LiveCoaching`` as the one who is told every moment: what it is told is what
    a person would see and hear.

    Args:
        clips: the folder with the truth clips, by the ids of the exercises in their order.

    Attributes:
        stages: (exercise, stage) in the order in which they came.
    """

    def __init__(self, clips: Mapping[str, Path]) -> None:
        frames = {id_: _frames(folder, id_) for id_, folder in clips.items()}
        self._pictures = {id_: _jpegs(each) for id_, each in frames.items()}
        self._waiting = {id_: _jpegs(noisy(each[0])) for id_, each in frames.items()}
        self._shown = ("", False)
        self._scene: _Scene | None = None
        self.stages: list[tuple[str, str]] = []

    def __call__(self, moment: Moment) -> None:
        """Hear what is wanted now."""
        exercise, stage = moment.snapshot.exercise.id, moment.stage
        if not self.stages or self.stages[-1] != (exercise, stage.value):
            self.stages.append((exercise, stage.value))
        if stage is Stage.REST:
            ids = list(self._pictures)
            exercise = ids[min(ids.index(exercise) + 1, len(ids) - 1)]
        counting = moment.practice.countdown_s is not None
        self.show(exercise, waits=counting or stage in (Stage.SETUP, Stage.REST))

    def show(self, exercise: str, *, waits: bool) -> None:
        """Be in the first picture of an exercise's clip, or begin to play it."""
        if self._scene is not None and (exercise, waits) != self._shown:
            self._shown = (exercise, waits)
            whole = self._pictures[exercise]
            self._scene.change(self._waiting[exercise] if waits else whole)

    def before(self, scene: _Scene) -> None:
        """Take the place before a camera."""
        self._scene = scene
        self.show(next(iter(self._pictures)), waits=True)


class _Scene(mjpeg.Camera):
    def change(self, pictures: list[bytes]) -> None:
        """Go on with these pictures, from their first."""
        turn = -(self._index(self._now()) + 1) % len(pictures)
        self.pictures = pictures[turn:] + pictures[:turn]


@contextmanager
def acted(actor: Actor, fps: float) -> Iterator[str]:
    """The address of a camera with the actor before it."""
    scene = _Scene([b""], fps, None, None, True, True)
    actor.before(scene)
    try:
        yield scene.url
    finally:
        scene.close()


def _frames(folder: Path, exercise: str) -> list[np.ndarray]:
    return mjpeg.clip_frames(folder / f"{exercise}-correct.mp4")[0]


def _jpegs(frames: list[np.ndarray]) -> list[bytes]:
    return [cv2.imencode(".jpg", frame)[1].tobytes() for frame in frames]


def noisy(frame: np.ndarray, copies: int = 4) -> list[np.ndarray]:
    """The picture as a camera takes it several times: each with noise of its own."""
    random = np.random.default_rng(0)
    noise = random.normal(0, NOISE, (copies, *frame.shape))
    return list(np.clip(frame + noise, 0, 255).astype(np.uint8))
