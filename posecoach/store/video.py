"""A video of the session beside the database, for those who ask for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posecoach.errors import StoreError
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store import database
from posecoach.system import import_cv2

FPS = 15.0
"""A video file has a steady rate, a camera has not: each picture is shown until the next, to
the nearest fifteenth of a second."""


class VideoRecorder:
    """Writes what the camera saw, unmirrored and without any drawing.

    Args:
        folder: where sessions are kept.
        uuid: of the session.

    Raises:
        StoreError: the folder for videos cannot be made.
    """

    def __init__(self, folder: Path, uuid: str) -> None:
        self.path = folder / database.VIDEOS / f"{uuid}.mp4"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self.path.parent} for videos cannot be made "
                f"({(error.strerror or str(error)).lower()})."
            ) from None
        self._writer: Any = None
        self._size = (0, 0)
        self._first_s = 0.0
        self._written = 0
        self._last: Frame | None = None

    def hear(self, snapshot: Snapshot) -> None:
        """Take in one moment; a listener of ``Session``."""
        self.write(snapshot.frame)

    def write(self, frame: Frame) -> None:
        """Write the picture before this one until this one was taken.

        Raises:
            StoreError: no video can be written here.
        """
        if self._last is None:
            self._open(frame)
        else:
            self._show_last_until(frame.time_s)
        self._last = frame

    def close(self) -> None:
        """Complete the file."""
        if self._writer is None:
            return
        if self._last is not None:
            self._show_last_until(self._last.time_s + 1 / FPS)
        self._writer.release()
        self._writer = None

    def _open(self, frame: Frame) -> None:
        cv2 = import_cv2()
        height, width = frame.image.shape[:2]
        self._size = (width, height)
        self._first_s = frame.time_s
        code = cv2.VideoWriter_fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(str(self.path), code, FPS, self._size)
        if not self._writer.isOpened():
            raise StoreError(f"{self.path} cannot be written; the session goes on without video.")

    def _show_last_until(self, time_s: float) -> None:
        due = round((time_s - self._first_s) * FPS)
        if due <= self._written or self._last is None:
            return
        image = self._last.image
        if image.shape[1::-1] != self._size:
            image = import_cv2().resize(image, self._size)
        while self._written < due:
            self._writer.write(image)
            self._written += 1
