"""Asking for something without a key: two signs made with the arms.

Crossed forearms pause, because nothing in a stretch looks like them: hands meet in front of
the chest in none of the exercises, while a raised hand is part of several. Where nothing is
being coached (a pause, a rest, the set-up) a raised hand goes on as well; it is the first
thing people try.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

HELD_S = 1.5
"""A sign is meant if it is held so long ..."""

GRACE_S = 0.25
"""... losing it for less does not start it anew ..."""

APART_S = 1.0
"""... and it must be let go for so long before it can be made again."""

SEEN = 0.5
"""Visibility below which an arm is guessed; a guess is no sign."""

CROSSED = 0.15
"""How far each wrist is past the other, in shoulder widths: plainly, not just touching."""

CHEST = (-0.1, 0.8)
"""Where the wrists are along the trunk: 0 at the shoulders, 1 at the hips. Hands in the lap
are lower, hands at the face higher."""

FACING = 0.4
"""Least width of the shoulders against the trunk's length. It is about 0.7 from the front;
seen from the side the wrists lie over each other whatever the arms do."""

RAISED = 0.25
"""How far a raised hand is above the nose, in trunk lengths: over the head, not at it."""

_L = Landmark


def forearms_crossed(pose: Pose) -> bool:
    """Whether the forearms are crossed in front of the chest, seen from the front."""
    if not pose.seen or pose.visibility[[_L.LEFT_WRIST, _L.RIGHT_WRIST]].min() < SEEN:
        return False
    at = pose.image
    shoulders = (at[_L.LEFT_SHOULDER] + at[_L.RIGHT_SHOULDER]) / 2
    across = at[_L.LEFT_SHOULDER] - at[_L.RIGHT_SHOULDER]
    down = (at[_L.LEFT_HIP] + at[_L.RIGHT_HIP]) / 2 - shoulders
    width, length = float(np.hypot(*across)), float(np.hypot(*down))
    if length < 1 or width < FACING * length or across[0] <= 0:
        return False
    left, right = (
        ((wrist @ across) / width**2, (wrist @ down) / length**2)
        for wrist in (at[_L.LEFT_WRIST] - shoulders, at[_L.RIGHT_WRIST] - shoulders)
    )
    at_chest = all(CHEST[0] < along < CHEST[1] for _, along in (left, right))
    return bool(at_chest and left[0] < right[0] - CROSSED)


def hand_raised(pose: Pose) -> bool:
    """Whether an upright person holds one hand up over the head, the other not."""
    if not pose.seen:
        return False
    at = pose.image
    shoulders = (at[_L.LEFT_SHOULDER] + at[_L.RIGHT_SHOULDER]) / 2
    down = (at[_L.LEFT_HIP] + at[_L.RIGHT_HIP]) / 2 - shoulders
    if down[1] < abs(down[0]):  # lying or on all fours, the head is not above
        return False
    head = float(at[_L.NOSE, 1])
    up = [
        bool(pose.visibility[wrist] >= SEEN and at[wrist, 1] < at[elbow, 1])
        and float(at[wrist, 1]) < head - RAISED * float(down[1])
        for wrist, elbow in (
            (_L.LEFT_WRIST, _L.LEFT_ELBOW),
            (_L.RIGHT_WRIST, _L.RIGHT_ELBOW),
        )
    ]
    return up[0] != up[1]


class Sign:
    """Tells once, when a sign has been held for ``HELD_S``.

    Args:
        shown: whether a single pose shows the sign.
    """

    def __init__(self, shown: Callable[[Pose], bool]) -> None:
        self._shown = shown
        self._since_s: float | None = None
        self._last_s = -float("inf")
        self._armed = True

    def update(self, time_s: float, pose: Pose) -> bool:
        """Take the next pose; True in the moment the sign counts."""
        if self._shown(pose):
            if self._since_s is None or time_s - self._last_s > GRACE_S:
                self._since_s = time_s
            self._last_s = time_s
        elif time_s - self._last_s > GRACE_S:
            self._since_s = None
            if time_s - self._last_s > APART_S:
                self._armed = True
        if self._armed and self._since_s is not None and time_s - self._since_s >= HELD_S:
            self._armed = False
            return True
        return False


class Signs:
    """Both signs, each told once."""

    def __init__(self) -> None:
        self._crossed, self._raised = Sign(forearms_crossed), Sign(hand_raised)

    def update(self, time_s: float, pose: Pose) -> tuple[bool, bool]:
        """Take the next pose; whether (crossed forearms, a raised hand) count in this moment."""
        return self._crossed.update(time_s, pose), self._raised.update(time_s, pose)
