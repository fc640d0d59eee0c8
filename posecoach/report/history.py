"""How practice went over the weeks, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import hypot
from statistics import fmean
from typing import TYPE_CHECKING

from posecoach.errors import StoreError
from posecoach.observe.measures import measured_with
from posecoach.profile.files import same_name
from posecoach.profile.range_words import EARLIER
from posecoach.report import wording
from posecoach.report.exercise_record import direction
from posecoach.shares import percent
from posecoach.store import practice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posecoach.plan.target import Goal
    from posecoach.store.practice import Day, Practised
    from posecoach.store.store import Store

COMPARED = timedelta(weeks=4)
"""Lately, and before that: spans long enough to hold several sessions."""


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """One exercise in one week, on one side or on all of them ("all")."""

    monday: date
    side: str
    sessions: int
    repetitions: int
    attempts: int
    faults: int
    held_s: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class MotionHistory:
    """How far one movement went, week by week.

    Attributes:
        points: (Monday, degrees in the movement's direction), as today's instrument measured.
        asked: degrees the exercise asks for; None where it asks for none.
        earlier: the same of each earlier instrument: their degrees are not today's.
    """

    title: str
    kind: str
    side: str
    error: float
    unit: str
    asked: float | None
    points: tuple[tuple[date, float], ...]
    earlier: tuple[tuple[tuple[date, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseHistory:
    """One exercise over the weeks.

    Attributes:
        weeks: all sides together, the oldest first; sides: each side for itself.
        changes: what became different lately, in sentences.
        earlier: the last day measured with an earlier instrument; None where there is none.
    """

    id: str
    name: str
    sessions: int
    last: date
    weeks: tuple[WeekFacts, ...]
    sides: tuple[WeekFacts, ...]
    movements: tuple[MotionHistory, ...]
    changes: tuple[str, ...]
    earlier: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All practice.

    Attributes:
        days: up to today; later: those after it, which only a clock that is or was set wrong can
            have made. Nothing else counts them.
        streak: days in a row up to today or yesterday; longest: the most there ever were.
        weeks_in_a_row: weeks with practice up to this or the last one.
    """

    today: date
    since: date | None
    days: tuple[Day, ...]
    streak: int
    longest: int
    weeks_in_a_row: int
    exercises: tuple[ExerciseHistory, ...]
    later: tuple[Day, ...] = ()

    @property
    def sessions(self) -> int:
        """All of them up to today."""
        return sum(day.sessions for day in self.days)

    @property
    def seconds(self) -> float:
        """Of practice."""
        return sum(day.seconds for day in self.days)


def gather_history(
    store: Store,
    today: date,
    *,
    exercise: str | None = None,
    since: date | None = None,
    profile: str | None = None,
) -> History:
    """Read how practice went.

    Raises:
        StoreError: there are no sessions at all, or none of this exercise; or the database
            cannot be read.
    """
    done = practice.practised(store, exercise, since, profile, today)
    tomorrow = today + timedelta(days=1)
    later = practice.days(store, exercise, max(tomorrow, since or tomorrow), profile)
    if not done and not later:
        raise StoreError(_nothing(store, exercise, since, profile))
    days = practice.days(store, exercise, since, profile, today)
    streak, longest = streaks([day.day for day in days], today, timedelta(days=1))
    mondays = sorted({day.day - timedelta(days=day.day.weekday()) for day in days})
    this_week = today - timedelta(days=today.weekday())
    weeks_in_a_row, _ = streaks(mondays, this_week, timedelta(weeks=1))
    weeks = _weeks(store, exercise, since, profile, tomorrow)
    return History(
        today=today,
        since=since,
        days=tuple(days),
        streak=streak,
        longest=longest,
        weeks_in_a_row=weeks_in_a_row,
        exercises=tuple(
            _exercise(store, each, weeks.get(each.exercise, []), since, profile, today)
            for each in done
        ),
        later=tuple(later),
    )


def _nothing(store: Store, exercise: str | None, since: date | None, profile: str | None) -> str:
    known = store.exercises()
    if not known:
        return (
            f"There are no sessions in {store.folder} yet; `posecoach run` makes one, and "
            "`posecoach analyze --save`."
        )
    if exercise is not None and exercise not in known:
        return f"{exercise!r} was never practised; there are {wording.listed(list(known))}."
    people = store.profiles()
    if profile is not None and same_name(profile) not in map(same_name, people):
        named = [repr(each) for each in people if each]
        there = f"there are sessions of {wording.listed(named)}" if named else "none has a name"
        return f"There are no sessions of {profile!r}; {there}."
    what = f" of {exercise}" if exercise else ""
    if profile:
        what += f" by {profile}"
    if since is None:
        return f"There are no sessions{what}."
    return f"There are no sessions{what} since {since}; leave --since out to see earlier ones."


def streaks(days: Sequence[date], today: date, step: timedelta) -> tuple[int, int]:
    """Return how many steps in a row there are up to now, and the most there ever were.

    Today may still come, so a row that ends a step ago goes on.
    """
    longest = run = 0
    before: date | None = None
    for day in days:
        run = run + 1 if before is not None and day - before == step else 1
        longest = max(longest, run)
        before = day
    lasting = before is not None and today - before <= step
    return (run if lasting else 0), longest


def _weeks(
    store: Store, exercise: str | None, since: date | None, profile: str | None, before: date
) -> dict[str, list[WeekFacts]]:
    found: dict[str, list[WeekFacts]] = {}
    for week in store.weeks(exercise=exercise, since=since, before=before, profile=profile):
        tally = week.tally
        found.setdefault(week.exercise, []).append(
            WeekFacts(
                date.fromisoformat(week.monday),
                week.side,
                week.sessions,
                tally.repetitions,
                tally.attempts,
                tally.faults,
                tally.held_s,
                tally.accuracy,
            )
        )
    return found


def _exercise(
    store: Store,
    done: Practised,
    sides: Sequence[WeekFacts],
    since: date | None,
    profile: str | None,
    today: date,
) -> ExerciseHistory:
    movements = _movements(store, done, since, profile, today)
    weeks = together(sides, practice.week_sessions(store, done.exercise, since, profile, today))
    earlier = practice.last_by_another(store, measured_with(), done.exercise, since, profile, today)
    return ExerciseHistory(
        id=done.exercise,
        name=done.name,
        sessions=done.sessions,
        last=done.last,
        weeks=weeks,
        sides=tuple(sides),
        movements=movements,
        changes=changes(weeks, movements, today, earlier),
        earlier=earlier,
    )


def together(sides: Sequence[WeekFacts], sessions: Mapping[date, int]) -> tuple[WeekFacts, ...]:
    """Add up the sides of each week; accuracy is weighted by the attempts.

    Args:
        sessions: how many each week had, by its Monday; a session may have had any of the sides.
    """
    found = []
    for monday in sorted({each.monday for each in sides}):
        here = [each for each in sides if each.monday == monday]
        judged = [each for each in here if each.accuracy is not None and each.attempts]
        tries = sum(each.attempts for each in judged)
        found.append(
            WeekFacts(
                monday=monday,
                side="all",
                sessions=max(sessions.get(monday, 0), *(each.sessions for each in here)),
                repetitions=sum(each.repetitions for each in here),
                attempts=sum(each.attempts for each in here),
                faults=sum(each.faults for each in here),
                held_s=sum(each.held_s for each in here),
                accuracy=sum((each.accuracy or 0.0) * each.attempts for each in judged) / tries
                if tries
                else None,
            )
        )
    return tuple(found)


def _movements(
    store: Store, done: Practised, since: date | None, profile: str | None, until: date
) -> tuple[MotionHistory, ...]:
    """The exercise's movements by its latest definition; none where it is not understood."""
    from posecoach.plan.plan import make_plan
    from posecoach.store.definitions import parse_definition

    try:
        plan = make_plan(parse_definition(store.definition(done.definition), done.exercise))
    except StoreError:
        return ()
    goals: dict[tuple[str, str], tuple[str, Goal, int, float]] = {}
    for side in plan.sides:
        for step in side.steps:
            for index, goal in enumerate(step.drivers):
                way = direction(goal)
                reader = goal.reader
                edge = goal.low if way > 0 else -goal.high
                plain = reader.minus is None and not reader.from_start
                if plain and edge > 0 and not step.optional:
                    title = wording.motion_title(reader, way)
                    goals.setdefault((side.side, title), (f"{step.id}/{index}", goal, way, edge))
    names = {goal.reader.name for _, goal, _, _ in goals.values()}
    if not names:
        return ()
    ranges = practice.week_ranges(store, done.exercise, sorted(names), since, profile, until)
    found = []
    for (side_name, title), (kind, goal, way, edge) in goals.items():
        up = goal.reader.sign * way > 0
        points: dict[str, list[tuple[date, float]]] = {measured_with(): []}
        for each in ranges:
            if (each.side, each.measure) == (side_name, goal.reader.name):
                value = each.high if up else -each.low
                points.setdefault(each.instrument, []).append((each.monday, value))
        todays, *earlier = (tuple(each) for each in points.values())
        if todays or earlier:
            found.append(
                MotionHistory(
                    title=title,
                    kind=kind,
                    side=side_name,
                    error=wording.error_of(goal.reader.name),
                    unit=wording.unit_of(goal.reader.name),
                    asked=edge,
                    points=todays,
                    earlier=tuple(earlier),
                )
            )
    return tuple(found)


def changes(
    weeks: Sequence[WeekFacts],
    movements: Sequence[MotionHistory],
    today: date,
    earlier: date | None = None,
) -> tuple[str, ...]:
    """The last four weeks against the four before, each mean over its weeks.

    Args:
        weeks: all sides together.
        movements: how far they went.
        today: up to which is compared.
        earlier: the last day measured with an earlier instrument, which is not compared with.
    """
    accuracy = [
        (week.monday, week.accuracy)
        for week in weeks
        if week.accuracy is not None and (earlier is None or week.monday > earlier)
    ]
    said = []
    if earlier is not None:
        said.append(
            f"Up to {earlier.day} {earlier:%B %Y} this was {EARLIER}: those weeks stand apart, and "
            "what came later is not compared with them."
        )
    lately, before = _halves(accuracy, today)
    if lately and before:
        now, then = fmean(lately), fmean(before)
        figures = f"{percent(now)}, {percent(then)} in the four weeks before"
        if abs(now - then) < wording.ACCURACY_UNSURE:
            said.append(f"Accuracy is unchanged ({figures}).")
        else:
            said.append(f"Accuracy went {'up' if now > then else 'down'} ({figures}).")
    said += [word for each in movements if (word := _went(each, today))]
    if len(said) == (earlier is not None):
        said.append("There is too little within the last eight weeks to say what changed.")
    return tuple(said)


def _went(movement: MotionHistory, today: date) -> str:
    """Whether a movement went farther; "" where there is nothing to compare."""
    lately, before = _halves(movement.points, today)
    if not lately or not before:
        return ""
    now, then = fmean(lately), fmean(before)
    unsure = hypot(movement.error, movement.error)
    title = movement.title[0].upper() + movement.title[1:]
    figures = (
        f"{wording.degrees(now, movement.unit)}, {wording.degrees(then, movement.unit)} "
        f"before; ± {wording.degrees(unsure, movement.unit)}"
    )
    if abs(now - then) <= unsure:
        return f"{title} is unchanged ({figures})."
    return f"{title} went {'farther' if now > then else 'less far'} ({figures})."


def _halves(points: Sequence[tuple[date, float]], today: date) -> tuple[list[float], list[float]]:
    lately = [value for day, value in points if day > today - COMPARED]
    before = [value for day, value in points if today - 2 * COMPARED < day <= today - COMPARED]
    return lately, before


def side_note(movements: Sequence[MotionHistory]) -> tuple[str, ...]:
    """The latest week's left against right."""
    said = []
    for left in movements:
        for right in movements:
            if (left.side, right.side) != ("left", "right") or left.kind != right.kind:
                continue
            if not left.points or not right.points:
                continue
            a, b = left.points[-1][1], right.points[-1][1]
            unsure = hypot(left.error, right.error)
            figures = (
                f"Lately {wording.degrees(a, left.unit)} with the left and "
                f"{wording.degrees(b, right.unit)} with the right"
            )
            if abs(a - b) <= unsure:
                said.append(
                    f"{figures}: no difference the camera could tell "
                    f"(± {wording.degrees(unsure, left.unit)})."
                )
            else:
                said.append(
                    f"{figures}: the {'left' if a > b else 'right'} side goes farther "
                    f"(± {wording.degrees(unsure, left.unit)})."
                )
    return tuple(said)
