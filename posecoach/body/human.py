"""How far joints go: what no target can ask for, and what is misread where it is read.

Generous limits, to find slips of convention (an elbow "at 180" where straight is 0) and of the
eye, not to judge anybody: the norms of the American Academy of Orthopaedic Surgeons (Joint
Motion: Method of Measuring and Recording, 1965; Norkin & White, Measurement of Joint Motion, 5th
ed., app. B) widened by up to a third, because hypermobile people exist and the camera errs. A
measure that is not named here may have any value.
"""

from __future__ import annotations

from math import inf

from posecoach.body.measure import Measure

POSSIBLE: dict[str, tuple[float, float]] = {
    "elbow_flexion": (-20, 165),  # norm 0..150, hyperextension to 15
    "shoulder_flexion": (-80, 200),  # norm -60..180
    "shoulder_abduction": (-60, 200),  # norm 0..180; across the body to 50
    "hip_flexion": (-45, 160),  # norm -20..120, passive to 140
    "knee_flexion": (-20, 170),  # norm 0..135, sitting on the heels 160
    "trunk_lateral_flexion": (-90, 90),  # norm 35; with a lean of the whole body far more
    "trunk_rotation": (-75, 75),  # norm 45
    "trunk_turn": (-180, 180),  # the feet may turn too
    "trunk_inclination": (-180, 180),
    "spine_flexion": (-70, 140),  # norm -50..105, lumbar and thoracic (AMA Guides, 5th ed.)
    "neck_flexion": (-100, 90),  # norm -60..60
    "neck_lateral_flexion": (-70, 70),  # norm 45
    "neck_rotation": (-110, 110),  # norm 80
    "shoulder_elevation": (-45, 60),  # norm 40
    "shoulder_protraction": (-60, 60),
    "knees_drop": (-110, 110),  # knees on the floor are at 90
}
"""Lowest and highest value in degrees, by measure without side."""


SLIP = 3.0
"""Errors beyond what a body can do from which on a reading is none of it: so far off one in some
hundred is (a normal distribution), whose joint was at its limit then."""


def readable(measure: Measure) -> tuple[float, float]:
    """Return the least and the most degrees that may be read of a measure.

    Beyond, something else was seen: no body goes so far, and no reading errs so much.
    """
    least, most = POSSIBLE.get(measure.name, (-inf, inf))
    return least - SLIP * measure.error_deg, most + SLIP * measure.error_deg


IN_POSTURE: dict[str, dict[str, tuple[float, float]]] = {
    "lying": {"trunk_inclination": (47, 180)},
    "all-fours": {"trunk_inclination": (47, 180), "knee_flexion": (37, 180)},
    "kneeling": {"knee_flexion": (62, 180)},
}
"""What a body has in a posture, by measure without side: where the program sees one that has not,
it sees another posture (``body.posture``, its limits less their margins), and nobody can begin."""

ANGLE = (0.0, 180.0)
"""What an angle of three landmarks can be: from folded up to straight."""
