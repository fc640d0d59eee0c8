"""The person's own zero: how they stand, sit or lie at rest, before the first attempt.

One rule for all that is counted from it: the median over the last second of rest, in which the
body keeps still. Taken in motion it would be that of a place where nobody stayed. Until somebody
has kept still, the best there is must do. The zero of a body that was elsewhere in the picture, or
of another size, is not kept for want of a still one: somebody else has come, or the same person is
back in another place.

Who draws circles from the first picture on rests nowhere, and at the top of a circle seems to. So
until the shoulders have stayed at one height for a second the zero is taken anew wherever the coach
sees rest passed through: at the lowest of each circle, where the shoulders hang.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from statistics import median
from typing import NamedTuple

import numpy as np

from posecoach.body.catalogue import neutral_of, raw
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.measures import Measures
from posecoach.observe.precision import KNOWN
from posecoach.observe.stillness import MOSTLY, STILL_S, keeps_still, shoulders_are_level
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

ZERO_S = 1.0
"""The zero is the median over the last second at rest: the landmarks' tremble lasts tenths of one,
so that it averages out, and nobody begins sooner (in the truth clips and with ten people the first
hold is reached after 2.1 s at the earliest, of which the way takes one) ..."""

ZERO_LEAST_S = 0.4
"""... and is taken as soon as there is so much of it: six frames at 15 a second, whose median
holds against two that are misread."""

PASSING_S = 0.3
"""Moments of one passage follow each other within this time (where nothing moves looks are 0.2 s
apart, ``session.cadence``); what comes later is another's, and they are not mixed."""

ELSEWHERE = 1.0
"""Trunk lengths between the middles of two bodies that are not one at rest in one place: as far as
two people stand apart who do not touch, and twice as far as a step to the side carries ..."""

OTHER_SIZE = 1.4
"""... or one is so many times larger than the other: somebody at 2 m from the camera in place of
somebody at 3 m. Trunks of adults at one distance differ by less (5th to 95th percentile of sitting
heights: 0.80 to 0.97 m, ANSUR II)."""

_TRUNK = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]


class _Moment(NamedTuple):
    """One moment at rest; ``zeros``: what the picture shows of the measures, without a zero."""

    pose: Pose
    zeros: dict[str, Reading]

    @property
    def time_s(self) -> float:
        return float(self.pose.time_s)


class Zero:
    """Takes the zero of some measures while the person rests.

    Attributes:
        neutral: the pose and values they are counted from, None until it was seen.
        at_rest: whether it was taken while the body kept still, rather than for want of that;
            also where nothing is counted from one.
    """

    def __init__(self, measures: Measures) -> None:
        self.neutral: Neutral | None = None
        self._wanted = measures.wants_zero
        self.at_rest = not self._wanted
        self._from_start = measures.from_start
        self._by_landmarks = [n for n in measures.from_start if n not in measures.outlined]
        self._drawn = measures.drawn
        self._resting: deque[_Moment] = deque()
        self._level = False

    def rest(
        self, pose: Pose, view: View, outlines: Mapping[str, Reading], *, passing: bool = False
    ) -> None:
        """Take in one moment at rest.

        Args:
            outlines: by name, what the silhouette shows.
            passing: whether rest is only passed through: it stands for one that nobody took.
        """
        if not self._wanted or not pose.seen or (passing and self._level):
            return
        resting = self._resting
        now, apart_s = float(pose.time_s), PASSING_S if passing else ZERO_S
        if resting and not (
            0 <= now - resting[-1].time_s <= apart_s and resting[-1].pose.size == pose.size
        ):
            resting.clear()
        zeros = raw(pose, self._by_landmarks, view, self.neutral) | dict(outlines)
        resting.append(_Moment(replace(pose, mask=None), zeros))
        while now - resting[0].time_s > ZERO_S:
            resting.popleft()
        if now - resting[0].time_s >= ZERO_LEAST_S:
            poses = [each.pose for each in resting]
            still = keeps_still(poses, sways=True)
            if self.neutral is not None and _is_elsewhere(pose, self.neutral.pose):
                self.at_rest = self._level = False
            if still or not self.at_rest:
                self.neutral = self._median(still)
            self.at_rest = self.at_rest or still
            if not (self._level or passing) and now - resting[0].time_s >= MOSTLY * STILL_S:
                self._level = still and shoulders_are_level(poses)

    def _median(self, still: bool) -> Neutral:
        values: dict[str, float] = {}
        for name in dict.fromkeys((*self._from_start, *self._drawn)):
            # Not all that is drawn today was kept by an earlier version.
            readings = [each.zeros[name] for each in self._resting if name in each.zeros]
            known = [float(each.value) for each in readings if each.confidence >= KNOWN]
            if known:
                values[name] = median(known)
        poses = Pose.series([each.pose for each in self._resting])
        pose = neutral_of(poses, [UNKNOWN] * len(self._resting), ()).pose
        return Neutral(pose, values, still)


def _is_elsewhere(pose: Pose, before: Pose) -> bool:
    """Whether the body lies in another place than it did, or is of another size.

    Both ends of a zero lie within a second of rest, in which no body gets so far.
    """
    middle, trunk = _trunk(pose)
    was, trunk_was = _trunk(before)
    if not min(trunk, trunk_was) > 0:  # not known, or seen from its end
        return False
    far = float(np.hypot(*(middle - was)))
    larger = max(trunk, trunk_was) / min(trunk, trunk_was)
    return far > ELSEWHERE * max(trunk, trunk_was) or larger > OTHER_SIZE


def _trunk(pose: Pose) -> tuple[Floats, float]:
    """The trunk's middle and its length or width, whichever is more, in pixels."""
    left_shoulder, right_shoulder, left_hip, right_hip = pose.image[_TRUNK]
    shoulders, hips = (left_shoulder + right_shoulder) / 2, (left_hip + right_hip) / 2
    length = float(np.hypot(*(shoulders - hips)))
    width = float(np.hypot(*(left_shoulder - right_shoulder)))
    return (shoulders + hips) / 2, max(length, width)
