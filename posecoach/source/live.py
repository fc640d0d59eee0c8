"""Live sources: a thread that always holds the newest frame."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.closing import Closing
from posecoach.errors import SourceError
from posecoach.source.clock import MIN_STEP_S
from posecoach.source.frame import Frame
from posecoach.source.repeats import Repeats
from posecoach.source.source import Due, Waiting
from posecoach.source.vision import MAX_PIXELS, opencv

Image = NDArray[np.uint8]

# How often watch() lets its caller live while nothing comes; ten times a second is what
# keys need in order to feel immediate.
_HEARTBEAT_S = 0.1
# Between two attempts to open a lost device again.
_AGAIN_S = 1.0
# How long the first frame may take: Media Foundation and waking cameras take seconds.
_OPEN_S = 20.0
# What close() waits for a thread that sits in a blocked driver; it is left behind then,
# and releases the device by itself when the driver returns.
_JOIN_S = 1.0


class Grabber:
    """One opened device and the thread that empties it.

    ``grab`` is called as fast as the device delivers, so its own queue is always empty and
    each frame's time is read right after it came. Only the newest frame is kept.

    Args:
        open_capture: opens the device, in the thread; raises SourceError.
        change: notified at each new frame and at the end; guards the attributes.
    """

    def __init__(self, open_capture: Callable[[], Any], change: threading.Condition) -> None:
        self.image: Image | None = None
        self.captured_at = time.monotonic()
        self.count = 0
        self.fps = 0.0
        self.ended = False
        self.error: Exception | None = None
        self._change = change
        self._open_capture = open_capture
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="posecoach-camera", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; does not wait."""
        self._stop.set()

    def join(self) -> None:
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        capture = error = None
        try:
            capture = self._open_capture()
            self.fps = float(capture.get(opencv().CAP_PROP_FPS))
            while not self._stop.is_set():
                if not capture.grab():
                    break
                now = time.monotonic()
                ok, image = capture.retrieve()
                if not ok or image is None:
                    continue
                if image.size > 3 * MAX_PIXELS:
                    raise SourceError("The camera or stream sends absurdly large pictures.")
                with self._change:
                    self.image, self.captured_at = image, now
                    self.count += 1
                    self._change.notify_all()
        except Exception as caught:  # handed to the consumer, who is in another thread
            error = caught
        finally:
            if capture is not None:
                capture.release()
            with self._change:
                self.error, self.ended = error, True
                self._change.notify_all()


