"""Whether what a definition names is there: measures, landmarks, sides, steps.

It walks the plain data, not the finished ``Exercise``, so that a misspelt measure is told
together with the schema's mistakes elsewhere in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from posecoach.exercise.naming import (
    CIRCLE_MEASURES,
    NO_SIDE,
    TOWARDS,
    Catalogue,
    Named,
    landmark_mistake,
    take_apart,
    text_mistake,
    uses_side,
)
from posecoach.exercise.problem import Problems, did_you_mean, listed, quoted, shorten
from posecoach.exercise.reading import Document, Step

Steps = tuple[Step, ...]
Found = tuple[Steps, dict[str, Any]]

_PLAIN_TEXTS = ("name", "purpose", "camera", "source")
_PLAIN_LISTS = ("equipment", "safety")


def check_names(document: Document, catalogue: Catalogue, problems: Problems) -> None:
    """Note every name in a document that means nothing."""
    data = document.data
    if not isinstance(data, dict):
        return
    sided = data.get("sides") != "none"
    faults = list(_parts(data, (), "faults"))
    for where, quantity in _targets(data):
        _check_quantity(where, quantity, sided, catalogue, problems)
        _check_texts(where, quantity, ("low", "high"), sided, problems)
    circles = list(_circles(data))
    for where, quantity in circles:
        # A circle is followed on both sides, with or without sides in the exercise.
        _check_quantity(where, quantity, True, catalogue, problems)
    if circles:
        catalogue = {**catalogue, **CIRCLE_MEASURES}
    for where, fault in faults:
        conditions = list(_conditions(where, fault))
        for at, condition in conditions:
            # Without sides, a fault written with {side} is judged for left and right.
            _check_quantity(at, condition, True, catalogue, problems)
        per_side = sided or any(_uses_side(condition) for _, condition in conditions)
        _check_fault(where, fault, sided, per_side, problems)
    _check_words(data, sided, problems)
    _check_steps(data, faults, problems)
    _check_seen(data, problems)


def _parts(data: dict[str, Any], at: Steps, key: str) -> Iterator[Found]:
    """Yield the blocks in the list ``data[key]``."""
    entries = data.get(key)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (*at, key, index), entry


def _part(data: dict[str, Any], at: Steps, key: str) -> Iterator[Found]:
    """Yield the block ``data[key]``, if it is one."""
    if isinstance(data.get(key), dict):
        yield (*at, key), data[key]


def _targets(data: dict[str, Any]) -> Iterator[Found]:
    for key in ("setup", "start"):
        for at, pose in _part(data, (), key):
            yield from _parts(pose, at, "targets")
    for at, step in _parts(data, (), "steps"):
        yield from _parts(step, at, "targets")


def _circles(data: dict[str, Any]) -> Iterator[Found]:
    for at, step in _parts(data, (), "steps"):
        for circle_at, circle in _part(step, at, "circle"):
            yield from _part(circle, circle_at, "up")
            yield from _part(circle, circle_at, "across")


def _conditions(at: Steps, fault: dict[str, Any]) -> Iterator[Found]:
    for when_at, when in _part(fault, at, "when"):
        yield when_at, when
        yield from _parts(when, when_at, "all")
        for any_at, one in _parts(when, when_at, "any"):
            yield any_at, one
            yield from _parts(one, any_at, "all")


def _uses_side(quantity: dict[str, Any]) -> bool:
    angle = quantity.get("angle")
    named = [quantity.get("measure"), quantity.get("minus"), quantity.get("towards")]
    return any(map(uses_side, [*named, *(angle.values() if isinstance(angle, dict) else ())]))


def _check_quantity(
    at: Steps, quantity: dict[str, Any], sided: bool, catalogue: Catalogue, problems: Problems
) -> None:
    for key in ("measure", "minus"):
        name = quantity.get(key)
        if not isinstance(name, str):
            continue
        named = take_apart(name, catalogue, sides=sided)
        if isinstance(named, str):
            problems.error((*at, key), named)
        elif not sided and uses_side(name):
            problems.error((*at, key), f"found {quoted(name)}: {NO_SIDE}")
        elif key == "measure":
            _check_towards(at, quantity, named, problems)
    for landmark_at, angle in _part(quantity, at, "angle"):
        for key in ("a", "vertex", "b"):
            name = angle.get(key)
            if not isinstance(name, str):
                continue
            if mistake := landmark_mistake(name, sides=sided):
                problems.error((*landmark_at, key), mistake)
            elif not sided and uses_side(name):
                problems.error((*landmark_at, key), f"found {quoted(name)}: {NO_SIDE}")
    towards = quantity.get("towards")
    if isinstance(towards, str):
        if towards not in TOWARDS:
            close = did_you_mean(towards, TOWARDS)
            allowed = f"(allowed: {listed(TOWARDS)})"
            problems.error((*at, "towards"), f"found {quoted(towards)}{close} {allowed}")
        elif not sided and uses_side(towards):
            problems.error((*at, "towards"), f"found {quoted(towards)}: {NO_SIDE}")


def _check_towards(at: Steps, quantity: dict[str, Any], named: Named, problems: Problems) -> None:
    if quantity.get("towards") is not None and not named.measure.lateral:
        problems.error(
            (*at, "towards"),
            f"{named.measure.name} does not count towards a side; leave 'towards' out",
        )


def _check_texts(
    at: Steps, part: dict[str, Any], keys: tuple[str, ...], sided: bool, problems: Problems
) -> None:
    for key in keys:
        text = part.get(key)
        if isinstance(text, str) and (mistake := text_mistake(text, sides=sided)):
            problems.error((*at, key), mistake)


def _check_words(data: dict[str, Any], sided: bool, problems: Problems) -> None:
    for key in _PLAIN_TEXTS:
        if uses_side(data.get(key)):
            problems.error((key,), "{side} and {other} are not filled in here; write it out")
    for key in _PLAIN_LISTS:
        entries = data.get(key)
        for index, text in enumerate(entries if isinstance(entries, list) else ()):
            if uses_side(text):
                problems.error(
                    (key, index), "{side} and {other} are not filled in here; write it out"
                )
    for key in ("setup", "start"):
        for at, pose in _part(data, (), key):
            _check_texts(at, pose, ("say",), sided, problems)
    for at, step in _parts(data, (), "steps"):
        _check_texts(at, step, ("say",), sided, problems)
        for early_at, early in _part(step, at, "early"):
            _check_texts(early_at, early, ("cue",), sided, problems)
            if "hold" not in step:
                problems.error(early_at, "a step without 'hold' cannot be left too early")


def _check_fault(
    at: Steps, fault: dict[str, Any], sided: bool, per_side: bool, problems: Problems
) -> None:
    _check_texts(at, fault, ("name", "cue"), per_side, problems)
    for cue_at, cue in _part(fault, at, "cue"):
        _check_texts(cue_at, cue, ("low", "high"), per_side, problems)
    if not sided and fault.get("side") == "working":
        problems.error(
            (*at, "side"),
            "no side is being worked in an exercise with 'sides: none'; write both, left or right",
        )


def _check_steps(data: dict[str, Any], faults: list[Found], problems: Problems) -> None:
    steps = list(_parts(data, (), "steps"))
    ids = [step["id"] for _, step in steps if isinstance(step.get("id"), str)]
    early = [found for at, step in steps for found in _part(step, at, "early")]
    for parts, what in ((steps, "step"), ([*early, *faults], "fault")):
        seen: Counter[str] = Counter()
        for at, part in parts:
            name = part.get("id")
            if isinstance(name, str):
                seen[name] += 1
                if seen[name] > 1:
                    problems.error((*at, "id"), f"another {what} is called {quoted(name)} too")
    for at, fault in faults:
        _check_references(at, fault, "during", ids, problems)
    for at, step in steps:
        _check_references(at, step, "keep", ids, problems)
        own = step.get("id")
        kept = step.get("keep")
        for index, name in enumerate(kept if isinstance(kept, list) else ()):
            if name == own and isinstance(own, str):
                problems.error((*at, "keep", index), "a step keeps other steps, not itself")
            elif name in ids and own in ids and ids.index(name) > ids.index(own):
                problems.error(
                    (*at, "keep", index), f"{quoted(name)} comes later; keep an earlier step"
                )


def _check_references(
    at: Steps, part: dict[str, Any], key: str, ids: list[str], problems: Problems
) -> None:
    names = part.get(key)
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in ids:
            close = did_you_mean(name, ids)
            steps = f" (steps: {listed(map(shorten, ids[:20]))})" if ids else ""
            problems.error((*at, key, index), f"unknown step {quoted(name)}{close}{steps}")


def _check_seen(data: dict[str, Any], problems: Problems) -> None:
    for key in ("posture", "view"):
        entries = data.get(key)
        for index, word in enumerate(entries if isinstance(entries, list) else ()):
            if word == "unknown":
                problems.error((key, index), f"'unknown' is no {key} to ask for; name one")
