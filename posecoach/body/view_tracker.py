"""How the camera sees the body, kept steady over time.

The view decides which side is measured and what may be trusted, so it must not flicker:
it is read from the pose averaged over a third of a second, what is has a margin over what
may be, and a change must last. A body does not turn round in one frame, but the model's
idea of it does.
"""

from __future__ import annotations

import math
from dataclasses import replace

from posecoach.body.facing import facing, near_side, stance
from posecoach.body.points import points
from posecoach.body.posture import posture
from posecoach.body.view import UNKNOWN, View
from posecoach.pose.pose import Pose

_AVERAGE_S = 0.3
_LASTING_S = 0.7
_FORGET_S = 2.0
_STEP_DEG = 5.0


class ViewTracker:
    """Tells the view of one body, pose by pose.

    Call ``update`` with each single moment in order of time. In the first moments
    with a person each is taken at its word, so that a photo has a view too.
    """

    def __init__(self) -> None:
        self._view = UNKNOWN
        self._average: Pose | None = None
        self._candidate = UNKNOWN
        self._since_s = math.inf
        self._seen_since_s = math.inf

    @property
    def view(self) -> View:
        """The view as of the last pose."""
        return self._view

    def update(self, pose: Pose) -> View:
        """Take the next moment and return the view; the last one while nobody is seen.

        ``turned_deg`` comes in steps of 5 degrees: it is not known better, and equal views are
        measured together.
        """
        time_s = float(pose.time_s)
        if not pose.seen:
            if self._average is not None and time_s - float(self._average.time_s) > _FORGET_S:
                self._average, self._view = None, UNKNOWN
            return self._view
        if self._view.facing == "unknown":
            self._seen_since_s = time_s
        self._average = average = _blend(self._average, pose)
        p = points(average)
        now = stance(p)
        first = time_s - self._seen_since_s < _LASTING_S
        before = UNKNOWN if first else self._view
        near = near_side(now, before)
        seen_from = facing(now, near, before.facing)
        if seen_from in ("left", "right"):
            near = "left" if seen_from == "left" else "right"
        held = posture(p, now, seen_from, near, self._view.posture)
        turned = self._view.turned_deg
        if math.isfinite(now.turned_deg) and not abs(now.turned_deg - turned) <= 0.8 * _STEP_DEG:
            turned = round(now.turned_deg / _STEP_DEG) * _STEP_DEG
        told = View(seen_from, held, near, turned)
        same = replace(self._view, turned_deg=turned)
        if first or told == same:
            self._candidate, self._since_s = told, math.inf
            self._view = told
            return told
        if replace(self._candidate, turned_deg=turned) != told:
            self._since_s = time_s
        self._candidate = told
        self._view = told if time_s - self._since_s >= _LASTING_S else same
        return self._view


def _blend(average: Pose | None, pose: Pose) -> Pose:
    """Return the running average of the landmarks, exponential in time.

    It begins anew after a gap, where the clock went back, and in a picture of another size.
    """
    since = math.inf if average is None else float(pose.time_s) - float(average.time_s)
    if average is None or not 0 <= since <= _FORGET_S or average.size != pose.size:
        return replace(pose, mask=None)
    share = -math.expm1(-since / _AVERAGE_S)
    return Pose(
        time_s=pose.time_s,
        image=average.image + share * (pose.image - average.image),
        world=average.world + share * (pose.world - average.world),
        visibility=average.visibility + share * (pose.visibility - average.visibility),
        size=pose.size,
    )
