"""From a stored session to the facts of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from posecoach.coach.attempt import CUT_OFF
from posecoach.coach.events import CueGiven
from posecoach.errors import ProfileError, StoreError
from posecoach.exercise.films import film_of
from posecoach.figure.moving import moving
from posecoach.plan.sides import SIDES
from posecoach.profile.range_words import EARLIER
from posecoach.report import wording
from posecoach.report.advice import Evidence, advise, chosen
from posecoach.report.exercise_record import ExerciseRecord
from posecoach.report.facts import (
    AttemptFacts,
    EarlierResult,
    ExerciseFacts,
    FaultFacts,
    Hold,
    SessionFacts,
    SideCount,
)
from posecoach.report.holds import holds
from posecoach.report.past import REMEMBERED, exercise_changes, past_of
from posecoach.report.pictures import pictures
from posecoach.report.targets import (
    Driver,
    aimed,
    drivers,
    reached,
    reaches,
    side_differences,
    tracks,
)
from posecoach.report.visibility import visibility_of
from posecoach.session.sights import as_done, remarks, sights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.exercise.definition import Exercise
    from posecoach.plan.plan import Plan
    from posecoach.profile.person import Profile
    from posecoach.session.result import Result
    from posecoach.store.store import Store
    from posecoach.store.values import SessionRow, StoredExercise

OwnRanges = Mapping[tuple[str, int], float]
"""A person's ranges: (full measure name, +1 or -1 for the way it counts) to degrees."""


def gather(store: Store, selector: str, own: OwnRanges | None = None) -> SessionFacts:
    """Read a session and all that its report says.

    Args:
        selector: "last", a number, or the beginning of a uuid.
        own: the person's calibrated ranges, where the session does not know them itself;
            without it those of the session's profile.

    Raises:
        StoreError: there is no such session, or it cannot be read.
    """
    session = store.load(selector)
    row = session.row
    person, notes = _person(store, row.profile)
    if own is None:
        own = {} if person is None else person.scale()
    found = tuple(_exercise(store, row, each, own) for each in session.exercises)
    return SessionFacts(
        number=row.number,
        uuid=row.uuid,
        started=row.started,
        source=row.source,
        profile=row.profile,
        model=row.model,
        app_version=row.app_version,
        state=row.state,
        landmarks=row.landmarks,
        duration_s=row.duration_s,
        accuracy=row.accuracy,
        exercises=found,
        advice=chosen(each for exercise in found for each in exercise.advice),
        compared=_session_changes(found),
        notes=notes,
        proposal="" if person is None else _proposal(store, row, person),
    )


def _person(store: Store, name: str) -> tuple[Profile | None, tuple[str, ...]]:
    """A session's profile, and what is wrong with it."""
    if not name:
        return None, ()
    from posecoach.profile.files import Profiles

    try:
        return Profiles(store.folder).find(name), ()
    except ProfileError as error:
        return None, (str(error),)


def _proposal(store: Store, session: SessionRow, person: Profile) -> str:
    """That a new calibration would fit, where this session is one of those that say so."""
    from posecoach.profile.proposal import propose
    from posecoach.profile.range_words import how_to
    from posecoach.store.outcomes import outcomes

    lately = outcomes(store, person, until=session.started)
    found = propose(person, lately)
    here = {each.motion for each in lately if each.at == session.started}
    if found is None or found.motion not in here:
        return ""
    return f"{found.text} To do so: {how_to(found.what, person.name)}"


def _session_changes(exercises: Sequence[ExerciseFacts]) -> tuple[str, ...]:
    """Each stretch against the last time it was tried: sessions differ in what they hold."""
    names: dict[str, list[str]] = {"up": [], "same": [], "down": []}
    for each in exercises:
        before = [
            past.accuracy
            for past in each.past[:-1]
            if past.accuracy is not None and past.instrument == each.past[-1].instrument
        ]
        if not before or each.accuracy is None:
            continue
        change = each.accuracy - before[-1]
        unchanged = abs(change) < wording.ACCURACY_UNSURE
        names["same" if unchanged else "up" if change > 0 else "down"].append(each.name)
    heads = {
        "up": "Accuracy is higher than the last time",
        "same": "Accuracy is unchanged since the last time",
        "down": "Accuracy is lower than the last time",
    }
    return tuple(f"{heads[key]}: {wording.listed(found)}." for key, found in names.items() if found)


