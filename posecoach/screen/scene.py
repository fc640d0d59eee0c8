"""What the screen shows at one moment, decided without drawing anything.

A session's ``Snapshot`` and what goes on around the coach (``PracticeState``: pause, mute, rests,
set-up) become a ``Scene``: texts, fractions, dots, marks. The painter then only draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Literal

from posecoach.coach.state import CoachState, Phase
from posecoach.exercise.definition import Exercise
from posecoach.plan.match import Match, TargetState
from posecoach.plan.sides import SIDES, Side
from posecoach.plan.words import of_own_range
from posecoach.session.practice_state import LAST_SECONDS, PracticeState
from posecoach.session.snapshot import Snapshot
from posecoach.session.steady import Steady

Tone = Literal["step", "form", "safety", "hint", "unseen", "good", "pause", "note"]
Glyph = Literal["none", "figure", "check", "eye", "pause", "rest"]


@dataclass(frozen=True, slots=True)
class Ring:
    """The large ring.

    Attributes:
        fraction: 0..1 of it that is filled.
        number: large text in its middle.
        label: small text below the number.
        glyph: drawn in the middle where there is no number.
        tone: "good" while a hold runs, "pause" where the clock stands.
        last: whether these are the last seconds.
        neutral: whether a figure shows the pose for the person's own zero, where the exercise
            has one besides its start pose.
    """

    fraction: float = 0.0
    number: str = ""
    label: str = ""
    glyph: Glyph = "none"
    tone: Tone = "step"
    last: bool = False
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """One side's repetitions: complete, begun without completing, wanted."""

    side: Side
    done: int
    missed: int
    wanted: int
    active: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the screen but the picture and the body.

    Attributes:
        time_s: of the moment.
        title: the exercise's name.
        side: words for the side being worked; empty where there are none.
        sentence: the one sentence to read now.
        tone: what kind of sentence it is.
        ring: see ``Ring``.
        dots: see ``Dots``; one for each side in use.
        next: what comes next; while moving towards a target that is scaled by the person's own
            range, how far they have come of it.
        targets: what may be marked on the body.
        corrected: the measure being corrected, None where none is.
        starting: whether the targets are those of the start pose.
        stage: of what the sentence is, see ``_stage``: one of another side or stage than the one
            that the ring shows is wrong.
        muted, help, dimmed: as they say; ``dimmed`` darkens the picture.
        over: words over the dimmed picture; empty where there are none.
        unsaved: whether what happens is not kept.
    """

    time_s: float
    title: str
    side: str
    sentence: str
    tone: Tone
    ring: Ring
    dots: tuple[Dots, ...]
    next: str
    targets: tuple[TargetState, ...]
    corrected: str | None
    starting: bool = False
    stage: tuple[object, ...] = ()
    muted: bool = False
    help: bool = False
    dimmed: bool = False
    over: str = ""
    unsaved: bool = False


def scene(snapshot: Snapshot, practice: PracticeState | None = None) -> Scene:
    """Decide what to show of ``snapshot``."""
    practice = practice or PracticeState()
    state, exercise = snapshot.state, snapshot.exercise
    sentence, tone = _sentence(state, bool(practice.next))
    shown = Scene(
        time_s=state.time_s,
        title=exercise.name,
        side="" if state.phase is Phase.DONE else _side_words(state.side),
        sentence=sentence,
        tone=tone,
        ring=_ring(state, exercise),
        dots=_dots(state),
        next=_next(state, exercise, practice),
        targets=() if state.phase is Phase.DONE else state.targets,
        corrected=None if state.cue is None else state.cue.measure,
        starting=state.phase is Phase.WAITING,
        stage=_stage(state, practice),
        muted=practice.muted,
        help=practice.help,
        dimmed=practice.help or state.phase is Phase.UNSEEN,
        over="I can’t see you" if state.phase is Phase.UNSEEN and not snapshot.pose.seen else "",
        unsaved=practice.unsaved,
    )
    shown = _surrounded(shown, practice)
    calm = shown.tone in ("step", "good") or practice.setup is not None
    if practice.remark and calm and not (practice.notice or practice.paused):  # no correction waits
        return replace(shown, sentence=practice.remark, tone="note")
    return shown


def _stage(state: CoachState, practice: PracticeState) -> tuple[object, ...]:
    """Where in the exercise, and of what goes on around it.

    The words of a set-up check and remarks come and go within a stage.
    """
    around = bool(practice.paused), practice.rest_s is not None, practice.countdown_s is not None
    return state.side, state.phase, state.step, *around


def _side_words(side: Side | None) -> str:
    return {"left": "Left side", "right": "Right side"}.get(side or "", "")


def _surrounded(shown: Scene, practice: PracticeState) -> Scene:
    """What goes on around the coach takes the place of what the coach says."""
    if practice.notice or practice.paused:
        glyph: Glyph = "eye" if practice.notice else "pause"
        return replace(
            shown,
            sentence=practice.notice or "Press space or raise a hand to go on",
            tone="unseen" if practice.notice else "pause",
            ring=replace(shown.ring, glyph=glyph, number="", label="", tone="pause", last=False),
            targets=(),
            corrected=None,
            dimmed=True,
            over="No picture" if practice.notice else practice.paused,
        )
    if practice.rest_s is not None:
        remaining, whole = practice.rest_s
        return replace(
            shown,
            sentence=f"Rest. Next: {practice.next}" if practice.next else "Rest",
            next="",  # the sentence says it
            tone="step",
            ring=_countdown(remaining, whole, "rest"),
            side="",
            targets=(),
            corrected=None,
        )
    if practice.setup is not None:
        wrong = practice.setup.wrong
        return replace(
            shown,
            sentence=wrong or "Good. Stay there",
            tone="hint" if wrong else "good",
            ring=Ring(practice.setup.fraction, glyph="figure", tone="good", neutral=True),
            dots=(),
            next="",  # one thing at a time
            targets=(),
            corrected=None,
        )
    if practice.countdown_s is not None:
        ring = _countdown(
            practice.countdown_s, max(LAST_SECONDS, practice.countdown_s), "get ready"
        )
        return replace(shown, ring=ring, targets=(), corrected=None)
    return shown


def _countdown(remaining_s: float, whole_s: float, label: str) -> Ring:
    remaining = max(0, ceil(remaining_s))
    fraction = 1 - remaining_s / whole_s if whole_s > 0 else 1.0
    return Ring(_unit(fraction), str(remaining), label, tone="step", last=remaining <= LAST_SECONDS)


def _sentence(state: CoachState, following: bool) -> tuple[str, Tone]:
    if state.phase is Phase.DONE:
        return ("Well done" if following else "Well done. You have finished"), "good"
    if state.phase is Phase.UNSEEN:
        return state.unseen or "Step into the picture", "unseen"
    if state.cue is not None:
        return state.cue.text, state.cue.severity
    if state.unseen:
        return state.unseen, "unseen"
    if state.phase is Phase.RETURNING:
        return "Good. Come back to the start", "good"
    return state.say, "step"


def _at_zero(state: CoachState, exercise: Exercise) -> bool:
    """Whether the pose asked for is the one for the person's own zero."""
    return exercise.setup is not None and state.say == exercise.setup.say


