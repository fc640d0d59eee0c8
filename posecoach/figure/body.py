"""A simple figure of the wanted pose, drawn from the definition: no picture file needed.

A flat jointed figure: from the side for exercises seen from the side, else from the front
(or the feet). Its joints stand where the definition's targets want them; what no target
names is as the posture has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, isfinite, radians, sin

import numpy as np

from posecoach.body.view import Facing, Posture
from posecoach.exercise.definition import Exercise, Step, Target
from posecoach.plan.sides import Side
from posecoach.pose.pose import Floats

# Lengths in trunk lengths, hip joint to shoulder joint; proportions of an adult after
# Drillis and Contini (1966): trunk .288, upper arm .186, forearm with half the hand .20,
# thigh .245, shank .246 of the body's height.
UPPER_ARM, FOREARM, THIGH, SHANK, FOOT, NECK, HEAD = 0.65, 0.66, 0.85, 0.85, 0.3, 0.3, 0.19
SHOULDERS, HIPS = 0.36, 0.2
"""Half the width of the shoulders and of the hips."""

ON_HEELS_DEG, FOLDED_DEG = 125.0, 103.0
"""Knees bent more than the first sit on the heels; folded over them a trunk is past level."""

_POSTURES: dict[Posture, dict[str, float]] = {
    "upright": {},
    "sitting": {"hip_flexion": 85, "knee_flexion": 85},
    "all-fours": {
        "trunk_inclination": 85,
        "shoulder_flexion": 85,
        "hip_flexion": 85,
        "knee_flexion": 90,
    },
    "kneeling": {"hip_flexion": 75, "knee_flexion": 150, "trunk_inclination": 5},
    "lying": {"trunk_inclination": -90, "hip_flexion": 45, "knee_flexion": 90},
    "unknown": {},
}


@dataclass(frozen=True)
class Figure:
    """A jointed figure, y up, in trunk lengths.

    Attributes:
        limbs: (name, points (n, 2)); far limbs first, so that near ones cover them.
        head: (2,) centre of the head.
        working: names of the limbs that do the work.
    """

    limbs: tuple[tuple[str, Floats], ...]
    head: Floats
    working: frozenset[str] = field(default_factory=frozenset)

    def mirrored(self) -> Figure:
        """The figure as a mirror shows it."""
        flip = np.array([-1.0, 1.0])
        limbs = tuple((name, points * flip) for name, points in self.limbs)
        return Figure(limbs, self.head * flip, self.working)


def figure_of(
    exercise: Exercise, step: str | None, side: Side | None, *, neutral: bool = False
) -> Figure:
    """The figure for the start pose (``step`` None) or for a step of ``exercise``.

    Args:
        neutral: for the start, the pose in which the person's own zero is read, where the
            exercise has one besides.
    """
    if neutral and exercise.setup is not None:
        wanted = {
            each.measure: _aim(each, _usual(each.measure, exercise.posture[0]))
            for each in exercise.setup.targets
            if each.measure is not None
        }
    else:
        wanted = _wanted(exercise, step, side)
    posture = exercise.posture[0]
    if exercise.view[0] in ("left", "right"):
        reclines = "lying" in exercise.posture
        return _from_side(wanted, posture, exercise.view[0], reclines=reclines)
    if posture == "lying":
        return _from_feet(wanted)
    return _from_front(wanted, posture, exercise.view[0])


def _wanted(exercise: Exercise, step: str | None, side: Side | None) -> dict[str, float]:
    """Wanted degrees by measure with its side, "near" written as both."""
    by_id = {one.id: one for one in exercise.steps}
    if step in by_id:
        kept = [by_id[name] for name in by_id[step].keep if name in by_id]
        targets = [target for one in (*kept, by_id[step]) for target in one.targets]
        targets = [*exercise.start.targets, *targets]
    else:
        # The form a first step keeps (a bent elbow, straight arms) is there from the start.
        # Not what the posture itself settles: who kneels on all fours stands on the arms.
        form = [
            each
            for each in _form(exercise.steps[0])
            if each.measure is None or _usual(each.measure, exercise.posture[0]) is None
        ]
        targets = [*form, *exercise.start.targets]
    working = "right" if side == "right" else "left"
    other = "left" if working == "right" else "right"
    found: dict[str, float] = {}
    for target in targets:
        if target.measure is None or target.minus is not None:
            continue
        name = target.measure.replace("{side}", working).replace("{other}", other)
        value = _aim(target, _usual(name, exercise.posture[0]))
        towards = (target.towards or "").replace("{side}", working).replace("{other}", other)
        if towards == "right":
            value = -value
        found[name] = value + found.get(name, 0.0) if target.from_start else value
    return found


def _form(step: Step) -> list[Target]:
    """The targets of a step that are form to keep rather than the movement itself."""
    if any(target.drives for target in step.targets):
        return [target for target in step.targets if not target.drives]
    return list(step.targets[1:])


def _usual(name: str, posture: Posture) -> float | None:
    """What a measure is in a posture before anything is asked for; None where nobody knows."""
    for side in ("left", "right", "near", "far", "{side}", "{other}"):
        name = name.removesuffix(f"_{side}")
    value = _POSTURES[posture].get(name)
    return None if value is None else abs(value)


def _aim(target: Target, usual: float | None) -> float:
    """The value to draw: as the posture has it where the target allows that."""
    low, high = target.low_deg, target.high_deg
    if usual is not None and low <= usual <= high and not target.from_start:
        return usual
    if isfinite(low) and isfinite(high):
        return (low + high) / 2
    if isfinite(low):
        return low * 1.1 + 5
    return min(high, 0.0) if high < 0 else high * 0.25


def _value(wanted: dict[str, float], base: str, side: str, default: float) -> float:
    for name in (f"{base}_{side}", f"{base}_near", base, f"{base}_far"):
        if name in wanted:
            return wanted[name]
    return default


def _to(start: Floats, length: float, heading_deg: float) -> Floats:
    """From ``start``, ``length`` along a heading: 0 is up, 90 is to the right."""
    angle = radians(heading_deg)
    return start + length * np.array([sin(angle), cos(angle)])


def _from_side(
    wanted: dict[str, float], posture: Posture, facing: Facing, *, reclines: bool
) -> Figure:
    usual = _POSTURES[posture]

    def value(base: str) -> float:
        return _value(wanted, base, "near", _value(wanted, base, "left", usual.get(base, 0.0)))

    lean, hip, knee = value("trunk_inclination"), value("hip_flexion"), value("knee_flexion")
    if reclines:  # inclination has no sign; who lies on the back leans backwards
        lean = -90.0 if posture == "lying" else -abs(lean)
        if not any(name.startswith("hip_flexion") for name in wanted):
            hip = lean + 130  # the feet stay on the floor in front
    on_heels = knee >= ON_HEELS_DEG and not reclines  # nobody who lies sits on them
    if on_heels:  # the thighs rest on the shanks, nearly level
        lean = FOLDED_DEG if hip >= 100 else lean
        hip = lean + 75
    hips = np.zeros(2)
    chest = _to(hips, 1.0, lean)
    # Rounding bends the back away from the belly, which is ahead of the trunk.
    bulge = float(np.clip(value("spine_flexion") / 60, -1, 1)) * 0.22
    back = (hips + chest) / 2 + bulge * np.array([-cos(radians(lean)), sin(radians(lean))])
    curve = _curve(hips, back, chest)
    neck = value("neck_flexion") * 0.8
    head = _to(chest, NECK + HEAD * 0.3, lean + neck)
    folded = on_heels and lean == FOLDED_DEG
    arms = [("arm", _arm(wanted, usual, "near", chest, (lean, folded)))]
    if _differ(wanted, ("shoulder_flexion", "elbow_flexion", "arm_inclination")):
        near = "right" if facing == "right" else "left"
        far = "left" if near == "right" else "right"
        arms = [
            (f"arm {each}", _arm(wanted, usual, each, chest, (lean, folded)))
            for each in (far, near)
        ]
    legs = [("leg", _leg(hips, lean, (hip, knee), posture))]
    if _differ(wanted, ("hip_flexion", "knee_flexion")):
        bent = {
            each: (
                _value(wanted, "hip_flexion", each, hip),
                _value(wanted, "knee_flexion", each, knee),
            )
            for each in (("right", "left") if facing == "left" else ("left", "right"))
        }
        legs = [(f"leg {each}", _leg(hips, lean, angles, posture)) for each, angles in bent.items()]
    flip = np.array([-1.0, 1.0]) if facing == "left" else np.ones(2)
    limbs = (*legs, *arms[:-1], ("trunk", curve), arms[-1])
    return Figure(tuple((name, points * flip) for name, points in limbs), head * flip)


def _leg(hips: Floats, lean: float, angles: tuple[float, float], posture: Posture) -> Floats:
    """(4, 2) of one leg seen from the side; ``angles``: of hip and knee."""
    thigh = lean + 180 - angles[0]
    knees = _to(hips, THIGH, thigh)
    shank = thigh + angles[1]
    ankle = _to(knees, SHANK, shank)
    toe = _to(ankle, FOOT, shank - (90 if angles[1] < 100 or posture == "lying" else 0))
    return np.stack([hips, knees, ankle, toe])


def _arm(
    wanted: dict[str, float],
    usual: dict[str, float],
    side: str,
    chest: Floats,
    trunk: tuple[float, bool],
) -> Floats:
    """(3, 2) of one arm seen from the side.

    Args:
        trunk: its lean, degrees, and whether it is folded over the thighs.
    """
    lean, folded = trunk

    def value(base: str) -> float:
        at_hand = _value(wanted, base, "left", usual.get(base, 0.0))
        return _value(wanted, base, side, at_hand)

    arm = lean + 180 - value("shoulder_flexion")
    bend = value("elbow_flexion")
    if any(name.startswith("arm_inclination") for name in wanted):
        arm = 180 - value("arm_inclination")
    elif folded:  # the arms lie on the floor
        arm, bend = (92.0 if value("shoulder_flexion") > 60 else 265.0), 0.0
    elbow = _to(chest, UPPER_ARM, arm)
    return np.stack([chest, elbow, _to(elbow, FOREARM, arm - bend)])


def _differ(wanted: dict[str, float], bases: tuple[str, ...]) -> bool:
    """Whether left and right are asked for something else."""
    return any(
        wanted.get(f"{base}_left", 0.0) != wanted.get(f"{base}_right", 0.0) for base in bases
    )


def _curve(start: Floats, through: Floats, end: Floats) -> Floats:
    middle = 2 * through - (start + end) / 2
    t = np.linspace(0, 1, 9)[:, None]
    curve: Floats = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
    return curve


def _from_front(wanted: dict[str, float], posture: Posture, facing: Facing) -> Figure:
    # Facing the camera the person's left is at the picture's right.
    own_left = -1.0 if facing == "back" else 1.0
    lean = own_left * _value(wanted, "trunk_lateral_flexion", "", 0.0)
    turn = abs(_value(wanted, "trunk_turn", "", 0.0))
    hips, chest = np.zeros(2), _to(np.zeros(2), 1.0, lean)
    tilt = own_left * _value(wanted, "neck_lateral_flexion", "", 0.0)
    drop = max(0.0, _value(wanted, "neck_flexion", "", 0.0))
    head = _to(chest, (NECK + HEAD * 0.4) * (1 - min(drop, 60) / 160), lean + tilt)
    across = np.array([cos(radians(lean)), -sin(radians(lean))])
    limbs: list[tuple[str, Floats]] = []
    working: set[str] = set()
    shoulders = []
    for side in ("left", "right"):
        out = own_left if side == "left" else -own_left
        shoulder = chest + across * out * SHOULDERS * cos(radians(min(turn, 60)))
        shoulder[1] += 0.006 * _value(wanted, "shoulder_elevation", side, 0.0)
        shoulders.append(shoulder)
        raised = _value(
            wanted, "shoulder_abduction", side, _value(wanted, "shoulder_flexion", side, 8.0)
        )
        if raised > 60:
            working.add(f"arm {side}")
        heading = lean + out * (180 - raised)
        elbow = _to(shoulder, UPPER_ARM, heading)
        hand = _to(elbow, FOREARM, heading - out * _value(wanted, "elbow_flexion", side, 6.0))
        limbs.append((f"arm {side}", np.stack([shoulder, elbow, hand])))
        hip = hips + np.array([out * HIPS, 0.0])
        if posture == "sitting":  # the thighs come towards the camera
            knee = hip + np.array([out * 0.08, -THIGH * 0.35])
        else:
            knee = hip + np.array([out * 0.02, -THIGH])
        ankle = knee + np.array([0.0, -SHANK])
        limbs.append((f"leg {side}", np.stack([hip, knee, ankle])))
    beside = np.array([own_left * HIPS, 0.0])
    trunk = np.stack([hips + beside, shoulders[0], shoulders[1], hips - beside])
    limbs.insert(0, ("torso", trunk))
    return Figure(tuple(limbs), head, frozenset(working))


def _from_feet(wanted: dict[str, float]) -> Figure:
    """Lying, seen from the feet by a raised camera: feet below, knees above them, head far."""
    drop = _value(wanted, "knees_drop", "", 0.0)
    hips, chest = np.array([0.0, 0.15]), np.array([0.0, 0.75])
    limbs: list[tuple[str, Floats]] = []
    wide, wide_hips = np.array([SHOULDERS, 0.0]), np.array([HIPS, 0.0])
    torso = np.stack([hips + wide_hips, chest + wide, chest - wide, hips - wide_hips])
    limbs.append(("torso", torso))
    for out in (1.0, -1.0):
        shoulder = chest + out * wide
        elbow = shoulder + np.array([out * 0.42, -0.12])
        limbs.append(("arm", np.stack([shoulder, elbow, elbow + np.array([out * 0.38, -0.08])])))
    for out in (1.0, -1.0):
        hip = hips + out * 0.7 * wide_hips
        knee = _to(hip, 0.55, drop)
        ankle = np.array([out * 0.14 + 0.25 * sin(radians(drop)), -0.35])
        limbs.append(("leg working", np.stack([hip, knee, ankle])))
    head = chest + np.array([0.0, 0.3])
    return Figure(tuple(limbs), head, frozenset({"leg working"}))


PAD = 0.17
"""Around the joints: half a trunk's width and its edge, in trunk lengths."""


def bounds_of(figure: Figure) -> tuple[Floats, Floats]:
    """The lowest and the highest point (2,) of a figure, with what is drawn around its joints."""
    head = figure.head + np.array([[-HEAD], [HEAD]]) * 0.5
    points = np.concatenate([*(limb for _, limb in figure.limbs), head])
    return points.min(axis=0) - PAD, points.max(axis=0) + PAD


def extent(figure: Figure) -> tuple[float, float]:
    """Width and height, in trunk lengths."""
    low, high = bounds_of(figure)
    return float(high[0] - low[0]), float(high[1] - low[1])
