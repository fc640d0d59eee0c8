"""Pictures that come as JPEG from a page: looked at before they are unpacked."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 2 * 1024**2
"""Of one picture: ten times what a page sends."""

MOST_PIXELS = 2560 * 1440
"""A few hundred bytes may claim to be a picture of gigabytes."""

_FRAMES = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive: the kinds that browsers write and OpenCV reads."""


def size_of(data: bytes) -> tuple[int, int] | None:
    """(width, height) as a JPEG's header says it; None where it is no JPEG."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # a byte to fill up
            at += 1
        elif marker in _FRAMES:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            width = int.from_bytes(data[at + 7 : at + 9], "big")
            return (width, height) if width and height else None
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def unpacked(data: bytes) -> NDArray[np.uint8] | None:
    """The picture, (height, width, 3) BGR; None where it is none, or too large."""
    size = size_of(data)
    if size is None or len(data) > MOST_BYTES or size[0] * size[1] > MOST_PIXELS:
        return None
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if image is None else np.asarray(image, dtype=np.uint8)
