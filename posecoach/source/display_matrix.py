"""How an MP4 or QuickTime file wants its pictures to be shown: turned, and mirrored.

OpenCV turns pictures, and overlooks a flip: of a mirrored recording it makes one with the sides
exchanged, or one upside down. The matrix is in the file (ISO/IEC 14496-12, 6.2.2, 8.2.2 and
8.3.2: ``mvhd`` and ``tkhd``), and read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Matrix = tuple[float, float, float, float]
"""(a, b, c, d): the pixel at (p, q) is shown at (a p + c q, b p + d q), but for a shift."""

UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0)
"""Every pixel is shown where it is."""

_IN_TRACK = {0: 36, 1: 48}
_IN_FILM = {0: 32, 1: 44}
"""Bytes of a ``tkhd`` and an ``mvhd``, by their versions, between the flags and the matrix."""
_LEAST = 0.5
"""Of a cosine: an axis points where most of it does."""


def display_matrix(path: Path) -> Matrix:
    """Return the matrix of the first video track; ``UPRIGHT`` where there is none to be read."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            return _of_film(file, file.tell())
    except (OSError, struct.error, LookupError, ValueError, OverflowError):
        return UPRIGHT


def is_mirrored(matrix: Matrix) -> bool:
    """Whether left and right are exchanged."""
    a, b, c, d = matrix
    return a * d - b * c < 0


def shown(image: Image, matrix: Matrix) -> Image:
    """Return a picture as it is to be shown, by quarter turns and flips.

    Args:
        image: (height, width, 3), as it is stored.
    """
    a, b, c, d = (_whole(each) for each in matrix)
    if a == d == 0 and b and c:
        # Rows become columns: stored (p, q) is shown at (c q, b p).
        image = np.swapaxes(image, 0, 1)
        right, down = c, b
    else:
        right, down = a or 1, d or 1
    return np.ascontiguousarray(image[:: 1 if down > 0 else -1, :: 1 if right > 0 else -1])


def is_turned(matrix: Matrix) -> bool:
    """Whether width and height are exchanged."""
    return abs(matrix[0]) < abs(matrix[1])


def _whole(part: float) -> int:
    return (part > _LEAST) - (part < -_LEAST)


def _of_film(file: BinaryIO, end: int) -> Matrix:
    film = UPRIGHT
    for kind, begin, after in _boxes(file, 0, end):
        if kind != b"moov":
            continue
        for inner, start, stop in _boxes(file, begin, after):
            if inner == b"mvhd":
                film = _matrix(file, start, _IN_FILM)
            elif inner == b"trak":
                track = _of_track(file, start, stop)
                if track is not None:
                    return _product(track, film)
    return UPRIGHT


def _of_track(file: BinaryIO, begin: int, end: int) -> Matrix | None:
    """The matrix of a track; None where it is none of pictures."""
    matrix, video = UPRIGHT, False
    for kind, start, stop in _boxes(file, begin, end):
        if kind == b"tkhd":
            matrix = _matrix(file, start, _IN_TRACK)
        elif kind == b"mdia":
            for inner, place, _ in _boxes(file, start, stop):
                if inner == b"hdlr":
                    file.seek(place + 8)
                    video = file.read(4) == b"vide"
    return matrix if video else None


def _boxes(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of what is in each box between two places of the file."""
    while begin + 8 <= end:
        file.seek(begin)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            head = 16
        elif size == 0:
            size = end - begin
        if size < head:
            return
        yield kind, begin + head, min(begin + size, end)
        begin += size


def _matrix(file: BinaryIO, begin: int, behind: dict[int, int]) -> Matrix:
    file.seek(begin)
    (version,) = struct.unpack(">B3x", file.read(4))
    file.seek(begin + 4 + behind[version])
    a, b, _, c, d, *_ = struct.unpack(">9i", file.read(36))
    scale = max(abs(a), abs(b), abs(c), abs(d))
    if scale == 0:
        return UPRIGHT
    return a / scale, b / scale, c / scale, d / scale


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d = first
    e, f, g, h = then
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
