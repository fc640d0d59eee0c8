"""Keep MediaPipe's own log off the user's terminal, without losing its errors.

MediaPipe's native library writes to file descriptor 2 before its log is set up, and no
environment variable changes that (tried with 1.2.2: GLOG_minloglevel, TF_CPP_MIN_LOG_LEVEL,
GOOGLE_STDERRTHRESHOLD). So descriptor 2 is turned aside for the short time in which those
lines come, and what is not information or a warning is written to it afterwards.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2
_CHATTER = re.compile(
    rb"[IW]\d{4} "  # absl: I (information) or W (warning), month and day
    rb"|INFO: |VERBOSE: "  # TensorFlow Lite
    rb"|WARNING: (Logging before|All log messages before)"  # absl, once
)
_one_at_a_time = threading.Lock()


@contextmanager
def quiet_native_log() -> Iterator[None]:
    """Hold back what is written to descriptor 2, then let everything through but chatter.

    For moments only, as it concerns the whole process.
    """
    with _one_at_a_time:
        try:
            terminal = os.dup(_STDERR)
        except OSError:  # a process without standard error has nothing to keep quiet
            yield
            return
        try:
            with tempfile.TemporaryFile() as aside:
                os.dup2(aside.fileno(), _STDERR)
                try:
                    yield
                finally:
                    os.dup2(terminal, _STDERR)
                    aside.seek(0)
                    os.write(_STDERR, without_chatter(aside.read()))
        finally:
            os.close(terminal)


def without_chatter(log: bytes) -> bytes:
    """Return the lines of a native log that say more than that something went as usual."""
    return b"".join(line for line in log.splitlines(keepends=True) if not _CHATTER.match(line))
