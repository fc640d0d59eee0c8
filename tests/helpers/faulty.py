"""Every stretch done once as it should be and once with a fault, from the body's geometry.

Joint angles are set where a fault is one of a joint; where it is one of place (hands ahead, hips
off the heels, knees apart) they follow from lengths of limbs. A grade of 1 is a fault as anybody
sees it, 0.7 a mild one. Which faults there are, and which of them let the repetition count, is
the table of the stretches' description.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import acos, asin, atan2, cos, degrees, radians, sqrt

from tests.helpers.traces import Script, Values

ARM, UPPER_ARM, TRUNK, THIGH, SHANK = 0.52, 0.28, 0.48, 0.42, 0.43
"""Metres, of a body of about 1.7 m (Drillis and Contini 1966); the arm to the wrist."""

MOVE_S, HOLD_S, REST_S = 1.3, 3.0, 1.2


@dataclass
class Acted:
    """What was done.

    Attributes:
        faults: side, start and end of each faulty hold, with the half of the way in and out.
        repetitions: by side, those that count.
    """

    script: Script
    faults: list[tuple[str, float, float]] = field(default_factory=list)
    repetitions: dict[str, int] = field(default_factory=lambda: {"left": 0, "right": 0, "both": 0})


Act = Callable[[str | None, float, str], Acted]
"""(fault or None, grade, side) to what was done."""

COUNTS = {
    ("wall-stretch", "shoulder-shrugs"),
    ("shoulder-roll", "too-fast"),
    ("neck-flexion", "shoulder-rises"),
    ("knee-to-chest", "head-lifts"),
    ("thoracic-extension", "buttocks-lift"),
    ("thoracic-extension", "elbows-close-in"),
}
"""Faults that are told while the repetition counts."""

FAULTS: dict[str, tuple[str, ...]] = {
    "cat-cow": ("elbows-bend", "head-still", "back-still", "hips-drift-back", "hands-ahead"),
    "childs-pose": ("hips-off-heels", "elbows-bent", "head-held-up", "came-up-early"),
    "childs-pose-arms-back": ("hips-off-heels", "arms-drift-forward", "head-held-up"),
    "childs-pose-thread-the-needle": ("hips-lift", "reaching-arm-bends", "arm-not-across"),
    "wall-stretch": (
        "elbow-not-90",
        "elbow-closes",
        "upper-arm-drops",
        "shoulder-shrugs",
        "trunk-leans",
    ),
    "trunk-rotation": ("legs-straighten", "knees-apart", "shoulder-lifts"),
    "shoulder-roll": ("shrug-only", "one-side-only", "arms-lift", "too-fast"),
    "neck-flexion": ("shoulder-rises", "trunk-leans", "chin-comes-up", "too-fast"),
    "overhead-reach": ("elbows-bend", "arms-drop", "hips-slide"),
    "knee-to-chest": ("one-leg-lags", "head-lifts", "hands-not-holding"),
    "thoracic-extension": ("buttocks-lift", "head-hangs-back", "elbows-close-in"),
}
"""What can be told; the trunk's twist with raised arms cannot."""

MILD: dict[str, float] = {"shrug-only": 0.9}
"""Milder than this something of a circle is left, and it is one; of the others 0.75 is told."""


def _mixed(right: Values, wrong: Values, grade: float) -> Values:
    """A pose between the right one and the fully wrong one."""
    return {
        name: right[name] + grade * (wrong.get(name, right[name]) - right[name]) for name in right
    }


def _both(name: str, value: float) -> Values:
    """One joint on all sides it may be asked on."""
    return {f"{name}_{side}": value for side in ("left", "right", "near", "far")}


def _repeat(
    acted: Acted,
    exercise: str,
    fault: str | None,
    side: str,
    poses: list[tuple[Values, Values, float]],
    rest: Values,
) -> Acted:
    """One repetition as it should be and one with the fault, the steps one after the other.

    Args:
        poses: right and wrong pose of each step, and how long the wrong one is held.
        rest: to come back to between the steps and after the last; empty where a repetition
            ends with its last step.
    """
    script = acted.script
    for wrong in (False, True) if fault else (False,):
        begun = script.time_s
        for right, bad, held in poses:
            script.go(MOVE_S, **(bad if wrong else right)).stay(held if wrong else HOLD_S)
            left = script.time_s
            if rest:
                script.go(MOVE_S, **rest).stay(REST_S)
        if wrong:
            acted.faults.append((side, begun + MOVE_S / 2, left + MOVE_S / 2))
        if not wrong or (exercise, fault) in COUNTS:
            acted.repetitions[side] += 1
    return acted


