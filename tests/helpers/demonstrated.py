"""Demonstrations of which every value is known."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from posecoach.body.view import Facing, Posture
from posecoach.learn.demonstration import STEP_S, Demonstration, kept_moments
from posecoach.observe.spread import Spread
from posecoach.pose.pose import Pose
from tests.helpers.traces import Script

SPREAD_DEG = 4.0
ARMS = {f"shoulder_abduction_{side}": 8.0 for side in ("left", "right")}
STANDING = ARMS | {
    "elbow_flexion_left": 6.0,
    "elbow_flexion_right": 6.0,
    "trunk_lateral_flexion": 0.0,
    "neck_flexion": 0.0,
    "neck_lateral_flexion": 0.0,
}
TABLE = {
    "spine_flexion": 0.0,
    "neck_flexion": 0.0,
    "hip_flexion_left": 80.0,
    "knee_flexion_left": 90.0,
    "elbow_flexion_left": 5.0,
    "trunk_inclination": 80.0,
}


def shown(
    script: Script, facing: Facing = "front", posture: Posture = "upright", sway: float = 1.0
) -> Demonstration:
    """A demonstration of which every value is known, with some sway."""
    times = np.arange(0, script.time_s, STEP_S)
    dice = np.random.default_rng(0)
    columns = {
        name: values + sway * np.sin(times * dice.uniform(1, 3) + dice.uniform(0, 6))
        for name, values in script.at(times).items()
    }
    spread = Spread(SPREAD_DEG, SPREAD_DEG, SPREAD_DEG)
    spreads = dict.fromkeys(columns, spread)
    nothing = kept_moments(Pose.series([Pose.absent(0.0, (4, 4))]), [], {})
    return Demonstration(nothing, times, columns, spreads, facing, (posture,), "left")


def circles(count: int, direction: int, across: float = 10.0) -> Demonstration:
    script = Script(**STANDING).stay(1.5)
    seen = shown(script.stay(count * 2 + 2), sway=0.0)
    turn = np.clip((seen.times - 1.5) / 2, 0, count) * 2 * pi
    columns = dict(seen.columns)
    for side in ("left", "right"):
        columns[f"shoulder_elevation_{side}"] = np.array([8 - 8 * cos(a) for a in turn])
        columns[f"shoulder_protraction_{side}"] = np.array(
            [-direction * across * sin(a) for a in turn]
        )
    spreads = dict.fromkeys(columns, Spread(SPREAD_DEG, SPREAD_DEG, SPREAD_DEG))
    return Demonstration(seen.kept, seen.times, columns, spreads, "front", ("upright",), "left")
