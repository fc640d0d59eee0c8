"""A practice told in the terminal, where there is no window."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from posecoach.closing import Closing
from posecoach.coach.events import (
    AttemptEnded,
    CueGiven,
    Event,
    FaultBegan,
    HoldBroken,
    HoldCompleted,
    Unseen,
)
from posecoach.coach.state import CoachState, Phase
from posecoach.practice.moment import Moment, Stage


class TerminalTeller(Closing):
    """Prints what happens as it happens, and one line that is always of now."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, transient=True)
        self._told = ""
        self._exercise = ""
        self._said: set[str] = set()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def close(self) -> None:
        """End the line that is of now."""
        self._live.stop()

    def __call__(self, moment: Moment) -> None:
        """Tell one moment."""
        snapshot, practice = moment.snapshot, moment.practice
        now_s = snapshot.state.time_s
        if snapshot.exercise.id != self._exercise:
            self._exercise = snapshot.exercise.id
            self._said = set()
            self._line(now_s, snapshot.exercise.name)
        situation = practice.notice or practice.paused
        if not situation and moment.stage is Stage.SETUP and practice.setup is not None:
            situation = practice.setup.wrong
        if not situation and practice.rest_s is not None:
            situation = f"rest; next: {practice.next}"
        if situation != self._told:
            self._told = situation
            if situation:
                self._line(now_s, situation)
        if moment.stage is Stage.WORK and not situation:
            self._say(now_s, practice.remark or _asked(snapshot.state))
        for event in snapshot.events:
            line = _words(event)
            if line:
                self._line(now_s, line, bold=isinstance(event, CueGiven))
        self._live.update(Text(_status(moment)))

    def _say(self, time_s: float, words: str) -> None:
        """What the person is to do, the first time, as a voice says it."""
        if words and words not in self._said:
            self._said.add(words)
            self._line(time_s, words)

    def _line(self, time_s: float, words: str, *, bold: bool = False) -> None:
        text = Text(f"{time_s:6.1f} s  ", style="dim")
        text.append(words, style="bold not dim" if bold else "not dim")
        self._console.print(text)


def _asked(state: CoachState) -> str:
    return "" if state.phase in (Phase.UNSEEN, Phase.DONE, Phase.RETURNING) else state.say


def _words(event: Event) -> str:
    match event:
        case HoldCompleted():
            return f"held {event.step} ({event.side})"
        case HoldBroken():
            return f"{event.step} was lost before the time was up"
        case AttemptEnded():
            what = "repetition" if event.completed else f"attempt, {event.reason}"
            return f"{what} ({event.side})"
        case FaultBegan():
            return f"fault: {event.fault} ({event.side})"
        case CueGiven():
            return event.cue.text
        case Unseen():
            return event.text
    return ""


def _status(moment: Moment) -> str:
    state, practice = moment.snapshot.state, moment.practice
    if practice.rest_s is not None:
        return f"{state.time_s:6.1f} s  rest {practice.rest_s[0]:.0f} s"
    if practice.countdown_s is not None:
        return f"{state.time_s:6.1f} s  get ready {practice.countdown_s:.0f}"
    if moment.stage is Stage.SETUP:
        return f"{state.time_s:6.1f} s  set-up"
    counts = "  ".join(
        f"{side} {state.repetitions[side]}/{wanted}" for side, wanted in state.prescribed.items()
    )
    hold = f"  hold {state.held_s:.1f}/{state.hold_s:.0f} s" if state.hold_s else ""
    return f"{state.time_s:6.1f} s  {state.phase.value:<10}  {counts}{hold}"
