"""Angle traces with known repetitions, holds and faults: what a perfect observer would tell.

A ``Script`` is a person's movement in words ("stay", "go"); ``sample`` looks at it with a
camera of some frame rate, with jitter, noise and frames that are missing; ``follow`` lets a
coach see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any, TypeVar

import numpy as np

from posecoach.body.view import UNKNOWN, View
from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.coach.state import CoachState
from posecoach.exercise.definition import Exercise
from posecoach.observe.spread import EXACT, Spreads
from posecoach.plan.plan import make_plan
from posecoach.session.result import Result

Values = dict[str, float]
Moment = tuple[float, Values]
E = TypeVar("E", bound=Event)


class Script:
    """A person's joints over time, in degrees.

    Movements are minimum-jerk (Flash & Hogan 1985), as people's are: they start and stop
    gently. ``time_s`` is how long the script is so far.
    """

    def __init__(self, **rest: float) -> None:
        self.time_s = 0.0
        self._now = dict(rest)
        self._pieces: list[tuple[float, float, Values, Values]] = []

    def stay(self, seconds: float) -> Script:
        """Do not move."""
        return self.go(seconds)

    def go(self, seconds: float, **there: float) -> Script:
        """Move the named joints there, all arriving together; NaN is not to be seen."""
        end = self.time_s + seconds
        goal = self._now | there
        self._pieces.append((self.time_s, end, self._now, goal))
        self.time_s, self._now = end, goal
        return self

    def at(self, times: np.ndarray) -> dict[str, np.ndarray]:
        """The joints at some times, each (N,)."""
        found: dict[str, np.ndarray] = {}
        starts = np.array([piece[0] for piece in self._pieces])
        index = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 1)
        ends = np.array([piece[1] for piece in self._pieces])
        part = np.clip((times - starts[index]) / np.maximum(ends - starts, 1e-9)[index], 0, 1)
        smooth = part**3 * (10 - 15 * part + 6 * part**2)
        for name in self._now:
            low = np.array([piece[2].get(name, nan) for piece in self._pieces])[index]
            high = np.array([piece[3].get(name, nan) for piece in self._pieces])[index]
            found[name] = low + smooth * (high - low)
        return found


@dataclass(frozen=True)
class Camera:
    """How a script is looked at.

    Attributes:
        fps: frames a second.
        jitter: part of a frame's time by which capture times are off, 0..1.
        noise: standard deviation of each value, degrees.
        lost: part of the frames that are missing, 0..1; never more than ``in_a_row``.
        absent: whether a missing frame never comes (else it comes with nothing known).
        seed: of the dice.
    """

    fps: float = 30.0
    jitter: float = 0.0
    noise: float = 0.0
    lost: float = 0.0
    in_a_row: int = 2
    absent: bool = False
    seed: int = 0

    @property
    def gap_s(self) -> float:
        """The longest time between two moments of which something is known."""
        return (1 + (self.in_a_row if self.lost else 0) + 2 * self.jitter) / self.fps


def sample(script: Script, camera: Camera, start_s: float = 0.0) -> list[Moment]:
    """What the camera sees of the script, from ``start_s`` on the camera's clock."""
    dice = np.random.default_rng(camera.seed)
    count = int(script.time_s * camera.fps) + 1
    offsets = dice.uniform(-0.49, 0.49, count) * camera.jitter
    times = (np.arange(count) + offsets) / camera.fps
    joints = script.at(times)
    names = list(joints)
    matrix = np.stack([joints[name] for name in names], axis=1)
    if camera.noise:
        matrix = matrix + dice.normal(0, camera.noise, matrix.shape)
    missing = _missing(dice.random(count) < camera.lost, camera.in_a_row)
    moments: list[Moment] = []
    for time_s, row, gone in zip((times + start_s).tolist(), matrix.tolist(), missing, strict=True):
        if not gone:
            moments.append((time_s, dict(zip(names, row, strict=True))))
        elif not camera.absent:
            moments.append((time_s, dict.fromkeys(names, nan)))
    return moments


def _missing(wished: np.ndarray, in_a_row: int) -> list[bool]:
    missing: list[bool] = []
    run = 0
    for each in wished.tolist():
        run = run + 1 if each else 0
        missing.append(0 < run <= in_a_row)
        run = 0 if run > in_a_row else run
    return missing


@dataclass
class Followed:
    """What a coach made of a trace."""

    coach: Coach
    result: Result
    events: list[Event] = field(default_factory=list)
    states: list[CoachState] = field(default_factory=list)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def follow(
    exercise: Exercise,
    moments: Iterable[tuple[float, Mapping[str, float]]],
    *,
    view: View = UNKNOWN,
    spreads: Spreads = EXACT,
    states: bool = False,
    **prescribed: Any,
) -> Followed:
    """Coach an exercise over a trace, to its end."""
    coach = Coach(make_plan(exercise, **prescribed))
    followed = Followed(coach, Result(exercise.id, "trace"))
    for time_s, values in moments:
        state, events = coach.update(time_s, values, view, spreads)
        followed.events += events
        if states:
            followed.states.append(state)
    followed.events += coach.finish()
    followed.result.add(followed.events)
    return followed


def exercise(
    steps: Sequence[Mapping[str, Any]],
    start: Sequence[Mapping[str, Any]],
    *,
    sides: str = "none",
    faults: Sequence[Mapping[str, Any]] = (),
    **other: Any,
) -> Exercise:
    """A definition of no more than what a test is about."""
    return Exercise.model_validate(
        {
            "id": "made-up",
            "name": "Made up",
            "purpose": "Tests the coach",
            "posture": ["upright"],
            "view": ["front"],
            "camera": "Face the camera.",
            "safety": ["Stop where it hurts"],
            "sides": sides,
            "repetitions": 3,
            "start": {"say": "Stand", "targets": list(start)},
            "steps": [{"say": f"Do {step['id']}"} | dict(step) for step in steps],
            "faults": list(faults),
            "source": "made for the tests",
        }
        | other
    )
