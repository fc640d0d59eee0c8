"""Sessions in processes of their own, to be killed: ``store_child.py FOLDER``.

For each path of a log on standard input a process is forked, so that imports are paid once,
and its id written to standard output. It coaches stored landmarks at a camera's pace, and logs how
many frames were heard after each, and how many are on the disk after each commit, so that whoever
kills it knows what must be there, however busy the machine is.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from posecoach.session.session import Session
from posecoach.store.recorder import Recorder, _Seen
from tests.helpers.store_sessions import coach, plan_of, poses

FPS = 30


class NotingRecorder(Recorder):
    """Logs what is committed, when it is."""

    def __init__(self, folder: Path, log: int, source: str) -> None:
        self._log = log
        self._committed = 0
        super().__init__(folder, source=source)

    def _commit(self, work: list[Any]) -> None:
        super()._commit(work)
        self._committed += sum(isinstance(each, _Seen) for each in work)
        os.write(self._log, f"{self._committed} committed\n".encode())


def practise(folder: Path, path: Path) -> None:
    """Coach until killed, or for a minute where nobody does."""
    log = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    session = Session(plan_of(), "clip")
    recorder = NotingRecorder(folder, log, path.name)
    recorder.begin(session.plan)
    began = time.monotonic()
    for count, snapshot in enumerate(coach(session, poses(loops=3)), 1):
        recorder.hear(snapshot)
        os.write(log, f"{count} heard\n".encode())
        time.sleep(max(0.0, began + count / FPS - time.monotonic()))


if __name__ == "__main__":
    plan_of()  # read once, for all of them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed is gone at once
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            practise(Path(sys.argv[1]), Path(line.strip()))
        print(pid, flush=True)
