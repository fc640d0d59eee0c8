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

Image = NDArray[np.uint8]

BLOCK = 8
"""Side of a block in pixels: that of the blocks of JPEG and H.264, whose means they keep."""

SAME = 3.0
"""Grey levels of 255 by which no block of a repeated picture differs from the one before.

In motion JPEG and where a camera freezes they differ by 0; in recordings encoded anew with each
frame twice nearly half of the repeated frames in H.264 differ by less. Of rendered frames, which
have no sensor's noise, 1 to 2 in a hundred differ by less, all in a hold, where little is lost;
twice the limit would find nearly all repeated ones and take a quarter of those."""

FROZEN_S = 0.5
"""What has shown nothing new for so long stands still: no recording repeats its pictures so often,
of 2 a second nobody is coached ..."""

FROZEN = 2 * SAME
"""... and until a block differs by so many grey levels it is the same picture, which a codec has
retouched: at its key frames and before a cut by up to 5. Of somebody who sways by half a pixel an
edge of 100 grey levels changes a block by more."""

STRIP = 64
"""Rows of a picture compared at once: enough that a comparison's beginning takes less time than
what it does, few enough that most new pictures are told by an eighth of what there is to see."""


class Repeats:
    """Marks the frames of one source that show nothing new."""

    def __init__(self) -> None:
        self._last: _Blocks | None = None
        self._new_s = 0.0
        self._again_s = 0.0

    def mark(self, frame: Frame) -> Frame:
        """Return the frame, marked where its picture is that of the last new one.

        Args:
            frame: its picture is kept until another new one comes, so it must not be drawn on.
        """
        blocks = _Blocks(frame.image)
        limit = FROZEN if self._again_s - self._new_s >= FROZEN_S else SAME
        if self._last is not None and blocks.are_those_of(self._last, limit):
            self._again_s = frame.time_s
            return replace(frame, repeated=True)
        self._last = blocks
        self._new_s = self._again_s = frame.time_s
        return frame


class _Blocks:
    """Means of a picture's blocks, by colour; worked out strip by strip as they are asked for.

    Most pictures are new, and where somebody moves is in the middle: one strip tells it.
    """

    def __init__(self, image: Image) -> None:
        self._image = image
        self._strips: dict[int, Image] = {}

    def are_those_of(self, other: _Blocks, limit: float) -> bool:
        """Whether no block differs from the other picture's by so many grey levels or more."""
        if self._image.shape != other._image.shape:
            return False
        middle = (len(self._image) - STRIP) // 2
        strips = sorted(range(0, len(self._image), STRIP), key=lambda first: abs(first - middle))
        return all(
            opencv().absdiff(self._strip(first), other._strip(first)).max() < limit
            for first in strips
        )

    def _strip(self, first: int) -> Image:
        if first not in self._strips:
            self._strips[first] = _means(self._image[first : first + STRIP])
        return self._strips[first]


def _means(image: Image) -> Image:
    """Means of blocks; they are a little larger where the sides are no multiples of theirs."""
    cv2 = opencv()
    height, width = image.shape[:2]
    size = max(1, width // BLOCK), max(1, height // BLOCK)
    means: Image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return means
