"""What overrode a definition, and as JSON; apart from ``definitions`` so that lists stay quick."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Prescription:
    """What overrode the definition; None where it did not.

    Attributes:
        side: the only side worked.
        repetitions: for each side.
        hold: seconds.
        ranges: the person's own ranges the targets were scaled by: (measure, direction, degrees),
            see ``coach.target.Ranges``.
    """

    side: str | None = None
    repetitions: int | None = None
    hold: float | None = None
    ranges: tuple[tuple[str, int, float], ...] = ()


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
