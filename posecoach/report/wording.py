"""Numbers and names in plain words, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import hypot, isfinite

from posecoach.body.catalogue import CATALOGUE, split_name
from posecoach.errors import MeasureError
from posecoach.observe import instrument
from posecoach.plan.quantity import Reader
from posecoach.plan.target import ANGLE_ERROR_DEG

STOP = "Stop where it hurts."
NOT_A_DIAGNOSIS = (
    "These are numbers from a camera, to practise by. They are not a diagnosis and do not "
    "replace a doctor's or a physiotherapist's judgement."
)
ACCURACY_UNSURE = 0.10
"""Accuracies that differ by less are called unchanged. Angles are some 5 degrees off, and a
target missed by 30 scores nothing (docs/scoring.md): one target's score is sure to about a
sixth, the mean of the usual three to a tenth."""


def degrees(value: float, unit: str = "°") -> str:
    """``28°``, with a real minus sign."""
    if not isfinite(value):
        return "not seen"
    rounded = round(value)
    return f"{'−' if rounded < 0 else ''}{abs(rounded)}{unit if unit == '°' else ' ' + unit}"


def unsure(value: float, error: float, unit: str = "°") -> str:
    """``28° ± 5°``."""
    if not isfinite(value):
        return "not seen"
    return f"{degrees(value, unit)} ± {degrees(error, unit)}"


def wanted(low: float, high: float, unit: str = "°") -> str:
    """A wanted range: ``at least 20°``, ``75° to 105°``."""
    if isfinite(low) and isfinite(high):
        return f"{degrees(low, unit)} to {degrees(high, unit)}"
    if isfinite(low):
        return f"at least {degrees(low, unit)}"
    if isfinite(high):
        return f"at most {degrees(high, unit)}"
    return "any"


def usual(found: tuple[float, float], unit: str = "°") -> str:
    """What is usual by the textbooks, which do not agree: ``25° to 35°``."""
    low, high = found
    return degrees(high, unit) if low == high else f"{degrees(low, unit)} to {degrees(high, unit)}"


def seconds(value: float) -> str:
    """``2.9 s``, ``48 s``, ``3 min 20 s``, ``2 h 43 min``."""
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 120:
        return f"{whole} s"
    if whole >= 3600:
        hours, minutes = divmod(round(value / 60), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def in_all(spans: Sequence[float]) -> str:
    """How long several faults lasted together; of moments there is no length to tell."""
    return f"{seconds(sum(spans))} in all" if sum(spans) > 0 else "each of a moment"


def clock(value: float) -> str:
    """A moment of an exercise: ``0:09``."""
    minutes, rest = divmod(int(max(value, 0.0)), 60)
    return f"{minutes}:{rest:02d}"


def count(number: int, word: str) -> str:
    """``1 repetition``, ``3 repetitions``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def listed(parts: list[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """A capital in front and a full stop behind."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else f"{text}."


def plain(identifier: str) -> str:
    """An id as words."""
    return identifier.replace("-", " ").replace("_", " ")


LEFT_EARLY = "Left before the time was over"
"""A fault of its own in some stretches (``Step.early``), for which they have no name."""


def side_words(side: str) -> str:
    """``left``, ``right``; nothing to say of ``both``."""
    return side if side in ("left", "right") else ""


def error_of(name: str) -> float:
    """Uncertainty of a measure, degrees."""
    try:
        return instrument.error_deg(name)
    except MeasureError:
        return ANGLE_ERROR_DEG


def reader_error(reader: Reader) -> float:
    """Uncertainty of a quantity; a difference has that of both."""
    return hypot(*(error_of(name) for name in reader.names))


def unit_of(name: str) -> str:
    """``°``, or ``%`` for the measures that count parts of a way."""
    try:
        positive = split_name(name)[0].positive
    except MeasureError:
        return "°"
    return "%" if positive.startswith("percent") else "°"


_SIDES = {
    "left": "left {}",
    "right": "right {}",
    "near": "{} (camera side)",
    "far": "{} (far side)",
}
_DOWN = {
    "spine_flexion": "arching of the back",
    "neck_flexion": "looking up",
    "shoulder_elevation": "shoulder sinking",
}


def measure_title(name: str) -> str:
    """A measure in words: "right elbow flexion"."""
    if name.startswith("angle("):
        a, vertex, b = (plain(part) for part in name[6:-1].split(","))
        return f"angle at the {vertex} between {a} and {b}"
    for side, pattern in _SIDES.items():
        stem = name.removesuffix(f"_{side}")
        if stem != name and stem in CATALOGUE:
            return pattern.format(CATALOGUE[stem].title)
    return CATALOGUE[name].title if name in CATALOGUE else plain(name)


def reader_title(reader: Reader) -> str:
    """A quantity in words."""
    title = measure_title(reader.name)
    if reader.minus is not None:
        title = _difference_title(reader.name, reader.minus)
    return title + (" from the start pose" if reader.from_start else "")


def _difference_title(name: str, minus: str) -> str:
    """One measure against another; of the two sides' same one its name is said once."""
    stem, _, side = name.rpartition("_")
    other_stem, _, other = minus.rpartition("_")
    if stem == other_stem and stem in CATALOGUE and side in _SIDES and other in _SIDES:
        return f"{CATALOGUE[stem].title}, {_WHICH[side]} minus {_WHICH[other]}"
    return f"{measure_title(name)} minus {measure_title(minus)}"


_WHICH = {"left": "left", "right": "right", "near": "camera side", "far": "far side"}


def of_either_side(title: str) -> str:
    """A movement's title without its side, for both of them together."""
    for one, other in (("left", "right"), ("right", "left")):
        title = title.replace(f", {one} minus {other}", " against the other side's")
        title = title.removesuffix(f" to the {one}").removeprefix(f"{one} ")
    return title


def motion_title(reader: Reader, direction: int) -> str:
    """A movement in words: which way a quantity goes. "trunk turn to the left".

    A difference that goes down is the other way round, so that degrees count up with it.
    """
    if reader.minus is not None and direction * reader.sign < 0:
        return reader_title(replace(reader, name=reader.minus, minus=reader.name))
    try:
        found = split_name(reader.name)[0]
    except MeasureError:
        return reader_title(reader)
    way = direction * reader.sign
    if found.lateral:
        stem = found.title.removesuffix(" to the side").removesuffix(" to one side")
        return f"{stem} to the {'left' if way > 0 else 'right'}"
    if way < 0 and found.name in _DOWN:
        return _DOWN[found.name]
    return reader_title(reader)


def accuracy_words(accuracy: float | None, *, faults: bool = False) -> str:
    """What an accuracy means, kindly: how much was met of what was asked for, angle and time.

    Args:
        faults: whether there were form faults, which it does not measure.
    """
    if accuracy is None:
        return "Nothing was attempted, so there is nothing to judge."
    said = f"Your {accuracy_note(accuracy)} of what is asked for, in angle and in time."
    return f"{said} Form faults are told apart." if faults else said


def accuracy_note(accuracy: float | None) -> str:
    """The same in a few words, beneath the number."""
    if accuracy is None:
        return "nothing was attempted"
    return f"attempts met {next(words for least, words in _MET if accuracy >= least)}"


_MET = (
    (0.995, "all"),
    (0.9, "nearly all"),
    (0.75, "most"),
    (0.5, "a good part"),
    (0.0, "less than half"),
)
"""From which accuracy on (the first is written 100 %) how much is said to be met, of the attempts
that were made: whoever held only briefly was not out of form, and who met every target may have
made faults."""


ACCURACY_MEANS = (
    "100 % means that every target of every attempt was met while it mattered. A target missed "
    "by 30° or more counts nothing, in between it counts in part; a pose that was "
    "not held counts nothing. Longer attempts weigh more. Form faults are told beside it."
)
