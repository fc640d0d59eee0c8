"""Whether somebody else is in the picture, who may be the one that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posecoach.closing import Closing
from posecoach.errors import LearningError
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.source.frame import Frame

LOOK_S = 1.5
"""Every so often it is looked for a second person: whoever walks by is there for a moment only."""

COMPANY = 0.5
"""Part of those looks in which a second person must be there, for a passer-by takes no part."""

AS_LARGE = 0.5
"""Part of the larger one's size from which on a second one may be the one who shows it: people are
half as large at twice the distance."""

_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


TWO = "Two people are in the picture, and either may be the one who shows it; film one alone."


class Company(Closing):
    """Looks now and then whether there are two people.

    Args:
        bundle: of the pose model.

    Attributes:
        now: whether there were at the last look.

    Raises:
        ModelError: the bundle cannot be loaded.
        MachineError: a system library is missing.
    """

    def __init__(self, bundle: Path) -> None:
        self._estimator = PoseEstimator(bundle, static=True, num_poses=2)
        self._looked_s = -LOOK_S
        self.now = False
        self.forget()

    def forget(self) -> None:
        """Count anew."""
        self._looks = self._two = 0

    def look(self, frame: Frame) -> None:
        """Take the next frame; most are passed over."""
        if frame.time_s - self._looked_s < LOOK_S:
            return
        self._looked_s = frame.time_s
        self.now = two_people(self._estimator.estimate_all(frame.image, frame.time_s))
        self._looks += 1
        self._two += self.now

    def refuse(self) -> None:
        """Refuse what may be either's.

        Raises:
            LearningError: there were two people for most of it.
        """
        if self._two > COMPANY * self._looks:
            raise LearningError(TWO)

    def close(self) -> None:
        """Give back the model."""
        self._estimator.close()


def two_people(found: Sequence[Pose]) -> bool:
    """Whether two people are seen, both large enough to be the one who shows something."""
    sizes = sorted((_size(pose) for pose in found), reverse=True)
    return len(sizes) > 1 and sizes[1] >= AS_LARGE * sizes[0] > 0


def _size(pose: Pose) -> float:
    shoulders = pose.image[list(_SHOULDERS)].mean(axis=0)
    hips = pose.image[list(_HIPS)].mean(axis=0)
    return float(np.hypot(*(shoulders - hips)))
