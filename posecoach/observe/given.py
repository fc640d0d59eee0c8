"""What the coach is given of one moment, whether it was seen now or is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from posecoach.body.view import View
from posecoach.observe.spread import Spreads


class Given(NamedTuple):
    """One moment.

    Attributes:
        time_s: seconds of the source, growing.
        values: degrees by full measure name, NaN where unknown; empty where nobody is seen.
            They are remembered, so they must not be changed.
        view: how the camera sees the body.
        spreads: how far each value may be off.
        seen: whether a person was found.
    """

    time_s: float
    values: Mapping[str, float]
    view: View
    spreads: Spreads
    seen: bool
