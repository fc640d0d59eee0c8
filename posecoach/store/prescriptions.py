"""What overrode a definition, as JSON; apart from ``definitions`` so that lists stay quick."""

from __future__ import annotations

import json

from posecoach.store.values import Prescription


def as_json(prescription: Prescription) -> str:
    """Write a prescription."""
    return json.dumps(
        {
            "side": prescription.side,
            "repetitions": prescription.repetitions,
            "hold": prescription.hold,
        }
    )


def from_json(text: str) -> Prescription:
    """Read a prescription; what it does not say does not override anything."""
    data = json.loads(text)
    return Prescription(data.get("side"), data.get("repetitions"), data.get("hold"))
