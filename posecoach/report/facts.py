"""What a report says, as values: every number once, with its uncertainty and its words.

Times are seconds from the exercise's first frame. Angles are degrees (percent where ``unit``
is ``%``) in the sign of their measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from posecoach.report.wording import accuracy_words

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from posecoach.figure.moving import Moving
    from posecoach.pose.pose import Floats

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Band:
    """Where a measure was wanted, and when.

    Attributes:
        low, high: degrees, -inf / +inf where open.
        spans: when it was asked for.
    """

    side: str
    step: str
    low: float
    high: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One target's angle over time.

    Attributes:
        name: full measure name; title: in words; note: what up and down mean.
        error: its uncertainty, degrees.
        unit: ``°`` or ``%``.
        drives: whether it is the movement itself.
        times, values: (N,); NaN where unknown.
    """

    name: str
    title: str
    note: str
    error: float
    unit: str
    drives: bool
    times: Floats
    values: Floats
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A stay in a step's position.

    Attributes:
        held_s, out_s: seconds of it in pose, and not.
        wanted_s: seconds prescribed; 0 where the step is only to be reached.
        end_seen: whether it was seen to be left, and not only lost from sight.
    """

    step: str
    side: str
    start_s: float
    end_s: float
    held_s: float
    out_s: float
    wanted_s: float
    accuracy: float
    completed: bool
    end_seen: bool = True


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One try, counted or not.

    Attributes:
        number: from 1, per side.
        reason: why it does not count; empty where it does.
        reached: how far each driver came, degrees in the direction of the movement, by
            the title of the movement; missing where it was not seen.
        faults: names of the faults in it.
        aimed: whether it was one at the range asked for: neither a fault made in place of the
            movement nor too short to go anywhere.
        told: whether its holds and its end were seen, so that how far it came and what it lacked
            is all there is.
    """

    number: int
    side: str
    start_s: float
    end_s: float
    counted: bool
    accuracy: float
    reason: str
    reached: dict[str, float]
    faults: tuple[str, ...]
    aimed: bool = True
    told: bool = True


