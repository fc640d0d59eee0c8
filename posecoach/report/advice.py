"""The few things to work on next, in words.

Candidates are weighed by what they cost: a fault by how much of the time in attempts it
took, an attempt that did not count by its share of the attempts. Safety comes first. An
exercise gives at most two, so that a session's three are not all about one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isnan, nan
from statistics import median, mode
from typing import TYPE_CHECKING

from posecoach.report import wording
from posecoach.report.facts import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from posecoach.report.facts import (
        AttemptFacts,
        FaultFacts,
        Hold,
        Reach,
        SideCount,
        SideDifference,
        Visibility,
    )

MOST = 3
"""Pieces of advice in one report: nobody works on more at once."""
_SEVERITY = {"safety": 3.0, "form": 1.0, "hint": 0.5}


def chosen(all_advice: Iterable[Advice]) -> tuple[Advice, ...]:
    """The weightiest, at most two of one exercise."""
    found: list[Advice] = []
    for each in sorted(all_advice, key=lambda one: -one.weight):
        if sum(one.exercise == each.exercise for one in found) < 2:
            found.append(each)
    return tuple(found[:MOST])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an exercise's advice rests on; see ``ExerciseFacts``."""

    name: str
    attempts: Sequence[AttemptFacts] = ()
    holds: Sequence[Hold] = ()
    faults: Sequence[FaultFacts] = ()
    counts: Sequence[SideCount] = ()
    reaches: Sequence[Reach] = ()
    sides: Sequence[SideDifference] = ()
    visibility: Visibility | None = None
    amiss: str = ""
    """Why nothing of it could be done as it is seen (another posture, a picture on its side)."""


def advise(of: Evidence) -> tuple[Advice, ...]:
    """What this exercise suggests, the weightiest first."""
    found = [
        *_faults(of.name, of.attempts, of.faults),
        *_short_of_target(of.name, of.attempts, of.reaches),
        *_short_holds(of.name, of.attempts, of.holds, of.faults),
        *_missing(of.name, of.attempts, of.counts),
        *_sides(of.name, of.sides),
    ]
    seen = of.visibility
    if of.amiss and not of.attempts and seen is not None and seen.person > 0:
        # Another place of the camera would show no more of the stretch.
        found.append(Advice(0.45, "Be seen in this stretch's posture", of.amiss, of.name))
    elif seen is not None and seen.tips and _badly_seen(seen):
        found.append(Advice(0.45, "Let the camera see you", seen.tips[-1], of.name))
    return tuple(sorted(found, key=lambda each: -each.weight))


def _badly_seen(visibility: Visibility) -> bool:
    return visibility.person < 0.8 or any(
        each.needed and each.known < 0.6 for each in visibility.measures
    )


def _faults(
    name: str, attempts: Sequence[AttemptFacts], faults: Sequence[FaultFacts]
) -> list[Advice]:
    tried = sum(each.end_s - each.start_s for each in attempts)
    groups: dict[str, list[FaultFacts]] = defaultdict(list)
    for fault in faults:
        if not fault.momentary:  # of a hold that was left is told with how long it was
            groups[fault.id].append(fault)
    found = []
    for group in groups.values():
        lasted = sum(each.lasted_s for each in group)
        sides = sorted({each.side for each in group} & {"left", "right"})
        where = f" on the {' and the '.join(sides)}" if sides else ""
        times = {1: "once", 2: "twice"}.get(len(group), f"{len(group)} times")
        cues = list(dict.fromkeys(each.cue for each in group if each.cue))
        found.append(
            Advice(
                weight=_SEVERITY.get(group[0].severity, 1.0)
                * (0.3 + min(1.0, lasted / max(tried, lasted, 1e-9))),
                about=wording.sentence(group[0].name).rstrip("."),
                words=" ".join(wording.sentence(cue) for cue in cues[:2])
                + f" It happened {times}{where}, {wording.seconds(lasted)} in all.",
                exercise=name,
            )
        )
    return found


def _short_of_target(
    name: str, attempts: Sequence[AttemptFacts], reaches: Sequence[Reach]
) -> list[Advice]:
    """Ranges that were not reached, told by the farthest attempt, as the report's table is."""
    found = []
    for reach in reaches:
        if reach.asked is None:
            continue
        short, tries = _short_of(reach, reach.asked, attempts)
        if not short:
            continue
        missing = reach.asked - median(short)
        found.append(
            Advice(
                weight=0.35 * len(short) / tries + min(0.35, missing / 60),
                about=f"Go farther: {reach.title}",
                words=_short_words(reach, reach.asked, short, tries),
                exercise=name,
            )
        )
    return found


