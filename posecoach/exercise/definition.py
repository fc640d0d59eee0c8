"""What an exercise file may say: the schema of ``exercises/*.yaml``.

The classes are the file's structure; their field descriptions become the JSON Schema that
editors show. Nothing here reads files (see ``library``) or knows one exercise by name.

Placeholders in measure names: ``{side}`` is the side being worked, ``{other}`` its mirror.
``near`` / ``far`` in place of a side mean the side nearer to / farther from the camera.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from posecoach.body.view import Facing, Posture

Degrees = Annotated[float, Field(ge=-360, le=360)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9' -]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _Part(BaseModel):
    """Unknown keys are mistakes: a misspelt field must not be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class LandmarkAngle(_Part):
    """The angle at ``vertex`` between the lines to ``a`` and to ``b``, in the picture.

    180 is a straight line. Landmark names are MediaPipe's in lower case, e.g.
    ``left_shoulder``, ``{side}_wrist``.
    """

    a: str
    vertex: str
    b: str


class Quantity(_Part):
    """A number read from the body: a named measure, or an angle of three landmarks."""

    measure: str | None = Field(
        default=None,
        description="Name of a measure, e.g. elbow_flexion_{side} (posecoach measure --list)",
    )
    angle: LandmarkAngle | None = Field(
        default=None, description="Three landmarks, where no named measure fits"
    )
    minus: str | None = Field(
        default=None, description="Another measure, subtracted: compares two sides or joints"
    )
    towards: str | None = Field(
        default=None,
        description="{side}, {other}, left or right: for measures whose sign is a side, "
        "count up towards this side",
    )
    from_start: bool = Field(
        default=False, description="Count from the person's own value in the start pose"
    )

    @model_validator(mode="after")
    def _one_of(self) -> Quantity:
        if (self.measure is None) == (self.angle is None):
            raise ValueError("give either 'measure' or 'angle'")
        return self


class Target(Quantity):
    """A wanted range of one quantity."""

    is_: Degrees | None = Field(default=None, alias="is", description="The wanted value ...")
    within: Annotated[float, Field(gt=0, le=180)] | None = Field(
        default=None, description="... give or take this many degrees"
    )
    at_least: Degrees | None = Field(default=None, description="The wanted value or more")
    at_most: Degrees | None = Field(default=None, description="The wanted value or less")
    stay_within: Annotated[float, Field(ge=0, le=90)] = Field(
        default=5,
        description="Degrees beyond the range that are forgiven once the pose is reached",
    )
    of_range: Annotated[float, Field(gt=0, le=1.2)] | None = Field(
        default=None,
        description="With a calibration: this fraction of the person's own range takes the "
        "place of at_least",
    )
    floor: Degrees | None = Field(
        default=None, description="With a calibration: never ask for less than this"
    )
    limit: Degrees | None = Field(
        default=None, description="Never ask for more than this, whatever the calibration"
    )
    weight: Annotated[float, Field(gt=0, le=10)] = Field(
        default=1, description="How much it counts in the accuracy, against the others"
    )
    drives: bool | None = Field(
        default=None,
        description="Whether this is the movement itself (out and back are judged by it) "
        "rather than form to keep. Without any, a step's first target drives",
    )
    unknown: Literal["waits", "tolerated"] = Field(
        default="waits",
        description="What happens while it cannot be seen: the pose waits, or goes on without it",
    )
    low: Text | None = Field(default=None, description="Cue while the value is too small")
    high: Text | None = Field(default=None, description="Cue while the value is too large")

    @model_validator(mode="after")
    def _range(self) -> Target:
        if self.is_ is not None:
            if self.within is None:
                raise ValueError("'is' needs 'within'")
            if self.at_least is not None or self.at_most is not None:
                raise ValueError("give either 'is' and 'within', or 'at_least' / 'at_most'")
        elif self.within is not None:
            raise ValueError("'within' needs 'is'")
        elif self.at_least is None and self.at_most is None:
            raise ValueError("a target needs 'is' and 'within', 'at_least' or 'at_most'")
        if self.at_least is not None and self.at_most is not None and self.at_least >= self.at_most:
            raise ValueError("'at_least' must be smaller than 'at_most'")
        if self.of_range is not None and self.at_least is None:
            raise ValueError("'of_range' takes the place of 'at_least', which is missing")
        return self

    @property
    def low_deg(self) -> float:
        """Lower end of the wanted range, -inf where there is none."""
        if self.is_ is not None and self.within is not None:
            return self.is_ - self.within
        return -float("inf") if self.at_least is None else self.at_least

    @property
    def high_deg(self) -> float:
        """Upper end of the wanted range, +inf where there is none."""
        if self.is_ is not None and self.within is not None:
            return self.is_ + self.within
        return float("inf") if self.at_most is None else self.at_most


