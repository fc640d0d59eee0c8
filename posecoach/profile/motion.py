"""A motion: one measure in one direction, the thing a range is a range of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from posecoach.body.catalogue import split_name
from posecoach.plan.plan import Plan
from posecoach.plan.quantity import Reader
from posecoach.plan.sides import Side

Towards = Literal["left", "right", "up", "down"]
"""left, right: to the person's own side; up, down: the measure counts up or down."""

_WORDS = {
    ("neck_flexion", "up"): "chin to chest",
    ("neck_flexion", "down"): "head back",
    ("neck_lateral_flexion", "left"): "left ear to left shoulder",
    ("neck_lateral_flexion", "right"): "right ear to right shoulder",
    ("spine_flexion", "up"): "rounding the back",
    ("spine_flexion", "down"): "arching the back",
}


@dataclass(frozen=True, slots=True, order=True)
class Motion:
    """One measure in one direction.

    Attributes:
        measure: full name, e.g. "trunk_lateral_flexion", "hip_flexion_left".
        towards: see ``Towards``.
    """

    measure: str
    towards: Towards

    @classmethod
    def of(cls, reader: Reader) -> Motion:
        """The motion in which a quantity of a definition grows."""
        lateral = split_name(reader.name)[0].lateral
        up: Towards = "left" if lateral else "up"
        down: Towards = "right" if lateral else "down"
        return cls(reader.name, up if reader.sign > 0 else down)

    @property
    def sign(self) -> int:
        """-1 where the measure's value falls in this direction."""
        return -1 if self.towards in ("right", "down") else 1

    @property
    def stem(self) -> str:
        """The measure without its side."""
        return split_name(self.measure)[0].name

    @property
    def lateral(self) -> bool:
        """Whether it goes to one side of the body, so that its zero is the middle."""
        return split_name(self.measure)[0].lateral

    @property
    def error_deg(self) -> float:
        """Usual error of the instrument, degrees."""
        return split_name(self.measure)[0].error_deg

    @property
    def side(self) -> Side:
        """Whose range it is."""
        found, side = split_name(self.measure)
        if found.sided and side is not None:
            return side
        return self.towards if self.towards in ("left", "right") else "both"

    @property
    def other(self) -> Motion | None:
        """The same motion of the other side, None where there is none."""
        if self.towards in ("left", "right"):
            return Motion(self.measure, "left" if self.towards == "right" else "right")
        for side, mirror in (("left", "right"), ("right", "left")):
            if self.measure.endswith(f"_{side}"):
                return Motion(f"{self.measure.removesuffix(side)}{mirror}", self.towards)
        return None

    @property
    def title(self) -> str:
        """Words for a person: "trunk lean to the left"."""
        found, side = split_name(self.measure)
        words = _WORDS.get((found.name, self.towards))
        if words is None:
            words = found.title.removesuffix(" to the side").removesuffix(" sideways")
            if self.towards in ("left", "right"):
                words += f" to the {self.towards}"
            elif self.towards == "down":
                words += ", the other way"
        return f"{side} {words}" if found.sided and side is not None else words

    def __str__(self) -> str:
        return f"{self.measure} {self.towards}"


def motions_of_plan(plan: Plan) -> tuple[Motion, ...]:
    """The motions whose range scales an exercise's targets, in the order of its steps."""
    found = {
        Motion.of(goal.reader): None
        for side in plan.sides
        for step in side.steps
        for goal in step.goals
        if goal.of_range is not None
    }
    return tuple(found)


def motions_of_measure(name: str) -> tuple[Motion, ...]:
    """The motions of a measure given by its name, with or without a side.

    "neck_flexion" is chin to chest and head back; "hip_flexion" is the left and the right.
    A joint that has two sides is measured in the direction it counts up.

    Raises:
        MeasureError: there is no measure of this name.
    """
    from posecoach.body.catalogue import CATALOGUE

    if name in CATALOGUE and CATALOGUE[name].sided:
        return (Motion(f"{name}_left", "up"), Motion(f"{name}_right", "up"))
    found, _ = split_name(name)
    if found.lateral:
        return (Motion(name, "left"), Motion(name, "right"))
    if found.sided or found.name.startswith(("trunk_inclination", "shoulder_")):
        return (Motion(name, "up"),)
    return (Motion(name, "up"), Motion(name, "down"))


TOWARDS: tuple[str, ...] = get_args(Towards)
