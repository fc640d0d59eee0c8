"""A PoseCoach served as a person starts it, and requests to it as programs make them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

START_S = 60
RATE = 30
"""Pictures a second at which Chromium's fake camera plays MJPEG."""


def chromium(play: Playwright, camera: Path | None, *flags: str) -> Browser:
    """Start Chromium; its camera plays a file of MJPEG, or there is none."""
    arguments = ["--no-sandbox", *flags]
    if camera is not None:
        arguments += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ]
    return play.chromium.launch(executable_path=CHROMIUM, args=arguments)


@dataclass
class Served:
    """A running server, and what a browser that was let in holds."""

    process: subprocess.Popen[str]
    address: str
    root: str = ""
    cookie: str = ""

    @property
    def port(self) -> int:
        found = re.match(r"http://127\.0\.0\.1:(\d+)/", self.address)
        assert found, self.address
        return int(found[1])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def enter(self) -> None:
        """Spend the token, as a browser does."""
        answer, text = self.ask("GET", self.address.removeprefix(self.origin), known=False)
        assert answer.status == 200, text
        cookie = answer.headers["set-cookie"]
        self.cookie = cookie.partition(";")[0]
        found = re.search(r"Path=(/[0-9a-f]+)", cookie)
        assert found
        self.root = found[1]

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        known: bool = True,
    ) -> tuple[HTTPResponse, str]:
        """One request; ``known`` sends the cookie and our own origin."""
        sent = {"Cookie": self.cookie, "Origin": self.origin} if known else {}
        sent |= headers or {}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


@contextmanager
def served(data: Path, *options: str, own: Path | None = None) -> Iterator[Served]:
    """``posecoach app`` on a free port, with sessions kept in ``data``.

    Args:
        own: the user's data folder, with exercises of their own.
    """
    command = [sys.executable, "-m", "posecoach", "app", "--no-browser", "--data-dir", str(data)]
    if "--port" not in options:
        command += ["--port", "0"]
    process = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ({"XDG_DATA_HOME": str(own)} if own is not None else {}),
    )
    try:
        assert process.stdout is not None
        yield Served(process, process.stdout.readline().strip())
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def camera_file(path: Path, clips: list[tuple[Path, float, float, float]]) -> Path:
    """What the fake camera shows: parts of clips, one after the other.

    Args:
        clips: of each the clip, how long its first picture stands still before it, and the
            seconds of it from and to which it is shown.
    """
    with path.open("wb") as file:
        for clip, still_s, begin_s, end_s in clips:
            capture = cv2.VideoCapture(str(clip))
            fps = capture.get(cv2.CAP_PROP_FPS)
            number = written = 0
            while True:
                there, image = capture.read()
                if not there or number / fps >= end_s:
                    break
                number += 1
                if number / fps <= begin_s:
                    continue
                _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 88])
                while written < (still_s + number / fps - begin_s) * RATE:
                    file.write(packed.tobytes())
                    written += 1
            capture.release()
    return path
