"""The window on the desktop (OpenCV HighGUI).

HighGUI is not thread-safe: make, use and close a window on one thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

import cv2

from posecoach.closing import Closing
from posecoach.errors import MachineError
from posecoach.exercise.definition import Exercise
from posecoach.screen.demonstrating import Demonstrations, helpful, inset_place
from posecoach.screen.display import display_problem
from posecoach.screen.keys import Action, action_of
from posecoach.screen.layout import layout
from posecoach.screen.paint import paint
from posecoach.screen.scene import Steadier, scene
from posecoach.screen.text import Image
from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot

START_SIZE = (1280, 720)
"""A picture of many cameras at its full size; it fits on the screen of a laptop."""


class Window(Closing):
    """Shows a session and hears its keys.

    Full screen (f) and help (h) concern the window alone: it does them itself.

    Args:
        title: words in the window's frame.
        full_screen: whether to begin without a frame, over the whole display.
        size: (width, height) to begin with where it is not full-screen.

    Attributes:
        stretches: those practised, in their order: a rest shows the one that comes next.

    Raises:
        MachineError: no window can be opened here; the sentence says why.
    """

    def __init__(
        self,
        title: str = "PoseCoach",
        full_screen: bool = False,
        size: tuple[int, int] = START_SIZE,
    ) -> None:
        problem = display_problem()
        if problem:
            raise MachineError(f"No window can be opened: {problem}.")
        # The wheel brings no fonts for Qt and Qt says so at length; we draw our own text.
        os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts.warning=false")
        self._title = title
        self._size = size
        self._steady = Steadier()
        self._label_places: dict[str, int] = {}
        self._help = False
        self._shown = False
        self._demonstrations = Demonstrations()
        self.stretches: tuple[Exercise, ...] = ()
        try:
            flags = cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL
            cv2.namedWindow(title, flags)
            cv2.resizeWindow(title, *size)
        except cv2.error as error:
            raise MachineError(
                "No window can be opened: this OpenCV was built without windows; "
                "install opencv-contrib-python or run with --no-window."
            ) from error
        self.full_screen = full_screen

    @property
    def full_screen(self) -> bool:
        """Whether it covers the whole display."""
        return self._full_screen

    @full_screen.setter
    def full_screen(self, full: bool) -> None:
        self._full_screen = full
        mode = cv2.WINDOW_FULLSCREEN if full else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, mode)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels of what can be drawn on, as the person has sized it."""
        if self._shown:
            try:
                _, _, width, height = cv2.getWindowImageRect(self._title)
            except cv2.error:
                return self._size
            if width > 1 and height > 1:
                self._size = (int(width), int(height))
        return self._size

    def show(self, what: Snapshot | Image, practice: PracticeState | None = None) -> None:
        """Draw a moment of a session (or an image made elsewhere) and put it on the display.

        A window that the person has closed stays closed.
        """
        if self.closed:
            return
        if isinstance(what, Snapshot):
            practice = replace(practice or PracticeState(), help=self._help)
            shown = self._steady.update(scene(what, practice))
            painted = paint(shown, what, self.size, self._label_places)
            stretch = helpful(what.exercise, practice, self.stretches)
            if stretch is not None:
                self._put(painted, stretch)
            what = painted
        cv2.imshow(self._title, what)
        self._shown = True

    def _put(self, painted: Image, stretch: Exercise) -> None:
        """Show a stretch in the picture's corner."""
        place = inset_place(layout(self.size).picture)
        shown = painted[place.y : place.bottom, place.x : place.right]
        if shown.shape[:2] == (place.h, place.w):  # not in a window smaller than can be drawn
            shown[:] = self._demonstrations.picture(stretch, time.monotonic(), (place.w, place.h))

    def keys(self, wait_ms: int = 1) -> list[Action]:
        """What was asked for with keys since the last call; also lets the window breathe.

        Call it once after every ``show``, and while nothing is shown too: the window answers
        the desktop only in here.
        """
        actions: list[Action] = []
        code = cv2.waitKeyEx(max(1, wait_ms))
        while code >= 0 and len(actions) < 16:
            action = action_of(code)
            if action is not None and not self._own(action):
                actions.append(action)
            code = cv2.pollKey()
        return actions

    def _own(self, action: Action) -> bool:
        own: dict[Action, Callable[[], None]] = {
            Action.FULL_SCREEN: self._toggle_full_screen,
            Action.HELP: self._toggle_help,
        }
        if action in own:
            own[action]()
        return action in own

    def _toggle_full_screen(self) -> None:
        self.full_screen = not self._full_screen

    def _toggle_help(self) -> None:
        self._help = not self._help

    @property
    def closed(self) -> bool:
        """Whether the person has closed it (the frame's x)."""
        if not self._shown:
            return False
        try:
            return bool(cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1)
        except cv2.error:
            return True

    def close(self) -> None:
        """Take it off the display; may be called twice."""
        try:
            cv2.destroyWindow(self._title)
            cv2.waitKey(1)
        except cv2.error:
            return
