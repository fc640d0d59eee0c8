"""Whatever comes in: nothing raises, nothing grows, the same input gives the same output."""

from __future__ import annotations

import sys
from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.coach.events import AttemptEnded, Event, HoldEnded
from posecoach.coach.scores import MANY_SCORES
from posecoach.coach.trace import REMEMBERED_S
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from tests.helpers.stretches import (
    CAT_COW,
    FAULTY,
    LEAN,
    OPTIONAL,
    REST,
    ROLL,
    SETUP,
    examples,
    rounds,
)
from tests.helpers.traces import Camera, Script, exercise, follow, sample

MADE_UP = [LEAN, CAT_COW, OPTIONAL, SETUP, FAULTY, ROLL]
LIBRARY = [standard_library().find(name) for name in standard_library().ids()]

numbers = st.one_of(
    st.floats(-200, 200),
    st.sampled_from([nan, inf, -inf, 1e308, -1e308, 5e-324, 0.0, -0.0, 3600.0, 1e15]),
)
views = st.builds(
    View,
    facing=st.sampled_from(["front", "left", "unknown"]),
    posture=st.sampled_from(["upright", "all-fours", "lying", "unknown"]),
)


def _check(events: list[Event], coach: Coach) -> None:
    for side in ("left", "right", "both"):
        assert 0 <= coach.repetitions[side] <= coach.attempts[side]
    for event in events:
        assert isfinite(event.time_s)
        if isinstance(event, HoldEnded | AttemptEnded):
            assert 0 <= event.accuracy <= 1
            assert event.start_s <= event.end_s
        if isinstance(event, HoldEnded):
            assert event.held_s >= 0


@examples(400)
@given(st.data(), st.sampled_from(MADE_UP + LIBRARY))
def test_nothing_that_comes_in_raises(data: st.DataObject, definition: Exercise) -> None:
    plan = make_plan(definition, hold=data.draw(st.sampled_from([None, 0.5])))
    coach = Coach(plan)
    time_s = 0.0
    _, events = coach.update(time_s, {})
    levels = data.draw(st.lists(st.lists(numbers, min_size=1, max_size=6), min_size=1, max_size=12))
    for level in levels:
        view = data.draw(views)
        step = data.draw(st.sampled_from([0.0, 0.01, 0.2, 0.5, 2.0, -1.0, nan, inf, 100.0]))
        for _ in range(data.draw(st.integers(1, 6))):
            values = {name: level[i % len(level)] for i, name in enumerate(plan.measures)}
            given_time = time_s + step
            state, happened = coach.update(given_time, values, view)
            if isfinite(given_time) and step > 0:
                time_s = given_time
            else:
                assert not happened
            events += happened
            assert isfinite(state.time_s)
            assert 0 <= state.held_s < inf
    events += coach.finish()
    _check(events, coach)


@examples(60)
@given(st.sampled_from([10, 15, 30]), st.floats(0, 2), st.integers(0, 999))
def test_the_same_input_gives_the_same_output(fps: float, noise: float, seed: int) -> None:
    script = Script(**REST).stay(1.5)
    for way in (28, -28):
        script.go(1, trunk_lateral_flexion=way).stay(1.5).go(0.3, elbow_flexion_left=70).stay(1.5)
        script.go(1, **REST).stay(1.5)
    moments = sample(script, Camera(fps, 0.5, noise, 0.33, seed=seed))
    first, second = (follow(FAULTY, moments, states=True) for _ in range(2))
    assert first.events == second.events
    assert repr(first.states) == repr(second.states)
    assert first.result.as_json() == second.result.as_json()


@examples(60)
@given(st.data())
def test_frames_without_a_new_time_change_nothing(data: st.DataObject) -> None:
    script = Script(**REST).stay(1.5).go(1, trunk_lateral_flexion=28).stay(2.5)
    moments = sample(script.go(1, **REST).stay(1.5), Camera(15))
    wild = dict.fromkeys(REST, 80.0)
    mixed = []
    for time_s, values in moments:
        mixed.append((time_s, values))
        if data.draw(st.integers(0, 9)) == 0:
            back = data.draw(st.sampled_from([0.0, 0.05, 2.0, 1e9, nan, inf]))
            mixed.append((time_s - back, wild))
    expected, found = follow(FAULTY, moments), follow(FAULTY, mixed)
    assert found.events == expected.events
    assert found.result.as_json() == expected.result.as_json()


