"""What is told of what the camera cannot see, moment by moment."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

from posecoach.coach.events import Event, Seen, Unseen
from posecoach.coach.unseen import NOBODY, UNSEEN_S, UnseenWatch

CAMERA = "Put the camera at your feet."
NEEDED = ("knee_flexion_left",)
ALL, HALF, NONE = {NEEDED[0]: 90.0}, {NEEDED[0]: nan, "trunk_turn": 0.0}, {}


def told(*spans: tuple[float, Mapping[str, float]]) -> list[Event]:
    """What is told where one after the other is seen for so many seconds."""
    watch, time_s, events = UnseenWatch(CAMERA), 0.0, list[Event]()
    for seconds, values in spans:
        for _ in range(round(seconds * 10)):
            events += watch.update(time_s, dict(values), NEEDED, moving=False)
            time_s += 0.1
    return events


def test_who_comes_into_the_picture_half_seen_is_told_what_is_missing() -> None:
    nobody, half, seen = told((3, NONE), (3, HALF), (1, ALL))
    assert isinstance(nobody, Unseen)
    assert nobody.text == NOBODY
    assert isinstance(half, Unseen)
    assert half.text == f"I can't see your left knee. {CAMERA}"
    assert 3 + UNSEEN_S - 0.15 <= half.time_s <= 3 + UNSEEN_S + 0.15
    assert isinstance(seen, Seen)
    assert abs(seen.time_s - 6) < 0.05


def test_who_is_seen_for_a_moment_on_the_way_is_told_nothing_new() -> None:
    """Half a body that comes and goes, and one that walks in until all of it is there."""
    assert len(told((2, NONE), *[(0.6, HALF), (0.3, NONE)] * 6)) == 1
    assert [type(event) for event in told((2, NONE), (0.8, HALF), (1, ALL))] == [Unseen, Seen]


def test_what_is_missing_is_told_once_also_where_the_body_is_lost_after_it() -> None:
    assert len(told((2, NONE), (3, HALF), (2, NONE), (5, HALF))) == 2
    assert len(told((3, HALF), (5, NONE), (5, HALF))) == 1