# -- on all fours ------------------------------------------------------------


def _table(hips_back: float = 0.0, hands_ahead: float = 0.0, elbow: float = 5.0) -> Values:
    """Hands and knees on the floor; metres the hips and hands are off their places."""
    reach = ARM * cos(radians(elbow / 2))
    thigh = degrees(asin(hips_back / THIGH))
    arm = degrees(asin((hips_back + hands_ahead) / reach))
    hip_height, shoulder_height = THIGH * cos(radians(thigh)), reach * cos(radians(arm))
    rise = degrees(asin((shoulder_height - hip_height) / TRUNK))
    trunk = 90 - rise
    return {
        **_both("elbow_flexion", elbow),
        **_both("arm_inclination", arm),
        **_both("thigh_inclination", thigh),
        **_both("hip_flexion", trunk + thigh),
        **_both("shoulder_flexion", trunk + arm),
        **_both("knee_flexion", 90 + thigh),
        "trunk_inclination": trunk,
        "spine_flexion": 0.0,
        "neck_flexion": 2.0,
    }


def cat_cow(fault: str | None, grade: float, side: str) -> Acted:
    """Table, Cat, Table, Cow, Table."""
    table = _table()
    cat = table | {"spine_flexion": 55.0, "neck_flexion": 38.0}
    cow = table | {"spine_flexion": -36.0, "neck_flexion": -34.0}
    wrong = {
        "elbows-bend": _table(elbow=52.0),
        "hips-drift-back": _table(hips_back=0.19),
        "hands-ahead": _table(hands_ahead=0.17),
    }.get(fault or "", table)
    bad = []
    for pose in (cat, cow):
        spine, neck = pose["spine_flexion"], pose["neck_flexion"]
        full = wrong | {"spine_flexion": spine, "neck_flexion": neck}
        if fault == "head-still":
            full["neck_flexion"] = table["neck_flexion"]
        if fault == "back-still":
            full["spine_flexion"] = spine / 9
        bad.append(_mixed(pose, full, grade))
    script = Script(**table).stay(2.0)
    poses = [(cat, bad[0], HOLD_S), (cow, bad[1], HOLD_S)]
    return _repeat(Acted(script), "cat-cow", fault, side, poses, table)


# -- kneeling, folded ------------------------------------------------------------


def _child(gap: float = 0.0, reach: float = 1.0, neck: float = 18.0) -> Values:
    """Folded on the heels; metres the hips are off them, part of the arm's length reached."""
    heels = 0.20
    knee = 180 - degrees(acos(min(1.0, (heels + gap) / THIGH)))
    # Hips that rise take the thigh with them; the shoulders stay near the floor.
    knee = 158 - (degrees(asin((heels + gap) / THIGH)) - degrees(asin(heels / THIGH)))
    elbow = 8.0 if reach >= 1 else 2 * degrees(acos(reach))
    return {
        **_both("hip_flexion", 155 - 0.4 * (158 - knee)),
        **_both("knee_flexion", knee),
        **_both("shoulder_flexion", 165 - elbow / 4),
        **_both("elbow_flexion", elbow),
        **_both("arm_inclination", 68.0),
        **_both("thigh_inclination", 65.0),
        "trunk_inclination": 90 + 0.5 * (158 - knee),
        "spine_flexion": 50.0,
        "neck_flexion": neck,
    }


def _sitting(child: Values) -> Values:
    return (
        child
        | _both("hip_flexion", 75.0)
        | _both("shoulder_flexion", 8.0)
        | _both("elbow_flexion", 40.0)
        | {"trunk_inclination": 6.0, "neck_flexion": 0.0}
    )


def _child_ways(exercise: str, arms_back: bool, fault: str | None, grade: float) -> Acted:
    back = _both("shoulder_flexion", 24.0) | _both("elbow_flexion", 25.0) if arms_back else {}
    right = _child() | back
    wrong = {
        "hips-off-heels": _child(gap=0.20),
        "elbows-bent": _child(reach=0.72),
        "head-held-up": _child(neck=-42.0),
        "arms-drift-forward": _child() | _both("shoulder_flexion", 75.0),
    }.get(fault or "", right)
    if fault != "arms-drift-forward":
        wrong = wrong | back
    bad = _mixed(right, wrong, grade)
    table = _table()
    acted = Acted(Script(**table).stay(2.0))
    script = acted.script
    for is_wrong in (False, True) if fault else (False,):
        pose = bad if is_wrong else right
        begun = script.time_s
        script.go(1.6, **pose).stay(0.8 if is_wrong and fault == "came-up-early" else HOLD_S)
        if is_wrong:
            acted.faults.append(("both", begun + 0.8, script.time_s + 0.8))
        else:
            acted.repetitions["both"] += 1
        script.go(1.5, **_sitting(pose)).stay(1.2).go(1.5, **table).stay(REST_S)
    return acted


