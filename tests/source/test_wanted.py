"""Only those frames of a recording that are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.source.frame import Frame
from posecoach.source.open import open_source
from tests.helpers.short import short_recording

FRAMES = 30


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_recording(tmp_path_factory.mktemp("wanted") / "a.mp4", frames=FRAMES)


@pytest.fixture(scope="module")
def all_frames(recording: Path) -> list[Frame]:
    with open_source(str(recording)) as source:
        return list(source.frames())


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=FRAMES))
def test_the_next_frame_is_the_first_that_is_due(
    recording: Path, all_frames: list[Frame], pauses: list[float]
) -> None:
    waits: Iterator[float] = iter(pauses)
    due_s, found = 0.0, []

    def due() -> float:
        return due_s

    with open_source(str(recording)) as source:
        for frame in source.frames(due):
            assert frame.time_s >= due_s
            assert not any(found[-1].time_s < e.time_s < frame.time_s and e.time_s >= due_s
                           for e in all_frames if found)  # fmt: skip
            found.append(frame)
            due_s = frame.time_s + next(waits, 0.0)
        assert source.ended_early is None
        assert source.remarks == ()
    by_time = {each.time_s: each for each in all_frames}
    for frame in found:
        assert np.array_equal(frame.image, by_time[frame.time_s].image)
    missed = [each for each in all_frames if each.time_s > found[-1].time_s]
    assert all(each.time_s < due_s for each in missed)


def test_what_is_said_of_the_pictures_is_of_all_of_them(recording: Path) -> None:
    with open_source(str(recording)) as source:
        assert len(list(source.frames(lambda: 1e9))) <= 1
        assert source.remarks == ()
        assert source.ended_early is None
