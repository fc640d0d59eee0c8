"""The set-up check: is the person where the camera can see what the exercise needs?

Pure: poses and times in, one thing to change out. Each thing has a limit to be told and a
milder one to be content with, and must last before it is told, so that the words do not
change while a person moves. In the order in which it makes sense to mend them: light,
somebody there, the right way up, the camera level, the right side to it, near enough, all in
the picture, the pose to begin in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import split_name
from posecoach.body.facing import TURNED_AWAY
from posecoach.body.points import points
from posecoach.body.upside import upside_down
from posecoach.body.view import Facing, View
from posecoach.plan.plan import Plan
from posecoach.plan.quantity import Reader, Values
from posecoach.plan.target import Goal
from posecoach.pose.landmarks import MIRROR, Landmark
from posecoach.pose.pose import Pose
from posecoach.session.practice_state import SetupState

RIGHT_S = 2.0
"""All must be right for so long; then it goes on by itself."""

TOLD_S = 0.7
"""What is wrong is told once it has lasted; people move into place."""

KEPT_S = 1.2
"""A sentence stays at least as long as it takes to read."""

DOUBT_S = 5.0
"""Of one in three who lie with the feet to the camera the model's depth says that they sit. After
this time, in which whoever sat has lain down, they are believed: the coach takes them as they are.
"""

GRACE_S = 0.4
"""A flaw shorter than this does not begin the two seconds anew."""

PATIENCE_S = 45.0
"""Somebody seen for so long without success is let through: it may be the check that errs."""

DARK = (35.0, 45.0)
"""Mean brightness of the picture, 0..255: told below the first, content above the second.
Below about 40 a webcam's picture is noise, and the pose model's confidence sinks."""

BLACK = (3.0, 6.0)
"""The same of a picture with nothing in it: a covered lens. The darkest room a person could be
told in is brighter, because a sensor's noise is."""

BLACKNESS = "The picture is black. Open the camera's shutter, or take off what covers it."
"""What is said of such a picture."""

FAR = (0.40, 0.45)
"""The body's height, were it upright, against the picture's shorter side. At 0.4 of 480
pixels an upper arm is 36 pixels long: two pixels of tremble are three degrees."""

FAR_FINE = (0.80, 0.90)
"""The same for what moves by centimetres: neck and shoulder girdle."""

FINE = ("neck_", "shoulder_elevation", "shoulder_protraction")

EDGE = (0.0, 0.015)
"""How far inside the picture a landmark must be, as a share of the shorter side."""

SEEN = (0.35, 0.5)
"""A landmark's visibility, likewise. One that another limb hides is guessed at lower values."""

ROLL_DEG = (9.0, 6.0)
"""How far a standing body may lean in the picture before the camera is taken to be tilted;
nobody stands so for long."""

SHORT_ARM = 0.40
"""An arm with its hand overhead reaches so far above the shoulders, in statures (Drillis and
Contini 1966: upper arm 0.186, forearm with hand 0.254), less what a bend takes away."""

ON_HANDS = 0.57
"""From the floor to the top of the head, in statures, on hands and knees: an arm with its hand,
0.44 (Drillis and Contini 1966), and what of the head is above the shoulders. Seen from the
front it is the only length of such a body that does not point at the camera."""

_OTHER_WAY: dict[Facing, str] = {
    "front": "Turn to face the camera.",
    "back": "Turn your back to the camera.",
    "left": "Turn your left side to the camera.",
    "right": "Turn your right side to the camera.",
    "three-quarter": "Turn half away from the camera.",
    "feet": "Lie down with your feet to the camera.",
}

_PARTS: tuple[tuple[str, tuple[Landmark, ...]], ...] = (
    ("feet", (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX)),
    ("knees", (Landmark.LEFT_KNEE,)),
    ("hands", (Landmark.LEFT_WRIST,)),
    ("elbows", (Landmark.LEFT_ELBOW,)),
    ("hips", (Landmark.LEFT_HIP,)),
    ("shoulders", (Landmark.LEFT_SHOULDER,)),
    ("head", (Landmark.NOSE, Landmark.LEFT_EAR)),
)
"""Words for landmarks; of several that are missing the first is named: the way back is found
by the farthest."""


