"""A repetition is the set of its positions: in any order where the definition says so, and
without a rest between one and the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.exercise.library import standard_library
from tests.helpers.stretches import CAT_COW, HOLD_S, cameras, examples
from tests.helpers.traces import Camera, Script, exercise, follow, sample

ANY = CAT_COW.model_copy(update={"order": "any"})
CAT, COW = 50.0, -38.0
STAY_S = HOLD_S + 0.8
_COW = (
    [{"id": "cow", "hold": 2, "targets": [{"measure": "spine_flexion", "at_most": -15}]}],
    [{"measure": "hip_flexion_near", "at_least": 60, "at_most": 110}],
)


def turns(*positions: float, pause_s: float = 0.0, begin_s: float = 1.5) -> Script:
    """From the Table through some positions and back to it; with a stop at it between or none."""
    script = Script(spine_flexion=0.0, hip_flexion_near=85.0).stay(begin_s)
    for position in positions:
        script.go(1.3, spine_flexion=position).stay(STAY_S)
        if pause_s:
            script.go(1.0, spine_flexion=0.0).stay(pause_s)
    return script.go(1.0, spine_flexion=0.0).stay(1.0)


@pytest.mark.parametrize("pause_s", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("pair", [(CAT, COW), (COW, CAT)])
def test_either_position_first_with_and_without_a_stop(
    pair: tuple[float, float], pause_s: float
) -> None:
    seen = follow(ANY, sample(turns(*pair * 3, pause_s=pause_s), Camera()))
    assert seen.result.repetitions["both"] == 3
    assert seen.result.attempts["both"] == 3
    assert sum(hold.completed for hold in seen.result.holds) == 6


def test_where_the_order_is_given_no_pause_is_needed_either() -> None:
    seen = follow(CAT_COW, sample(turns(CAT, COW, CAT, COW), Camera()))
    assert seen.result.repetitions["both"] == 2
    other = follow(CAT_COW, sample(turns(COW, CAT, COW), Camera()))
    assert other.result.repetitions["both"] == 1  # Cat and the Cow after it


def test_passing_on_is_the_end_of_one_and_the_beginning_of_the_next() -> None:
    seen = follow(ANY, sample(turns(CAT, COW, CAT, COW), Camera()))
    first, second = seen.result.ended
    assert first.end_s == second.start_s
    assert first.end_s == pytest.approx(1.5 + 2 * (1.3 + STAY_S), abs=0.25)


@pytest.mark.parametrize("rest", [0.0, -10.0, -14.0])
def test_who_is_in_the_position_is_not_back_however_near_their_rest_was_read(rest: float) -> None:
    """At first the Table is read half-way down to a Cow, whose back is held just low enough."""
    low = CAT_COW.model_copy(
        update={"steps": (CAT_COW.steps[0], exercise(*_COW).steps[0]), "order": "any"}
    )
    script = Script(spine_flexion=rest, hip_flexion_near=85.0).stay(1.5)
    script.go(1.3, spine_flexion=CAT).stay(STAY_S).go(1.0, spine_flexion=0.0).stay(0.5)
    script.go(0.4, spine_flexion=-16.0).stay(0.6).go(0.4, spine_flexion=-21.0).stay(STAY_S)
    script.go(1.0, spine_flexion=0.0).stay(1.0)
    seen = follow(low, sample(script, Camera()))
    assert seen.result.attempts["both"] == 1
    assert seen.result.repetitions["both"] == 1


@pytest.mark.parametrize("rest", [6.0, 20.0, 34.0])
def test_who_rests_in_an_optional_position_is_back_though_they_came_through_it(rest: float) -> None:
    """Into Child's Pose from kneeling upright: that is as upright as sitting on the heels is."""
    fold = {
        "id": "fold",
        "hold": 2,
        "targets": [{"measure": "hip_flexion_near", "at_least": 110, "drives": True}],
    }
    sit = {
        "id": "sit",
        "optional": True,
        "targets": [{"measure": "trunk_inclination", "at_most": 35, "drives": True}],
    }
    kneeling = [{"measure": "hip_flexion_near", "at_most": 90}]
    script = Script(hip_flexion_near=15.0, trunk_inclination=rest).stay(1.5)
    script.go(1.3, hip_flexion_near=150.0, trunk_inclination=86.0).stay(STAY_S)
    script.go(1.3, hip_flexion_near=15.0, trunk_inclination=rest).stay(1.2)
    seen = follow(exercise([fold, sit], kneeling), sample(script, Camera()))
    assert seen.result.attempts["both"] == 1
    assert seen.result.repetitions["both"] == 1


