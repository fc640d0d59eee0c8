"""Both knees dropping to one side while lying on the back, seen from the feet."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import DEGREES, least, points, ramp, reading, unknown
from posecoach.body.space import middle, space
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_NEEDED = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
)

# World landmarks are drawn towards poses MediaPipe knows better: of a drop of 52 they show
# 41 and 50 with one person, 40 and 46 with another.
SHOWN = 0.85
# The part of the thighs square to the trunk: with less than 0.2 the drop is read 30 degrees
# off, with more than 0.5 it is 7 and less.
_SQUARE = (0.2, 0.5)


def _drop(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    # From the side the drop is along the line of sight, and MediaPipe guesses it wrong.
    if view.facing in ("left", "right", "back"):
        return unknown(pose)
    world = space(pose)
    left = world[Landmark.LEFT_SHOULDER].minus(world[Landmark.RIGHT_SHOULDER]).unit()
    hips = middle(world, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    headwards = middle(world, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER).minus(hips)
    up = left.cross(headwards).unit()
    thighs = middle(world, Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE).minus(hips)
    aside, above = thighs.dot(left), thighs.dot(up)
    value = np.arctan2(aside, above) * DEGREES / SHOWN
    # Thighs nearly in line with the trunk, the legs stretched out, point to no side.
    square = ((aside * aside + above * above) / (thighs.dot(thighs) + 1e-12)) ** 0.5
    p = points(pose)
    visible = least(*(p.seen[landmark] for landmark in _NEEDED))
    return reading(value, visible * ramp(square, *_SQUARE))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="knees_drop",
        title="both knees to one side",
        zero="as in the start pose: knees over the hips, lying on the back",
        positive="both knees to the person's left",
        sided=False,
        lateral=True,
        plane="transverse",
        views=("feet",),
        landmarks=_NEEDED,
        zero_from="start",
        needs_mask=False,
        error_deg=7.0,
        source="World landmarks: from mid hips to mid knees, in the plane across the trunk.",
        estimate=_drop,
    ),
)
