"""X displays without a screen: started, looked at from outside, and asked to close a window."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from posecoach.screen.display import _xcb


@contextmanager
def a_display(folder: Path) -> Iterator[dict[str, str]]:
    """An environment with an X display of its own; what it shows is kept in ``folder``."""
    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        pytest.skip("Xvfb, the display without a screen, is not installed")
    # A number of its own: left to choose, one server takes that of another which is just ending,
    # and loses its socket with it.
    chosen = 100 + secrets.randbelow(30_000)
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
            "-noreset",  # else it begins anew when the last has left, and refuses who comes then
            "-nolisten",
            "tcp",
            "-fbdir",
            str(folder),
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
