"""For how long nobody was in the picture."""

from __future__ import annotations

from math import nan

import pytest

from posecoach.session.away import LONGEST_GAP_S, Away


def seen(*pictures: tuple[float, bool]) -> Away:
    away = Away()
    for time_s, there in pictures:
        away.see(time_s, there)
    return away


def test_an_empty_room_counts_until_somebody_is_found_again() -> None:
    """Its pictures repeat, and so only the first of them is looked at."""
    away = seen((0.0, True), (0.4, True), (0.5, False), (4.5, True), (5.0, True))
    assert away.away_s == pytest.approx(4.0)
    assert away.share == pytest.approx(4.0 / 5.0)


def test_a_frozen_picture_of_somebody_counts_neither_way() -> None:
    away = seen((0.0, True), (0.1, True), (9.0, True))
    assert away.away_s == 0.0
    assert away.known_s == pytest.approx(0.1 + LONGEST_GAP_S)


def test_a_picture_without_a_time_says_nothing() -> None:
    away = seen((0.0, True), (nan, False), (0.2, True))
    assert away.share == 0.0
    assert away.known_s == pytest.approx(0.2)


def test_of_a_single_picture_it_is_told_what_it_shows() -> None:
    assert seen((0.0, False)).share == 1.0
    assert seen((0.0, True)).share == 0.0
