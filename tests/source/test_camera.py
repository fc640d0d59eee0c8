"""Finding cameras: on a made /dev and /sys, since test machines have none."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from posecoach.errors import SourceError
from posecoach.source import Camera, camera, list_cameras, open_source


@pytest.fixture
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux with two cameras, of which the first has a node for metadata too."""
    monkeypatch.setattr("sys.platform", "linux")
    for index, (name, place) in {
        0: ("Built-in", 0),
        1: ("Built-in", 1),
        4: ("Desk Cam", 0),
    }.items():
        node = tmp_path / "sys" / f"video{index}"
        node.mkdir(parents=True)
        (node / "name").write_text(f"{name}\n")
        (node / "index").write_text(f"{place}\n")
        (tmp_path / "dev").mkdir(exist_ok=True)
        (tmp_path / "dev" / f"video{index}").touch()
    (tmp_path / "dev" / "null").touch()
    monkeypatch.setattr(camera, "_SYSFS", tmp_path / "sys")
    monkeypatch.setattr(camera, "_DEV", tmp_path / "dev")
    return tmp_path


def sentence(spec: str | None) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(spec)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_cameras_by_name_without_metadata_nodes(linux: Path) -> None:
    assert list_cameras() == (Camera(0, "Built-in"), Camera(4, "Desk Cam"))


def test_a_camera_is_found_by_index_and_name(linux: Path) -> None:
    assert camera.find_camera(None) == Camera(0, "Built-in")
    assert camera.find_camera(4) == Camera(4, "Desk Cam")
    assert camera.find_camera("desk") == Camera(4, "Desk Cam")
    assert "There is no camera 2; there is 0 (Built-in), 4 (Desk Cam)." in sentence("2")
    assert "There is no camera 9" in sentence("/dev/video9")


def test_no_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(camera, "_DEV", tmp_path)
    assert "No camera was found" in sentence(None)
    assert "No camera was found" in sentence("0")
    assert list_cameras() == ()


def test_a_camera_in_use(linux: Path) -> None:
    # A plain file as the node: it can be opened, but gives no pictures, as a busy one.
    assert "camera Built-in cannot be opened; it is probably in use" in sentence(None)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "usermod"),
        (errno.EBUSY, "probably in use"),
        (errno.ENODEV, "is gone"),
    ],
)
def test_a_camera_that_may_not_be_opened(
    linux: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    assert told in sentence("0")


@pytest.mark.parametrize(
    ("platform", "told"),
    [("darwin", "System Settings > Privacy"), ("win32", "allow desktop apps")],
)
def test_other_systems_say_where_cameras_are_allowed(
    monkeypatch: pytest.MonkeyPatch, platform: str, told: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert told in sentence("0")
    assert list_cameras() == ()
    assert "no file, folder or camera desk" in sentence("desk")


class Fake:
    """What cv2.VideoCapture does, with what it was asked for."""

    def __init__(self, index: int, backend: int) -> None:
        self.index, self.backend = index, backend
        self.asked: dict[int, float] = {}

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def set(self, key: int, value: float) -> None:
        self.asked[key] = value


def test_size_and_rate_are_asked_for(linux: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    monkeypatch.setattr(cv2, "VideoCapture", Fake)
    capture: Any = camera.opener(Camera(4, "Desk Cam"), (1920, 1080), 15)()
    assert (capture.index, capture.backend) == (4, cv2.CAP_V4L2)
    assert capture.asked[cv2.CAP_PROP_FRAME_WIDTH] == 1920
    assert capture.asked[cv2.CAP_PROP_FRAME_HEIGHT] == 1080
    assert capture.asked[cv2.CAP_PROP_FPS] == 15
    assert next(iter(capture.asked)) == cv2.CAP_PROP_FOURCC  # the format decides the sizes
