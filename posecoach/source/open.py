"""From what the user wrote to a source."""

import math
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from posecoach.errors import SourceError
from posecoach.source import camera, stream
from posecoach.source.live import LiveSource
from posecoach.source.photos import PhotoSource, photos_in
from posecoach.source.recorded import VideoSource
from posecoach.source.sniff import MOTION_JPEG, kind_of, read_head
from posecoach.source.source import Source
from posecoach.writing import readable


def open_source(
    spec: str | None = None,
    *,
    size: tuple[int, int] = (1280, 720),
    fps: float = 30.0,
    live_timeout_s: float = 5.0,
    retry_s: float = 0.0,
) -> Source:
    """Open a camera, stream, recording or photos; the first picture has been seen when
    this returns.

    Args:
        spec: None for the first camera; a camera's number ("1"), device ("/dev/video2") or
            part of its name; a video, GIF or photo; a folder of photos; a stream's address
            (http, https, rtsp, ...).
        size: (width, height) to ask a camera for; what came is in the source's ``size``.
        fps: frames per second to ask a camera for.
        live_timeout_s: a camera or stream silent for so long counts as lost.
        retry_s: how long a lost camera or stream is tried again; 0 ends at once.

    Raises:
        SourceError: it cannot be opened or read, or a size, rate or time can be none; one
            sentence with what to do.
    """
    if min(size) < 1:
        raise SourceError(f"A picture's size is at least 1 by 1, not {size[0]} by {size[1]}.")
    if not (math.isfinite(fps) and fps > 0):
        raise SourceError(f"The frames per second are a positive number, not {fps}.")
    if not (math.isfinite(live_timeout_s) and live_timeout_s > 0 and retry_s >= 0):
        raise SourceError("The time to wait for a camera must be a positive number of seconds.")
    if spec is not None:
        _check(spec)
        if stream.is_url(spec):
            if not spec.lower().startswith("file://"):
                return _open_stream(spec, live_timeout_s, retry_s)
            spec = unquote(urlsplit(spec).path)
    found = _path_or_camera(spec)
    if isinstance(found, Path):
        return _open_path(found)
    open_camera = camera.opener(found, size, fps)
    return LiveSource(
        found.name,
        f"The camera {found.name}".replace("camera camera", "camera"),
        open_camera,
        mirror_display=True,
        live_timeout_s=live_timeout_s,
        retry_s=retry_s,
        opened=open_camera() if sys.platform == "darwin" else None,
    )


def _check(spec: str) -> None:
    """Refuse what can be neither a camera's name nor a path nor an address."""
    if not spec.strip():
        raise SourceError("The source is empty; give a camera's number, a file or an address.")
    if "\0" in spec:
        raise SourceError("The source holds a zero character; give a path or an address.")
    if stream.is_url(spec) and readable(spec) != spec:
        raise SourceError("The address holds what is no letter; write it with %-signs.")


def _open_stream(address: str, live_timeout_s: float, retry_s: float) -> LiveSource:
    name = stream.public_name(stream.split(address))
    return LiveSource(
        name,
        f"The stream {name}",
        stream.opener(address, live_timeout_s),
        mirror_display=False,
        live_timeout_s=live_timeout_s,
        retry_s=retry_s,
    )


def _path_or_camera(spec: str | None) -> Path | camera.Camera:
    """Tell which of the two was meant: what is there, or looks like a path, is one."""
    chosen = None if spec is None else _camera_index(spec)
    if spec is None or chosen is not None:
        return camera.find_camera(chosen)
    path = Path(spec).expanduser()
    if _exists(path) or _looks_like_path(spec):
        return path
    try:
        return camera.find_camera(spec)
    except SourceError:
        raise SourceError(f"There is no file, folder or camera {spec}; check the path.") from None


def _open_path(path: Path) -> Source:
    if _is_folder(path):
        return PhotoSource(path.resolve().name or str(path), photos_in(path))
    kind = kind_of(read_head(path))
    moving = path.suffix.lower() in MOTION_JPEG
    if kind in ("photo", "heic") and not moving:
        return PhotoSource(path.name, (path,))
    if kind == "text":
        raise SourceError(f"{path} is a text file; give a video, a photo or a folder of photos.")
    video = VideoSource(path)
    if kind == "gif" and video.frame_count == 1:
        video.close()
        return PhotoSource(path.name, (path,))
    return video


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # not allowed to look, or a name too long: read_head says which
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _looks_like_path(spec: str) -> bool:
    return "/" in spec or "\\" in spec or bool(Path(spec).suffix)


def _camera_index(spec: str) -> int | None:
    """The index in "1" or "/dev/video1" (and links to it); None if it is no camera."""
    if re.fullmatch(r"[0-9]{1,3}", spec):
        return int(spec)
    if spec.startswith("/dev/"):
        device = re.fullmatch(r"/dev/video(\d+)", str(Path(spec).resolve()))
        return int(device[1]) if device else None
    return None
