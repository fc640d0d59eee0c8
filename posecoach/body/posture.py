"""The body's posture, read from one moment and its facing."""

from __future__ import annotations

from typing import NamedTuple

from posecoach.body.exact import Number, arctan2, cross, dot, least
from posecoach.body.facing import Stance
from posecoach.body.points import DEGREES, SHANK, THIGH, Points, of_side
from posecoach.body.view import Facing, Posture, Side
from posecoach.pose.landmarks import Landmark

_STAY_DEG = 8
_LEGS_SEEN = 0.5
# A thigh of a sitting person points at a camera in front: it looks shorter than this.
_SITTING_THIGH = 0.5
# With the crown of the head to the camera a body is on all fours, unless its legs stand.
_CROWN_DEG = 45
_STANDING_LEG = 0.5


class Legs(NamedTuple):
    """How the legs are held, as the picture shows them; of N moments each is an (N,) array.

    Attributes:
        seen: 0..1, visibility of the worse of knee and ankle.
        thigh_deg: of the thigh from straight down.
        thigh_drop: how far the knee is below the hip, in usual thigh lengths.
        drop: how far the ankle is below the hip, in usual leg lengths.
        hip_deg, knee_deg: flexion.
    """

    seen: float
    thigh_deg: float
    thigh_drop: float
    drop: float
    hip_deg: float
    knee_deg: float


def legs(p: Points, side: Side) -> Legs:
    """Read the leg of one side."""
    hip = p.at[of_side(Landmark.LEFT_HIP, side)]
    knee = of_side(Landmark.LEFT_KNEE, side)
    ankle = of_side(Landmark.LEFT_ANKLE, side)
    thigh, shank = p.at[knee] - hip, p.at[ankle] - p.at[knee]
    return Legs(
        seen=least(p.seen[knee], p.seen[ankle]),
        thigh_deg=arctan2(abs(thigh.real), thigh.imag) * DEGREES,
        thigh_drop=thigh.imag / (THIGH * p.stature + 1e-9),
        drop=(thigh + shank).imag / ((THIGH + SHANK) * p.stature + 1e-9),
        hip_deg=_between_deg(p.down, thigh),
        knee_deg=_between_deg(thigh, shank),
    )


def _between_deg(a: Number, b: Number) -> Number:
    """Return the angle between two lines of the picture, 0..180."""
    return arctan2(abs(cross(a, b)), dot(a, b)) * DEGREES


def posture(leg: Legs, now: Stance, facing: Facing, before: Posture) -> Posture:
    """Tell the posture; the one ``before`` has a margin, so that it does not flicker.

    Where the legs are not seen an upright trunk is "upright", standing or sitting.

    Args:
        leg: that of the near side.
    """
    if facing == "feet":
        return "lying"
    if facing not in ("left", "right"):
        return _from_the_front(leg, now)
    bowed = before in ("lying", "all-fours", "kneeling")
    if now.inclination_deg > _over(55, bowed):
        # Seen from its left side an upright body faces the picture's left.
        if (now.hips_right if facing == "left" else -now.hips_right) < 0:
            return "lying"
        if leg.seen < _LEGS_SEEN:
            return "all-fours"
        if leg.knee_deg < 45:
            # Straight legs: prone where they are level, a bow where they stand.
            return "lying" if leg.thigh_deg > 60 else "upright"
        return "kneeling" if leg.hip_deg > _over(115, before == "kneeling") else "all-fours"
    if leg.seen < _LEGS_SEEN:
        return "upright"
    if leg.knee_deg > _over(125, before == "kneeling"):
        return "kneeling"
    if leg.thigh_deg > _over(50, before == "sitting"):
        return "sitting"
    # Thighs upright: on the knees where the shanks lie on the floor, else standing.
    return "kneeling" if leg.knee_deg > _over(70, before == "kneeling") else "upright"


def _over(limit: int, kept: bool) -> int:
    """Return a limit with the margin for the postures that lie beyond it."""
    return limit - _STAY_DEG if kept else limit + _STAY_DEG


def _from_the_front(leg: Legs, now: Stance) -> Posture:
    legs_seen = leg.seen > _LEGS_SEEN
    if now.tilt_deg < -_CROWN_DEG and not (legs_seen and leg.drop > _STANDING_LEG):
        return "all-fours"
    if not legs_seen:
        return "upright"
    return "sitting" if leg.thigh_drop < _SITTING_THIGH else "upright"
