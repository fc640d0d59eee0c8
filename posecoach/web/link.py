"""What goes to the page: every word in its order, of scenes only the newest.

Filled by the coaching threads, emptied by the server's: a page that draws slowly is never handed
scenes of the past, and never keeps the coach waiting.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Mapping

MOST_WORDS = 64
"""Messages kept for a page that does not take them; older ones are outdated."""


class Link:
    """The way to whichever page is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: deque[str] = deque(maxlen=MOST_WORDS)
        self._scene: str | None = None
        self._state: str | None = None
        self._last_scene: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: asyncio.Event | None = None

    @property
    def connected(self) -> bool:
        """Whether a page is there."""
        return self._ready is not None

    # -- from any thread -----------------------------------------------------------------------

    def say(self, kind: str, **values: object) -> None:
        """Leave a message that must not be left out; lost where no page is there."""
        with self._lock:
            if self._ready is not None:
                self._words.append(_text(kind, values))
        self._wake()

    def state(self, kind: str, **values: object) -> None:
        """Leave a message that a page that comes later is told, too."""
        with self._lock:
            self._state = _text(kind, values)
            self._words.append(self._state)
        self._wake()

    def show(self, values: Mapping[str, object]) -> None:
        """Leave a scene in place of the one that was not taken."""
        text = _text("scene", values)
        with self._lock:
            self._scene = self._last_scene = text
        self._wake()

    def _wake(self) -> None:
        loop, ready = self._loop, self._ready
        if loop is not None and ready is not None and not loop.is_closed():
            loop.call_soon_threadsafe(ready.set)

    # -- on the server's thread ----------------------------------------------------------------

    def attach(self) -> asyncio.Event:
        """A page has come; it is told what is so. What wakes its writer is returned."""
        with self._lock:
            if self._ready is not None:
                self._ready.set()  # whoever was there is to learn of it
            self._loop, self._ready = asyncio.get_running_loop(), asyncio.Event()
            self._words.clear()
            if self._state is not None:
                self._words.append(self._state)
            self._scene = self._last_scene
            self._ready.set()
            return self._ready

    def detach(self, ready: asyncio.Event) -> None:
        """The page has gone, unless another one has come meanwhile."""
        with self._lock:
            if self._ready is ready:
                self._ready = self._loop = None

    def take(self, ready: asyncio.Event) -> list[str] | None:
        """What there is to send; None where another page has come."""
        with self._lock:
            if self._ready is not ready:
                return None
            ready.clear()
            found = [*self._words]
            self._words.clear()
            if self._scene is not None:
                found.append(self._scene)
                self._scene = None
            return found


def _text(kind: str, values: Mapping[str, object]) -> str:
    return json.dumps({"kind": kind, **values}, separators=(",", ":"))
