"""The browser's camera as a source, and the pictures it is sent."""

from __future__ import annotations

import struct
import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.source.frame import Frame
from posecoach.source.source import Source, Waiting
from posecoach.web import camera
from posecoach.web.camera import HEAD, PageCamera
from posecoach.web.jpeg import MOST_BYTES, size_of, unpacked


def jpeg(width: int = 64, height: int = 48, grey: int = 128) -> bytes:
    there, packed = cv2.imencode(".jpg", np.full((height, width, 3), grey, np.uint8))
    assert there
    return packed.tobytes()


def packet(number: int, captured_ms: float, picture: bytes | None = None) -> bytes:
    return HEAD.pack(number, captured_ms) + (jpeg() if picture is None else picture)


def frames(source: PageCamera, count: int) -> list[Frame]:
    found = []
    for item in source.watch():
        if isinstance(item, Frame):
            found.append(item)
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (640, 481), (1280, 720)])
def test_the_size_is_read_from_the_head(size: tuple[int, int]) -> None:
    assert size_of(jpeg(*size)) == size
    image = unpacked(jpeg(*size))
    assert image is not None
    assert image.shape[1::-1] == size


def test_a_few_bytes_that_claim_gigabytes_are_not_unpacked() -> None:
    small = bytearray(jpeg())
    at = small.find(b"\xff\xc0")
    small[at + 5 : at + 9] = struct.pack(">HH", 65500, 65500)
    assert size_of(bytes(small)) == (65500, 65500)
    assert unpacked(bytes(small)) is None


@given(st.binary(max_size=200))
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert unpacked(data) is None or data.startswith(b"\xff\xd8")
    assert unpacked(b"\xff\xd8" + data) is None or size_of(b"\xff\xd8" + data) is not None


def test_it_is_a_source() -> None:
    assert isinstance(PageCamera(), Source)


def test_only_the_newest_waits() -> None:
    source = PageCamera()
    for number in range(5):
        assert source.take(packet(number, 1000.0 + 33 * number))
    (frame,) = frames(source, 1)
    assert source.number_of(frame.image) == 4


def test_the_time_is_the_captures() -> None:
    source = PageCamera()
    times = []
    for number, captured in enumerate([5000.0, 5033.3, 5166.6]):
        source.take(packet(number, captured))
        times += [frame.time_s for frame in frames(source, 1)]
    assert times == pytest.approx([0, 0.0333, 0.1666])


def test_a_clock_that_was_put_back_does_not_go_back_here() -> None:
    """As after a reload of the page on a computer whose clock was corrected meanwhile."""
    source = PageCamera()
    times = []
    for number, captured in enumerate([1e12, 1e12 + 40, 1e12 - 90_000, 1e12 - 89_960]):
        source.take(packet(number, captured))
        times += [frame.time_s for frame in frames(source, 1)]
    assert all(late > early for early, late in pairwise(times))


@pytest.mark.parametrize(
    "data", [b"", b"\0" * HEAD.size, packet(1, float("nan")), b"x" * (MOST_BYTES + 100)]
)
def test_what_is_no_packet_is_not_taken(data: bytes) -> None:
    assert not PageCamera().take(data)


def test_a_broken_picture_is_passed_over() -> None:
    source = PageCamera()
    source.take(packet(1, 0.0, b"\xff\xd8\xff\xe0 no picture"))
    watching = source.watch()
    assert isinstance(next(watching), Waiting)
    source.take(packet(2, 40.0))
    assert any(isinstance(next(watching), Frame) for _ in range(3))


def test_each_loss_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = PageCamera()
    watching = source.watch()
    source.come()
    assert next(watching) == Waiting(None)
    source.lose("The camera was unplugged.")
    assert next(watching) == Waiting("The camera was unplugged.")
    source.take(packet(1, 0.0))
    assert isinstance(next(watching), Frame)
    source.go()
    assert next(watching) == Waiting(camera.GONE)
    source.come()
    monkeypatch.setattr(camera, "QUIET_S", 0.0)
    assert next(watching) == Waiting(camera.SILENT)


def test_who_does_not_come_back_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "AWAY_S", 0.0)
    source = PageCamera()
    time.sleep(0.01)
    assert [item for item in source.watch() if isinstance(item, Frame)] == []
    assert source.ended_early


def test_a_cameras_name_is_plain_and_short() -> None:
    source = PageCamera()
    source.call("<b>HD\n\x07 Webcam\u202e" + "x" * 500)
    assert source.name.isprintable()
    assert len(source.name) <= 80
