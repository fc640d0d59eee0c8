"""One practice or calibration that is going on for a page.

It belongs to the server, not to the page: a page may be reloaded, closed, opened again, and the
sitting goes on. The loop is ``LiveCoaching``, as before a window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from posecoach.errors import PoseCoachError
from posecoach.practice.board import Drawn
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.moment import Practising
from posecoach.session.eyes import Eyes, lighter_than
from posecoach.session.result import Result
from posecoach.terminal import note
from posecoach.web.camera import PageCamera
from posecoach.web.display import PageDisplay
from posecoach.web.link import Link
from posecoach.web.speech import PageVoice


class State(Enum):
    """Where a sitting is."""

    LOADING = "loading"
    WAITING = "waiting"
    ON = "on"
    OVER = "over"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a sitting.

    Attributes:
        words: sentences for the person.
        href: where it can be read, below the root; empty where nothing is kept.
        done: whether all of it was done, which is praised.
    """

    words: tuple[str, ...] = ()
    href: str = ""
    done: bool = True


class Work(Protocol):
    """What is done in a sitting."""

    @property
    def title(self) -> str:
        """Its name, for people."""

    @property
    def order(self) -> Sequence[str]:
        """Ids of its exercises."""

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""

    @property
    def muted(self) -> bool:
        """Whether to begin silent."""

    def begin(self, stack: ExitStack, camera: PageCamera, model: str) -> Practising:
        """Make what ``LiveCoaching`` leads through; called when the camera is there."""

    def unsaved(self) -> bool:
        """Whether what happens is not being kept although it should be."""

    def end(self, results: Sequence[Result]) -> Ending:
        """All is closed; say what came of it."""


class Sitting:
    """Runs a work in threads of its own.

    Args:
        work: what is done.
        bundle: finds the pose model, fetching it where need be; told how far that is.
        drawn: called for every frame whose scene was handed to the page.
    """

    def __init__(
        self,
        work: Work,
        bundle: Callable[[Callable[[str, int, int], None]], Path],
        drawn: Callable[[Drawn], None] | None = None,
    ) -> None:
        self.work = work
        self.link = Link()
        self.camera = PageCamera(lambda number: self.link.say("looking", number=number))
        self.display = PageDisplay(self.link, self.camera, work.order)
        self.voice = PageVoice(self.link, muted=work.muted)
        self.state = State.LOADING
        self.ending = Ending()
        self._bundle, self._drawn = bundle, drawn
        self._thread = threading.Thread(target=self._run, name="sitting", daemon=True)
        self.link.state("loading", words="The coach opens his eyes.")
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is not over yet."""
        return self.state not in (State.OVER, State.FAILED)

    def stop(self) -> None:
        """End it; what was done until now is kept."""
        self.display.closed = True
        self.camera.close()

    def join(self, timeout_s: float) -> None:
        """Wait until it is over."""
        self._thread.join(timeout_s)

    # -- its own thread ------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            results = self._practise()
            self._finish(State.OVER, self.work.end(results))
        except PoseCoachError as error:
            self._finish(State.FAILED, Ending((str(error),)))
        except Exception as error:
            note(error)
            words = "Something in PoseCoach itself went wrong; what was done until then is kept."
            self._finish(State.FAILED, Ending((words,)))

    def _practise(self) -> list[Result]:
        bundle = self._bundle(self._fetching)
        with ExitStack() as stack:
            masks = self.work.needs_mask
            eyes = stack.enter_context(Eyes(bundle, masks=masks))
            self.state = State.WAITING
            self.link.state("waiting")
            if not self.camera.wait():
                return []
            practice = self.work.begin(stack, self.camera, bundle.stem)
            self.state = State.ON
            self.link.state("on")
            hooks = Hooks(
                lighter=lambda: _lighter(stack, bundle, masks),
                drawn=self._drawn,
                unsaved=self.work.unsaved,
            )
            front = (self.display, self.voice)
            return LiveCoaching(practice, self.camera, *front, hooks).run(eyes)

    def _fetching(self, task: str, done: int, total: int) -> None:
        share = f" {100 * done // total} %" if total else ""
        self.link.state("loading", words=f"{task}{share}")

    def _finish(self, state: State, ending: Ending) -> None:
        self.camera.close()
        self.ending, self.state = ending, state
        failed = state is State.FAILED
        done = ending.done and not failed
        self.link.state("over", failed=failed, done=done, words=ending.words, href=ending.href)


def _lighter(stack: ExitStack, bundle: Path, masks: bool) -> Eyes | None:
    found = lighter_than(bundle, masks=masks)
    return None if found is None else stack.enter_context(found)
