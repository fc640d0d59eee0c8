"""A video of the session beside the database, for those who ask for one."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import OutputError, StoreError
from posecoach.film import Film
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store import database
from posecoach.writing import private_folder

FPS = 15.0
"""A video file has a steady rate, a camera has not: each picture is shown until the next, to
the nearest fifteenth of a second."""


def unfinished_name(file: str) -> str:
    """What a kept video is called while it is not complete, and stays called where it never is."""
    return f"{Path(file).stem}.part.mp4"


class VideoRecorder:
    """Writes what the camera saw, unmirrored and without any drawing; as private as the database.

    Args:
        folder: where sessions are kept.
        uuid: of the session.

    Raises:
        StoreError: the folder for videos cannot be made.
    """

    def __init__(self, folder: Path, uuid: str) -> None:
        self.path = folder / database.VIDEOS / f"{uuid}.mp4"
        try:
            private_folder(self.path.parent)
        except OSError as error:
            raise StoreError(
                f"The folder {self.path.parent} for videos cannot be made "
                f"({(error.strerror or str(error)).lower()})."
            ) from None
        self._film = Film(self.path, FPS, private=True, called=unfinished_name(self.path.name))

    def hear(self, snapshot: Snapshot) -> None:
        """Take in one moment; a listener of ``Session``."""
        self.write(snapshot.frame)

    def write(self, frame: Frame) -> None:
        """Write the picture before this one until this one was taken.

        Raises:
            StoreError: no video can be written here.
        """
        try:
            self._film.add(frame.image, frame.time_s)
        except OutputError as error:
            raise StoreError(f"{error} The session goes on without video.") from None

    def close(self) -> None:
        """Complete the file.

        Raises:
            StoreError: there is no whole video.
        """
        try:
            self._film.close()
        except OutputError as error:
            raise StoreError(f"{error} The numbers of the session are kept.") from None
