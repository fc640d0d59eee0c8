"""Pictures and videos of ``posecoach measure`` with the angles drawn in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.closing import Closing
from posecoach.errors import OutputError
from posecoach.film import Film
from posecoach.kinds import SUFFIXES, Kind
from posecoach.outputs import Output

if TYPE_CHECKING:
    from posecoach.observe.measuring import Measured
    from posecoach.source.frame import Frame


def kind_of_drawing(spec: str) -> Kind:
    """What a file is to hold, by its name."""
    return "picture" if Path(spec).suffix.lower() in SUFFIXES["picture"] else "video"


class Drawing(Closing):
    """The picture or video with the angles drawn in; a context manager, which completes it.

    Args:
        target: None where none is wanted.
    """

    def __init__(self, target: Output | None) -> None:
        self._path = None if target is None else target.path
        self._target = target
        self._static = False
        self._film: Film | None = None

    def begin(self, static: bool, fps: float | None, count: int | None) -> None:
        """A photo or a recording comes, with so many pictures.

        Raises:
            OutputError: the file cannot hold it.
        """
        if self._path is None:
            return
        self._static = static
        wanted: Kind = "picture" if static else "video"
        if self._path.suffix.lower() not in SUFFIXES[wanted]:
            what = "photo" if static else "recording"
            raise OutputError(
                f"{self._path} cannot hold a {what}; give a name that ends with "
                f"{SUFFIXES[wanted][0]}."
            )
        if static and count is not None and count > 1:
            raise OutputError(f"{self._path} can hold one photo, and {count} come; name one.")
        if not static:
            self._film = Film(self._path, fps)

    def add(self, frame: Frame, measured: Measured) -> None:
        """Draw one moment.

        Raises:
            OutputError: it cannot be written.
        """
        if self._target is None:
            return
        from posecoach.screen.angles import draw_angles

        image = draw_angles(frame.image, measured)
        if self._film is not None:
            self._film.add(image, float(measured.pose.time_s))
        elif self._static:
            from posecoach.system import import_cv2

            assert self._path is not None
            _, data = import_cv2().imencode(self._path.suffix, image)
            self._target.write(data.tobytes())

    def _leave(self, kind: type[BaseException] | None) -> None:
        if self._film is None:
            return
        if kind is None:
            self._film.close()
        else:
            with suppress(OutputError):
                self._film.drop()
