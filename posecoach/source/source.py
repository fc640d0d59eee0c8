"""What a source is, whatever it reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from posecoach.source.frame import Frame

Due = Callable[[], float]
"""When a frame is wanted next, seconds of the source; asked again at each that comes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live source has nothing new, handed over so that a screen can stay alive.

    Attributes:
        lost: None while the next frame is merely not there yet; a sentence once the
            camera or stream is given up and being opened again.
    """

    lost: str | None = None


@runtime_checkable
class Source(Protocol):
    """Frames from a camera, a stream, a recording or photos; a context manager.

    Attributes:
        name: for people: the file's name, the camera's, the stream's address without
            credentials.
        live: True for cameras and streams: frames() hands over the newest frame only,
            frames that nobody was ready for are gone. False: every frame, in order.
        static: True for photos: the frames are unrelated pictures, their times are mere
            numbers. Nothing that needs time (holds, repetitions) can be coached.
        mirror_display: True for the person's own camera, whose picture people expect to
            see as in a mirror. Frames are never mirrored.
        fps: nominal frames per second, None where nobody knows.
        size: (width, height) of the frames in pixels, upright; for a camera what came,
            not what was asked for.
        frame_count: frames to come in all, as the container tells it (an estimate in some);
            None for live sources and where the container does not tell.
        duration_s: seconds, likewise.
        ended_early: None until the end, and after an end as it should be; otherwise one
            sentence: the camera was lost, the file is cut off.
        remarks: sentences on the pictures that have come (too few, gaps); none for live sources,
            whose pictures are watched while they come.
        started_monotonic: ``time.monotonic()`` at ``time_s`` 0 of a live source, so that
            ``time.monotonic() - started_monotonic - frame.time_s`` is a frame's age.
            None for the others and before the first frame.
    """

    @property
    def name(self) -> str: ...
    @property
    def live(self) -> bool: ...
    @property
    def static(self) -> bool: ...
    @property
    def mirror_display(self) -> bool: ...
    @property
    def fps(self) -> float | None: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def frame_count(self) -> int | None: ...
    @property
    def duration_s(self) -> float | None: ...
    @property
    def ended_early(self) -> str | None: ...
    @property
    def remarks(self) -> tuple[str, ...]: ...
    @property
    def started_monotonic(self) -> float | None: ...

    def frames(self, due: Due | None = None) -> Iterator[Frame]:
        """The frames, until the source ends or is closed.

        Args:
            due: of a recording only those that are wanted; one that comes before it is due is
                passed over without being converted. Who looks at a camera's can let them go by.

        Raises:
            SourceError: a photo of a folder cannot be read.
        """
        ...

    def watch(self) -> Iterator[Frame | Waiting]:
        """As frames(); a live source hands over a Waiting at least ten times a second
        while it has no new frame, so that keys and the screen need not wait for it."""
        ...

    def close(self) -> None:
        """Release the device or file and end the threads; frames() in progress ends."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
