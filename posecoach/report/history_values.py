"""The history as plain values, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from posecoach.report.history import ExerciseHistory, History, MotionHistory, WeekFacts


def history_json(history: History) -> dict[str, object]:
    """Plain values."""
    return {
        "since": history.since.isoformat() if history.since else None,
        "sessions": history.sessions,
        "seconds": round(history.seconds, 1),
        "days_in_a_row": history.streak,
        "most_days_in_a_row": history.longest,
        "weeks_in_a_row": history.weeks_in_a_row,
        "days": [
            {
                "day": day.day.isoformat(),
                "sessions": day.sessions,
                "seconds": round(day.seconds, 1),
                "attempts": day.attempts,
                "accuracy": _fraction(day.accuracy),
            }
            for day in history.days
        ],
        "days_after_today": [
            {"day": day.day.isoformat(), "sessions": day.sessions} for day in history.later
        ],
        "exercises": [_exercise(each) for each in history.exercises],
    }


def _exercise(exercise: ExerciseHistory) -> dict[str, object]:
    return {
        "exercise": exercise.id,
        "name": exercise.name,
        "sessions": exercise.sessions,
        "last": exercise.last.isoformat(),
        "weeks": [_week(each) for each in exercise.sides],
        "range": [_motion(each) for each in exercise.movements],
        "changes": list(exercise.changes),
        "earlier_instrument_until": exercise.earlier.isoformat() if exercise.earlier else None,
    }


def _week(week: WeekFacts) -> dict[str, object]:
    return {
        "week": week.monday.isoformat(),
        "side": week.side,
        "sessions": week.sessions,
        "repetitions": week.repetitions,
        "attempts": week.attempts,
        "faults": week.faults,
        "held_s": round(week.held_s, 2),
        "accuracy": _fraction(week.accuracy),
    }


def _motion(motion: MotionHistory) -> dict[str, object]:
    return {
        "movement": motion.title,
        "side": motion.side,
        "error": motion.error,
        "unit": motion.unit,
        "asked": motion.asked,
        "weeks": _points(motion.points),
        "weeks_of_earlier_instruments": [_points(points) for points in motion.earlier],
    }


def _points(points: Sequence[tuple[date, float]]) -> list[dict[str, object]]:
    return [{"week": monday.isoformat(), "value": round(value, 1)} for monday, value in points]


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
