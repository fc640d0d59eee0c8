"""How an exercise went in the last sessions, and what changed: in words that know the error."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from posecoach.report import wording
from posecoach.report.facts import EarlierResult
from posecoach.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.report.targets import Driver
    from posecoach.store.values import ExerciseRow, SessionRow

ANOTHER = "one of them was measured with an earlier instrument"
REMEMBERED = 8
"""Sessions before this one that are compared."""


def past_of(
    session: SessionRow, row: ExerciseRow, moving: Sequence[Driver], now: bool
) -> EarlierResult:
    """What one session came to."""
    tallies = row.tallies.values()
    return EarlierResult(
        number=session.number,
        started=session.started,
        repetitions=sum(each.repetitions for each in tallies),
        attempts=sum(each.attempts for each in tallies),
        held_s=sum(each.held_s for each in tallies),
        faults=sum(each.faults for each in tallies),
        accuracy=row.accuracy,
        reach={
            driver.title: reach
            for driver in moving
            if (reach := whole_reach(row, driver)) is not None
        },
        now=now,
        instrument=row.instrument,
    )


def whole_reach(row: ExerciseRow, driver: Driver) -> float | None:
    """How far a movement went over a whole session, from the range kept with it.

    None where its side was not attempted: what it did meanwhile is no range of anybody's.
    """
    reader = driver.goal.reader
    tally = row.tallies.get(driver.side)
    if tally is None or not tally.attempts:
        return None
    if reader.minus is not None or reader.from_start:
        return None
    kept = row.ranges.get(reader.name)
    if kept is None:
        return None
    return kept.high if reader.sign * driver.way > 0 else -kept.low


def exercise_changes(past: Sequence[EarlierResult], moving: Sequence[Driver]) -> tuple[str, ...]:
    """This session (the last of ``past``) against the one before in which it was tried."""
    before = [each for each in past[:-1] if each.attempts]
    if past and not before and not past[-1].attempts:
        return ("There is no session of this stretch with an attempt yet.",)
    if not past or not before:
        return ("This is the first time this stretch was recorded with an attempt.",)
    now, last = past[-1], before[-1]
    when = f"{last.started.day} {last.started:%B}"
    if not now.attempts:
        return (f"Nothing was attempted this time; the last time was {when}.",)
    if now.instrument != last.instrument:
        return (f"This session and that of {when} are not compared: {ANOTHER}.",)
    said = [accuracy_change(now.accuracy, last.accuracy, f"on {when}")]
    for driver in moving:
        if driver.title in now.reach and driver.title in last.reach:
            error = wording.reader_error(driver.goal.reader)
            unit = wording.unit_of(driver.goal.reader.name)
            said.append(
                reach_change(
                    driver.title, now.reach[driver.title], last.reach[driver.title], error, unit
                )
            )
    return tuple(said)


def accuracy_change(now: float | None, before: float | None, when: str) -> str:
    """Accuracy against an earlier one."""
    if now is None or before is None:
        return f"Accuracy cannot be compared with the session {when}."
    change = now - before
    figures = f"{percent(now)}, {percent(before)} {when}"
    if abs(change) < wording.ACCURACY_UNSURE:
        return f"Accuracy is unchanged ({figures})."
    return f"Accuracy went {'up' if change > 0 else 'down'} ({figures})."


def reach_change(title: str, now: float, before: float, error: float, unit: str) -> str:
    """A range against an earlier one.

    Only the difference is told: what both are is of the whole session, which is not quite how far
    the report says that somebody came in their attempts.
    """
    title = title[0].upper() + title[1:]
    unsure = hypot(error, error)
    limit = f"differences up to {wording.degrees(unsure, unit)} cannot be told"
    if abs(now - before) <= unsure:
        return f"{title} is unchanged ({limit})."
    way = "farther" if now > before else "less far"
    return f"{title} went {wording.degrees(abs(now - before), unit)} {way} than then ({limit})."
