"""From exercises and a source's name to a finished session: what ``run`` and ``demo`` share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from posecoach.cli import options
from posecoach.cli.photos import coach_photos
from posecoach.cli.summary import print_summary
from posecoach.cli.terminal import TerminalTeller
from posecoach.errors import MachineError, SourceError
from posecoach.observe.observer import Observer
from posecoach.outputs import Outputs
from posecoach.practice.camera_choice import open_for_practice
from posecoach.practice.closing_word import ClosingWord
from posecoach.practice.live import LiveCoaching
from posecoach.practice.practice import Keeper, Part, Practice
from posecoach.practice.preferences import load_preferences, save_preferences
from posecoach.session.eyes import Eyes, lighter_than
from posecoach.session.result import Result
from posecoach.source.source import Source
from posecoach.store.database import data_folder
from posecoach.writing import as_text

if TYPE_CHECKING:
    from posecoach.screen.window import Window
    from posecoach.store.recording import Recording
    from posecoach.store.saving import Saving
    from posecoach.voice.voice import Voice


def coach_and_tell(
    parts: Sequence[Part],
    source_name: str | None,
    *,
    routine: str | None = None,
    title: str | None = None,
    model: str | None = None,
    mute: bool = False,
    full_screen: bool = False,
    window: bool = True,
    setup: bool = True,
    retry_s: float = 60.0,
    output: str | None = None,
    data_dir: Path | None = None,
    saving: Saving | None = None,
    read: Sequence[str | Path | None] = (),
) -> None:
    """Coach, show, keep, and print or write the result.

    Args:
        parts: the exercises, one after the other.
        routine: the routine's id, where they are one.
        title: words in the window's frame.
        setup: whether to check the set-up before each exercise (live sources).
        retry_s: how long a lost camera is tried again.
        saving: how to keep the session; None where it is not to be kept.
        read: files that are read besides, over which nothing is written.

    Raises:
        PoseCoachError: source, model or output cannot be used.
    """
    outputs = Outputs([source_name, model, *read], data_folder(data_dir))
    target = None if output is None else outputs.take(output, "json")
    console = Console(stderr=target is not None and target.path is None)
    bundle = options.find_model(model)
    recording: Recording | None = None
    closing_word = ClosingWord(
        data_folder(data_dir),
        saving.profile if saving is not None else "",
        [part.plan for part in parts],
        kept=lambda: recording is not None and not recording.problem,
    )
    with ExitStack() as stack:
        source = stack.enter_context(_source(source_name, retry_s, data_folder(data_dir), console))
        masks = any(Observer(part.plan.measures).needs_mask for part in parts)
        eyes = stack.enter_context(Eyes(bundle, masks=masks, static=source.static))
        if source.static:
            if len(parts) > 1:
                raise SourceError(
                    f"{source.name} is a picture; a routine needs a camera or a recording."
                )
            value = coach_photos(parts[0].plan, source, eyes, console)
        else:
            keeper: Keeper | None = None
            if saving is not None:
                keeper = recording = stack.enter_context(
                    _recording(saving, source.name, bundle, routine, console)
                )
            shown = (
                window_here(stack, title or parts[0].plan.exercise.name, full_screen, console)
                if window
                else None
            )
            voice = voice_here(stack, console) if shown is not None and not mute else None
            teller = stack.enter_context(TerminalTeller(console)) if shown is None else None
            practice = Practice(
                parts,
                source.name,
                mirror=source.mirror_display,
                guided=source.live,
                setup=setup,
                keeper=keeper,
                closing_word=closing_word.brief,
            )
            results = LiveCoaching(
                practice,
                source,
                shown,
                voice,
                teller,
                unsaved=None if recording is None else lambda: recording.unsaved,
                warn=lambda words: console.print(words, style="yellow", highlight=False),
                lighter=lambda: _lighter(stack, bundle, masks),
            ).run(eyes)
            value = as_value(results, routine, source.name)
    if not source.static:
        wanted = {part.plan.exercise.id: part.plan for part in parts}
        for result in results:
            plan = wanted[result.exercise]
            prescribed: dict[str, int] = {each.side: plan.repetitions for each in plan.sides}
            print_summary(console, result.as_json(), prescribed)
    if recording is not None and recording.unsaved:
        console.print(f"Not saved: {recording.problem}", style="yellow", highlight=False)
    elif recording is not None:
        console.print(f"Kept as session {recording.number}.", style="dim", highlight=False)
    word = closing_word.word()
    if word is not None:
        console.print(word.text, highlight=False, soft_wrap=True, markup=False)
    if target is not None:
        failure = options.written(target, as_text(value))
        if failure is not None:
            raise failure


def as_value(results: Sequence[Result], routine: str | None, source: str) -> dict[str, Any]:
    """One exercise's result, or all of a routine's under ``exercises``."""
    if routine is None and len(results) == 1:
        return results[0].as_json()
    return {
        "routine": routine,
        "source": source,
        "duration_s": round(sum(result.duration_s for result in results), 3),
        "exercises": [result.as_json() for result in results],
    }


def _recording(
    saving: Saving, source: str, bundle: Path, routine: str | None, console: Console
) -> Recording:
    """The session being kept; what the disk does not go along with is said, and not kept."""
    from posecoach.store.recording import Recording

    def tell(words: str) -> None:
        console.print(words, style="yellow", highlight=False)

    asked = {"routine": routine} if routine else {}
    recording = Recording(saving, source=source, model=bundle.stem, options=asked, tell=tell)
    if recording.problem:
        tell(recording.problem)
    return recording


def _source(spec: str | None, retry_s: float, folder: Path, console: Console) -> Source:
    """Open the source, tell which camera it is, and remember it."""
    known = load_preferences(folder)
    source, said = open_for_practice(spec, known.camera, retry_s=retry_s)
    if said:
        console.print(said, style="dim", highlight=False)
    if source.live and source.mirror_display and source.name != known.camera:
        save_preferences(folder, replace(known, camera=source.name))
    return source


def _lighter(stack: ExitStack, bundle: Path, masks: bool) -> Eyes | None:
    found = lighter_than(bundle, masks=masks)
    return None if found is None else stack.enter_context(found)


def window_here(stack: ExitStack, title: str, full_screen: bool, console: Console) -> Window | None:
    """A window where there is a display; else None, said once."""
    from posecoach.screen.window import Window

    try:
        return stack.enter_context(Window(f"PoseCoach - {title}", full_screen))
    except MachineError as error:
        console.print(f"{error} The session is told here instead.", style="dim", highlight=False)
        return None


def voice_here(stack: ExitStack, console: Console) -> Voice:
    """The machine's voice; where it has none the session is silent, which is said once."""
    from posecoach.voice.voice import Voice

    voice = Voice.of_system()
    _tell_problem(voice, console)
    stack.callback(_farewell, voice, console)
    return voice


def _farewell(voice: Voice, console: Console) -> None:
    """Let the last sentence end, and say if nothing could be heard."""
    voice.finish()
    voice.close()
    _tell_problem(voice, console)


def _tell_problem(voice: Voice, console: Console) -> None:
    problem = voice.take_problem()
    if problem:
        console.print(problem, style="dim", highlight=False)