class LiveSource(Closing):
    """A camera or stream: always the newest frame, with the time at which it was captured.

    Args:
        name: for people.
        label: the same within a sentence ("The camera Integrated Camera").
        open_capture: opens the device and returns something like ``cv2.VideoCapture``
            (``grab``, ``retrieve``, ``get``, ``release``); raises SourceError with the
            sentence to show. Called in a thread.
        mirror_display: whether it is the person's own camera.
        live_timeout_s: without a frame for so long the device counts as lost, whatever
            its driver says (cameras that sleep just block).
        retry_s: how long to try to open a lost device again. The clock runs on meanwhile:
            times after the gap are where they belong.
        opened: an already opened capture for the first attempt (macOS asks for the
            permission to use the camera in the main thread only).

    Raises:
        SourceError: from the constructor, if no first frame comes.
    """

    live = True
    static = False
    frame_count: int | None = None
    duration_s: float | None = None
    remarks: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        label: str,
        open_capture: Callable[[], Any],
        *,
        mirror_display: bool,
        live_timeout_s: float = 5.0,
        retry_s: float = 0.0,
        opened: Any = None,
    ) -> None:
        self.name, self.mirror_display = name, mirror_display
        self.ended_early: str | None = None
        self.started_monotonic: float | None = None
        self._label = label
        self._open_capture = open_capture
        self._live_timeout_s, self._retry_s = live_timeout_s, retry_s
        self._change = threading.Condition()
        self._closed = False
        self._last_s: float | None = None
        self._seen = 0
        self._lost_at: float | None = None
        self._tried_at = 0.0
        self._retired: list[Grabber] = []
        self._repeats = Repeats()
        first = open_capture if opened is None else lambda: opened
        self._grabber = Grabber(first, self._change)
        try:
            image = self._first_image()
        except BaseException:
            self.close()
            raise
        self._heard_at = self._grabber.captured_at
        self.size = (image.shape[1], image.shape[0])
        fps = self._grabber.fps
        self.fps: float | None = fps if 0.1 <= fps <= 1000 else None

    def frames(self, due: Due | None = None) -> Iterator[Frame]:
        for item in self.watch():
            if isinstance(item, Frame):
                yield item

    def watch(self) -> Iterator[Frame | Waiting]:
        while True:
            with self._change:
                self._change.wait_for(self._news, _HEARTBEAT_S)
                if self._closed:
                    return
                frame = self._take()
            if frame is not None:
                self._lost_at = None
                yield self._repeats.mark(frame)
                continue
            now = time.monotonic()
            if not self._hold_on(now):
                self._give_up()
                return
            # Short, because it is read from the mat: an address would not help there.
            kind = "camera" if self.mirror_display else "stream"
            lost = None if self._lost_at is None else f"The {kind} stopped sending pictures."
            yield Waiting(lost)

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify_all()
        grabbers = [*self._retired, self._grabber]
        for grabber in grabbers:
            grabber.stop()
        for grabber in grabbers:
            grabber.join()

    def _news(self) -> bool:
        """Whether there is something to tell before the next heartbeat."""
        down = self._lost_at is None and self._grabber.ended
        return self._closed or self._grabber.count > self._seen or down

    def _take(self) -> Frame | None:
        """The newest frame if it has not been handed over yet."""
        grabber = self._grabber
        if grabber.image is None or grabber.count == self._seen:
            return None
        self._seen, self._heard_at = grabber.count, grabber.captured_at
        if self.started_monotonic is None:
            self.started_monotonic = grabber.captured_at
        time_s = grabber.captured_at - self.started_monotonic
        if self._last_s is not None:
            time_s = max(time_s, self._last_s + MIN_STEP_S)
        self._last_s = time_s
        self.size = (grabber.image.shape[1], grabber.image.shape[0])
        return Frame(grabber.image, time_s)

    def _hold_on(self, now: float) -> bool:
        """Nothing came: notice a loss, try again; False when there is no hope left."""
        if self._lost_at is None:
            if not self._grabber.ended and now - self._heard_at <= self._live_timeout_s:
                return True
            self._lost_at = now
            if self._retry_s > 0:
                self._reopen(now)
        elif now - self._tried_at >= (
            # An attempt under way gets as long as a device that has gone quiet.
            _AGAIN_S if self._grabber.ended else max(_AGAIN_S, self._live_timeout_s)
        ):
            self._reopen(now)
        return now - self._lost_at < self._retry_s

    def _reopen(self, now: float) -> None:
        with self._change:
            self._grabber.stop()
            self._retired = [old for old in self._retired if not old.ended]
            self._retired.append(self._grabber)
            self._grabber = Grabber(self._open_capture, self._change)
            self._seen, self._tried_at = 0, now

    def _give_up(self) -> None:
        last_s = self._last_s or 0.0
        self.ended_early = (
            f"{self._label} stopped sending pictures after {last_s:.0f} s; "
            "what was seen until then is kept."
        )
        self.close()

    def _first_image(self) -> Image:
        grabber = self._grabber
        until = time.monotonic() + _OPEN_S
        with self._change:
            while not grabber.count and not grabber.ended and time.monotonic() < until:
                self._change.wait(0.2)
            if grabber.image is not None:
                return grabber.image
        if isinstance(grabber.error, SourceError):
            raise grabber.error
        raise SourceError(
            f"{self._label} can be opened but sends no pictures; unplug and plug it in again, "
            "or close the program that uses it."
        ) from grabber.error
