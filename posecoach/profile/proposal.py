"""When it is time to calibrate again: proposed in words, never done unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from posecoach.profile.motion import Motion
from posecoach.profile.person import Profile
from posecoach.profile.plateaus import held_plateaus

SESSIONS = 3
"""So many sessions in a row must say the same: one good or bad day is no change."""

EASY = 0.8
"""Part of the attempts that were repetitions, from which a target is comfortable ..."""

HARD = 0.5
"""... and below which it is missed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one motion went in one session.

    Attributes:
        at: when the session was, with its time zone.
        motion: the measure and its direction, as the profile names it.
        target_deg: what was asked for, degrees.
        reached_deg: how far it was held, the median over the attempts, degrees.
        attempts, repetitions: counts.
        faults: attempts with a form fault; a range reached in bad form is not reached.
    """

    at: datetime
    motion: Motion
    target_deg: float
    reached_deg: float
    attempts: int
    repetitions: int
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new calibration is proposed.

    Attributes:
        motion: which range seems to have changed.
        direction: whether the person exceeds or misses the targets.
        text: words for the person.
    """

    motion: Motion
    direction: Literal["more", "less"]
    text: str


def outcome(
    at: datetime,
    motion: Motion,
    target_deg: float,
    times: ArrayLike,
    values: ArrayLike,
    *,
    attempts: int,
    repetitions: int,
    faults: int = 0,
) -> Outcome | None:
    """How one motion went in one session, from the angles kept of it.

    Args:
        times: (N,) seconds.
        values: (N,) degrees of the motion's measure as measured, NaN where unknown.

    Returns:
        None where nothing was held, which says nothing of the range.
    """
    signed = np.asarray(values, dtype=np.float64) * motion.sign
    held = held_plateaus(times, signed, least=motion.error_deg)
    if not held:
        return None
    reached = median(each.level for each in held)
    return Outcome(at, motion, target_deg, reached, attempts, repetitions, faults)


def propose(profile: Profile, recent: Sequence[Outcome]) -> Proposal | None:
    """Propose a calibration where the last sessions clearly say the range has changed.

    Args:
        profile: whose ranges set the targets.
        recent: outcomes of any motions, in any order. Those before a motion's newest
            calibration say nothing about it.

    Returns:
        The proposal with the greatest change, None where there is no reason for one.
    """
    found: list[tuple[float, Proposal]] = []
    for motion, own in profile.current().items():
        calibrated = profile.history(motion)[-1][0].at
        since = sorted(
            (each for each in recent if each.motion == motion and each.at > calibrated),
            key=lambda each: each.at,
        )
        last = [each for each in since if each.attempts > 0][-SESSIONS:]
        if len(last) < SESSIONS:
            continue
        reached = median(each.reached_deg for each in last)
        sure = own.uncertainty
        if all(_easy(each) and each.reached_deg > own.deg + sure for each in last):
            text = (
                f"In your last {SESSIONS} sessions you went to {reached:.0f}° ({motion.title}); "
                f"your calibrated range is {own.deg:.0f}°. It may be time to calibrate again."
            )
            found.append((reached - own.deg, Proposal(motion, "more", text)))
        elif all(_hard(each) and each.reached_deg < each.target_deg - sure / 2 for each in last):
            text = (
                f"In your last {SESSIONS} sessions you went to {reached:.0f}° ({motion.title}) "
                f"where {last[-1].target_deg:.0f}° are asked for. Stay where it is comfortable; "
                "a new calibration would fit the target to you."
            )
            found.append((own.deg - reached, Proposal(motion, "less", text)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _easy(outcome: Outcome) -> bool:
    good = outcome.repetitions >= EASY * outcome.attempts
    return good and outcome.faults <= (1 - EASY) * outcome.attempts


def _hard(outcome: Outcome) -> bool:
    return outcome.repetitions < HARD * outcome.attempts
