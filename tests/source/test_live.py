"""Live sources: the newest frame, losses, and endings; with a made device and a real stream."""

import http.server
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.errors import SourceError
from posecoach.source import Frame, Waiting, live, open_source
from posecoach.source.live import LiveSource
from tests.helpers.mjpeg import serve
from tests.helpers.places import DATA

RECORDINGS = DATA / "source"


def coded(number: int) -> np.ndarray:
    """A picture that says which it is: ten bars, one a bit."""
    bits = [255 * (number >> bit & 1) for bit in range(10)]
    return np.repeat(np.repeat(np.uint8(bits)[None, :, None], 16, 1), 64, 0).repeat(3, 2)


def number_of(image: np.ndarray) -> int:
    return sum(1 << bit for bit in range(10) if image[32, 16 * bit + 8].mean() > 128)


def threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("posecoach-")]


def until(condition: Callable[[], object]) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")


class Device:
    """A camera in the hands of the test: gives a frame when told, blocks else."""

    def __init__(self) -> None:
        self.todo: queue.Queue[int | None] = queue.Queue()
        self.number = -1
        self.grabbed: dict[int, float] = {}
        self.opened = self.released = 0
        self.refuse = False

    def open(self) -> "Device":
        self.opened += 1
        if self.refuse:
            raise SourceError("The device cannot be opened.")
        return self

    def grab(self) -> bool:
        item = self.todo.get()
        if item is None:
            return False
        self.number = item
        self.grabbed[item] = time.monotonic()
        return True

    def retrieve(self) -> tuple[bool, np.ndarray]:
        return True, coded(self.number)

    def get(self, _: int) -> float:
        return 30.0

    def release(self) -> None:
        self.released += 1

    def source(self, **options: float) -> LiveSource:
        options = {"live_timeout_s": 60.0} | options
        return LiveSource("device", "The device", self.open, mirror_display=True, **options)

    def give(self, source: LiveSource, *numbers: int) -> None:
        for number in numbers:
            self.todo.put(number)
        until(lambda: source._grabber.image is not None and self.todo.empty())
        until(lambda: number_of(source._grabber.image) == numbers[-1])  # type: ignore[arg-type]


@pytest.fixture
def device() -> Iterator[Device]:
    device = Device()
    device.todo.put(0)
    yield device
    for _ in range(20):
        device.todo.put(None)  # let every thread go
    until(lambda: not threads())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_AGAIN_S", 0.02)
    monkeypatch.setattr(live, "_HEARTBEAT_S", 0.02)
    monkeypatch.setattr(live, "_JOIN_S", 0.05)


def test_the_newest_frame_with_the_time_of_its_capture(device: Device) -> None:
    with device.source() as source:
        assert (source.live, source.static, source.mirror_display) == (True, False, True)
        assert (source.size, source.fps, source.frame_count) == ((160, 64), 30, None)
        assert source.started_monotonic is None
        frames = source.frames()
        first = next(frames)
        assert (number_of(first.image), first.time_s) == (0, 0.0)
        device.give(source, 1, 2, 3, 4)
        fourth = next(frames)
        assert number_of(fourth.image) == 4  # 1 to 3 are gone
        device.todo.put(5)
        fifth = next(frames)
        assert source.started_monotonic is not None
        for frame, later in ((fourth, 5), (fifth, None)):
            captured = source.started_monotonic + frame.time_s
            assert captured >= device.grabbed[number_of(frame.image)]
            assert captured <= (device.grabbed[later] if later else time.monotonic())
        device.todo.put(None)
        assert list(frames) == []


def test_what_came_before_the_end_is_still_handed_over(device: Device) -> None:
    with device.source() as source:
        frames = source.frames()
        next(frames)
        device.todo.put(1)
        device.todo.put(None)
        until(lambda: source._grabber.ended)
        assert [number_of(f.image) for f in frames] == [1]


