"""A run: every recording that is not in the tables yet is coached, and written as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach.clinic.crew import Crew
from posecoach.clinic.results import AT_ONCE, Results
from posecoach.clinic.task import Task
from posecoach.errors import OutputError, PoseCoachError, SourceError

WRITE_FIRST_S, WRITE_EVERY_S = 2.0, 30.0
"""So often is written, at first and, from pause to pause twice as long, at last: whoever looks soon
sees something, a run that is killed has lost half a minute, and a night's run has a thousand parts.
"""

AWAY_S = 600.0
"""How long a share that is gone is waited for: a server is started again in less."""

LOOK_EVERY_S = 2.0
"""How often is looked whether it is back: a look at a folder costs nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is.

    Attributes:
        done: recordings that are in the tables or will be with the next part; failed: of those.
        total: recordings there are in all.
        remaining_s: seconds it will take at the pace until now; None where nobody knows yet.
        problem: what stands in its way now, in a sentence; "" while nothing does.
    """

    done: int
    failed: int
    total: int
    remaining_s: float | None
    problem: str = ""


Tell = Callable[[Standing], None]


class Run:
    """Coaches tasks into tables.

    Args:
        results: the tables.
        tell: called after each recording, and where something stands in the way.
    """

    def __init__(self, results: Results, tell: Tell) -> None:
        self._results, self._tell = results, tell
        self._before = self._done = len(results.done)
        self._failed = results.failed
        self._total = 0
        self._pause_s = WRITE_FIRST_S
        self._problem = ""

    def carry_out(self, tasks: Sequence[Task], crew: Crew) -> Standing:
        """Coach all tasks; what is done is written, however this ends.

        Raises:
            SourceError: a share stayed away; what lies on it is not in the tables.
            OutputError: the tables could not be written until the end.
            PoseCoachError: nothing can be coached any more.
        """
        self._total = self._before + len(tasks)
        self._began = self._wrote = time.monotonic()
        try:
            away_until: float | None = None
            while tasks:
                away = list(self._round(tasks, crew))
                if not away:
                    break
                if away_until is None or len(away) < len(tasks):
                    away_until = time.monotonic() + AWAY_S
                if not self._back(away, away_until):
                    raise SourceError(_still_away(away))
                tasks = away
        finally:
            self._write()
        if self._results.waiting:
            raise OutputError(f"{self._problem} Make room and start again for the rest.")
        return self._standing()

    def _round(self, tasks: Sequence[Task], crew: Crew) -> Iterator[Task]:
        """Coach all once; yield those whose share was away."""
        for task, outcome in crew.outcomes(tasks):
            if outcome.refused:
                raise PoseCoachError(outcome.refused)
            if outcome.away:
                self._problem = f"The folder {outcome.away} is not there at the moment."
                yield task
            else:
                self._results.add(outcome)
                self._done += 1
                self._failed += outcome.failed
            waited_s = time.monotonic() - self._wrote
            many = self._results.waiting >= AT_ONCE and not self._problem
            if many or waited_s >= self._pause_s:
                self._pause_s = min(2 * self._pause_s, WRITE_EVERY_S)
                self._write()
            self._tell(self._standing())

    def _write(self) -> None:
        """Write what is waiting; where the disk refuses it is kept, and tried again later."""
        self._wrote = time.monotonic()
        try:
            self._results.write()
        except OutputError as error:
            self._problem = str(error)
        else:
            self._problem = ""

    def _back(self, away: Sequence[Task], until: float) -> bool:
        """Wait for shares that are gone; whether they came back."""
        roots = {task.wanted.root for task in away}
        while True:
            time.sleep(LOOK_EVERY_S)
            if all(Path(root).is_dir() for root in roots):
                self._problem = ""
                return time.monotonic() < until
            if time.monotonic() >= until:
                return False
            self._tell(self._standing())

    def _standing(self) -> Standing:
        since = self._done - self._before
        remaining = None
        if since:
            each_s = (time.monotonic() - self._began) / since
            remaining = each_s * (self._total - self._done)
        return Standing(self._done, self._failed, self._total, remaining, self._problem)


def _still_away(away: Sequence[Task]) -> str:
    first = away[0].wanted
    return (
        f"{len(away)} recordings could not be reached, the first {first.file}: the folder "
        f"{first.root} is not there for whoever coaches them. What was done is kept; start again "
        "when it is back."
    )