def _ring(state: CoachState, exercise: Exercise) -> Ring:
    if state.phase is Phase.DONE:
        return Ring(1.0, glyph="check", tone="good")
    if state.phase is Phase.UNSEEN:
        return Ring(_held(state), glyph="eye", tone="pause")
    if state.phase is Phase.WAITING:
        return Ring(0.0, glyph="figure", neutral=_at_zero(state, exercise))
    if state.phase is Phase.RETURNING:
        return Ring(1.0, glyph="check", tone="good")
    if state.hold_s > 0:
        remaining = max(0, ceil(state.hold_s - state.held_s - 1e-6))
        holding = state.phase is Phase.HOLDING
        if remaining == 0:
            return Ring(1.0, glyph="check", tone="good")
        return Ring(
            _held(state),
            str(remaining),
            "hold" if holding else ("second" if remaining == 1 else "seconds"),
            tone="good" if holding else "step",
            last=holding and remaining <= LAST_SECONDS,
        )
    side = state.side or "both"
    sides = [side] if side in state.prescribed else [*state.prescribed]  # which one is not known
    done = sum(state.repetitions.get(each, 0) for each in sides)
    wanted = sum(state.prescribed[each] for each in sides)
    return Ring(_unit(done / wanted) if wanted else 0.0, str(done), f"of {wanted}", tone="good")


def _held(state: CoachState) -> float:
    return _unit(state.held_s / state.hold_s) if state.hold_s > 0 else 0.0


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


def _dots(state: CoachState) -> tuple[Dots, ...]:
    return tuple(
        Dots(
            side,
            done=state.repetitions.get(side, 0),
            missed=_missed(state, side),
            wanted=state.prescribed[side],
            active=side in (state.side, "both"),
        )
        for side in SIDES
        if state.prescribed.get(side, 0) > 0
    )


