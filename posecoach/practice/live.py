"""Practising before the person's eyes: the loop of ``run`` and ``demo``.

Two threads, so that neither makes the other late. The *coaching* thread takes the newest
frame, finds the pose, coaches, speaks, and leaves the moment on a board that holds one. The
*main* thread, which alone may touch the window, draws whatever is on the board when it is
ready to: where drawing is slow it leaves moments out, and coaching goes on at its pace.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from posecoach.errors import PoseCoachError
from posecoach.pose.pose import Pose
from posecoach.practice.front import Display, Speaker
from posecoach.practice.pace import LEAST_FPS, Pace
from posecoach.practice.practice import Moment
from posecoach.practice.wish import Wish
from posecoach.session.eyes import Eyes
from posecoach.session.practice_state import PracticeState
from posecoach.session.result import Result
from posecoach.source.frame import Frame
from posecoach.source.source import Source, Waiting

if TYPE_CHECKING:
    from posecoach.screen.keys import Action

SKIP_S = 0.5
"""A recording that is shown may fall behind the clock by this much before it is let go:
waiting less later would only show the past faster."""

REMARK_S = 8.0
"""How long a word about this machine stays on the screen."""

NOT_KEPT = "This session is not being saved. It goes on all the same."
"""The reason is told in the terminal: nobody reads a path from the mat."""

LOOK_S = 0.05
"""How often the window answers keys while nothing new comes."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One moment that came to the display, for whoever measures delays; monotonic seconds.

    Attributes:
        captured: when the camera took the frame.
        taken: when the frame was handed over to be coached.
        coached: when its moment was on the board.
        drawn: when it was on the display.
    """

    captured: float
    taken: float
    coached: float
    drawn: float


@dataclass(frozen=True, slots=True, eq=False)
class _Posted:
    """A moment on the board, with the times of its frame."""

    moment: Moment
    captured: float | None
    taken: float
    coached: float


class Practising(Protocol):
    """What can be done before a source: a ``Practice``, a calibration."""

    @property
    def paused(self) -> bool:
        """Whether it stands still."""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""

    @property
    def last(self) -> Moment | None:
        """The last moment handed over."""

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for."""

    def finish(self) -> list[Result]:
        """It is over; the results of the exercises done."""