_AT_A_DESK = {
    Landmark.LEFT_HIP,
    Landmark.LEFT_ELBOW,
    Landmark.LEFT_WRIST,
}


@dataclass(frozen=True, slots=True)
class Needs:
    """What one exercise needs to be seen.

    Attributes:
        landmarks: names for the left side, each with the views from which some measure can
            use it; both sides count unless ``near_only``.
        near_only: in side views the far side is hidden, and need not be seen.
        views: the camera views it can be seen from.
        fine: whether it moves head and shoulders by centimetres, and nothing else.
        overhead: whether arms go overhead, so that room above the head is needed.
        say: words for the pose to begin in.
    """

    landmarks: Mapping[Landmark, frozenset[Facing]]
    near_only: bool
    views: tuple[Facing, ...]
    fine: bool
    overhead: bool
    say: str

    @classmethod
    def of(cls, plan: Plan) -> Needs:
        """What those of a plan's measures need without which it cannot be coached."""
        exercise = plan.exercise
        found: dict[Landmark, frozenset[Facing]] = {}
        for name in _needed(plan):
            if not name.startswith("angle("):
                measure = split_name(name)[0]
                for landmark in measure.landmarks:
                    found[landmark] = found.get(landmark, frozenset()) | set(measure.views)
        wanted = [target for step in exercise.steps for target in step.targets]
        overhead = any(
            (target.measure or "").startswith(("shoulder_flexion", "shoulder_abduction"))
            and target.low_deg >= 140
            for target in (*wanted, *exercise.start.targets)
        )
        upright = bool({"upright", "sitting"} & set(exercise.posture))
        steps = [step.circle.up.measure or "" for step in exercise.steps if step.circle]
        moved = [target.measure or "" for target in wanted] + steps
        fine = bool(moved) and all(name.startswith(FINE) for name in moved)
        return cls(
            landmarks=found,
            near_only={"left", "right"} <= set(exercise.view),
            views=exercise.view,
            fine=fine,
            overhead=overhead and upright,
            say=(exercise.setup or exercise.start).say.replace("{side} ", ""),
        )

    def seen_from(self, facing: Facing) -> frozenset[Landmark]:
        """The landmarks that are of use from there.

        Of a view the exercise does not have, where it is unknown above all, all of them are.
        """
        if facing not in self.views:
            return frozenset(self.landmarks)
        return frozenset(each for each, views in self.landmarks.items() if facing in views)


def _needed(plan: Plan) -> list[str]:
    """The measures that tell the poses and the movement.

    Not those of form faults alone: a fault that cannot be seen is not claimed, and nobody has
    to step back for it. Nor those that may be unknown.
    """
    names: dict[str, None] = {}
    for side in plan.sides:
        for goal in (*side.setup, *side.start, *(g for step in side.steps for g in step.goals)):
            if not goal.tolerated:
                names.update(dict.fromkeys(goal.reader.names))
    for step in plan.circles:
        for quantity in (step.circle.up, step.circle.across):
            names.update(dict.fromkeys(Reader.of(quantity, "left").names))
    return list(names)


def brightness(image: NDArray[np.uint8]) -> float:
    """Mean brightness of a BGR picture, 0..255, from every eighth pixel each way."""
    return float(np.mean(cv2.cvtColor(np.ascontiguousarray(image[::8, ::8]), cv2.COLOR_BGR2GRAY)))


