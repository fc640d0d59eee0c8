"""From a recording to what was seen in it: one person, without a cut."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from posecoach.errors import LearningError
from posecoach.learn.company import Company
from posecoach.learn.cuts import cuts
from posecoach.learn.demonstration import Watcher
from posecoach.observe.recorded import KeptMoments
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source
from posecoach.source.source import Source

Told = Callable[[int, int], None]
"""Called with the frames done and the frames there are (0 if unknown)."""


def watch(path: str, bundle: Path, progress: Told) -> KeptMoments:
    """Look at a recording.

    Args:
        path: of the recording.
        bundle: of the pose model.
        progress: told how far it is.

    Raises:
        LearningError: it shows two people, or was cut.
        PoseCoachError: the recording or the model cannot be used.
    """
    with open_source(path) as source:
        if source.live:
            raise LearningError(
                f"{path} is live; film the demonstration first, then give its file as --source."
            )
        return watch_source(source, bundle, progress)


def watch_source(source: Source, bundle: Path, progress: Told) -> KeptMoments:
    """Look at a recording that is open already; see ``watch``."""
    if source.static:
        raise LearningError(f"{source.name} is a picture: a movement is learnt from a recording.")
    watcher = Watcher()
    with ExitStack() as stack:
        eyes = stack.enter_context(Eyes(bundle, masks=watcher.needs_mask))
        company = stack.enter_context(Company(bundle))
        for number, (frame, pose) in enumerate(eyes.follow(source.frames())):
            watcher.see(pose)
            company.look(frame)
            progress(number + 1, source.frame_count or 0)
    company.refuse()
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
