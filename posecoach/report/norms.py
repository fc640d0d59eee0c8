"""How far healthy adults move: what a person's range can be laid beside.

American Academy of Orthopaedic Surgeons, Joint Motion: Method of Measuring and Recording (1965),
as tabled in Norkin & White, Measurement of Joint Motion, 5th ed., appendix B. They are averages
read with a goniometer: people differ, by age above all. Measures that are not a joint's own
motion (a turn of the whole body, a rounding from one's own start pose) have no such number.
"""

from __future__ import annotations

from posecoach.body.catalogue import split_name
from posecoach.errors import MeasureError

_UP: dict[str, float] = {
    "elbow_flexion": 150,
    "shoulder_flexion": 180,
    "shoulder_abduction": 180,
    "hip_flexion": 120,
    "knee_flexion": 135,
    "trunk_lateral_flexion": 35,
    "trunk_rotation": 45,
    "neck_flexion": 45,
    "neck_lateral_flexion": 45,
    "neck_rotation": 60,
}
_DOWN: dict[str, float] = {
    "neck_flexion": 45,
    "trunk_lateral_flexion": 35,
    "trunk_rotation": 45,
    "neck_lateral_flexion": 45,
    "neck_rotation": 60,
}


def textbook(measure: str, way: int) -> float | None:
    """Return the usual range in degrees, in the direction in which the measure counts up
    (+1) or down (-1); None where the textbook has no number."""
    try:
        stem = split_name(measure)[0].name
    except MeasureError:
        return None
    return (_UP if way > 0 else _DOWN).get(stem)
