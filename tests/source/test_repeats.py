"""Frames that show nothing new are told from those that do."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.data import data_dir
from posecoach.source import open_source
from posecoach.source.frame import Frame
from posecoach.source.repeats import Repeats

CLIP = data_dir("demo") / "wall-stretch.mp4"
FEW = 40


def pictures() -> list[np.ndarray]:
    with open_source(str(CLIP)) as source:
        return [frame.image for frame, _ in zip(source.frames(), range(FEW), strict=False)]


def test_the_same_picture_again_is_repeated_and_the_next_is_not() -> None:
    repeats = Repeats()
    first, other = np.zeros((48, 64, 3), np.uint8), np.full((48, 64, 3), 60, np.uint8)
    shown = [first, first, first, other, other, first]
    marked = [repeats.mark(Frame(image, i / 10)).repeated for i, image in enumerate(shown)]
    assert marked == [False, True, True, False, True, False]


def test_a_slow_change_is_seen_once_it_has_come_far_enough() -> None:
    repeats = Repeats()
    shown = [Frame(np.full((48, 64, 3), level, np.uint8), level / 10) for level in range(30)]
    fresh = [int(f.image[0, 0, 0]) for f in shown if not repeats.mark(f).repeated]
    assert fresh == list(range(0, 30, 3))


def test_a_frozen_picture_that_a_codec_retouches_is_no_new_one() -> None:
    """After half a second of nothing new; a person who moves is seen at once."""
    still = np.full((48, 64, 3), 100, np.uint8)
    retouched, moved = still.copy(), still.copy()
    retouched[16:24, 16:24] += 5
    moved[16:24, 16:24] += 9
    repeats = Repeats()
    shown = [*[still] * 8, retouched, *[still] * 8, moved, retouched, still]
    marked = [repeats.mark(Frame(image, i / 15)).repeated for i, image in enumerate(shown)]
    assert marked == [False, *[True] * 7, False, *[False], *[True] * 7, False, False, False]
    repeats = Repeats()
    shown = [*[still] * 9, retouched, *[still] * 8, moved, retouched, still]
    marked = [repeats.mark(Frame(image, i / 15)).repeated for i, image in enumerate(shown)]
    assert marked == [False, *[True] * 17, False, False, False]


@pytest.mark.parametrize("size", [(48, 64), (480, 640), (270, 480), (100, 37), (5, 6)])
def test_a_change_anywhere_in_the_picture_is_seen(size: tuple[int, int]) -> None:
    for row, column in ((0, 0), (0, -1), (size[0] // 2, size[1] // 2), (-1, 0), (-1, -1)):
        repeats = Repeats()
        before = np.full((*size, 3), 80, np.uint8)
        after = before.copy()
        rows = slice(row, row + 16) if row >= 0 else slice(-16, None)
        columns = slice(column, column + 16) if column >= 0 else slice(-16, None)
        after[rows, columns, 1] = 120
        marked = [repeats.mark(Frame(image, 0.0)).repeated for image in (before, after, after)]
        assert marked == [False, False, True]


def test_another_size_is_another_picture() -> None:
    repeats = Repeats()
    for size in (48, 64):
        assert not repeats.mark(Frame(np.zeros((size, 64, 3), np.uint8), size / 10)).repeated


@pytest.mark.parametrize("codec", ["MJPG", "mp4v"])
def test_a_recording_slowed_by_repeating_its_frames(tmp_path: Path, codec: str) -> None:
    images = pictures()
    path = tmp_path / "slow.avi"
    height, width = images[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), 30, (width, height))
    for image in images:
        for _ in range(2):
            writer.write(image)
    writer.release()
    with open_source(str(path)) as source:
        repeated = [frame.repeated for frame in source.frames()]
    assert len(repeated) == 2 * len(images)
    again = repeated[1::2]
    # A codec that improves a standing picture frame by frame hides some of the repetitions.
    assert sum(again) > 2 * sum(repeated[::2])
