"""Whether a window can be opened here, found out without risking the process.

Qt, which draws OpenCV's windows on Linux, ends the whole process (abort) where it finds no
display. So what it would need is tried first: a display named by the environment that
answers, and the system libraries its plug-in loads.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from pathlib import Path


def display_problem() -> str:
    """Why no window can be opened, in one sentence; empty where one can be."""
    try:
        import cv2
    except ImportError as error:
        return (
            f"OpenCV cannot be loaded ({error}); see the README for the system libraries it needs"
        )
    if not hasattr(cv2, "imshow"):
        return _no_gui()
    if not sys.platform.startswith("linux"):
        return ""
    name = os.environ.get("DISPLAY", "")
    if not name:
        if os.environ.get("WAYLAND_DISPLAY"):
            return (
                "this Wayland session has no X display, which OpenCV's window needs; "
                "install Xwayland or run with --no-window"
            )
        return "there is no display (DISPLAY is not set); run with --no-window"
    if not _answers(name):
        return f"the display {name!r} does not answer; check DISPLAY or run with --no-window"
    plugin = _plugin(Path(cv2.__file__).parent)
    if plugin is not None:
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            library = str(error).split(":")[0]
            return f"the system library {library} that the window needs is missing; install it"
    return ""


def display_available() -> bool:
    """Whether a window can be opened."""
    return not display_problem()


def _no_gui() -> str:
    return (
        "this OpenCV has no windows (it is a headless one); install opencv-contrib-python in its "
        "place or run with --no-window"
    )


def _plugin(cv2_folder: Path) -> Path | None:
    plugin = cv2_folder / "qt" / "plugins" / "platforms" / "libqxcb.so"
    return plugin if plugin.exists() else None


def _answers(name: str) -> bool:
    """Whether an X server speaks to us under this name, asked as Qt's own library would."""
    xcb = _xcb()
    if xcb is None:
        return True  # nothing to ask with; the name is all that is known
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def _xcb() -> ctypes.CDLL | None:
    """libxcb: the system's, else the one that came with OpenCV."""
    import cv2

    folder = Path(cv2.__file__).parent.parent
    bundled = sorted(folder.glob("opencv_*.libs/libxcb-[0-9a-f]*.so*"))
    for name in (ctypes.util.find_library("xcb"), *map(str, bundled)):
        if name:
            try:
                return ctypes.CDLL(name)
            except OSError:
                continue
    return None
