"""Whether a body is upside down in the picture: a camera mounted so, or a recording turned."""

from __future__ import annotations

from posecoach.body.points import points
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_PLAIN = 0.7
"""Of the trunk's length that the hips are above the shoulders: within 45 degrees of upside down.
Nobody who bends or kneels gets there with the knees above the hips as well."""


def upside_down(pose: Pose) -> bool:
    """Tell it of a single moment.

    Head, trunk and thighs must all be the wrong way up: who bends forward stands on legs that are
    below, who lies on the back with raised legs has a level trunk. Of knees that are outside the
    picture nothing is asked. Inside they count though they are hidden: a folded body hides its own,
    and even guessed at they lie on the floor.
    """
    if not pose.seen:
        return False
    p = points(pose)
    trunk = p.down.imag
    nose = p.at[Landmark.NOSE].imag - p.shoulders.imag
    knees = [
        p.at[knee].imag - p.hips.imag
        for knee in (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
        if _inside(pose, knee)
    ]
    length = abs(p.down)
    return bool(trunk < -_PLAIN * length and nose > 0 and all(drop < 0 for drop in knees))


def _inside(pose: Pose, landmark: Landmark) -> bool:
    """Whether a landmark lies in the picture, seen or hidden."""
    x, y = pose.image[landmark]
    width, height = pose.size
    return bool(0 <= x <= width and 0 <= y <= height)
