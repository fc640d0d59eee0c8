"""What is claimed of a reading that may be off: a fault only beyond reasonable doubt."""

from __future__ import annotations

from math import erf, nan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from posecoach.exercise.definition import AllOf, Condition, Fault, Target
from posecoach.observe.spread import BEYOND_DOUBT, Spread
from posecoach.plan.quantity import Reader
from posecoach.plan.rule import Check, FaultRule
from posecoach.plan.target import Goal, pose_met

SPREADS = {
    "elbow_flexion_left": Spread(6.0, 4.0, 3.0),
    "elbow_flexion_right": Spread(6.0, 4.0, 3.0),
    "trunk_turn": Spread(8.0, 8.0, 8.0),
}


def _check(**test: object) -> Check:
    return Check.of(Condition.model_validate({"measure": "trunk_turn", **test}), None)


def test_as_many_lie_below_as_is_said_what_is_beyond_doubt() -> None:
    assert (1 + erf(BEYOND_DOUBT / sqrt(2))) / 2 == pytest.approx(0.85, abs=1e-4)


@given(st.floats(-90, 90), st.floats(0, 20))
def test_what_the_value_itself_denies_is_denied(value: float, spread: float) -> None:
    for check, true in (
        (_check(above=10), value > 10),
        (_check(below=-5), value < -5),
        (_check(outside=[-5, 10]), not -5 <= value <= 10),
        (_check(inside=[-5, 10]), -5 <= value <= 10),
    ):
        holds = check.holds(value, spread)
        assert (holds is False) is (not true)
        if spread == 0:
            assert holds is true


@pytest.mark.parametrize(
    ("value", "spread", "holds"),
    [(31, 0, True), (31, 6, None), (36, 6, None), (37, 6, True), (30, 6, False), (nan, 6, None)],
)
def test_a_fault_is_claimed_only_beyond_its_limit_and_doubt(
    value: float, spread: float, holds: bool | None
) -> None:
    assert _check(above=30).holds(value, spread) is holds


def test_a_value_between_two_limits_needs_room_on_both_sides() -> None:
    check = _check(inside=[20, 40])
    assert check.holds(30, 5) is True
    assert check.holds(25, 5) is None
    assert check.holds(30, 10) is None
    assert check.holds(19, 5) is False


@pytest.mark.parametrize(
    ("quantity", "spread"),
    [
        ({"measure": "elbow_flexion_left"}, 6.0),
        ({"measure": "elbow_flexion_left", "from_start": True}, 4.0),
        ({"measure": "elbow_flexion_left", "minus": "elbow_flexion_right"}, 3.0),
        ({"measure": "elbow_flexion_left", "minus": "trunk_turn"}, 10.0),
        ({"measure": "knee_flexion_left"}, 0.0),
    ],
)
def test_a_change_and_a_difference_have_their_own_spread(
    quantity: dict[str, object], spread: float
) -> None:
    reader = Reader.of(Condition.model_validate({**quantity, "above": 0}), None)
    assert reader.spread(SPREADS) == pytest.approx(spread)


def _bent(elbow: float, turn: float, *, context: bool) -> bool | None:
    """Whether a bent elbow shows, looked for while the trunk is turned."""
    fault = Fault(
        id="bent",
        when=AllOf(
            all=(
                Condition(measure="elbow_flexion_left", above=30),
                Condition(measure="trunk_turn", above=10, context=context),
            )
        ),
        cue="Straighten",
    )
    values = {"elbow_flexion_left": elbow, "trunk_turn": turn}
    return FaultRule.of(fault, None, "both").present(values, {}, SPREADS)


@pytest.mark.parametrize(
    ("elbow", "turn", "shows"),
    [(60, 40, True), (33, 40, None), (33, 0, False), (nan, 0, False), (nan, 40, None)],
)
def test_a_rule_is_there_where_each_of_its_checks_is_beyond_doubt(
    elbow: float, turn: float, shows: bool | None
) -> None:
    assert _bent(elbow, turn, context=False) is shows


@pytest.mark.parametrize(
    ("elbow", "turn", "shows"), [(60, 11, True), (60, 9, False), (33, 11, None), (60, nan, None)]
)
def test_what_only_tells_when_to_look_goes_by_the_best_estimate(
    elbow: float, turn: float, shows: bool | None
) -> None:
    assert _bent(elbow, turn, context=True) is shows


def test_a_fault_of_nothing_but_when_to_look_for_it_is_refused() -> None:
    when = {"measure": "trunk_turn", "above": 10, "context": True}
    for alone in (when, {"all": [when]}, {"any": [when]}):
        with pytest.raises(ValidationError, match="the fault itself"):
            Fault.model_validate({"id": "turned", "when": alone, "cue": "Turn back"})


@pytest.mark.parametrize(
    ("value", "form", "movement"), [(20, True, True), (15, True, False), (11, False, False)]
)
def test_form_that_is_likely_missed_is_not_kept_and_a_movement_goes_by_the_best_estimate(
    value: float, form: bool, movement: bool
) -> None:
    target = Target.model_validate({"measure": "trunk_turn", "at_least": 20})
    spreads = {"trunk_turn": Spread(9, 9, 9)}
    for drives, met in ((False, form), (True, movement)):
        goals = (Goal.of(target, None, drives=drives),)
        assert pose_met(goals, [value], stay=False, spreads=spreads) is met
