"""The pose model on a worker: made from the scheduler's copy and checked, once a process.

Imported where ``distributed`` is, by workers too.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from posecoach.clinic.task import Outcome, Task, carried_out
from posecoach.errors import ModelError
from posecoach.terminal import join

_AT_IT = threading.Lock()
"""One estimator a process, however many threads a worker was given."""


class Provision(WorkerPlugin):
    """Brings the model to each worker as it begins, those that come later included.

    The scheduler keeps it as it is sent: a copy of the bundle.

    Args:
        data: the bundle.
        sha256: what it must be.
        log: where the libraries of workers of this machine may write; None leaves them alone.
    """

    def __init__(self, data: bytes, sha256: str, log: Path | None = None) -> None:
        self.name = f"posecoach-{sha256[:16]}"
        self._data, self._sha256, self._log = data, sha256, log

    def setup(self, worker: Worker) -> None:
        """Write the model into the worker's own folder."""
        join(self._log)
        place = bundle_at(worker, self._sha256)
        if not _is(place, self._sha256):
            place.write_bytes(self._data)
        if not _is(place, self._sha256):
            raise ModelError(f"The pose model did not come to {place} whole (SHA-256).")


def coach_here(task: Task, model: str) -> Outcome:
    """Coach one recording; what a worker is asked to do.

    Args:
        model: SHA-256 of the pose model.
    """
    with _AT_IT:
        return carried_out(task, bundle_at(get_worker(), model))


def bundle_at(worker: Any, sha256: str) -> Path:
    """Where a worker has a model."""
    return Path(worker.local_directory) / f"posecoach-{sha256[:16]}.task"


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
