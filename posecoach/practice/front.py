"""What stands before the person: something that shows and hears keys, and something that speaks.

A window on the desktop and the machine's own voice are one pair, a page in the browser is
another; ``LiveCoaching`` works with either and cannot tell them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot

if TYPE_CHECKING:
    from posecoach.screen.keys import Action


class Display(Protocol):
    """Shows moments and tells what was asked for; used by one thread."""

    @property
    def closed(self) -> bool:
        """Whether the person has closed it."""

    def show(self, what: Snapshot, practice: PracticeState | None = None) -> None:
        """Show a moment."""

    def keys(self, wait_ms: int = 1) -> list[Action]:
        """What was asked for since the last call."""


class Narrator(Protocol):
    """Hears of every moment and says what there is to say; never waits."""

    muted: bool
    """Whether it is silenced."""

    def hear(self, snapshot: Snapshot, practice: PracticeState | None = None) -> None:
        """Take in a new moment, each once."""

    def hush(self) -> None:
        """Cut the running sentence and forget the waiting one."""
