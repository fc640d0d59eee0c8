"""The history in a terminal: a calendar, then a table for each exercise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from posecoach.report import wording
from posecoach.report.history import side_note
from posecoach.report.history_charts import level
from posecoach.report.history_page import history_cards, later_words
from posecoach.shares import percent

if TYPE_CHECKING:
    from datetime import date

    from posecoach.report.history import ExerciseHistory, History, MotionHistory

MARKS = ("·", "▫", "▪", "█")
"""A day without practice, up to 5 minutes, up to 15, more."""
SHOWN_WEEKS = 8
"""Rows of an exercise's table; the HTML page has them all."""


def print_history(console: Console, history: History) -> None:
    """Print calendar, streak, and each exercise week by week."""
    for card in history_cards(history):
        console.print(
            Text.assemble(f"{card.name}: ", (card.value, "bold"), (f"  {card.note}", "dim"))
        )
    later = later_words(history)
    if later:
        console.print(Text(later, style="yellow"))
    console.print()
    _print_calendar(console, history)
    for exercise in history.exercises:
        console.print()
        _print_exercise(console, exercise)
    console.print()
    console.print(Text(wording.STOP, style="dim"))


def _print_calendar(console: Console, history: History) -> None:
    practice = {day.day: day.seconds for day in history.days}
    monday = history.today - timedelta(days=history.today.weekday())
    weeks = max(4, min(26, (console.width - 6) // 2))
    mondays = [monday - timedelta(weeks=weeks - 1 - index) for index in range(weeks)]
    months = ""
    for index, each in enumerate(mondays):
        if each.day <= 7 and len(months) <= 2 * index:
            months = months.ljust(2 * index) + f"{each:%b}"
    console.print(Text(f"      {months}", style="dim"))
    for row, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        line = Text(f" {name}  ", style="dim")
        for each in mondays:
            day = each + timedelta(days=row)
            seconds = practice.get(day)
            mark = " " if day > history.today else MARKS[level(seconds) if seconds else 0]
            if seconds is not None and mark == MARKS[0]:
                mark = MARKS[1]
            line.append(f"{mark} ", style="green" if seconds is not None else "dim")
        console.print(line)
    console.print(
        Text(f"      {MARKS[1]} up to 5 minutes  {MARKS[2]} up to 15  {MARKS[3]} more", style="dim")
    )


def _told(movement: MotionHistory) -> dict[date, str]:
    """How far it went in each week, in words; what an earlier instrument measured is marked."""
    told = {
        monday: f"{wording.degrees(value, movement.unit)} (earlier)"
        for points in movement.earlier
        for monday, value in points
    }
    return told | {
        monday: wording.unsure(value, movement.error, movement.unit)
        for monday, value in movement.points
    }


def _print_exercise(console: Console, exercise: ExerciseHistory) -> None:
    console.print(
        Text.assemble(
            (exercise.name, "bold"),
            (
                f"  {wording.count(exercise.sessions, 'session')}, the last on "
                f"{exercise.last.day} {exercise.last:%B %Y}",
                "dim",
            ),
        )
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("week of", "sessions", "counted", "in pose", "faults", "accuracy"):
        table.add_column(title, justify="left" if title == "week of" else "right", no_wrap=True)
    for movement in exercise.movements:
        table.add_column(Text(movement.title), justify="right")
    ranges = [_told(movement) for movement in exercise.movements]
    for week in exercise.weeks[-SHOWN_WEEKS:]:
        table.add_row(
            f"{week.monday.day} {week.monday:%b %y}",
            str(week.sessions),
            f"{week.repetitions} of {week.attempts}",
            wording.seconds(week.held_s),
            str(week.faults),
            percent(week.accuracy),
            *(told.get(week.monday, "–") for told in ranges),
        )
    if exercise.weeks:
        console.print(table)
    for sentence in (*exercise.changes, *side_note(exercise.movements)):
        console.print(Text(f"  {sentence}"))
