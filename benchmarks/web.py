"""How far the page reaches: python -m benchmarks.web

In one run, with the same clip: how old a picture is when it is drawn in the page, and what of that
is the model's; what the server spends on a picture beside what the window's path spends; how soon
the first page is there beside ``posecoach --version``; what memory does over minutes.

Chromium is needed, and Playwright (the extra ``dev``). What must hold:

- captured to drawn: the median within inference + one frame + 25 ms, 95 % within inference + two;
- the server's CPU a picture within 1.25 of the window's path, which is given as many pictures a
  second: either looks at as many of them as the movement needs;
- the first page within 3 times ``posecoach --version``;
- memory at the end within 5 % of that after a quarter of the run (20 minutes: 5).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from posecoach.cli import options
from posecoach.cli.demo import CLIP
from posecoach.data import data_dir
from posecoach.plan.plan import make_plan
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.live import LiveCoaching
from posecoach.practice.practice import Part, Practice
from posecoach.screen.paint import paint
from posecoach.screen.scene import Steadier, scene
from posecoach.session.eyes import Eyes
from posecoach.source.frame import Frame
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.web.house import House
from posecoach.web.practice_work import PracticeWork
from posecoach.web.serving import listening, serve
from tests.helpers.web import chromium

RATE = 30
"""Pictures a second at which Chromium's fake camera plays MJPEG."""

WINDOW = (1280, 720)
WARM_UP = 30
"""Pictures left out at the beginning: the model's first ones are slow."""

EXERCISE = "wall-stretch"
START_S = 120.0


@dataclass
class Clock:
    """What was measured on our side of one way.

    Attributes:
        inference: seconds of each picture that was looked at in the model.
        cpu: seconds of this process's CPU, before the first and after the last picture.
        pictures: that were drawn meanwhile.
        seconds: that it took.
    """

    inference: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    pictures: int = 0
    seconds: float = 0.0

    def each(self) -> float:
        """CPU seconds a picture drawn."""
        return (self.cpu[1] - self.cpu[0]) / max(1, self.pictures)

    def looked(self) -> float:
        """The share of the pictures drawn that was looked at."""
        return len(self.inference) / max(1, self.pictures)


@contextmanager
def timed_eyes(clock: Clock) -> Iterator[None]:
    """Let every look be timed."""
    plain = Eyes.see

    def timed(self: Eyes, frame: Frame) -> Any:
        began = time.perf_counter()
        found = plain(self, frame)
        clock.inference.append(time.perf_counter() - began)
        return found

    Eyes.see = timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        Eyes.see = plain  # type: ignore[method-assign]


def camera_file(clip: Path, path: Path) -> None:
    """The clip as the fake camera shows it."""
    capture = cv2.VideoCapture(str(clip))
    fps = capture.get(cv2.CAP_PROP_FPS)
    number = written = 0
    with path.open("wb") as file:
        while True:
            there, image = capture.read()
            if not there:
                break
            number += 1
            _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])
            while written < number / fps * RATE:
                file.write(packed.tobytes())
                written += 1
    capture.release()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[House, str]]:
    """A server in this process, so that its parts can be timed."""
    house = House(folder)
    opened = listening(0)
    address: list[str] = []
    told = threading.Event()

    def tell(where: str) -> None:
        address.append(where)
        told.set()

    thread = threading.Thread(target=_serve, args=(house, opened, tell), daemon=True)
    thread.start()
    told.wait(30)
    try:
        yield house, address[0]
    finally:
        house.ending = True
        thread.join(30)
        opened.close()


def _serve(house: House, opened: socket.socket, tell: Callable[[str], None]) -> None:
    serve(house, opened, tell)


