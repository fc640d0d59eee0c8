"""People who do it their own way: any tempo, halves, pauses, wobbles, breaks, the other side first.

What is counted is what a physiotherapist who watches would count: a repetition is a whole way out,
held for the time asked without being left for longer than a wobble, and back; whatever went a
good part of the way was an attempt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.events import HoldBroken, Unseen
from posecoach.coach.spell import MAX_GAP_S
from posecoach.coach.trace import WINDOW_S
from posecoach.coach.visit import GRACE_S
from tests.helpers.stretches import LEAN, LEAN_FROM_START, examples
from tests.helpers.traces import Camera, Followed, Moment, Script, exercise, follow, sample

JOINT = "trunk_lateral_flexion"
TARGET = 20.0
DEEP = 28.0

tempos = st.floats(0.4, 6)
sides = st.sampled_from(["left", "right"])
holds = st.one_of(st.floats(1, 6), st.floats(1, 6), st.floats(6, 60))
"""Seconds asked."""

cameras = st.builds(
    Camera,
    fps=st.sampled_from([8, 10, 15, 25, 30]),
    jitter=st.floats(0, 0.8),
    # The measure's error is 2 degrees, most of it steady (docs/accuracy.md).
    noise=st.floats(0, 1.0),
    lost=st.sampled_from([0.0, 0.3]),
    absent=st.booleans(),
    seed=st.integers(0, 2**16),
)


def steadied(camera: Camera) -> Camera:
    """What smoothing leaves of the noise."""
    return replace(camera, noise=camera.noise / 2)


@dataclass(frozen=True)
class Lean:
    """One way out and back.

    Attributes:
        kind: what is done there; only "held", "wobble", "blink" and "deeper" are whole.
        hold_s: how long the pose is held, in parts of what was asked.
    """

    side: str
    kind: str
    out_s: float
    back_s: float
    pause_s: float

    @property
    def counts(self) -> bool:
        return self.kind in ("held", "wobble", "blink", "deeper")


KINDS = ["held", "wobble", "blink", "deeper", "partial", "short", "left and resumed", "sway"]

leans = st.builds(
    Lean,
    side=sides,
    kind=st.sampled_from(KINDS),
    out_s=tempos,
    back_s=tempos,
    pause_s=st.one_of(st.floats(1.2, 3), st.floats(3, 40)),
)


def _perform(script: Script, lean: Lean, hold_s: float, gap_s: float) -> tuple[float, float]:
    """Add it to the script; return when the position was taken and left."""
    way = 1.0 if lean.side == "left" else -1.0
    depth = {"partial": 0.7 * TARGET, "sway": 0.1 * TARGET}.get(lean.kind, DEEP)
    script.go(lean.out_s, **{JOINT: way * depth})
    start = script.time_s
    enough, half = hold_s + 2 * gap_s + 0.3, hold_s / 2
    if lean.kind == "wobble":
        # Out of the target for less than the grace, there and back.
        dip = max(min(GRACE_S - 2 * gap_s, 0.3), 0.05)
        script.stay(half).go(0, **{JOINT: way * 12}).stay(dip).go(0, **{JOINT: way * DEEP})
        script.stay(enough)
    elif lean.kind == "blink":
        dark = max(MAX_GAP_S - 3 * gap_s, 0.1)
        script.stay(half).go(0, **{JOINT: nan}).stay(dark).go(0, **{JOINT: way * DEEP})
        script.stay(enough)
    elif lean.kind == "deeper":
        script.stay(half).go(1.5, **{JOINT: way * (DEEP + 10)}).stay(enough)
    elif lean.kind == "left and resumed":
        # Half the time, a real break without going home, and not enough again.
        script.stay(0.4 * hold_s).go(0.4, **{JOINT: way * 11}).stay(GRACE_S + 2 * gap_s + 0.5)
        script.go(0.4, **{JOINT: way * DEEP}).stay(0.4 * hold_s)
    elif lean.kind == "short":
        script.stay(0.3 * hold_s)
    else:
        script.stay(enough)
    end = script.time_s
    script.go(lean.back_s, **{JOINT: 0.0}).stay(lean.pause_s)
    return start, end


def _in_target_s(lean: Lean) -> float:
    """How long the target is met on the way out and back: a slow movement is nearly still there."""
    return 0.35 * (lean.out_s + lean.back_s)


def _coached(done: list[Lean], hold_s: float, camera: Camera) -> tuple[Followed, list[Lean]]:
    """Coach only what leaves no doubt whether it was held long enough."""
    clear = [
        lean
        for lean in done
        if lean.counts
        or lean.kind in ("partial", "sway")
        or 0.4 * hold_s + _in_target_s(lean) + 2 * camera.gap_s < 0.9 * hold_s
    ]
    script = Script(**{JOINT: 0.0}).stay(1.5)
    for lean in clear:
        _perform(script, lean, hold_s, camera.gap_s)
    return follow(LEAN, sample(script, camera), hold=hold_s), clear


@examples(120)
@given(st.lists(leans, min_size=1, max_size=3), holds, cameras)
def test_what_a_physiotherapist_would_count(
    done: list[Lean], hold_s: float, camera: Camera
) -> None:
    found, clear = _coached(done, hold_s, camera)
    for side in ("left", "right"):
        mine = [lean for lean in clear if lean.side == side]
        assert found.result.repetitions[side] == sum(lean.counts for lean in mine)
        assert found.result.attempts[side] == sum(lean.kind != "sway" for lean in mine)
    assert found.result.repetitions["both"] == found.result.attempts["both"] == 0


@examples(120)
@given(tempos, tempos, st.floats(1, 6), st.builds(steadied, cameras), sides)
def test_when_a_hold_was_taken_and_left_does_not_depend_on_the_tempo(
    out_s: float, back_s: float, hold_s: float, camera: Camera, side: str
) -> None:
    """Within what a camera sees at all, and a twentieth of so slow a movement."""
    script = Script(**{JOINT: 0.0}).stay(1.5)
    start, end = _perform(
        script, Lean(side, "held", out_s, back_s, 2.0), hold_s + 0.5, camera.gap_s
    )
    found = follow(LEAN, sample(script, camera), hold=hold_s)
    (hold,) = (hold for hold in found.result.holds if hold.completed)
    # Noise hides where a slow movement begins: a tenth of the way is 3 degrees.
    hidden = 12 * camera.noise / DEEP
    for move_s, error in ((out_s, hold.start_s - start), (back_s, hold.end_s - end)):
        assert abs(error) <= camera.gap_s + WINDOW_S / 2 + (0.06 + hidden) * move_s


@examples(40)
@given(st.floats(0.4, 2), st.floats(1.5, 20), cameras, st.booleans())
def test_who_walks_away_in_the_middle_may_come_back(
    move_s: float, away_s: float, camera: Camera, held: bool
) -> None:
    """Nothing is counted for what nobody saw, nobody is blamed, and the next one counts."""
    script = Script(**{JOINT: 0.0}).stay(1.5).go(move_s, **{JOINT: DEEP})
    script.stay(2.6 + 2 * camera.gap_s if held else 0.3)
    gone = script.time_s
    script.go(0, **{JOINT: 0.0}).stay(away_s)
    back = script.time_s
    script.stay(2)
    _perform(script, Lean("left", "held", move_s, move_s, 2.0), 2.0, camera.gap_s)
    moments: list[Moment] = [
        (t, {} if gone <= t < back else values) for t, values in sample(script, camera)
    ]
    found = follow(LEAN, moments)
    assert not found.result.faults
    # Held to the end, and back at rest when next seen: that they came back is no guess.
    assert found.result.repetitions["left"] == 1 + held
    assert found.result.attempts["left"] == 2


@examples(40)
@given(st.lists(sides, min_size=1, max_size=9), st.floats(0.8, 2), cameras)
def test_any_order_of_sides_and_more_than_was_asked(
    order: list[str], move_s: float, camera: Camera
) -> None:
    script = Script(**{JOINT: 0.0}).stay(1.5)
    for side in order:
        _perform(script, Lean(side, "held", move_s, move_s, 1.5), 2.0, camera.gap_s)
    found = follow(LEAN, sample(script, camera), repetitions=2)
    for side in ("left", "right"):
        assert found.result.repetitions[side] == order.count(side)


@examples(40)
@given(st.lists(sides, min_size=1, max_size=5), st.floats(0.8, 3), cameras)
def test_sides_may_follow_each_other_without_a_stop(
    order: list[str], move_s: float, camera: Camera
) -> None:
    """Swept from one side straight to the other, the start pose only in passing."""
    script = Script(**{JOINT: 0.0}).stay(1.5)
    turns = [side for before, side in zip(["", *order], order, strict=False) if side != before]
    for side in turns:
        script.go(move_s, **{JOINT: DEEP if side == "left" else -DEEP}).stay(2.5 + camera.gap_s)
    found = follow(LEAN, sample(script.go(move_s, **{JOINT: 0.0}).stay(1.5), camera))
    for side in ("left", "right"):
        assert found.result.repetitions[side] == turns.count(side)


def test_a_double_dip_is_one_attempt() -> None:
    """Out, half-way back, out again and held: once gone, once come."""
    script = Script(**{JOINT: 0.0}).stay(1.5).go(1, **{JOINT: DEEP}).stay(0.8)
    script.go(0.8, **{JOINT: 10.0}).stay(0.7).go(0.8, **{JOINT: DEEP}).stay(2.6)
    found = follow(LEAN, sample(script.go(1, **{JOINT: 0.0}).stay(1.5), Camera(15)))
    assert len(found.of(HoldBroken)) == 1
    assert found.result.attempts["left"] == found.result.repetitions["left"] == 1


@examples(50)
@given(st.lists(leans, min_size=1, max_size=3), st.floats(1, 4), cameras)
def test_left_and_right_are_judged_alike(done: list[Lean], hold_s: float, camera: Camera) -> None:
    """In a mirror everything is the same on the other side, to the last frame."""
    script = Script(**{JOINT: 0.0}).stay(1.5)
    for lean in done:
        _perform(script, lean, hold_s, camera.gap_s)
    moments = sample(script, camera)
    mirrored = [(t, {name: -value for name, value in values.items()}) for t, values in moments]
    found, other = (follow(LEAN, m, hold=hold_s).result for m in (moments, mirrored))
    swap = {"left": "right", "right": "left", "both": "both"}
    assert other.repetitions == {swap[side]: n for side, n in found.repetitions.items()}
    assert other.attempts == {swap[side]: n for side, n in found.attempts.items()}
    assert [(swap[h.side], h.start_s, h.end_s, h.held_s) for h in other.holds] == [
        (h.side, h.start_s, h.end_s, h.held_s) for h in found.holds
    ]


@pytest.mark.parametrize("pause_s", [60.0, 600.0])
def test_a_long_pause_changes_nothing(pause_s: float) -> None:
    script = Script(**{JOINT: 0.0}).stay(1.5)
    _perform(script, Lean("left", "held", 1, 1, pause_s), 2.0, 0.1)
    _perform(script, Lean("left", "held", 1, 1, 2.0), 2.0, 0.1)
    found = follow(LEAN, sample(script, Camera(10)))
    assert found.result.repetitions["left"] == found.result.attempts["left"] == 2


def test_a_slow_return_is_found_though_noise_goes_to_and_fro() -> None:
    """Over five seconds a degree of noise turns round more often than the person moves on."""
    errors = []
    for seed in range(12):
        script = Script(**{JOINT: 0.0}).stay(1.5).go(1.5, **{JOINT: DEEP}).stay(4)
        end = script.time_s
        moments = sample(
            script.go(5, **{JOINT: 0.0}).stay(2), Camera(30, noise=0.6, lost=0.3, seed=seed)
        )
        (hold,) = follow(LEAN, moments).result.holds
        errors.append(abs(hold.end_s - end))
    assert max(errors) < 1.9
    assert sorted(errors)[len(errors) // 2] < 0.9


def test_a_movement_whose_beginning_was_not_seen_began_after_the_last_rest() -> None:
    """So that what was wrong with it meanwhile belongs to it."""
    definition = exercise(
        [{"id": "lean", "hold": 1, "targets": [{"measure": JOINT, "at_least": 20}]}],
        [{"measure": JOINT, "is": 0, "within": 8}],
        faults=[
            {
                "id": "bends",
                "when": {"measure": "elbow_flexion_left", "above": 40},
                "lasting": 0.8,
                "cue": "Straighten your elbow",
            }
        ],
    )
    script = Script(**{JOINT: 0.0, "elbow_flexion_left": 5.0}).stay(2)
    script.go(0, **{JOINT: nan, "elbow_flexion_left": 80.0}).stay(1.5)
    script.go(0, **{JOINT: DEEP}).stay(2).go(0.5, elbow_flexion_left=5)
    found = follow(definition, sample(script.go(1, **{JOINT: 0.0}).stay(1.5), Camera(15)))
    (fault,) = found.result.faults
    assert fault.start_s == pytest.approx(2, abs=0.2)


def test_who_never_rested_in_the_start_pose_counts_from_the_anatomical_neutral() -> None:
    """First seen far to one side, then swept to the other: where the person rests nobody knows,
    but a lean of thirty degrees is one."""
    script = Script(**{JOINT: 30.0}).stay(1).go(1.5, **{JOINT: -30.0}).stay(3)
    found = follow(LEAN_FROM_START, sample(script, Camera(30)))
    assert found.result.attempts == {"left": 0, "right": 1, "both": 0}
    assert not any(found.result.repetitions.values()), "the recording ended in the hold"


def test_who_comes_back_to_zero_is_back_though_they_rested_beyond_it() -> None:
    script = Script(**{JOINT: -7.5}).stay(1.5)
    for _ in range(2):
        script.go(1, **{JOINT: DEEP}).stay(2.5).go(1, **{JOINT: 0.0}).stay(1.5)
    found = follow(LEAN, sample(script, Camera(15)))
    assert found.result.repetitions["left"] == found.result.attempts["left"] == 2


ARM = "shoulder_abduction_"
WALL = exercise(
    [
        {
            "id": "turn",
            "hold": 1,
            "targets": [
                {"measure": "trunk_turn", "towards": "{other}", "at_least": 20, "drives": True},
                {"measure": "elbow_flexion_{side}", "at_most": 120},
            ],
        }
    ],
    [{"measure": ARM + "{side}", "at_least": 60}, {"measure": ARM + "{other}", "at_most": 40}],
    sides="each",
    faults=[
        {
            "id": "leans",
            "when": {"measure": JOINT, "outside": [-9, 9]},
            "lasting": 0.8,
            "instead": True,
            "cue": "Stay upright",
        }
    ],
)
STANDING = {
    ARM + "left": 10.0,
    ARM + "right": 10.0,
    "trunk_turn": 0.0,
    JOINT: 0.0,
    "elbow_flexion_left": 90.0,
    "elbow_flexion_right": 90.0,
}


def test_a_fault_in_place_of_the_movement_is_the_side_that_is_ready() -> None:
    """Soon after the other arm was on the wall: its movement could still begin, this could not."""
    script = Script(**STANDING).stay(1.5).go(0.6, **{ARM + "left": 90}).stay(1.5)
    script.go(0.5, **{ARM + "left": 10}).go(0.5, **{ARM + "right": 90}).stay(0.5)
    script.go(0.4, **{JOINT: 20}).stay(2).go(0.4, **{JOINT: 0}).stay(1.5)
    found = follow(WALL, sample(script, Camera(15)))
    assert found.result.attempts == {"left": 0, "right": 1, "both": 0}
    assert [fault.side for fault in found.result.faults] == ["right"]


def test_who_changes_sides_is_not_asked_to_show_what_the_other_one_needed() -> None:
    """The left arm stays hidden; on the right nothing is missing."""
    script = Script(**STANDING | {ARM + "left": nan}).stay(2)
    hidden = script.go(0, **{ARM + "left": 10, "trunk_turn": nan, ARM + "right": 10}).stay(0.5)
    hidden.go(0.5, **{ARM + "left": 90}).stay(3)
    told = follow(WALL, sample(hidden, Camera(15)))
    assert [event.text for event in told.of(Unseen)][-1].startswith("I can't see your trunk")
    script.go(0, **{ARM + "left": 10, ARM + "right": 90, "trunk_turn": 0}).stay(2)
    assert follow(WALL, sample(script, Camera(15)), states=True).states[-1].unseen == ""
