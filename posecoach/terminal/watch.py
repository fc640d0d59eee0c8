"""A last line on the terminal where the process itself dies.

A process that a native library takes down cannot say anything any more. So a small one watches
it through a pipe: the pipe ends with its owner, however that ended, and whoever leaves in good
order says good-bye first. It costs a fork (about 1 ms) and nothing while it waits.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys

GOOD_BYE = b"."

_SPAWNED = """
import os, sys
last = b""
while piece := os.read(0, 1024):
    last = piece
if last != b".":
    os.write(2, sys.argv[1].encode())
"""


def watched(last_words: str, terminal: int, *, fork: bool = hasattr(os, "fork")) -> None:
    """Have ``last_words`` written to a descriptor if this process ends without leaving.

    Call it while there is one thread. Where no watcher can be had, none watches.

    Args:
        fork: by forking; else by a Python of its own (Windows).
    """
    try:
        receive, send = os.pipe()
    except OSError:
        return
    try:
        if fork:
            _forked(receive, terminal, last_words)
        else:
            _spawned(receive, terminal, last_words)
    except OSError:
        os.close(send)
        return
    finally:
        os.close(receive)
    # The first to be registered is the last to be called.
    atexit.register(_leave, send)


def _leave(send: int) -> None:
    try:
        os.write(send, GOOD_BYE)
    except OSError:  # the watcher has gone
        return


def _forked(receive: int, terminal: int, last_words: str) -> None:
    if os.fork():
        return
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)  # meant for whom it watches
        low, high = sorted((receive, terminal))
        os.closerange(0, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, 1024)
        last = b""
        while piece := os.read(receive, 1024):
            last = piece
        if last != GOOD_BYE:
            os.write(terminal, last_words.encode())
    finally:
        os._exit(0)


def _spawned(receive: int, terminal: int, last_words: str) -> None:
    group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # out of the reach of Ctrl-C
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _SPAWNED, last_words],
        stdin=receive,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        creationflags=group,
    )
