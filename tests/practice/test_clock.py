"""The practice's own time: gaps and pauses are no practice."""

from __future__ import annotations

import pytest

from posecoach.practice.calibration import calibration_of
from posecoach.practice.clock import STEP_S, Clock
from posecoach.practice.wish import Wish
from posecoach.profile.motion import motions_of_measure
from posecoach.source.frame import Frame
from tests.helpers.practising import DOWN, GREY


def test_a_gap_counts_as_one_frame_and_a_pause_as_nothing() -> None:
    clock = Clock()
    assert clock.tick(10.0, paused=False) == 10.0
    assert clock.tick(10.5, paused=False) == 10.5
    assert clock.tick(40.0, paused=False) == pytest.approx(10.5 + STEP_S)
    assert clock.tick(40.4, paused=True) == pytest.approx(10.5 + STEP_S)
    assert clock.tick(40.9, paused=False) == pytest.approx(11.0 + STEP_S)


def test_a_calibration_stands_still_while_it_is_paused() -> None:
    practice = calibration_of((), motions_of_measure("trunk_lateral_flexion"))
    before = [practice.see(Frame(GREY, n / 10), DOWN) for n in range(5)][-1]
    practice.ask(Wish.PAUSE)
    paused = [practice.see(Frame(GREY, 0.5 + n / 10), DOWN) for n in range(30)][-1]
    assert paused.practice.paused
    practice.ask(Wish.PAUSE)
    after = practice.see(Frame(GREY, 3.5), DOWN)
    passed = after.snapshot.frame.time_s - before.snapshot.frame.time_s
    assert passed == pytest.approx(0.1)
