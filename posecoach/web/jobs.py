"""Recordings waiting to be coached, or learnt from, and the thread that does it, one by one."""

from __future__ import annotations

import itertools
import queue
import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from enum import Enum
from pathlib import Path

from posecoach.errors import PoseCoachError, SourceError
from posecoach.plan.plan import Plan
from posecoach.session.snapshot import Snapshot
from posecoach.store.saving import Saving
from posecoach.terminal import note

MOST_TOLD = 50
"""Jobs remembered, beside those that are not over yet; older ones are among the reports."""

_NUMBERS = itertools.count(1)


class JobState(Enum):
    """Where a job is."""

    WAITING = "waiting"
    ON = "on"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job:
    """What is done with one recording.

    Args:
        path: of the file, alone in a folder of its own; both are deleted when it is done.
        name: what it was called, for people.

    Attributes:
        what: what is done in it, for people.
        href: where what came of it is shown; "" as long as nothing came.
    """

    what = ""
    doing = "is being coached"
    result = "See the report"

    def __init__(self, path: Path, name: str) -> None:
        self.number = next(_NUMBERS)
        self.path, self.name = path, name
        self.state = JobState.WAITING
        self.frames, self.total = 0, 0
        self.words = ""
        self.stopped = False

    @property
    def href(self) -> str:
        """Where to go for what came of it."""
        return ""

    @property
    def open(self) -> bool:
        """Whether it is not over yet."""
        return self.state in (JobState.WAITING, JobState.ON)

    def told(self) -> dict[str, object]:
        """For the page."""
        return {
            "number": self.number,
            "name": self.name,
            "exercise": self.what,
            "doing": self.doing,
            "result": self.result,
            "state": self.state.value,
            "share": min(1.0, self.frames / self.total) if self.total else 0.0,
            "frames": self.frames,
            "words": self.words,
            "href": self.href,
        }

    def do(self, bundle: Path) -> None:
        """Do it.

        Raises:
            PoseCoachError: the recording or the model cannot be used.
        """
        raise NotImplementedError

    def forget(self) -> None:
        """Nothing is kept of what was cancelled."""

    def clean(self) -> None:
        """Delete the file that was taken in."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


class Coaching(Job):
    """A recording to be coached.

    Args:
        path, name: see ``Job``.
        plan: the exercise, settled.
        saving: how to keep the session.
    """

    def __init__(self, path: Path, name: str, plan: Plan, saving: Saving) -> None:
        super().__init__(path, name)
        self.plan, self.saving = plan, saving
        self.what = plan.exercise.name
        self.session, self._fps = 0, 0.0

    @property
    def href(self) -> str:
        """The report."""
        return f"/sessions/{self.session}" if self.session else ""

    def do(self, bundle: Path) -> None:
        """Coach it as ``posecoach analyze`` does, and keep the session.

        Raises:
            PoseCoachError: the recording or the model cannot be used.
        """
        from posecoach.session.eyes import Eyes
        from posecoach.session.session import Session
        from posecoach.source.open import open_source
        from posecoach.store.coaching import coach_source
        from posecoach.store.recording import Recording

        with open_source(str(self.path)) as source:
            if source.static or source.live:
                raise SourceError(f"{self.name} is no recording; drop a video.")
            self.total, self._fps = source.frame_count or 0, source.fps or 0.0
            session = Session(self.plan, self.name)
            with ExitStack() as stack:
                eyes = stack.enter_context(Eyes(bundle, masks=session.observer.needs_mask))
                kept = stack.enter_context(
                    Recording(self.saving, source=self.name, model=bundle.stem, live=False)
                )
                self.session = kept.number or 0
                result = coach_source(session, source, eyes, self._count, kept=kept)
        done, tried = sum(result.repetitions.values()), sum(result.attempts.values())
        counted = f"{done} of {tried} attempts counted." if tried else "No attempt was seen."
        self.words = " ".join(filter(None, (counted, source.ended_early, kept.problem)))

    def _count(self, snapshot: Snapshot) -> bool:
        self.frames = 1 + round(snapshot.frame.time_s * self._fps)
        return not self.stopped

    def forget(self) -> None:
        """Nothing is kept of what was cancelled."""
        from posecoach.store.forget import forget

        if self.session:
            forget(self.saving.folder, [self.session])
            self.session = 0


class Jobs:
    """The jobs of one house.

    Args:
        bundle: finds the pose model.
    """

    def __init__(self, bundle: Callable[[], Path]) -> None:
        self._bundle = bundle
        self._jobs: list[Job] = []
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether any is not over yet."""
        return any(each.open for each in self._jobs)

    def all(self) -> list[Job]:
        """The jobs, the newest first."""
        return self._jobs[::-1]

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        old = self._jobs[:-MOST_TOLD]
        self._jobs = [*(each for each in old if each.open), *self._jobs[-MOST_TOLD:], job]
        self._queue.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)
            self._thread.start()

    def cancel(self, number: int) -> None:
        """Stop a job, where it is not over yet."""
        for each in self._jobs:
            if each.number == number and each.open:
                each.stopped = True

    def close(self) -> None:
        """Stop all and delete what was taken in."""
        for each in self._jobs:
            if each.open:
                each.stopped = True
                each.clean()

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            try:
                self._do(job)
            except PoseCoachError as error:
                job.words = str(error).replace(str(job.path), job.name)
                job.state = JobState.FAILED
            except Exception as error:
                note(error)
                job.words = "Something in PoseCoach itself went wrong."
                job.state = JobState.FAILED
            finally:
                job.clean()

    def _do(self, job: Job) -> None:
        if not job.stopped:
            job.state = JobState.ON
            job.do(self._bundle())
        if job.stopped:
            job.forget()
            job.words = "Cancelled; nothing of it is kept."
            job.state = JobState.CANCELLED
        else:
            job.state = JobState.DONE
