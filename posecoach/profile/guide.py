"""The guided calibration: a pure script of steps, from readings to words and trials.

    NEUTRAL ─► TAKE ─► MOVE: out, hold, back, three times ─► (TAKE ─►) MOVE … ─► done

It gives back the same ``CoachState`` and events as the coach, so that screen and voice show a
calibration as they show a session. It knows no camera and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite, nan
from statistics import median

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.coach.events import (
    AttemptBegan,
    AttemptEnded,
    Completed,
    CueGiven,
    Event,
    HoldCompleted,
    Praised,
    Seen,
    StepReached,
    Unseen,
)
from posecoach.coach.state import CoachState, Cue, Phase
from posecoach.observe.precision import KNOWN
from posecoach.observe.zero import ZERO_S
from posecoach.plan.match import Match, TargetState
from posecoach.plan.words import body_part
from posecoach.profile.motion import Motion
from posecoach.profile.motion_readings import MotionReadings, Trial
from posecoach.profile.plateaus import HOLD_S, held_for
from posecoach.profile.prompts import COMFORT, STOP, Move, Prompt, TakeNeutral, TakePose
from posecoach.profile.recording import Findings, findings

TRIALS = 3
"""Good trials wanted of each motion."""

TAKEN_S = 0.4
"""A pose on the way must be seen this long."""

PATIENCE_S = 12.0
"""Who does not take the pose on the way may not be able to: it goes on without it. And what
was asked is asked again after this long in which nothing happened."""

BACK = 0.4
"""Part of the way at which a trial is over."""

BACK_S = 0.25
"""... seen for so long."""

UNSEEN_S = 1.5
"""What cannot be seen for so long is said."""

CUE_S = 4.0
"""How long a correction stands."""


class Guide:
    """Leads through a calibration.

    Args:
        prompts: the steps.
        camera: words on how to place the camera, for what cannot be seen.
    """

    def __init__(self, prompts: Sequence[Prompt], camera: str = "") -> None:
        self._prompts = tuple(prompts)
        self._camera = camera
        self._gathered: dict[Motion, MotionReadings] = {}
        for each in self._prompts:
            if isinstance(each, Move) and each.motion not in self._gathered:
                self._gathered[each.motion] = MotionReadings(each.motion)
        self._trials: dict[Motion, list[Trial]] = {motion: [] for motion in self._gathered}
        self._tried: set[Motion] = set()
        self._tilts: list[float] = []
        self._index = 0
        self._told_done = False
        self._cue: tuple[Cue, float] | None = None
        self._unseen = ""
        self._began_s: float | None = None
        self._begin(0.0)
        self._began_s = None

    def _begin(self, time_s: float) -> None:
        """A step, or another trial, begins."""
        self._began_s = time_s
        self._right_s: float | None = None
        self._since_s = time_s  # the trial's
        self._out = False
        self._held = False
        self._holding = False
        self._held_s = 0.0
        self._peak = 0.0
        self._back_s: float | None = None
        self._idle_s = time_s

    # -- what is so ------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether every step is done."""
        return self._index >= len(self._prompts)

    @property
    def at_neutral(self) -> bool:
        """Whether the person now rests in their neutral position."""
        return isinstance(self._prompt, TakeNeutral) and self._right_s is not None

    @property
    def motions(self) -> tuple[Motion, ...]:
        """The motions to calibrate."""
        return tuple(self._gathered)

    @property
    def _prompt(self) -> Prompt | None:
        return None if self.done else self._prompts[self._index]

    def findings(self) -> Findings:
        """What came of it until now; motions that were skipped are missed."""
        came = findings(
            [(gathered, self._trials[motion]) for motion, gathered in self._gathered.items()],
            self._tilts,
        )
        tried = {self._gathered[motion].resolved for motion in self._tried}
        missed = tuple(
            (motion, why if motion in tried else "it was not done") for motion, why in came.missed
        )
        return replace(came, missed=missed)

    # -- what the person asks for --------------------------------------------------------------

    def skip(self) -> None:
        """Go on to the next step; the trials there are count."""
        if not self.done:
            self._index += 1
            self._began_s = None
            self._cue = None

    def again(self) -> None:
        """Do the trials of this step again."""
        prompt = self._prompt
        if isinstance(prompt, Move):
            self._trials[prompt.motion].clear()
        self._began_s = None

    # -- time goes on ----------------------------------------------------------------------------

    def update(
        self,
        time_s: float,
        readings: Mapping[str, Reading],
        view: View,
        *,
        still: bool,
        tilt_deg: float | None = None,
    ) -> tuple[CoachState, tuple[Event, ...]]:
        """Take in one moment.

        Args:
            readings: by measure name as the prompts need them; empty where nobody is seen.
            view: how the camera sees the body.
            still: whether the body has kept still (see ``Stillness``).
            tilt_deg: how far the camera seems tilted, None where that cannot be told.
        """
        self._pass_over_done()
        if self._began_s is None:
            self._begin(time_s)
        events: list[Event] = []
        neutral = self.at_neutral and still
        if neutral and tilt_deg is not None:
            self._tilts.append(tilt_deg)
        for motion, gathered in self._gathered.items():
            gathered.add(time_s, readings.get(motion.measure), view, neutral, tilt_deg)
        values = {
            name: float(each.value) if each.confidence >= KNOWN else nan
            for name, each in readings.items()
        }
        match self._prompt:
            case TakeNeutral() as prompt:
                self._watch_neutral(time_s, prompt, values, still, events)
            case TakePose() as prompt:
                self._watch_taking(time_s, prompt, values)
            case Move() as prompt:
                self._watch_moving(time_s, prompt, events)
            case None:
                pass
        self._watch_unseen(time_s, values, events)
        if self.done and not self._told_done:
            self._told_done = True
            events.append(Completed(time_s))
        if self._cue is not None and time_s - self._cue[1] > CUE_S:
            self._cue = None
        return self._state(time_s), tuple(events)

    def _pass_over_done(self) -> None:
        """A motion that two exercises need is asked for once."""
        while self._began_s is None and isinstance(self._prompt, Move):
            if len(self._trials[self._prompt.motion]) < TRIALS:
                return
            self._index += 1

    def _go_on(self) -> None:
        self._index += 1
        self._began_s = None

    def _watch_neutral(
        self,
        time_s: float,
        prompt: TakeNeutral,
        values: Mapping[str, float],
        still: bool,
        events: list[Event],
    ) -> None:
        met = all(goal.met(goal.reader.raw(values)) for goal in prompt.goals)
        if not (values and met and still):
            self._right_s = None
            return
        if self._right_s is None:
            self._right_s = time_s
        if time_s - self._right_s < ZERO_S:
            return
        if any(gathered.crooked for gathered in self._gathered.values()):
            self._tell(time_s, "Come to the middle: straight, not to one side.", events)
            return
        events.append(HoldCompleted(time_s, "neutral", "both"))
        self._go_on()

    def _watch_taking(self, time_s: float, prompt: TakePose, values: Mapping[str, float]) -> None:
        assert self._began_s is not None
        if all(goal.met(goal.reader.raw(values)) for goal in prompt.goals):
            if self._right_s is None:
                self._right_s = time_s
            if time_s - self._right_s >= TAKEN_S:
                self._go_on()
            return
        self._right_s = None
        if values and time_s - self._began_s > PATIENCE_S:
            self._go_on()

    def _watch_moving(self, time_s: float, prompt: Move, events: list[Event]) -> None:
        gathered = self._gathered[prompt.motion]
        times, values = gathered.recent(max(self._since_s, time_s - 2 * HOLD_S))
        known = [value for value in values[-5:] if isfinite(value)]
        if not known:
            return
        now = median(known[-3:])
        way = now - gathered.rest
        if not self._out and way >= gathered.least:
            self._out = True
            self._tried.add(prompt.motion)
            self._peak = 0.0
            self._cue = None
            events.append(AttemptBegan(time_s, prompt.motion.side))
        if not self._out:
            self._watch_idle(time_s, prompt, way < -gathered.least, events)
            return
        self._peak = max(self._peak, way)
        self._watch_hold(time_s, prompt, held_for(times, values), way, events)
        if way > BACK * self._peak:
            self._back_s = None
            return
        if self._back_s is None:
            self._back_s = time_s
        if time_s - self._back_s >= BACK_S:
            self._end_trial(time_s, prompt, gathered, events)

    def _watch_hold(
        self, time_s: float, prompt: Move, held_s: float, way: float, events: list[Event]
    ) -> None:
        # where it was held on the way back is no end of the range
        far = way > 0.8 * self._peak
        self._held_s = min(held_s, HOLD_S) if far else 0.0
        began = self._held_s > 0.3
        if began and not self._holding and not self._held:
            events.append(StepReached(time_s, prompt.motion.title, prompt.motion.side))
        self._holding = began
        if not self._held and self._held_s >= HOLD_S - 1e-6:
            self._held = True
            events.append(HoldCompleted(time_s, prompt.motion.title, prompt.motion.side))

    def _end_trial(
        self, time_s: float, prompt: Move, gathered: MotionReadings, events: list[Event]
    ) -> None:
        side = prompt.motion.side
        trials = self._trials[prompt.motion]
        found = gathered.trials(self._since_s)
        start_s = self._since_s
        self._begin(time_s)
        best = max(found, key=lambda trial: trial.deg, default=None)
        wrong = "it was not held for a second" if best is None else best.wrong
        if best is None or wrong:
            events.append(AttemptEnded(time_s, side, start_s, time_s, False, 0.0, wrong))
            self._tell(time_s, f"That one does not count: {wrong}. Once more.", events)
            return
        trials.append(best)
        events.append(AttemptEnded(time_s, side, start_s, time_s, True, 1.0, ""))
        events.append(Praised(time_s, "Good"))
        if len(trials) >= TRIALS:
            self._go_on()

    def _watch_idle(
        self, time_s: float, prompt: Move, other_way: bool, events: list[Event]
    ) -> None:
        if not other_way:
            self._right_s = None
            if time_s - self._idle_s > PATIENCE_S:
                self._idle_s = time_s
                self._tell(time_s, f"{prompt.say}. {STOP}", events)
            return
        if self._right_s is None:
            self._right_s = time_s
        elif time_s - self._right_s > 1.0:
            self._right_s = time_s + CUE_S  # not every second
            self._tell(time_s, f"The other way. {prompt.say}.", events)

    def _tell(self, time_s: float, text: str, events: list[Event]) -> None:
        if self._cue is not None and self._cue[0].text == text:
            return
        cue = Cue(text, None, "both", None, "form")
        self._cue = (cue, time_s)
        events.append(CueGiven(time_s, cue))

    # -- what cannot be seen -----------------------------------------------------------------

    def _watch_unseen(
        self, time_s: float, values: Mapping[str, float], events: list[Event]
    ) -> None:
        text = ""
        prompt = self._prompt
        if not values and self._all_unseen(time_s):
            text = "I can't see you. Come into the picture."
        elif isinstance(prompt, Move):
            gathered = self._gathered[prompt.motion]
            if gathered.seen(time_s - UNSEEN_S) < 0.2:
                where = f"Let me see you from {gathered.from_where}."
                text = f"I can't see your {body_part(prompt.motion.measure)}. {where}"
        if text and not self._unseen:
            events.append(Unseen(time_s, text))
        elif self._unseen and not text:
            events.append(Seen(time_s))
        self._unseen = text

    def _all_unseen(self, time_s: float) -> bool:
        return all(gathered.seen(time_s - UNSEEN_S) < 0.2 for gathered in self._gathered.values())

    # -- what is shown -------------------------------------------------------------------------

    def _state(self, time_s: float) -> CoachState:
        prompt = self._prompt
        phase, say, held, hold = Phase.WAITING, "", 0.0, 0.0
        targets: tuple[TargetState, ...] = ()
        step, side = "calibration", "both"
        match prompt:
            case TakeNeutral():
                say = prompt.say
                if self._right_s is not None:
                    phase, say = Phase.HOLDING, "Good. Keep still"
                    held, hold = min(time_s - self._right_s, ZERO_S), ZERO_S
            case TakePose():
                say = prompt.say
            case Move():
                step, side = prompt.motion.title, prompt.motion.side
                say = f"{prompt.say}. {COMFORT}"
                hold, held = HOLD_S, self._held_s
                targets = (_target(self._gathered[prompt.motion], self._held),)
                phase = Phase.READY
                if self._held:
                    phase, held = Phase.RETURNING, HOLD_S
                elif self._out:
                    phase = Phase.HOLDING if self._holding else Phase.MOVING
            case None:
                phase = Phase.DONE
        if self._unseen:
            phase = Phase.UNSEEN
        counts, wanted = self._counts()
        return CoachState(
            time_s=time_s,
            phase=phase,
            side=side,  # type: ignore[arg-type]
            step=step,
            say=say,
            targets=targets,
            held_s=held,
            hold_s=hold,
            repetitions=counts,
            attempts=dict(counts),
            prescribed=wanted,
            cue=None if self._cue is None else self._cue[0],
            unseen=self._unseen,
        )

    def _counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """Trials of the measure that is on, by side, and those wanted."""
        counts = {"left": 0, "right": 0, "both": 0}
        wanted: dict[str, int] = {}
        now = self._near_motion()
        for motion, trials in self._trials.items():
            if now is not None and motion in (now, now.other):
                counts[motion.side] += len(trials)
                wanted[motion.side] = TRIALS
        return counts, wanted

    def _near_motion(self) -> Motion | None:
        """The motion that is on, or comes next, or came last."""
        moves = [
            (index, each.motion)
            for index, each in enumerate(self._prompts)
            if isinstance(each, Move)
        ]
        coming = [motion for index, motion in moves if index >= self._index]
        return coming[0] if coming else (moves[-1][1] if moves else None)


def _target(gathered: MotionReadings, held: bool) -> TargetState:
    """The measure itself, to be marked on the body with its degrees until it was held."""
    value = gathered.value
    return TargetState(
        measure=gathered.motion.measure,
        value=value,
        low=-inf,
        high=inf,
        match=Match.UNKNOWN if not isfinite(value) else Match.IN if held else Match.NEAR,
        direction=0,
        drives=True,
    )