@examples(60)
@given(st.floats(-1e6, 1e9), st.sampled_from([10, 15, 30]))
def test_when_the_clock_began_does_not_matter(start_s: float, fps: float) -> None:
    start_s = round(start_s)  # else the times themselves are rounded
    script = Script(**REST).stay(1.5).go(1, trunk_lateral_flexion=28).stay(2.5)
    script.go(1, **REST).stay(1.5)
    now, later = (follow(FAULTY, sample(script, Camera(fps), s)) for s in (0.0, start_s))
    assert later.result.repetitions == now.result.repetitions
    for mine, theirs in zip(later.result.holds, now.result.holds, strict=True):
        assert mine.start_s - start_s == pytest.approx(theirs.start_s, abs=1.1 / fps)
        assert mine.held_s == pytest.approx(theirs.held_s, abs=1.1 / fps)


def test_absurd_values_are_not_seen() -> None:
    script = Script(**REST).stay(1.5).go(1, trunk_lateral_flexion=28).stay(3)
    moments = sample(script.go(1, **REST).stay(1.5), Camera(15))
    expected = follow(FAULTY, moments)
    for wrong in (nan, inf, -inf, 1e300):
        spoilt = [
            (t, dict.fromkeys(v, wrong) if index % 3 == 0 else v)
            for index, (t, v) in enumerate(moments)
        ]
        found = follow(FAULTY, spoilt)
        assert found.result.repetitions == expected.result.repetitions
        assert not found.result.faults


# -- long sessions ------------------------------------------------------------------------


def _size(value: Any, seen: set[int] | None = None) -> int:
    """How many objects can be reached from the coach's own."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, str | int | float | bool | type | None):
        return 0
    seen.add(id(value))
    if isinstance(value, dict):
        parts: list[Any] = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set) or type(value).__name__ == "deque":
        parts = list(value)
    elif type(value).__module__.startswith("posecoach.coach"):
        names = getattr(value, "__slots__", None) or vars(value)
        parts = [getattr(value, name) for name in names if name != "plan"]
    else:
        return 1
    return 1 + len(parts) + sum(_size(part, seen) for part in parts)


def _exercising(definition: Exercise) -> list[tuple[float, dict[str, float]]]:
    if definition is ROLL:
        return rounds([("forward", 100, 2), ("shrug", 100, 2), ("backward", 100, 2)], fps=17)
    script = Script(**REST, spine_flexion=0, hip_flexion_near=85, trunk_inclination=10)
    while script.time_s < 340:
        script.stay(1.3).go(1, trunk_lateral_flexion=28, spine_flexion=40).stay(1)
        script.go(0.3, elbow_flexion_left=80).stay(2).go(0.3, elbow_flexion_left=5).stay(1.5)
        script.go(1, spine_flexion=-40, trunk_lateral_flexion=0).stay(2.5).go(1, spine_flexion=0)
    return sample(script, Camera(30))


@pytest.mark.parametrize("definition", [FAULTY, CAT_COW, ROLL], ids=["sides", "steps", "circles"])
def test_ten_thousand_frames_leave_nothing_behind(definition: Exercise) -> None:
    coach = Coach(make_plan(definition))
    moments = _exercising(definition)
    assert len(moments) >= 10_000
    most = {0: 0, 1: 0}
    for index, (time_s, values) in enumerate(moments):
        coach.update(time_s, values)
        if index % 50 == 0:
            half = int(index > len(moments) / 2)
            most[half] = max(most[half], _size(coach))
    assert sum(coach.attempts.values()) > 20
    assert most[1] <= most[0] * 1.1


def test_a_pose_that_is_never_left_does_not_grow_for_ever() -> None:
    definition = exercise(
        [{"id": "sit", "hold": 5, "targets": [{"measure": "hip_flexion_near", "at_least": 100}]}],
        [{"measure": "hip_flexion_near", "at_most": 60}],
    )
    script = Script(hip_flexion_near=20).stay(2).go(1, hip_flexion_near=120).stay(600)
    coach = Coach(make_plan(definition))
    sizes = []
    for index, (time_s, values) in enumerate(sample(script, Camera(60))):
        coach.update(time_s, values)
        if index % 500 == 0:
            sizes.append(_size(coach))
    # A minute of scores and some seconds of values: scores.MANY_SCORES, trace.REMEMBERED_S.
    assert max(sizes) < 5 * MANY_SCORES + 8 * 60 * REMEMBERED_S
    (hold,) = [event for event in coach.finish() if isinstance(event, HoldEnded)]
    assert hold.held_s == pytest.approx(600, abs=2)
    assert hold.accuracy == pytest.approx(1)
    assert sys.getsizeof(coach._followers[0].zero._recent) < 20_000
