"""The way frames arrive changes nothing: tempo, frame rate, repeats, freezes, cuts, order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.view import UNKNOWN
from posecoach.coach.coach import Coach
from posecoach.coach.events import AttemptEnded
from posecoach.coach.start import RESETTLED_S
from posecoach.exercise.definition import Exercise
from posecoach.observe.spread import Spread
from posecoach.plan.plan import make_plan
from tests.helpers.stretches import CAT_COW, HOLD_S, LEAN, LEAN_FROM_START, examples
from tests.helpers.traces import Camera, Moment, Script, exercise, follow, sample

ANY = CAT_COW.model_copy(update={"order": "any"})
PLACES = {"left": 28.0, "right": -28.0}


def leans(*sides: str, tempo: float = 1.0, stay_s: float = HOLD_S + 0.6) -> Script:
    script = Script(trunk_lateral_flexion=0.0).stay(1.5)
    for side in sides:
        script.go(1.2 / tempo, trunk_lateral_flexion=PLACES[side]).stay(stay_s)
        script.go(1.2 / tempo, trunk_lateral_flexion=0.0).stay(1.2)
    return script


def frozen(moments: list[Moment], at_s: float, for_s: float) -> list[Moment]:
    """The same with the camera standing still in between: nothing new comes, nothing is missed."""
    return [(time_s + (for_s if time_s > at_s else 0.0), values) for time_s, values in moments]


def stopped(moments: list[Moment], at_s: float, for_s: float) -> list[Moment]:
    """The same with the person standing still there for so long, seen all the while."""
    cut = max(1, sum(time_s <= at_s for time_s, _ in moments))
    last_s, values = moments[cut - 1]
    step_s = moments[1][0] - moments[0][0]
    still = [(last_s + n * step_s, values) for n in range(1, round(for_s / step_s))]
    return [*moments[:cut], *still, *((t + for_s, v) for t, v in moments[cut:])]


def missing(moments: list[Moment], at_s: float, for_s: float) -> list[Moment]:
    return [each for each in moments if not at_s < each[0] < at_s + for_s]


@given(
    st.lists(st.sampled_from(["left", "right"]), min_size=1, max_size=4),
    st.sampled_from([5, 7.5, 12, 15, 30, 60]),
    st.floats(0.5, 1.6),
    st.floats(0.0, 1.0),
    st.floats(0.0, 9.5),
)
@examples(60)
def test_a_freeze_anywhere_changes_no_count(
    sides: list[str], fps: float, tempo: float, where: float, for_s: float
) -> None:
    script = leans(*sides, tempo=tempo)
    moments = sample(script, Camera(fps))
    found = follow(LEAN, frozen(moments, where * script.time_s, for_s)).result
    wanted = {side: sides.count(side) for side in PLACES}
    assert {side: found.repetitions[side] for side in PLACES} == wanted
    assert {side: found.attempts[side] for side in PLACES} == wanted


@pytest.mark.parametrize("definition", [LEAN, LEAN_FROM_START], ids=["textbook", "own start"])
@given(
    st.lists(st.sampled_from(["left", "right"]), min_size=1, max_size=3),
    st.sampled_from([5, 7.5, 15, 30]),
    # Who is off their rest for longer, by going slowly or by standing still, rests there.
    st.floats(0.4, 1.6),
    st.floats(0.0, 1.0),
    st.floats(0.5, RESETTLED_S / 2),
)
@examples(40)
def test_who_stops_half_way_goes_on_with_the_same_movement(
    definition: Exercise, sides: list[str], fps: float, tempo: float, where: float, for_s: float
) -> None:
    """However slowly they go: a clip slowed by repeating frames is few frames of slow movement."""
    moments = sample(leans(*sides, tempo=min(tempo, fps / 5)), Camera(fps))
    found = follow(definition, stopped(moments, where * moments[-1][0], for_s)).result
    wanted = {side: sides.count(side) for side in PLACES}
    assert {side: found.repetitions[side] for side in PLACES} == wanted
    assert {side: found.attempts[side] for side in PLACES} == wanted


@pytest.mark.parametrize("for_s", [1.5, 4.0, 9.0])
def test_a_hold_lasts_through_a_gap_and_tells_how_much_was_not_seen(for_s: float) -> None:
    """Leaning from 2.7 s on, for 12 s; the camera stands still from 4 s on."""
    moments = sample(leans("left", stay_s=12.0), Camera(15))
    (hold,) = follow(LEAN, missing(moments, 4.0, for_s)).result.holds
    (whole,) = follow(LEAN, moments).result.holds
    assert hold.completed
    assert hold.bridged_s == pytest.approx(for_s, abs=0.15)
    assert hold.held_s == pytest.approx(whole.held_s, abs=0.15)
    assert hold.end_s - hold.start_s == pytest.approx(whole.end_s - whole.start_s, abs=0.3)


def test_a_longer_gap_ends_the_hold_and_says_so() -> None:
    moments = sample(leans("left", stay_s=18.0), Camera(15))
    result = follow(LEAN, missing(moments, 6.0, 12.0)).result
    first = result.holds[0]
    assert first.end_s == pytest.approx(6.0, abs=0.2)
    assert first.lost_s == pytest.approx(12.0, abs=0.2)
    assert first.bridged_s == 0
    assert result.unseen_in_holds() == [
        "At 6.0 s the picture stood still for 12 s, which ended the hold."
    ]
    assert result.repetitions["left"] == 1


def test_who_moved_meanwhile_did_not_hold() -> None:
    moments = sample(leans("left", stay_s=3.0), Camera(15))
    gone = missing(moments, 3.4, 4.0)  # until the way back is done
    result = follow(LEAN, gone).result
    assert result.repetitions["left"] == 0
    assert all(hold.bridged_s == 0 for hold in result.holds)


def test_cut_at_both_ends() -> None:
    """Begun in one lean, ended in another: what was seen whole counts, the rest is told."""
    script = leans("left", "right", "left")
    moments = [each for each in sample(script, Camera(15)) if 3.5 < each[0] < script.time_s - 3.0]
    found = follow(LEAN, moments)
    assert found.result.repetitions == {"left": 0, "right": 1, "both": 0}
    assert found.of(AttemptEnded)[-1].reason == "the recording ended in the hold"


@given(
    st.permutations([50.0, -38.0]),
    st.integers(1, 3),
    st.sampled_from([7.5, 15, 60]),
    st.floats(0.6, 1.5),
    st.floats(0.0, 1.0),
    st.floats(0.0, 5.0),
)
@examples(40)
def test_order_tempo_and_freezes_together(
    pair: list[float], times: int, fps: float, tempo: float, where: float, for_s: float
) -> None:
    script = Script(spine_flexion=0.0, hip_flexion_near=85.0).stay(1.5)
    for position in pair * times:
        script.go(1.2 / tempo, spine_flexion=position).stay(HOLD_S + 0.8)
    script.go(1.0, spine_flexion=0.0).stay(1.0)
    moments = sample(script, Camera(fps))
    backwards = [(script.time_s - time_s, values) for time_s, values in reversed(moments)]
    for each in (moments, backwards):
        for halted in (frozen, stopped):
            found = follow(ANY, halted(each, where * script.time_s, for_s))
            assert found.result.repetitions["both"] == times


@given(
    st.lists(st.sampled_from(["left", "right"]), min_size=1, max_size=4),
    st.sampled_from([5, 7.5, 15, 30]),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
@examples(80)
def test_cut_anywhere_what_was_seen_whole_counts_and_nothing_else_does(
    sides: list[str], fps: float, begun: float, ended: float
) -> None:
    whole, lasts = leans(*sides), leans("left").time_s - 1.5
    from_s, to_s = sorted((begun * whole.time_s, ended * whole.time_s))
    moments = [each for each in sample(whole, Camera(fps)) if from_s <= each[0] <= to_s]
    found = follow(LEAN, moments).result
    assert sum(found.repetitions.values()) <= sum(found.attempts.values())
    for side in PLACES:
        spans = [(1.5 + n * lasts, n) for n, each in enumerate(sides) if each == side]
        # Between two rests, the last of which lasts for a second.
        seen = sum(from_s <= start_s - 1.0 and start_s + lasts <= to_s for start_s, _ in spans)
        part = sum(from_s < start_s + lasts and start_s < to_s for start_s, _ in spans)
        assert seen <= found.repetitions[side] <= part


HUG = exercise(
    [{"id": "hug", "hold": 1, "targets": [{"measure": "hip_flexion_left", "at_least": 115}]}],
    [{"measure": "hip_flexion_left", "at_least": 20, "at_most": 85, "stay_within": 5}],
)


RISING = [(3.83, 3.0), (3.92, 6.0), (4.0, 10.0), (4.08, 14.0), (4.17, 17.0)]
"""Legs on their way from the floor to flat feet, at seconds, read with much doubt."""


@pytest.mark.parametrize(
    ("early", "then_s", "rest_s"),
    [([RISING[1], *RISING[3:]], 5.0, 1.6), ([*RISING, (4.33, 25.0)], 6.0, 0.6)],
    ids=["short", "long"],
)
def test_a_gap_while_the_start_pose_is_taken_leaves_no_wrong_rest(
    early: list[tuple[float, float]], then_s: float, rest_s: float
) -> None:
    """Taken for rest on the way to it, a hip that comes back to 50 would never be back."""
    coach = Coach(make_plan(HUG))
    script = Script(hip_flexion_left=50.0).stay(rest_s)
    for _ in range(2):
        script.go(1.2, hip_flexion_left=122.0).stay(2.4).go(1.2, hip_flexion_left=50.0).stay(0.9)
    moments = [(frame / 12, 1.0, 3.0) for frame in range(45)]
    moments += [(time_s, hip, 25.0) for time_s, hip in early]
    moments += [(then_s + t, v["hip_flexion_left"], 3.0) for t, v in sample(script, Camera(12))]
    for time_s, hip, wide in moments:
        spreads = {"hip_flexion_left": Spread(wide, wide, wide)}
        coach.update(time_s, {"hip_flexion_left": hip}, UNKNOWN, spreads)
    coach.finish()
    assert coach.repetitions["both"] == coach.attempts["both"] == 2
