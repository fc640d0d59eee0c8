"""Frames to poses."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posecoach.pose.pose import Pose
    from posecoach.source.frame import Frame
    from posecoach.source.source import Source


def estimate_poses(
    source: Source, *, model: str | os.PathLike[str] | None = None, silhouettes: bool = False
) -> Generator[tuple[Frame, Pose], None, None]:
    """Yield each frame of a source with the pose of the person being coached.

    The person is kept while others walk through the picture, and their landmarks are smoothed.
    Of a camera or stream it hands over the newest frame, as fast as this machine is; of a
    recording every frame. Where nobody is found the pose is ``Pose.absent``.

    Args:
        source: what ``open_source`` gave.
        model: a MediaPipe pose landmarker bundle (.task); None for the usual one, which is
            fetched once, on first use.
        silhouettes: whether poses carry the person's silhouette (``Pose.mask``), which the
            curve of the spine is read from and what arms hide; ``plan.needs_mask`` says whether
            an exercise looks at it. It takes longer.

    Raises:
        ModelError: the model cannot be found, fetched or loaded.
        MachineError: a system library is missing.
        SourceError: a photo of a folder cannot be read.
    """
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.session.eyes import Eyes

    with Eyes(resolve_bundle(model), masks=silhouettes, static=source.static) as eyes:
        if source.live:
            for frame in source.frames():
                yield frame, eyes.see(frame)
        else:
            yield from eyes.follow(source.frames())
