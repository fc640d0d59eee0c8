"""Pictures as a video: at the times they were taken, and whole or not at all.

OpenCV tells nobody where a disk is full, and writes in place. So a film is written beside its
place, read again at its ends, and only then put there.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach import writing
from posecoach.closing import Closing
from posecoach.errors import OutputError
from posecoach.system import import_cv2, native_name

Image = NDArray[np.uint8]

USUAL_FPS = 30.0
"""What nearly all cameras send."""
FASTEST_FPS = 240.0
"""Cameras that are faster are none; a file that claims more counts in milliseconds."""


class _DroppedError(Exception):
    """A film is given up."""


def _passes_over_drops(kind: object, error: object, trace: object) -> bool:
    return isinstance(error, _DroppedError)


class Film(Closing):
    """A video being written; a context manager, which completes it.

    A video file has a steady rate, a camera or a telephone's recording has not: each picture is
    shown until the next one was taken, to the nearest picture of the rate.

    Args:
        path: where; the name's ending tells the container.
        fps: pictures a second of the video, None where nobody knows.
        private: for the owner's eyes only.
        called: name of the file beside ``path`` while it is not complete; made up without.
    """

    def __init__(
        self, path: Path, fps: float | None, *, private: bool = False, called: str | None = None
    ) -> None:
        self.path = path
        self._fps = fps if fps and fps <= FASTEST_FPS else USUAL_FPS
        self._private, self._called = private, called
        self._open = ExitStack()
        self._part = path
        self._writer: Any = None
        self._size = (0, 0)
        self._first_s = 0.0
        self._written = 0
        self._last: tuple[Image, float] | None = None

    def add(self, image: Image, time_s: float) -> None:
        """Show the picture before this one until now, and this one from now on.

        Raises:
            OutputError: no video can be written here.
        """
        if self._last is None:
            self._begin(image, time_s)
        else:
            self._show_last_until(time_s)
        self._last = image, time_s

    def close(self) -> None:
        """Complete the video and put it into its place; more than once does no harm.

        Raises:
            OutputError: it is not whole; what was there before is there still.
        """
        last, self._last = self._last, None
        if last is None:
            return
        with self._open:
            self._last = last
            self._show_last_until(last[1] + 1 / self._fps)
            self._last = None
            self._writer.release()
            self._writer = None
            self._check()

    def drop(self) -> None:
        """Leave what was there before; what has been written is gone."""
        if self._last is None:
            return
        self._last = None
        self._writer.release()
        self._writer = None
        # The part is gone when whoever made it hears of an exception.
        self._open.__exit__(_DroppedError, _DroppedError(), None)

    def _leave(self, kind: type[BaseException] | None) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()

    def _begin(self, image: Image, time_s: float) -> None:
        cv2 = import_cv2()
        self._open.push(_passes_over_drops)
        self._part = self._open.enter_context(
            writing.replacing(self.path, private=self._private, called=self._called)
        )
        height, width = image.shape[:2]
        self._size, self._first_s = (width, height), time_s
        code = cv2.VideoWriter.fourcc(*"mp4v")
        name = self._open.enter_context(native_name(self._part))
        self._writer = cv2.VideoWriter(name, code, self._fps, self._size)
        if not self._writer.isOpened():
            self._last = image, time_s
            self.drop()
            raise OutputError(f"{self.path} cannot be written as a video; choose another name.")

    def _show_last_until(self, time_s: float) -> None:
        due = round((time_s - self._first_s) * self._fps)
        if due <= self._written or self._last is None:
            return
        image = self._last[0]
        if image.shape[1::-1] != self._size:
            image = import_cv2().resize(image, self._size)
        while self._written < due:
            self._writer.write(image)
            self._written += 1

    def _check(self) -> None:
        """Read the first picture and the last.

        Raises:
            OutputError: they are not there.
        """
        cv2 = import_cv2()
        with native_name(self._part) as name:
            film = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
        try:
            # Some containers tell how many there are to within one.
            short = film.get(cv2.CAP_PROP_FRAME_COUNT) < self._written - 1
            whole = film.isOpened() and not short and film.read()[0]
            if whole and self._written > 1:
                film.set(cv2.CAP_PROP_POS_FRAMES, self._written - 2)
                whole = film.read()[0]
        finally:
            film.release()
        if not whole:
            raise OutputError(
                f"{self.path} could not be written whole (is the disk full?); nothing was put "
                "there."
            )
