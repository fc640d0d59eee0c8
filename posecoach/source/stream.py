"""Streams: cameras elsewhere, by their address (Motion JPEG over HTTP, RTSP, ...)."""

import http.client
import re
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from posecoach.errors import SourceError
from posecoach.source.vision import opencv

SCHEMES = ("http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "rtp", "srt", "tcp", "udp")
_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322, "rtmp": 1935, "rtmps": 443}
_LOOK_S = 3.0
"""Seconds an address may take to answer, while somebody waits for what is said of it."""


def is_url(spec: str) -> bool:
    """Whether it begins as an address does, of whatever kind."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", spec) is not None


def split(url: str) -> SplitResult:
    """The parts of a stream's address.

    Raises:
        SourceError: it is not one, or of a kind that is not read.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError(f"{url} is not a valid address ({error}).") from error
    if parts.scheme not in SCHEMES:
        raise SourceError(
            f"Streams by {parts.scheme}:// cannot be read; use http://, https:// or rtsp://."
        )
    if not host:
        raise SourceError(f"{url} names no host; write it like http://192.168.1.20:8080/video.")
    return parts


def public_name(parts: SplitResult) -> str:
    """The address without user, password and query, which may hold secrets."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def opener(url: str, timeout_s: float) -> Callable[[], Any]:
    """A function that opens the stream, waiting at most so long for it and each frame.

    It raises SourceError if the stream cannot be opened.
    """
    parts = split(url)

    def open_stream() -> Any:
        cv2 = opencv()
        wait_ms = max(1, int(timeout_s * 1000))
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, wait_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, wait_ms]
        capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
        if not capture.isOpened():
            capture.release()
            raise SourceError(_refusal(parts))
        # Frames of a recording would come as fast as they load: no times, no order.
        if 0 < capture.get(cv2.CAP_PROP_FRAME_COUNT) < 1e9:
            capture.release()
            raise SourceError(
                f"{public_name(parts)} is a recording, not a live stream; download it and give "
                "the file."
            )
        return capture

    return open_stream


def _refusal(parts: SplitResult) -> str:
    """Why a stream could not be opened: FFmpeg knows and does not tell, so look again."""
    name = public_name(parts)
    port = parts.port or _PORTS.get(parts.scheme)
    if port is not None and parts.scheme not in ("rtp", "srt", "udp"):
        try:
            with socket.create_connection((parts.hostname or "", port), timeout=_LOOK_S):
                pass
        except socket.gaierror:
            return f"The host of {name} is not known; check the address."
        except TimeoutError:
            return f"{name} does not answer; check the address and that the camera is on."
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return f"{name} cannot be reached ({reason}); check that the camera is on."
    if parts.scheme in ("http", "https"):
        status = _http_status(parts, port or 80)
        if status in (401, 403):
            return f"{name} asks for a user and password; write http://USER:PASSWORD@HOST/..."
        if status is not None and status >= 400:
            return f"{name} answers with error {status}; check the address."
    return f"{name} sends no video that can be read; check the address in a browser or player."


def _http_status(parts: SplitResult, port: int) -> int | None:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", port, timeout=_LOOK_S)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