@dataclass(frozen=True, slots=True)
class FaultFacts:
    """A form fault.

    Attributes:
        told_s: when its cue was given; None where it was not (another one came first).
    """

    id: str
    name: str
    side: str
    severity: str
    start_s: float
    end_s: float
    cue: str
    told_s: float | None

    @property
    def lasted_s(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s

    @property
    def momentary(self) -> bool:
        """Whether it is something that was done, as to leave a hold early, and has no length."""
        return self.end_s <= self.start_s


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one movement went.

    Attributes:
        title: "trunk turn to the left".
        kind: names the same movement of either side, for comparing left with right.
        side: "left", "right" or "both".
        best: degrees in the movement's direction, reached for half a second or longer.
        asked: degrees the exercise asked for; None where it asked for none.
        own: the person's calibrated range; None without one.
        textbook: what the exercise asks of somebody without a calibration; None where it asks
            the same of everybody.
        usual: what textbooks call usual in healthy adults, the least and the most of them;
            None where there is no such number.
    """

    title: str
    kind: str
    measure: str
    side: str
    best: float
    error: float
    unit: str
    asked: float | None
    own: float | None
    textbook: float | None
    usual: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Left against right, in words and numbers.

    Attributes:
        difference: left minus right; unsure: how far off that can be.
        apart: by how much every attempt of the one side came farther than each of the other;
            0 where some did not, or where there were too few to tell.
    """

    title: str
    left: float
    right: float
    unsure: float
    unit: str
    apart: float = 0.0

    @property
    def difference(self) -> float:
        """Left minus right."""
        return self.left - self.right

    @property
    def told_apart(self) -> bool:
        """Whether it is more than the camera may err."""
        return abs(self.difference) > self.unsure

    @property
    def borne_out(self) -> bool:
        """Whether that is so of all attempts, and not only of the farthest."""
        return self.apart > self.unsure


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A moment to be drawn as a skeleton.

    Attributes:
        kind: "best" or "worst".
        points: (33, 2) pixels, NaN where not to be drawn; seen: (33,) visibility.
        joints: (landmark number, label, whether it was as wanted).
        words: what is to be seen.
    """

    kind: Literal["best", "worst"]
    time_s: float
    points: Floats
    seen: Floats
    joints: tuple[tuple[int, str, bool], ...]
    words: str


@dataclass(frozen=True, slots=True)
class MeasureVisibility:
    """How long one measure could be read, and how sure it is.

    Attributes:
        needed: whether the stretch cannot do without it.
    """

    title: str
    known: float
    error: float
    unit: str
    views: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the camera could see.

    Attributes:
        person: 0..1, share of the time in which a person was found.
        measures: for each measure of the targets.
        said: (time, seconds, words) of what the coach could not see.
        tips: how to place the camera better; empty where all was well.
    """

    person: float
    frames_a_second: float
    measures: tuple[MeasureVisibility, ...]
    said: tuple[tuple[float, float, str], ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """One session's results of one exercise, for comparing.

    Attributes:
        reach: how far each movement went over the whole session, by title.
        now: whether it is the session of the report.
        instrument: the version of what measured it.
    """

    number: int
    started: datetime
    repetitions: int
    attempts: int
    held_s: float
    faults: int
    accuracy: float | None
    reach: dict[str, float]
    now: bool
    instrument: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to work on next.

    Attributes:
        weight: how much it matters, for choosing.
        about: what in a few words; words: what to do.
    """

    weight: float
    about: str
    words: str
    exercise: str


@dataclass(frozen=True, slots=True)
class SideCount:
    """Repetitions of one side against the prescription; ``wanted`` 0 where none is."""

    side: str
    counted: int
    attempts: int
    wanted: int


@dataclass(frozen=True, slots=True, eq=False)
class ExerciseFacts:
    """One exercise.

    Attributes:
        result: ``Result.as_json``, for programs.
        circular: whether it is made of circles, which have no pose to hold.
        compared: what changed since the last time, in sentences.
        notes: what else to know (broken off, definition not understood any more, ...).
        shown: the figure that does it, None where the definition is not understood any more.
        film: its film, None where there is none: of a stretch of one's own, or one changed since.
    """

    id: str
    name: str
    purpose: str
    camera: str
    safety: tuple[str, ...]
    duration_s: float
    accuracy: float | None
    circular: bool
    counts: tuple[SideCount, ...]
    attempts: tuple[AttemptFacts, ...]
    holds: tuple[Hold, ...]
    faults: tuple[FaultFacts, ...]
    tracks: tuple[Track, ...]
    reaches: tuple[Reach, ...]
    sides: tuple[SideDifference, ...]
    pictures: tuple[Picture, ...]
    visibility: Visibility
    past: tuple[EarlierResult, ...]
    compared: tuple[str, ...]
    advice: tuple[Advice, ...]
    notes: tuple[str, ...]
    result: dict[str, Any]
    shown: Moving | None = None
    film: Path | None = None

    @property
    def held_s(self) -> float:
        """Seconds in pose."""
        return sum(hold.held_s for hold in self.holds if hold.wanted_s)

    @property
    def out_s(self) -> float:
        """Seconds in position, but not in pose."""
        return sum(hold.out_s for hold in self.holds if hold.wanted_s)


@dataclass(frozen=True, slots=True, eq=False)
class SessionFacts:
    """A whole session.

    Attributes:
        advice: the things to work on next, at most three.
        compared: each stretch against the last time, in sentences.
        notes: what else to know of the session as a whole.
        proposal: that a new calibration would fit, as the sessions up to this one say; empty
            where they do not.
    """

    number: int
    uuid: str
    started: datetime
    source: str
    profile: str
    model: str
    app_version: str
    state: str
    landmarks: bool
    duration_s: float
    accuracy: float | None
    exercises: tuple[ExerciseFacts, ...]
    advice: tuple[Advice, ...]
    compared: tuple[str, ...]
    notes: tuple[str, ...] = ()
    proposal: str = ""

    @property
    def meaning(self) -> str:
        """The accuracy in words, which know of faults it does not measure."""
        return accuracy_words(self.accuracy, faults=any(each.faults for each in self.exercises))