def test_a_device_pulled_out_ends_with_a_sentence(device: Device) -> None:
    with device.source() as source:
        device.todo.put(None)
        assert len(list(source.frames())) == 1
        assert source.ended_early == (
            "The device stopped sending pictures after 0 s; what was seen until then is kept."
        )
        assert device.released == 1


@pytest.mark.usefixtures("impatient")
def test_a_device_asleep_is_lost_although_it_only_blocks(device: Device) -> None:
    with device.source(live_timeout_s=0.1) as source:
        assert len(list(source.frames())) == 1
        assert source.ended_early is not None
    assert device.released == 0  # close() did not wait for it
    device.todo.put(None)
    until(lambda: device.released == 1)  # and it is given back all the same


@pytest.mark.usefixtures("impatient")
def test_a_lost_device_is_tried_again_on_the_same_clock(device: Device) -> None:
    with device.source(retry_s=600) as source:
        told = source.watch()
        first = next(told)
        assert isinstance(first, Frame)
        device.refuse = True
        device.todo.put(None)
        lost = [next(told) for _ in range(10)]
        assert {item.lost for item in lost if isinstance(item, Waiting)} >= {
            "The camera stopped sending pictures."
        }
        assert all(isinstance(item, Waiting) for item in lost)
        until(lambda: next(told) and device.opened > 3)
        device.refuse = False
        device.todo.put(7)
        back = next(item for item in told if isinstance(item, Frame))
        assert number_of(back.image) == 7
        assert source.started_monotonic is not None
        assert source.started_monotonic + back.time_s >= device.grabbed[7]
        assert back.time_s > first.time_s
        item = next(told)
        assert isinstance(item, Waiting)
        assert item.lost is None  # back for good
        assert source.ended_early is None
    device.todo.put(None)


@pytest.mark.usefixtures("impatient")
def test_trying_again_has_an_end(device: Device) -> None:
    with device.source(retry_s=0.2) as source:
        device.refuse = True
        device.todo.put(None)
        assert len(list(source.frames())) == 1
        assert device.opened > 1
        assert source.ended_early is not None


@pytest.mark.usefixtures("impatient")
def test_waiting_is_not_lost(device: Device) -> None:
    with device.source() as source:
        told = source.watch()
        next(told)
        assert [getattr(next(told), "lost", "") for _ in range(5)] == [None] * 5
        device.todo.put(1)
        assert any(isinstance(next(told), Frame) for _ in range(1000))
        device.todo.put(None)


def test_closing_ends_who_waits_for_a_frame(device: Device) -> None:
    source = device.source()
    got: list[Frame] = []
    waiter = threading.Thread(target=lambda: got.extend(source.frames()))
    waiter.start()
    until(lambda: got or source._seen)
    device.todo.put(None)
    source.close()
    waiter.join()
    assert len(got) == 1


def test_a_device_that_refuses_or_fails_says_so() -> None:
    device = Device()
    device.refuse = True
    with pytest.raises(SourceError, match="cannot be opened"):
        device.source()
    device.refuse = False
    device.todo.put(None)
    with pytest.raises(SourceError, match="sends no pictures"):
        device.source()
    assert device.released == 1


