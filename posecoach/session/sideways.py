"""Whether a body lies level in the picture: somebody lies there, or the picture is on its side."""

from __future__ import annotations

from math import cos, radians

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_LEVEL = cos(radians(30.0))
"""Of a line's length that it goes along the picture's width (or height): within 30 degrees of it,
so that who leans back in a chair is not lying; a picture on its side is off by less than a lean."""

_BROAD = 0.3
"""Of the trunk's length that shoulders and hips are apart in a body seen from the front or back:
from a side, as all fours are seen, they hide each other."""

_HEAD_TO_KNEES = np.array(
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


def lies_level(pose: Pose) -> bool:
    """Tell it of a single moment.

    Head and trunk go level, and the thighs go on from them: on all fours, or bowed, they stand
    beneath the trunk or lie under it. Where the picture ends above the knees, shoulders and hips
    must stand upright in it, one above the other: nobody on all fours shows that.
    """
    if not pose.seen:
        return False
    # Python's numbers: of so few, arrays would cost ten times as much.
    nose, *pairs = (complex(*place) for place in pose.image[_HEAD_TO_KNEES].tolist())
    left_shoulder, right_shoulder, left_hip, right_hip, *knees = pairs
    shoulders, hips = (left_shoulder + right_shoulder) / 2, (left_hip + right_hip) / 2
    trunk = hips - shoulders
    along = 1 if trunk.real > 0 else -1
    if (shoulders - nose).real * along <= 0:
        return False
    thighs = [
        knee - hip
        for knee, hip in zip(knees, (left_hip, right_hip), strict=True)
        if _inside(knee, pose.size)
    ]
    if not all(each.real * along > _LEVEL * abs(each) for each in (trunk, *thighs)):
        return False
    across = (left_shoulder - right_shoulder, left_hip - right_hip)
    broad = all(abs(each.imag) > max(_LEVEL * abs(each), _BROAD * abs(trunk)) for each in across)
    return bool(thighs) or broad


def _inside(place: complex, size: tuple[int, int]) -> bool:
    """Whether a place lies in the picture."""
    width, height = size
    return 0 <= place.real <= width and 0 <= place.imag <= height
