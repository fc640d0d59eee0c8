"""The report as data: JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from math import isfinite
from typing import TYPE_CHECKING

from posecoach.report import wording
from posecoach.shares import kept_share

if TYPE_CHECKING:
    from posecoach.report.facts import (
        AttemptFacts,
        ExerciseFacts,
        FaultFacts,
        Hold,
        Reach,
        SessionFacts,
        SideDifference,
        Track,
    )

Cell = str | float | int | None
Row = dict[str, Cell]

COLUMNS = (
    "session",
    "started",
    "exercise",
    "kind",
    "name",
    "side",
    "start_s",
    "end_s",
    "held_s",
    "wanted",
    "counted",
    "accuracy",
    "value",
    "error",
    "unit",
    "text",
)
"""One row for each attempt, hold, fault, reach, angle and exercise; ``kind`` tells which."""


def report_json(facts: SessionFacts) -> dict[str, object]:
    """Plain values. Times in seconds from the exercise's first frame, except in ``result``."""
    return {
        "session": facts.number,
        "uuid": facts.uuid,
        "started": facts.started.isoformat(timespec="seconds"),
        "state": facts.state,
        "source": facts.source,
        "profile": facts.profile,
        "model": facts.model,
        "app_version": facts.app_version,
        "duration_s": round(facts.duration_s, 3),
        "accuracy": _fraction(facts.accuracy),
        "meaning": facts.meaning,
        "compared": list(facts.compared),
        "work_on_next": [
            {"exercise": each.exercise, "about": each.about, "words": each.words}
            for each in facts.advice
        ],
        "proposal": facts.proposal or None,
        "exercises": [_exercise(each) for each in facts.exercises],
        "notice": f"{wording.STOP} {wording.NOT_A_DIAGNOSIS}",
    }


def _exercise(exercise: ExerciseFacts) -> dict[str, object]:
    return {
        "exercise": exercise.id,
        "name": exercise.name,
        "accuracy": _fraction(exercise.accuracy),
        "prescription": {each.side: each.wanted for each in exercise.counts},
        "repetitions": {each.side: each.counted for each in exercise.counts},
        "attempts": {each.side: each.attempts for each in exercise.counts},
        "held_s": round(exercise.held_s, 3),
        "out_of_pose_s": round(exercise.out_s, 3),
        "tries": [_attempt(each) for each in exercise.attempts],
        "holds": [_hold(each) for each in exercise.holds],
        "faults": [_fault(each) for each in exercise.faults],
        "range": [_reach(each) for each in exercise.reaches],
        "left_right": [_sides(each) for each in exercise.sides],
        "targets": [_target(each) for each in exercise.tracks],
        "seen": {
            "person": round(exercise.visibility.person, 3),
            "frames_a_second": round(exercise.visibility.frames_a_second, 1),
            "tips": list(exercise.visibility.tips),
        },
        "compared": list(exercise.compared),
        "notes": list(exercise.notes),
        "result": exercise.result,
    }


def _attempt(attempt: AttemptFacts) -> dict[str, object]:
    return {
        "side": attempt.side,
        "start_s": round(attempt.start_s, 3),
        "end_s": round(attempt.end_s, 3),
        "counted": attempt.counted,
        "accuracy": _fraction(attempt.accuracy),
        "reason": attempt.reason,
        "reached_deg": {name: round(value, 1) for name, value in attempt.reached.items()},
        "faults": list(attempt.faults),
    }


def _hold(hold: Hold) -> dict[str, object]:
    return {
        "step": hold.step,
        "side": hold.side,
        "start_s": round(hold.start_s, 3),
        "end_s": round(hold.end_s, 3),
        "held_s": round(hold.held_s, 3),
        "out_of_pose_s": round(hold.out_s, 3),
        "wanted_s": hold.wanted_s,
        "accuracy": _fraction(hold.accuracy),
        "completed": hold.completed,
    }


