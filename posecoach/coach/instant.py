"""What a follower is given of one moment."""

from __future__ import annotations

from typing import NamedTuple

from posecoach.body.view import UNKNOWN, View
from posecoach.observe.spread import EXACT, Spreads
from posecoach.plan.quantity import Values


class Instant(NamedTuple):
    """What there is to know of one moment.

    Attributes:
        time_s: capture time.
        values: degrees by full measure name; NaN or missing where unknown.
        allowed: whether the body is in this exercise's posture, so that an attempt may begin.
        spreads: how far each value may be off.
        view: how the camera sees the body.
    """

    time_s: float
    values: Values
    allowed: bool = True
    spreads: Spreads = EXACT
    view: View = UNKNOWN
