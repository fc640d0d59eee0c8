"""A definition being written: its parts with the origin of each number, and its text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from posecoach.body.catalogue import CATALOGUE

HOW_TO_READ = (
    "How to read it: angles are degrees, 0 is the body upright with the arms hanging and the joint "
    "straight (posecoach measure --list tells each). at_least and at_most are what is asked for, "
    "stay_within is forgiven once it was reached, drives marks the movement itself, low and high "
    "are said while it is too small or too large; unknown: tolerated leaves it out where it is not "
    "seen. Every number may be changed."
)

WIDTH = 118
"""Columns of a line: as wide as the built-in definitions are, which people read beside it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One target.

    Attributes:
        measure: with ``{side}``, ``near`` or a side.
        towards: for measures whose sign is a side.
        low, high: the wanted range, degrees; None where open.
        stay: degrees beyond it that are forgiven once the pose is reached.
        drives: whether it is the movement itself.
        origin: where its numbers come from.
        cue: what to say while it is not met.
    """

    measure: str
    low: float | None
    high: float | None
    stay: float
    origin: str
    towards: str = ""
    drives: bool = False
    tolerated: bool = False
    cue: str = ""

    def text(self) -> str:
        """In one line of YAML."""
        parts = [f"measure: {_quoted(self.measure)}"]
        if self.towards:
            parts.append(f"towards: {_quoted(self.towards)}")
        if self.low is not None:
            parts.append(f"at_least: {self.low:g}")
        if self.high is not None:
            parts.append(f"at_most: {self.high:g}")
        parts.append(f"stay_within: {self.stay:g}")
        if self.drives:
            parts.append("drives: true")
        if self.tolerated:
            parts.append("unknown: tolerated")
        if self.cue:
            parts.append(f"{'low' if self.low is not None else 'high'}: {_quoted(self.cue)}")
        return "- {" + ", ".join(parts) + "}"


@dataclass(frozen=True, slots=True)
class Pose:
    """The start pose, or what comes before it."""

    say: str
    targets: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A circle step.

    Attributes:
        up, across: measures with ``{side}``.
        lasting: seconds.
        origin: where its numbers come from.
    """

    up: str
    across: str
    direction: str
    size: float
    shape: float
    lasting: float
    origin: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with targets or a circle."""

    id: str
    say: str
    targets: tuple[Wanted, ...] = ()
    hold: float | None = None
    hold_origin: str = ""
    optional: bool = False
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is suggested.

    Attributes:
        test: the condition in YAML.
    """

    id: str
    name: str
    test: str
    cue: str
    origin: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole definition.

    Attributes:
        questions: what a person is to answer.
    """

    id: str
    name: str
    posture: tuple[str, ...]
    view: tuple[str, ...]
    camera: str
    sides: str
    repetitions: int
    start: Pose
    steps: tuple[Step, ...]
    setup: Pose | None = None
    ends_there: bool = False
    faults: tuple[Fault, ...] = ()
    questions: tuple[str, ...] = field(default=())
    source: str = ""


def text(draft: Draft) -> str:
    """The definition's file."""
    lines = ["# yaml-language-server: $schema=schema.json"]
    if draft.questions:
        lines += ["#", "# Learnt from a demonstration. Before others use it, please answer:", "#"]
        for question in draft.questions:
            lines += _comment(f"? {question}", 0, hanging="  ")
        lines.append("")
    lines += [*_legend(draft), ""]
    lines += [
        f"id: {_quoted(draft.id)}",
        f"name: {_quoted(draft.name)}",
        'purpose: "What it is good for is not said yet."',
        f"posture: [{', '.join(draft.posture)}]",
        f"view: [{', '.join(draft.view)}]",
        f"camera: {_quoted(draft.camera)}",
        "safety:",
        "  - Move slowly and stop where it hurts.",
        "",
        f"sides: {draft.sides}",
        f"repetitions: {draft.repetitions}",
    ]
    if draft.ends_there:
        lines.append("ends: last step")
    if draft.setup is not None:
        lines += ["", "setup:", *_pose(draft.setup)]
    lines += ["", "start:", *_pose(draft.start), "", "steps:"]
    for step in draft.steps:
        lines += _step(step)
    if draft.faults:
        lines += ["", "# Suggested: what stayed as it was throughout. Delete what does not matter."]
        lines.append("faults:")
        for fault in draft.faults:
            lines += _fault(fault)
    lines += ["", "source: >-", *textwrap.wrap(draft.source, WIDTH - 2, initial_indent="  ",
                                               subsequent_indent="  ")]  # fmt: skip
    return "\n".join(lines) + "\n"


def _legend(draft: Draft) -> Iterator[str]:
    """How to read it, for who has never read a definition."""
    words = [HOW_TO_READ]
    measures = [each.measure for pose in _poses(draft) for each in pose]
    if draft.sides == "each":
        words.append(
            "It is written once for both sides: {side} is the one that works, {other} the other; "
            "what was shown is told as of the left."
        )
    if any(each in CATALOGUE and CATALOGUE[each].lateral for each in measures):
        words.append("Of what goes to a side, numbers above 0 are to the person's own left.")
    if any(each.endswith("_near") for each in measures):
        words.append("near is the side towards the camera, which hides the other.")
    for each in words:
        yield from _comment(each, 0)


def _poses(draft: Draft) -> Iterator[Sequence[Wanted]]:
    yield from ((draft.setup.targets,) if draft.setup is not None else ())
    yield draft.start.targets
    yield from (step.targets for step in draft.steps)


def _pose(pose: Pose) -> Iterator[str]:
    yield f"  say: {_quoted(pose.say)}"
    yield "  targets:"
    yield from _targets(pose.targets)


def _targets(targets: Sequence[Wanted]) -> Iterator[str]:
    for wanted in targets:
        yield from _comment(wanted.origin, 4)
        yield f"    {wanted.text()}"


def _step(step: Step) -> Iterator[str]:
    yield f"  - id: {_quoted(step.id)}"
    yield f"    say: {_quoted(step.say)}"
    if step.hold is not None:
        yield from _comment(step.hold_origin, 4)
        yield f"    hold: {step.hold:g}"
    if step.optional:
        yield "    optional: true"
    if step.turn is not None:
        yield from _turn(step.turn)
        return
    yield "    targets:"
    for line in _targets(step.targets):
        yield f"  {line}"


def _turn(turn: Turn) -> Iterator[str]:
    yield f"    lasting: {turn.lasting:g}"
    yield "    circle:"
    yield from _comment(turn.origin, 6)
    yield f"      up: {{measure: {_quoted(turn.up)}}}"
    yield f"      across: {{measure: {_quoted(turn.across)}}}"
    yield f"      direction: {turn.direction}"
    yield f"      size: {turn.size:g}"
    yield f"      shape: {turn.shape:g}"


def _fault(fault: Fault) -> Iterator[str]:
    yield f"  - id: {_quoted(fault.id)}"
    yield f"    name: {_quoted(fault.name)}"
    yield from _comment(fault.origin, 4)
    yield f"    when: {fault.test}"
    yield "    lasting: 1"
    yield f"    cue: {_quoted(fault.cue)}"


def _comment(words: str, indent: int, hanging: str = "") -> list[str]:
    if not words:
        return []
    before = " " * indent + "# "
    return textwrap.wrap(words, WIDTH, initial_indent=before, subsequent_indent=before + hanging)


def _quoted(words: str) -> str:
    """A text as YAML takes it for nothing else."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