def _short_of(
    reach: Reach, asked: float, attempts: Sequence[AttemptFacts]
) -> tuple[list[float], int]:
    """How far the attempts came that fell short of it, and of how many they are.

    One that was no attempt at it, or was not seen to its end, tells nothing of it; one that
    counted came far enough. What reads like what was asked for is not short of it.
    """
    short, tries = [], 0
    for each in attempts:
        value = each.reached.get(reach.title, nan)
        if each.side != reach.side or not each.aimed or isnan(value):
            continue
        far = each.counted or round(value) >= round(asked)
        tries += far or each.told
        if each.told and not far:
            short.append(value)
    return short, tries


def _short_words(reach: Reach, asked: float, short: Sequence[float], tries: int) -> str:
    wanted = wording.degrees(asked, reach.unit)
    if len(short) == tries and round(reach.best) < round(asked):
        far = reach.best
        best = wording.unsure(reach.best, reach.error, reach.unit)
        tried = wording.count(tries, "attempt")
        said = f"At best you came to {best} of the {wanted} asked for, in {tried}"
    else:
        far = median(short)
        low, high = (wording.degrees(each(short), reach.unit) for each in (min, max))
        error = wording.degrees(reach.error, reach.unit)
        where = f"{low} ± {error}" if low == high else f"{low} to {high} (± {error})"
        said = (
            f"{len(short)} of {wording.count(tries, 'attempt')} stayed below the {wanted} asked "
            f"for, at {where}"
        )
    if asked - far <= reach.error:
        return f"{said}: so near that the camera cannot be sure. A little more."
    return f"{said}. Go a little farther each day, only as far as it is comfortable."


def _short_holds(
    name: str, attempts: Sequence[AttemptFacts], holds: Sequence[Hold], faults: Sequence[FaultFacts]
) -> list[Advice]:
    """Holds that were seen to be given up, other than those a fault already explains."""
    lost = [each for each in attempts if not each.told]
    short = [
        hold
        for hold in holds
        if hold.wanted_s
        and not hold.completed
        and hold.end_seen
        and not any(a.side == hold.side and a.start_s <= hold.start_s <= a.end_s for a in lost)
        and not any(
            f.start_s < hold.end_s and f.end_s > hold.start_s and not f.momentary for f in faults
        )
    ]
    if not short:
        return []
    asked = dict.fromkeys(wording.sentence(f.cue) for f in faults if f.momentary and f.cue)
    typical = sorted(hold.held_s for hold in short)[len(short) // 2]
    return [
        Advice(
            weight=0.5 * len(short) / max(len(holds), len(attempts), 1),
            about="Stay in the pose longer",
            words=f"{wording.count(len(short), 'hold')} ended before the time was over: about "
            f"{wording.seconds(typical)} in pose of {wording.seconds(short[0].wanted_s)}. "
            + (" ".join(asked) or "Breathe on, and come back slowly."),
            exercise=name,
        )
    ]


def _missing(
    name: str, attempts: Sequence[AttemptFacts], counts: Sequence[SideCount]
) -> list[Advice]:
    """Repetitions that were not done; where those that were done did not count, what they lacked.

    More of the same would count as little.
    """
    short = [each for each in counts if each.counted < each.wanted]
    if not any(each.attempts for each in counts):
        return []
    lacking = [each for each in short if each.attempts > each.counted]
    reasons = [
        each.reason
        for each in attempts
        if each.reason and each.told and any(each.side == one.side for one in lacking)
    ]
    fewer = [each for each in short if each not in lacking]
    wanted = max(sum(each.wanted for each in counts), 1)
    if reasons:
        tried = wording.count(sum(each.attempts for each in lacking), "attempt")
        about = "Let your repetitions count"
        words = (
            f"Counted were {_counted(lacking)}, in {tried}. "
            f"What was missing most often: {mode(reasons)}."
        )
        short = lacking
    elif fewer:  # of the others the faults that kept them from it are told
        about = "Do all repetitions"
        words = f"Counted were {_counted(fewer)}. Add one more when it feels easy."
        short = fewer
    else:
        return []
    share = sum(each.wanted - each.counted for each in short) / wanted
    return [Advice(weight=0.2 * share, about=about, words=words, exercise=name)]


def _counted(sides: Sequence[SideCount]) -> str:
    return wording.listed(
        [
            f"{each.counted} of {each.wanted}"
            + (f" on the {each.side}" if each.side != "both" else "")
            for each in sides
        ]
    )


def _sides(name: str, sides: Sequence[SideDifference]) -> list[Advice]:
    found = []
    for each in sides:
        if not each.borne_out:
            continue
        less = "right" if each.difference > 0 else "left"
        low, high = sorted((each.left, each.right))
        found.append(
            Advice(
                weight=0.25 + min(0.3, (abs(each.difference) - each.unsure) / 60),
                about=f"Give the {less} side a little more time",
                words=f"The {each.title} came to {wording.degrees(low, each.unit)} with the {less} "
                f"and {wording.degrees(high, each.unit)} with the other side; in all attempts they "
                "were farther apart than the camera errs "
                f"(± {wording.degrees(each.unsure, each.unit)}). Many people have one stiffer "
                "side.",
                exercise=name,
            )
        )
    return found
