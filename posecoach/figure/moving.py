"""A figure that does a stretch, moved through the definition's own targets.

Nothing but the definition is asked: what it says wrongly is seen. Holds are shortened, for it is a
look at the movement and not the practice of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import atan2, cos, degrees, pi, radians, sin

import numpy as np

from posecoach.exercise.definition import Circle, Exercise
from posecoach.figure.body import Figure, bounds_of, figure_of
from posecoach.plan.plan import make_plan
from posecoach.plan.sides import Side, fill
from posecoach.pose.pose import Floats

STAY_S, HOLD_S, TURN_S = 0.9, 1.6, 0.3
"""How long the start pose, a hold and a turning point are shown: as long as a look takes, so that a
whole repetition of each side is seen in a quarter of a minute."""

WAY_S = 1.1
"""How long the way from one to the next takes: people move so in the truth clips (0.8 to 1.6 s)."""

ROUND_S, ROUNDS = 2.0, 2
"""How long a circle takes, and how many of them are shown in each direction."""

ROUND_PARTS = 8
"""Positions of which a circle is made: between them the way is nearly straight."""

RISE = 2.0
"""Times its least height that a circle is drawn high: so much it is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A position the figure comes to.

    Attributes:
        figure: standing on the floor.
        arrive_s, leave_s: from when to when it is there.
        say: what the person is told.
    """

    figure: Figure
    arrive_s: float
    leave_s: float
    say: str


@dataclass(frozen=True, eq=False)
class Moving:
    """The whole movement.

    Attributes:
        keys: the positions in their order; the last is the first again.
    """

    keys: tuple[Key, ...]

    @property
    def seconds(self) -> float:
        """How long it takes once."""
        return self.keys[-1].leave_s

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest point of all that is drawn, on the way, too."""
        times = np.arange(0, self.seconds, WAY_S / 8)
        each = [bounds_of(self.at(float(time_s))[0]) for time_s in times]
        each += [bounds_of(key.figure) for key in self.keys]
        low = np.min([low for low, _ in each], axis=0)
        high = np.max([high for _, high in each], axis=0)
        return low, high

    def at(self, time_s: float) -> tuple[Figure, str]:
        """The figure at a time, over and over, and what the person is told then."""
        time_s %= self.seconds
        index = bisect_right([key.arrive_s for key in self.keys], time_s) - 1
        key = self.keys[max(index, 0)]
        if time_s <= key.leave_s or index + 1 == len(self.keys):
            return key.figure, key.say
        after = self.keys[index + 1]
        part = (time_s - key.leave_s) / (after.arrive_s - key.leave_s)
        # As people move: minimum jerk (Flash and Hogan 1985).
        smooth = part**3 * (10 - 15 * part + 6 * part**2)
        return between(key.figure, after.figure, smooth), after.say


@lru_cache(maxsize=32)
def moving(exercise: Exercise) -> Moving:
    """The movement of one repetition on each side."""
    keys: list[Key] = []
    now_s = 0.0
    lying = "lying" in exercise.posture or exercise.posture[0] == "sitting"
    for figure, stay_s, way_s, say in _alike(list(_stations(exercise))):
        arrive_s = now_s + (way_s if keys else 0.0)
        now_s = arrive_s + stay_s
        keys.append(Key(on_floor(figure, lying=lying), arrive_s, now_s, say))
    return Moving(tuple(keys))


_Station = tuple[Figure, float, float, str]
"""A figure, how long it stays, how long the way to it takes, what is said."""


def _alike(stations: Sequence[_Station]) -> Iterator[_Station]:
    """Draw both arms, or legs, everywhere where they differ somewhere."""
    apart = {
        name.split()[0]: [n for n, _ in figure.limbs if n.startswith(name.split()[0])]
        for figure, *_ in stations
        for name, _ in figure.limbs
        if name.endswith((" left", " right"))
    }
    for figure, stay_s, way_s, say in stations:
        limbs = [
            (each, points) for name, points in figure.limbs for each in apart.get(name, [name])
        ]
        yield Figure(tuple(limbs), figure.head, figure.working), stay_s, way_s, say


