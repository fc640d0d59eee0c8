"""Form faults and what is said of them: only what is seen, long enough, one at a time."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.events import CueGiven, FaultBegan, FaultEnded, Praised
from posecoach.coach.faults import GRACE_S
from posecoach.coach.turns import APART_S, REPEAT_S
from posecoach.exercise.library import standard_library
from tests.helpers.stretches import (
    ELBOW,
    FAULTY,
    HOLD_S,
    KNEE,
    LASTING,
    NECK,
    REST,
    TRUNK,
    cameras,
    examples,
    fault,
)
from tests.helpers.traces import Camera, Followed, Script, exercise, follow, sample


def _coached(script: Script, camera: Camera | None = None) -> Followed:
    return follow(FAULTY, sample(script, camera or Camera(15)), states=True)


def _lean(way: float = 28.0) -> Script:
    return Script(**REST).stay(1.5).go(1, **{TRUNK: way}).stay(0.5)


def _home(script: Script) -> Script:
    return script.go(1, **REST).stay(2)


@examples(150)
@given(cameras, st.sampled_from(["left", "right"]), st.floats(0.5, 3))
def test_a_fault_is_told_with_side_start_and_end(camera: Camera, side: str, more: float) -> None:
    script = _lean(28 if side == "left" else -28).go(0.3, **{ELBOW: 80})
    start = script.time_s
    script.stay(LASTING + 2 * camera.gap_s + more)
    end = script.time_s
    found = _coached(_home(script.go(0.3, **{ELBOW: 5}).stay(0.8)), camera)
    (began,), (fault,) = found.of(FaultBegan), found.of(FaultEnded)
    assert (fault.fault, fault.side, fault.cue) == ("form-fault", side, "Mend form-fault")
    assert fault.start_s == began.start_s == pytest.approx(start, abs=0.3 + camera.gap_s)
    assert fault.end_s == pytest.approx(end, abs=0.3 + camera.gap_s)
    assert began.time_s >= began.start_s + LASTING - 1e-6
    assert found.result.repetitions[side] == 1, "it does not spoil"


@examples(100)
@given(st.sampled_from([8, 15, 30, 60]), st.floats(0.05, 0.95))
def test_what_does_not_last_is_no_fault(fps: float, part: float) -> None:
    script = _lean().go(0, **{ELBOW: 80}).stay(part * (LASTING - 1 / fps)).go(0, **{ELBOW: 5})
    found = _coached(_home(script.stay(2)), Camera(fps))
    assert not found.of(FaultBegan)
    assert not found.of(FaultEnded)
    assert not found.of(CueGiven)


@examples(100)
@given(st.sampled_from([8, 15, 30, 60]), st.floats(0.1, 0.9), st.booleans())
def test_a_flicker_does_not_make_two_faults_of_one(fps: float, part: float, lost: bool) -> None:
    flicker = part * (GRACE_S - 1 / fps)
    script = _lean().go(0, **{ELBOW: 80}).stay(1.2).go(0, **{ELBOW: nan if lost else 5})
    script.stay(flicker).go(0, **{ELBOW: 80}).stay(1.2).go(0, **{ELBOW: 5}).stay(1)
    found = _coached(_home(script), Camera(fps))
    assert len(found.of(FaultBegan)) == len(found.of(FaultEnded)) == 1
    (fault,) = found.result.faults
    assert fault.end_s - fault.start_s == pytest.approx(2.4 + flicker, abs=2 / fps)


@examples(60)
@given(st.sampled_from([5, 8, 15, 30, 60]), st.floats(1.2, 5))
def test_what_is_not_seen_is_no_fault_and_is_not_mended(fps: float, blind: float) -> None:
    script = _lean().go(0, **{ELBOW: nan}).stay(blind).go(0, **{ELBOW: 5})
    assert not _coached(_home(script.stay(1)), Camera(fps)).of(FaultBegan)
    # Faulty, then never seen again: over at some time, but nobody saw it mended.
    script = _lean().go(0, **{ELBOW: 80}).stay(1.5 + 1 / fps).go(0, **{ELBOW: nan}).stay(blind + 1)
    found = _coached(script.go(1, **{TRUNK: 0}).stay(1), Camera(fps))
    (fault,) = found.of(FaultEnded)
    assert fault.end_s == pytest.approx(4.5, abs=2 / fps)
    assert "That's it" not in [event.text for event in found.of(Praised)]


def test_faults_are_judged_in_the_movement_only() -> None:
    script = Script(**REST).go(0, **{ELBOW: 80}).stay(4).go(0, **{ELBOW: 5})
    _home(script.stay(1).go(1, **{TRUNK: 28}).stay(3)).go(0, **{ELBOW: 80}).stay(4)
    assert not _coached(script).of(FaultBegan)


def test_a_fault_may_be_judged_in_some_steps_only() -> None:
    definition = exercise(
        [
            {"id": "one", "targets": [{"measure": TRUNK, "at_least": 20}]},
            {"id": "two", "targets": [{"measure": KNEE, "at_least": 60}]},
        ],
        [{"measure": TRUNK, "is": 0, "within": 8}],
        faults=[fault("form-fault", ELBOW, during=["two"])],
    )
    first = Script(**REST).stay(1.5).go(1, **{TRUNK: 28}).go(0, **{ELBOW: 80}).stay(1.5)
    first.go(0, **{ELBOW: 5}).go(1, **{KNEE: 80}).stay(1.5)
    second = Script(**REST).stay(1.5).go(1, **{TRUNK: 28}).stay(1.5).go(1, **{KNEE: 80})
    second.go(0, **{ELBOW: 80}).stay(1.5).go(0, **{ELBOW: 5})
    assert not follow(definition, sample(_home(first), Camera(15))).result.faults
    assert len(follow(definition, sample(_home(second), Camera(15))).result.faults) == 1


SPOILED = exercise(
    [{"id": "turn", "hold": 1, "targets": [{"measure": "trunk_turn", "at_least": 20}]}],
    [{"measure": "shoulder_abduction_left", "at_least": 60}],
    faults=[
        {
            "id": "leans",
            "when": {"measure": TRUNK, "outside": [-9, 9]},
            "lasting": LASTING,
            "instead": True,
            "spoils": True,
            "cue": {"low": "Right", "high": "Left"},
        }
    ],
)


@examples(60)
@given(cameras, st.booleans(), st.sampled_from([-20.0, 20.0]))
def test_what_is_done_in_place_of_the_movement_is_an_attempt(
    camera: Camera, turns: bool, lean: float
) -> None:
    """And it spoils the repetition, even where the movement itself is done as well."""
    rest = {"trunk_turn": 0.0, TRUNK: 0.0, "shoulder_abduction_left": 90.0}
    script = Script(**rest).stay(2)
    script.go(1.2, **{TRUNK: lean, "trunk_turn": 40.0 if turns else 0.0}).stay(3)
    script.go(1.2, **rest).stay(2)
    found = follow(SPOILED, sample(script, camera))
    assert found.result.attempts["both"] == 1
    assert found.result.repetitions["both"] == 0
    (fault,) = found.result.faults
    assert fault.fault == "leans"
    assert fault.cue == ("Left" if lean > 0 else "Right")


@examples(60)
@given(cameras, st.sampled_from(["in the hold", "held long enough", "on the way back"]))
def test_what_is_done_keeps_its_credit(camera: Camera, when: str) -> None:
    """A fault that begins when all was held is told, and spoils nothing any more."""
    rest = {"trunk_turn": 0.0, TRUNK: 0.0, "shoulder_abduction_left": 90.0}
    script = Script(**rest).stay(2).go(1, trunk_turn=40.0)
    if when != "in the hold":  # else with the turn, half of which is in the target already
        script.stay(2.5)
    if when == "on the way back":
        script.go(0.7, trunk_turn=16.0)
    script.go(0.2, **{TRUNK: 25.0}).stay(LASTING + 4 * camera.gap_s + 0.5).go(0.5, **{TRUNK: 0.0})
    found = follow(SPOILED, sample(script.stay(1).go(0.7, **rest).stay(2), camera))
    assert [fault.fault for fault in found.result.faults] == ["leans"]
    assert found.result.attempts["both"] == 1
    assert found.result.repetitions["both"] == (when != "in the hold")


def test_a_fault_that_outlasts_its_attempt_begins_no_other() -> None:
    """Back in the setup pose with the fault still on: the attempt is over, and no other began."""
    definition = exercise(
        [{"id": "turn", "hold": 1, "targets": [{"measure": "trunk_turn", "at_least": 20}]}],
        [{"measure": "shoulder_abduction_left", "at_least": 60}],
        faults=[fault("leans", TRUNK, when={"measure": TRUNK, "above": 9}, instead=True)],
        setup={
            "say": "Arms down",
            "targets": [{"measure": "shoulder_abduction_left", "at_most": 40}],
        },
    )
    script = Script(trunk_turn=0, shoulder_abduction_left=10, **{TRUNK: 0.0}).stay(1.5)
    script.go(1, shoulder_abduction_left=90).stay(1.5).go(0.5, **{TRUNK: 20.0}).stay(2)
    script.go(1, shoulder_abduction_left=10).stay(1).go(1, shoulder_abduction_left=90).stay(3)
    for mended, attempts in ((False, 1), (True, 2)):
        if mended:
            script.go(0.5, **{TRUNK: 0.0}).stay(1).go(0.5, **{TRUNK: 20.0}).stay(2)
        found = follow(definition, sample(script, Camera(15)))
        assert found.result.attempts["both"] == attempts
        starts = [fault.start_s for fault in found.result.faults]
        assert len(starts) == attempts


@pytest.mark.parametrize(("before_s", "told"), [(0.0, 0), (LASTING + 0.4, 1)])
def test_what_lasts_only_beyond_the_return_is_not_told(before_s: float, told: int) -> None:
    """The way back is over before the fault has lasted, though that is known only afterwards."""
    script = _lean().stay(2).go(0, **{ELBOW: 80}).stay(before_s)
    script.go(0.4, **{TRUNK: 0}).stay(3)
    assert len(_coached(script).of(FaultBegan)) == told


def _swept(up_s: float, again_s: float = 0.0) -> Followed:
    """A head that drops, comes up, is down again, and sweeps to one side."""
    rest = dict.fromkeys(("neck_flexion", "neck_lateral_flexion", "trunk_lateral_flexion"), 0.0)
    script = Script(**rest).stay(1.5).go(0.6, neck_flexion=35).stay(0.8)
    if up_s:
        script.go(0.3, neck_flexion=0).stay(up_s)
        script.go(0.3, neck_flexion=35 if again_s else 12).stay(again_s)
    script.go(0.3, neck_flexion=35, neck_lateral_flexion=40).stay(HOLD_S + 1)
    script.go(0.6, neck_lateral_flexion=0).stay(1)
    return follow(standard_library().find("neck-flexion"), sample(script, Camera(15)))


@pytest.mark.parametrize("up_s", [0.0, 0.4, 0.8, 1.5])
def test_what_goes_on_from_the_start_pose_into_the_movement_is_its_fault(up_s: float) -> None:
    """The chin is up when the sweep begins, and down before it is sure that it has begun."""
    result = _swept(up_s).result
    assert result.attempts["left"] == 1
    assert result.repetitions["left"] == (up_s == 0)
    assert [each.fault for each in result.faults] == ["chin-comes-up"] * (up_s > 0)


@pytest.mark.parametrize("seconds", [3.0, 5.0, 7.0])
def test_what_is_over_before_it_is_sure_that_a_movement_has_begun_spoils_it(seconds: float) -> None:
    """Seen back from when it is sure, the fault was made in the movement."""
    definition = exercise(
        [{"id": "lean", "hold": HOLD_S, "targets": [{"measure": TRUNK, "at_least": 20}]}],
        [{"measure": TRUNK, "is": 0, "within": 8, "stay_within": 4}],
        faults=[fault("form-fault", ELBOW, lasting=0.4, spoils=True)],
    )
    script = Script(**REST).stay(2).go(seconds, **{TRUNK: 28}).stay(HOLD_S + 1)
    moments = sample(_home(script), Camera(15))
    bent = [(time_s, v | {ELBOW: 80.0} if 2.3 <= time_s < 2.9 else v) for time_s, v in moments]
    for seen, mended in ((moments, True), (bent, False)):
        result = follow(definition, seen).result
        assert result.attempts["both"] == 1
        assert result.repetitions["both"] == mended
        assert [each.fault for each in result.faults] == ["form-fault"] * (not mended)


def test_what_was_over_before_the_movement_is_not_its_fault() -> None:
    result = _swept(0.8, again_s=1.0).result
    assert result.repetitions["left"] == 1
    assert not result.faults


def test_nothing_seen_before_the_start_pose_is_the_fault_of_the_movement() -> None:
    """A neck reads tilted ever more while the chin sinks; that is not when the sweep began."""
    rest = dict.fromkeys(("neck_flexion", "neck_lateral_flexion", "trunk_lateral_flexion"), 0.0)
    script = Script(**rest).stay(1.5).go(1, neck_flexion=15, neck_lateral_flexion=4)
    script.go(0.6, neck_flexion=35, neck_lateral_flexion=9).go(0.4, neck_lateral_flexion=40)
    script.stay(HOLD_S + 1).go(0.6, neck_lateral_flexion=0).stay(1)
    found = follow(standard_library().find("neck-flexion"), sample(script, Camera(15)))
    assert found.result.repetitions["left"] == 1
    assert not found.result.faults


def test_faults_of_left_and_right_are_told_apart_without_sides() -> None:
    definition = exercise(
        [{"id": "fold", "hold": 2, "targets": [{"measure": "hip_flexion_near", "at_least": 90}]}],
        [{"measure": "hip_flexion_near", "at_most": 30}],
        faults=[fault("bends", "elbow_flexion_{side}")],
    )
    rest = {"hip_flexion_near": 10.0, ELBOW: 5.0, "elbow_flexion_right": 5.0}
    for bent, sides in (([ELBOW], ["left"]), ([ELBOW, "elbow_flexion_right"], ["left", "right"])):
        script = Script(**rest).stay(1.5).go(1, hip_flexion_near=110).stay(0.5)
        script.go(0.2, **dict.fromkeys(bent, 80.0)).stay(1.5).go(0.2, **dict.fromkeys(bent, 5.0))
        script.stay(0.8).go(1, **rest).stay(1.5)
        found = follow(definition, sample(script, Camera(15)))
        assert sorted(fault.side for fault in found.result.faults) == sides


def test_a_fault_may_count_from_the_start_pose() -> None:
    definition = exercise(
        [{"id": "lean", "targets": [{"measure": TRUNK, "at_least": 20}]}],
        [{"measure": TRUNK, "is": 0, "within": 8}],
        faults=[
            fault("head", NECK, when={"measure": NECK, "below": -12, "from_start": True}),
        ],
    )
    for down, told in ((25.0, 0), (10.0, 1)):
        script = Script(**REST).go(0, **{NECK: 30}).stay(1.5).go(1, **{TRUNK: 28, NECK: down})
        script.stay(2).go(1, **{TRUNK: 0, NECK: 30}).stay(1.5)
        assert len(follow(definition, sample(script, Camera(15))).result.faults) == told


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_said_names_the_side(side: str) -> None:
    """Of faults, with one cue or two, of targets, of leaving early, and of the steps."""
    other = "right" if side == "left" else "left"
    definition = exercise(
        [
            {
                "id": "lean",
                "say": "Lean to your {side}",
                "hold": 30,
                "targets": [
                    {"measure": TRUNK, "towards": "{side}", "at_least": 20, "stay_within": 4},
                    {
                        "measure": "elbow_flexion_{other}",
                        "at_most": 30,
                        "high": "Your {other} elbow",
                    },
                ],
                "early": {"id": "early", "cue": "Stay on your {side}"},
            }
        ],
        [{"measure": TRUNK, "is": 0, "within": 8}],
        sides="each",
        faults=[
            fault("one", "knee_flexion_{side}", cue="Your {side} knee, not the {other}"),
            fault(
                "two",
                "neck_flexion",
                when={"measure": "neck_flexion", "outside": [-20, 20]},
                cue={"low": "Up from {side}", "high": "Down to {side}"},
            ),
        ],
    )
    rest = {TRUNK: 0.0, "neck_flexion": 0.0} | {
        f"{joint}_flexion_{s}": 5.0 for joint in ("elbow", "knee") for s in ("left", "right")
    }
    script = Script(**rest).stay(1.5).go(1, **{TRUNK: 28 if side == "left" else -28}).stay(1)
    for change in (
        {f"knee_flexion_{side}": 80},
        {"neck_flexion": 40},
        {f"elbow_flexion_{other}": 70},
    ):
        script.go(0, **change).stay(2.8).go(0, **{name: rest[name] for name in change}).stay(1)
    script.go(1, **rest).stay(1.5)
    found = follow(definition, sample(script, Camera(15)), states=True)
    said = [text for _, text in _said(found)]
    assert f"Your {side} knee, not the {other}" in said
    assert f"Down to {side}" in said
    assert f"Your {other} elbow" in said
    told = {fault.cue for fault in found.result.faults}
    assert told == {f"Your {side} knee, not the {other}", f"Down to {side}", f"Stay on your {side}"}
    assert f"Lean to your {side}" in {state.say for state in found.states}
    assert not any("{" in repr(event) for event in found.events)


# -- what is said -------------------------------------------------------------------------


def _said(found: Followed) -> list[tuple[float, str]]:
    return [(event.time_s, event.cue.text) for event in found.of(CueGiven)]


@examples(150)
@given(
    cameras,
    st.lists(
        st.tuples(st.sampled_from([ELBOW, KNEE, NECK]), st.floats(0.3, 5), st.floats(0.2, 3)),
        max_size=6,
    ),
)
def test_cues_come_one_at_a_time_and_not_too_often(
    camera: Camera, wrong: list[tuple[str, float, float]]
) -> None:
    script = _lean()
    for joint, lasts, pause in wrong:
        script.go(0, **{joint: 80}).stay(lasts).go(0, **{joint: 5}).stay(pause)
    found = _coached(_home(script), camera)
    cues = found.of(CueGiven)
    for before, after in pairwise(cues):
        assert after.time_s - before.time_s >= APART_S or after.cue.severity == "safety"
    for words in {(cue.cue.text, cue.cue.side) for cue in cues}:
        times = [cue.time_s for cue in cues if (cue.cue.text, cue.cue.side) == words]
        assert all(b - a >= REPEAT_S for a, b in pairwise(times))
    # Whoever is praised was asked for something before, and is praised once for it.
    asked = sum(cue.cue.fault is not None for cue in cues)
    assert sum(event.text == "That's it" for event in found.of(Praised)) <= asked


def test_the_most_important_cue_comes_first() -> None:
    script = _lean().go(0, **{ELBOW: 80, KNEE: 80}).stay(2).go(0, **{NECK: 80}).stay(4)
    found = _coached(_home(script.go(0, **REST | {TRUNK: 28}).stay(1)))
    assert [text for _, text in _said(found)] == ["Mend form-fault", "Mend unsafe"]
    shown = [state.cue.text for state in found.states if state.cue is not None]
    assert list(dict.fromkeys(shown)) == ["Mend form-fault", "Mend unsafe"]
    # Danger does not wait for its turn.
    second = _said(found)[1][0]
    assert second == pytest.approx(5.0 + LASTING, abs=0.2)


def test_mending_a_fault_earns_praise_once() -> None:
    script = _lean().go(0, **{ELBOW: 80}).stay(3).go(0, **{ELBOW: 5}).stay(2)
    found = _coached(_home(script))
    assert [event.text for event in found.of(Praised)] == ["That's it", "Good"]


def test_leaving_with_the_fault_earns_no_praise() -> None:
    script = _lean().go(0, **{ELBOW: 80}).stay(3).go(1, **{TRUNK: 0}).stay(2)
    found = _coached(script)
    assert len(found.result.faults) == 1
    assert "That's it" not in [event.text for event in found.of(Praised)]


def test_mending_what_was_never_said_earns_no_praise() -> None:
    """The first cue keeps the second from being said; only the first is praised."""
    script = _lean().go(0, **{ELBOW: 80}).stay(1.2).go(0, **{ELBOW: 5, KNEE: 80}).stay(1.2)
    found = _coached(_home(script.go(0, **{KNEE: 5}).stay(2)))
    assert [text for _, text in _said(found)] == ["Mend form-fault"]
    assert [event.text for event in found.of(Praised)] == ["That's it", "Good"]
