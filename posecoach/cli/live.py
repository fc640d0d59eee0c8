"""Coaching before the person's eyes: the loop of ``run`` and ``demo``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from posecoach.coach.plan import Plan
from posecoach.session.eyes import Eyes
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.source.source import Source, Waiting

if TYPE_CHECKING:
    from rich.console import Console

    from posecoach.screen.window import Window
    from posecoach.store.recording import Recording
    from posecoach.voice.voice import Voice

SKIP_S = 0.5
"""A recording that is shown may fall behind the clock by this much before it is let go:
waiting less later would only show the past faster."""


class LiveCoaching:
    """One exercise from one source, shown in a window or told in the terminal.

    Args:
        window: None where there is no display.
        voice: None where nothing is to be said.
        tell: called with every moment where there is no window.
        recording: keeps the session; None where nothing is to be kept.
    """

    def __init__(
        self,
        plan: Plan,
        source: Source,
        window: Window | None,
        voice: Voice | None,
        tell: Callable[[Snapshot], None] | None = None,
        recording: Recording | None = None,
    ) -> None:
        self._source = source
        self._window = window
        self._voice = voice
        self._tell = tell
        self._recording = recording
        self._plan = plan
        self._paused = False
        self._notice = ""
        self._last: Snapshot | None = None
        self._behind_s = 0.0
        self.session = Session(plan, source.name, mirror=source.mirror_display)

    def run(self, eyes: Eyes) -> Result:
        """Coach until the source ends, the person stops, or the exercise is done."""
        began = time.monotonic()
        try:
            for item in self._source.watch():
                if isinstance(item, Waiting):
                    self._notice = item.lost or ""
                    going = self._breathe()
                else:
                    if self._window is not None and not self._source.live:
                        began = self._keep_pace(item, began)
                    self._notice = ""
                    going = self._see(item, eyes)
                if not going:
                    break
        except KeyboardInterrupt:
            pass  # what was coached until now is kept
        result = self.session.finish()
        if self._source.ended_early:
            result.notes.append(self._source.ended_early)
        if self._recording is not None:
            self._recording.end(result, self.session.ending)
        return result

    def _see(self, frame: Frame, eyes: Eyes) -> bool:
        while self._paused and not self._source.live:
            if not self._breathe():
                return False
            self._behind_s += 0.02
        if self._paused:
            return self._breathe()
        snapshot = self.session.see(frame, eyes.estimate(frame.image, frame.time_s))
        self._last = snapshot
        if self._voice is not None:
            self._voice.hear(snapshot)
        if self._recording is not None:
            self._recording.hear(snapshot)
        if self._tell is not None:
            self._tell(snapshot)
        return self._breathe()

    def _breathe(self) -> bool:
        """Show where we are and hear the keys; False when the person wants to stop."""
        window = self._window
        if window is None:
            return True
        from posecoach.screen.keys import Action
        from posecoach.session.around import Around

        if self._last is not None:
            window.show(
                self._last,
                Around(
                    paused="Paused" if self._paused else "",
                    muted=self._voice is None or self._voice.muted,
                    notice=self._notice or self._unsaved,
                ),
            )
        for action in window.keys(20 if self._paused else 1):
            if action is Action.QUIT:
                if self._voice is not None:
                    self._voice.hush()
                return False
            if action is Action.PAUSE:
                self._paused = not self._paused
                if self._voice is not None:
                    self._voice.hush()
            elif action is Action.MUTE and self._voice is not None:
                self._voice.muted = not self._voice.muted
        return not window.closed

    @property
    def _unsaved(self) -> str:
        """Why the session is not kept although it should be."""
        return self._recording.problem if self._recording is not None else ""

    def _keep_pace(self, frame: Frame, began: float) -> float:
        """Show a recording at its own speed; returns when its time 0 was."""
        due = began + frame.time_s + self._behind_s
        ahead = due - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        elif ahead < -SKIP_S:
            return began - ahead
        return began


def teller(console: Console) -> tuple[Callable[[Snapshot], None], Callable[[], None]]:
    """Live progress in the terminal: what to call with each moment, and at the end."""
    from rich.live import Live
    from rich.text import Text

    from posecoach.coach.events import (
        AttemptEnded,
        CueGiven,
        FaultBegan,
        HoldBroken,
        HoldCompleted,
        Unseen,
    )

    live = Live(console=console, refresh_per_second=8, transient=True)
    live.start()

    def show(snapshot: Snapshot) -> None:
        state = snapshot.state
        for event in snapshot.events:
            line = ""
            match event:
                case HoldCompleted():
                    line = f"held {event.step} ({event.side})"
                case HoldBroken():
                    line = f"{event.step} was lost before the time was up"
                case AttemptEnded():
                    what = "repetition" if event.completed else f"attempt, {event.reason}"
                    line = f"{what} ({event.side})"
                case FaultBegan():
                    line = f"fault: {event.fault} ({event.side})"
                case CueGiven():
                    line = f"[bold]{event.cue.text}[/bold]"
                case Unseen():
                    line = event.text
                case _:
                    continue
            console.print(f"[dim]{event.time_s:6.1f} s[/dim]  {line}", highlight=False)
        counts = "  ".join(
            f"{side} {state.repetitions[side]}/{wanted}"
            for side, wanted in state.prescribed.items()
        )
        hold = f"  hold {state.held_s:.1f}/{state.hold_s:.0f} s" if state.hold_s else ""
        live.update(Text(f"{state.time_s:6.1f} s  {state.phase.value:<10}  {counts}{hold}"))

    return show, live.stop
