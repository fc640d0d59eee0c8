"""Pictures that show nothing new: a frozen camera, a recording slowed by repeating its frames.

No sensor gives the same picture twice, so one that equals the last new one was not taken anew,
and is no evidence of anything: neither that somebody stays, nor that they do not. Where the
pictures went through a codec a repeated one is nearly the same, so means of blocks are compared.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.source.frame import Frame
from posecoach.source.vision import opencv

BLOCK = 8
"""Side of a block in pixels: that of the blocks of JPEG and H.264, whose means they keep."""

SAME = 3.0
"""Grey levels of 255 by which no block of a repeated picture differs from the one before.

In motion JPEG and where a camera freezes they differ by 0; in recordings encoded anew with each
frame twice nearly half of the repeated frames in H.264 differ by less. Of rendered frames, which
have no sensor's noise, 1 to 2 in a hundred differ by less, all in a hold, where little is lost;
twice the limit would find nearly all repeated ones and take a quarter of those."""


class Repeats:
    """Marks the frames of one source that show nothing new."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def mark(self, frame: Frame) -> Frame:
        """Return the frame, marked where its picture is that of the last new one."""
        blocks = _blocks(frame.image)
        last = self._last
        if (
            last is not None
            and last.shape == blocks.shape
            and float(np.abs(blocks - last).max()) < SAME
        ):
            return replace(frame, repeated=True)
        self._last = blocks
        return frame


def _blocks(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Means of blocks, by colour."""
    cv2 = opencv()
    height, width = image.shape[:2]
    size = max(1, width // BLOCK), max(1, height // BLOCK)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
