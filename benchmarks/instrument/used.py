"""Which measures the definitions of the stretches ask for, and which are told of."""

from __future__ import annotations

from functools import cache

from posecoach.body.catalogue import split_name
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan

_SHOWN: dict[str, tuple[str, ...]] = {
    "overhead-reach": (
        "shoulder_flexion",
        "elbow_flexion",
        "trunk_lateral_flexion",
        "trunk_turn",
        "leg_lateral_inclination",
    ),
    "wall-stretch": (
        "trunk_turn",
        "elbow_flexion",
        "shoulder_flexion",
        "trunk_lateral_flexion",
        "shoulder_elevation",
    ),
    "neck-flexion": (
        "neck_flexion",
        "neck_lateral_flexion",
        "shoulder_elevation",
        "trunk_lateral_flexion",
    ),
    "shoulder-roll": (
        "shoulder_elevation",
        "shoulder_protraction",
        "shoulder_flexion",
        "elbow_flexion",
    ),
    "cat-cow": (
        "spine_flexion",
        "neck_flexion",
        "shoulder_flexion",
        "elbow_flexion",
        "hip_flexion",
        "knee_flexion",
        "trunk_inclination",
        "arm_inclination",
        "thigh_inclination",
    ),
    "childs-pose": (
        "hip_flexion",
        "knee_flexion",
        "shoulder_flexion",
        "elbow_flexion",
        "neck_flexion",
        "trunk_inclination",
        "spine_flexion",
    ),
    "childs-pose-arms-back": (
        "hip_flexion",
        "knee_flexion",
        "shoulder_flexion",
        "neck_flexion",
        "trunk_inclination",
        "spine_flexion",
    ),
    "childs-pose-thread-the-needle": (
        "hip_flexion",
        "knee_flexion",
        "shoulder_flexion",
        "elbow_flexion",
        "trunk_inclination",
        "trunk_rotation",
    ),
    "trunk-rotation": (
        "knees_drop",
        "knee_flexion",
        "trunk_turn",
        "trunk_rotation",
        "shank_spread",
    ),
    "knee-to-chest": (
        "hip_flexion",
        "knee_flexion",
        "trunk_inclination",
        "neck_flexion",
    ),
    "thoracic-extension": (
        "spine_flexion",
        "trunk_inclination",
        "hip_flexion",
        "knee_flexion",
        "shoulder_flexion",
        "elbow_flexion",
        "elbow_lead",
        "neck_flexion",
    ),
}
"""Measures that say what is seen of a stretch, without side, asked for by its definition or not."""

_NO_ANGLE = ("arm_shortening", "hand_across", "hand_lead", "elbow_ahead")
"""Shares of a way, of which no truth is kept."""


@cache
def asked(stretch: str) -> tuple[str, ...]:
    """Return the measures, without side, that the definition of a stretch asks for.

    The arm's angle from the trunk is one, in whatever plane it is raised (``instrument.read_as``).
    """
    names = [split_name(name)[0].name for name in _measures(stretch)]
    names = [name.replace("shoulder_abduction", "shoulder_flexion") for name in names]
    return tuple(dict.fromkeys(name for name in names if name not in _NO_ANGLE))


@cache
def shows_silhouette(stretch: str) -> bool:
    """Whether the silhouette is looked at where this stretch is coached."""
    return make_plan(standard_library().find(stretch)).needs_mask


def _measures(stretch: str) -> tuple[str, ...]:
    names = make_plan(standard_library().find(stretch)).measures
    return tuple(name for name in names if not name.startswith("angle("))


USED: dict[str, tuple[str, ...]] = {
    stretch: tuple(dict.fromkeys((*shown, *asked(stretch)))) for stretch, shown in _SHOWN.items()
}
"""The measures that are told of, by stretch."""
