"""Which way the body faces the camera, read from one moment.

The line from the right to the left side (shoulders and hips together) tells how far the
body is turned. Its depth is the best single clue; where the model swaps depths, the
hidden side's lower visibility outvotes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posecoach.body.points import Points
from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark

_LIMBS = (
    (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW),
    (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE),
    (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE),
)

# Degrees of turn as the model shows it: it makes small turns smaller (35 true read 19).
# Each limit is (for what it was, at first sight, for what it was not).
_SIDE = (44, 50, 56)
_SIDE_LEVEL = (9, 15, 21)
# Wide, because turning the trunk is part of some exercises and turns no view.
_THREE_QUARTER = (10, 20, 30)
_STEEP_DEG = 45
# A trunk pointing along the line of sight by so much shows no side, whatever its shoulders say:
# bodies seen from the side are within 20 degrees, with the crown to the camera 45 and more.
# (Seen from the side before, at first sight, not before.)
_ALONG_DEG = (50, 45, 40)


@dataclass(frozen=True, slots=True)
class Stance:
    """How the trunk stands to the camera at one moment.

    Attributes:
        turned_deg: how far the right-left line points out of the picture: 0 square to the
            camera, 90 from the side.
        left_near: > 0 where the left side is nearer to the camera, < 0 where the right is.
        front_seen: whether the trunk shows its front rather than its back, where it is
            not seen from the side.
        inclination_deg: of the trunk in the picture: 0 upright, 90 level, 180 head down.
        tilt_deg: of the trunk in depth: + with the hips nearer to the camera than the
            shoulders.
    """

    turned_deg: float
    left_near: float
    front_seen: bool
    inclination_deg: float
    tilt_deg: float


def stance(p: Points) -> Stance:
    """Read the stance of one moment in which a person was seen."""
    left_s, right_s = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
    left_h, right_h = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    across = p.at[left_s] - p.at[right_s] + p.at[left_h] - p.at[right_h]
    depth = p.depth[left_s] - p.depth[right_s] + p.depth[left_h] - p.depth[right_h]
    turned = math.atan2(abs(depth), abs(across))
    seen = sum(p.seen[left] - p.seen[right] for left, right in _LIMBS) / len(_LIMBS)
    tilt = math.atan2(-p.down_depth, abs(p.down))
    # A trunk pointing at the camera has no direction in the picture to go by; left on the
    # picture's right then means its front, or the crown of its head.
    down = 1j if abs(tilt) > math.radians(_STEEP_DEG) else p.down
    return Stance(
        turned_deg=math.degrees(turned),
        left_near=seen - math.copysign(math.sin(turned), depth),
        front_seen=(across.conjugate() * down).imag > 0,
        inclination_deg=abs(math.degrees(math.atan2(p.down.real, p.down.imag))),
        tilt_deg=math.degrees(tilt),
    )


def near_side(now: Stance, before: View) -> Side:
    """Return the side nearer to the camera; kept unless the other is plainly nearer."""
    margin = 0.0 if before.facing == "unknown" else 0.3 if before.near == "right" else -0.3
    return "left" if now.left_near > margin else "right"


def facing(now: Stance, near: Side, before: Facing) -> Facing:
    """Tell the facing; the one ``before`` has a margin, so that it does not flicker."""

    def turned(limits: tuple[int, int, int], *kept: Facing) -> bool:
        limit = limits[0 if before in kept else 1 if before == "unknown" else 2]
        return now.turned_deg > limit

    # Level in the picture, a trunk is seen from the side unless the camera hangs over it
    # or looks along it.
    lowest = 45 if before in ("left", "right") else 55
    level = lowest < now.inclination_deg < 135 and abs(now.tilt_deg) < _STEEP_DEG
    sideways = before in ("left", "right")
    along = _ALONG_DEG[0 if sideways else 1 if before == "unknown" else 2]
    if abs(now.tilt_deg) < along and turned(_SIDE_LEVEL if level else _SIDE, "left", "right"):
        return near
    # Upright, nobody leans back this far: the body lies, with its feet to the camera.
    if now.tilt_deg > (15 if before == "feet" else 25) and now.inclination_deg < 45:
        return "feet"
    if turned(_THREE_QUARTER, "three-quarter"):
        return "three-quarter"
    return "front" if now.front_seen else "back"
