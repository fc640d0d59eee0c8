"""A definition's targets and conditions in words for a reader."""

from __future__ import annotations

import re

from posecoach.exercise.definition import AllOf, Circle, Condition, Fault, Quantity, Target
from posecoach.shares import percent

_SIDES = {
    "{side}": "of the working side",
    "{other}": "of the other side",
    "left": "on the left",
    "right": "on the right",
    "near": "nearer to the camera",
    "far": "farther from the camera",
}
_TOWARDS = {
    "{side}": "the working side",
    "{other}": "the other side",
    "left": "the left",
    "right": "the right",
}


def fill(text: str) -> str:
    """Replace the placeholders in a text that is read outside a session."""
    return text.replace("{side}", "left/right").replace("{other}", "right/left")


def measure_words(name: str) -> str:
    """Write a measure's name out: "elbow flexion of the working side"."""
    for side, words in _SIDES.items():
        if name.endswith(f"_{side}"):
            return f"{name.removesuffix(f'_{side}').replace('_', ' ')} {words}"
    return name.replace("_", " ")


def quantity_words(quantity: Quantity) -> str:
    """Say which number is meant."""
    if quantity.angle is not None:
        angle = quantity.angle
        text = (
            f"angle at {_landmark(angle.vertex)} between {_landmark(angle.a)} "
            f"and {_landmark(angle.b)}"
        )
    else:
        text = measure_words(quantity.measure or "")
    if quantity.minus is not None:
        text += f" minus {measure_words(quantity.minus)}"
    if quantity.towards is not None:
        text += f", towards {_TOWARDS.get(quantity.towards, quantity.towards)}"
    if quantity.from_start:
        text += ", counted from the start pose"
    return text


def target_words(target: Target) -> str:
    """Say what a target wants: "elbow flexion of the working side: 90° ± 10°"."""
    if target.is_ is not None:
        wanted = f"{target.is_:g}° ± {target.within:g}°"
    elif target.at_least is None:
        wanted = f"at most {target.at_most:g}°"
    elif target.at_most is None:
        wanted = f"at least {target.at_least:g}°"
    else:
        wanted = f"{target.at_least:g}° to {target.at_most:g}°"
    if target.of_range is not None:
        bounds = [
            f"{word} than {value:g}°"
            for word, value in (("not less", target.floor), ("not more", target.limit))
            if value is not None
        ]
        wanted += f"; once calibrated {percent(target.of_range)} of your own range"
        wanted += f" ({', '.join(bounds)})" if bounds else ""
    if target.unknown == "tolerated":
        wanted += "; need not be seen"
    return f"{quantity_words(target)}: {wanted}"


def circle_words(circle: Circle) -> str:
    """Say what a circle is made of."""
    return (
        f"circles {circle.direction}: {quantity_words(circle.up)} up and down by at least "
        f"{circle.size:g}°, {quantity_words(circle.across)} forward and back, "
        "at any speed"
        if circle.fastest is None
        else f"each in {circle.fastest:g} s or more"
    )


def condition_words(condition: Condition) -> str:
    """Say when a condition is true: "elbow flexion above 95°"."""
    if condition.above is not None:
        test = f"above {condition.above:g}°"
    elif condition.below is not None:
        test = f"below {condition.below:g}°"
    else:
        word, pair = (
            ("outside", condition.outside)
            if condition.outside is not None
            else ("between", condition.inside)
        )
        assert pair is not None  # the schema wants one of the four
        low, high = pair
        test = f"{word} {low:g}° {'and' if word == 'between' else 'to'} {high:g}°"
    return f"{quantity_words(condition)} {test}"


def fault_words(fault: Fault) -> str:
    """Say when a fault is told."""
    when = fault.when
    if isinstance(when, Condition):
        text = condition_words(when)
    elif isinstance(when, AllOf):
        text = _all_words(when)
    else:
        text = ", or ".join(
            _all_words(part) if isinstance(part, AllOf) else condition_words(part)
            for part in when.any
        )
    return f"{text}, for {fault.lasting:g} s"


def _all_words(part: AllOf) -> str:
    return " and ".join(condition_words(each) for each in part.all)


def _landmark(name: str) -> str:
    name = re.sub(r"^mouth_(.+)$", r"\1_mouth", name)
    for side, words in _SIDES.items():
        if name.startswith(f"{side}_"):
            return f"{name.removeprefix(f'{side}_').replace('_', ' ')} {words}"
    return name.replace("_", " ")
