"""What the store hands out: rows for lists and charts, and whole sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from posecoach.store.prescriptions import Prescription

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from posecoach.body.measure import Reading
    from posecoach.body.view import View
    from posecoach.coach.events import Event
    from posecoach.exercise.definition import Exercise
    from posecoach.plan.plan import Plan
    from posecoach.pose.pose import Floats, Pose
    from posecoach.session.result import Result

State = Literal["finished", "running", "unfinished"]
"""unfinished: it was broken off (a crash, a lost machine) and holds what happened until then."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done on one side of an exercise in one session.

    Attributes:
        repetitions, attempts, faults: counts.
        held_s: seconds in pose, over all holds.
        accuracy: 0..1, see docs/scoring.md; None where nothing was attempted.
        tried_s: seconds spent in attempts; the accuracy's weight where several are averaged.
    """

    repetitions: int
    attempts: int
    faults: int
    held_s: float
    accuracy: float | None
    tried_s: float


@dataclass(frozen=True, slots=True)
class MeasuredRange:
    """Between which angles a measure moved in one exercise of one session.

    Attributes:
        low, high: degrees; 1 % of the moments lie below, and 1 % above, so that single wrong
            frames do not make a record.
        known_s: seconds for which the measure was known.
    """

    low: float
    high: float
    known_s: float


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """One exercise in a session, without its moments.

    Attributes:
        key: for ``Store``; unique in this database.
        position: 0 for the first exercise of the session.
        exercise: the definition's id; ``name`` for people.
        definition: SHA-256 (hex) of the definition, see ``Store.definition``.
        wanted: repetitions wanted by side in use ("left", "right" or "both").
        finished: False where the session broke off in it.
        start_s: seconds of the source at its first frame; 0 without frames.
        tallies: by side, "left", "right" and "both", of those something was done on.
        ranges: by full measure name.
        instrument: the version of what measured it (``observe.measures.measured_with``).
    """

    key: int
    position: int
    exercise: str
    name: str
    definition: str
    prescription: Prescription
    wanted: Mapping[str, int]
    finished: bool
    start_s: float
    duration_s: float
    frames: int
    frames_with_person: int
    tallies: Mapping[str, Tally]
    ranges: Mapping[str, MeasuredRange]
    instrument: str

    @property
    def outdated(self) -> bool:
        """Whether an earlier instrument measured it: its degrees are not today's."""
        from posecoach.observe.measures import measured_with

        return self.instrument != measured_with()

    @property
    def accuracy(self) -> float | None:
        """0..1 over all sides, weighted by the time of the attempts; None without any."""
        return mean_accuracy(self.tallies.values())


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session, without its moments.

    Attributes:
        number: short, for people; counts up in this database and is never used again.
        uuid: the same on every machine the session is taken to.
        started: local time with its offset, as it was where the session took place.
        source: name of the camera, file or stream.
        model: name of the pose model; options: what else was asked for.
        profile: whose session; empty where there is none.
        state: see ``State``.
        landmarks: whether the landmarks were kept.
    """

    number: int
    uuid: str
    started: datetime
    source: str
    app_version: str
    model: str
    options: Mapping[str, Any]
    profile: str
    state: State
    landmarks: bool
    exercises: tuple[ExerciseRow, ...]

    @property
    def duration_s(self) -> float:
        """Seconds of practice, over all exercises."""
        return sum(each.duration_s for each in self.exercises)

    @property
    def accuracy(self) -> float | None:
        """0..1 over all exercises; None where nothing was attempted."""
        return mean_accuracy(t for each in self.exercises for t in each.tallies.values())


@dataclass(frozen=True, slots=True)
class Week:
    """One exercise, one side, in one week (Monday to Sunday, local time).

    Attributes:
        monday: "2025-03-10".
        sessions: in how many it was done.
        others: as in ``Tally``, summed; accuracy is the weighted mean.
    """

    monday: str
    exercise: str
    side: str
    sessions: int
    tally: Tally


@dataclass(frozen=True, slots=True, eq=False)
class StoredExercise:
    """One exercise of a session with all its moments.

    Attributes:
        row: its summary.
        definition_text: YAML of the definition it was coached by.
        events: in the order they happened.
        result: rebuilt from the events.
        times: (N,) seconds of the source.
        seen: (N,) whether a person was found.
        resting: (N,) whether the pose was taken for the person's own neutral.
        switched: (N,) whether the person had asked for the other side before this moment.
        views: N views; ``body.view.UNKNOWN`` where nobody was seen.
        measures: by full name, readings of (N,) as the coach was given them, NaN and 0
            where unknown.
        outlines: by name, readings of (N,) of what the silhouette showed before the person's
            own zero was subtracted (``body.silhouette``). It is not kept, so that they cannot
            be measured again.
        spreads: by full name, (N, 3) degrees, how far the readings may be off (see
            ``observe.spread.Spread``), NaN where unknown; None where an earlier version kept it.
        poses: N moments without masks; None where the landmarks were not kept.
        measured_by: what measured it (``store.fingerprint``).
    """

    row: ExerciseRow
    definition_text: str
    events: tuple[Event, ...]
    result: Result
    times: Floats
    seen: NDArray[np.bool_]
    resting: NDArray[np.bool_]
    switched: NDArray[np.bool_]
    views: Sequence[View]
    measures: Mapping[str, Reading]
    outlines: Mapping[str, Reading]
    spreads: Mapping[str, Floats] | None
    poses: Pose | None
    measured_by: str

    def definition(self) -> Exercise:
        """Return the definition it was coached by.

        Raises:
            StoreError: this version of PoseCoach does not understand it any more.
        """
        from posecoach.store.definitions import parse_definition

        return parse_definition(self.definition_text, self.row.exercise)

    def plan(self) -> Plan:
        """Return the definition as it was prescribed.

        Raises:
            StoreError: this version of PoseCoach does not understand it any more.
        """
        from posecoach.store.definitions import plan_again

        return plan_again(self.definition(), self.row.prescription)


@dataclass(frozen=True, slots=True, eq=False)
class StoredSession:
    """A session with all its moments."""

    row: SessionRow
    exercises: tuple[StoredExercise, ...]
    videos: tuple[str, ...] = ()


def mean_accuracy(tallies: Iterable[Tally]) -> float | None:
    """Return the mean accuracy of tallies, weighted by the time of their attempts."""
    total = weighted = 0.0
    for tally in tallies:
        if tally.accuracy is not None:
            total += tally.tried_s
            weighted += tally.tried_s * tally.accuracy
    return weighted / total if total > 0 else None
