"""What a person is asked to do in a guided calibration: the steps, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.plan.plan import Plan, SidePlan
from posecoach.plan.target import Goal
from posecoach.profile.motion import Motion

COMFORT = "Go slowly, only as far as is comfortable, and hold."
"""Comfort, not maximum; whoever is in pain has gone too far."""

STOP = "Stop where it hurts."


@dataclass(frozen=True, slots=True)
class TakeNeutral:
    """Stand still: the zero of every measure, and the camera's tilt, are read."""

    say: str
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class TakePose:
    """Take a pose on the way to the movement, as the arms overhead."""

    say: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Move and hold, several times.

    Attributes:
        say: what to do, without how far.
        exercise: id of the exercise it belongs to; "" for a single measure.
    """

    motion: Motion
    say: str
    exercise: str = ""


Prompt = TakeNeutral | TakePose | Move

_SAY: dict[tuple[str, str], str] = {
    ("neck_flexion", "up"): "Drop your chin towards your chest",
    ("neck_flexion", "down"): "Look up to the ceiling",
    ("neck_lateral_flexion", "left"): "Bring your left ear towards your left shoulder",
    ("neck_lateral_flexion", "right"): "Bring your right ear towards your right shoulder",
    ("neck_rotation", "left"): "Turn your head to the left",
    ("neck_rotation", "right"): "Turn your head to the right",
    ("trunk_lateral_flexion", "left"): "Lean to your left",
    ("trunk_lateral_flexion", "right"): "Lean to your right",
    ("trunk_turn", "left"): "Turn your chest to the left",
    ("trunk_turn", "right"): "Turn your chest to the right",
    ("trunk_inclination", "up"): "Bend forward",
    ("spine_flexion", "up"): "Round your back",
    ("spine_flexion", "down"): "Let your back sink and arch it",
    ("knees_drop", "left"): "Let both knees sink to your left",
    ("knees_drop", "right"): "Let both knees sink to your right",
    ("shoulder_flexion", "up"): "Raise your {side} arm forward and up",
    ("shoulder_abduction", "up"): "Raise your {side} arm sideways and up",
    ("shoulder_elevation", "up"): "Lift your {side} shoulder towards your ear",
    ("shoulder_protraction", "up"): "Push your {side} shoulder forward",
    ("hip_flexion", "up"): "Bring your {side} knee towards your chest",
    ("knee_flexion", "up"): "Bend your {side} knee",
    ("elbow_flexion", "up"): "Bend your {side} elbow",
}


def prompts_of_plan(plan: Plan) -> tuple[Prompt, ...]:
    """The steps to calibrate what scales an exercise's targets: empty where nothing does."""
    prompts: list[Prompt] = []
    for side in plan.sides:
        moves = _moves(side, plan.exercise.id)
        if not moves:
            continue
        if not prompts:
            setup = plan.exercise.setup
            say = side.start_say if setup is None else setup.say
            prompts.append(TakeNeutral(say, side.setup or side.start))
        if side.setup:
            prompts.append(TakePose(side.start_say, side.start))
        prompts += moves
    return tuple(prompts)


def _moves(side: SidePlan, exercise: str) -> list[Move]:
    moves: list[Move] = []
    for step in side.steps:
        for goal in step.goals:
            motion = Motion.of(goal.reader) if goal.of_range is not None else None
            if motion is not None and motion not in (move.motion for move in moves):
                moves.append(Move(motion, first_sentence(step.say), exercise))
    return moves


def prompts_of_motions(motions: Sequence[Motion]) -> tuple[Prompt, ...]:
    """The steps to calibrate single measures."""
    neutral = TakeNeutral("Take up the neutral position, upright and relaxed, and keep still.")
    return (neutral, *(Move(motion, _words(motion)) for motion in motions))


def _words(motion: Motion) -> str:
    say = _SAY.get((motion.stem, motion.towards), f"Now {motion.title}")
    return say.replace("{side}", motion.side)


def first_sentence(text: str) -> str:
    """The first of several sentences, without its full stop: what goes beyond it is for later."""
    return text.split(". ")[0].rstrip(".")
