"""Who coaches the recordings of a run on this machine."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Protocol

from posecoach.clinic.task import Outcome, Task, carried_out, failed
from posecoach.terminal import in_use, join

AHEAD = 2
"""Tasks a process has at most, the one it is at included: the next is there when it is done."""

TRIES = 2
"""How often a recording may end its process when it is alone there: once may be bad luck."""

ENDED = (
    "The process that coached it was ended, and so again when it was tried alone; the recording is "
    "damaged, or needs more memory than there is."
)

Done = tuple[Task, Outcome]


class Crew(Protocol):
    """Coaches tasks, as many at once as it can."""

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield each task with what came of it, in the order in which they are done.

        Raises:
            PoseCoachError: nothing can be coached any more.
        """


class Alone:
    """This process, one recording after the other."""

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
        for task in tasks:
            yield task, carried_out(task)


class Pool:
    """Some processes of this machine; one that dies is replaced, and its recording tried again.

    Args:
        jobs: how many.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
        waiting = iter(tasks)
        while True:
            suspects: list[Task] = []
            yield from self._until_one_dies(waiting, suspects)
            if not suspects:
                return
            # Which of them it was nobody knows: each has a process for itself now.
            for task in suspects:
                yield task, self._apart(task)

    def _until_one_dies(self, waiting: Iterator[Task], suspects: list[Task]) -> Iterator[Done]:
        with _processes(self._jobs) as pool:
            running: dict[Future[Outcome], Task] = {}
            try:
                while not suspects:
                    for task in islice(waiting, AHEAD * self._jobs - len(running)):
                        running[pool.submit(carried_out, task)] = task
                    if not running:
                        return
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        task = running.pop(future)
                        try:
                            outcome = future.result()
                        except BrokenProcessPool:
                            suspects.append(task)
                        else:
                            yield task, outcome
            except BaseException:
                for process in multiprocessing.active_children():
                    process.terminate()
                raise
        suspects += running.values()

    def _apart(self, task: Task) -> Outcome:
        for _ in range(TRIES):
            with _processes(1) as pool:
                try:
                    return pool.submit(carried_out, task).result()
                except BrokenProcessPool:
                    continue
        return failed(task, ENDED)


def _processes(count: int) -> ProcessPoolExecutor:
    """Processes started afresh ("spawn"): MediaPipe's threads do not survive a fork."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=join, initargs=(in_use(),))
