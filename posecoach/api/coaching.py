"""A whole recording coached, or a stream of poses from anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from posecoach.api.ordering import in_order
from posecoach.errors import SourceError
from posecoach.source.frame import Frame

if TYPE_CHECKING:
    from posecoach.plan.plan import Plan
    from posecoach.pose.pose import Pose
    from posecoach.session.result import Result
    from posecoach.session.session import Listener, Session
    from posecoach.session.snapshot import Snapshot
    from posecoach.store.recorder import Recorder

Hear = Callable[["Snapshot"], "bool | None"]
"""Called with every moment; returning False ends the session."""


def coach_recording(
    recording: str | os.PathLike[str],
    plan: Plan,
    *,
    hear: Hear | None = None,
    keep: Recorder | None = None,
    model: str | os.PathLike[str] | None = None,
    every_frame: bool = False,
) -> Result:
    """Coach a video file from its first frame to its last, as ``posecoach analyze`` does.

    Args:
        recording: the file.
        plan: what ``make_plan`` gave.
        hear: called with every moment looked at, a ``Snapshot``; returning False ends the session.
        keep: keeps the session, see ``keep_session``.
        model: as in ``estimate_poses``.
        every_frame: whether to look at every frame, rather than at as many as the movement needs.

    Raises:
        SourceError: it cannot be read, or is a picture or a camera.
        ModelError: the pose model cannot be found, fetched or loaded.
    """
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.session.eyes import Eyes
    from posecoach.session.session import Session
    from posecoach.source.open import open_source
    from posecoach.store.coaching import coach_source

    with open_source(os.fspath(recording)) as source:
        if source.static or source.live:
            raise SourceError(f"{source.name} is no recording: holds and repetitions need one.")
        session = Session(plan, os.fspath(recording))
        with Eyes(resolve_bundle(model), masks=session.observer.needs_mask) as eyes:
            return coach_source(
                session, source, eyes, hear or _nobody, kept=keep, every_frame=every_frame
            )


def _nobody(moment: Snapshot) -> None:
    """Hear nothing."""


def coach_poses(
    poses: Iterable[Pose],
    plan: Plan,
    *,
    hear: Hear | None = None,
    keep: Recorder | None = None,
    name: str = "landmarks",
) -> Result:
    """Coach poses from anywhere: no camera, no picture and no MediaPipe.

    Args:
        poses: single moments, their times in seconds and strictly increasing; also from a
            generator that waits for the next one. Where nobody is seen: ``Pose.absent``.
        plan: what ``make_plan`` gave.
        hear: called with every moment, a ``Snapshot``; returning False ends the session.
        keep: keeps the session, see ``keep_session``.
        name: of their source, for the result.

    Raises:
        SourceError: their times do not increase, or landmarks are not the 33 of MediaPipe.
    """
    from posecoach.session.session import Session

    return _coached(Session(plan, name), _without_pictures(poses), hear, keep)


def _without_pictures(poses: Iterable[Pose]) -> Iterator[tuple[Frame, Pose]]:
    for pose in in_order(poses):
        width, height = pose.size
        black = np.broadcast_to(np.uint8(0), (height, width, 3))  # takes no memory
        yield Frame(black, float(pose.time_s)), pose


def _coached(
    session: Session,
    moments: Iterable[tuple[Frame, Pose]],
    hear: Hear | None,
    keep: Recorder | None,
) -> Result:
    listeners: list[Listener] = [] if hear is None else [hear]
    if keep is not None:
        keep.begin(session.plan)
        listeners.insert(0, keep.hear)
    result = session.run(moments, listeners)
    if keep is not None:
        keep.end(result, session.ending)
    return result
