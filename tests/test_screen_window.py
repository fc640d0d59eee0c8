"""The window on a real display (Xvfb where it is installed)."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from desk_keys import press

from posecoach.errors import MachineError
from posecoach.screen.display import _xcb, display_available, display_problem
from posecoach.screen.layout import layout
from posecoach.screen.palette import GREEN, TEXT
from posecoach.screen.window import START_SIZE, Window

TESTS = Path(__file__).parent

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X displays are Linux's")


_DISPLAYS = itertools.count()


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with an X display of its own; what it shows is kept in ``tmp_path``."""
    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        pytest.skip("Xvfb, the display without a screen, is not installed")
    # A number of its own: left to choose, one server takes that of another which is just ending,
    # and loses its socket with it.
    chosen = 100 + (10 * os.getpid() + next(_DISPLAYS)) % 30_000
    read, write = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb",
            f":{chosen}",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "1400x900x24",
            "-nolisten",
            "tcp",
            "-fbdir",
            str(tmp_path),
        ],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()  # Xvfb writes it once it is ready
    if not number:
        pytest.skip("Xvfb does not start here")
    try:
        yield {**os.environ, "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


def run(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own: HighGUI keeps one display a process."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**env, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )


@linux
def test_without_a_display_there_is_a_sentence_and_no_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not display_available()
    with pytest.raises(MachineError, match="DISPLAY is not set"):
        Window()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Xwayland" in display_problem()


@linux
def test_a_display_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    assert "':987' does not answer" in display_problem()


def test_an_opencv_without_windows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    monkeypatch.delattr(cv2, "imshow")
    assert "opencv-python-headless" in display_problem()


SHOW = """
import cv2, time
from desk_keys import press, until, window_called
from moments import moment, state, target, cue
from posecoach.screen.window import Window
from posecoach.screen.paint import draw
with Window("PoseCoach test", size=(1000, 600)) as window:
    shown = moment(state(targets=(target(),), cue=cue()))
    for _ in range({frames}):
        window.show(shown)
        window.keys({wait})
    def showing(heard=[]):
        window.show(shown)
        heard += window.keys(20)
        return heard
    until(lambda: showing() is not None and window.size == (1000, 600), "the window's size")
    print(*window.size, window.closed)
    {then}
"""


def shown_on(dump: Path) -> np.ndarray:
    """The display's own memory: (height, width, 3) BGR, from Xvfb's X window dump."""
    data = dump.read_bytes()
    header = np.frombuffer(data, ">u4", 25)
    size, width, height, per_line, colours = (int(header[n]) for n in (0, 4, 5, 12, 19))
    pixels = np.frombuffer(data, np.uint8, height * per_line, size + colours * 12)
    return pixels.reshape(height, per_line)[:, : width * 4].reshape(height, width, 4)[..., :3]


def differs(dump: str | Path, drawn: np.ndarray) -> bool:
    """Whether the display shows something else than what was drawn.

    Nobody manages windows on this display: the window stands in the corner.
    """
    height, width = drawn.shape[:2]
    same = (shown_on(Path(dump))[:height, :width] == drawn).all(axis=2)
    same[440:490, 690:730] = True  # the mouse pointer, in the display's middle
    return not same.all()


def test_a_moment_is_on_the_display(display: dict[str, str], tmp_path: Path) -> None:
    """Looked at from outside, in the display's own memory: what is seen is what was drawn."""
    then = f"""
    import numpy as np, shutil
    from test_screen_window import differs
    drawn = draw(shown, window.size)
    np.save({str(tmp_path / "drawn.npy")!r}, drawn)
    for _ in range(200):  # a busy desktop takes its time to show what it was given
        window.show(shown)
        window.keys(50)
        shutil.copy({str(tmp_path / "Xvfb_screen0")!r}, {str(tmp_path)!r} + "/copy")
        if not differs({str(tmp_path)!r} + "/copy", drawn):
            break
"""
    result = run(SHOW.format(frames=1, wait=20, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    seen, drawn = shown_on(tmp_path / "copy"), np.load(tmp_path / "drawn.npy")
    assert not differs(tmp_path / "copy", drawn)
    height = len(drawn)
    assert not seen[height:].any()


def test_size_and_keys(display: dict[str, str]) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    then = """
    heard = []
    for number, key in enumerate(("m", "space", "n", "r", "s", "z", "q")):
        press("PoseCoach test", key)
        if key != "z":  # which means nothing
            until(lambda: len(showing(heard)) >= number + (number < 5), key)
    print(*[action.name for action in heard])
    del heard[:]
    press("PoseCoach test", "f")
    until(lambda: showing(heard) is not None and window.full_screen, "full screen")
    press("PoseCoach test", "h")
    until(lambda: showing(heard) is not None and window._help, "the help")
    print(window.full_screen, heard)
"""
    result = run(SHOW.format(frames=5, wait=10, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "1000 600 False"
    assert lines[1] == "MUTE PAUSE NEXT REPEAT SIDE QUIT"
    assert lines[2:] == ["True []"]


def test_the_frames_x_closes_it(display: dict[str, str]) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which finds windows, is not installed")
    then = """
    from test_screen_window import ask_to_close
    ask_to_close(int(window_called("PoseCoach test")))
    until(lambda: window.keys(20) is None or window.closed, "the end")
    print(window.closed)
    window.show(shown)  # does not open it again
    print(window.closed)
"""
    result = run(SHOW.format(frames=5, wait=10, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[1:] == ["True", "True"]


def test_run_coaches_in_the_window(display: dict[str, str], tmp_path: Path, bundle: Path) -> None:
    """The whole command on a clip: a hold fills the ring on the display; q ends with a result."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    clip = TESTS.parent / "demo" / "wall-stretch.mp4"
    command = ["run", "wall-stretch", "--source", str(clip), "--hold", "1.5", "--mute"]
    process = subprocess.Popen(
        [sys.executable, "-m", "posecoach", *command, "--model", str(bundle)],
        env={**display, "PYTHONPATH": str(TESTS.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ring, picture = layout(START_SIZE).ring, layout(START_SIZE).picture
    filled: list[int] = []
    lines = 0
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.05)
            seen = shown_on(tmp_path / "Xvfb_screen0")
            part = seen[ring.y : ring.bottom, ring.x : ring.right]
            filled.append(int((part == GREEN).all(axis=2).sum()))
            body = seen[picture.y : picture.bottom, picture.x : picture.right]
            lines = max(lines, int((body == TEXT).all(axis=2).sum()))
            if filled[-1] > 8000:  # all round: the hold is complete
                break
        if process.poll() is None:  # else the clip is over, and what was said tells why
            press("PoseCoach", "q", display)
        told, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, told
    growing = [count for count in filled if 0 < count <= 8000]
    assert filled[-1] > 8000, told
    assert len(set(growing)) > 1  # it filled before one's eyes
    assert growing == sorted(growing)
    assert lines > 500  # the skeleton
    assert "turn" in told


def ask_to_close(window: int) -> None:
    """What a desktop sends when its window frame's x is clicked: WM_DELETE_WINDOW."""
    xcb = _xcb()
    assert xcb is not None

    class Cookie(ctypes.Structure):
        _fields_ = (("sequence", ctypes.c_uint),)

    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_intern_atom.restype = Cookie
    xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(ctypes.c_uint32)
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))

    def atom(name: bytes) -> int:
        cookie = xcb.xcb_intern_atom(connection, 0, ctypes.c_uint16(len(name)), name)
        return int(xcb.xcb_intern_atom_reply(connection, cookie, None)[2])

    kind, message = atom(b"WM_PROTOCOLS"), atom(b"WM_DELETE_WINDOW")
    event = struct.pack("=BBHII5I", 33, 32, 0, window, kind, message, 0, 0, 0, 0)
    xcb.xcb_send_event(connection, 0, ctypes.c_uint32(window), 0, event)
    atom(b"WM_NAME")  # an answer means that the display has done what it was sent before
    xcb.xcb_disconnect(connection)