def test_the_same_position_twice_is_no_repetition() -> None:
    seen = follow(ANY, sample(turns(CAT, CAT, CAT, pause_s=1.0), Camera()))
    assert seen.result.repetitions["both"] == 0
    assert {ended.reason for ended in seen.result.ended} <= {
        "a step was left out",
        "cow was not held",
    }


@given(
    cameras,
    st.sampled_from([(CAT, COW), (COW, CAT)]),
    st.integers(1, 3),
    st.sampled_from([0.0, 1.0]),
)
@examples(25)
def test_at_any_frame_rate(
    camera: Camera, pair: tuple[float, float], times: int, pause_s: float
) -> None:
    seen = follow(ANY, sample(turns(*pair * times, pause_s=pause_s), camera))
    assert seen.result.repetitions["both"] == times


TABLE = {
    "trunk_inclination": 78.0,
    "hip_flexion_near": 85.0,
    "knee_flexion_near": 90.0,
    "elbow_flexion_near": 5.0,
    "arm_inclination_near": 0.0,
    "thigh_inclination_near": 0.0,
}


@pytest.mark.parametrize("head", [(35.0, -30.0), (4.0, -4.0)])
def test_begun_in_a_position_the_head_counts_from_neutral(head: tuple[float, float]) -> None:
    """Nobody rested in the Table: a head that goes with the back counts, one that does not."""
    cat, cow = ({"spine_flexion": CAT}, {"spine_flexion": COW})
    cat["neck_flexion"], cow["neck_flexion"] = head
    script = Script(**TABLE, **cow).stay(1.5)
    for _ in range(3):
        script.go(1.2, **cat).stay(STAY_S).go(1.2, **cow).stay(STAY_S)
    script.go(1.0, spine_flexion=0.0, neck_flexion=0.0).stay(1.0)
    defined = standard_library().find("cat-cow")
    seen = follow(defined, sample(script, Camera(fps=12)), hold=HOLD_S)
    moved = abs(head[0]) > 20
    assert seen.result.repetitions["both"] == (3 if moved else 0)
    assert (not any(each.fault == "head-still" for each in seen.result.faults)) is moved


@pytest.mark.parametrize(("deep", "between", "counts"), [(42, 5.8, 2), (42, 12, 1), (24, 8, 1)])
def test_back_from_far_beyond_the_target_is_back_a_little_off_rest(
    deep: float, between: float, counts: int
) -> None:
    """A turn of 20 is asked for; at rest it is read up to 8 off."""
    turn = exercise(
        [{"id": "turn", "hold": 1, "targets": [{"measure": "trunk_turn", "at_least": 20}]}],
        [{"measure": "shoulder_abduction_left", "at_least": 45}],
    )
    script = Script(trunk_turn=0.0, shoulder_abduction_left=90.0).stay(1.5)
    script.go(1.2, trunk_turn=deep).stay(2).go(1.0, trunk_turn=between).stay(0.8)
    script.go(1.0, trunk_turn=deep).stay(2).go(1.2, trunk_turn=0.0).stay(1)
    seen = follow(turn, sample(script, Camera(fps=12)))
    assert seen.result.repetitions["both"] == counts
    assert seen.result.attempts["both"] == counts


def test_who_lies_down_otherwise_rests_anew() -> None:
    """The feet are on their way up as they are first seen; then the legs lie straight for a while.

    Flat on the floor, the feet rest far from where they were taken to rest, and a hug and another
    come back to there.
    """
    hug = exercise(
        [{"id": "hug", "hold": 1, "targets": [{"measure": "hip_flexion_left", "at_least": 115}]}],
        [{"measure": "hip_flexion_left", "at_least": 15, "at_most": 85}],
    )
    script = Script(hip_flexion_left=20.0).stay(2.0).go(0.8, hip_flexion_left=1.0).stay(3.5)
    script.go(1.0, hip_flexion_left=50.0).stay(1.8)
    for _ in range(2):
        script.go(1.2, hip_flexion_left=122.0).stay(2.0).go(1.2, hip_flexion_left=50.0).stay(0.8)
    seen = follow(hug, sample(script, Camera(fps=12)))
    assert seen.result.repetitions["both"] == 2
    assert seen.result.attempts["both"] == 2
    assert seen.result.ended[0].start_s > 8.0
