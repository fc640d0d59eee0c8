"""A camera for tests: serves frames as a live MJPEG stream on loopback.

    with serve("clip.mp4", fps=None) as camera:
        posecoach run wall-stretch --source camera.url

It behaves as a camera does: its clock starts with the first client and runs on whether
or not anyone looks; a client gets the picture of now, never one that it has missed.
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

BOUNDARY = b"posecoach"
_HEADER = (
    b"HTTP/1.0 200 OK\r\nConnection: close\r\nCache-Control: no-cache\r\n"
    b"Content-Type: multipart/x-mixed-replace; boundary=" + BOUNDARY + b"\r\n\r\n"
)


def clip_frames(path: Path | str) -> tuple[list[np.ndarray], float]:
    """All frames of a clip, and its frames per second."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    fps = capture.get(cv2.CAP_PROP_FPS)
    frames = []
    while True:
        ok, frame = capture.read()
        if not ok:
            break
        frames.append(frame)
    capture.release()
    return frames, fps


class Camera:
    """The served stream.

    Attributes:
        url: where it is.
        connections: how many clients have come so far.
        started: ``time.monotonic()`` of its first frame, None before the first client.
    """

    def __init__(
        self,
        pictures: list[bytes],
        fps: float,
        stop_after: float | None,
        pause: tuple[float, float] | None,
        drop: bool,
        loop: bool,
    ) -> None:
        self.pictures, self.fps = pictures, fps
        self.stop_after, self.pause, self.drop, self.loop = stop_after, pause, drop, loop
        self.connections = 0
        self.started: float | None = None
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/stream.mjpg"
        self._threads: list[threading.Thread] = []
        self._spawn(self._accept)

    def close(self) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join()

    def _spawn(self, target, *args) -> None:  # type: ignore[no-untyped-def]
        thread = threading.Thread(target=target, args=args, name="mjpeg", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._listener:
            while not self._closing.is_set() and not self._over():
                try:
                    client, _ = self._listener.accept()
                except TimeoutError:
                    continue
                self.connections += 1
                if self.started is None:
                    self.started = time.monotonic()
                self._spawn(self._feed, client)

    def _now(self) -> float:
        return 0.0 if self.started is None else time.monotonic() - self.started

    def _over(self) -> bool:
        now = self._now()
        if self.stop_after is not None and now >= self.stop_after:
            return True
        return not self.loop and self._index(now) >= len(self.pictures)

    def _index(self, now: float) -> int:
        """Which picture is taken at ``now``; the scene waits while the camera is away."""
        if self.pause is not None and now > self.pause[0]:
            now = max(self.pause[0], now - self.pause[1])
        return int(now * self.fps)

    def _away(self) -> bool:
        return self.pause is not None and self.pause[0] <= self._now() < sum(self.pause)

    def _feed(self, client: socket.socket) -> None:
        last = -1
        with client:
            try:
                client.settimeout(5)
                client.recv(4096)
                if self._away() and self.drop:
                    return
                client.sendall(_HEADER)
                while not self._closing.is_set() and not self._over():
                    if self._away():
                        if self.drop:
                            return
                    elif (index := self._index(self._now())) > last:
                        last = index
                        picture = self.pictures[index % len(self.pictures)]
                        client.sendall(
                            b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                            % (BOUNDARY, len(picture))
                            + picture
                            + b"\r\n"
                        )
                    self._closing.wait(0.2 / self.fps)
            except OSError:
                return  # the client has gone


@contextmanager
def serve(
    frames: Iterable[np.ndarray] | Path | str,
    fps: float | None = None,
    stop_after: float | None = None,
    pause: tuple[float, float] | None = None,
    *,
    drop: bool = True,
    loop: bool = False,
    quality: int = 95,
) -> Iterator[Camera]:
    """Serve ``frames`` (BGR arrays, or the path of a clip) at ``fps``, a clip's own by default.

    Args:
        stop_after: seconds from the first client after which the camera is gone for good:
            connections are closed and new ones refused. It also goes when the frames are
            all shown, unless ``loop``.
        pause: (when, how long) in seconds: the camera goes away and comes back; the scene
            waits for it, so that no frame is lost.
        drop: whether a pause closes the connections, or just sends nothing.
    """
    if isinstance(frames, str | Path):
        frames, own = clip_frames(frames)
        fps = fps or own
    pictures = []
    for frame in frames:
        ok, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
        assert ok
        pictures.append(data.tobytes())
    camera = Camera(pictures, fps or 30.0, stop_after, pause, drop, loop)
    try:
        yield camera
    finally:
        camera.close()