def _missed(state: CoachState, side: Side) -> int:
    """Attempts that did not count; one that is still under way may yet."""
    at_rest = state.phase in (Phase.WAITING, Phase.READY, Phase.DONE)
    under_way = 0 if at_rest or side not in (state.side, "both") else 1
    missed = state.attempts.get(side, 0) - state.repetitions.get(side, 0) - under_way
    return max(0, missed)


def _next(state: CoachState, exercise: Exercise, practice: PracticeState) -> str:
    if state.phase is Phase.DONE:
        return f"Next: {practice.next}" if practice.next else ""
    own = next((of_own_range(target) for target in state.targets if target.drives), "")
    if own and state.phase in (Phase.MOVING, Phase.HOLDING):
        return own
    ids = [step.id for step in exercise.steps]
    # In any order the step after this one may be done already, and the state does not say.
    ordered = exercise.order != "any"
    if ordered and state.phase in (Phase.MOVING, Phase.HOLDING) and state.step in ids[:-1]:
        return f"Then: {_words(ids[ids.index(state.step) + 1])}"
    side = state.side or "both"
    remaining = state.prescribed.get(side, 0) - state.repetitions.get(side, 0)
    if state.phase in (Phase.MOVING, Phase.HOLDING, Phase.RETURNING) and remaining <= 1:
        other = {"left": "right", "right": "left"}.get(side, "")
        if state.prescribed.get(other, 0) > state.repetitions.get(other, 0):
            return f"Then: {other} side"
        return f"Then: {practice.next}" if practice.next else "Last one"
    if state.phase in (Phase.WAITING, Phase.READY) and state.step in ids:
        return f"Then: {_words(state.step)}"
    return f"Then {remaining - 1} more" if remaining > 1 else ""


def _words(identifier: str) -> str:
    return identifier.replace("-", " ")


def wanted_text(target: TargetState, *, starting: bool = False) -> str:
    """The value and what is wanted: "78° → 90°"; the value alone where it is in range.

    Of a range it is the middle: its ends are what is let through, and nobody's goal. A start
    pose that is open to one side has no number to go to: its sentence says what to do ("overhead").

    Args:
        starting: whether it is a target of the start pose.
    """
    if not isfinite(target.value):
        return ""
    now = _degrees(target.value)
    closed = isfinite(target.low) and isfinite(target.high)
    if target.match is Match.IN or target.direction == 0 or (starting and not closed):
        return now
    end = target.low if target.direction > 0 else target.high
    goal = (target.low + target.high) / 2 if closed else end
    apart = isfinite(goal) and _degrees(goal) != now
    return f"{now} → {_degrees(goal)}" if apart else now


def _degrees(value: float) -> str:
    return f"{round(value)}°".replace("-", "−")


class Steadier:
    """Holds each part of a scene long enough to be read (see ``Steady``).

    Numbers that count and the hold ring are never held back: they are the clock. A safety
    cue, a pause and the end come at once, and so do the words of another side or stage: ring and
    side are of that one already, and "Left side" beside "Lean to your right" helps nobody.
    """

    SENTENCE_S = 1.5  # about what a short sentence takes to read at a glance
    MARK_S = 0.7

    def __init__(self) -> None:
        self._begin("")

    def _begin(self, title: str) -> None:
        self._title = title
        self._stage: tuple[object, ...] = ()
        self._sentence: Steady[tuple[str, Tone, str | None]] = Steady(self.SENTENCE_S, 0.15)
        self._over: Steady[tuple[str, bool]] = Steady(0.8, 0.3)
        self._next: Steady[str] = Steady(1.0, 0.2)
        self._matches: dict[str, Steady[Match]] = {}

    def update(self, now: Scene) -> Scene:
        """The scene to draw for what is so ``now``."""
        if now.title != self._title:
            self._begin(now.title)
        time_s = now.time_s
        turned, self._stage = now.stage != self._stage, now.stage
        urgent = now.tone in ("safety", "pause") or now.over == "No picture"
        sentence, tone, corrected = self._sentence.update(
            (now.sentence, now.tone, now.corrected), time_s, urgent=urgent or turned
        )
        over, dimmed = self._over.update((now.over, now.dimmed), time_s, urgent=urgent or now.help)
        return replace(
            now,
            sentence=sentence,
            tone=tone,
            corrected=corrected,
            over=over,
            dimmed=dimmed,
            next=self._next.update(now.next, time_s, urgent=turned),
            targets=tuple(self._target(target, time_s) for target in now.targets),
        )

    def _target(self, target: TargetState, time_s: float) -> TargetState:
        steady = self._matches.setdefault(target.measure, Steady(self.MARK_S, 0.15))
        match = steady.update(target.match, time_s)
        return target if match is target.match else replace(target, match=match)
