"""Stretches made up for the coach's tests, with the cameras that see them and their circles."""

from __future__ import annotations

from math import nan, pi
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from posecoach.exercise.definition import Exercise
from tests.helpers.traces import Camera, Moment, exercise

HOLD_S = 2.0
LASTING = 0.8
TRUNK, ELBOW, KNEE, NECK = (
    "trunk_lateral_flexion",
    "elbow_flexion_left",
    "knee_flexion_left",
    "neck_flexion",
)
UP, ACROSS = "shoulder_elevation", "shoulder_protraction"

SLOW = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def examples(count: int) -> Any:
    return settings(SLOW, max_examples=count)


cameras = st.builds(
    Camera,
    fps=st.sampled_from([5, 6, 7.5, 8, 10, 12, 15, 20, 30, 60]),
    jitter=st.floats(0, 0.8),
    noise=st.floats(0, 0.8),
    lost=st.sampled_from([0.0, 0.33]),
    absent=st.booleans(),
    seed=st.integers(0, 2**16),
)


LEAN = exercise(
    [
        {
            "id": "lean",
            "hold": HOLD_S,
            "targets": [
                {
                    "measure": "trunk_lateral_flexion",
                    "towards": "{side}",
                    "at_least": 20,
                    "stay_within": 4,
                    "drives": True,
                }
            ],
        }
    ],
    [{"measure": "trunk_lateral_flexion", "is": 0, "within": 8, "stay_within": 4}],
    sides="each",
)


_LEAN_FROM_START: dict[str, object] = {
    "id": "lean",
    "hold": HOLD_S,
    "targets": [
        {
            "measure": "trunk_lateral_flexion",
            "towards": "{side}",
            "at_least": 15,
            "stay_within": 3,
            "from_start": True,
        }
    ],
}

LEAN_FROM_START = exercise(
    [_LEAN_FROM_START],
    [{"measure": "trunk_lateral_flexion", "is": 0, "within": 12}],
    sides="each",
)


CAT_COW = exercise(
    [
        {
            "id": "cat",
            "hold": HOLD_S,
            "targets": [{"measure": "spine_flexion", "at_least": 25, "stay_within": 5}],
        },
        {
            "id": "cow",
            "hold": HOLD_S,
            "targets": [{"measure": "spine_flexion", "at_most": -20, "stay_within": 5}],
        },
    ],
    [{"measure": "hip_flexion_near", "at_least": 60, "at_most": 110}],
)


OPTIONAL = exercise(
    [
        {
            "id": "lie back",
            "hold": HOLD_S,
            "targets": [{"measure": "trunk_inclination", "at_least": 55, "stay_within": 8}],
        },
        {
            "id": "arms up",
            "hold": HOLD_S,
            "optional": True,
            "targets": [
                {"measure": "elbow_flexion_near", "at_most": 40, "drives": True},
                {"measure": "trunk_inclination", "at_least": 55, "stay_within": 8},
            ],
        },
    ],
    [{"measure": "trunk_inclination", "at_most": 30, "stay_within": 5}],
)


SETUP: Exercise = exercise(
    [_LEAN_FROM_START],
    [{"measure": "shoulder_flexion_left", "at_least": 140, "stay_within": 15}],
    sides="each",
    setup={"say": "Arms down", "targets": [{"measure": "shoulder_flexion_left", "at_most": 40}]},
)


def fault(name: str, measure: str, **other: object) -> dict[str, object]:
    given = {
        "id": name,
        "when": {"measure": measure, "above": 40},
        "lasting": LASTING,
        "cue": f"Mend {name}",
    }
    return given | other


FAULTY = exercise(
    [
        {
            "id": "lean",
            "hold": 2,
            "targets": [
                {"measure": TRUNK, "towards": "{side}", "at_least": 20, "stay_within": 4},
            ],
        }
    ],
    [{"measure": TRUNK, "is": 0, "within": 8, "stay_within": 4}],
    sides="each",
    faults=[
        fault("form-fault", ELBOW),
        fault("hint-fault", KNEE, severity="hint"),
        fault("unsafe", NECK, severity="safety"),
    ],
)
"""Leans whose form can be at fault in three ways."""

REST = {TRUNK: 0.0, ELBOW: 5.0, KNEE: 5.0, NECK: 5.0}
"""Where every measure of ``FAULTY`` rests."""


def circle(direction: str, lasting: float) -> dict[str, object]:
    return {
        "id": direction,
        "lasting": lasting,
        "circle": {
            "up": {"measure": UP + "_{side}"},
            "across": {"measure": ACROSS + "_{side}"},
            "direction": direction,
            "size": 8,
        },
    }


ROLL = exercise(
    [circle("forward", 8), circle("backward", 8)],
    [{"measure": "shoulder_abduction_left", "at_most": 40}],
    faults=[
        {
            "id": "shrug",
            "when": {
                "all": [
                    {"measure": "circle_shape", "below": 0.35},
                    {"measure": "circle_height_left", "above": 6},
                    {"measure": "circle_height_right", "above": 6},
                ]
            },
            "lasting": 0.5,
            "cue": "Make circles",
        },
        {
            "id": "one-side",
            "when": {
                "all": [
                    {"measure": "circle_height_{side}", "below": 5},
                    {"measure": "circle_height_{other}", "above": 8},
                ]
            },
            "lasting": 0.5,
            "cue": "Roll your {side} shoulder too",
        },
    ],
)


def rounds(
    path: list[tuple[str, int, float]],
    *,
    fps: float = 15,
    height: float = 16,
    width: float = 14,
    noise: float = 0,
    seed: int = 0,
    lost: float = 0,
    lesser: float = 0,
) -> list[Moment]:
    """Some rounds of each kind, one after the other, a second's rest between and around.

    ``left`` and ``right`` are the shoulder that goes round where only one does, the other by
    ``lesser`` of its way.
    """
    dice = np.random.default_rng(seed)
    pieces: list[np.ndarray] = [np.zeros((int(fps), 5))]
    for what, times, seconds in path:
        count = int(times * seconds * fps)
        phase = 2 * pi * np.arange(count) / (seconds * fps)
        up = height / 2 * (1 - np.cos(phase))
        across = width / 2 * np.sin(phase) * {"forward": -1, "backward": 1}.get(what, 0)
        if what in ("left", "right"):
            across = width / 2 * np.sin(phase)
        moves = np.zeros((count, 5))
        left, right = lesser if what == "right" else 1, lesser if what == "left" else 1
        moves[:, 0], moves[:, 2] = left * up, left * across
        moves[:, 1], moves[:, 3] = right * up, right * across
        pieces += [moves, np.zeros((int(fps), 5))]
    samples = np.concatenate(pieces)
    samples += dice.normal(0, noise, samples.shape) if noise else 0
    names = [f"{UP}_left", f"{UP}_right", f"{ACROSS}_left", f"{ACROSS}_right"]
    names.append("shoulder_abduction_left")
    moments = []
    for index, row in enumerate(samples):
        values = dict(zip(names, row.tolist(), strict=True))
        if dice.random() < lost and index % 3:
            values[names[index % 4]] = nan
        moments.append((index / fps, values))
    return moments
