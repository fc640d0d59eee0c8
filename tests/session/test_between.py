"""What lies between two moments."""

from __future__ import annotations

from itertools import pairwise
from math import isnan, nan

from hypothesis import assume, given
from hypothesis import strategies as st

from posecoach.body.view import UNKNOWN
from posecoach.observe.given import Given
from posecoach.session.between import FARTHEST_S, STEP_S, between

ANGLES = st.floats(-180, 180)


def _at(time_s: float, *, seen: bool = True, **values: float) -> Given:
    return Given(time_s, values, UNKNOWN, {}, seen)


@given(st.floats(0, 1000), st.floats(0.001, 2.0), ANGLES, ANGLES)
def test_it_goes_evenly_and_no_gap_is_larger_than_the_coach_expects(
    start_s: float, gap_s: float, first: float, last: float
) -> None:
    before, now = _at(start_s, knee=first), _at(start_s + gap_s, knee=last)
    found = list(between(before, now))
    times = [before.time_s, *(each.time_s for each in found), now.time_s]
    steps = [b - a for a, b in pairwise(times)]
    assert all(step > 0 for step in steps)
    if now.time_s - before.time_s <= FARTHEST_S:
        assert max(steps) <= 1.5 * STEP_S + 1e-9
    else:
        assert not found
    for each in found:
        part = (each.time_s - start_s) / (now.time_s - start_s)
        assert abs(each.values["knee"] - (first + part * (last - first))) < 1e-6


@given(st.floats(0.0, 1.4))
def test_moments_that_are_near_are_left_as_they_are(steps: float) -> None:
    """So at twelve frames a second and more nothing is put in."""
    assert not list(between(_at(0.0, knee=1.0), _at(steps * STEP_S, knee=2.0)))


@given(st.booleans(), st.booleans())
def test_nothing_is_known_beside_a_moment_without_a_person(first: bool, last: bool) -> None:
    assume(not (first and last))
    assert not list(between(_at(0.0, seen=first, knee=1.0), _at(0.2, seen=last, knee=2.0)))


def test_what_one_of_the_two_does_not_know_is_not_known_between() -> None:
    before, now = _at(0.0, knee=nan, hip=1.0), _at(0.2, knee=2.0, hip=3.0, elbow=4.0)
    for each in between(before, now):
        assert isnan(each.values["knee"])
        assert isnan(each.values["elbow"])
        assert 1.0 < each.values["hip"] < 3.0
