"""One recording to coach, as plain values: so that it can go to another process, or machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from posecoach.errors import SourceError
from posecoach.plan.plan import Plan
from posecoach.session.eyes import Eyes
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.open import open_source
from posecoach.store.coaching import coach_source
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.writing import readable

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames there are, 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recording and what is done in it.

    Attributes:
        source: path or address of the recording.
        plan: the exercise, settled for whoever does it.
        bundle: the pose model.
        saving: how to keep it as a session; None where it is not kept.
        every_frame: whether to look at every frame, rather than at as many as the movement needs;
            so it is where the picture is kept.
    """

    source: str
    plan: Plan
    bundle: Path
    saving: Saving | None = None
    every_frame: bool = False

    @property
    def looks_at_all(self) -> bool:
        """Whether every frame is looked at."""
        return self.every_frame or (self.saving is not None and self.saving.video)


def coached(job: Job, progress: Progress) -> Result:
    """Coach one recording from its first frame to its last.

    Each is looked at by an estimator of its own: one that has followed another recording
    finds the first landmarks elsewhere, by up to half a pixel.

    Raises:
        PoseCoachError: the recording or the model cannot be used, or no session be begun; what
            the disk refuses later is told in the result, which is worth having all the same.
    """
    with open_source(job.source) as source:
        if source.static:
            raise SourceError(
                f"{job.source} is a picture, not a recording: holds and repetitions need time; "
                "use `posecoach measure` for photos."
            )
        if source.live:
            raise SourceError(f"{job.source} is live; use `posecoach run` for it.")
        session = Session(job.plan, readable(job.source))
        total, fps = source.frame_count or 0, source.fps or 0.0

        def tell(snapshot: Snapshot) -> None:
            progress(round(snapshot.frame.time_s * fps), total)

        with ExitStack() as stack:
            eyes = stack.enter_context(Eyes(job.bundle, masks=session.observer.needs_mask))
            recording = None
            if job.saving is not None:
                recording = stack.enter_context(_recording(job.saving, job))
            result = coach_source(
                session, source, eyes, tell, kept=recording, every_frame=job.looks_at_all
            )
        if recording is not None and recording.problem:
            result.unsaved = recording.problem
    return result


def _recording(saving: Saving, job: Job) -> Recording:
    return Recording(saving, source=job.source, model=job.bundle.stem, live=False)
