"""The charts of the history, as drawings with words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from posecoach.report import wording
from posecoach.report.charts import LEFT, RIGHT, WIDTH
from posecoach.report.drawing import Drawing, Mark, Path, Rect, Text, line, side_mark
from posecoach.report.scale import Scale, ticks

if TYPE_CHECKING:
    from posecoach.store.practice import Day

WEEKS = 26
"""Columns of one calendar: half a year fits a phone."""
LONG_GAP = timedelta(weeks=4)
"""A line is not drawn over a longer pause."""
LEVELS_S = (0.0, 300.0, 900.0)
"""A day's mark is darker from 5 minutes of practice on, and darkest from 15."""


def level(seconds: float) -> int:
    """0 for a day without practice, else 1 to 3."""
    return sum(seconds > least for least in LEVELS_S)


def calendar(days: Sequence[Day], last_monday: date) -> Drawing:
    """Half a year of days up to a week, a column for each week."""
    practice = {day.day: day for day in days}
    first = last_monday - timedelta(weeks=WEEKS - 1)
    cell, left, top = 14.0, 32.0, 18.0
    marks: list[Mark] = []
    for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun")):
        marks.append(Text("tick", left - 5, top + row * cell + 10, name, "end", 9.5))
    month = 0
    done = []
    for week in range(WEEKS):
        monday = first + timedelta(weeks=week)
        if monday.month != month and monday.day <= 7:
            marks.append(Text("tick", left + week * cell, 11, f"{monday:%b}", "start", 10))
        month = monday.month
        for row in range(7):
            found = practice.get(monday + timedelta(days=row))
            role = f"day-{level(found.seconds) if found else 0}"
            x, y = left + week * cell, top + row * cell
            inset = (0.0, 2.5, 1.0, 0.0)[level(found.seconds)] if found else 3.5
            size = cell - 2 - 2 * inset
            marks.append(Rect(role, x + inset, y + inset, size, size))
            if found:
                done.append(found)
    title = f"Calendar of practice, {first:%B %Y} to {last_monday + timedelta(days=6):%B %Y}"
    total = wording.seconds(sum(day.seconds for day in done))
    said = f"{wording.count(len(done), 'day')} with practice, {total} in all."
    return Drawing(WIDTH, top + 7 * cell + 4, title, said, tuple(marks))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trend: its side, its name, its points, how far off each may be."""

    side: str
    name: str
    points: tuple[tuple[date, float], ...]
    error: float


def trend(
    title: str,
    lines: Sequence[Line],
    written: Callable[[float], str],
    *,
    top: float | None = None,
    asked: float | None = None,
) -> Drawing:
    """Values week by week, with their uncertainty."""
    height, bottom = 150.0, 122.0
    all_days = [day for each in lines for day, _ in each.points]
    first, last = min(all_days), max(all_days)
    days = Scale(0.0, max((last - first).days, 28), LEFT + 6, WIDTH - RIGHT - 6)
    highest = top or max(value + each.error for each in lines for _, value in each.points)
    highest = max(highest, asked or 0.0, 1e-9)
    lowest = min(0.0, *(value - each.error for each in lines for _, value in each.points))
    if top is not None:
        lowest = 0.0
    y = Scale(lowest, highest * (1.0 if top else 1.08), bottom, 10.0)
    marks: list[Mark] = []
    for tick in ticks(y.low, y.high, 4):
        marks.append(line("axis", (LEFT, y(tick)), (WIDTH - RIGHT, y(tick))))
        marks.append(Text("tick", LEFT - 4, y(tick) + 3.5, written(tick), "end", 10))
    if asked is not None:
        marks.append(line("limit", (LEFT, y(asked)), (WIDTH - RIGHT, y(asked))))
    for each in lines:
        marks += _line(each, lambda day: days((day - first).days), y)
    marks += _dates(first, last, lambda day: days((day - first).days), height)
    said = " ".join(_said(each, written) for each in lines)
    return Drawing(WIDTH, height, title, said, tuple(marks))


def _line(each: Line, x: Callable[[date], float], y: Scale) -> list[Mark]:
    role = each.side if each.side in ("left", "right") else "both"
    marks: list[Mark] = []
    many = len(each.points) > 60
    run: list[tuple[date, float]] = []
    runs = [run]
    for point in each.points:
        if run and point[0] - run[-1][0] > LONG_GAP:
            run = []
            runs.append(run)
        run.append(point)
    for part in runs:
        if len(part) > 1:
            marks.append(Path(f"{role}-line", tuple((x(day), y(value)) for day, value in part)))
    if many:
        return marks
    for day, value in each.points:
        if each.error:
            low, high = y(value - each.error), y(value + each.error)
            marks.append(line("textbook", (x(day), low), (x(day), high)))
        marks.append(side_mark(role, x(day), y(value), 3.4))
    return marks


def _dates(first: date, last: date, x: Callable[[date], float], height: float) -> list[Mark]:
    years = (last - first).days > 300
    names = [first, first + (last - first) / 2, last] if last > first else [first]
    anchors = ("start", "middle", "end")
    return [
        Text(
            "tick",
            x(day),
            height - 6,
            f"{day:%b %Y}" if years else f"{day.day} {day:%b}",
            anchors[index] if len(names) > 1 else "start",  # type: ignore[arg-type]
            10,
        )
        for index, day in enumerate(names)
    ]


def _said(each: Line, written: Callable[[float], str]) -> str:
    name = f"{each.name}: " if each.name else ""
    first, last = each.points[0], each.points[-1]
    if len(each.points) == 1:
        return f"{name}{written(first[1])} in the week of {first[0].day} {first[0]:%B %Y}."
    values = [value for _, value in each.points]
    return (
        f"{name}{written(first[1])} in the week of {first[0].day} {first[0]:%B %Y}, "
        f"{written(last[1])} in the week of {last[0].day} {last[0]:%B %Y}; between "
        f"{written(min(values))} and {written(max(values))}."
    )
