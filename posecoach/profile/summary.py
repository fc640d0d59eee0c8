"""A profile as plain values for programs: what ``posecoach profiles show --json`` writes."""

from __future__ import annotations

from posecoach.profile.motion import Motion
from posecoach.profile.norms import usual
from posecoach.profile.person import Difference, Profile, Range
from posecoach.profile.proposal import Proposal
from posecoach.profile.range_words import how_to


def summary(profile: Profile, proposal: Proposal | None = None) -> dict[str, object]:
    """Everything ``profiles show`` tells; degrees from neutral, times with their zone.

    A difference is called ``clear`` where it is larger than its uncertainty.
    """
    current = profile.current()
    return {
        "name": profile.name,
        "preferences": {
            "voice": profile.preferences.voice,
            "camera": profile.preferences.camera,
        },
        "ranges": [_motion(profile, motion, each) for motion, each in sorted(current.items())],
        "left_right": [
            {"measure": motion.measure, "towards": motion.towards}
            | _difference(current[motion], current[other])
            for motion in sorted(current)
            if motion.side == "left" and (other := motion.other) is not None and other in current
        ],
        "proposal": None if proposal is None else _proposal(profile, proposal),
    }


def _motion(profile: Profile, motion: Motion, now: Range) -> dict[str, object]:
    history = profile.history(motion)
    return {
        "measure": motion.measure,
        "towards": motion.towards,
        "title": motion.title,
        **_range(now),
        "changed": _difference(now, history[-2][1]) if len(history) > 1 else None,
        "usual": dict(usual(motion)),
        "history": [
            {
                "date": calibration.at.isoformat(timespec="seconds"),
                "method": calibration.method,
                "exercise": calibration.exercise,
                **_range(each),
            }
            for calibration, each in history
        ],
    }


def _range(each: Range) -> dict[str, object]:
    return {
        "range": round(each.deg, 1),
        "uncertainty": round(each.uncertainty, 1),
        "mean": round(each.mean, 1),
        "spread": round(each.spread, 1),
        "trials": len(each.trials),
    }


def _difference(one: Range, other: Range) -> dict[str, object]:
    difference = Difference.of(one, other)
    return {
        "difference": round(difference.deg, 1),
        "uncertainty": round(difference.uncertainty, 1),
        "clear": difference.clear,
    }


def _proposal(profile: Profile, proposal: Proposal) -> dict[str, object]:
    return {
        "measure": proposal.motion.measure,
        "towards": proposal.motion.towards,
        "direction": proposal.direction,
        "text": proposal.text,
        "command": how_to(proposal.what, profile.name),
    }
