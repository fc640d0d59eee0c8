"""Broken exercise files: mutations of the real ones, and texts out of nothing.

What is accepted in spite of it must be fit to coach by.
"""

from __future__ import annotations

import copy
import json
import math
from functools import cache
from random import Random
from typing import Any

import yaml

from posecoach.body.view import View
from posecoach.coach.coach import Coach
from posecoach.data import data_dir
from posecoach.exercise.check import check_text
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import definition_files
from posecoach.plan.plan import make_plan
from posecoach.session.result import Result
from posecoach.store.definitions import definition_text, parse_definition

JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    90,
    1e-320,
    1e308,
    -1e308,
    10**400,
    math.nan,
    math.inf,
    -math.inf,
    "",
    " ",
    "{side}",
    "{other}",
    "{",
    "{nobody}",
    "left",
    "both",
    "elbow_flexion",
    "elbow_flexion_{side}",
    "angle(left_hip,left_knee,left_ankle)",
    "circle_height_left",
    "wall-stretch",
    "../../etc/passwd",
    "ö" * 300,
    "\u202e\u0007",
    [],
    {},
    [[[]]],
    [90, 10],
    [10, 90],
    [math.nan, 1],
    {"measure": "trunk_turn", "at_least": 5},
    {"any": []},
)
PIECES: tuple[str, ...] = (
    *"{}[]:,-#&*!|>'\"%@`?\t\n \\\0\x07",
    "<<: *a",
    "&a [*a]",
    "!!python/object:os.system",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "\ufeff",
    "\u2028",
    "\ud7ff",
    "steps:\n",
    "  - id: x\n",
    "1e999",
    "0x1F",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "~",
    "yes",
)


@cache
def texts() -> tuple[str, ...]:
    """The real definitions."""
    return tuple(path.read_text("utf-8") for path in definition_files(data_dir("exercises")))


def trial(random: Random) -> str:
    """Check one broken definition; coach by it if it is accepted."""
    text = broken(random)
    checked = check_text(text, "broken.yaml")
    for problem in checked.problems:
        told = str(problem)
        assert "\n" not in told.strip(), f"a problem of several lines: {told!r}"
        assert len(told) < 1000, f"a problem of {len(told)} characters"
    if checked.exercise is None:
        assert checked.errors, "refused without a reason"
        return "refused"
    coach_by(checked.exercise, random)
    return "accepted and coached"


def broken(random: Random) -> str:
    """Return a broken definition's text."""
    text = random.choice(texts())
    way = random.random()
    if way < 0.55:
        tree = yaml.safe_load(text)
        change = _nudge if way < 0.2 else _mutate
        for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
            change(tree, random)
        dumped: str = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
        return dumped
    if way < 0.9:
        for _ in range(random.choice((1, 1, 2, 5, 20))):
            text = _scribble(text, random)
        return text
    if way < 0.95:
        return "".join(random.choice(PIECES) for _ in range(random.randrange(60)))
    return "".join(chr(random.randrange(1, 0xD7FF)) for _ in range(random.randrange(80)))


def coach_by(exercise: Exercise, random: Random) -> None:
    """Coach an erratic minute by a definition; it must come to numbers that can be told."""
    side = random.choice((None, "left", "right")) if exercise.sides == "each" else None
    plan = make_plan(exercise, side=side, repetitions=random.choice((None, 1)))
    again = parse_definition(definition_text(exercise), exercise.id)
    assert definition_text(again) == definition_text(exercise), "it is kept as another one"
    coach, result = Coach(plan), Result(exercise.id, "broken")
    view = View(exercise.view[0], exercise.posture[0], "left", 0.0)
    values = {name: random.uniform(-20, 120) for name in plan.measures}
    for number in range(120):
        for name in values:
            step = random.choice((0.0, 0.0, 2.0, 15.0, 60.0))
            values[name] = min(180.0, max(-180.0, values[name] + random.uniform(-step, step)))
            if random.random() < 0.02:
                values[name] = random.choice((math.nan, 0.0, 90.0))
        state, events = coach.update(number / 4, {} if random.random() < 0.03 else values, view)
        result.add(events)
        assert math.isfinite(state.held_s), "held for no number of seconds"
        assert state.held_s >= 0, f"held for {state.held_s} s"
    result.add(coach.finish())
    told = result.as_json()
    json.dumps(told, allow_nan=False)
    assert told["accuracy"] is None or 0 <= told["accuracy"] <= 1, f"{told['accuracy']}"


def _mutate(tree: Any, random: Random) -> None:
    """Change one place of a tree of maps and lists."""
    holder, key = random.choice(_places(tree))
    way = random.randrange(7)
    if way == 0:
        del holder[key]
    elif way in (1, 2):
        holder[key] = copy.deepcopy(random.choice(JUNK))
    elif way == 3:
        other, its = random.choice(_places(tree))
        holder[key] = copy.deepcopy(other[its])
    elif way == 4 and isinstance(holder, list):
        holder.insert(random.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
    elif way == 4:
        holder[random.choice(("hold", "drives", "measure", "when", "ends", "x"))] = holder[key]
    elif way == 5 and isinstance(holder[key], (int, float)):
        holder[key] = holder[key] * random.choice((-1, 0, 0.001, 1.01, 10, 1e6))
    elif way == 5:
        holder[key] = {"a": holder[key]}
    else:
        holder[key] = [holder[key]] * random.choice((0, 1, 2, 300))


def _nudge(tree: Any, random: Random) -> None:
    """Change one number or one choice, so that most of what comes is still a definition."""
    places = [(holder, key) for holder, key in _places(tree) if not isinstance(holder[key], str)]
    holder, key = random.choice(places)
    if isinstance(holder[key], bool):
        holder[key] = not holder[key]
    elif isinstance(holder[key], (int, float)):
        holder[key] = random.choice((0, 1, holder[key] + 1, holder[key] * 0.9, holder[key] * 1.5))
    elif isinstance(holder, dict) and random.random() < 0.3:
        del holder[key]


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found = []
    stack = [tree]
    while stack:
        here = stack.pop()
        keys = here.keys() if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append((here, key))
            if isinstance(here[key], (dict, list)) and here[key]:
                stack.append(here[key])
    return found or [({"": None}, "")]


def _scribble(text: str, random: Random) -> str:
    """Change one place of a text."""
    at = random.randrange(len(text) + 1)
    lines = text.splitlines(keepends=True)
    way = random.randrange(6)
    if way == 0:
        return text[:at] + random.choice(PIECES) + text[at:]
    if way == 1:
        return text[:at] + text[at + random.randrange(1, 30) :]
    if way == 2 and lines:
        lines.insert(random.randrange(len(lines)), random.choice(lines))
        return "".join(lines)
    if way == 3 and lines:
        del lines[random.randrange(len(lines))]
        return "".join(lines)
    if way == 4 and lines:
        line = random.randrange(len(lines))
        lines[line] = " " * random.randrange(5) + lines[line]
        return "".join(lines)
    return text[:at] if random.random() < 0.2 else text[:at] + text[at : at + 40] + text[at:]
