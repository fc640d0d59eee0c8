"""What overrode a definition, as JSON; apart from ``definitions`` so that lists stay quick."""

from __future__ import annotations

import json
from functools import lru_cache

from posecoach.store.values import Prescription


def as_json(prescription: Prescription) -> str:
    """Write a prescription."""
    return json.dumps(
        {
            "side": prescription.side,
            "repetitions": prescription.repetitions,
            "hold": prescription.hold,
            **({"ranges": prescription.ranges} if prescription.ranges else {}),
        }
    )


@lru_cache(maxsize=256)
def from_json(text: str) -> Prescription:
    """Read a prescription; what it does not say does not override anything.

    Remembered, because in ten thousand sessions there are few different ones.
    """
    data = json.loads(text)
    return Prescription(
        side=data.get("side"),
        repetitions=data.get("repetitions"),
        hold=data.get("hold"),
        ranges=tuple(
            (str(name), int(sign), float(deg)) for name, sign, deg in data.get("ranges", ())
        ),
    )
