"""From exercises and a source's name to a finished session: what ``run`` and ``demo`` share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from posecoach.cli import options
from posecoach.cli.front import Manner, front_here
from posecoach.cli.photos import coach_photos
from posecoach.cli.summary import print_summary
from posecoach.errors import SourceError
from posecoach.outputs import Outputs
from posecoach.practice.camera_choice import open_for_practice
from posecoach.practice.closing_word import NOTHING_BEGUN, ClosingWord
from posecoach.practice.keeping import KeptPractice
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.practice import Part, Practice
from posecoach.practice.preferences import load_preferences, save_preferences
from posecoach.session.eyes import Eyes, lighter_than
from posecoach.session.result import Result
from posecoach.source.source import Source
from posecoach.store.database import data_folder
from posecoach.writing import as_text

if TYPE_CHECKING:
    from posecoach.store.recording import Recording
    from posecoach.store.saving import Saving


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be practised, and before what.

    Attributes:
        parts: the exercises, one after the other.
        source: a camera, recording or stream, as the person names it; None for their camera.
        routine: the routine's id, where they are one.
        title: words in the window's frame; "" for the exercise's name.
        model: the pose model's path; None for the usual one.
        setup: whether to check the set-up before each exercise (live sources).
        retry_s: how long a lost camera is tried again.
    """

    parts: Sequence[Part]
    source: str | None = None
    routine: str = ""
    title: str = ""
    model: str | None = None
    setup: bool = True
    retry_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of the result.

    Attributes:
        output: the file for it, "-" for standard output; None for no file.
        data_dir: where sessions are kept; None for the usual folder.
        saving: how to keep the session; None where it is not to be kept.
        read: files that are read besides, over which nothing is written.
    """

    output: str | None = None
    data_dir: Path | None = None
    saving: Saving | None = None
    read: Sequence[str | Path | None] = field(default=())


def coach_and_tell(wanted: Wanted, manner: Manner, ending: Ending) -> None:
    """Coach, show, keep, and print or write the result.

    Raises:
        PoseCoachError: source, model or output cannot be used.
    """
    folder = data_folder(ending.data_dir)
    outputs = Outputs([wanted.source, wanted.model, *ending.read], folder)
    target = None if ending.output is None else outputs.take(ending.output, "json")
    console = Console(stderr=target is not None and target.path is None, markup=False)
    bundle = options.find_model(wanted.model)
    practised: _Practised | None = None
    with ExitStack() as stack:
        source = stack.enter_context(_source(wanted, folder, console))
        masks = any(part.plan.needs_mask for part in wanted.parts)
        eyes = stack.enter_context(Eyes(bundle, masks=masks, static=source.static))
        if source.static:
            value = _photos(wanted.parts, source, eyes, console)
        else:
            practised = _Practised(wanted, ending.saving, folder, console)
            relief = _Relief(stack, bundle, masks)
            results = practised.run(stack, source, eyes, manner, relief)
            value = as_value(results, wanted.routine, source.name)
    if practised is not None:
        practised.tell(results)
    failure = None if target is None else options.written(target, as_text(value))
    if failure is not None:
        raise failure


def as_value(results: Sequence[Result], routine: str, source: str) -> dict[str, object]:
    """One exercise's result, or all of a routine's under ``exercises``."""
    if not routine and len(results) == 1:
        return results[0].as_json()
    return {
        "routine": routine or None,
        "source": source,
        "duration_s": round(sum(result.duration_s for result in results), 3),
        "exercises": [result.as_json() for result in results],
    }


@dataclass(frozen=True, slots=True)
class _Relief:
    """The lightest model, where it is here and not already in use; it is not fetched now."""

    stack: ExitStack
    bundle: Path
    masks: bool

    def __call__(self) -> Eyes | None:
        found = lighter_than(self.bundle, masks=self.masks)
        return None if found is None else self.stack.enter_context(found)


class _Practised:
    """One session before a source, kept where that is wanted, and told at its end."""

    def __init__(
        self, wanted: Wanted, saving: Saving | None, folder: Path, console: Console
    ) -> None:
        self._wanted, self._saving, self._console = wanted, saving, console
        self._recording: Recording | None = None
        self._closing_word = ClosingWord(
            folder,
            saving.profile if saving is not None else "",
            [part.plan for part in wanted.parts],
            kept=lambda: self._whole,
        )

    @property
    def _whole(self) -> bool:
        """Whether the session is kept, with all of it."""
        recording = self._recording
        return recording is not None and recording.number is not None and not recording.problem

    def run(
        self, stack: ExitStack, source: Source, eyes: Eyes, manner: Manner, relief: _Relief
    ) -> list[Result]:
        """Coach until all is done, or the person or the source ends it."""
        wanted = self._wanted
        if self._saving is not None:
            self._recording = stack.enter_context(
                self._keep(self._saving, source.name, relief.bundle)
            )
        title = wanted.title or wanted.parts[0].plan.exercise.name
        front = front_here(stack, manner, title, self._console)
        if front.window is not None:
            front.window.stretches = tuple(part.plan.exercise for part in wanted.parts)
        practice = Practice(
            wanted.parts,
            source.name,
            mirror=source.mirror_display,
            guided=source.live,
            setup=wanted.setup,
        )
        hooks = Hooks(tell=front.teller, warn=self._warn, lighter=relief, unsaved=self._unsaved)
        kept = KeptPractice(practice, self._recording, self._closing_word.brief)
        return LiveCoaching(kept, source, front.window, front.voice, hooks).run(eyes)

    def tell(self, results: Sequence[Result]) -> None:
        """Print what came of it, how it is kept, and a word at the end."""
        plans = {part.plan.exercise.id: part.plan for part in self._wanted.parts}
        for result in results:
            plan = plans[result.exercise]
            print_summary(self._console, result.as_json(), plan.asked, plan.hold_s)
        recording = self._recording
        if recording is not None and recording.unsaved:
            self._warn(f"Not saved: {recording.problem}")
        elif recording is not None:
            number = recording.number
            kept = NOTHING_BEGUN if number is None else f"Kept as session {number}."
            self._console.print(kept, style="dim", highlight=False)
        word = self._closing_word.word()
        if word is not None:
            self._console.print(word.text, highlight=False, soft_wrap=True, markup=False)

    def _keep(self, saving: Saving, source: str, bundle: Path) -> Recording:
        """The session being kept; what the disk does not go along with is said, and not kept."""
        from posecoach.store.recording import Recording

        asked = {"routine": self._wanted.routine} if self._wanted.routine else {}
        recording = Recording(
            saving, source=source, model=bundle.stem, options=asked, tell=self._warn
        )
        if recording.problem:
            self._warn(recording.problem)
        return recording

    def _unsaved(self) -> bool:
        return self._recording is not None and self._recording.unsaved

    def _warn(self, words: str) -> None:
        self._console.print(words, style="yellow", highlight=False)


def _photos(
    parts: Sequence[Part], source: Source, eyes: Eyes, console: Console
) -> dict[str, object]:
    if len(parts) > 1:
        raise SourceError(f"{source.name} is a picture; a routine needs a camera or a recording.")
    return coach_photos(parts[0].plan, source, eyes, console)


def _source(wanted: Wanted, folder: Path, console: Console) -> Source:
    """Open the source, tell which camera it is, and remember it."""
    known = load_preferences(folder)
    source, said = open_for_practice(wanted.source, known.camera, retry_s=wanted.retry_s)
    if said:
        console.print(said, style="dim", highlight=False)
    if source.live and source.mirror_display and source.name != known.camera:
        save_preferences(folder, replace(known, camera=source.name))
    return source
