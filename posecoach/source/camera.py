"""Cameras of this machine.

Linux (V4L2): a camera is found by its node, told by the name its driver gives; a missing
one is refused at once, without waiting for the driver.

macOS (AVFoundation): the system asks, the first time, whether the *terminal program* may
use the camera. It can ask in the main thread only, so there the first opening happens in
the caller's thread. Refused once, it is allowed in System Settings > Privacy & Security >
Camera, and the terminal must be started again.

Windows: Media Foundation first, DirectShow second (some older cameras are there alone).
Settings > Privacy & security > Camera must allow desktop apps.
"""

import errno
import os
import re
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach.errors import SourceError
from posecoach.source.vision import opencv

_SYSFS = Path("/sys/class/video4linux")
_DEV = Path("/dev")

# linux/videodev2.h: _IOR('V', 0, struct v4l2_capability) of 104 bytes, and its bits.
_VIDIOC_QUERYCAP = 0x80685600
_CAP_VIDEO_CAPTURE = 0x1
_CAP_DEVICE_CAPS = 0x80000000


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera: the index to open it with, and its name for people."""

    index: int
    name: str


def list_cameras() -> tuple[Camera, ...]:
    """The cameras of this machine, by index.

    On Linux from the system's own list, without opening any (nodes for metadata, of which
    each camera has one, are left out). Elsewhere the system's names cannot be matched with
    OpenCV's indices, so the first four indices are tried and numbered.
    """
    if sys.platform.startswith("linux"):
        nodes = (re.fullmatch(r"video(\d+)", node.name) for node in _nodes())
        indices = sorted(int(node[1]) for node in nodes if node)
        return tuple(Camera(i, _linux_name(i)) for i in indices if _captures(i))
    found = []
    for index in range(4):
        capture = _try_open(index)
        if capture is not None:
            capture.release()
            found.append(Camera(index, f"camera {index}"))
    return tuple(found)


def find_camera(spec: int | str | None) -> Camera:
    """The camera with this index or (part of its) name; None is the first there is.

    Raises:
        SourceError: there is none, or no such.
    """
    if not sys.platform.startswith("linux"):
        if isinstance(spec, str):
            raise SourceError(
                f"There is no file {spec}; a camera is chosen by its number here (0, 1, ...)."
            )
        index = spec or 0
        return Camera(index, f"camera {index}")
    cameras = list_cameras()
    if not cameras:
        raise SourceError(
            "No camera was found; plug one in, or give a video, a folder of photos or a "
            "stream's address with --source."
        )
    if spec is None:
        return cameras[0]
    for camera in cameras:
        if spec == camera.index:
            return camera
        if isinstance(spec, str) and spec.lower() in camera.name.lower():
            return camera
    there = ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
    raise SourceError(f"There is no camera {spec}; there is {there}.")


def opener(camera: Camera, size: tuple[int, int], fps: float) -> Callable[[], Any]:
    """A function that opens the camera, asking for this size (width, height) and rate.

    What the camera really delivers is seen at its frames. Motion JPEG is asked for because
    raw pictures of more than 640 x 480 do not fit through USB 2 at 30 a second. It raises
    SourceError if the camera cannot be opened.
    """

    def open_camera() -> Any:
        _check_access(camera)
        capture = _try_open(camera.index)
        if capture is None:
            raise SourceError(_refusal(camera))
        cv2 = opencv()
        if sys.platform != "darwin":
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        capture.set(cv2.CAP_PROP_FPS, fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    return open_camera


def _try_open(index: int) -> Any:
    cv2 = opencv()
    backends = {
        "linux": (cv2.CAP_V4L2,),
        "darwin": (cv2.CAP_AVFOUNDATION,),
        "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW),
    }
    for backend in backends.get(sys.platform, (cv2.CAP_ANY,)):
        capture = cv2.VideoCapture(index, backend)
        if capture.isOpened():
            return capture
        capture.release()
    return None


def _refusal(camera: Camera) -> str:
    if sys.platform == "darwin":
        return (
            f"The {camera.name} cannot be opened; allow your terminal to use it in System "
            "Settings > Privacy & Security > Camera, then start the terminal again."
        )
    if sys.platform == "win32":
        return (
            f"The {camera.name} cannot be opened; plug it in, close programs that use it, and "
            "allow desktop apps in Settings > Privacy & security > Camera."
        )
    return (
        f"The camera {camera.name} cannot be opened; it is probably in use: close the other "
        "program, or plug it in again."
    )


def _check_access(camera: Camera) -> None:
    """Tell on Linux why a camera's node cannot be used; OpenCV only says that."""
    if not sys.platform.startswith("linux"):
        return
    node = _DEV / f"video{camera.index}"
    try:
        os.close(os.open(node, os.O_RDWR | os.O_NONBLOCK))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            raise SourceError(
                f"You are not allowed to use the camera {camera.name}; run "
                '"sudo usermod -aG video $USER" and log in again.'
            ) from error
        if error.errno == errno.EBUSY:
            raise SourceError(_refusal(camera)) from error
        raise SourceError(f"The camera {camera.name} is gone; plug it in again.") from error


def _nodes() -> list[Path]:
    try:
        return list(_DEV.iterdir())
    except OSError:
        return []


def _linux_name(index: int) -> str:
    try:
        name = (_SYSFS / f"video{index}" / "name").read_text(errors="replace").strip()
    except OSError:
        name = ""
    return name or f"camera {index}"


def _captures(index: int) -> bool:
    """Whether the node gives pictures: asked of the driver, else told by its place."""
    try:
        import fcntl

        node = os.open(_DEV / f"video{index}", os.O_RDWR | os.O_NONBLOCK)
        try:
            answer = bytearray(104)
            fcntl.ioctl(node, _VIDIOC_QUERYCAP, answer)
        finally:
            os.close(node)
        whole, own = struct.unpack_from("=II", answer, 84)
        return bool((own if whole & _CAP_DEVICE_CAPS else whole) & _CAP_VIDEO_CAPTURE)
    except (ImportError, OSError):
        pass
    try:
        return (_SYSFS / f"video{index}" / "index").read_text().strip() == "0"
    except OSError:
        return True
