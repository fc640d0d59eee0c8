"""A practice told in the terminal, where there is no window."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from posecoach.coach.events import (
    AttemptEnded,
    CueGiven,
    Event,
    FaultBegan,
    HoldBroken,
    HoldCompleted,
    Unseen,
)
from posecoach.practice.practice import Moment, Stage


class Teller:
    """Prints what happens as it happens, and one line that is always of now."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, transient=True)
        self._told = ""
        self._exercise = ""

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, moment: Moment) -> None:
        """Tell one moment."""
        snapshot, around = moment.snapshot, moment.around
        now_s = snapshot.state.time_s
        if snapshot.exercise.id != self._exercise:
            self._exercise = snapshot.exercise.id
            self._line(now_s, snapshot.exercise.name)
        around_now = around.notice or around.paused
        if not around_now and moment.stage is Stage.SETUP and around.setup is not None:
            around_now = around.setup.wrong
        if not around_now and around.rest_s is not None:
            around_now = f"rest; next: {around.next}"
        if around_now != self._told:
            self._told = around_now
            if around_now:
                self._line(now_s, around_now)
        for event in snapshot.events:
            line = _words(event)
            if line:
                self._line(now_s, line, bold=isinstance(event, CueGiven))
        self._live.update(Text(_status(moment)))

    def _line(self, time_s: float, words: str, *, bold: bool = False) -> None:
        text = Text(f"{time_s:6.1f} s  ", style="dim")
        text.append(words, style="bold not dim" if bold else "not dim")
        self._console.print(text)


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
    state, around = moment.snapshot.state, moment.around
    if around.rest_s is not None:
        return f"{state.time_s:6.1f} s  rest {around.rest_s[0]:.0f} s"
    if around.countdown_s is not None:
        return f"{state.time_s:6.1f} s  get ready {around.countdown_s:.0f}"
    if moment.stage is Stage.SETUP:
        return f"{state.time_s:6.1f} s  set-up"
    counts = "  ".join(
        f"{side} {state.repetitions[side]}/{wanted}" for side, wanted in state.prescribed.items()
    )
    hold = f"  hold {state.held_s:.1f}/{state.hold_s:.0f} s" if state.hold_s else ""
    return f"{state.time_s:6.1f} s  {state.phase.value:<10}  {counts}{hold}"
