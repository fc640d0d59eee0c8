"""Photos: one, or a folder of them."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import SourceError
from posecoach.source.frame import Frame
from posecoach.source.prefetch import PrefetchedSource
from posecoach.source.sniff import kind_of, read_head
from posecoach.source.vision import MAX_PIXELS, opencv
from posecoach.writing import readable

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif"})


def read_photo(path: Path) -> NDArray[np.uint8]:
    """A photo as (height, width, 3) uint8 BGR, upright (EXIF orientation applied).

    Raises:
        SourceError: it is missing, no picture, damaged or absurdly large.
    """
    head = read_head(path)
    if kind_of(head) == "heic":
        raise SourceError(f"{path} is a HEIC photo, which cannot be read; save it as JPEG.")
    cv2 = opencv()
    try:
        # Not imread: it cannot open names outside the code page on Windows.
        data = np.frombuffer(path.read_bytes(), np.uint8)
        image: NDArray[np.uint8] | None = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error as error:
        if "CV_IO_MAX_IMAGE" in str(error):
            raise SourceError(
                f"{path} is larger than {MAX_PIXELS // 1_000_000} megapixels; make it smaller."
            ) from error
        image = None
    except (OSError, MemoryError) as error:
        raise SourceError(f"{path} cannot be read ({error}); check the file.") from error
    if image is None:
        raise SourceError(f"{path} is damaged or not a photo; save it again as JPEG or PNG.")
    return image


def photos_in(folder: Path) -> tuple[Path, ...]:
    """The photos of a folder (not of folders in it), sorted by name.

    Raises:
        SourceError: the folder has none, or may not be read, or one of them is no photo
            (told now and not after half of the work).
    """
    try:
        paths = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        )
    except OSError as error:
        raise SourceError(
            f"The folder {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error
    if not paths:
        raise SourceError(
            f"There are no photos (JPEG, PNG, WebP) in the folder {folder}; "
            "give a folder of photos, or a video file itself."
        )
    for path in paths:
        if kind_of(read_head(path)) != "photo":
            raise SourceError(f"{path} is not a photo; take it out of the folder.")
    return tuple(paths)


class PhotoSource(PrefetchedSource):
    """Photos as a source: one frame each, named, at 0, 1, 2, ... seconds."""

    live = False
    static = True
    mirror_display = False
    fps: float | None = None
    duration_s: float | None = None
    ended_early: str | None = None
    remarks: tuple[str, ...] = ()
    started_monotonic: float | None = None

    def __init__(self, name: str, paths: tuple[Path, ...]) -> None:
        super().__init__()
        self.name = readable(name)
        self._paths = paths
        self.frame_count: int | None = len(paths)
        first = read_photo(paths[0])
        self.size = (first.shape[1], first.shape[0])

    def _read(self) -> Generator[Frame, None, None]:
        for number, path in enumerate(self._paths):
            yield Frame(read_photo(path), float(number), readable(path.name))
