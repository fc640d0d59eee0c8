"""Practising before the person's eyes: the loop before a window, a page or the terminal.

Two threads, so that neither makes the other late. The *coaching* thread takes the newest
frame, finds the pose, coaches, speaks, and leaves the moment on a board that holds one. The
*main* thread, which alone may touch what shows it, draws whatever is on the board when it is
ready to: where drawing is slow it leaves moments out, and coaching goes on at its pace.

The pose is looked for in as many frames of a camera as the movement needs (``cadence``); each is
shown, with what was found last drawn over it.

Each other idea of it is a module: the ``board``, a recording's ``playback``, ``notices`` on
this machine, the ``relief`` of a slow one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from posecoach.pose.pose import Pose
from posecoach.practice.board import Board, Drawn
from posecoach.practice.front import Display, Narrator
from posecoach.practice.moment import Moment, Practising, Stage
from posecoach.practice.notices import Notices
from posecoach.practice.pace import ENOUGH_FPS
from posecoach.practice.playback import LOOK_S, Playback
from posecoach.practice.relief import Relief
from posecoach.practice.setup_check import BLACK, BLACKNESS, brightness
from posecoach.practice.wish import Wish, Wishes
from posecoach.session.cadence import LIVE_S, Cadence
from posecoach.session.eyes import Eyes, words_on
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.source.frame import Frame
from posecoach.source.source import Source, Waiting

if TYPE_CHECKING:
    from posecoach.screen.keys import Action


QUICK_S = 0.5 / ENOUGH_FPS
"""A machine that takes longer for a frame lets none go by on purpose: it does so of need, and
whether it keeps up (``pace``) can be told."""

FROZEN_S = 1.0
"""A camera that shows nothing new for so long is frozen, and the person is told."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is asked and told around a live practice; each may be missing.

    Attributes:
        tell: called with every moment, as where there is no window.
        warn: called with a sentence where this machine is too slow: when something lighter takes
            over, and where there is nothing lighter, or that is not enough; once each.
        lighter: gives something quicker to look with, None where there is nothing; called
            once, in a thread of its own, where this machine is too slow.
        drawn: called for every frame of a live source that came to the display.
        unsaved: tells whether what happens is not being kept although it should be.
    """

    tell: Callable[[Moment], None] | None = None
    warn: Callable[[str], None] | None = None
    lighter: Callable[[], Eyes | None] | None = None
    drawn: Callable[[Drawn], None] | None = None
    unsaved: Callable[[], bool] | None = None


class LiveCoaching:
    """A practice before a source, shown in a window or told in the terminal.

    Args:
        window: what shows it; None where there is no display.
        voice: None where nothing is to be said.
        hooks: who is asked and told around it.
    """

    def __init__(
        self,
        practice: Practising,
        source: Source,
        window: Display | None = None,
        voice: Narrator | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        self._practice, self._source = practice, source
        self._window, self._voice = window, voice
        self._hooks = hooks or Hooks()
        self._board, self._wishes = Board(), Wishes()
        self._stopped = False
        self._changes: list[float] = []
        self._error: BaseException | None = None
        self._fresh = time.monotonic()
        self._notices = Notices(self._hooks.unsaved)
        self._relief = Relief(self._hooks.lighter, self._say)
        self._playback = Playback(lambda: self._stopped)
        self._cadence = Cadence(LIVE_S, source.fps)
        self._found: Pose | None = None
        self._busy_s = 0.0

    def run(self, eyes: Eyes) -> list[Result]:
        """Practise until the source ends, the person stops, or all is done."""
        try:
            if self._window is None:
                self._coach(eyes)
            else:
                self._coach_and_draw(self._window, eyes)
        except KeyboardInterrupt:
            pass  # what was coached until now is kept
        finally:
            self._relief.close()
        results = self._practice.finish()
        if results:
            changes = words_on(self._changes)
            notes = (self._relief.note, *changes, *self._source.remarks, self._source.ended_early)
            results[-1].notes.extend(note for note in notes if note)
        return results

    # -- the main thread: window and keys ------------------------------------------------------

    def _coach_and_draw(self, window: Display, eyes: Eyes) -> None:
        worker = threading.Thread(target=self._work, args=(eyes,), name="coach", daemon=True)
        worker.start()
        try:
            while self._draw_next(window):
                pass
        finally:
            self._stopped = True
            if self._practice.paused:
                self._wish(Wish.STOP)
            if self._voice is not None and not self._board.closed:
                self._voice.hush()
            worker.join()
        if self._error is not None:
            raise self._error

    def _draw_next(self, window: Display) -> bool:
        """Draw the newest moment, or look at the keys again; False at the end."""
        posted, closed = self._board.take(LOOK_S)
        if posted is not None:
            muted = self._voice is None or self._voice.muted
            window.show(posted.moment.snapshot, replace(posted.moment.practice, muted=muted))
        for action in window.keys(1):
            self._hear(action)
        drawn = None if posted is None else posted.drawn_now()
        if drawn is not None and self._hooks.drawn is not None:
            self._hooks.drawn(drawn)
        return not (self._stopped or window.closed or (closed and posted is None))

    def _hear(self, action: Action) -> None:
        from posecoach.screen.keys import Action

        wishes = {
            Action.PAUSE: Wish.PAUSE,
            Action.NEXT: Wish.NEXT,
            Action.REPEAT: Wish.REPEAT,
            Action.SIDE: Wish.SIDE,
        }
        if action is Action.QUIT:
            self._stopped = True
        elif action is Action.MUTE and self._voice is not None:
            self._voice.muted = not self._voice.muted
        elif action in wishes:
            self._wish(wishes[action])

    def _wish(self, wish: Wish) -> None:
        if self._voice is not None:
            self._voice.hush()
        self._wishes.add(wish)

    # -- the coaching thread -------------------------------------------------------------------

    def _work(self, eyes: Eyes) -> None:
        try:
            self._coach(eyes)
        except BaseException as error:  # handed to the main thread, which raises it
            self._error = error
        finally:
            self._board.close()

    def _coach(self, eyes: Eyes) -> None:
        for item in self._source.watch():
            if isinstance(item, Waiting):
                self._wait(item)
            else:
                eyes = self._see(item, eyes)
            if self._stopped or self._practice.over:
                return

    def _wait(self, waiting: Waiting) -> None:
        """The camera has nothing new; where it is frozen or lost the person is told."""
        self._grant()
        last = self._practice.last
        if last is None:
            return
        if waiting.lost is None:
            told = self._stands_still(last)
            if told is not last:
                self._post(replace(told, snapshot=replace(last.snapshot, events=()), coached=False))
            return
        self._relief.rest()
        snapshot = replace(last.snapshot, events=())
        practice = PracticeState(paused="Paused", notice=f"{waiting.lost} Trying again.")
        self._post(replace(last, snapshot=snapshot, practice=practice, coached=False))

    def _see(self, frame: Frame, eyes: Eyes) -> Eyes:
        """Coach one frame; returns what to look with at the next."""
        live = self._source.live
        if not live and self._window is not None:
            self._playback.wait_for(frame.time_s)
        self._grant()
        self._stand_still(frame)
        if self._stopped or self._practice.over:
            return eyes
        taken = time.monotonic()
        began = self._source.started_monotonic
        captured = None if began is None else began + frame.time_s
        if live:
            self._cadence.come(frame.time_s)
        if live and self._may_go_by(frame):
            frame = replace(frame, repeated=True)
            self._post(self._gone_by(frame), captured, taken)
            return eyes
        pose = self._found = eyes.see(frame)
        if eyes.changed and not frame.repeated:
            self._changes.append(frame.time_s)
            self._say("Somebody else is being coached now.")
        moment = self._stands_still(self._practice.see(frame, pose), frame)
        eyes.hear(moment.snapshot)
        self._cadence.hear(moment.snapshot)
        self._post(moment, captured, taken)
        if not live or frame.repeated:  # nobody looked at what shows nothing new
            return eyes
        self._busy_s = time.monotonic() - taken
        return self._relief.worked(frame.time_s, self._busy_s) or eyes

    def _may_go_by(self, frame: Frame) -> bool:
        """Whether a camera's frame need not be looked at."""
        due = frame.time_s >= self._cadence.due()
        return self._found is not None and not due and self._busy_s <= QUICK_S

    def _gone_by(self, frame: Frame) -> Moment:
        """The moment of a frame that nobody looked at: what was found last, over its picture."""
        assert self._found is not None
        pose = replace(self._found, time_s=np.asarray(frame.time_s))
        return self._stands_still(self._practice.see(frame, pose), frame)

    def _stands_still(self, moment: Moment, frame: Frame | None = None) -> Moment:
        """The moment, with a word where the camera has shown nothing new for too long.

        At the set-up nothing moves, and a word would only be in the way.
        """
        now = time.monotonic()
        if not self._source.live or (frame is not None and not frame.repeated):
            self._fresh = now
        if now - self._fresh < FROZEN_S or moment.stage is not Stage.WORK:
            return moment
        kind = "camera" if self._source.mirror_display else "stream"
        words = f"The {kind} stands still: it sends no new picture."
        if frame is not None and brightness(frame.image) < BLACK[0]:
            words = BLACKNESS  # behind a shutter some cameras make pictures without any noise
        return replace(moment, practice=replace(moment.practice, notice=words))

    def _stand_still(self, frame: Frame) -> None:
        """A paused recording waits where it is; a camera cannot, and is watched for signs."""
        while self._practice.paused and not self._source.live and not self._stopped:
            if self._practice.last is not None:
                self._post(self._practice.see(frame, Pose.absent(frame.time_s, _size(frame))))
            self._playback.stand_still()
            self._grant()

    def _grant(self) -> None:
        """Do what the person has asked for since the last frame."""
        for wish in self._wishes.take():
            self._practice.ask(wish)

    def _post(self, moment: Moment, captured: float | None = None, taken: float = 0.0) -> None:
        moment = self._notices.onto(moment)
        if self._voice is not None:
            self._voice.hear(moment.snapshot, moment.practice)
        if self._hooks.tell is not None:
            self._hooks.tell(moment)
        if self._window is not None:
            self._board.post(moment, captured, taken)

    def _say(self, words: str) -> None:
        self._notices.say(words)
        if self._hooks.warn is not None:
            self._hooks.warn(words)


def _size(frame: Frame) -> tuple[int, int]:
    return frame.image.shape[1], frame.image.shape[0]
