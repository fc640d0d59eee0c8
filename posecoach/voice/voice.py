"""The voice of a session: it hears of every moment and speaks on a thread of its own.

Hearing never waits: the coaching thread only leaves a sentence on the desk. Without audio
the session goes on silently, and ``take_problem`` says so once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from posecoach.closing import Closing
from posecoach.errors import MachineError
from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot
from posecoach.voice.desk import Cut, Desk, Speak
from posecoach.voice.script import Outdated, Script, Sound, Tone, Utterance
from posecoach.voice.speaker import Speaker, Speech, find_speaker
from posecoach.voice.tones import Tones

POLL_S = 0.02
"""How often a running sentence is asked whether it is over."""


class Voice(Closing):
    """Speaks what ``Script`` decides.

    Use ``Voice.of_system()`` for the voice of this machine.

    Args:
        speaker: says sentences; None for a session without speech.
        tones: plays tones; None for a session without.
        muted: whether to begin silent.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        speaker: Speaker | None,
        tones: Tones | None = None,
        *,
        muted: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speaker = speaker
        self._tones = tones
        self._clock = clock
        self._script = Script()
        self._desk = Desk()
        self._sounds: list[Tone] = []
        self._changed = threading.Condition()
        self._muted = muted
        self._closing = False
        self._hush = False
        self._problem = ""
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    @classmethod
    def of_system(cls, *, muted: bool = False) -> Voice:
        """The voice of this machine; silent, with a problem to tell, where it has none."""
        try:
            speaker: Speaker | None = find_speaker()
            problem = ""
        except MachineError as error:
            speaker, problem = None, str(error)
        voice = cls(speaker, Tones(), muted=muted)
        if not muted:
            voice._problem = problem
        return voice

    def hear(self, snapshot: Snapshot, practice: PracticeState | None = None) -> None:
        """Take in a new moment, each once, and say what there is to say; returns at once."""
        items = self._script.update(snapshot, practice)  # also while muted: it must know the steps
        for item in items:
            match item:
                case Sound():
                    self.play(item.tone)
                case Outdated():
                    with self._changed:
                        self._desk.turn_over(item)
                case Utterance():
                    self.say(item)

    def say(self, utterance: Utterance) -> None:
        """Leave a sentence on the desk."""
        with self._changed:
            if not self._muted and self._speaker is not None:
                self._desk.offer(utterance, self._clock())
                self._changed.notify()

    def play(self, tone: Tone) -> None:
        """Play a tone."""
        with self._changed:
            if not self._muted and self._tones is not None:
                self._sounds = [tone]  # two at once would be noise: the newest counts
                self._changed.notify()

    @property
    def muted(self) -> bool:
        """Whether it is silenced; setting it cuts what is being said."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self.hush()

    def hush(self) -> None:
        """Cut the running sentence and forget the waiting one."""
        with self._changed:
            self._desk.clear()
            self._sounds = []
            self._hush = True
            self._changed.notify()

    def take_problem(self) -> str:
        """Why there is no voice, in one sentence; told once, empty after that."""
        with self._changed:
            problem, self._problem = self._problem, ""
        return problem

    def finish(self, timeout_s: float = 5.0) -> None:
        """Wait until all is said, at most ``timeout_s``."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while not self._quiet() and time.monotonic() < until:
                self._changed.wait(POLL_S)

    def _quiet(self) -> bool:
        return self._desk.idle and not self._sounds and self._speech is None

    def close(self) -> None:
        """Cut and let go of the system; may be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout=5)

    # -- the voice's own thread ----------------------------------------------------------

    _speech: Speech | None = None

    def _run(self) -> None:
        while True:
            with self._changed:
                self._wait()
                closing, hush, self._hush = self._closing, self._hush, False
                sounds, self._sounds = self._sounds, []
            if closing or hush:
                self._stop()
            if closing:
                break
            self._play(sounds)
            self._speak()
        if self._speaker is not None:
            self._speaker.close()
        if self._tones is not None:
            self._tones.close()

    def _wait(self) -> None:
        """Until there is something to do: at once, or soon while a sentence runs."""
        if self._closing or self._hush or self._sounds:
            return
        if self._speech is not None:
            self._changed.wait(POLL_S)
        elif self._desk.idle:
            self._changed.wait()

    def _play(self, sounds: list[Tone]) -> None:
        if self._tones is None:
            return
        try:
            for tone in sounds:
                self._tones.play(tone)
        except (OSError, RuntimeError):  # RuntimeError: Windows without a sound device
            self._tones.close()
            self._tones = None

    def _speak(self) -> None:
        if self._speech is not None and self._speech.done():
            problem, self._speech = self._speech.problem(), None
            if problem:
                self._give_up(problem)
        with self._changed:
            step = self._desk.turn(self._clock(), busy=self._speech is not None)
        if isinstance(step, Cut):
            self._stop()
            with self._changed:
                step = self._desk.turn(self._clock(), busy=False)
        if isinstance(step, Speak) and self._speaker is not None:
            try:
                self._speech = self._speaker.start(step.utterance.text)
            except OSError as error:
                self._give_up(str(error))

    def _stop(self) -> None:
        if self._speech is not None:
            self._speech.stop()
            self._speech = None

    def _give_up(self, why: str) -> None:
        """Go on silently; trying again would only fail again at every sentence."""
        with self._changed:
            self._problem = (
                f"The voice cannot be heard ({why}); the session goes on without it. "
                "Check the sound device, or run with --mute."
            )
            self._desk.clear()
            speaker, self._speaker = self._speaker, None
        if speaker is not None:
            speaker.close()
