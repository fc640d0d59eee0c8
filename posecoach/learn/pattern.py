"""What is repeated in a sequence of positions: the start pose, the steps, and how often.

The start pose is what the movement comes back to between its parts. What lies between two stays in
it is an excursion; where all are alike each is a repetition, where they alternate so many together
are one (Cat and Cow), and where some go on from where the others stop, their last step is optional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from posecoach.learn.positions import Position
from posecoach.plan.sides import Side

LONGEST = 4
"""Excursions that may make one repetition together; stretches with more parts are two stretches."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a demonstration is put together.

    Attributes:
        start: key of the start pose.
        setup: key of what comes before it, if that is another position.
        steps: keys of the steps, in order.
        optional: those of them that some repetitions leave out.
        repetitions: indices of the stops that make up each repetition, start pose left out.
        sides: the side of each.
        others: indices of the stops of each excursion that is none.
    """

    start: int
    setup: int | None
    steps: tuple[int, ...]
    optional: frozenset[int]
    repetitions: tuple[tuple[int, ...], ...]
    sides: tuple[Side, ...]
    others: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Excursion:
    """What lies between two stays in the start pose."""

    stops: tuple[int, ...]
    word: tuple[int, ...]
    side: Side


def find_pattern(sequence: Sequence[Position]) -> Pattern | None:
    """Return what is repeated, None where nothing is done wholly: out and back."""
    found = [
        pattern
        for start in dict.fromkeys(each.key for each in sequence)
        if (pattern := _with_start(sequence, start)) is not None
    ]
    if not found:
        return None
    first = sequence[0].key
    # Most repetitions, then what it began with, then the fewest steps.
    return max(found, key=lambda p: (len(p.repetitions), p.start == first, -len(p.steps)))


def _with_start(sequence: Sequence[Position], start: int) -> Pattern | None:
    at = [index for index, each in enumerate(sequence) if each.key == start]
    first = sequence[0].key
    excursions = [
        each
        for before, after in pairwise(at)
        if (each := _excursion(sequence, range(before + 1, after))).word
        and not (start != first and set(each.word) == {first})
    ]
    if not excursions:
        return None
    setup = None if first == start else first
    whole = _alike(excursions) or _alternating(excursions)
    if whole is None:
        whole = _most_frequent(excursions)
    steps, optional, parts = whole
    if not parts:
        return None
    return Pattern(
        start, setup, steps, optional,
        tuple(tuple(stop for each in part for stop in each.stops) for part in parts),
        tuple(_side(part) for part in parts),
        tuple(each.stops for each in excursions if not any(each in part for part in parts)),
    )  # fmt: skip


def _excursion(sequence: Sequence[Position], stops: range) -> _Excursion:
    keys = [sequence[index].key for index in stops]
    sides = Counter(sequence[index].side for index in stops if sequence[index].side != "both")
    side: Side = sides.most_common(1)[0][0] if sides else "both"
    # Coming by again on the way back is no step of its own.
    return _Excursion(tuple(stops), tuple(dict.fromkeys(keys)), side)


Whole = tuple[tuple[int, ...], frozenset[int], list[list[_Excursion]]]


def _alike(excursions: Sequence[_Excursion]) -> Whole | None:
    """All the same, or some a part of the longest."""
    longest = max((each.word for each in excursions), key=len)
    if not all(_part_of(each.word, longest) for each in excursions):
        return None
    needed = [key for key in longest if all(key in each.word for each in excursions)]
    if not needed:
        return None
    return longest, frozenset(longest) - frozenset(needed), [[each] for each in excursions]


def _part_of(word: Sequence[int], whole: Sequence[int]) -> bool:
    rest = iter(whole)
    return all(key in rest for key in word)


def _alternating(excursions: Sequence[_Excursion]) -> Whole | None:
    """So many different ones, always in the same order."""
    words = [each.word for each in excursions]
    for period in range(2, min(LONGEST, len(words)) + 1):
        if len(set(words[:period])) < period:
            continue
        if all(word == words[index % period] for index, word in enumerate(words)):
            steps = tuple(key for word in words[:period] for key in word)
            if len(set(steps)) < len(steps):
                continue
            parts = [
                list(excursions[index : index + period])
                for index in range(0, len(words) - period + 1, period)
            ]
            return steps, frozenset(), parts
    return None


def _most_frequent(excursions: Sequence[_Excursion]) -> Whole:
    """The most frequent one; what else was done between is none of it."""
    word = Counter(each.word for each in excursions).most_common(1)[0][0]
    return word, frozenset(), [[each] for each in excursions if each.word == word]


def _side(part: Sequence[_Excursion]) -> Side:
    sides = {each.side for each in part if each.side != "both"}
    return sides.pop() if len(sides) == 1 else "both"
