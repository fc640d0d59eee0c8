"""Exercises as the work of a sitting: coached, kept, and told at the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from posecoach.practice.closing_word import NOTHING_BEGUN, ClosingWord
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.practice import Part, Practice
from posecoach.session.result import Result
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.web.camera import PageCamera
from posecoach.web.sitting import Ending


class PracticeWork:
    """See ``sitting.Work``.

    Args:
        parts: the exercises, one after the other.
        title: the exercise's or the routine's name.
        saving: how to keep the session.
        routine: the routine's id, where they are one.
        muted: whether to begin silent.
        setup: whether to check the set-up before each exercise.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        title: str,
        saving: Saving,
        *,
        routine: str = "",
        muted: bool = False,
        setup: bool = True,
    ) -> None:
        self.title, self.muted = title, muted
        self._parts, self._saving, self._routine, self._setup = parts, saving, routine, setup
        self._recording: Recording | None = None
        plans = [part.plan for part in parts]
        self.order = tuple(plan.exercise.id for plan in plans)
        self.needs_mask = any(plan.needs_mask for plan in plans)
        self._closing_word = ClosingWord(
            saving.folder, saving.profile, plans, kept=lambda: self._whole
        )

    @property
    def _whole(self) -> bool:
        return self._recording is not None and not self._recording.problem

    def begin(self, stack: ExitStack, camera: PageCamera, model: str) -> KeptPractice:
        """Begin to keep, and to lead."""
        options = {"routine": self._routine} if self._routine else {}
        self._recording = stack.enter_context(
            Recording(self._saving, source=camera.name, model=model, options=options)
        )
        practice = Practice(
            self._parts, camera.name, mirror=camera.mirror_display, setup=self._setup
        )
        return KeptPractice(practice, self._recording, self._closing_word.brief)

    def unsaved(self) -> bool:
        """Whether it is not kept."""
        return self._recording is not None and self._recording.unsaved

    def end(self, results: Sequence[Result]) -> Ending:
        """Say what came of it; where nothing was begun there is nothing to read.

        Who leaves a side or a stretch out is not praised for all of it.
        """
        begun = any(result.frames for result in results)
        if self._recording is None or not begun:
            return Ending((NOTHING_BEGUN,), done=False)
        names = {part.plan.exercise.id: part.plan.exercise.name for part in self._parts}
        words = [_counted(names[result.exercise], result) for result in results]
        completed = {result.exercise for result in results if result.completed}
        done = completed.issuperset(self.order)
        if self._recording.unsaved:
            return Ending((*words, f"Not saved: {self._recording.problem}"), done=done)
        word = self._closing_word.word()
        told = () if word is None else (word.brief,)
        return Ending((*words, *told), f"/sessions/{self._recording.number}", done)


def _counted(name: str, result: Result) -> str:
    done, tried = sum(result.repetitions.values()), sum(result.attempts.values())
    return (
        f"{name}: {done} of {tried} attempts counted." if tried else f"{name}: no attempt was seen."
    )