def _fault(fault: FaultFacts) -> dict[str, object]:
    return {
        "fault": fault.id,
        "name": fault.name,
        "side": fault.side,
        "start_s": round(fault.start_s, 3),
        "end_s": round(fault.end_s, 3),
        "cue": fault.cue,
        "cue_given_s": None if fault.told_s is None else round(fault.told_s, 3),
    }


def _reach(reach: Reach) -> dict[str, object]:
    return {
        "movement": reach.title,
        "measure": reach.measure,
        "side": reach.side,
        "reached": round(reach.best, 1),
        "error": reach.error,
        "unit": reach.unit,
        "asked": reach.asked,
        "own": reach.own,
        "textbook": reach.textbook,
        "usual": None if reach.usual is None else list(reach.usual),
    }


def _sides(sides: SideDifference) -> dict[str, object]:
    return {
        "movement": sides.title,
        "left": round(sides.left, 1),
        "right": round(sides.right, 1),
        "error": round(sides.unsure, 1),
        "told_apart": sides.told_apart,
    }


def _target(track: Track) -> dict[str, object]:
    return {
        "measure": track.name,
        "title": track.title,
        "error": track.error,
        "unit": track.unit,
        "wanted": [
            {
                "side": band.side,
                "step": band.step,
                "low": band.low if isfinite(band.low) else None,
                "high": band.high if isfinite(band.high) else None,
            }
            for band in track.bands
        ],
    }


def report_csv(facts: SessionFacts) -> str:
    """One table for everything, with the columns ``COLUMNS``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for exercise in facts.exercises:
        for row in _rows(exercise):
            started = facts.started.isoformat(timespec="seconds")
            row = {"session": facts.number, "started": started, "exercise": exercise.id, **row}
            writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _rows(exercise: ExerciseFacts) -> list[Row]:
    rows: list[Row] = [
        {
            "kind": "exercise",
            "name": exercise.name,
            "end_s": exercise.duration_s,
            "held_s": exercise.held_s,
            "counted": sum(each.counted for each in exercise.counts),
            "wanted": sum(each.wanted for each in exercise.counts),
            "accuracy": exercise.accuracy,
        }
    ]
    for attempt in exercise.attempts:
        rows += [_attempt_row(attempt), *_reached_rows(attempt, exercise)]
    rows += [_hold_row(hold) for hold in exercise.holds]
    rows += [_fault_row(fault) for fault in exercise.faults]
    return rows


def _attempt_row(attempt: AttemptFacts) -> Row:
    return {
        "kind": "attempt",
        "name": attempt.number,
        "side": attempt.side,
        "start_s": attempt.start_s,
        "end_s": attempt.end_s,
        "counted": int(attempt.counted),
        "accuracy": attempt.accuracy,
        "text": attempt.reason,
    }


def _reached_rows(attempt: AttemptFacts, exercise: ExerciseFacts) -> list[Row]:
    reaches = {reach.title: reach for reach in reversed(exercise.reaches)}
    return [
        {
            "kind": "reached",
            "name": title,
            "side": attempt.side,
            "start_s": attempt.start_s,
            "end_s": attempt.end_s,
            "value": value,
            "error": reaches[title].error if title in reaches else "",
            "unit": reaches[title].unit if title in reaches else "",
        }
        for title, value in attempt.reached.items()
    ]


def _hold_row(hold: Hold) -> Row:
    return {
        "kind": "hold",
        "name": hold.step,
        "side": hold.side,
        "start_s": hold.start_s,
        "end_s": hold.end_s,
        "held_s": hold.held_s,
        "wanted": hold.wanted_s,
        "counted": int(hold.completed),
        "accuracy": hold.accuracy,
    }


def _fault_row(fault: FaultFacts) -> Row:
    return {
        "kind": "fault",
        "name": fault.id,
        "side": fault.side,
        "start_s": fault.start_s,
        "end_s": fault.end_s,
        "text": fault.cue,
    }


def _cell(value: Cell) -> Cell:
    """Numbers to milliseconds; text that a spreadsheet would take for a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if isfinite(value) else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _fraction(value: float | None) -> float | None:
    return None if value is None else kept_share(value)
