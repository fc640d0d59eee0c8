"""Whether a body is upside down in the picture: a camera mounted so, or a recording turned."""

from __future__ import annotations

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_PLAIN = 0.7
"""Of the trunk's length that the hips are above the shoulders: within 45 degrees of upside down.
Nobody who bends or kneels gets there with the knees above the hips as well."""

_TOLD_BY = np.array(
    (
        Landmark.NOSE,
        Landmark.LEFT_SHOULDER,
        Landmark.RIGHT_SHOULDER,
        Landmark.LEFT_HIP,
        Landmark.RIGHT_HIP,
        Landmark.LEFT_KNEE,
        Landmark.RIGHT_KNEE,
    )
)


def upside_down(pose: Pose) -> bool:
    """Tell it of a single moment.

    Head, trunk and thighs must all be the wrong way up: who bends forward stands on legs that are
    below, who lies on the back with raised legs has a level trunk. Of knees that are outside the
    picture nothing is asked. Inside they count though they are hidden: a folded body hides its own,
    and even guessed at they lie on the floor.
    """
    if not pose.seen:
        return False
    # Python's numbers: of so few, arrays would cost ten times as much.
    nose, *pairs = (complex(*place) for place in pose.image[_TOLD_BY].tolist())
    left_shoulder, right_shoulder, left_hip, right_hip, *knees = pairs
    shoulders, hips = (left_shoulder + right_shoulder) / 2, (left_hip + right_hip) / 2
    trunk = hips - shoulders
    if not trunk.imag < -_PLAIN * abs(trunk):
        return False
    drops = [knee.imag - hips.imag for knee in knees if _inside(knee, pose.size)]
    return nose.imag > shoulders.imag and all(drop < 0 for drop in drops)


def _inside(place: complex, size: tuple[int, int]) -> bool:
    """Whether a place lies in the picture."""
    width, height = size
    return 0 <= place.real <= width and 0 <= place.imag <= height
