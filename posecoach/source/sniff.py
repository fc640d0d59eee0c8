"""What a file is, by its first bytes: names lie."""

from pathlib import Path
from typing import Literal

from posecoach.errors import SourceError
from posecoach.kinds import AVIF, GIF, HEIC, PHOTO

Kind = Literal["photo", "gif", "heic", "text", "other"]


MOTION_JPEG = (".mjpeg", ".mjpg")
"""Names of photos one after the other in one file. By the first bytes it is the first of them; and
that others follow tells nothing, as phones put a second picture behind a photo."""


def read_head(path: Path) -> bytes:
    """The first bytes of a file that can hold pictures.

    Raises:
        SourceError: it is missing, not a regular file, not readable, empty.
    """
    try:
        # Before opening: opening a pipe without a writer waits for ever.
        if not path.is_file():
            if path.exists():
                raise SourceError(f"{path} is not a file; give a video, a photo or a folder.")
            raise SourceError(f"There is no file {path}; check the path.")
        with path.open("rb") as file:
            head = file.read(1024)
    except PermissionError as error:
        raise SourceError(
            f"You are not allowed to read {path}; change its permissions or copy it."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} cannot be read ({reason}); check the path.") from error
    if not head:
        raise SourceError(f"{path} is empty (0 bytes); record or copy it again.")
    return head


def kind_of(head: bytes) -> Kind:
    """Tell pictures from the rest by their signatures."""
    if head.startswith(GIF):
        return "gif"
    if head.startswith(PHOTO):
        return "photo"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "photo"
    if head[4:8] == b"ftyp" and head[8:12] in AVIF:
        return "photo"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return "heic"
    if not any(byte < 9 or byte == 127 for byte in head):
        return "text"  # no container is free of control characters in its header
    return "other"
