"""A person at a real display, through xdotool, on a machine that may be busy."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.helpers.displays import shown_on

PATIENCE_S = 60.0
"""Long, because it is only waited for where something is broken."""


def until(true: Callable[[], object], what: str = "it") -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it never is.
    """
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)


def window_called(title: str, env: Mapping[str, str] | None = None) -> str:
    """The number of the window of this title, once it is there."""
    found: list[str] = []

    def there() -> bool:
        search = ["xdotool", "search", "--name", title]
        done = subprocess.run(search, env=env, capture_output=True, text=True)
        found[:] = done.stdout.split()
        return bool(found)

    until(there, f"the window {title!r}")
    return found[-1]


def press(title: str, key: str, env: Mapping[str, str] | None = None) -> None:
    """Press a key in the window of this title.

    xdotool asks the display for the focus, and fails where that is just changing hands.
    """
    window = window_called(title, env)
    send = ["xdotool", "key", "--window", window, key]
    until(lambda: subprocess.run(send, env=env, capture_output=True).returncode == 0, key)


def painted(
    title: str,
    dump: Path,
    env: Mapping[str, str] | None = None,
    breathe: Callable[[], object] = lambda: None,
) -> None:
    """Wait until the window in the display's corner shows something; ``breathe`` lets it work.

    On a busy machine Qt 5 now and then loses what the display tells it of a new window, and never
    paints it (with five programs on two cores one in ten, with a window manager one in 350):
    whoever puts such a window away and takes it back sees it.
    """
    window = window_called(title, env)

    def seen_soon() -> bool:
        end = time.monotonic() + 3
        while time.monotonic() < end and not shown_on(dump)[:10, :10].any():
            breathe()
            time.sleep(0.02)
        return bool(shown_on(dump)[:10, :10].any())

    def there() -> bool:
        if seen_soon():
            return True
        for turn in ("windowunmap", "windowmap"):
            subprocess.run(["xdotool", turn, window], env=env, capture_output=True)
            breathe()
        return False

    until(there, f"something in the window {title!r}")
