"""Which way the body faces the camera, read from one moment.

The line from the right to the left side (shoulders and hips together) tells how far the
body is turned. Its depth is the best single clue; where the model swaps depths, the
hidden side's lower visibility outvotes it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from posecoach.body.exact import arctan2, cross, least, length, sine, where
from posecoach.body.points import DEGREES, Points
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
TURNED_AWAY = 30
"""Degrees: who was seen from the front is not seen so any more from there on."""
_THREE_QUARTER = (10, 20, TURNED_AWAY)
_STEEP_DEG = 45
# A trunk pointing along the line of sight by so much shows no side, whatever its shoulders say:
# bodies seen from the side are within 20 degrees, with the crown to the camera 45 and more.
# (Seen from the side before, at first sight, not before.)
_ALONG_DEG = (50, 45, 40)


class Stance(NamedTuple):
    """How the trunk stands to the camera at one moment; of N moments each is an (N,) array.

    Attributes:
        turned_deg: how far the right-left line points out of the picture: 0 square to the
            camera, 90 from the side.
        left_near: > 0 where the left side is nearer to the camera, < 0 where the right is.
        front_seen: whether the trunk shows its front rather than its back, where it is
            not seen from the side.
        inclination_deg: of the trunk in the picture: 0 upright, 90 level, 180 head down.
        tilt_deg: of the trunk in depth: + with the hips nearer to the camera than the
            shoulders.
        hips_right: how far the hips are to the right of the shoulders in the picture, pixels.
    """

    turned_deg: float
    left_near: float
    front_seen: bool
    inclination_deg: float
    tilt_deg: float
    hips_right: float


def stance(p: Points) -> Stance:
    """Read the stance of moments in which a person was seen."""
    left_s, right_s = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
    left_h, right_h = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    across = p.at[left_s] - p.at[right_s] + p.at[left_h] - p.at[right_h]
    depth = p.depth[left_s] - p.depth[right_s] + p.depth[left_h] - p.depth[right_h]
    turned = arctan2(abs(depth), length(across))
    # Two shoulders that fill the picture are not one behind the other, however deep the model
    # draws who is near.
    turned = where(p.hips_below > 0, least(turned, math.radians(_SIDE[0])), turned)
    elbow, wrist, knee, ankle = (p.seen[left] - p.seen[right] for left, right in _LIMBS)
    tilt = arctan2(-p.down_depth, length(p.down))
    # A trunk pointing at the camera has no direction in the picture to go by; left on the
    # picture's right then means its front, or the crown of its head.
    down = where(abs(tilt) > math.radians(_STEEP_DEG), 1j, p.down)
    copysign = math.copysign if isinstance(depth, float) else np.copysign
    return Stance(
        turned_deg=turned * DEGREES,
        left_near=(elbow + wrist + knee + ankle) / 4 - copysign(sine(turned), depth),
        front_seen=cross(across, down) > 0,
        inclination_deg=abs(arctan2(p.down.real, p.down.imag) * DEGREES),
        tilt_deg=tilt * DEGREES,
        hips_right=p.down.real,
    )


def near_side(now: Stance, before: View) -> Side:
    """Return the side nearer to the camera; kept unless the other is plainly nearer."""
    margin = 0.0 if before.facing == "unknown" else 0.3 if before.near == "right" else -0.3
    return "left" if now.left_near > margin else "right"


def facing(now: Stance, near: Side, before: Facing) -> Facing:
    """Tell the facing; the one ``before`` has a margin, so that it does not flicker."""
    sideways = before in ("left", "right")
    first = before == "unknown"
    # Level in the picture, a trunk is seen from the side unless the camera hangs over it
    # or looks along it.
    tilt = abs(now.tilt_deg)
    level = (45 if sideways else 55) < now.inclination_deg < 135 and tilt < _STEEP_DEG
    limits = _SIDE_LEVEL if level else _SIDE
    chosen = 0 if sideways else 1 if first else 2
    if tilt < _ALONG_DEG[chosen] and now.turned_deg > limits[chosen]:
        return near
    # Upright, nobody leans back this far: the body lies, with its feet to the camera.
    if now.tilt_deg > (15 if before == "feet" else 25) and now.inclination_deg < 45:
        return "feet"
    if now.turned_deg > _THREE_QUARTER[0 if before == "three-quarter" else 1 if first else 2]:
        return "three-quarter"
    return "front" if now.front_seen else "back"
