"""The tables of stages: complete, and what the followers go by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import pytest

from posecoach.coach.coach import Coach
from posecoach.coach.movement import Movement
from posecoach.coach.stages import (
    LOOP,
    SIDE,
    VISIT,
    LoopStage,
    SideChange,
    SideStage,
    VisitStage,
    after,
)
from posecoach.exercise.definition import Exercise
from posecoach.plan.plan import make_plan
from tests.helpers.stretches import CAT_COW, LEAN, TRUNK
from tests.helpers.traces import Camera, Script, sample

TABLES = {
    "side": (SIDE, SideStage.AWAY),
    "visit": (VISIT, VisitStage.ENTERED),
    "loop": (LOOP, LoopStage.LOW),
}


def _reached(table: Mapping[Any, Mapping[Any, Any]], first: Enum) -> set[Enum]:
    """All stages to which the table leads from one."""
    found, to_do = {first}, [first]
    while to_do:
        new = set(table[to_do.pop()].values()) - found
        found |= new
        to_do += new
    return found


@pytest.mark.parametrize("name", TABLES)
def test_from_the_first_stage_every_other_can_be_reached(name: str) -> None:
    table, first = TABLES[name]
    assert _reached(table, first) == set(type(first))


def test_a_side_comes_back_to_where_an_attempt_can_begin_from_everywhere() -> None:
    for stage in SideStage:
        assert SideStage.READY in _reached(SIDE, stage)


def test_everything_that_can_happen_leads_somewhere() -> None:
    for table, _ in TABLES.values():
        kinds = {type(event) for events in table.values() for event in events}
        (kind,) = kinds
        assert {event for events in table.values() for event in events} == set(kind)


def test_what_the_table_lacks_is_a_mistake_that_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"ENDED cannot happen at .*READY"):
        after(SIDE, SideStage.READY, SideChange.ENDED)


def _stages(definition: Exercise, script: Script) -> list[SideStage]:
    """Where its first side was, one after the other."""
    coach = Coach(make_plan(definition))
    (movement, *_) = coach._followers
    assert isinstance(movement, Movement)
    stages = [movement.stage]
    for time_s, values in sample(script, Camera(30)):
        coach.update(time_s, values)
        assert (movement.attempt is not None) == (
            movement.stage in (SideStage.TRYING, SideStage.HALFWAY)
        )
        if movement.stage is not stages[-1]:
            stages.append(movement.stage)
    return stages


def test_a_repetition_goes_out_of_the_start_pose_and_back() -> None:
    script = Script(**{TRUNK: 0}).stay(2).go(1, **{TRUNK: 25}).stay(3).go(1, **{TRUNK: 0}).stay(2)
    assert _stages(LEAN, script) == [
        SideStage.AWAY,
        SideStage.READY,
        SideStage.ARMED,
        SideStage.TRYING,
        SideStage.ARMED,
        SideStage.READY,
    ]


def test_between_two_steps_in_opposite_directions_it_is_halfway() -> None:
    spine, hip = "spine_flexion", "hip_flexion_near"
    script = Script(**{spine: 0, hip: 90}).stay(2)
    for there in (30, 0, -25, 0):
        script = script.go(1, **{spine: there}).stay(3)
    assert _stages(CAT_COW, script) == [
        SideStage.AWAY,
        SideStage.READY,
        SideStage.TRYING,
        SideStage.HALFWAY,
        SideStage.ARMED,
        SideStage.READY,
    ]


def test_who_leaves_the_start_pose_and_stays_away_must_come_back_first() -> None:
    spine, hip = "spine_flexion", "hip_flexion_near"
    script = Script(**{spine: 0, hip: 90}).stay(2).go(1, **{hip: 20}).stay(5)
    assert _stages(CAT_COW, script) == [
        SideStage.AWAY,
        SideStage.READY,
        SideStage.ARMED,
        SideStage.AWAY,
    ]
