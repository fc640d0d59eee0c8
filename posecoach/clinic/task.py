"""What one recording of a run comes to: rows for the tables, whatever happens to it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posecoach.clinic.about import Versions, difference, versions
from posecoach.clinic.found import Wanted
from posecoach.clinic.job import Job, coached
from posecoach.errors import PoseCoachError
from posecoach.plan.sides import SIDES
from posecoach.session.result import Result
from posecoach.shares import kept_share
from posecoach.writing import readable

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to coach, and what its rows say besides.

    Attributes:
        wanted: the recording.
        job: how it is coached.
        known: columns that are known before: the definition's hash, the model's.
        versions: what whoever coaches it must have.
    """

    wanted: Wanted
    job: Job
    known: Mapping[str, Any]
    versions: Versions


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        rows: by table; empty where it was not coached.
        away: the folder of its share that was not there; it is to be tried again.
        refused: why this process may not coach it, in a sentence.
    """

    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    away: str = ""
    refused: str = ""

    @property
    def failed(self) -> bool:
        """Whether its row is one of a failure."""
        return bool(self.rows) and not self.rows["recordings"][0]["coached"]


def carried_out(task: Task, bundle: Path | None = None) -> Outcome:
    """Coach a task's recording, in whichever process; no error of a recording leaves it.

    Args:
        bundle: the pose model here, where it is not the one of the job.
    """
    refused = difference(task.versions, versions(), f"The worker {_place()}")
    if refused:
        return Outcome(refused=refused)
    job = task.job if bundle is None else replace(task.job, bundle=bundle)
    began = time.perf_counter()
    try:
        result = coached(job, lambda done, total: None)
    except PoseCoachError as error:
        problem = str(error)
    except Exception as error:
        said = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(".")
        problem = f"Something in the program failed ({said})."
    else:
        if result.frames and not (result.notes and _gone(task)):
            return Outcome(_rows(task, result, time.perf_counter() - began))
        problem = f"No picture of {task.wanted.file} can be decoded."
    if _gone(task):
        return Outcome(away=task.wanted.root)
    return failed(task, problem, time.perf_counter() - began)


def failed(task: Task, problem: str, seconds: float = 0.0) -> Outcome:
    """The row of a recording that could not be coached, with the reason in a sentence."""
    row = _first(task, seconds) | {"coached": False, "problem": readable(problem)}
    return Outcome({"recordings": [row], "repetitions": [], "holds": [], "faults": []})


def _gone(task: Task) -> bool:
    """Whether the share is: then nothing that was read of the recording counts."""
    return not Path(task.wanted.root).is_dir()


def _place() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _first(task: Task, seconds: float) -> Row:
    wanted = task.wanted
    try:
        size: int | None = Path(wanted.file).stat().st_size
    except (OSError, ValueError):
        size = None
    return {
        "file": readable(wanted.file),
        "exercise": task.job.plan.exercise.id,
        "person": wanted.person,
        "profile": wanted.profile,
        "hold_s": wanted.hold_s,
        "size_bytes": size,
        "worker": _place(),
        "seconds": seconds,
        "finished": datetime.now(UTC),
        **task.known,
    }


def _rows(task: Task, result: Result, seconds: float) -> Mapping[str, list[Row]]:
    whose = {
        "file": readable(task.wanted.file),
        "exercise": task.job.plan.exercise.id,
        "person": task.wanted.person,
        "definition": task.known["definition"],
    }
    plain = result.as_json()
    counts = {
        f"{what}_{side}": plain[what][side]
        for what in ("repetitions", "attempts")
        for side in SIDES
    }
    spans = [each.end_s - each.start_s for each in result.ended]
    spans += [each.end_s - each.start_s for each in result.circles]
    recording = _first(task, seconds) | counts
    recording |= {
        "coached": True,
        "problem": "",
        "duration_s": plain["duration_s"],
        "frames": plain["frames"],
        "frames_with_person": plain["frames_with_person"],
        "accuracy": plain["accuracy"],
        "tried_s": round(sum(spans), 3),
        "unseen_s": round(sum(each["end_s"] - each["start_s"] for each in plain["unseen"]), 3),
        "unseen": list(dict.fromkeys(each["text"] for each in plain["unseen"])),
        "notes": plain["notes"],
    }
    return {
        "recordings": [recording],
        "repetitions": [whose | each for each in _repetitions(result)],
        "holds": [whose | each for each in plain["holds"]],
        "faults": [whose | each for each in plain["faults"]],
    }


def _repetitions(result: Result) -> list[Row]:
    """Every attempt, and every circle, in the order of time."""
    rows: list[Row] = [
        {
            "side": each.side,
            "direction": "",
            "start_s": round(each.start_s, 3),
            "end_s": round(each.end_s, 3),
            "counted": each.completed,
            "accuracy": kept_share(each.accuracy),
            "reason": each.reason,
        }
        for each in result.ended
    ]
    rows += [
        {
            "side": "both",
            "direction": each.direction,
            "start_s": round(each.start_s, 3),
            "end_s": round(each.end_s, 3),
            "counted": each.counted,
            "accuracy": float(each.counted),
            "reason": "",
        }
        for each in result.circles
    ]
    return sorted(rows, key=lambda row: float(row["start_s"]))
