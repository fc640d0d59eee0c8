"""Plain data against the schema: an ``Exercise``, or every mistake in plain words.

Pydantic finds the mistakes; this module says them in the words of somebody who writes an
exercise file and has never heard of pydantic. It looks several times: what is found wrong is
mended or left out for the next look, because a part with one mistake hides its others.
"""

from __future__ import annotations

import copy
import json
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from posecoach.exercise.definition import Exercise
from posecoach.exercise.problem import (
    MOST,
    Problems,
    did_you_mean,
    listed,
    nearest,
    quoted,
    shorten,
)
from posecoach.exercise.reading import Document, Step

Kind = TypeVar("Kind", bound=BaseModel)

_LOOKS = 4

# Words people use, and what they are called here.
_ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "standing": ("upright",),
    "stand": ("upright",),
    "seated": ("sitting",),
    "supine": ("lying",),
    "prone": ("lying",),
    "quadruped": ("all-fours",),
    "hands-and-knees": ("all-fours",),
    "side": (
        "left",
        "right",
    ),
    "profile": (
        "left",
        "right",
    ),
    "frontal": ("front",),
    "oblique": ("three-quarter",),
    "both": ("each",),
    "left and right": ("each",),
}

_UNIT = re.compile(r"([-+]?[0-9]+(?:[.,][0-9]+)?)\s*(°|deg|degrees?|s|secs?|seconds?|sec\.)")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in the file an error is.

    Attributes:
        steps: the way to it in the file.
        annotation: what is wanted there; None for an unknown field.
        owner: the part it is a field of.
        value: what was found; None where it is missing.
    """

    steps: tuple[Step, ...]
    annotation: Any
    owner: type[BaseModel]
    value: Any


def shape(document: Document, problems: Problems) -> Exercise | None:
    """Return the exercise a document describes; None where there are mistakes.

    Every mistake is noted in ``problems``.
    """
    return shape_of(document, problems, Exercise, "an exercise")


def shape_of(document: Document, problems: Problems, kind: type[Kind], called: str) -> Kind | None:
    """Return what a document describes; None where there are mistakes.

    Args:
        problems: every mistake is noted in it.
        kind: what the document describes.
        called: the same for people: "an exercise".
    """
    data = document.data
    if not isinstance(data, dict):
        problems.error((), f"found {quoted(data)}; {called} is written as fields (id: ...)")
        return None
    left_out: set[tuple[Step, ...]] = set()
    for look in range(_LOOKS):
        try:
            found = kind.model_validate_json(json.dumps(data), strict=True)
            return found if look == 0 else None
        except ValidationError as error:
            spots = [
                (each, spot)
                for each in error.errors(include_url=False, include_input=False)
                if (spot := _spot(each, data, kind)) is not None
            ]
        before = list(problems)
        misspelt = {
            (*spot.steps[:-1], nearest(str(spot.steps[-1]), fields(spot.owner)))
            for each, spot in spots[: 2 * MOST]
            if each["type"] == "extra_forbidden"
        }
        spots = [
            (each, spot)
            for each, spot in spots
            if not _comes_of(each, spot, left_out)
            and not (each["type"] == "missing" and spot.steps in misspelt)
        ]
        for each, spot in spots[: 2 * MOST]:
            if not problems.has_error_at(spot.steps):
                _tell(each, spot, problems)
        if look and list(problems) == before:
            break
        data = copy.deepcopy(data)
        for each, spot in spots:
            _mend(data, each, spot, left_out)
    return None


def fields(part: type[BaseModel]) -> dict[str, object]:
    """Return what a part's fields want, by the names used in files."""
    return {info.alias or name: info.annotation for name, info in part.model_fields.items()}


def _spot(error: ErrorDetails, data: Any, kind: type[BaseModel]) -> _Spot | None:
    """Find an error's place; None where it speaks of an alternative that was not meant."""
    annotation: Any = kind
    owner: type[BaseModel] = kind
    steps: list[Step] = []
    value = data
    for element in error["loc"]:
        options = _options(annotation)
        if len(options) > 1:  # pydantic names the alternative it tried
            annotation = _meant(options, value)
            if _name(annotation) not in str(element):
                return None
            continue
        annotation = options[0] if options else None
        if _is_part(annotation):
            owner = annotation
            annotation = fields(owner).get(str(element))
        elif get_origin(annotation) is tuple:
            items = get_args(annotation)
            annotation = items[0]
        steps.append(element)
        value = _inside(value, element)
    return _Spot(tuple(steps), annotation, owner, value)


