"""How far a demonstration has come, told on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.errors import LearningError
from posecoach.learn import progress as room
from posecoach.learn.demonstration import Demonstration
from posecoach.learn.progress import Progress, progress
from tests.helpers.demonstrated import ARMS, STANDING, circles, shown
from tests.helpers.traces import Script


def told(monkeypatch: pytest.MonkeyPatch, seen: Demonstration) -> Progress:
    monkeypatch.setattr(room, "demonstration", lambda _: seen)
    return progress(seen.kept)


def up_and_down(script: Script, times: int, deg: float = 90.0) -> Script:
    for _ in range(times):
        script.go(1.2, **dict.fromkeys(ARMS, deg)).stay(2.8).go(1.2, **ARMS).stay(1.2)
    return script


def test_who_stands_has_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, shown(Script(**STANDING).stay(6))) == Progress()


def test_the_first_hold_is_a_movement_and_no_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(**STANDING).stay(2).go(1.2, **dict.fromkeys(ARMS, 90.0)).stay(2)
    assert told(monkeypatch, shown(script)) == Progress(moved=True)


def test_a_repetition_counts_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, shown(up_and_down(Script(**STANDING).stay(2), 2)))
    assert found == Progress(True, True, {"both": 2})


def test_in_a_later_hold_nobody_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    script = up_and_down(Script(**STANDING).stay(2), 2)
    found = told(monkeypatch, shown(script.go(1.2, **dict.fromkeys(ARMS, 90.0)).stay(3)))
    assert not found.home
    assert found.counts == {"both": 2}


def test_the_other_side_seen_for_the_first_time_is_a_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(**STANDING).stay(2)
    for _ in range(3):
        script.go(1.2, shoulder_abduction_left=90).stay(2.8).go(1.2, shoulder_abduction_left=8)
        script.stay(1.2)
    assert told(monkeypatch, shown(script)) == Progress(True, True, {"left": 3})
    script.go(1.2, shoulder_abduction_right=90).stay(3)
    assert not told(monkeypatch, shown(script)).home


def test_who_stands_again_with_bent_elbows_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody stands again quite as they stood; the session waited for it for ever."""
    script = up_and_down(Script(**STANDING).stay(2), 3)
    bent = dict.fromkeys(("elbow_flexion_left", "elbow_flexion_right"), 30.0)
    found = told(monkeypatch, shown(script.go(0.8, **bent).stay(3)))
    assert found == Progress(True, True, {"both": 3})


def test_circles_are_counted_and_over_when_nobody_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = circles(4, 1)
    assert told(monkeypatch, seen) == Progress(True, True, {"both": 4})
    until = int(np.searchsorted(seen.times, 1.5 + 4 * 2))
    cut = replace(
        seen,
        times=seen.times[:until],
        columns={name: column[:until] for name, column in seen.columns.items()},
    )
    assert not told(monkeypatch, cut).home


def test_of_whom_too_little_is_seen_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unseen(_: object) -> Demonstration:
        raise LearningError("Nobody is seen")

    monkeypatch.setattr(room, "demonstration", unseen)
    assert progress(shown(Script(**STANDING).stay(2)).kept) == Progress()
