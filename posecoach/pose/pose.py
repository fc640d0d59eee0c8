"""The value every later room works on: where a body's landmarks are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.landmarks import COUNT

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One body at one moment, or the same body at N moments.

    Every array may carry one leading axis of N moments; all measures work on both.
    A frame without a person has NaN landmarks and visibility 0.

    Attributes:
        time_s: () or (N,) seconds, capture time.
        image: (33, 2) or (N, 33, 2) pixels, x right, y down, of the unmirrored picture.
        world: (33, 3) or (N, 33, 3) metres, x right, y down, z away from the camera;
            origin between the hips. MediaPipe guesses z: trust x and y more.
        visibility: (33,) or (N, 33), 0..1.
        size: (width, height) of the picture in pixels.
        mask: (height, width) or (N, height, width) float32, 0..1, how surely a pixel is
            the person; None where it was not asked for.
    """

    time_s: Floats
    image: Floats
    world: Floats
    visibility: Floats
    size: tuple[int, int]
    mask: NDArray[np.float32] | None = None

    @property
    def seen(self) -> NDArray[np.bool_]:
        """() or (N,): whether a person was found."""
        found: NDArray[np.bool_] = np.isfinite(self.image[..., 0, 0])
        return found

    @classmethod
    def absent(cls, time_s: float, size: tuple[int, int]) -> Pose:
        """A moment in which nobody was found."""
        return cls(
            time_s=np.asarray(time_s, dtype=np.float64),
            image=np.full((COUNT, 2), np.nan),
            world=np.full((COUNT, 3), np.nan),
            visibility=np.zeros(COUNT),
            size=size,
        )

    @classmethod
    def series(cls, poses: Sequence[Pose]) -> Pose:
        """Put single moments of one picture size together; masks are left out.

        Raises:
            ValueError: there are none, or their picture sizes differ.
        """
        if not poses or any(pose.size != poses[0].size for pose in poses):
            raise ValueError("a series needs at least one pose, all of one picture size")
        return cls(
            time_s=np.array([pose.time_s for pose in poses]),
            image=np.stack([pose.image for pose in poses]),
            world=np.stack([pose.world for pose in poses]),
            visibility=np.stack([pose.visibility for pose in poses]),
            size=poses[0].size,
        )
