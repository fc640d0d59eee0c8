"""Which camera, when the person names none: the one of the last time."""

from __future__ import annotations

from posecoach.errors import SourceError
from posecoach.source.open import open_source
from posecoach.source.source import Source

ASKED_SIZE, ASKED_FPS = (1280, 720), 30.0
"""What a camera is asked for. More pixels would not be used: the model looks at 256."""


def open_for_practice(
    spec: str | None, remembered: str = "", *, retry_s: float = 60.0
) -> tuple[Source, str]:
    """Open the source; where none is named, the remembered camera, else the first.

    Args:
        spec: what the person named, if anything.
        remembered: name of the last camera.
        retry_s: how long a lost camera is tried again.

    Returns:
        The source, and a sentence on what was chosen and what came; empty for recordings.

    Raises:
        SourceError: it cannot be opened.
    """

    def opened(which: str | None) -> Source:
        return open_source(which, size=ASKED_SIZE, fps=ASKED_FPS, retry_s=retry_s)

    before = ""
    if spec is None and remembered:
        try:
            source = opened(remembered)
        except SourceError:
            source = opened(None)
            before = f"The last camera ({remembered}) is not there. "
    else:
        source = opened(spec)
    if not source.live:
        return source, ""
    return source, before + what_came(source)


def what_came(source: Source) -> str:
    """What a live source delivers, and where it is not what was asked for."""
    came = f"{source.size[0]}x{source.size[1]}"
    # What a stream says of its own rate is as a rule made up by whoever reads it.
    told = source.fps if source.mirror_display else None
    rate = f" at {told:.0f} frames a second" if told else ""
    asked = ""
    slower = source.fps is not None and source.fps < 0.9 * ASKED_FPS
    if source.mirror_display and (source.size != ASKED_SIZE or slower):
        asked = f" (asked for {ASKED_SIZE[0]}x{ASKED_SIZE[1]} at {ASKED_FPS:.0f})"
    return f"{source.name}: {came}{rate}{asked}."