def _exercise(
    store: Store, session: SessionRow, stored: StoredExercise, own: OwnRanges
) -> ExerciseFacts:
    plan, trouble = _plan(stored)
    record = ExerciseRecord.of(stored, plan)
    told, well = _remarks(record)
    name = stored.row.name
    driving = drivers(record)
    faults = _faults(record)
    held = holds(record)
    attempts = _attempts(record, driving, faults, held)
    counts = _counts(stored)
    far = reaches(driving, attempts, own)
    sides = side_differences(far, attempts)
    tried = [(each.start_s, each.end_s) for each in attempts]
    seen = visibility_of(record, tried, well=well, live=session.options.get("live") is not False)
    amiss = "" if well else " ".join(told)
    past = _past(store, session, stored, driving)
    return ExerciseFacts(
        id=stored.row.exercise,
        name=name,
        purpose=plan.exercise.purpose if plan else "",
        camera=plan.exercise.camera if plan else "",
        safety=plan.exercise.safety if plan else (),
        duration_s=stored.row.duration_s,
        accuracy=stored.result.accuracy,
        circular=bool(plan and plan.circles),
        counts=counts,
        attempts=attempts,
        holds=held,
        faults=faults,
        tracks=tracks(record, attempts, held),
        reaches=far,
        sides=sides,
        pictures=pictures(record, held, attempts, faults),
        visibility=seen,
        past=past,
        compared=exercise_changes(past, driving),
        advice=advise(Evidence(name, attempts, held, faults, counts, far, sides, seen, amiss)),
        notes=(*trouble, *told, *_notes(session, stored)),
        result=stored.result.as_json(),
        shown=moving(plan.exercise) if plan else None,
        film=film_of(plan.exercise) if plan else None,
    )


def _notes(session: SessionRow, stored: StoredExercise) -> list[str]:
    """What the session noted itself, and what is to be known of how it was kept."""
    notes = [wording.sentence(note) for note in stored.result.notes]
    if not stored.row.finished:
        notes.append(_unfinished(session))
    if stored.row.outdated:
        notes.append(_outdated(session, stored))
    if stored.poses is None:
        notes.append("The landmarks were not kept, so there are no pictures of the best moments.")
    return notes


def _remarks(record: ExerciseRecord) -> tuple[list[str], bool]:
    """What was told at the end of the session, and whether it was done as can be seen.

    What is a matter of the camera stands among what it could see.
    """
    plan, result = record.plan, record.stored.result
    if plan is None:
        return [], True
    seeing = record.seeing()
    result.sights = sights(result, seeing, plan)
    return remarks(result, seeing, plan), as_done(result, seeing, plan)


def _outdated(session: SessionRow, stored: StoredExercise) -> str:
    said = f"This was {EARLIER}, and is not compared with sessions of today's."
    if stored.poses is None:
        return said
    return f"{said} `posecoach replay {session.number}` reads its landmarks again."


def _plan(stored: StoredExercise) -> tuple[Plan | None, list[str]]:
    try:
        return stored.plan(), []
    except StoreError:
        return None, [
            "This version does not understand the definition this was coached by, so targets and "
            "ranges are left out."
        ]


def _unfinished(session: SessionRow) -> str:
    if session.state == "running":
        return "This session is still running; the report shows it so far."
    return "The session broke off here; the report shows what happened until then."


def _faults(record: ExerciseRecord) -> tuple[FaultFacts, ...]:
    plan = record.plan
    names = fault_names(plan.exercise) if plan else {}
    severities = {each.id: str(each.severity) for each in plan.exercise.faults} if plan else {}
    told = [event for event in record.stored.events if isinstance(event, CueGiven)]
    return tuple(
        FaultFacts(
            id=fault.fault,
            name=names.get(fault.fault, wording.plain(fault.fault)),
            side=fault.side,
            severity=severities.get(fault.fault, "form"),
            start_s=record.at(fault.start_s),
            end_s=record.at(fault.end_s),
            cue=fault.cue,
            told_s=next(
                (
                    record.at(event.time_s)
                    for event in told
                    # A target asks in the same words, and may be the first to say them.
                    if (event.cue.fault == fault.fault or event.cue.text == fault.cue)
                    and event.cue.side == fault.side
                    and fault.start_s <= event.time_s <= fault.end_s
                ),
                None,
            ),
        )
        for fault in sorted(record.stored.result.faults, key=lambda each: each.start_s)
    )


