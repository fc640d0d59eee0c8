"""From a recording to what was seen in it: one person, without a cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from posecoach.errors import LearningError
from posecoach.learn.cuts import cuts
from posecoach.learn.demonstration import Watcher
from posecoach.observe.recorded import KeptMoments
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source

LOOK_S = 1.5
"""Every so often it is looked for a second person: whoever walks by is there for a moment only."""

COMPANY = 0.5
"""Part of those looks in which a second person must be there, for a passer-by takes no part."""

AS_LARGE = 0.5
"""Part of the larger one's size from which on a second one may be the one who shows it: people are
half as large at twice the distance."""

_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


def watch(path: str, bundle: Path, progress: Callable[[int, int], None]) -> KeptMoments:
    """Look at a recording.

    Args:
        path: of the recording.
        bundle: of the pose model.
        progress: called with the frames done and the frames there are (0 if unknown).

    Raises:
        LearningError: it shows two people, or was cut.
        PoseCoachError: the recording or the model cannot be used.
    """
    watcher, company = Watcher(), [0, 0]
    with open_source(path) as source, ExitStack() as stack:
        if source.static:
            raise LearningError(f"{path} is a picture: a movement is learnt from a recording.")
        if source.live:
            raise LearningError(
                f"{path} is live; film the demonstration first, then give its file as --source."
            )
        eyes = stack.enter_context(Eyes(bundle, masks=True))
        crowd = stack.enter_context(PoseEstimator(bundle, static=True, num_poses=2))
        looked_s = -LOOK_S
        for number, (frame, pose) in enumerate(eyes.follow(source.frames())):
            watcher.see(pose)
            if frame.time_s - looked_s >= LOOK_S:
                looked_s = frame.time_s
                company[0] += two_people(crowd.estimate_all(frame.image, frame.time_s))
                company[1] += 1
            progress(number + 1, source.frame_count or 0)
    if company[0] > COMPANY * company[1]:
        raise LearningError(
            "Two people are in the picture, and either may be the one who shows it; film one alone."
        )
    kept = watcher.finish()
    refuse_cuts(kept)
    return kept


def refuse_cuts(kept: KeptMoments) -> None:
    """Refuse a recording in which a body leaps.

    Raises:
        LearningError: it does.
    """
    assert kept.poses is not None
    found = cuts(kept.poses)
    if found:
        when = ", ".join(f"{time_s:.1f}" for time_s in found[:3])
        raise LearningError(
            f"The picture is cut at {when} s, so that what was shown between is missing; "
            "give it one recording from the beginning to the end."
        )


def two_people(found: Sequence[Pose]) -> bool:
    """Whether two people are seen, both large enough to be the one who shows something."""
    sizes = sorted((_size(pose) for pose in found), reverse=True)
    return len(sizes) > 1 and sizes[1] >= AS_LARGE * sizes[0] > 0


def _size(pose: Pose) -> float:
    shoulders = pose.image[list(_SHOULDERS)].mean(axis=0)
    hips = pose.image[list(_HIPS)].mean(axis=0)
    return float(np.hypot(*(shoulders - hips)))