def in_the_page(
    clip: Path, seconds: float, clock: Clock
) -> tuple[list[dict[str, float]], list[int]]:
    """Practise in Chromium for so long: the times of each picture drawn, and memory by the way."""
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp(prefix="posecoach-web-"))
    camera = folder / "camera.mjpeg"
    camera_file(clip, camera)
    memory: list[int] = []
    listen = "window.times=[];addEventListener('posecoach-drawn',e=>times.push(e.detail))"
    with serving(folder / "data") as (house, address), sync_playwright() as play:
        browser = chromium(play, camera)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(listen)
        page.goto(address)
        page.wait_for_selector("#cards")
        plan = make_plan(options.find_exercise(EXERCISE, None), repetitions=1000)
        work = PracticeWork((Part(plan),), "wall stretch", Saving(house.folder), setup=False)
        house.begin(work)
        page.goto(f"{address.partition('/enter/')[0]}{house.root}/practise/now")
        until = time.monotonic() + START_S
        while page.evaluate("times.length") < WARM_UP and time.monotonic() < until:
            page.wait_for_timeout(200)
        page.evaluate("times.length = 0")
        clock.inference.clear()
        began, before = time.monotonic(), time.process_time()
        while time.monotonic() - began < seconds:
            page.wait_for_timeout(min(5000, 1000 * seconds))
            memory.append(_resident())
        clock.cpu = [before, time.process_time()]
        clock.seconds = time.monotonic() - began
        times: list[dict[str, float]] = page.evaluate("times")
        clock.pictures = len(times)
        browser.close()
    shutil.rmtree(folder, ignore_errors=True)
    return times, memory


def _resident() -> int:
    """Bytes of memory this process holds; 0 where the system does not tell."""
    try:
        text = Path("/proc/self/statm").read_text(encoding="ascii")
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


class Camera:
    """A camera of the window's: JPEG pictures at a rate, of which a late one is gone."""

    name, live, static, mirror_display = "camera", True, False, True
    frame_count = duration_s = ended_early = None
    remarks: tuple[str, ...] = ()

    def __init__(self, clip: Path, rate: float) -> None:
        with tempfile.TemporaryDirectory(prefix="posecoach-web-") as folder:
            camera_file(clip, Path(folder) / "camera.mjpeg")
            data = (Path(folder) / "camera.mjpeg").read_bytes()
        begin = b"\xff\xd8\xff"
        self._packed = [begin + each for each in data.split(begin) if each]
        self._rate = rate
        self.fps: float | None = rate
        self.started_monotonic = time.monotonic()
        self.size = self._picture(0).shape[1::-1]

    def _picture(self, number: int) -> Any:
        shown = round(number * RATE / self._rate) % len(self._packed)
        packed = np.frombuffer(self._packed[shown], np.uint8)
        return cv2.imdecode(packed, cv2.IMREAD_COLOR)

    def watch(self) -> Iterator[Frame]:
        """The newest picture, when it is there."""
        self.started_monotonic = time.monotonic()
        number = 0
        while True:
            gone_s = time.monotonic() - self.started_monotonic
            number = max(number + 1, int(gone_s * self._rate))
            time.sleep(max(0.0, number / self._rate - gone_s))
            yield Frame(self._picture(number), number / self._rate)


class Unseen:
    """A window that draws all that a window draws and shows it to nobody; closed at the end."""

    def __init__(self, pictures: int, clock: Clock) -> None:
        self._pictures, self._clock = pictures, clock
        self._shown = 0
        self._steady = Steadier()
        self._places: dict[str, int] = {}

    @property
    def closed(self) -> bool:
        return self._shown >= self._pictures + WARM_UP

    def show(self, what: Any, practice: Any = None) -> None:
        """Draw a moment."""
        paint(self._steady.update(scene(what, practice)), what, WINDOW, self._places)
        self._shown += 1
        if self._shown == WARM_UP:
            self._clock.inference.clear()
            self._clock.cpu = [time.process_time()]
        elif self.closed:
            self._clock.cpu.append(time.process_time())
            self._clock.pictures = self._shown - WARM_UP

    def keys(self, wait_ms: int = 1) -> list[Any]:
        """Nobody presses any."""
        return []