def fault_names(exercise: Exercise) -> dict[str, str]:
    """What the faults of a stretch are called, by their ids."""
    early = {each.early.id: wording.LEFT_EARLY for each in exercise.steps if each.early}
    named = {each.id: each.name or wording.plain(each.id) for each in exercise.faults}
    return early | named


def _attempts(
    record: ExerciseRecord,
    moving: Sequence[Driver],
    faults: Sequence[FaultFacts],
    held: Sequence[Hold],
) -> tuple[AttemptFacts, ...]:
    numbers: Counter[str] = Counter()
    plan = record.plan
    values = [(driver, record.values(driver.goal.reader) * driver.way) for driver in moving]
    found = []
    for tried in _tries(record.stored.result):
        numbers[tried.side] += 1
        start, end = record.span(tried.start_s, tried.end_s)
        inside = record.within([(start, end)])
        far = {
            driver.title: reached(series, record.lasting, inside)
            for driver, series in values
            if driver.side == tried.side
        }
        found.append(
            AttemptFacts(
                number=numbers[tried.side],
                side=tried.side,
                start_s=start,
                end_s=end,
                counted=tried.counted,
                accuracy=tried.accuracy,
                reason=tried.reason,
                reached={title: value for title, value in far.items() if not isnan(value)},
                faults=_names_in(faults, tried.side, start, end),
                aimed=tried.counted
                or aimed(end - start, _in(faults, tried.side, start, end), plan),
                told=not tried.reason.startswith(CUT_OFF)
                and all(
                    each.end_seen
                    for each in held
                    if each.side == tried.side and start <= each.start_s <= end
                ),
            )
        )
    return tuple(found)


class _Tried(NamedTuple):
    """An attempt or a circle, with the source's times; ``side`` is a circle's direction."""

    start_s: float
    end_s: float
    side: str
    counted: bool
    accuracy: float
    reason: str


def _tries(result: Result) -> list[_Tried]:
    """In the order in which they began."""
    tries = [
        _Tried(each.start_s, each.end_s, each.side, each.completed, each.accuracy, each.reason)
        for each in result.ended
    ]
    for each in result.circles:
        reason = "" if each.counted else "the circle was not round"
        accuracy = float(each.counted)
        tries.append(
            _Tried(each.start_s, each.end_s, each.direction, each.counted, accuracy, reason)
        )
    return sorted(tries, key=lambda each: each.start_s)


def _names_in(faults: Sequence[FaultFacts], side: str, start: float, end: float) -> tuple[str, ...]:
    """The faults of a side within a span, each once."""
    return tuple(dict.fromkeys(each.name for each in _in(faults, side, start, end)))


def _in(faults: Sequence[FaultFacts], side: str, start: float, end: float) -> list[FaultFacts]:
    return [
        each
        for each in faults
        if each.side in (side, "both") and each.start_s < end and each.end_s > start
    ]


def _counts(stored: StoredExercise) -> tuple[SideCount, ...]:
    result = stored.result
    return tuple(
        SideCount(
            side,
            result.repetitions[side],
            result.attempts[side],
            0 if result.circles else stored.row.wanted.get(side, 0),
        )
        for side in SIDES
        if side in stored.row.wanted or result.attempts[side]
    )


def _past(
    store: Store, session: SessionRow, stored: StoredExercise, moving: Sequence[Driver]
) -> tuple[EarlierResult, ...]:
    id_ = stored.row.exercise
    before = [
        past_of(each, row, moving, now=False)
        for each in reversed(store.previous(session, id_, REMEMBERED))
        for row in each.exercises
        if row.exercise == id_
    ]
    return (*before, past_of(session, stored.row, moving, now=True))
