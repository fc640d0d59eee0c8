"""Circles: counted, their direction told; shrugs, one side alone and half circles are none."""

from __future__ import annotations

from itertools import groupby
from math import hypot, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.circles import time_constant_s
from posecoach.body.view import Facing, View
from posecoach.coach.circles import BY_WIDTH, FARTHEST_ACROSS
from posecoach.coach.coach import Coach
from posecoach.coach.events import CircleDone, Completed, Praised
from posecoach.coach.loops import SEEN_SHARE, Loop, LoopFinder, Sample, passes
from posecoach.exercise.library import standard_library
from posecoach.observe.instrument.instrument import REAL, instrument
from posecoach.observe.spread import Spread
from posecoach.plan.plan import make_plan
from tests.helpers.stretches import ACROSS, ROLL, UP, examples, rounds
from tests.helpers.traces import Followed, Moment, follow


def _sense(found: Followed) -> list[tuple[str, bool]]:
    return [(event.direction, event.counted) for event in found.of(CircleDone)]


def test_forward_is_up_forward_down_back() -> None:
    """With the shoulder at the top and in the middle, it is on its way forward."""
    names = (f"{UP}_left", f"{UP}_right", f"{ACROSS}_left", f"{ACROSS}_right")
    corners = [(0, 0), (8, -6), (16, 0), (8, 6), (0, 0)]  # up behind, over the top, down in front
    times = np.arange(0, 8, 1 / 15)
    up = np.interp(times % 4, range(5), [corner[0] for corner in corners])
    across = np.interp(times % 4, range(5), [corner[1] for corner in corners])
    moments = [
        (float(t), dict(zip(names, (u, u, a, a), strict=True)))
        for t, u, a in zip(times, up, across, strict=True)
    ]
    assert _sense(follow(ROLL, moments)) == [("forward", True), ("forward", True)]


def test_readings_that_settle_are_no_circle_that_keeps_the_zero_from_being_taken() -> None:
    """Without a zero the first readings drift by some degrees, up to a circle's first rise."""
    coach = Coach(make_plan(ROLL))
    drift = np.interp(np.arange(15) / 15, [0, 0.4], [3, 10])
    rested = []
    for index, up in enumerate(drift):
        values = dict.fromkeys((f"{ACROSS}_left", f"{ACROSS}_right"), 1.0)
        values |= dict.fromkeys((f"{UP}_left", f"{UP}_right"), float(up))
        coach.advance(index / 15, {**values, "shoulder_abduction_left": 10.0})
        rested.append(coach.at_neutral)
    assert all(rested)


def test_a_jump_of_the_readings_when_the_zero_is_taken_is_no_circle() -> None:
    names = (f"{UP}_left", f"{UP}_right")
    jump = np.interp(np.arange(20) / 15, [0, 0.4, 0.47], [0, 11, 0.5])
    across = dict.fromkeys((f"{ACROSS}_left", f"{ACROSS}_right"), 1.0)
    moments = [
        (index / 15, dict.fromkeys(names, float(up)) | across) for index, up in enumerate(jump)
    ]
    found = follow(ROLL, moments)
    assert found.result.attempts["both"] == 0
    assert not found.result.faults


@examples(150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["forward", "backward", "shrug", "left", "right"]),
            st.integers(2, 4),
            st.floats(1.5, 4),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([8, 10, 15, 30]),
    st.floats(0, 0.5),
    st.sampled_from([0.0, 0.4]),
    st.integers(0, 999),
)
def test_circles_are_counted_with_their_direction(
    path: list[tuple[str, int, float]], fps: float, noise: float, lost: float, seed: int
) -> None:
    found = follow(ROLL, rounds(path, fps=fps, noise=noise, lost=lost, seed=seed))
    expected = [
        (what, what in ("forward", "backward")) for what, rounds, _ in path for _ in range(rounds)
    ]
    assert [counted for _, counted in _sense(found)] == [counted for _, counted in expected]
    told = [direction for direction, counted in _sense(found) if counted]
    assert told == [what for what, counted in expected if counted]
    assert found.result.repetitions["both"] == sum(counted for _, counted in expected)
    assert found.result.attempts["both"] == len(expected)
    wrong = {fault.fault: fault.side for fault in found.result.faults}
    # One may be misread; two in a row are a fault.
    runs = [
        (what, sum(1 for _ in run))
        for what, run in groupby(w for w, n, _ in path for _ in range(n))
    ]
    assert ("shrug" in wrong) == any(run >= 2 for what, run in runs if what == "shrug")
    # Named after the shoulder that stays still.
    alone = {what for what, run in runs if what in ("left", "right") and run >= 2}
    still = {fault.side for fault in found.result.faults if fault.fault == "one-side"}
    assert still == {"right" if what == "left" else "left" for what in alone}


