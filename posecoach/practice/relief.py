"""What is done where this machine is too slow: something lighter takes over, or it is said."""

from __future__ import annotations

import threading
from collections.abc import Callable

from posecoach.errors import PoseCoachError
from posecoach.practice.pace import Pace
from posecoach.session.eyes import Eyes
from posecoach.source.remarks import LEAST_FPS


class Relief:
    """Watches the pace of a live source, and finds something quicker to look with.

    Frames that cannot be looked at in time are passed over by the source already; a lighter
    model is what remains. Loading it takes a second or more, in which a hold would be lost if
    nobody looked: meanwhile the coaching goes on as it can.

    Args:
        lighter: gives something quicker to look with, None where there is nothing; called
            once, in a thread of its own.
        say: called with a sentence when something lighter takes over, and where there is
            nothing lighter, or that is not enough; once each.
    """

    def __init__(
        self, lighter: Callable[[], Eyes | None] | None, say: Callable[[str], None]
    ) -> None:
        self._lighter, self._say = lighter, say
        self._pace = Pace()
        self._loading: threading.Thread | None = None
        self._found: Eyes | None = None
        self._slow_fps = 0.0
        self._helpless = False

    def worked(self, time_s: float, busy_s: float) -> Eyes | None:
        """Take in a coached frame.

        Args:
            time_s: when it was captured.
            busy_s: seconds of work it took.

        Returns:
            What to look with from now on, where something quicker has just been found.
        """
        if self._helpless:
            return None
        if self._loading is not None:
            return None if self._loading.is_alive() else self._take_over()
        if not self._pace.worked(time_s, busy_s):
            return None
        self._slow_fps = self._pace.fps
        if self._lighter is None:
            self._give_up()
        else:
            lighter, self._lighter = self._lighter, None
            self._loading = threading.Thread(
                target=self._load, args=(lighter,), name="posecoach-lighter", daemon=True
            )
            self._loading.start()
        return None

    def rest(self) -> None:
        """No frames come for a while; that is not slowness."""
        self._pace.rest()

    def close(self) -> None:
        """Wait for what is loading: whoever closes the models must have all of them."""
        if self._loading is not None:
            self._loading.join()

    @property
    def note(self) -> str:
        """A note for the result; empty where the machine kept up, or something lighter did."""
        if not self._helpless:
            return ""
        return (
            f"This computer managed only {self._slow_fps:.0f} pictures a second at times; "
            f"below {LEAST_FPS:.0f} a quick repetition may be missing."
        )

    def _take_over(self) -> Eyes | None:
        self.close()
        self._loading, found = None, self._found
        self._pace = Pace()
        if found is None:
            self._give_up()
        else:
            self._tell("a lighter model takes over")
        return found

    def _give_up(self) -> None:
        self._helpless = True
        self._tell("move slowly, and close other programs")

    def _tell(self, what: str) -> None:
        self._say(f"This computer manages only {self._slow_fps:.0f} pictures a second: {what}.")

    def _load(self, lighter: Callable[[], Eyes | None]) -> None:
        try:
            self._found = lighter()
        except PoseCoachError:
            self._found = None  # a broken model is none; the one in use goes on