def before_the_window(clip: Path, pictures: int, rate: float, clock: Clock) -> None:
    """The window's path, from the camera's JPEG to the painted picture, at the page's rate.

    The same loop, and the same eyes: how many of the pictures are looked at is their own choice
    in both, and at another rate would be another share.
    """
    plan = make_plan(options.find_exercise(EXERCISE, None), repetitions=1000)
    masks = plan.needs_mask
    with (
        tempfile.TemporaryDirectory(prefix="posecoach-web-") as folder,
        Eyes(options.find_model(None), masks=masks) as eyes,
        Recording(Saving(Path(folder) / "data"), source="camera") as recording,
    ):
        practice = KeptPractice(
            Practice([Part(plan)], "camera", mirror=True, setup=False), recording
        )
        camera: Any = Camera(clip, rate)
        LiveCoaching(practice, camera, Unseen(pictures, clock)).run(eyes)


def first_page(folder: Path) -> tuple[float, float]:
    """Seconds from the start of ``posecoach app`` to the page at its address, and to the next."""
    command = [sys.executable, "-m", "posecoach", "app", "--no-browser", "--port", "0"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    found = re.match(r"http://127\.0\.0\.1:(\d+)(/enter/.*)", address)
    assert found, address
    connection = HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
    connection.request("GET", found[2])
    answer = connection.getresponse()
    answer.read()
    first = time.perf_counter() - began
    given = answer.getheader("set-cookie") or ""
    root = re.search(r"Path=([^;]+)", given)
    assert root
    connection.request("GET", f"{root[1]}/", headers={"Cookie": given.partition(";")[0]})
    assert b"What do you want" in connection.getresponse().read()
    second = time.perf_counter() - began
    process.terminate()
    process.wait(20)
    return first, second


def version() -> float:
    """Seconds of ``posecoach --version``."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "posecoach", "--version"], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clip", type=Path, default=data_dir("demo") / CLIP)
    parser.add_argument("--seconds", type=float, default=60, help="of practice; 1200 for memory")
    parser.add_argument("--starts", type=int, default=5)
    given = parser.parse_args()
    clock, ours = Clock(), Clock()
    with timed_eyes(clock):
        times, memory = in_the_page(given.clip, given.seconds, clock)
    inference = median(clock.inference)
    old = np.array([each["drawn"] - each["captured"] for each in times]) / 1000
    frame = 1 / RATE
    rate = len(times) / clock.seconds
    with timed_eyes(ours):
        before_the_window(given.clip, min(600, max(60, len(times))), rate, ours)
    page, window = clock.each(), ours.each()
    with tempfile.TemporaryDirectory() as folder:
        starts = [first_page(Path(folder)) for _ in range(given.starts)]
    versions = [version() for _ in range(given.starts)]
    within = float(np.mean(old <= inference + 2 * frame)) if old.size else 0.0
    print(f"{len(times)} pictures drawn in {clock.seconds:.0f} s, {os.cpu_count()} processors")
    print(f"inference, median               {1000 * inference:7.1f} ms")
    print(
        f"captured to drawn, median       {1000 * float(np.median(old)):7.1f} ms"
        f"   (limit {1000 * (inference + frame) + 25:.1f})"
    )
    print(f"within inference + two frames   {100 * within:7.1f} %    (limit 95)")
    print(
        f"server's CPU a picture          {1000 * page:7.1f} ms   "
        f"({page / window:.2f} of the window's {1000 * window:.1f}; limit 1.25)"
    )
    print(
        f"looked at                       {100 * clock.looked():7.1f} %    "
        f"(the window {100 * ours.looked():.1f})"
    )
    usual = median(versions)
    for name, spent in (
        ("first page", [first for first, _ in starts]),
        ("what to practise", [second for _, second in starts]),
    ):
        print(
            f"{name:<31} {median(spent):7.2f} s    "
            f"({median(spent) / usual:.1f} of --version's {usual:.2f}; limit 3)"
        )
    if memory and memory[0]:
        quarter, last = memory[len(memory) // 4], memory[-1]
        print(
            f"memory                          {last / 1e6:7.0f} MB   "
            f"({last / quarter:.3f} of that after a quarter; limit 1.05)"
        )


if __name__ == "__main__":
    main()
