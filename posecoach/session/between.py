"""What lies between two moments: the way from one to the other, where few are looked at.

The coach's waits are made of moments: a fault must be seen for so long, a start pose, the rest
after a movement. Where there are few of them, each such time is a step too short or too long, and
what is decided by it differs from what many moments decide. A body goes evenly from one place to
the next within a quarter of a second, so the coach is told what lies between, as if it had been
looked at.

It is a matter of the times alone: a kept session gives the same when it is coached again.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from posecoach.observe.given import Given

STEP_S = 1 / 15
"""As far apart the coach's waits expect moments to be (``start.DWELL_S``, ``faults.GRACE_S``)."""

FARTHEST_S = 0.3
"""Between moments farther apart nobody knows what was: landmarks begin anew then, too
(``Patience.gap_s``)."""


def between(before: Given, now: Given) -> Sequence[Given]:
    """Return the moments in between, in order; none where the two are near, or far, or blind.

    A value that is unknown in one of the two is unknown between them, and nothing is surer there
    than where it was looked at.
    """
    gap_s = now.time_s - before.time_s
    if not (before.seen and now.seen and 0.0 < gap_s <= FARTHEST_S):
        return ()
    steps = round(gap_s / STEP_S)
    if steps < 2:
        return ()
    return [_part_of_the_way(before, now, step, steps) for step in range(1, steps)]


def _part_of_the_way(before: Given, now: Given, step: int, steps: int) -> Given:
    part = step / steps
    nearer = before if 2 * step <= steps else now
    return Given(
        before.time_s + part * (now.time_s - before.time_s),
        {
            name: (1 - part) * before.values.get(name, nan) + part * value
            for name, value in now.values.items()
        },
        nearer.view,
        nearer.spreads,
        seen=True,
    )
