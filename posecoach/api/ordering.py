"""Poses from anywhere, held to what is promised of their times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING

from posecoach.errors import SourceError
from posecoach.pose.landmarks import COUNT

if TYPE_CHECKING:
    from posecoach.pose.pose import Pose

_SHAPES = (COUNT, 2), (COUNT, 3), (COUNT,)


def in_order(poses: Iterable[Pose]) -> Iterator[Pose]:
    """Yield poses as long as their times increase: speeds and holds are told by them.

    Raises:
        SourceError: a time is none, or not after the one before; or landmarks are not those of
            one body.
    """
    before = -inf
    for pose in poses:
        shapes = pose.image.shape, pose.world.shape, pose.visibility.shape
        if shapes != _SHAPES:
            raise SourceError(
                f"A pose has {COUNT} landmarks in MediaPipe's order: image, world and visibility "
                f"of shapes {_SHAPES}, not {shapes}."
            )
        time_s = float(pose.time_s)
        if not isfinite(time_s):
            raise SourceError(f"A pose's time is a number of seconds, not {time_s}.")
        if time_s <= before:
            raise SourceError(
                f"The times of poses must increase: one of {time_s:g} s follows {before:g} s."
            )
        before = time_s
        yield pose
