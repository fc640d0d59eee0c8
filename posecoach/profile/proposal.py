"""When it is time to calibrate again: proposed in words, never done unasked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from posecoach.profile.motion import Motion
from posecoach.profile.person import Profile
from posecoach.profile.plateaus import held_plateaus
from posecoach.profile.range_words import EARLIER

SESSIONS = 3
"""So many sessions in a row must say the same: one good or bad day is no change."""

EASY = 0.8
"""Part of the attempts that were repetitions, from which a target is comfortable ..."""

HARD = 0.5
"""... and below which it is missed."""

LEAST_HELD = 2
"""A session in which it was held less often says nothing: once may be luck."""

MOST_TOLD = 2
"""How often a proposal is made unasked. Who has not followed it then does not want to; it still
stands with the profile and in reports."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one motion went in one session.

    Attributes:
        at: when the session was, with its time zone.
        motion: the measure and its direction, as the profile names it.
        target_deg: what was asked for, degrees.
        reached_deg: how far it was held, the median over the attempts, degrees.
        attempts, repetitions: counts.
        held: how often it was held.
        faults: attempts with a form fault; a range reached in bad form is not reached.
    """

    at: datetime
    motion: Motion
    target_deg: float
    reached_deg: float
    attempts: int
    repetitions: int
    held: int
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new calibration is proposed.

    Attributes:
        motion: which range seems to have changed.
        direction: whether the person exceeds or misses the targets, or the range is an earlier
            instrument's, which scales nothing until it is renewed.
        what: what to calibrate: the id of the exercise it was last calibrated in, else the
            measure's name.
        text: words for the person.
    """

    motion: Motion
    direction: Literal["more", "less", "renew"]
    what: str
    text: str

    @property
    def brief(self) -> str:
        """The same in a breath, to be said or read in passing."""
        if self.direction == "renew":
            return f"Your range was {EARLIER}. A new calibration would fit your targets to you."
        if self.direction == "more":
            return "You go farther than your own range now. A new calibration would fit you."
        return "Your targets seem too far for now. A new calibration would fit you."


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
    return Outcome(
        at, motion, target_deg, reached, attempts, repetitions, held=len(held), faults=faults
    )


def propose(profile: Profile, recent: Iterable[Outcome]) -> Proposal | None:
    """Propose a calibration where the last sessions clearly say the range has changed.

    Args:
        profile: whose ranges set the targets.
        recent: outcomes of any motions, in any order; several of one motion and one time are
            of one session. Those before a motion's newest calibration say nothing about it.

    Returns:
        The proposal with the greatest change, None where there is no reason for one.
    """
    since = {motion: profile.history(motion)[-1][0].at for motion in profile.current()}
    return _propose(profile, tuple(recent), since)


def due(profile: Profile, recent: Iterable[Outcome]) -> Proposal | None:
    """Propose as ``propose`` does, but only what is new to the person.

    Once told, a proposal needs ``SESSIONS`` more sessions that say the same, and it is told
    ``MOST_TOLD`` times at most, until a new calibration.
    """
    since = {}
    for motion in profile.current():
        calibrated = profile.history(motion)[-1][0].at
        told = [each.at for each in profile.told if each.motion == motion and each.at > calibrated]
        if len(told) < MOST_TOLD:
            since[motion] = max([calibrated, *told])
    return _propose(profile, tuple(recent), since)


def _propose(
    profile: Profile, recent: Sequence[Outcome], since: Mapping[Motion, datetime]
) -> Proposal | None:
    found: list[tuple[float, Proposal]] = []
    outdated = profile.outdated()
    for motion, after in since.items():
        if motion in outdated:
            if any(each.motion == motion and each.at > after for each in recent):
                found.append((inf, _renewal(profile, motion)))
            continue  # degrees of two instruments are not compared
        own = profile.current()[motion]
        last = _last_sessions(
            each
            for each in recent
            if each.motion == motion and each.at > after and each.attempts and _held(each)
        )
        if not last:
            continue
        reached = median(each.reached_deg for each in last)
        sure = own.uncertainty
        what = _calibrated_in(profile, motion)
        if all(_easy(each) and each.reached_deg > own.deg + sure for each in last):
            text = (
                f"In your last {SESSIONS} sessions you went to {reached:.0f}° ({motion.title}); "
                f"your calibrated range is {own.deg:.0f}°. It may be time to calibrate again."
            )
            found.append((reached - own.deg, Proposal(motion, "more", what, text)))
        elif all(_hard(each) and each.reached_deg < each.target_deg - sure / 2 for each in last):
            text = (
                f"In your last {SESSIONS} sessions you went to {reached:.0f}° ({motion.title}) "
                f"where {last[-1].target_deg:.0f}° are asked for. Stay where it is comfortable; "
                "a new calibration would fit the target to you."
            )
            found.append((own.deg - reached, Proposal(motion, "less", what, text)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _renewal(profile: Profile, motion: Motion) -> Proposal:
    text = (
        f"Your range ({motion.title}) was {EARLIER}, so it scales no target. A new calibration "
        "would fit the target to you again."
    )
    return Proposal(motion, "renew", _calibrated_in(profile, motion), text)


def _calibrated_in(profile: Profile, motion: Motion) -> str:
    return profile.history(motion)[-1][0].exercise or motion.measure


def _held(outcome: Outcome) -> bool:
    return outcome.held >= LEAST_HELD


def _last_sessions(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """All outcomes of the last ``SESSIONS`` sessions, in order; empty where there are fewer."""
    by_session: dict[datetime, list[Outcome]] = {}
    for each in sorted(outcomes, key=lambda each: each.at):
        by_session.setdefault(each.at, []).append(each)
    if len(by_session) < SESSIONS:
        return []
    return [each for at in list(by_session)[-SESSIONS:] for each in by_session[at]]


def _easy(outcome: Outcome) -> bool:
    good = outcome.repetitions >= EASY * outcome.attempts
    return good and outcome.faults <= (1 - EASY) * outcome.attempts


def _hard(outcome: Outcome) -> bool:
    return outcome.repetitions < HARD * outcome.attempts