def _stature(glimpse: Glimpse) -> float:
    """The body's height in pixels, were it upright; of what points at the camera a guess."""
    found: float = points(glimpse.pose).stature
    on_hands = glimpse.view.posture in ("all-fours", "kneeling")
    if on_hands and glimpse.view.facing in ("front", "back"):
        high = glimpse.pose.image[glimpse.pose.visibility >= SEEN[1], 1]
        found = max(found, float(np.ptp(high)) / ON_HANDS if high.size else 0.0)
    return found


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What one frame shows.

    Attributes:
        light: mean brightness of the picture, 0..255.
        values: degrees by measure, for the pose to begin in.
    """

    pose: Pose
    view: View
    light: float
    values: Values


class SetupCheck:
    """Checks one exercise's set-up.

    Args:
        plan: the exercise as prescribed.
        patience_s: see ``PATIENCE_S``.
    """

    def __init__(self, plan: Plan, patience_s: float = PATIENCE_S) -> None:
        self.needs = Needs.of(plan)
        self._plan, self._patience_s = plan, patience_s
        self._told: str | None = None
        self._told_s = -math.inf
        self._candidate: str | None = None
        self._candidate_s = 0.0
        self._right_s: float | None = None
        self._wrong_s: float | None = None
        self._seen_s: float | None = None
        self._doubt_s: float | None = None
        self._believed = False
        self.passed = False

    def update(self, time_s: float, glimpse: Glimpse) -> SetupState:
        """Take the next frame; what is wrong, or how far the two seconds have gone."""
        if glimpse.pose.seen and self._seen_s is None:
            self._seen_s = time_s
        self._doubt(time_s, glimpse)
        wrong = self._first_wrong(glimpse)
        self._count(time_s, wrong is not None)
        told = self._steady(time_s, wrong)
        if (
            self._seen_s is not None
            and time_s - self._seen_s >= self._patience_s
            and glimpse.pose.seen
        ):
            self.passed = True
        fraction = 0.0 if self._right_s is None else (time_s - self._right_s) / RIGHT_S
        if fraction >= 1 and wrong is None:
            self.passed = True
        return SetupState(told, 0.0 if told else min(1.0, max(0.0, fraction)))

    def _doubt(self, time_s: float, glimpse: Glimpse) -> None:
        """Follow for how long somebody who seems to sit may as well lie as they are asked to."""
        if not (self._plan.exercise.feet_first and glimpse.view.may_lie):
            self._doubt_s = None
        elif self._doubt_s is None:
            self._doubt_s = time_s
        self._believed = self._doubt_s is not None and time_s - self._doubt_s >= DOUBT_S

    def _count(self, time_s: float, wrong: bool) -> None:
        """Begin or keep the two seconds; a short flaw is forgiven."""
        if not wrong:
            self._wrong_s = None
            if self._right_s is None:
                self._right_s = time_s
            return
        if self._wrong_s is None:
            self._wrong_s = time_s
        if time_s - self._wrong_s >= GRACE_S:
            self._right_s = None

    def _steady(self, time_s: float, wrong: str | None) -> str:
        """The words to show now."""
        if wrong != self._candidate:
            self._candidate, self._candidate_s = wrong, time_s
        lasted = time_s - self._candidate_s
        first = self._told is None
        needed = 0.0 if first and wrong else GRACE_S if wrong is None else TOLD_S
        if lasted >= needed and (first or time_s - self._told_s >= KEPT_S or wrong is None):
            words = wrong or ""
            if words != self._told:
                self._told, self._told_s = words, time_s
        return self._told or ""

    def _first_wrong(self, glimpse: Glimpse) -> str | None:
        checks: tuple[Callable[[Glimpse], str | None], ...] = (
            self._light,
            self._somebody,
            self._right_way_up,
            self._level,
            self._facing,
            self._near,
            self._inside,
            self._pose,
        )
        for check in checks:
            wrong = check(glimpse)
            if wrong:
                return wrong
        return None

    def _limit(self, limits: tuple[float, float], words: str) -> float:
        """The stricter limit while it is being told, the milder one else."""
        return limits[1] if self._told == words else limits[0]

    def _light(self, glimpse: Glimpse) -> str | None:
        if glimpse.light < self._limit(BLACK, BLACKNESS):
            return BLACKNESS
        words = "It is too dark. Turn on a light."
        return words if glimpse.light < self._limit(DARK, words) else None

    def _somebody(self, glimpse: Glimpse) -> str | None:
        return None if glimpse.pose.seen else "I can't see you. Come nearer, into the picture."

    def _right_way_up(self, glimpse: Glimpse) -> str | None:
        words = "The picture is upside down. Turn the camera round."
        return words if upside_down(glimpse.pose) else None

    def _level(self, glimpse: Glimpse) -> str | None:
        """Whether a standing body stands upright in the picture."""
        if glimpse.view.posture != "upright" or glimpse.view.facing not in ("front", "back"):
            return None
        p = points(glimpse.pose)
        ankles = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
        knees = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
        if min(p.seen[each] for each in (*ankles, *knees)) < SEEN[1]:
            return None
        feet = (p.at[ankles[0]] + p.at[ankles[1]]) / 2
        legs, trunk = p.hips - feet, -p.down
        words = "Level the camera: the picture is tilted."
        limit = self._limit(ROLL_DEG, words)
        # A body that leans bends at the hips; with a tilted camera all of it is tilted alike.
        leans = [math.degrees(math.atan2(part.real, -part.imag)) for part in (legs, trunk)]
        tilted = min(map(abs, leans)) > limit and leans[0] * leans[1] > 0
        return words if tilted else None

    def _facing(self, glimpse: Glimpse) -> str | None:
        views, now = self.needs.views, glimpse.view.facing
        if now == "unknown" or now in views or self._believed:
            return None
        if now == "three-quarter" and "front" in views and glimpse.view.turned_deg <= TURNED_AWAY:
            # A laptop beside the keyboard: whoever had sat straight before it first could have
            # turned so far, and the coach would still see them from the front.
            return None
        if {"left", "right"} <= set(views):
            return f"Turn your {glimpse.view.near} side to the camera."
        return _OTHER_WAY.get(views[0])

    def _near(self, glimpse: Glimpse) -> str | None:
        words = "Come nearer to the camera."
        share = _stature(glimpse) / min(glimpse.pose.size)
        return words if share < self._limit(FAR_FINE if self.needs.fine else FAR, words) else None

    def _inside(self, glimpse: Glimpse) -> str | None:
        of_use = self.needs.seen_from(glimpse.view.facing)
        if points(glimpse.pose).hip_below:
            # At a desk: the coach believes the hips (``points.BELOW_PICTURE``), and for head and
            # shoulders asks nothing of the arms.
            of_use -= _AT_A_DESK if self.needs.fine else {Landmark.LEFT_HIP}
        for part, landmarks in _PARTS:
            needed = of_use & set(landmarks)
            if needed and self._cut(glimpse, needed, part):
                return self._back(part)
        if self.needs.overhead and self._no_room_above(glimpse):
            return "Step back: I need to see your raised hands."
        return None

    @staticmethod
    def _back(part: str) -> str:
        return f"I can't see your {part}. Step back, or turn the camera."

    def _cut(self, glimpse: Glimpse, needed: frozenset[Landmark], part: str) -> bool:
        """Whether a needed landmark is outside the picture or not seen."""
        words = self._back(part)
        edge = self._limit(EDGE, words) * min(glimpse.pose.size)
        visibility = self._limit(SEEN, words)
        for landmark in needed:
            sides = [int(landmark), MIRROR[landmark]]
            if self.needs.near_only:
                sides = sides[:1] if glimpse.view.near == "left" else sides[1:]
            for index in sides:
                x, y = glimpse.pose.image[index]
                inside = (
                    edge <= x <= glimpse.pose.size[0] - edge
                    and edge <= y <= glimpse.pose.size[1] - edge
                )
                if not inside or glimpse.pose.visibility[index] < visibility:
                    return True
        return False

    def _no_room_above(self, glimpse: Glimpse) -> bool:
        p = points(glimpse.pose)
        room: float = p.shoulders.imag - SHORT_ARM * p.stature
        return room < -0.02 * glimpse.pose.size[1]

    def _pose(self, glimpse: Glimpse) -> str | None:
        """Whether the posture is the exercise's, and one of the poses to begin in is taken.

        That is the pose for one's own zero, or the start pose: who has the arm on the wall
        already need not take it down again.
        """
        postures = self._plan.exercise.posture
        now = glimpse.view.posture
        if now != "unknown" and now not in postures and not self._believed:
            return self.needs.say
        if not self._plan.sides[0].setup:
            return None
        poses = [self._plan.sides[0].setup, *(side.start for side in self._plan.sides)]
        return None if any(_may_be(pose, glimpse.values) for pose in poses) else self.needs.say


def _may_be(pose: Sequence[Goal], values: Values) -> bool:
    """Whether nothing that is seen speaks against a pose."""
    return not any(goal.met(goal.reader.raw(values)) is False for goal in pose)