def _stations(exercise: Exercise) -> Iterator[_Station]:
    plan = make_plan(exercise)
    start = figure_of(exercise, None, plan.sides[0].side)
    say = fill(exercise.start.say, plan.sides[0].side)
    first: _Station = (start, STAY_S, WAY_S, say)
    if exercise.setup is not None:
        neutral = figure_of(exercise, None, plan.sides[0].side, neutral=True)
        first = (neutral, STAY_S, WAY_S, fill(exercise.setup.say, plan.sides[0].side))
    yield first
    for side in plan.sides:
        start = figure_of(exercise, None, side.side)
        if exercise.setup is not None:
            yield start, STAY_S, WAY_S, side.start_say
        for step in exercise.steps:
            said = fill(step.say, side.side)
            if step.circle is not None:
                yield from _round(exercise, step.circle, side.side, said)
                continue
            stay_s = TURN_S if step.hold is None else HOLD_S
            yield figure_of(exercise, step.id, side.side), stay_s, WAY_S, said
        yield start, STAY_S, WAY_S, side.start_say
    if exercise.setup is not None or len(plan.sides) > 1:
        yield first


def _round(exercise: Exercise, circle: Circle, side: Side, say: str) -> Iterator[_Station]:
    """The shoulders round and round; from the front only their height is seen of it."""
    start = figure_of(exercise, None, side)
    high = RISE * circle.size
    for part in range(1, ROUNDS * ROUND_PARTS + 1):
        turn = 2 * pi * part / ROUND_PARTS
        yield _raised(start, high * (1 - cos(turn)) / 2), 0.0, ROUND_S / ROUND_PARTS, say


def _raised(figure: Figure, elevation: float) -> Figure:
    """With the shoulders and the arms lifted by so many degrees, as ``figure_of`` lifts them."""
    up = np.array([0.0, 0.006 * elevation])
    limbs = []
    for name, points in figure.limbs:
        lifted = points.copy()
        if name.startswith("arm"):
            lifted += up
        elif name == "torso":
            lifted[1:3] += up
        limbs.append((name, lifted))
    return Figure(tuple(limbs), figure.head, figure.working)


def on_floor(figure: Figure, *, lying: bool) -> Figure:
    """Put a figure on the floor, on the spot on which its feet stay, or its hips where it lies."""
    lowest = min(float(points[:, 1].min()) for _, points in figure.limbs)
    legs = [points for name, points in figure.limbs if name.startswith("leg")]
    spot = 0.0 if lying or not legs else float(np.mean([leg[2, 0] for leg in legs]))
    shift = np.array([spot, lowest])
    limbs = tuple((name, points - shift) for name, points in figure.limbs)
    return Figure(limbs, figure.head - shift, figure.working)


def between(one: Figure, two: Figure, part: float) -> Figure:
    """The figure on its way: bones turn, as bones do, by the shorter way."""
    limbs = tuple(
        (name, _turned(start, end, part, rigid=name not in ("torso", "trunk")))
        for (name, start), (_, end) in zip(one.limbs, two.limbs, strict=True)
    )
    head = one.head + part * (two.head - one.head)
    return Figure(limbs, head, two.working if part >= 0.5 else one.working)


def _turned(start: Floats, end: Floats, part: float, *, rigid: bool) -> Floats:
    if not rigid:
        way: Floats = start + part * (end - start)
        return way
    points = [start[0] + part * (end[0] - start[0])]
    for index in range(1, len(start)):
        before, after = start[index] - start[index - 1], end[index] - end[index - 1]
        length = np.hypot(*before) + part * (np.hypot(*after) - np.hypot(*before))
        heading = degrees(atan2(before[1], before[0]))
        turn = (degrees(atan2(after[1], after[0])) - heading + 180) % 360 - 180
        angle = radians(heading + part * turn)
        points.append(points[-1] + length * np.array([cos(angle), sin(angle)]))
    return np.stack(points)
