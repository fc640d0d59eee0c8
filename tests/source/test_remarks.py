"""What is said of a recording's pictures: too few of them, or none for a while."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.source import open_source
from posecoach.source.remarks import BLIND_FPS, GAP_S, LEAST_FPS, Remarks
from tests.helpers.places import DATA


def said_of(times: Sequence[float]) -> tuple[str, ...]:
    remarks = Remarks()
    for time_s in times:
        remarks.see(float(time_s))
    return remarks.sentences()


@pytest.mark.parametrize("fps", [8.5, 10, 15, 29.97, 60, 240])
def test_of_enough_pictures_nothing_is_said(fps: float) -> None:
    assert said_of(np.arange(0, 20, 1 / fps)) == ()


@pytest.mark.parametrize("fps", [0.3, 0.7, 1, 1.5, 2.9])
def test_of_pictures_too_few_to_see_a_movement_by_that_is_said(fps: float) -> None:
    (said,) = said_of(np.arange(0, 60, 1 / fps))
    assert said.startswith(f"This recording has only {fps:.1f} pictures a second, too few")


@pytest.mark.parametrize("fps", [3.5, 5, 7.5])
def test_of_few_pictures_it_is_said_that_a_repetition_may_be_missing(fps: float) -> None:
    (said,) = said_of(np.arange(0, 20, 1 / fps))
    assert "below 8 a quick repetition may be missing" in said


def test_gaps_are_told_with_their_times() -> None:
    times = np.arange(0, 30, 0.1)
    kept = times[((times < 4.95) | (times > 7.45)) & ((times < 19.95) | (times > 21.95))]
    (said,) = said_of(kept)
    assert said == (
        "There are no pictures from 4.9 to 7.5 s and from 19.9 to 22.0 s: what happened then was "
        "not seen."
    )


def test_of_many_gaps_the_first_are_told() -> None:
    times = [second * 3 + step * 0.1 for second in range(9) for step in range(10)]
    (said,) = said_of(times)
    assert said.count("from") == 3
    assert "and 5 more times" in said


@given(st.lists(st.floats(1e-3, 5.0), max_size=60))
def test_a_gap_is_told_just_where_there_is_one(steps: list[float]) -> None:
    times = np.cumsum([0.0, *steps])
    said = " ".join(said_of(times))
    gaps = [step for step in np.diff(times) if step > GAP_S]
    if len(times) >= 3 and len(gaps) < len(steps) / 2:
        assert ("There are no pictures" in said) == bool(gaps)
    if not gaps and len(times) >= 3:
        fps = (len(times) - 1) / times[-1]
        assert ("too few" in said) == (fps < BLIND_FPS)
        assert ("may be missing" in said) == (BLIND_FPS <= fps < LEAST_FPS)


def test_a_recording_tells_it_once_it_was_seen() -> None:
    name: Path = DATA / "source" / "vfr.mp4"
    with open_source(str(name)) as source:
        assert source.remarks == ()
        list(source.frames())
        assert "pictures a second" in " ".join(source.remarks)