def childs_pose(fault: str | None, grade: float, side: str) -> Acted:
    """Table, folded with the arms in front, up to sitting on the heels."""
    return _child_ways("childs-pose", False, fault, grade)


def arms_back(fault: str | None, grade: float, side: str) -> Acted:
    """The same with the arms back."""
    return _child_ways("childs-pose-arms-back", True, fault, grade)


def thread(fault: str | None, grade: float, side: str) -> Acted:
    """From Child's Pose one arm under the other."""
    other = "right" if side == "left" else "left"
    child = _child()
    right = child | {f"shoulder_flexion_{side}": 95.0, f"arm_inclination_{side}": 20.0}
    wrong = dict(right)
    if fault == "hips-lift":
        wrong |= _both("knee_flexion", _child(gap=0.15)["knee_flexion_near"])
    if fault == "reaching-arm-bends":
        wrong[f"elbow_flexion_{other}"] = 70.0
    if fault == "arm-not-across":
        # The hand is drawn back beside the head: the arm bends, and does not come under.
        wrong |= {f"shoulder_flexion_{side}": 137.0, f"elbow_flexion_{side}": 70.0}
        wrong[f"arm_inclination_{side}"] = 62.0
    bad = _mixed(right, wrong, grade)
    script = Script(**_table()).stay(1.0).go(1.6, **child).stay(1.5)
    return _repeat(
        Acted(script), "childs-pose-thread-the-needle", fault, side, [(right, bad, HOLD_S)], child
    )


# -- standing ------------------------------------------------------------


def wall(fault: str | None, grade: float, side: str) -> Acted:
    """The forearm on the wall, then the trunk turned away; once right, once wrong."""
    away = -1.0 if side == "left" else 1.0
    down = {
        **_both("shoulder_abduction", 8.0),
        **_both("shoulder_flexion", 8.0),
        **_both("elbow_flexion", 12.0),
        **_both("shoulder_elevation", 0.0),
        "trunk_turn": 0.0,
        "trunk_lateral_flexion": 0.0,
    }
    ready = down | {
        f"shoulder_abduction_{side}": 90.0,
        f"elbow_flexion_{side}": 90.0,
        f"shoulder_elevation_{side}": 8.0,
    }
    turned = ready | {"trunk_turn": 34.0 * away}
    wrong_ready, wrong = dict(ready), dict(turned)
    place = {
        "elbow-not-90": {f"elbow_flexion_{side}": 48.0},
        "elbow-closes": {f"elbow_flexion_{side}": 124.0},
        "upper-arm-drops": {f"shoulder_abduction_{side}": 58.0},
    }.get(fault or "", {})
    wrong_ready |= place
    wrong |= place
    if fault == "shoulder-shrugs":
        wrong[f"shoulder_elevation_{side}"] = 28.0
    if fault == "trunk-leans":
        wrong |= {"trunk_turn": 4.0 * away, "trunk_lateral_flexion": 15.0 * away}
    bad_ready, bad = _mixed(ready, wrong_ready, grade), _mixed(turned, wrong, grade)
    acted = Acted(Script(**down).stay(2.0))
    script = acted.script
    for is_wrong in (False, True) if fault else (False,):
        before, there = (bad_ready, bad) if is_wrong else (ready, turned)
        script.go(1.4, **before).stay(REST_S)
        begun = script.time_s
        script.go(MOVE_S, **there).stay(HOLD_S)
        if is_wrong:
            acted.faults.append((side, begun + MOVE_S / 2, script.time_s + MOVE_S / 2))
        if not is_wrong or ("wall-stretch", fault) in COUNTS:
            acted.repetitions[side] += 1
        script.go(MOVE_S, **before).stay(REST_S).go(1.4, **down).stay(REST_S)
    return acted


