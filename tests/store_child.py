"""A session in a process of its own, to be killed: ``store_child.py FOLDER LOG``.

Coaches stored landmarks at a camera's pace, and logs after each frame how many there were
and when, so that whoever kills it knows what must be there.
"""

import os
import sys
import time
from pathlib import Path

from store_sessions import coach, plan_of, poses

from posecoach.session.session import Session
from posecoach.store.recorder import Recorder

FPS = 60

folder, log = Path(sys.argv[1]), os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)
plan = plan_of()
session = Session(plan, "clip")
recorder = Recorder(folder, source=Path(sys.argv[2]).name)
recorder.begin(plan)
began = time.monotonic()
for count, snapshot in enumerate(coach(session, poses(loops=1000)), 1):
    recorder.hear(snapshot)
    os.write(log, f"{count} {time.time()}\n".encode())
    time.sleep(max(0.0, began + count / FPS - time.monotonic()))
