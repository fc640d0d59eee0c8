"""The browser's camera as a source: it holds the newest picture that a page has sent.

The page captures, so the time of a picture is when the browser captured it. There is never more
than one waiting: a newer picture takes the place of one that nobody was ready for.
"""

from __future__ import annotations

import math
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.closing import Closing
from posecoach.source.clock import Clock
from posecoach.source.frame import Frame
from posecoach.source.source import Due, Waiting
from posecoach.web.jpeg import MOST_BYTES, unpacked

HEAD = struct.Struct("<Id")
"""Before each picture: its number, and when it was captured, in milliseconds of one clock."""

HEARTBEAT_S = 0.1
"""How often whoever watches is let live while nothing comes, as with every live source."""

QUIET_S = 3.0
"""A page that has sent nothing for so long sends nothing any more; a busy browser may stall for a
second."""

AWAY_S = 120.0
"""So long a practice waits for its page to come back; then what was done is kept and it ends."""

GONE = "The page is closed."
SILENT = "The page sends no picture. Bring it to the front."
LONGEST_NAME = 80
"""Letters of a camera's name, to be shown in a line."""


@dataclass(frozen=True, slots=True)
class _Sent:
    number: int
    captured_ms: float
    data: bytes
    came_at: float


class PageCamera(Closing):
    """See ``source.Source`` for what a source is.

    Args:
        looking: told the number of each picture as it is handed over to be coached, so that the
            page knows when to send the next.
    """

    live = True
    static = False
    mirror_display = True
    fps = None
    frame_count = None
    duration_s = None
    remarks: tuple[str, ...] = ()

    def __init__(self, looking: Callable[[int], None] | None = None) -> None:
        self._looking = looking
        self.name = "camera in the browser"
        self.size = (0, 0)
        self.ended_early: str | None = None
        self.started_monotonic: float | None = None
        self._change = threading.Condition()
        self._waiting: _Sent | None = None
        self._clock = Clock()
        self._taken: deque[tuple[NDArray[np.uint8], int]] = deque(maxlen=4)
        self._closed = False
        self._pages = 0
        self._wrong = ""
        self._heard_at = time.monotonic()

    # -- the page's side, on the server's thread -----------------------------------------------

    def take(self, data: bytes) -> bool:
        """Take a picture with its head; False where it is none."""
        if not HEAD.size < len(data) <= HEAD.size + MOST_BYTES:
            return False
        number, captured_ms = HEAD.unpack_from(data)
        if not math.isfinite(captured_ms):
            return False
        with self._change:
            self._wrong = ""
            self._waiting = _Sent(number, captured_ms, data[HEAD.size :], time.monotonic())
            self._change.notify_all()
        return True

    def call(self, name: str) -> None:
        """The page says which camera it is."""
        plain = "".join(letter for letter in name if letter.isprintable()).strip()
        self.name = plain[:LONGEST_NAME] or self.name

    def lose(self, words: str) -> None:
        """The page has no camera any more, in a sentence."""
        with self._change:
            self._wrong = words

    def come(self) -> None:
        """A page has come."""
        with self._change:
            self._pages += 1
            self._heard_at = time.monotonic()

    def go(self) -> None:
        """A page has gone."""
        with self._change:
            self._pages -= 1
            self._heard_at = time.monotonic()

    # -- the coach's side ----------------------------------------------------------------------

    def number_of(self, image: NDArray[np.uint8]) -> int:
        """Which of the page's pictures this is, so that it is drawn on the right one."""
        return next((number for taken, number in self._taken if taken is image), -1)

    def wait(self) -> bool:
        """Wait for the first picture; False where none will come."""
        with self._change:
            while self._waiting is None and not self._closed and not self._left_alone():
                self._change.wait(HEARTBEAT_S)
            return self._waiting is not None and not self._closed

    def frames(self, due: Due | None = None) -> Iterator[Frame]:
        """The frames, until the page is gone for good."""
        for item in self.watch():
            if isinstance(item, Frame):
                yield item

    def watch(self) -> Iterator[Frame | Waiting]:
        """As ``frames``, with a word while there is none."""
        while True:
            with self._change:
                if self._waiting is None and not self._closed:
                    self._change.wait(HEARTBEAT_S)
                sent, self._waiting = self._waiting, None
                if self._closed:
                    return
                if sent is None and self._left_alone():
                    self.ended_early = f"The page was away for {AWAY_S / 60:.0f} minutes."
                    return
                silent_s = time.monotonic() - self._heard_at
                lost = self._lost(silent_s)
            frame = None if sent is None else self._frame(sent)
            yield Waiting(lost) if frame is None else frame

    def close(self) -> None:
        """No frame comes any more."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    def _left_alone(self) -> bool:
        return self._pages == 0 and time.monotonic() - self._heard_at > AWAY_S

    def _lost(self, silent_s: float) -> str | None:
        if self._wrong:
            return self._wrong
        if self._pages == 0:
            return GONE
        return SILENT if silent_s > QUIET_S else None

    def _frame(self, sent: _Sent) -> Frame | None:
        image = unpacked(sent.data)
        if image is None:
            return None
        time_s = self._clock.tell(sent.captured_ms / 1000)
        self.size = (image.shape[1], image.shape[0])
        self._heard_at = sent.came_at
        self.started_monotonic = sent.came_at - time_s
        self._taken.append((image, sent.number))
        if self._looking is not None:
            self._looking(sent.number)
        return Frame(image, time_s)
