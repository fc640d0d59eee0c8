"""The report as data: JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from math import isfinite
from typing import TYPE_CHECKING, Any

from posecoach.report import wording

if TYPE_CHECKING:
    from posecoach.report.facts import ExerciseFacts, SessionFacts

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


def report_json(facts: SessionFacts) -> dict[str, Any]:
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
        "meaning": wording.accuracy_words(facts.accuracy),
        "compared": list(facts.compared),
        "work_on_next": [
            {"exercise": each.exercise, "about": each.about, "words": each.words}
            for each in facts.advice
        ],
        "proposal": facts.proposal or None,
        "exercises": [_exercise(each) for each in facts.exercises],
        "notice": f"{wording.STOP} {wording.NOT_A_DIAGNOSIS}",
    }


def _exercise(exercise: ExerciseFacts) -> dict[str, Any]:
    return {
        "exercise": exercise.id,
        "name": exercise.name,
        "accuracy": _fraction(exercise.accuracy),
        "prescription": {each.side: each.wanted for each in exercise.counts},
        "repetitions": {each.side: each.counted for each in exercise.counts},
        "attempts": {each.side: each.attempts for each in exercise.counts},
        "held_s": round(exercise.held_s, 3),
        "out_of_pose_s": round(exercise.out_s, 3),
        "tries": [
            {
                "side": each.side,
                "start_s": round(each.start_s, 3),
                "end_s": round(each.end_s, 3),
                "counted": each.counted,
                "accuracy": _fraction(each.accuracy),
                "reason": each.reason,
                "reached_deg": {name: round(value, 1) for name, value in each.reached.items()},
                "faults": list(each.faults),
            }
            for each in exercise.attempts
        ],
        "holds": [
            {
                "step": each.step,
                "side": each.side,
                "start_s": round(each.start_s, 3),
                "end_s": round(each.end_s, 3),
                "held_s": round(each.held_s, 3),
                "out_of_pose_s": round(each.out_s, 3),
                "wanted_s": each.wanted_s,
                "accuracy": _fraction(each.accuracy),
                "completed": each.completed,
            }
            for each in exercise.holds
        ],
        "faults": [
            {
                "fault": each.id,
                "name": each.name,
                "side": each.side,
                "start_s": round(each.start_s, 3),
                "end_s": round(each.end_s, 3),
                "cue": each.cue,
                "cue_given_s": None if each.told_s is None else round(each.told_s, 3),
            }
            for each in exercise.faults
        ],
        "range": [
            {
                "movement": each.title,
                "measure": each.measure,
                "side": each.side,
                "reached": round(each.best, 1),
                "error": each.error,
                "unit": each.unit,
                "asked": each.asked,
                "own": each.own,
                "textbook": each.textbook,
                "usual": None if each.usual is None else list(each.usual),
            }
            for each in exercise.reaches
        ],
        "left_right": [
            {
                "movement": each.title,
                "left": round(each.left, 1),
                "right": round(each.right, 1),
                "error": round(each.unsure, 1),
                "told_apart": each.told_apart,
            }
            for each in exercise.sides
        ],
        "targets": [
            {
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
            for track in exercise.tracks
        ],
        "seen": {
            "person": round(exercise.visibility.person, 3),
            "frames_a_second": round(exercise.visibility.frames_a_second, 1),
            "tips": list(exercise.visibility.tips),
        },
        "compared": list(exercise.compared),
        "notes": list(exercise.notes),
        "result": exercise.result,
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


def _rows(exercise: ExerciseFacts) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
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
        rows.append(
            {
                "kind": "attempt",
                "name": attempt.number,
                "side": attempt.side,
                "start_s": attempt.start_s,
                "end_s": attempt.end_s,
                "counted": int(attempt.counted),
                "accuracy": attempt.accuracy,
                "text": attempt.reason,
            }
        )
        rows += [
            {
                "kind": "reached",
                "name": title,
                "side": attempt.side,
                "start_s": attempt.start_s,
                "end_s": attempt.end_s,
                "value": value,
                "error": next((r.error for r in exercise.reaches if r.title == title), ""),
                "unit": next((r.unit for r in exercise.reaches if r.title == title), ""),
            }
            for title, value in attempt.reached.items()
        ]
    rows += [
        {
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
        for hold in exercise.holds
    ]
    rows += [
        {
            "kind": "fault",
            "name": fault.id,
            "side": fault.side,
            "start_s": fault.start_s,
            "end_s": fault.end_s,
            "text": fault.cue,
        }
        for fault in exercise.faults
    ]
    return rows


def _cell(value: Any) -> Any:
    """Numbers to milliseconds; text that a spreadsheet would take for a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if isfinite(value) else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
