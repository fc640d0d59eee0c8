"""Recordings: video files and animated GIFs.

Read by OpenCV's FFmpeg backend. Compared with PyAV 18 on the same files (H.264 in MP4 and
Matroska, VP8 in WebM, MPEG-TS, AVI, GIF; variable frame rate, B-frames, a start time other
than 0, rotated by 90 and 180 degrees), OpenCV 5 gives the same timestamps in POS_MSEC and
applies the rotation itself, so a further dependency would add nothing. It does not apply
the pixel aspect ratio, nor does it tell a cut file from one that ends: both are done here.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import SourceError
from posecoach.source.clock import Clock
from posecoach.source.display_matrix import (
    Matrix,
    display_matrix,
    is_mirrored,
    is_turned,
    shown,
)
from posecoach.source.frame import Frame
from posecoach.source.prefetch import PrefetchedSource
from posecoach.source.remarks import Remarks
from posecoach.source.repeats import Repeats
from posecoach.source.sniff import MOTION_JPEG
from posecoach.source.source import Due
from posecoach.source.vision import MAX_PIXELS, opencv
from posecoach.system import native_name
from posecoach.writing import readable

Image = NDArray[np.uint8]

# What may wait decoded: enough to bridge an uneven decoder, little enough for 8K frames
# (100 MB each).
_AHEAD_FRAMES = 4
_AHEAD_BYTES = 64 << 20


class VideoSource(PrefetchedSource):
    """Every frame of a video file, in order, at the times its container gives."""

    live = False
    static = False
    mirror_display = False
    started_monotonic: float | None = None

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.name = readable(path.name)
        self.ended_early: str | None = None
        self._remarks = Remarks()
        self._matrix = display_matrix(path)
        capture = self._capture()
        try:
            self.fps: float | None = _plausible(_get(capture, "FPS"), 0.01, 1000)
            count = _plausible(_get(capture, "FRAME_COUNT"), 1, 1e9)
            self.frame_count: int | None = None if count is None else round(count)
            self.duration_s: float | None = (
                self.frame_count / self.fps if self.frame_count and self.fps else None
            )
            self._stretch = _pixel_aspect(capture, self._matrix)
            stamp = self._grabbed(capture)
            first = None if stamp is None else self._retrieved(capture)
            if first is None or stamp is None:
                raise SourceError(
                    f"No picture of {path} can be decoded; it is damaged or cut off: "
                    "record or copy it again."
                )
        except BaseException:
            capture.release()
            raise
        self.size = (first.shape[1], first.shape[0])
        self._depth = max(1, min(_AHEAD_FRAMES, _AHEAD_BYTES // first.nbytes))
        self._opened: tuple[Any, Image, float] | None = (capture, first, stamp)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on the pictures that have come."""
        told = self._remarks.sentences()
        bare = self._path.suffix.lower() in MOTION_JPEG and self.frame_count is None
        if bare and self.fps is not None:
            words = f"{self.name} holds no times; it was read at {self.fps:g} pictures a second."
            return (words, *told)
        return told

    def frames(self, due: Due | None = None) -> Iterator[Frame]:
        """All frames, in order; or those that are wanted, the others not even converted.

        Args:
            due: tells when a frame is wanted next; one that comes before is passed over.
        """
        if due is None:
            return super().frames()
        # Not ahead of whoever decides, so in their thread: what is passed over is quick.
        return self._read(due)

    def close(self) -> None:
        """As every source; the capture that nobody has read from is released, too."""
        super().close()
        if self._opened is not None:
            self._opened[0].release()
            self._opened = None

    def _read(self, due: Due | None = None) -> Generator[Frame, None, None]:
        opened, self._opened = self._opened, None
        image: Image | None = None
        if opened is None:
            capture = self._capture()
            stamp = self._grabbed(capture)
        else:
            capture, image, stamp = opened
        clock, self._remarks = Clock(self.fps), Remarks()
        repeats = Repeats()
        self.ended_early = None
        number, time_s = 0, 0.0
        try:
            while stamp is not None:
                now_s = clock.tell(stamp)
                if due is None or now_s >= due():
                    image = self._retrieved(capture) if image is None else image
                    if image is None:
                        break
                    yield repeats.mark(Frame(image, now_s))
                    image = None
                number, time_s = number + 1, now_s
                self._remarks.see(time_s)
                stamp = self._grabbed(capture)
        finally:
            capture.release()
        self.ended_early = self._missing(number, time_s)

    def _capture(self) -> Any:
        """Open the file; what OpenCV would turn wrongly is turned here."""
        capture = _open(self._path)
        if is_mirrored(self._matrix):
            capture.set(opencv().CAP_PROP_ORIENTATION_AUTO, 0)
        return capture

    def _grabbed(self, capture: Any) -> float | None:
        """Go on to the next picture; its stamp in seconds, None at the end."""
        cv2 = opencv()
        try:
            return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000 if capture.grab() else None
        except (cv2.error, MemoryError):
            return None

    def _retrieved(self, capture: Any) -> Image | None:
        """The picture that was grabbed, with square pixels; None where it cannot be decoded."""
        cv2 = opencv()
        try:
            ok, image = capture.retrieve()
            return self._upright(image) if ok and image is not None else None
        except (cv2.error, MemoryError):
            return None

    def _upright(self, image: Image) -> Image:
        """A picture as it is to be shown."""
        if is_mirrored(self._matrix):
            image = shown(image, self._matrix)
        if self._stretch == 1.0:
            return image
        cv2 = opencv()
        height, width = image.shape[:2]
        across = max(1, round(width * self._stretch))
        stretched: Image = cv2.resize(image, (across, height), interpolation=cv2.INTER_AREA)
        return stretched

    def _missing(self, number: int, last_s: float) -> str | None:
        """Whether the file promised more than came, as a sentence.

        Both the count and the time must fall short: the count is estimated from the time
        in some containers (wrong where the frame rate varies), and the last frame may be
        shown for long.
        """
        if self.frame_count and self.duration_s and self.fps:
            end_s = last_s + 1 / self.fps
            spare_s = max(0.5, 3 / self.fps)
            if number < self.frame_count and end_s + spare_s < self.duration_s:
                return (
                    f"{self.name} ends after {end_s:.1f} of {self.duration_s:.1f} s: it is cut "
                    "off or damaged; what was seen until there is kept."
                )
        if not _gif_complete(self._path):
            return f"{self.name} is cut off; what was seen until there is kept."
        return None


