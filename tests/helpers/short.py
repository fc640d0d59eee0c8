"""Short recordings, quick to coach: noise in which nobody is found."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def short_recording(path: Path, seed: int = 0, frames: int = 6) -> Path:
    """Write a recording of some frames, each of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (96, 64))
    for _ in range(frames):
        writer.write(random.integers(0, 255, (64, 96, 3), np.uint8))
    writer.release()
    return path