def _options(annotation: Any) -> list[Any]:
    """Return the alternatives of an annotation, without None and without bounds."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return [
            option
            for each in get_args(annotation)
            if each is not type(None)
            for option in _options(each)
        ]
    return [annotation]


def _meant(options: list[Any], value: Any) -> Any:
    """Return the alternative a value was meant as: the part that shares most fields with it."""
    parts = [each for each in options if _is_part(each)]
    if not isinstance(value, dict):
        return next((each for each in options if not _is_part(each)), parts[0])
    return max(parts, key=lambda part: len(fields(part).keys() & value.keys()))


def _is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _name(annotation: Any) -> str:
    return str(getattr(annotation, "__name__", annotation))


def _inside(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _comes_of(error: ErrorDetails, spot: _Spot, left_out: set[tuple[Step, ...]]) -> bool:
    """Whether an error is there only because of another, or because it was left out."""
    if error["type"] == "too_short" and isinstance(spot.value, list) and spot.value:
        # Its entries are what is wrong.
        return len(spot.value) >= int(error["ctx"]["min_length"])
    if error["type"] != "value_error":
        return False
    message: str = error["msg"]
    return any(steps[:-1] == spot.steps and f"'{steps[-1]}'" in message for steps in left_out)


def _tell(error: ErrorDetails, spot: _Spot, problems: Problems) -> None:
    problems.error(
        spot.steps, _words(error, spot), at_key=error["type"] in ("extra_forbidden", "missing")
    )


def _words(error: ErrorDetails, spot: _Spot) -> str:
    """Say an error in plain words."""
    found = quoted(spot.value)
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _missing(spot)
        case "extra_forbidden":
            word = str(spot.steps[-1])
            allowed = fields(spot.owner)
            close = did_you_mean(word, allowed)
            return f"unknown field {quoted(word)}{close} (allowed: {listed(allowed)})"
        case "value_error":
            return str(context["error"])
        case "string_type":
            if isinstance(spot.value, bool | int | float):
                return f"found {found}; a text is wanted: put quotes around it"
            return f"found {found}; a text is wanted"
        case "string_pattern_mismatch":
            return f"found {found}; use small letters, digits and hyphens{_slug(str(spot.value))}"
        case "string_too_short":
            return "is empty; write something"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters; write less"
        case "float_type" | "int_type" | "int_from_float":
            kind = "a number" if error["type"] == "float_type" else "a whole number"
            return f"found {found}; {_number_hint(spot.value, kind)}"
        case "bool_type":
            meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}
            word = meant.get(str(spot.value).casefold(), "true or false")
            return f"found {found}; write {word}"
        case "literal_error":
            return _choice(spot)
        case "greater_than_equal":
            return f"found {found}; at least {context['ge']:g} is allowed"
        case "greater_than":
            return f"found {found}; more than {context['gt']:g} is allowed"
        case "less_than_equal":
            return f"found {found}; at most {context['le']:g} is allowed"
        case "tuple_type":
            return _list_wanted(spot)
        case "too_short" | "too_long":
            return _length(error, spot)
    if _is_part(spot.annotation) or error["type"] == "model_type":
        return f"found {found}; fields are wanted here{_of(spot)}"
    return f"found {found}, which is not allowed here"


def _missing(spot: _Spot) -> str:
    if isinstance(spot.steps[-1], int):
        return "a second number is missing; write [lowest, highest]"
    info = next(
        each
        for name, each in spot.owner.model_fields.items()
        if (each.alias or name) == spot.steps[-1]
    )
    return f"is missing; {info.description}" if info.description else "is missing"


def _of(spot: _Spot) -> str:
    parts = [each for each in _options(spot.annotation) if _is_part(each)]
    return f" ({listed(fields(parts[0]))})" if parts else ""


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9']+", "-", text.casefold()).strip("-'")[:60]
    return f", for example '{slug}'" if slug else ""


def _number_hint(value: Any, kind: str) -> str:
    if isinstance(value, str):
        text = value.strip()
        if _COMMA.fullmatch(text):
            return f"write numbers with a point: {text.replace(',', '.')}"
        if unit := _UNIT.fullmatch(text):
            return (
                f"write the number alone, {unit[1].replace(',', '.')}: "
                "degrees and seconds are understood"
            )
        if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", text):
            return f"leave out the quotes: {text}"
    return f"{kind} is wanted"


def _choice(spot: _Spot) -> str:
    allowed = [
        word
        for option in _options(spot.annotation)
        if get_origin(option) is Literal
        for word in get_args(option)
        if word != "unknown"
    ]
    word = str(spot.value)
    also = _ALSO_CALLED.get(word.casefold(), ())
    close = did_you_mean(word, allowed)
    if also and set(also) <= set(allowed):
        close = f"; here this is called {listed(also)}"
    return f"found {quoted(spot.value)}{close} (allowed: {listed(allowed)})"


def _list_wanted(spot: _Spot) -> str:
    if isinstance(spot.value, str | int | float) and not isinstance(spot.value, bool):
        return f"found {quoted(spot.value)}; write a list: [{shorten(str(spot.value))}]"
    return f"found {quoted(spot.value)}; a list is wanted"


def _length(error: ErrorDetails, spot: _Spot) -> str:
    count = len(spot.value) if isinstance(spot.value, list) else 0
    context = error["ctx"]
    if error["type"] == "too_long":
        return f"has {count} entries; at most {context['max_length']} are allowed"
    if context["min_length"] == 1:
        return "is empty; give at least one entry"
    return f"has {count} entries; at least {context['min_length']} are needed"


def _mend(data: Any, error: ErrorDetails, spot: _Spot, left_out: set[tuple[Step, ...]]) -> None:
    """Mend a mistake as it was most likely meant, or leave the field out."""
    if not spot.steps:
        return
    *way, last = spot.steps
    part = data
    for step in way:
        part = _inside(part, step)
    if not isinstance(part, dict) or last not in part:
        return
    if error["type"] == "tuple_type":
        part[last] = [part[last]]
        return
    if error["type"] == "value_error":
        return
    value = part.pop(str(last))
    left_out.add(spot.steps)
    if error["type"] == "extra_forbidden":
        close = nearest(str(last), fields(spot.owner))
        if close is not None and close not in part:
            part[close] = value
            left_out.discard(spot.steps)
