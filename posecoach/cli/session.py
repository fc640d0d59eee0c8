"""From a plan and a source's name to a finished session: what ``run`` and ``demo`` share."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from posecoach.cli import options
from posecoach.cli.live import LiveCoaching, teller
from posecoach.cli.photos import coach_photos
from posecoach.cli.summary import print_summary
from posecoach.coach.plan import Plan
from posecoach.errors import MachineError
from posecoach.session.eyes import Eyes
from posecoach.session.observer import Observer
from posecoach.session.writing import as_text, check_writable, write_text
from posecoach.source.open import open_source

if TYPE_CHECKING:
    from posecoach.screen.window import Window
    from posecoach.store.recording import Recording
    from posecoach.store.saving import Saving
    from posecoach.voice.voice import Voice


def coach_and_tell(
    plan: Plan,
    source_name: str | None,
    *,
    model: str | None = None,
    mute: bool = False,
    full_screen: bool = False,
    window: bool = True,
    output: str | None = None,
    saving: Saving | None = None,
) -> None:
    """Coach, show, keep, and print or write the result.

    Raises:
        PoseCoachError: source, model or output cannot be used.
    """
    if output not in (None, "-"):
        check_writable(Path(output))
    console = Console(stderr=output == "-")
    bundle = options.find_model(model)
    recording: Recording | None = None
    with ExitStack() as stack:
        source = stack.enter_context(open_source(source_name))
        masks = Observer(plan.measures).needs_mask
        eyes = stack.enter_context(Eyes(bundle, masks=masks, static=source.static))
        if source.static:
            value = coach_photos(plan, source, eyes, console)
        else:
            shown = _window(stack, plan, full_screen, console) if window else None
            voice = _voice(stack, console) if shown is not None and not mute else None
            tell = None
            if shown is None:
                tell, stop = teller(console)
                stack.callback(stop)
            if saving is not None:
                recording = stack.enter_context(
                    _recording(saving, plan, source.name, bundle, console)
                )
            coaching = LiveCoaching(plan, source, shown, voice, tell, recording)
            value = coaching.run(eyes).as_json()
    if not source.static:
        print_summary(console, value, {each.side: plan.repetitions for each in plan.sides})
    if recording is not None:
        _tell_where(recording, console)
    if output == "-":
        click.echo(as_text(value), nl=False)
    elif output is not None:
        write_text(Path(output), as_text(value))


def _window(stack: ExitStack, plan: Plan, full_screen: bool, console: Console) -> Window | None:
    """A window where there is a display; else None, said once."""
    from posecoach.screen.window import Window

    try:
        return stack.enter_context(Window(f"PoseCoach - {plan.exercise.name}", full_screen))
    except MachineError as error:
        console.print(f"{error} The session is told here instead.", style="dim", highlight=False)
        return None


def _voice(stack: ExitStack, console: Console) -> Voice:
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


def _recording(
    saving: Saving, plan: Plan, source: str, bundle: Path, console: Console
) -> Recording:
    """A recording where the disk goes along; else the session goes on, and it is said."""
    from posecoach.store.recording import Recording

    recording = Recording(saving, source=source, model=bundle.stem)
    if recording.problem:
        console.print(recording.problem, style="yellow", highlight=False)
    recording.begin(plan)
    return recording


def _tell_where(recording: Recording, console: Console) -> None:
    """Say what became of the recording."""
    if recording.problem:
        console.print(recording.problem, style="yellow", highlight=False)
    elif recording.number is not None:
        console.print(f"Kept as session {recording.number}.", style="dim", highlight=False)