class Condition(Quantity):
    """A test of one quantity in a form fault."""

    above: Degrees | None = Field(default=None, description="True above this many degrees")
    below: Degrees | None = Field(default=None, description="True below this many degrees")
    outside: tuple[Degrees, Degrees] | None = Field(
        default=None, description="True below the first and above the second, e.g. [75, 105]"
    )
    inside: tuple[Degrees, Degrees] | None = Field(
        default=None, description="True between the two, e.g. [20, 40]"
    )
    context: bool = Field(
        default=False,
        description="Whether this only tells when the fault is looked for, as a target would: the "
        "best estimate decides, while the fault itself is told beyond reasonable doubt",
    )

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        given = [self.above, self.below, self.outside, self.inside]
        if sum(test is not None for test in given) != 1:
            raise ValueError("give one of 'above', 'below', 'outside', 'inside'")
        for pair in (self.outside, self.inside):
            if pair is not None and pair[0] >= pair[1]:
                raise ValueError("the first number of a range must be smaller")
        return self


class AllOf(_Part):
    """True where every one of the tests is."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(_Part):
    """True where one of the tests is."""

    any: Annotated[tuple[Condition | AllOf, ...], Field(min_length=1)]


class CueByDirection(_Part):
    """What to say when a value is too small or too large."""

    low: Text
    high: Text


class Fault(_Part):
    """A form fault: what it is, how long it must last, what to say."""

    id: Identifier = Field(description="Short name, as it appears in results")
    name: Text | None = Field(default=None, description="What to call it in a report")
    during: tuple[Identifier, ...] | None = Field(
        default=None,
        description="Steps during whose movement it is judged, from leaving the start pose "
        "to coming back; without it, all steps",
    )
    when: Condition | AllOf | AnyOf = Field(
        description="The test: one quantity, or several under 'all' or 'any'"
    )
    lasting: Annotated[float, Field(ge=0.1, le=60)] = Field(
        default=0.5, description="Seconds the condition must last"
    )
    side: Literal["working", "both", "left", "right"] | None = Field(
        default=None,
        description="Whose fault is reported: without it the working side, and in an "
        "exercise without sides 'both'; a fault written with {side} in an exercise without "
        "sides is judged for left and right",
    )
    severity: Literal["safety", "form", "hint"] = Field(
        default="form", description="Which cue comes first: safety, then form, then hint"
    )
    spoils: bool = Field(
        default=False, description="Whether a repetition with this fault does not count"
    )
    instead: bool = Field(
        default=False,
        description="Whether this is done in place of the movement, so that it counts as an "
        "attempt although the movement itself did not begin",
    )
    cue: Text | CueByDirection = Field(
        description="The correction to say; low and high where a value can be wrong both ways"
    )

    @model_validator(mode="after")
    def _one_test_is_the_fault(self) -> Fault:
        parts = self.when.any if isinstance(self.when, AnyOf) else (self.when,)
        for part in parts:
            tests = part.all if isinstance(part, AllOf) else (part,)
            if all(test.context for test in tests):
                raise ValueError("one test must be the fault itself, without 'context'")
        return self


class Untold(_Part):
    """What can go wrong and no camera shows: said before and in the report, never judged."""

    id: Identifier = Field(description="Short name, as for a fault")
    why: Text = Field(
        description="What is not judged and why, as one sentence for the person, e.g. "
        "Whether the trunk twists is not judged, for raised arms hide it."
    )


class Circle(_Part):
    """A continuous movement round and round, as in a shoulder roll."""

    up: Quantity = Field(description="The quantity that goes up and down")
    across: Quantity = Field(description="The quantity that goes forward and back")
    direction: Literal["forward", "backward"] = Field(
        description="forward: up, forward, down, back"
    )
    size: Degrees = Field(description="Smallest peak-to-peak height of a circle")
    shape: Annotated[float, Field(ge=0, le=10)] = Field(
        default=0.35,
        description="Smallest enclosed area, against that of a circle as high; straight up "
        "and down encloses none",
    )
    fastest: Annotated[float, Field(gt=0, le=10)] | None = Field(
        default=None,
        description="Shortest time in seconds for a circle that counts; without it a fast circle "
        "counts too (a fault may tell of it)",
    )


class Early(_Part):
    """The fault of leaving a hold before its time is over, in good form until then."""

    id: Identifier
    cue: Text


class Step(_Part):
    """One position to reach, and hold if ``hold`` is given."""

    id: Identifier = Field(description="Short name, for 'during' and 'keep' and in results")
    say: Text = Field(description="What the person is told to do")
    hold: Seconds | None = Field(
        default=None, description="Seconds to hold (--hold overrides); without it, reach"
    )
    targets: tuple[Target, ...] = Field(
        default=(), description="What must be so for the step to be reached"
    )
    keep: tuple[Identifier, ...] = Field(
        default=(), description="Steps whose targets must stay met in this one"
    )
    optional: bool = Field(default=False, description="A deeper variant that may be left out")
    early: Early | None = Field(
        default=None, description="The fault of leaving this hold before its time is over"
    )
    circle: Circle | None = Field(
        default=None, description="In place of a position to reach: a movement round and round"
    )
    lasting: Seconds | None = Field(default=None, description="Duration of a circle step")

    @model_validator(mode="after")
    def _something(self) -> Step:
        if not self.targets and self.circle is None:
            raise ValueError("a step needs 'targets' or a 'circle'")
        return self


class Start(_Part):
    """The pose every repetition begins in."""

    say: Text = Field(description="What the person is told to do")
    targets: Annotated[tuple[Target, ...], Field(min_length=1)] = Field(
        description="What must be so for the pose to be taken"
    )


class Exercise(_Part):
    """One exercise, as its definition says it; exercises/README.md tells of every field."""

    id: Identifier = Field(description="Short name; the file is called like it")
    name: Text = Field(description="Name for people")
    purpose: Text = Field(description="What it is good for")
    posture: tuple[Posture, ...] = Field(min_length=1, description="Postures it is done in")
    view: tuple[Facing, ...] = Field(
        min_length=1,
        description="Camera views it can be seen from; left and right are the side of the body "
        "towards the camera",
    )
    camera: Text = Field(description="How to place the camera, in words")
    equipment: tuple[Text, ...] = Field(default=(), description="What is needed for it")
    safety: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="When to take care, and when to stop"
    )
    sides: Literal["each", "none"] = Field(
        description="each: written once for {side}, done on left and right"
    )
    repetitions: Annotated[int, Field(ge=1, le=1000)] = Field(
        description="Repetitions, per side where there are sides"
    )
    setup: Start | None = Field(
        default=None,
        description="A pose taken before the start pose, in which the person's own zero is "
        "read; without it the start pose serves",
    )
    start: Start = Field(description="The pose every repetition begins in")
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)] = Field(
        description="What to do, in order"
    )
    silhouette: bool = Field(
        default=False,
        description="Whether the person's silhouette is looked at, too, for what landmarks do not "
        "show: a hand whose arm another one hides. It takes longer",
    )
    ends: Literal["start", "last step"] = Field(
        default="start",
        description="A repetition is complete back in the start pose, or with the last step",
    )
    order: Literal["given", "any"] = Field(
        default="given",
        description="Whether the steps of a repetition are done as they are given, or in any order",
    )
    faults: tuple[Fault, ...] = Field(default=(), description="What is done wrong, and what to say")
    untold: tuple[Untold, ...] = Field(
        default=(), description="What can go wrong and cannot be seen: it is said, never judged"
    )
    source: Text = Field(description="Where the numbers come from")

    @property
    def feet_first(self) -> bool:
        """Whether it is done lying with the feet to the camera."""
        return "lying" in self.posture and "feet" in self.view
