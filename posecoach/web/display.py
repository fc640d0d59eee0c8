"""The page as something that shows and hears keys: see ``practice.front.Display``."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from posecoach.screen.keys import Action
from posecoach.screen.scene import Steadier, scene
from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot
from posecoach.web.camera import PageCamera
from posecoach.web.link import Link
from posecoach.web.scene_data import scene_data

MOST_WISHES = 16
"""Asked for at once; more is a key that is stuck, or a page that means ill."""


class PageDisplay:
    """Sends each moment as a scene.

    Args:
        link: the way to the page.
        camera: knows which of the page's pictures a moment belongs to.
        order: ids of the exercises in their order, to show what a rest is before.
    """

    def __init__(self, link: Link, camera: PageCamera, order: Sequence[str]) -> None:
        self._link, self._camera, self._order = link, camera, tuple(order)
        self._steady = Steadier()
        self._label_places: dict[str, int] = {}
        self._wishes: list[Action] = []
        self._lock = threading.Lock()
        self.closed = False

    def show(self, what: Snapshot, practice: PracticeState | None = None) -> None:
        """Send a moment."""
        practice = practice or PracticeState()
        shown = self._steady.update(scene(what, practice))
        values = scene_data(shown, what, self._label_places)
        values["number"] = self._camera.number_of(what.frame.image)
        values["paused"] = bool(practice.paused)
        values["stage"] = _stage(practice)
        values["demonstration"] = self._demonstrated(what.exercise.id, practice)
        self._link.show(values)

    def ask(self, action: Action) -> None:
        """The page asks for something."""
        with self._lock:
            self._wishes = [*self._wishes, action][-MOST_WISHES:]

    def keys(self, wait_ms: int = 1) -> list[Action]:
        """What was asked for since the last call."""
        with self._lock:
            asked, self._wishes = self._wishes, []
        return asked

    def _demonstrated(self, exercise: str, practice: PracticeState) -> str:
        """Whose moving picture helps now: in the set-up its own, in a rest the next one's."""
        if practice.setup is not None:
            return exercise if exercise in self._order else ""
        if practice.rest_s is not None and exercise in self._order[:-1]:
            return self._order[self._order.index(exercise) + 1]
        return ""


def _stage(practice: PracticeState) -> str:
    """Which words the buttons have: in the set-up and in a rest one may begin at once."""
    if practice.setup is not None:
        return "setup"
    return "rest" if practice.rest_s is not None else "work"