def _open(path: Path) -> Any:
    cv2 = opencv()
    with native_name(path) as name:
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        raise SourceError(
            f"{path} is not a video that can be read (wrong kind of file, damaged, or cut off "
            "while it was recorded); give another, or convert it to MP4."
        )
    width, height = _get(capture, "FRAME_WIDTH"), _get(capture, "FRAME_HEIGHT")
    if not 0 < width * height <= MAX_PIXELS:
        capture.release()
        raise SourceError(
            f"{path} claims pictures of {width:.0f} x {height:.0f} pixels; "
            "it is damaged, or must be made smaller."
        )
    return capture


def _get(capture: Any, name: str) -> float:
    return float(capture.get(getattr(opencv(), f"CAP_PROP_{name}")))


def _plausible(value: float, least: float, most: float) -> float | None:
    """``value``, or None where FFmpeg gives nonsense for "unknown" (0, -1, ±2**63, NaN)."""
    return value if least <= value <= most else None


def _pixel_aspect(capture: Any, matrix: Matrix) -> float:
    """The factor of width that makes the pixels of the upright picture square.

    Angles are measured in pixels: on 4:3 pixels (common in camcorders) they would be off
    by up to 8 degrees.
    """
    down = _get(capture, "SAR_DEN")
    ratio = _get(capture, "SAR_NUM") / down if down else 0.0
    if not 0.25 <= ratio <= 4 or abs(ratio - 1) < 0.01:
        return 1.0
    turned = (
        is_turned(matrix) if is_mirrored(matrix) else _get(capture, "ORIENTATION_META") % 180 == 90
    )
    return 1 / ratio if turned else ratio


def _gif_complete(path: Path) -> bool:
    """False for a GIF without its trailer: FFmpeg only counts the frames that are there."""
    with path.open("rb") as file:
        if file.read(4) != b"GIF8":
            return True
        file.seek(-min(64, path.stat().st_size), 2)
        return file.read().rstrip(b"\0").endswith(b"\x3b")
