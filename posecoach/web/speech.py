"""The browser's voice: what is said and in which turn is decided here, the page only speaks.

The script and the desk are those of the machine's own voice (``voice.voice``); between them and
the loudspeaker stands a page that says when a sentence is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot
from posecoach.voice.desk import Cut, Desk, Speak
from posecoach.voice.script import Outdated, Script, Sound, Utterance
from posecoach.voice.speaker import plain
from posecoach.web.link import Link

LETTERS_S = 8.0
"""Letters a slow voice says in a second; a sentence that is not over long after that has no voice
(browsers are known to forget to tell)."""

PATIENCE_S = 4.0
"""What a sentence may take beyond its letters: a voice takes a moment to begin."""


class PageVoice:
    """See ``practice.front.Narrator``.

    Args:
        link: the way to the page.
        muted: whether to begin silent.
        clock: seconds, monotonic.
    """

    def __init__(
        self, link: Link, *, muted: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._link, self._clock = link, clock
        self._script, self._desk = Script(), Desk()
        self._lock = threading.Lock()
        self._muted = muted
        self._number = 0
        self._saying: int | None = None
        self._until_s = 0.0

    @property
    def muted(self) -> bool:
        """Whether it is silenced; setting it cuts what is being said."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self.hush()

    def hear(self, snapshot: Snapshot, practice: PracticeState | None = None) -> None:
        """Take in a new moment and have said what there is to say."""
        items = self._script.update(snapshot, practice)  # also while muted: it must know the steps
        with self._lock:
            for item in items if self._audible else ():
                match item:
                    case Sound():
                        self._link.say("tone", tone=item.tone)
                    case Outdated():
                        self._desk.turn_over(item)
                    case Utterance():
                        self._desk.offer(item, self._clock())
            self._turn()

    def spoken(self, number: int) -> None:
        """The page has ended a sentence, or could not say it."""
        with self._lock:
            if number == self._saying:
                self._saying = None
                self._turn()

    def hush(self) -> None:
        """Cut the running sentence and forget the waiting one."""
        with self._lock:
            self._desk.clear()
            self._saying = None
            self._link.say("cut")

    @property
    def _audible(self) -> bool:
        return not self._muted and self._link.connected

    def _turn(self) -> None:
        now = self._clock()
        if not self._link.connected or now > self._until_s:
            self._saying = None
        step = self._desk.turn(now, busy=self._saying is not None)
        if isinstance(step, Cut):
            self._saying = None
            self._link.say("cut")
            step = self._desk.turn(now, busy=False)
        if isinstance(step, Speak) and self._audible:
            self._number += 1
            self._saying = self._number
            words = plain(step.utterance.text)
            self._until_s = now + PATIENCE_S + len(words) / LETTERS_S
            self._link.say("say", number=self._number, words=words)
