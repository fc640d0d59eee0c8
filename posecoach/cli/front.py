"""What stands before the person at this machine: window and voice, or the terminal."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from posecoach.cli.terminal import TerminalTeller
from posecoach.errors import MachineError

if TYPE_CHECKING:
    from posecoach.screen.window import Window
    from posecoach.voice.voice import Voice


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person wants to be shown and told.

    Attributes:
        window: whether to open a window; without one the terminal tells.
        full_screen: whether it begins in full screen.
        mute: whether to say nothing.
    """

    window: bool = True
    full_screen: bool = False
    mute: bool = False


@dataclass(frozen=True, slots=True)
class Front:
    """What there is of it; without a window a teller, and no voice."""

    window: Window | None
    voice: Voice | None
    teller: TerminalTeller | None


def front_here(stack: ExitStack, manner: Manner, title: str, console: Console) -> Front:
    """Open window and voice as wanted; what this machine does not have is said once.

    Args:
        stack: closes them.
        title: words in the window's frame.
    """
    window = _window(stack, title, manner.full_screen, console) if manner.window else None
    voice = None if window is None or manner.mute else _voice(stack, console)
    teller = stack.enter_context(TerminalTeller(console)) if window is None else None
    return Front(window, voice, teller)


def _window(stack: ExitStack, title: str, full_screen: bool, console: Console) -> Window | None:
    """A window where there is a display; else None, said once."""
    from posecoach.screen.window import Window

    try:
        return stack.enter_context(Window(f"PoseCoach - {title}", full_screen))
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
