"""Sessions in processes of their own, to be killed: ``store_child.py FOLDER``.

For each path of a log on standard input a process is forked, so that imports are paid once,
and its id written to standard output. It coaches stored landmarks at a camera's pace, and logs
after each frame how many there were and when, so that whoever kills it knows what must be there.
"""

import os
import signal
import sys
import time
from pathlib import Path

from posecoach.session.session import Session
from posecoach.store.recorder import Recorder
from tests.helpers.store_sessions import coach, plan_of, poses

FPS = 30


def practise(folder: Path, path: Path) -> None:
    """Coach until killed, or for a minute where nobody does."""
    log = os.open(path, os.O_CREAT | os.O_WRONLY)
    session = Session(plan_of(), "clip")
    recorder = Recorder(folder, source=path.name)
    recorder.begin(session.plan)
    began = time.monotonic()
    for count, snapshot in enumerate(coach(session, poses(loops=3)), 1):
        recorder.hear(snapshot)
        os.write(log, f"{count} {time.time()}\n".encode())
        time.sleep(max(0.0, began + count / FPS - time.monotonic()))


if __name__ == "__main__":
    plan_of()  # read once, for all of them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed is gone at once
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            practise(Path(sys.argv[1]), Path(line.strip()))
        print(pid, flush=True)
