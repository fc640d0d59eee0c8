"""Everything between a picture and a clean pose, in the order it must run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.closing import Closing
from posecoach.coach.events import AttemptEnded, CircleDone, Event, StepReached
from posecoach.coach.spell import MAX_GAP_S
from posecoach.exercise.definition import Exercise
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.pose import Pose
from posecoach.pose.subject import SubjectKeeper
from posecoach.session.movement import movement_of
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

CROWD = 4
"""People looked for when the subject must be chosen or found again."""

HANDFUL = 32
"""Frames of a recording estimated together. The model clears the processor's caches, so that
what comes after it takes two to three times as long; done for a handful of frames at once, it
takes that time once."""
HANDFUL_BYTES = 64 << 20
"""Pictures and silhouettes that may be held for it."""

NEWCOMER_S = MAX_GAP_S + 0.2
"""Whoever takes another's place is given to the coach as one who was away for longer than the coach
bridges, by a picture at the least rate: what was learnt of the other body, the zero above all, is
learnt again, an attempt of theirs is nobody's, and a session coached again has it in its frames."""


class Eyes(Closing):
    """Finds the person being coached and cleans their pose.

    Args:
        bundle: path of the pose model.
        masks: whether the silhouette is needed.
        static: photos, which have nothing to do with each other.

    Raises:
        ModelError: the bundle cannot be loaded.
        MachineError: a system library is missing.
    """

    def __init__(self, bundle: Path, *, masks: bool = False, static: bool = False) -> None:
        self._open = ExitStack()
        estimator = self._open.enter_context(PoseEstimator(bundle, masks=masks, static=static))
        self._estimator: PoseEstimator | SubjectKeeper = estimator
        self._cleaner: PoseCleaner | None = None
        self._keeper: SubjectKeeper | None = None
        self._exercise: Exercise | None = None
        self._changes: list[float] = []
        self._found: Pose | None = None
        self._came_s = -inf
        if not static:
            self._estimator = self._keeper = self._open.enter_context(
                SubjectKeeper(
                    estimator,
                    lambda: PoseEstimator(bundle, static=True, num_poses=CROWD, masks=masks),
                )
            )
            self._cleaner = PoseCleaner()

    def estimate(self, image: NDArray[np.uint8], time_s: float) -> Pose:
        """Return the subject's clean pose, ``Pose.absent`` where nobody is found."""
        return self._clean(*self._find(image, time_s))

    def see(self, frame: Frame) -> Pose:
        """Return the subject's clean pose in a frame; that of before where it shows nothing new."""
        return self._clean(*self._look(frame))

    def look(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, Pose]]:
        """Yield frames with the subject's clean poses, each before the next is asked for.

        For whom the newest pose decides which frame is looked at next.
        """
        for frame in frames:
            yield frame, self.see(frame)

    def follow(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, Pose]]:
        """Yield a recording's frames with the subject's clean poses, as ``estimate`` does.

        For whom no picture is waiting: the frames are estimated some at a time.
        """
        frames = iter(frames)
        size = 1  # the first frame is coached at once
        for first in frames:
            held = first.image.nbytes + 4 * first.image[..., 0].size
            few = islice(frames, max(0, min(size, HANDFUL_BYTES // held) - 1))
            size = min(2 * size, HANDFUL)
            handful = [(each, self._look(each)) for each in (first, *few)]
            for frame, found in handful:
                yield frame, self._clean(*found)

    def hear(self, snapshot: Snapshot) -> None:
        """Take in what the coach made of a moment; a listener of ``Session``.

        Whoever has moved with the stretch keeps their place; who does is told by its measures.
        """
        keeper = self._keeper
        if keeper is None:
            return
        if any(_is_of_stretch(event) for event in snapshot.events):
            keeper.stretched(snapshot.frame.time_s)
        if self._exercise is not snapshot.exercise:
            self._exercise = snapshot.exercise
            keeper.stretch = movement_of(snapshot.exercise, snapshot.readings)

    @property
    def changed(self) -> bool:
        """Whether somebody else is coached since the last picture."""
        return self._keeper is not None and self._keeper.changed

    @property
    def changes(self) -> tuple[float, ...]:
        """When somebody else became the one who is coached, seconds of the source."""
        return tuple(self._changes)

    def _look(self, frame: Frame) -> tuple[Pose, bool]:
        """Find the subject where there is something new to look at."""
        if not frame.repeated or self._found is None:
            found = self._find(frame.image, frame.time_s)
            self._found = found[0]
            return found
        return replace(self._found, time_s=np.asarray(frame.time_s)), False

    def _find(self, image: NDArray[np.uint8], time_s: float) -> tuple[Pose, bool]:
        """Find the subject; also tells whether it is another one than before."""
        pose = self._estimator.estimate(image, time_s)
        if self.changed:
            self._changes.append(time_s)
        return pose, self.changed

    def _clean(self, pose: Pose, changed: bool) -> Pose:
        if self._cleaner is None:
            return pose
        time_s = float(pose.time_s)
        if changed:
            self._cleaner.reset()
            self._came_s = time_s
        if 0 <= time_s - self._came_s < NEWCOMER_S:
            return Pose.absent(time_s, pose.size)
        return self._cleaner.update(pose)

    def close(self) -> None:
        """Give back the model."""
        self._open.close()


def words_on(changes: Iterable[float]) -> list[str]:
    """Sentences on when somebody else was coached, seconds of the source."""
    return [f"From {time_s:.1f} s on somebody else was coached." for time_s in changes]


def _is_of_stretch(event: Event) -> bool:
    """Whether it is one that nobody brings about by chance: a position reached, a repetition."""
    match event:
        case StepReached():
            return True
        case AttemptEnded():
            return event.completed
        case CircleDone():
            return event.counted
    return False


def lighter_than(bundle: Path, *, masks: bool) -> Eyes | None:
    """The lightest model, where it is here and not the one in use; it is not fetched now.

    Raises:
        ModelError: it is here and cannot be loaded.
    """
    from posecoach.pose.bundle import cached_bundle

    lite = cached_bundle("lite")
    if lite.state != "ready" or lite.path == bundle:
        return None
    return Eyes(lite.path, masks=masks)