def overhead(fault: str | None, grade: float, side: str) -> Acted:
    """Arms up, then a lean."""
    sign = 1.0 if side == "left" else -1.0
    leg = 0.9
    down = {
        **_both("shoulder_flexion", 8.0),
        **_both("elbow_flexion", 8.0),
        "trunk_lateral_flexion": 0.0,
        "leg_lateral_inclination": 0.0,
    }
    up = down | _both("shoulder_flexion", 170.0)
    right = up | {"trunk_lateral_flexion": 19 * sign, "leg_lateral_inclination": -2.5 * sign}
    wrong = dict(right)
    if fault == "elbows-bend":
        wrong |= _both("elbow_flexion", 62.0)
    if fault == "arms-drop":
        wrong |= _both("shoulder_flexion", 125.0)
    if fault == "hips-slide":
        slid = degrees(atan2(0.19, leg))
        wrong |= {"trunk_lateral_flexion": 8 * sign, "leg_lateral_inclination": -slid * sign}
    bad = _mixed(right, wrong, grade)
    script = Script(**down).stay(2.0).go(1.5, **up).stay(REST_S)
    acted = _repeat(Acted(script), "overhead-reach", fault, side, [(right, bad, HOLD_S)], up)
    script.go(1.5, **down).stay(REST_S)
    return acted


def neck(fault: str | None, grade: float, side: str) -> Acted:
    """Chin down, then an ear to its shoulder, and back through the middle."""
    sign = 1.0 if side == "left" else -1.0
    straight = {
        **_both("shoulder_elevation", 0.0),
        **_both("shoulder_abduction", 8.0),
        "neck_flexion": 0.0,
        "neck_lateral_flexion": 0.0,
        "trunk_lateral_flexion": 0.0,
    }
    middle = straight | {"neck_flexion": 44.0}
    right = middle | {"neck_flexion": 32.0, "neck_lateral_flexion": 40 * sign}
    wrong = dict(right)
    if fault == "shoulder-rises":
        wrong[f"shoulder_elevation_{side}"] = 24.0
    if fault == "trunk-leans":
        wrong |= {"trunk_lateral_flexion": 11 * sign, "neck_lateral_flexion": 22 * sign}
    bad = _mixed(right, wrong, grade)
    acted = Acted(Script(**straight).stay(2.0).go(1.3, **middle).stay(1.0))
    script = acted.script
    for is_wrong in (False, True) if fault else (False,):
        begun = script.time_s
        quick = is_wrong and fault == "too-fast"
        if is_wrong and fault == "chin-comes-up":
            script.go(0.8, **_mixed(middle, straight | {"neck_flexion": -12.0}, grade))
        script.go(0.4 if quick else MOVE_S, **(bad if is_wrong else right))
        script.stay(0.45 if quick else HOLD_S)
        if is_wrong:
            acted.faults.append((side, begun, script.time_s))
        if not is_wrong or ("neck-flexion", fault) in COUNTS:
            acted.repetitions[side] += 1
        script.go(0.4 if quick else MOVE_S, **middle).stay(REST_S)
    script.go(1.2, **straight).stay(REST_S)
    return acted


def shoulder_roll(fault: str | None, grade: float, side: str) -> Acted:
    """Four circles as they should be, then four others; moved evenly, in short pieces."""
    hanging = {
        **_both("shoulder_abduction", 8.0),
        **_both("elbow_flexion", 14.0),
        **_both("shoulder_elevation", 0.0),
        **_both("shoulder_protraction", 0.0),
    }
    acted = Acted(Script(**hanging).stay(2.0))
    script = acted.script
    for is_wrong in (False, True) if fault else (False,):
        lifted = dict(hanging)
        if is_wrong and fault == "arms-lift":
            full = hanging | _both("shoulder_abduction", 38.0) | _both("elbow_flexion", 70.0)
            lifted = _mixed(hanging, full, grade)
            script.go(0.7, **lifted)
        begun = script.time_s
        period = 0.62 if is_wrong and fault == "too-fast" else 2.2
        for step in range(1, 4 * 24 + 1):
            turn = radians(360 * step / 24)
            pose = dict(lifted)
            for each in ("left", "right"):
                still = is_wrong and fault == "one-side-only" and each == side
                size = 1 - grade if still else 1.0
                out = 1 - grade if is_wrong and fault == "shrug-only" else 1.0
                pose[f"shoulder_elevation_{each}"] = 12 * size * (1 - cos(turn))
                pose[f"shoulder_protraction_{each}"] = 16 * size * out * cos(turn - radians(90))
            script.go(period / 24, **pose)
        if is_wrong:
            where = side if fault == "one-side-only" else "both"
            acted.faults.append((where, begun, script.time_s))
        if not is_wrong or ("shoulder-roll", fault) in COUNTS:
            acted.repetitions["both"] += 4
        script.go(0.6, **hanging).stay(REST_S)
    return acted


# -- on the floor ------------------------------------------------------------


