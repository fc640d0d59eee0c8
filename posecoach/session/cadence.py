"""When the next picture is worth a look: stretches are slow, and looking is what costs.

More often while the body moves or something is about to be decided, seldom while it is held or
nobody is there. What lies between two looks the coach is told by ``between``. It goes by what the
newest poses say, and by their times alone.
"""

from __future__ import annotations

from collections import deque
from math import inf

import numpy as np

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose
from posecoach.session.snapshot import Snapshot

MOVING_S = 0.125
"""Between two looks while the body moves: counts are sure down to eight looks a second
(docs/speed.md, Few frames a second)."""

LIVE_S = 0.1
"""The same of a camera, so that of its thirty pictures each third is looked at, and what is drawn
over one is at most two older: nobody sees themselves lag by less than a tenth of a second."""

STILL_S = 0.15
"""Between two while it is held: seven a second. The way out of a hold takes half a second and more,
and is told from its path (``coach.trace``); landmarks begin anew after 0.3 s unseen. At 0.2 s three
fewer of 62 holds end within 0.15 s of where every picture shows it, at 0.125 s three more, for a
twentieth less and more work (docs/speed.md)."""

CIRCLING_S = 0.1
"""Between two while circles are drawn: a quick one takes a second, and its top and its lowest are
to be found in it. Nothing is held there, and shoulders that only rise and sink move too little
to be told from those of somebody who keeps still (docs/speed.md)."""

DECIDING_S = 1 / 15
"""Between two where something is seen that has not lasted long enough to be told: the coach's
waits are made for fifteen moments a second."""

SPARE_FPS = 16.0
"""From so many pictures a second on some can be spared, twice what a moving body needs. Of fewer
each is looked at: a hold's end would be told to within two tenths of a second."""

RATE_S = 1.0
"""Over which a camera's pictures are counted: in a dim room it gives ten a second where it promises
thirty, and a second's are enough to tell the one from the other."""

SETTLING_S = 2.0
"""For so long whoever has come into the picture is looked at as often: readings settle and the
person's own zero is taken, a second at rest (``zero.ZERO_S``), on which all later ones depend."""

LINGER_S = 0.5
"""A body has come to rest when it has not moved for so long: whoever turns round in a movement is
at rest for a few tenths of a second."""

SPEED = 0.1
"""Lengths of the trunk a second from which a body moves: 5 cm. People who stand sway by half of
that (``stillness.STILL``), and a movement of a second is beyond it in its first tenth."""

EARLY_S = 0.005
"""So much before its time a picture will do: pictures come at even times, give or take, and the
next one would be late by a whole step."""

_POINTS = [
    Landmark.NOSE,
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW,
    Landmark.RIGHT_ELBOW,
    Landmark.LEFT_WRIST,
    Landmark.RIGHT_WRIST,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
]
_SEEN = 0.5
"""Visibility from which on a landmark is no guess (MediaPipe's own usual threshold)."""


class Cadence:
    """Tells which picture of a source is looked at next.

    Args:
        moving_s: between two looks while the body moves.
        fps: pictures a second that the source promises, None where nobody knows.

    Attributes:
        due_s: seconds of the source; a picture before it need not be looked at.
    """

    def __init__(self, moving_s: float = MOVING_S, fps: float | None = None) -> None:
        self.due_s = -inf
        self._moving_s = moving_s
        self._promised = fps is None or fps >= SPARE_FPS
        self._pictures: deque[float] = deque()
        self._last: Pose | None = None
        self._moved_s = self._came_s = -inf

    def due(self) -> float:
        """``due_s``, less what a picture may come early."""
        return self.due_s - EARLY_S

    def come(self, time_s: float) -> None:
        """Note that a camera's picture has come, whether it is looked at or not."""
        self._pictures.append(time_s)
        while time_s - self._pictures[0] > RATE_S:
            self._pictures.popleft()

    @property
    def _spares(self) -> bool:
        """Whether there are pictures that can be passed over."""
        if len(self._pictures) < 2:
            return self._promised
        seconds = self._pictures[-1] - self._pictures[0]
        enough = len(self._pictures) - 1 >= SPARE_FPS * seconds
        return self._promised and (enough or seconds < RATE_S / 2)

    def hear(self, snapshot: Snapshot) -> None:
        """Take in what the coach made of a look; a listener of ``Session``."""
        if snapshot.frame.repeated:  # it showed nothing: the next one may
            self.due_s = -inf
            return
        self.see(
            snapshot.frame.time_s,
            snapshot.pose,
            undecided=snapshot.state.undecided,
            circling=any(step.circle is not None for step in snapshot.exercise.steps),
        )

    def see(
        self, time_s: float, pose: Pose, *, undecided: bool = False, circling: bool = False
    ) -> None:
        """Take in what was found at a look.

        Args:
            time_s: of the picture.
            undecided: whether something is about to be decided.
            circling: whether the exercise is one of circles.
        """
        last, self._last = self._last, pose
        if pose.seen and (last is None or not last.seen):
            self._moved_s = self._came_s = time_s
        elif pose.seen and last is not None and _moves(last, pose):
            self._moved_s = time_s
        if not self._spares:
            self.due_s = -inf
        elif undecided or time_s - self._came_s < SETTLING_S:
            self.due_s = time_s + DECIDING_S
        elif circling and pose.seen:
            self.due_s = time_s + CIRCLING_S
        elif time_s - self._moved_s < LINGER_S:
            self.due_s = time_s + self._moving_s
        else:
            self.due_s = time_s + STILL_S


def _moves(before: Pose, now: Pose) -> bool:
    """Whether more than one landmark has gone too far: one alone may have jumped."""
    since = float(now.time_s) - float(before.time_s)
    if since <= 0:
        return False
    seen = np.minimum(before.visibility[_POINTS], now.visibility[_POINTS]) >= _SEEN
    gone = np.hypot(*(now.image[_POINTS] - before.image[_POINTS]).T)[seen]
    gone = np.sort(gone[np.isfinite(gone)])
    return len(gone) > 1 and bool(gone[-2] > SPEED * since * _trunk(now.image))


def _trunk(image: Floats) -> float:
    """Length of the trunk in pixels; seen from above, the shoulders' width tells the scale."""
    left, right = image[Landmark.LEFT_SHOULDER], image[Landmark.RIGHT_SHOULDER]
    hips = (image[Landmark.LEFT_HIP] + image[Landmark.RIGHT_HIP]) / 2
    along = float(np.hypot(*((left + right) / 2 - hips)))
    return max(along, float(np.hypot(*(left - right))), 1.0)