@pytest.mark.parametrize("lesser", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("height", [16.0, 24.0])
def test_one_shoulder_that_hardly_goes_with_the_other_is_told_and_is_no_circle(
    lesser: float, height: float
) -> None:
    """However high the other one rises: both go round alike."""
    roll = standard_library().find("shoulder-roll")
    found = follow(roll, rounds([("left", 4, 2)], height=height, width=height, lesser=lesser))
    assert found.result.repetitions["both"] == 0
    (fault,) = found.result.faults
    assert (fault.fault, fault.side) == ("one-side-only", "right")


@pytest.mark.parametrize("lesser", [0.7, 0.9])
def test_shoulders_that_differ_as_those_of_many_do_go_round_both(lesser: float) -> None:
    roll = standard_library().find("shoulder-roll")
    found = follow(roll, rounds([("right", 4, 2)], height=18, width=18, lesser=lesser))
    assert found.result.repetitions["both"] == 4
    assert found.result.faults == []


@pytest.mark.parametrize("flat", [1.0, 0.5, 0.1])
@pytest.mark.parametrize("height", [16, 30])
def test_a_shape_is_how_wide_a_circle_is_against_how_high(flat: float, height: float) -> None:
    finder = LoopFinder(8)
    names = (f"{UP}_left", f"{UP}_right", f"{ACROSS}_left", f"{ACROSS}_right")
    shapes = []
    for time_s, values in rounds([("forward", 3, 6)], height=height, width=flat * height, fps=30):
        row = [values[name] for name in names]
        loop = finder.add(Sample.of(time_s, row[:2], row[2:]))
        if loop is not None:
            shapes.append(loop.shape)
    assert shapes == pytest.approx([flat] * 3, rel=0.05)


@pytest.mark.parametrize(("seconds", "counted"), [(0.6, 6), (2.5, 0)])
def test_a_fast_circle_is_read_flatter_than_it_is(seconds: float, counted: int) -> None:
    """The faster, the less is read of the way forward: a slow one as flat is a shrug."""
    roll = standard_library().find("shoulder-roll")
    found = follow(roll, rounds([("forward", 6, seconds)], height=16, width=0.3 * 16))
    assert found.result.repetitions["both"] == counted
    told = {fault.fault for fault in found.result.faults}
    assert told == ({"too-fast"} if counted else {"shrug-only"})


@pytest.mark.parametrize(("off", "shown"), [(8.0, True), (FARTHEST_ACROSS * 2, False)])
def test_nobody_is_told_that_they_only_shrug_where_the_way_across_is_not_shown(
    off: float, shown: bool
) -> None:
    roll = standard_library().find("shoulder-roll")
    spreads = {f"{ACROSS}_{side}": Spread(off, off, off) for side in ("left", "right")}
    found = follow(roll, rounds([("shrug", 4, 2)]), spreads=spreads)
    assert found.result.attempts["both"] == 4
    assert found.result.repetitions["both"] == (0 if shown else 4)
    assert [each.fault for each in found.result.faults] == (["shrug-only"] if shown else [])
    # What is told by heights alone is told all the same.
    alone = follow(roll, rounds([("left", 4, 2)]), spreads=spreads)
    assert alone.result.repetitions["both"] == 0
    assert [each.fault for each in alone.result.faults] == ["one-side-only"]


@pytest.mark.parametrize(
    ("way", "flat", "off", "facing", "shrugs"),
    [
        ("backward", 0.4, 8.0, "front", False),
        ("backward", 0.4, 15.0, "front", True),
        ("backward", 0.4, 15.0, "three-quarter", False),
        ("backward", 0.6, 15.0, "front", False),
        ("forward", 0.2, 8.0, "front", True),
        ("forward", 0.2, 15.0, "front", False),
    ],
)
def test_shoulders_that_look_narrower_late_draw_no_circle_backward(
    way: str, flat: float, off: float, facing: Facing, shrugs: bool
) -> None:
    """At a desk, seen from the front: a twentieth of a second's rise is read as a way back."""
    roll = standard_library().find("shoulder-roll")
    spreads = {f"{ACROSS}_{side}": Spread(off, off, off) for side in ("left", "right")}
    made = rounds([(way, 4, 2)], height=20, width=20 * flat)
    found = follow(roll, made, spreads=spreads, view=View(facing, "upright", "left", 0.0))
    assert found.result.repetitions["both"] == (0 if shrugs else 4)
    assert [each.fault for each in found.result.faults] == (["shrug-only"] if shrugs else [])


def test_the_instrument_tells_by_how_far_it_is_off_who_reads_the_way_across() -> None:
    worths = [
        worth
        for reader in instrument().readers
        if reader.with_start is not None
        for name, worth in zip(reader.measures, reader.with_start.worth, strict=True)
        if name == f"{ACROSS}_left" and worth.kept
    ]
    assert worths
    for worth in worths:
        assert REAL * worth.most < BY_WIDTH
        assert worth.beside is not None
        assert BY_WIDTH < REAL * worth.beside.spread < FARTHEST_ACROSS


@pytest.mark.parametrize("sinks", [4.0, 8.0])
def test_a_rise_that_is_seen_in_one_picture_alone_is_the_next_circle_s(sinks: float) -> None:
    """Few pictures of a fast circle: the next is higher than the last before its rise is seen."""
    finder, found = LoopFinder(8), []
    heights = [0, 0, 15, 18, 14, 7, sinks + 0.5, 19, 20, 14, 7, 1, 0]
    for index, up in enumerate(heights):
        found.append(finder.add(Sample.of(index / 12, (up, up), (0.0, 0.0))))
    ends = [round(12 * loop.end_s) for loop in found if loop is not None]
    assert ends[0] in (5, 6)
    assert len(ends) == 2


def test_one_alone_is_not_counted_and_two_in_a_row_are() -> None:
    """Who reaches for something or squats draws one with the shoulders now and then."""
    one, two = rounds([("forward", 1, 2)]), rounds([("forward", 2, 2)])
    assert _sense(follow(ROLL, one)) == [("forward", False)]
    apart_s = one[-1][0] + 12.0
    later = [(time_s + apart_s, values) for time_s, values in one]
    assert _sense(follow(ROLL, one + later)) == [("forward", False)] * 2
    assert _sense(follow(ROLL, two)) == [("forward", True)] * 2


@pytest.mark.parametrize("height", [2.0, 4.0])
def test_too_small_is_no_circle(height: float) -> None:
    found = follow(ROLL, rounds([("forward", 4, 2)], height=height, width=height))
    assert found.result.repetitions["both"] == 0


def test_a_fast_circle_is_a_circle() -> None:
    found = follow(ROLL, rounds([("forward", 6, 0.6)], fps=30))
    assert found.result.repetitions["both"] == 6


def test_one_faster_than_the_definition_allows_is_an_attempt() -> None:
    steps = tuple(
        step.model_copy(
            update={"circle": step.circle and step.circle.model_copy(update={"fastest": 1})}
        )
        for step in ROLL.steps
    )
    slow = ROLL.model_copy(update={"steps": steps})
    found = follow(slow, rounds([("forward", 6, 0.6)], fps=30))
    assert found.result.repetitions["both"] == 0
    assert found.result.attempts["both"] > 0


def test_both_directions_must_have_their_time() -> None:
    assert not follow(ROLL, rounds([("forward", 9, 2)])).of(Completed)
    assert follow(ROLL, rounds([("forward", 5, 2), ("backward", 5, 2)])).of(Completed)


def test_no_circle_spans_a_time_in_which_nobody_was_seen() -> None:
    """Up on one side of the gap and down on the other: whether it was round nobody saw."""
    moments = rounds([("forward", 1, 4)])
    for gap in (1.4, 6.0):
        gone = [(t, v) for t, v in moments if t < 2.6] + [(t + gap, v) for t, v in moments if t > 3]
        unseen = [(t, v if not 2.0 < t < 4.0 else {}) for t, v in moments]
        assert follow(ROLL, gone).result.repetitions["both"] == 0
        assert follow(ROLL, unseen).result.repetitions["both"] == 0


def test_the_posture_must_be_right() -> None:
    lying = View("front", "lying", None, 0.0)
    found = follow(ROLL, rounds([("forward", 4, 2)]), view=lying)
    assert found.result.attempts["both"] == 0


def _shifted(moments: list[Moment], since: float, until: float, by: float) -> list[Moment]:
    """Both shoulders read higher or lower for a while."""
    return [
        (t, {k: x + by if k.startswith(UP) and since <= t < until else x for k, x in v.items()})
        for t, v in moments
    ]


@pytest.mark.parametrize("by", [-40.0, -12.0])
@pytest.mark.parametrize("at", [0.5, 3.0])
def test_a_jump_of_the_landmarks_does_not_hide_the_circles_after_it(by: float, at: float) -> None:
    """Between two circles the shoulders are read far too low for a moment."""
    moments = rounds([("forward", 6, 2.0)])
    found = follow(ROLL, _shifted(moments, at - 0.07, at + 0.07, by))
    assert found.result.repetitions["both"] >= (6 if at < 1 else 5)


def test_who_sinks_between_two_circles_is_still_seen_to_circle() -> None:
    """Sitting lower or higher from then on moves where the circles stand, not the circles."""
    for by in (-12.0, 12.0):
        found = follow(ROLL, _shifted(rounds([("forward", 6, 2.0)]), 5.0, 99.0, by))
        assert found.result.repetitions["both"] >= 5


@pytest.mark.parametrize("seconds", [2.0, 4.0, 6.0])
def test_who_ends_a_slow_circle_higher_than_they_began_it_has_made_one(seconds: float) -> None:
    """Shoulders do not come down all the way while they roll, only before and after."""
    moments = rounds([("forward", 4, seconds)])
    found = follow(ROLL, _shifted(moments, 1 + 0.5 * seconds, 99.0, 5.0))
    assert found.result.repetitions["both"] >= 4


@pytest.mark.parametrize("seconds", [1.2, 2.0, 3.5, 5.0])
def test_faulty_circles_in_a_row_are_one_fault_however_slow(seconds: float) -> None:
    found = follow(ROLL, rounds([("left", 4, seconds), ("forward", 2, seconds)]))
    (fault,) = found.result.faults
    assert (fault.fault, fault.side) == ("one-side", "right")
    assert fault.start_s == pytest.approx(1, abs=0.2 * seconds)
    assert fault.end_s == pytest.approx(1 + 4 * seconds, abs=0.2 * seconds)
    (praise,) = [event for event in found.of(Praised) if event.text == "That's it"]
    assert praise.time_s < 2 + 6.2 * seconds, "with the second that is right: one may be misread"


@given(st.floats(2.9, 3.8), st.floats(0.2, 1.2))
def test_a_small_shrug_before_a_circle_is_no_part_of_it(shrug: float, before_s: float) -> None:
    """Where a circle begins says when its fault began."""
    height, fps = 18.0, 30
    finder, found = LoopFinder(8.0), None
    for frame in range(6 * fps):
        time_s = frame / fps
        turn = np.clip((time_s - 3) / 2, 0, 1) * 2 * np.pi
        wobble = np.clip((time_s - before_s) / 0.4, 0, 1) * 2 * np.pi
        up = height / 2 * (1 - np.cos(turn)) + shrug / 2 * (1 - np.cos(wobble)) + time_s / 100
        across = 5 * np.sin(turn)
        found = finder.add(Sample.of(time_s, (up, up), (across, across))) or found
    assert found is not None
    assert 3.0 <= found.start_s <= 3.5


WAYS = st.lists(
    st.tuples(st.sampled_from(["forward", "backward"]), st.integers(2, 4), st.floats(1.6, 4)),
    min_size=1,
    max_size=2,
)


def _counted(found: Followed) -> list[str]:
    return [event.direction for event in found.of(CircleDone) if event.counted]


@given(WAYS, st.sampled_from([10, 15, 30, 60]), st.floats(0.02, 0.98), st.floats(0.0, 9.5))
@examples(80)
def test_pictures_that_stand_still_take_no_circle(
    path: list[tuple[str, int, float]], fps: float, where: float, for_s: float
) -> None:
    moments = rounds(path, fps=fps)
    at_s = where * moments[-1][0]
    frozen = [(time_s + (for_s if time_s > at_s else 0.0), values) for time_s, values in moments]
    found = follow(ROLL, frozen)
    assert _counted(found) == _counted(follow(ROLL, moments))
    assert not found.result.faults
    ends = [(event.start_s, event.end_s) for event in found.of(CircleDone)]
    for (start_s, end_s), (next_s, _) in zip(ends, [*ends[1:], (1e9, 1e9)], strict=True):
        assert moments[0][0] <= start_s < end_s <= next_s
    assert ends[-1][1] <= moments[-1][0] + for_s


@pytest.mark.parametrize("constant_s", [0.05, 0.14, 0.25])
def test_the_benchmark_finds_the_time_constant_of_the_way_forward(constant_s: float) -> None:
    def read(seconds: float) -> list[Loop]:
        seen_s = seconds * SEEN_SHARE
        shape = 1 / hypot(1, 2 * pi * constant_s / seconds) / passes(seconds)
        return [Loop(start_s, start_s + seen_s, 16, 16, shape, "forward") for start_s in (0, 9, 20)]

    assert time_constant_s(read(2.5), read(0.7)) == pytest.approx(constant_s)
