"""Photos of a stretch: each judged by itself, because holds and repetitions need time."""

from __future__ import annotations

from math import isnan
from typing import Any

from rich.console import Console
from rich.table import Table

from posecoach.observe.observer import Observer
from posecoach.plan.plan import Plan, StepPlan
from posecoach.plan.target import frame_score
from posecoach.session.eyes import Eyes
from posecoach.shares import kept_share, percent
from posecoach.source.source import Source


def coach_photos(plan: Plan, source: Source, eyes: Eyes, console: Console) -> dict[str, object]:
    """Print and return, for each photo, the step it comes nearest to and its targets."""
    photos = []
    for frame in source.frames():
        pose = eyes.estimate(frame.image, frame.time_s)
        observation = Observer(plan.measures).observe_photo(pose)
        values = observation.values
        posture = observation.view.posture
        entry: dict[str, Any] = {
            "photo": frame.name or source.name,
            "person": bool(pose.seen),
            "posture": posture,
        }
        candidates = [
            (_score(step, values), step, side.side)
            for side in plan.sides
            for step in side.steps
            if _drivers_known(step, values)
        ]
        if candidates and posture in (*plan.exercise.posture, "unknown"):
            score, step, side_name = max(candidates, key=lambda each: each[0])
            entry |= {
                "step": step.id,
                "side": side_name,
                "accuracy": kept_share(score),
                "targets": [
                    {
                        "measure": goal.reader.name,
                        "value": None if isnan(value) else round(value, 1),
                        "met": goal.met(value),
                    }
                    for goal in step.goals
                    for value in [goal.reader.read(values, {})]
                ],
            }
        photos.append(entry)
    _print(console, photos)
    return {"exercise": plan.exercise.id, "source": source.name, "photos": photos}


def _score(step: StepPlan, values: Any) -> float:
    return frame_score(step.goals, [goal.reader.read(values, {}) for goal in step.goals])


def _reason(entry: dict[str, Any]) -> str:
    if not entry["person"]:
        return "nobody is seen"
    return f"not a step of this exercise, or it cannot be seen (posture: {entry['posture']})"


def _drivers_known(step: StepPlan, values: Any) -> bool:
    """Whether the movement itself can be seen: without it form alone says nothing."""
    return not any(isnan(goal.reader.read(values, {})) for goal in step.drivers)


def _print(console: Console, photos: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("photo", "nearest step", "side", "accuracy", "targets"):
        table.add_column(title)
    for entry in photos:
        if "step" not in entry:
            reason = _reason(entry)
            table.add_row(entry["photo"], reason)
            continue
        targets = ", ".join(
            f"{t['measure']} {'?' if t['value'] is None else format(t['value'], '.0f')}"
            f"{'' if t['met'] is None else ' ok' if t['met'] else ' off'}"
            for t in entry["targets"]
        )
        row = (entry["photo"], entry["step"], entry["side"], percent(entry["accuracy"]), targets)
        table.add_row(*row)
    console.print(table)
