"""Several recordings at once, each in a process of its own."""

from __future__ import annotations

import itertools
import multiprocessing
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from posecoach.errors import PoseCoachError
from posecoach.terminal import in_use, join

TELL_EVERY = 10
"""Frames between two reports of a worker: a queue put for each would be felt."""

Work = Callable[[Any, Callable[[int, int], None]], dict[str, Any]]

_reports: Any = None


def _begin(reports: Any, log: Path | None) -> None:
    global _reports  # a process pool has no other way to hand over a queue
    _reports = reports
    join(log)


def _run(work: Work, job: Any, index: int) -> dict[str, Any] | PoseCoachError:
    calls = itertools.count()

    def progress(done: int, total: int) -> None:
        if next(calls) % TELL_EVERY == 0:
            _reports.put((index, done, total))

    try:
        return work(job, progress)
    except PoseCoachError as error:
        return error


def run_parallel(
    work: Work, jobs: Sequence[Any], workers: int, tell: Callable[[int, int, int], None]
) -> list[dict[str, Any] | BaseException]:
    """Do every job in one of ``workers`` processes; results or errors in their order.

    After an interruption the results there are, and it. New processes are started afresh
    ("spawn"): MediaPipe's threads do not survive a fork.
    """
    context = multiprocessing.get_context("spawn")
    reports = context.Queue()
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(reports, in_use())
    ) as pool:
        futures = [pool.submit(_run, work, job, index) for index, job in enumerate(jobs)]
        try:
            while not all(future.done() for future in futures):
                try:
                    tell(*reports.get(timeout=0.2))
                except queue.Empty:
                    continue
        except KeyboardInterrupt as stop:
            done = [_outcome(each) for each in futures if each.done() and not each.cancelled()]
            for future in futures:
                future.cancel()
            for process in multiprocessing.active_children():
                process.terminate()
            return [*done, stop]
        return [_outcome(future) for future in futures]


def _outcome(
    future: Future[dict[str, Any] | PoseCoachError],
) -> dict[str, Any] | BaseException:
    try:
        return future.result()
    except KeyboardInterrupt as stop:
        return stop
    except BrokenProcessPool:
        return PoseCoachError(
            "A worker process ended unexpectedly (is there enough memory?); try fewer --jobs.",
            native=True,
        )
