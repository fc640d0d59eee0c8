"""Arrays of whole numbers to small blobs and back.

What the body does from one frame to the next is little, so differences along time are
kept; folded so that small ones of either sign have zero upper bytes (zigzag), with equal
bytes brought together (shuffle), deflate then finds little to write. About 140 bytes a
frame for 33 landmarks in full.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.pose import Floats

UNKNOWN = np.int32(-(2**31))
"""Stands for NaN."""


def pack_grid(values: Floats, parts: int) -> bytes:
    """Pack (n, ...) numbers on a grid (``session.kept``); NaN is kept."""
    known = np.isfinite(values)
    whole = np.full(values.shape, UNKNOWN, dtype=np.int32)
    whole[known] = np.rint(values[known] * parts).astype(np.int32)
    return _pack(whole.reshape(len(values), -1))


def unpack_grid(blob: bytes, shape: tuple[int, ...], parts: int) -> Floats:
    """Undo ``pack_grid``.

    Raises:
        ValueError: the blob is damaged.
    """
    width = int(np.prod(shape[1:], dtype=int))
    whole = _unpack(blob, shape[0], width).reshape(shape)
    values: Floats = whole / float(parts)
    values[whole == UNKNOWN] = np.nan
    return values


def pack_times(times: Floats) -> bytes:
    """Pack (n,) seconds, bit for bit."""
    planes = np.frombuffer(times.astype("<f8").tobytes(), dtype=np.uint8).reshape(-1, 8)
    return zlib.compress(planes.T.tobytes(), 6)


def unpack_times(blob: bytes, count: int) -> Floats:
    """Undo ``pack_times``.

    Raises:
        ValueError: the blob is damaged.
    """
    planes = np.frombuffer(_inflate(blob, count * 8), dtype=np.uint8).reshape(8, count)
    return np.frombuffer(np.ascontiguousarray(planes.T).tobytes(), dtype="<f8").astype(np.float64)


def pack_bytes(rows: NDArray[np.uint8]) -> bytes:
    """Pack (n, k) small numbers."""
    return zlib.compress(np.ascontiguousarray(rows.T).tobytes(), 6)


def unpack_bytes(blob: bytes, count: int, width: int) -> NDArray[np.uint8]:
    """Undo ``pack_bytes``.

    Raises:
        ValueError: the blob is damaged.
    """
    flat = np.frombuffer(_inflate(blob, count * width), dtype=np.uint8)
    return np.ascontiguousarray(flat.reshape(width, count).T)


def _pack(whole: NDArray[np.int32]) -> bytes:
    # Differences may overflow; they wrap round, and back again when summed up.
    with np.errstate(over="ignore"):
        change = np.diff(whole, axis=0, prepend=np.zeros((1, whole.shape[1]), np.int32))
        folded = ((change << 1) ^ (change >> 31)).astype("<i4")
    planes = np.frombuffer(folded.T.tobytes(), dtype=np.uint8).reshape(-1, 4)
    return zlib.compress(planes.T.tobytes(), 6)


def _unpack(blob: bytes, count: int, width: int) -> NDArray[np.int32]:
    planes = np.frombuffer(_inflate(blob, 4 * count * width), dtype=np.uint8).reshape(4, -1)
    folded = np.frombuffer(np.ascontiguousarray(planes.T).tobytes(), dtype="<u4")
    change = ((folded >> np.uint32(1)) ^ -(folded & np.uint32(1))).astype(np.uint32)
    rows = change.view(np.int32).reshape(width, count).T
    return np.cumsum(rows, axis=0, dtype=np.int32)


def _inflate(blob: bytes, size: int) -> bytes:
    """Decompress exactly ``size`` bytes, never more: blobs may come from other people."""
    decoder = zlib.decompressobj()
    try:
        data = decoder.decompress(blob, size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(data) != size:
        raise ValueError(f"{len(data)} bytes in place of {size}")
    return data
