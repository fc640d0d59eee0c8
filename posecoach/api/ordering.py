"""Poses from anywhere, held to what is promised of their times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING

from posecoach.errors import SourceError

if TYPE_CHECKING:
    from posecoach.pose.pose import Pose


def in_order(poses: Iterable[Pose]) -> Iterator[Pose]:
    """Yield poses as long as their times increase: speeds and holds are told by them.

    Raises:
        SourceError: a time is none, or not after the one before.
    """
    before = -inf
    for pose in poses:
        time_s = float(pose.time_s)
        if not isfinite(time_s):
            raise SourceError(f"A pose's time is a number of seconds, not {time_s}.")
        if time_s <= before:
            raise SourceError(
                f"The times of poses must increase: one of {time_s:g} s follows {before:g} s."
            )
        before = time_s
        yield pose
