"""The history as one HTML page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from posecoach.plan.sides import SIDES
from posecoach.profile.range_words import EARLIER
from posecoach.report import wording
from posecoach.report.history import side_note
from posecoach.report.history_charts import WEEKS, Line, calendar, trend
from posecoach.report.page import render
from posecoach.report.shown import Card, Figures, HistoryShown, Shown
from posecoach.shares import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from posecoach.report.drawing import Drawing
    from posecoach.report.history import ExerciseHistory, History, MotionHistory, WeekFacts

MOST_CALENDARS = 4
"""Half years that are drawn, the latest ones."""
MOST_ROWS = 200
"""Rows of a table: half a year of days, nearly four years of weeks."""
MOST_LATER = 3
"""Days after today that are named."""


def history_page(history: History, only: str = "") -> str:
    """Write the history as HTML."""
    return render(
        "history.html",
        "Stretching practice",
        only=only,
        span=_span(history),
        cards=history_cards(history),
        later=later_words(history),
        calendars=calendars(history),
        day_table=_day_table(history),
        exercises=[_exercise(each, index) for index, each in enumerate(history.exercises)],
        stop=wording.STOP,
        disclaimer=wording.NOT_A_DIAGNOSIS,
    )


def _day_table(history: History) -> Figures:
    """Days in figures, the newest first."""
    return Figures(
        head=["Day", "Sessions", "Time", "Attempts", "Accuracy"],
        rows=[
            (
                f"{day.day:%a} {day.day.day} {day.day:%b %Y}",
                day.sessions,
                wording.seconds(day.seconds),
                day.attempts,
                percent(day.accuracy),
            )
            for day in reversed(history.days[-MOST_ROWS:])
        ],
        numbers=(1, 2, 3, 4),
    )


def later_words(history: History) -> str:
    """What is dated after today, in a sentence; empty where nothing is."""
    if not history.later:
        return ""
    days = [f"{day.day.day} {day.day:%B %Y}" for day in history.later[:MOST_LATER]]
    if len(history.later) > MOST_LATER:
        days.append(f"{len(history.later) - MOST_LATER} more days")
    sessions = wording.count(sum(day.sessions for day in history.later), "session")
    return (
        f"Not counted: {sessions} dated after today ({wording.listed(days)}). Was a clock set "
        "wrong?"
    )


def _span(history: History) -> str:
    if not history.days:
        return "No session up to today"
    first, last = history.days[0].day, history.days[-1].day
    sessions = wording.count(history.sessions, "session")
    days = wording.count(len(history.days), "day")
    if first == last:
        return f"{sessions} on {first.day} {first:%B %Y}"
    return f"{sessions} on {days}, {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def history_cards(history: History) -> list[Card]:
    """Practice in four numbers."""
    lately = [day for day in history.days if day.day > history.today - timedelta(days=28)]
    spent_s = sum(day.seconds for day in lately)
    return [
        Card("Days in a row", str(history.streak), f"the most were {history.longest}"),
        Card("Weeks in a row", str(history.weeks_in_a_row), "with at least one session"),
        Card("Last four weeks", wording.count(len(lately), "day"), _practised(spent_s)),
        Card(
            "All together",
            wording.count(history.sessions, "session"),
            _practised(history.seconds),
        ),
    ]


def _practised(seconds: float) -> str:
    return f"{wording.seconds(seconds)} of practice"


def calendars(history: History) -> list[Drawing]:
    """Half years up to today, the oldest first, as far back as there was practice."""
    monday = history.today - timedelta(days=history.today.weekday())
    found = []
    for index in range(MOST_CALENDARS):
        last = monday - timedelta(weeks=WEEKS * index)
        first = last - timedelta(weeks=WEEKS - 1)
        here = [day for day in history.days if first <= day.day < last + timedelta(days=7)]
        if here or index == 0:
            found.append(calendar(here, last))
    return found[::-1]


def _exercise(exercise: ExerciseHistory, index: int) -> HistoryShown:
    sided = any(each.side in ("left", "right") for each in exercise.sides)
    return HistoryShown(
        anchor=f"stretch-{index + 1}",
        name=exercise.name,
        about=f"{wording.count(exercise.sessions, 'session')}, the last on "
        f"{exercise.last.day} {exercise.last:%B %Y}",
        changes=[*exercise.changes, *side_note(exercise.movements)],
        charts=_charts(exercise),
        sided=sided,
        table=week_table(exercise),
    )


def _charts(exercise: ExerciseHistory) -> list[Shown]:
    found: list[Shown] = []
    accuracy = [
        each
        for weeks in _parted(exercise)
        for each in _lines(weeks, lambda week: week.accuracy, wording.ACCURACY_UNSURE)
    ]
    if accuracy:
        drawing = trend(f"Accuracy of {exercise.name} by week", accuracy, percent, top=1.0)
        found.append(Shown("Accuracy", drawing, ""))
    held = _lines(exercise.sides, lambda week: week.held_s, 0.0)
    if any(value for each in held for _, value in each.points):
        drawing = trend(f"Time in pose of {exercise.name} by week", held, _whole_seconds)
        found.append(Shown("Time in pose, a week", drawing, ""))
    kinds = dict.fromkeys(movement.kind for movement in exercise.movements)
    for kind in kinds:
        here = [each for each in exercise.movements if each.kind == kind]
        found.append(_range_chart(here))
    return found


def _parted(exercise: ExerciseHistory) -> list[list[WeekFacts]]:
    """The weeks up to the last of an earlier instrument, and those after: not to be joined."""
    last = exercise.earlier
    if last is None:
        return [list(exercise.sides)]
    before = [each for each in exercise.sides if each.monday <= last]
    return [before, [each for each in exercise.sides if each.monday > last]]


def _range_chart(movements: Sequence[MotionHistory]) -> Shown:
    first = movements[0]
    name = wording.listed([movement.title for movement in movements])
    drawing = trend(
        f"Range by week: {name}",
        [
            Line(each.side, title, points, each.error)
            for each in movements
            for title, points in _apart(each)
        ],
        lambda value: wording.degrees(value, first.unit),
        asked=first.asked,
    )
    note = f"± {wording.degrees(first.error, first.unit)} each."
    if first.asked is not None:
        note += f" Dashed green: asked for, {wording.degrees(first.asked, first.unit)}."
    if any(each.earlier for each in movements):
        note += f" Lines are not joined where an earlier instrument measured ({_until(movements)})."
    return Shown(name[0].upper() + name[1:], drawing, note)


def _apart(movement: MotionHistory) -> list[tuple[str, tuple[tuple[date, float], ...]]]:
    """The lines of a movement, with their names: one for each instrument that measured it."""
    earlier = [(f"{movement.title}, {EARLIER}", points) for points in movement.earlier]
    return [*earlier, (movement.title, movement.points)] if movement.points else earlier


def _until(movements: Sequence[MotionHistory]) -> str:
    last = max(points[-1][0] for each in movements for points in each.earlier)
    return f"up to the week of {last.day} {last:%B %Y}"


def _lines(
    sides: Sequence[WeekFacts], value: Callable[[WeekFacts], float | None], error: float
) -> list[Line]:
    found = []
    for side in SIDES:
        points = tuple(
            (week.monday, float(found_value))
            for week in sides
            if week.side == side and (found_value := value(week)) is not None
        )
        if points:
            found.append(Line(side, wording.side_words(side), points, error))
    return found


def _whole_seconds(value: float) -> str:
    return f"{value:.0f} s"


def week_table(exercise: ExerciseHistory) -> Figures:
    """Weeks in figures, the newest first."""
    ranges = {
        (movement.title, monday): wording.degrees(value, movement.unit)
        for movement in exercise.movements
        for monday, value in movement.points
    }
    for movement in exercise.movements:
        for points in movement.earlier:
            for monday, value in points:
                shown = f"{wording.degrees(value, movement.unit)} (earlier instrument)"
                both = (ranges.get((movement.title, monday)), shown)
                ranges[movement.title, monday] = ", ".join(each for each in both if each)
    titles = list(dict.fromkeys(movement.title for movement in exercise.movements))
    return Figures(
        head=[
            *("Week of", "Sessions", "Counted", "Attempts", "In pose", "Faults", "Accuracy"),
            *titles,
        ],
        rows=[
            (
                f"{week.monday.day} {week.monday:%b %Y}",
                week.sessions,
                week.repetitions,
                week.attempts,
                wording.seconds(week.held_s),
                week.faults,
                percent(week.accuracy),
                *(ranges.get((title, week.monday), "–") for title in titles),
            )
            for week in reversed(exercise.weeks[-MOST_ROWS:])
        ],
        numbers=tuple(range(1, 7 + len(titles))),
    )
