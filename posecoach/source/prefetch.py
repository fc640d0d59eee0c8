"""Decoding one step ahead, in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

from posecoach.closing import Closing
from posecoach.source.frame import Frame
from posecoach.source.source import Due

T = TypeVar("T")


class Prefetch(Generic[T]):
    """Runs a generator in a thread, at most ``depth`` items ahead of its consumer.

    Decoding releases the interpreter's lock, so it goes on while the consumer estimates a
    pose. The items come in order; the generator's end and its errors come after them. It
    is run, and closed, in the thread, so what it opens and releases never changes hands.
    """

    def __init__(self, items: Generator[T, None, None], depth: int) -> None:
        self._items = items
        self._depth = max(1, depth)
        self._ready: deque[T] = deque()
        self._change = threading.Condition()
        self._done = self._closing = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="posecoach-decode", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._change:
            # In slices: on Windows an endless wait cannot be interrupted from the keyboard.
            while not self._change.wait_for(lambda: self._ready or self._done, timeout=0.5):
                pass
            if self._ready and not self._closing:
                item = self._ready.popleft()
                self._change.notify_all()
                return item
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def close(self) -> None:
        """End the thread, whether or not everything was consumed."""
        with self._change:
            self._closing = True
            self._ready.clear()
            self._change.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                with self._change:
                    self._change.wait_for(lambda: len(self._ready) < self._depth or self._closing)
                    if self._closing:
                        break
                    self._ready.append(item)
                    self._change.notify_all()
        except BaseException as caught:
            error = caught
        finally:
            self._items.close()
            with self._change:
                self._error = None if self._closing else error
                self._done = True
                self._change.notify_all()


class PrefetchedSource(Closing):
    """A source of frames that are all there, decoded ahead; called again, from the beginning.

    Whoever is one gives ``_read``, a generator of all frames, and sets ``_depth``.
    """

    _depth = 1
    """Frames that may wait decoded."""

    def __init__(self) -> None:
        self._running: list[Prefetch[Frame]] = []

    def frames(self, due: Due | None = None) -> Iterator[Frame]:
        """All frames, in order; photos have no times by which one could be due."""
        ahead = Prefetch(self._read(), self._depth)
        self._running.append(ahead)
        try:
            yield from ahead
        finally:
            ahead.close()
            self._running.remove(ahead)

    def watch(self) -> Iterator[Frame]:
        """As ``frames``: nothing has to be waited for."""
        return self.frames()

    def close(self) -> None:
        """End the threads; ``frames`` in progress ends."""
        for ahead in tuple(self._running):
            ahead.close()

    def _read(self) -> Generator[Frame, None, None]:
        raise NotImplementedError