class LiveCoaching:
    """A practice before a source, shown in a window or told in the terminal.

    Args:
        window: what shows it; None where there is no display.
        voice: None where nothing is to be said.
        tell: called with every moment where there is no window.
        warn: called with a sentence where this machine is too slow: when something lighter takes
            over, and where there is nothing lighter, or that is not enough; once each.
        lighter: gives something quicker to look with, None where there is nothing; called
            once, in a thread of its own, where this machine is too slow.
        drawn: called for every frame of a live source that came to the display.
        unsaved: tells whether what happens is not being kept although it should be.
    """

    def __init__(
        self,
        practice: Practising,
        source: Source,
        window: Display | None = None,
        voice: Speaker | None = None,
        tell: Callable[[Moment], None] | None = None,
        *,
        warn: Callable[[str], None] | None = None,
        lighter: Callable[[], Eyes | None] | None = None,
        drawn: Callable[[Drawn], None] | None = None,
        unsaved: Callable[[], bool] | None = None,
    ) -> None:
        self._practice, self._source = practice, source
        self._window, self._voice, self._tell = window, voice, tell
        self._warn, self._lighter, self._drawn = warn, lighter, drawn
        self._change = threading.Condition()
        self._board: _Posted | None = None
        self._wishes: deque[Wish] = deque()
        self._stopped = False
        self._finished = False
        self._error: BaseException | None = None
        self._pace = Pace()
        self._loading: threading.Thread | None = None
        self._found: Eyes | None = None
        self._slow_fps = 0.0
        self._warned = False
        self._unsaved, self._lost = unsaved, False
        self._remark, self._remark_until = "", 0.0
        self._behind_s = 0.0
        self._began = time.monotonic()

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
            if self._loading is not None:
                self._loading.join()  # whoever closes the models must have all of them
        results = self._practice.finish()
        if self._warned and results:
            results[-1].notes.append(
                f"This computer managed only {self._slow_fps:.0f} pictures a second at times; "
                f"below {LEAST_FPS:.0f} a quick repetition may be missing."
            )
        if self._source.ended_early and results:
            results[-1].notes.append(self._source.ended_early)
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
            if self._voice is not None and not self._finished:
                self._voice.hush()
            worker.join()
        if self._error is not None:
            raise self._error

    def _draw_next(self, window: Display) -> bool:
        """Draw the newest moment, or look at the keys again; False at the end."""
        with self._change:
            if self._board is None and not self._finished:
                self._change.wait(LOOK_S)
            posted, self._board = self._board, None
            finished = self._finished
        if posted is not None:
            muted = self._voice is None or self._voice.muted
            window.show(posted.moment.snapshot, replace(posted.moment.practice, muted=muted))
        for action in window.keys(1):
            self._hear(action)
        if posted is not None and posted.captured is not None and self._drawn is not None:
            self._drawn(Drawn(posted.captured, posted.taken, posted.coached, time.monotonic()))
        return not (self._stopped or window.closed or (finished and posted is None))

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
        with self._change:
            self._wishes.append(wish)

    # -- the coaching thread -------------------------------------------------------------------

    def _work(self, eyes: Eyes) -> None:
        try:
            self._coach(eyes)
        except BaseException as error:  # handed to the main thread, which raises it
            self._error = error
        finally:
            with self._change:
                self._finished = True
                self._change.notify_all()

    def _coach(self, eyes: Eyes) -> None:
        for item in self._source.watch():
            if isinstance(item, Waiting):
                self._wait(item)
            else:
                eyes = self._see(item, eyes)
            if self._stopped or self._practice.over:
                return

    def _wait(self, waiting: Waiting) -> None:
        """The camera has nothing new; where it is lost the person is told."""
        self._grant()
        last = self._practice.last
        if waiting.lost is None or last is None:
            return
        self._pace.rest()
        snapshot = replace(last.snapshot, events=())
        sentence = f"{waiting.lost} Trying again."
        practice = PracticeState(paused="Paused", notice=sentence)
        self._post(replace(last, snapshot=snapshot, practice=practice, coached=False), None, 0.0)

    def _see(self, frame: Frame, eyes: Eyes) -> Eyes:
        """Coach one frame; returns what to look with at the next."""
        if not self._source.live and self._window is not None:
            self._keep_pace(frame)
        self._grant()
        self._stand_still(frame)
        if self._stopped or self._practice.over:
            return eyes
        taken = time.monotonic()
        pose = eyes.estimate(frame.image, frame.time_s)
        moment = self._practice.see(frame, pose)
        began = self._source.started_monotonic
        captured = None if began is None else began + frame.time_s
        self._post(moment, captured, taken)
        return self._mind_pace(frame, time.monotonic() - taken) or eyes

    def _stand_still(self, frame: Frame) -> None:
        """A paused recording waits where it is; a camera cannot, and is watched for signs."""
        while self._practice.paused and not self._source.live and not self._stopped:
            last = self._practice.last
            if last is not None:
                self._post(self._practice.see(frame, Pose.absent(frame.time_s, _size(frame))))
            time.sleep(LOOK_S)
            self._behind_s += LOOK_S
            self._grant()

    def _grant(self) -> None:
        """Do what the person has asked for since the last frame."""
        with self._change:
            wishes = list(self._wishes)
            self._wishes.clear()
        for wish in wishes:
            self._practice.ask(wish)

    def _post(self, moment: Moment, captured: float | None = None, taken: float = 0.0) -> None:
        if self._unsaved is not None and not self._lost and self._unsaved():
            self._lost = True
            self._remark, self._remark_until = NOT_KEPT, time.monotonic() + REMARK_S
        practice = replace(moment.practice, unsaved=self._lost)
        if self._remark and time.monotonic() < self._remark_until:
            practice = replace(practice, remark=self._remark)
        moment = replace(moment, practice=practice)
        if self._voice is not None:
            self._voice.hear(moment.snapshot, moment.practice)
        if self._tell is not None:
            self._tell(moment)
        if self._window is not None:
            with self._change:
                self._board = _Posted(moment, captured, taken, time.monotonic())
                self._change.notify_all()

    def _mind_pace(self, frame: Frame, busy_s: float) -> Eyes | None:
        """Notice that this machine is too slow; returns what is quicker, once there is anything.

        Frames that cannot be looked at in time are left out by the source already; a lighter
        model is what remains. Loading it takes a second or more, in which a hold would be lost
        if nobody looked: meanwhile the coaching goes on as it can.
        """
        if not self._source.live or self._warned:
            return None
        if self._loading is not None:
            if self._loading.is_alive():
                return None
            self._loading.join()
            self._loading, found = None, self._found
            self._pace = Pace()
            if found is None:
                self._say_slow("move slowly, and close other programs")
                self._warned = True
            else:
                self._say_slow("a lighter model takes over")
            return found
        if not self._pace.worked(frame.time_s, busy_s):
            return None
        self._slow_fps = self._pace.fps
        if self._lighter is not None:
            lighter, self._lighter = self._lighter, None
            self._loading = threading.Thread(
                target=self._load, args=(lighter,), name="posecoach-lighter", daemon=True
            )
            self._loading.start()
            return None
        self._warned = True
        self._say_slow("move slowly, and close other programs")
        return None

    def _load(self, lighter: Callable[[], Eyes | None]) -> None:
        try:
            self._found = lighter()
        except PoseCoachError:
            self._found = None  # a broken model is none; the one in use goes on

    def _say_slow(self, what: str) -> None:
        words = f"This computer manages only {self._slow_fps:.0f} pictures a second: {what}."
        self._remark, self._remark_until = words, time.monotonic() + REMARK_S
        if self._warn is not None:
            self._warn(words)

    def _keep_pace(self, frame: Frame) -> None:
        """Show a recording at its own speed."""
        if frame.time_s == 0:
            self._began = time.monotonic()
        ahead = self._began + frame.time_s + self._behind_s - time.monotonic()
        while ahead > 0 and not self._stopped:
            time.sleep(min(ahead, LOOK_S))
            ahead = self._began + frame.time_s + self._behind_s - time.monotonic()
        if ahead < -SKIP_S:
            self._began -= ahead


def _size(frame: Frame) -> tuple[int, int]:
    return frame.image.shape[1], frame.image.shape[0]
