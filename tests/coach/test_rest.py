"""When the person's own zero may be taken: at rest, once; and again where it is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import pytest

from posecoach.body.view import UNKNOWN, View
from posecoach.coach.coach import Coach
from posecoach.observe.spread import Spread
from posecoach.observe.zero import ZERO_LEAST_S
from posecoach.plan.plan import make_plan
from tests.helpers.stretches import CAT_COW, HOLD_S, ROLL, UP, rounds
from tests.helpers.traces import Camera, Script, exercise, sample

BEND = exercise(
    [{"id": "bend", "hold": 1, "targets": [{"measure": "spine_flexion", "at_least": 20}]}],
    [{"measure": "spine_flexion", "is": 0, "within": 15}],
)
NOISE = 8.0
"""The typical error of the spine's curve, degrees: less than that is no movement."""


def _rests(moments: Iterable[tuple[float, Mapping[str, float]]], **views: View) -> list[float]:
    """The times at which the zero may be taken; ``from_S`` is the view from that second on."""
    coach, times = Coach(make_plan(BEND)), []
    since = sorted((float(name.removeprefix("from_")), view) for name, view in views.items())
    for time_s, values in moments:
        view = next((view for begin, view in reversed(since) if time_s >= begin), UNKNOWN)
        coach.update(time_s, values, view)
        if coach.at_neutral:
            times.append(time_s)
    return times


def _bend(script: Script) -> Script:
    return script.go(1.0, spine_flexion=35).stay(2).go(1.0, spine_flexion=0)


def test_it_is_taken_before_the_first_attempt_and_not_between_two() -> None:
    script = _bend(_bend(Script(spine_flexion=0).stay(2)).stay(3)).stay(3)
    times = _rests(sample(script, Camera(fps=15)))
    assert times[-1] - times[0] > ZERO_LEAST_S
    assert times[-1] < 2.5


def test_a_reading_that_settles_by_less_than_its_error_is_at_rest() -> None:
    script = Script(spine_flexion=-4).go(0.8, spine_flexion=-4 - 0.8 * NOISE).stay(1)
    assert min(_rests(sample(script, Camera(fps=8)))) < 0.6


def test_who_never_rested_before_the_first_attempt_is_waited_for_after_it() -> None:
    script = Script(spine_flexion=30).go(0.5, spine_flexion=0).go(0.5, spine_flexion=30)
    script.stay(2).go(1, spine_flexion=0)
    back_s = script.time_s
    times = _rests(sample(_bend(script.stay(3)).stay(2), Camera(fps=15)))
    assert back_s - 0.5 < times[0] < back_s + 1.0


@pytest.mark.parametrize("away_s", [0.5, 3.0])
def test_it_is_taken_again_after_an_absence(away_s: float) -> None:
    script = _bend(Script(spine_flexion=0).stay(2)).stay(2)
    gone_s = script.time_s
    moments = [
        (time_s, {} if gone_s <= time_s < gone_s + away_s else values)
        for time_s, values in sample(script.stay(6), Camera(fps=15))
    ]
    again = [time_s for time_s in _rests(moments) if time_s > gone_s]
    assert bool(again) is (away_s > 1.0)


def test_it_is_taken_again_after_another_posture() -> None:
    script = _bend(Script(spine_flexion=0).stay(2)).stay(8)
    lying, upright = View("front", "lying", "left"), View("front", "upright", "left")
    times = _rests(sample(script, Camera(fps=15)), from_0=upright, from_7=lying, from_10=upright)
    assert not [time_s for time_s in times if 2.5 < time_s < 10]
    assert [time_s for time_s in times if time_s > 10]


def test_who_is_seen_first_on_the_way_is_back_where_the_start_pose_is() -> None:
    """Read so widely that the start pose may be, they cannot rest beyond its edge."""
    tilt = exercise(
        [{"id": "tilt", "hold": 1, "targets": [{"measure": "trunk_turn", "at_least": 15}]}],
        [{"measure": "trunk_turn", "is": 0, "within": 8}],
    )
    script = Script(trunk_turn=15.5).stay(0.3).go(0.5, trunk_turn=27).stay(1.3)
    coach = Coach(make_plan(tilt))
    for time_s, values in sample(script.go(0.8, trunk_turn=3).stay(0.5), Camera(fps=10)):
        coach.update(time_s, values, UNKNOWN, {"trunk_turn": Spread(14, 14, 14)})
    assert coach.repetitions["both"] == 1


def test_between_two_circles_it_is_passed_through() -> None:
    """As long as the shoulders hang low: not on their way, and not before the first circle."""
    coach = Coach(make_plan(ROLL))
    passed, heights = [], []
    for time_s, values in rounds([("forward", 4, 2.0)], height=20, width=20):
        coach.advance(time_s, values)
        if coach.passing_neutral:
            assert coach.at_neutral
            passed.append(time_s)
            heights.append(values[f"{UP}_left"])
    assert len({int(time_s / 2) for time_s in passed}) >= 3
    assert max(heights) < 10


@pytest.mark.parametrize("before", [-17.0, -14.0, 6.0, 14.0, 17.0])
def test_a_jump_of_the_readings_when_the_zero_is_taken_is_no_movement(before: float) -> None:
    """Without their zero people are read worst: what was rest then is none with it."""
    coach, rested_s, taken = Coach(make_plan(CAT_COW)), inf, False
    for time_s, values in sample(_two_rounds(2), Camera(fps=12)):
        coach.update(time_s, values if taken else {**values, "spine_flexion": before})
        rested_s = min(rested_s, time_s if coach.at_neutral else inf)
        taken = taken or time_s - rested_s >= ZERO_LEAST_S
    assert coach.attempts["both"] == coach.repetitions["both"] == 2


def _two_rounds(rest_s: float) -> Script:
    script = Script(spine_flexion=0, hip_flexion_near=90).stay(rest_s)
    for _ in range(2):
        script.go(1, spine_flexion=35).stay(HOLD_S + 1).go(1, spine_flexion=0).stay(0.5)
        script.go(1, spine_flexion=-25).stay(HOLD_S + 1).go(1, spine_flexion=0).stay(1.5)
    return script


@pytest.mark.parametrize("fps", [5, 8, 10, 15])
@pytest.mark.parametrize("rest_s", [0.25, 0.35, 0.4, 0.5, 0.6])
def test_who_sets_out_when_the_zero_is_taken_rested_where_they_were_read_before(
    rest_s: float, fps: float
) -> None:
    coach = Coach(make_plan(CAT_COW))
    for time_s, values in sample(_two_rounds(rest_s), Camera(fps=fps)):
        coach.update(time_s, values)
    assert coach.attempts["both"] == coach.repetitions["both"] == 2


@pytest.mark.parametrize("fps", [8, 15])
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("misread", [-25.0, -15.0, 15.0, 25.0])
def test_one_misread_moment_after_the_zero_is_taken_is_no_rest(
    misread: float, after: int, fps: float
) -> None:
    coach, rested_s, misread_s = Coach(make_plan(CAT_COW)), inf, 0.0
    for time_s, values in sample(_two_rounds(2), Camera(fps=fps)):
        due = not misread_s and time_s - rested_s > ZERO_LEAST_S + after / fps
        misread_s = time_s if due else misread_s
        coach.update(time_s, {**values, **({"spine_flexion": misread} if due else {})})
        rested_s = min(rested_s, time_s if coach.at_neutral else inf)
    assert misread_s
    assert coach.repetitions["both"] == 2
