"""Who reads a body: the reader whose people began as this person did, or nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from posecoach.observe.instrument import choice
from posecoach.observe.instrument.bodies import Body
from posecoach.observe.instrument.reader import FittedReader


@dataclass(frozen=True, eq=False)
class Ground:
    core: float


@dataclass(frozen=True, eq=False)
class Reader:
    """How far one start pose, or each of some, is from a reader's people's, and its core."""

    degrees: np.ndarray
    start_ground: Ground


def owner(monkeypatch: pytest.MonkeyPatch, *readers: tuple[object, float]) -> np.ndarray:
    made = tuple(Reader(np.array(degrees), Ground(core)) for degrees, core in readers)
    monkeypatch.setattr(choice, "_start_degrees", lambda reader, start: reader.degrees)
    found = choice._began_as.__wrapped__(
        cast("tuple[FittedReader, ...]", made), cast("Body", object())
    )
    return np.asarray(found)


def test_whose_people_began_most_alike_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert owner(monkeypatch, (3.0, 5.0), (4.0, 5.0)) == 0
    assert owner(monkeypatch, (4.0, 5.0), (3.0, 5.0)) == 1


def test_a_wide_core_far_off_does_not_get_who_began_nearly_as_others_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody stands a little crooked: who lie with the feet to the camera are not like them."""
    assert owner(monkeypatch, (8.0, 5.0), (26.0, 24.0)) == -1
    assert owner(monkeypatch, (60.0, 5.0), (26.0, 24.0)) == 1


def test_each_of_some_start_poses_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = [3.0, 8.0, 70.0, 70.0], [40.0, 26.0, 26.0, 50.0]
    assert owner(monkeypatch, (near, 5.0), (far, 24.0)).tolist() == [0, -1, 1, -1]