def trunk_rotation(fault: str | None, grade: float, side: str) -> Acted:
    """Both knees to one side."""
    sign = 1.0 if side == "left" else -1.0
    up = {
        **_both("knee_flexion", 98.0),
        **_both("hip_flexion", 48.0),
        "knees_drop": 0.0,
        "shank_spread": 1.0,
        "trunk_turn": 0.0,
    }
    right = up | {"knees_drop": 50 * sign}
    wrong = dict(right)
    if fault == "legs-straighten":
        wrong |= _both("knee_flexion", 32.0)
    if fault == "knees-apart":
        # One knee stays up, nearly as high above the floor as a shank is long.
        wrong |= {"knees_drop": 32 * sign, "shank_spread": degrees(asin(0.18 / SHANK)) + 4}
    if fault == "shoulder-lifts":
        wrong["trunk_turn"] = 30 * sign
    bad = _mixed(right, wrong, grade)
    script = Script(**up).stay(2.0)
    return _repeat(Acted(script), "trunk-rotation", fault, side, [(right, bad, HOLD_S)], up)


def knees(fault: str | None, grade: float, side: str) -> Acted:
    """Both knees to the chest."""
    angle, far = "angle(near_wrist,near_hip,near_knee)", "angle(far_wrist,far_hip,far_knee)"
    lying = {
        **_both("hip_flexion", 48.0),
        **_both("knee_flexion", 98.0),
        "trunk_inclination": 88.0,
        "neck_flexion": 12.0,
        angle: 120.0,
        far: 120.0,
    }
    right = lying | _both("hip_flexion", 124.0) | _both("knee_flexion", 128.0)
    right |= {angle: 18.0, far: 18.0}
    wrong = dict(right)
    if fault == "one-leg-lags":
        wrong |= {f"hip_flexion_{side}": 83.0, f"knee_flexion_{side}": 92.0}
    if fault == "head-lifts":
        wrong |= {"trunk_inclination": 71.0, "neck_flexion": 38.0}
    if fault == "hands-not-holding":
        wrong |= {angle: 120.0, far: 120.0}
    bad = _mixed(right, wrong, grade)
    script = Script(**lying).stay(2.0)
    acted = _repeat(Acted(script), "knee-to-chest", fault, "both", [(right, bad, HOLD_S)], lying)
    if fault == "one-leg-lags":
        acted.faults = [(side, start, end) for _, start, end in acted.faults]
    return acted


def thoracic(fault: str | None, grade: float, side: str) -> Acted:
    """Sit with the hands at the head, lie back over the block."""
    foot = 0.45
    thigh = 140.0
    sitting = {
        **_both("hip_flexion", 130.0),
        **_both("knee_flexion", 105.0),
        **_both("shoulder_flexion", 130.0),
        **_both("elbow_flexion", 120.0),
        **_both("elbow_lead", -28.0),
        **_both("thigh_inclination", thigh),
        "trunk_inclination": 6.0,
        "spine_flexion": 0.0,
        "neck_flexion": 0.0,
    }
    right = sitting | _both("hip_flexion", 66.0)
    right |= {"trunk_inclination": 66.0, "spine_flexion": -30.0, "neck_flexion": 4.0}
    wrong = dict(right)
    if fault == "buttocks-lift":
        lifted = degrees(asin(0.12 / sqrt(THIGH**2 + 0 * foot)))
        wrong |= _both("thigh_inclination", thigh - lifted) | _both("hip_flexion", 46.0)
        wrong |= {"trunk_inclination": 78.0, "spine_flexion": -20.0}
    if fault == "head-hangs-back":
        wrong |= _both("shoulder_flexion", 44.0) | _both("elbow_flexion", 90.0)
        wrong |= _both("elbow_lead", 44.0) | {"neck_flexion": -48.0}
    if fault == "elbows-close-in":
        wrong |= _both("elbow_lead", 18.0)
    bad = _mixed(right, wrong, grade)
    script = Script(**sitting).stay(2.0)
    return _repeat(
        Acted(script), "thoracic-extension", fault, "both", [(right, bad, HOLD_S)], sitting
    )


ACTS: dict[str, Act] = {
    "cat-cow": cat_cow,
    "childs-pose": childs_pose,
    "childs-pose-arms-back": arms_back,
    "childs-pose-thread-the-needle": thread,
    "wall-stretch": wall,
    "trunk-rotation": trunk_rotation,
    "shoulder-roll": shoulder_roll,
    "neck-flexion": neck,
    "overhead-reach": overhead,
    "knee-to-chest": knees,
    "thoracic-extension": thoracic,
}
SIDED = (
    "childs-pose-thread-the-needle",
    "wall-stretch",
    "trunk-rotation",
    "neck-flexion",
    "overhead-reach",
)
