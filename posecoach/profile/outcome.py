"""What a calibration came to: what is kept of it, and what is said."""

from __future__ import annotations

from datetime import datetime

from posecoach.errors import ProfileError
from posecoach.observe.measures import measured_with
from posecoach.profile.person import Calibration, Method
from posecoach.profile.recording import Findings

TILTED_DEG = 3.0
"""A camera seen to be tilted by more is worth a word."""


def calibration_from(
    found: Findings, at: datetime, method: Method, source: str, exercise: str
) -> Calibration:
    """What to keep.

    Args:
        at: when it was, with its time zone.
        exercise: id of the one exercise it was done in; "" for several, and single measures.

    Raises:
        ProfileError: no range was found.
    """
    if not found.ranges:
        raise ProfileError(
            f"No range was found, and nothing is kept ({_why(found)}). Move slowly as far as is "
            "comfortable, hold a second, and let the camera see you."
        )
    return Calibration(
        at=at,
        method=method,
        source=source,
        exercise=exercise,
        ranges=found.ranges,
        offsets=found.offsets,
        tilt_deg=found.tilt_deg,
        instrument=measured_with(),
    )


def remarks(found: Findings) -> list[str]:
    """What is missing, and what may have spoilt it; a sentence each."""
    said = [f"{motion.title}: no range, {reason}." for motion, reason in found.missed]
    if found.tilt_deg is not None and abs(found.tilt_deg) > TILTED_DEG:
        said.append(
            f"The camera seems tilted by {abs(found.tilt_deg):.0f}°: it is taken out of these "
            "ranges, but level it for the sessions."
        )
    return said


def _why(found: Findings) -> str:
    """Why there is no range; each reason once."""
    titles: dict[str, list[str]] = {}
    for motion, reason in found.missed:
        titles.setdefault(reason, []).append(motion.title)
    return "; ".join(f"{', '.join(each)}: {reason}" for reason, each in titles.items())