@pytest.mark.usefixtures("impatient")
def test_a_device_that_never_sends_a_picture(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_OPEN_S", 0.1)
    device.todo.get()
    with pytest.raises(SourceError, match="sends no pictures"):
        device.source()


# --- a real stream


def test_a_stream_is_read_and_ends_with_its_server() -> None:
    with serve([coded(n) for n in range(30)], fps=30) as camera, open_source(camera.url) as source:
        assert (source.live, source.mirror_display, source.size) == (True, False, (160, 64))
        assert source.name == camera.url
        frames = list(source.frames())
        assert source.ended_early is not None
        assert camera.url in source.ended_early
        numbers = [number_of(f.image) for f in frames]
        assert numbers == sorted(set(numbers))
        assert numbers
        assert all(b.time_s > a.time_s for a, b in pairwise(frames))
        assert source.started_monotonic is not None
        assert camera.started is not None
        for frame in frames:  # nothing is seen before it happened
            taken = camera.started + number_of(frame.image) / camera.fps
            assert source.started_monotonic + frame.time_s >= taken - 1e-3
    assert not threads()


def test_a_slow_consumer_sees_now_and_little() -> None:
    with serve([coded(n) for n in range(90)], fps=60) as camera, open_source(camera.url) as source:
        seen = 0
        for _ in source.frames():
            seen += 1
            time.sleep(0.3)
        assert 1 <= seen <= 7  # of 90


def test_a_stream_lost_half_way() -> None:
    pictures = [coded(n) for n in range(60)]
    with serve(pictures, fps=30, stop_after=1) as camera, open_source(camera.url) as source:
        numbers = [number_of(f.image) for f in source.frames()]
        assert numbers
        assert max(numbers) <= 31
        assert source.ended_early is not None


@pytest.mark.parametrize("drop", [True, False], ids=["closes", "falls silent"])
def test_a_stream_that_comes_back(drop: bool) -> None:
    """The scene goes on for half a minute: long enough for whoever comes back on a busy machine."""
    with (
        serve([coded(n) for n in range(1000)], fps=30, pause=(1, 2), drop=drop) as camera,
        open_source(camera.url, live_timeout_s=1, retry_s=60) as source,
    ):
        lost = False
        before: list[Frame] = []
        after: list[Frame] = []
        for item in source.watch():
            if isinstance(item, Frame):
                (after if lost else before).append(item)
            elif item.lost is not None:
                lost = True
            if len(after) > 5:
                break
        assert before
        assert lost
        assert number_of(after[0].image) > number_of(before[-1].image)
        assert after[0].time_s > before[-1].time_s
        assert camera.connections > 1
        assert source.ended_early is None
    until(lambda: not threads())


def test_a_clip_as_a_stream(shared: Path) -> None:
    clip = shared / "clips" / "wall-stretch-correct.mp4"
    with serve(clip, stop_after=1) as camera, open_source(camera.url) as source:
        assert camera.fps == 15
        assert next(source.frames()).image.shape == (480, 640, 3)


def test_threads_and_sockets_are_given_back() -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("open files are counted in /proc")

    def once() -> None:
        with serve([coded(0)], fps=30, loop=True) as camera, open_source(camera.url) as source:
            next(source.frames())

    once()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(3):
        once()
    assert not threads()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


class Answers(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path[1:].isdigit():
            self.send_error(int(self.path[1:]))
        elif self.path == "/page":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>no video here</html>" * 20)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def web() -> Iterator[str]:
    handler = partial(Answers, directory=str(RECORDINGS))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_streams_that_are_none() -> None:
    def sentence(url: str) -> str:
        with pytest.raises(SourceError) as caught:
            open_source(url, live_timeout_s=2)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    with web() as host:
        assert "error 404" in sentence(f"http://{host}/404")
        assert "user and password" in sentence(f"http://{host}/401")
        assert "no video that can be read" in sentence(f"http://{host}/page")
        assert "is a recording" in sentence(f"http://{host}/faststart.mp4")
        told = sentence(f"http://me:secret@{host}/404?token=secret")
        assert "secret" not in told
    refused = sentence(f"http://{host}/")
    assert "cannot be reached" in refused
    assert "cannot be reached" in sentence(f"rtsp://{host}/")
    assert "names no host" in sentence("http://")
    assert "cannot be read" in sentence("gopher://example.org/")
    assert "not a valid address" in sentence("http://127.0.0.1:port/")
    assert not threads()


def test_absurd_times_to_wait() -> None:
    for options in ({"live_timeout_s": 0}, {"live_timeout_s": float("nan")}, {"retry_s": -1}):
        with pytest.raises(SourceError, match="positive number"):
            open_source(None, **options)  # type: ignore[arg-type]


def test_codes_survive_jpeg() -> None:
    for number in (0, 5, 700, 1023):
        data = cv2.imencode(".jpg", coded(number))[1]
        assert number_of(cv2.imdecode(data, cv2.IMREAD_COLOR)) == number
