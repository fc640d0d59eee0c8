"""Ranges in words, the same ones on screen, in reports and on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from posecoach.plan.target import Goal
from posecoach.profile.motion import Motion
from posecoach.profile.norms import usual
from posecoach.profile.person import Calibration, Difference, Range

EARLIER = "measured with an earlier instrument"


def degrees(value: float) -> str:
    """Whole degrees: finer is not known."""
    return f"{round(value)}°"


def with_uncertainty(one: Range) -> str:
    """Return "31° ± 3", the range and its uncertainty."""
    return f"{degrees(one.deg)} ± {max(1, round(one.uncertainty))}"


def trials(one: Range) -> str:
    """How often it was measured, with mean and standard deviation: "3, mean 30.6° ± 0.8"."""
    count = len(one.trials)
    if count == 1:
        return "only 1"
    return f"{count}, mean {one.mean:.1f}° ± {one.spread:.1f}"


def asked(goal: Goal) -> str:
    """What a scaled target asks for: "25° of your 31°; textbook 35°"; else empty."""
    if goal.own_range is None:
        return ""
    return (
        f"{degrees(goal.low)} of your {degrees(goal.own_range)}; textbook {degrees(goal.textbook)}"
    )


def changed(now: Range, before: Range) -> str:
    """A range against an earlier one; what the instrument cannot tell is called unchanged."""
    difference = Difference.of(now, before)
    if not difference.clear:
        return f"unchanged (within ± {max(1, round(difference.uncertainty))}°)"
    word = "more" if difference.deg > 0 else "less"
    return f"{degrees(abs(difference.deg))} {word} (± {max(1, round(difference.uncertainty))})"


def change(history: Sequence[tuple[Calibration, Range]]) -> str:
    """The newest range against the one before; empty where there is none to compare with.

    Degrees of two instruments are not compared.
    """
    if len(history) < 2:
        return ""
    (earlier, before), (calibration, now) = history[-2:]
    if earlier.instrument != calibration.instrument:
        return f"the one before was {EARLIER}"
    return changed(now, before)


def renew(name: str) -> str:
    """What to do about ranges that an earlier instrument measured; a sentence."""
    return (
        f"What was calibrated for {name} was {EARLIER}, so it scales no target; "
        f"calibrate again with `{how_to('EXERCISE', name)}`."
    )


def sides(left: tuple[Calibration, Range], right: tuple[Calibration, Range]) -> str:
    """Left against right; degrees of two instruments are not compared."""
    if left[0].instrument != right[0].instrument:
        return f"left and right are not compared, as one was {EARLIER}"
    difference = Difference.of(left[1], right[1])
    uncertainty = max(1, round(difference.uncertainty))
    if not difference.clear:
        return (
            f"no clear difference between left and right ({round(difference.deg):+d}° ± "
            f"{uncertainty})"
        )
    side = "left" if difference.deg > 0 else "right"
    return f"{side} goes {degrees(abs(difference.deg))} ± {uncertainty} farther"


def how_to(what: str, name: str) -> str:
    """The command that calibrates an exercise or measure, ready to be typed."""
    return f"posecoach calibrate {what} --profile {shlex.quote(name)}"


def compared(motion: Motion) -> str:
    """The usual values, with their sources: "AAOS 45°, AMA 45°"; empty where none fits."""
    return ", ".join(f"{name} {degrees(value)}" for name, value in usual(motion).items())
