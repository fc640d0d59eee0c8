"""Giving our own text descriptors of its own, and 1 and 2 to the log."""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from posecoach.terminal.failing import lasting, stand_in
from posecoach.terminal.log import heading, log_path, open_log, outgrown
from posecoach.terminal.watch import watched

OUT, ERR = 1, 2
"""The descriptors of standard output and standard error."""
LOOK_EVERY_S = 10.0
"""How often the log's size is looked at: a library that complains of each frame writes some
50 KB in that time."""

_DETAIL = {
    "OPENCV_LOG_LEVEL": "WARNING",
    "OPENCV_FFMPEG_LOGLEVEL": "16",  # AV_LOG_ERROR
}
"""What OpenCV and its FFmpeg may write, since there is a place for it now."""

_log: Path | None = None


def in_use() -> Path | None:
    """Return the log that takes what this process's libraries write; None where none does."""
    return _log


def own(version: str, *, verbose: bool = False) -> None:
    """Keep the terminal for our own text, from now until the process ends.

    For the command line, before anything native is loaded and while there is one thread.
    ``sys.stdout`` and ``sys.stderr`` go on to where they went. Descriptors 1 and 2, the
    warnings and logs of Python libraries and the fault handler's trace go to the log.

    Args:
        version: for the log's heading.
        verbose: let it all through to standard error instead.
    """
    global _log
    stand_in()
    for key, value in _DETAIL.items():
        os.environ.setdefault(key, value)
    path = log_path()
    aside = None if verbose else open_log(path)
    if not verbose and sys.stderr is not None:
        where = "" if aside is None else f"; what was written last is in {path}"
        watched(
            f"posecoach: The program was ended before its end, or a library failed{where}\n", ERR
        )
    errors = _moved("stderr")
    _moved("stdout")
    if verbose:
        _point(errors)
    else:
        _turn_python_aside()
        if aside is not None:
            _log = path
            _keep_small(path)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        _point(nowhere if aside is None else aside)
        _closed(nowhere, aside)
        _write(heading(version))
    faulthandler.enable(ERR)


def join(log: Path | None) -> None:
    """Write into the log of the process that started this one; for worker processes.

    They have nothing of their own to say on a terminal.
    """
    global _log
    if log is None:
        return
    _log = log
    aside = open_log(log)
    _point(aside)
    _closed(aside)
    faulthandler.enable(ERR)
    _keep_small(log)


def _point(to: int | None) -> None:
    """Let both standard descriptors write where ``to`` does."""
    if to is None:
        return
    os.dup2(to, OUT)
    os.dup2(to, ERR)


def _closed(*descriptors: int | None) -> None:
    for each in descriptors:
        if each is not None and each > ERR:
            os.close(each)


def _write(words: bytes) -> None:
    """Write into the log; a full disk is told by those whose results it keeps from the disk."""
    with suppress(OSError):
        os.write(ERR, words)


def _moved(name: str) -> int | None:
    """Give ``sys.stdout`` or ``sys.stderr`` a descriptor of its own; returns it.

    None where the process has no such stream; what is written to it then is noted as lost.
    """
    stream: TextIO | None = getattr(sys, name)
    descriptor: int | None = None
    raw: Any = None
    if isinstance(stream, io.TextIOWrapper):
        stream.flush()
        descriptor = os.dup(stream.fileno())
        # ``open`` finds a Windows console behind a descriptor, as Python does at its start.
        raw = open(descriptor, "wb", buffering=0)  # noqa: SIM115, PTH123
    elif stream is not None:
        return None
    moved = lasting(name, raw, stream)
    # What asks for the terminal's size goes by the second name.
    setattr(sys, name, moved)
    setattr(sys, f"__{name}__", moved)
    return descriptor


class _Log(io.TextIOBase):
    """The log as a stream, whichever file it is by now."""

    def write(self, text: str) -> int:
        _write(text.encode(errors="replace"))
        return len(text)


def _turn_python_aside() -> None:
    """What Python libraries would say on ``sys.stderr``."""
    log = _Log()

    def warned(message: Any, category: Any, filename: str, lineno: int, *_: Any) -> None:
        log.write(warnings.formatwarning(message, category, filename, lineno))

    def unraisable(about: Any) -> None:
        _write_traceback(about.exc_value, log)

    warnings.__dict__["showwarning"] = warned
    sys.unraisablehook = unraisable
    logging.basicConfig(stream=log)


def _write_traceback(error: BaseException | None, to: TextIO | _Log) -> None:
    import traceback

    if error is not None:
        to.write("".join(traceback.format_exception(error)))


def note(error: BaseException) -> Path | None:
    """Write an error that nobody expected into the log; returns the log's path.

    None where there is no log: the traceback then goes to standard error.
    """
    if _log is None:
        _write_traceback(error, sys.stderr)
    else:
        _write_traceback(error, _Log())
    return _log


def _keep_small(path: Path) -> None:
    """Look at the log now and then, and go on in a new file where it has grown."""

    def look() -> None:
        while True:
            pause.wait(LOOK_EVERY_S)
            renew(path)

    pause = threading.Event()
    threading.Thread(target=look, name="posecoach-log", daemon=True).start()


def renew(path: Path) -> None:
    """Point descriptors 1 and 2 at a new log where theirs is full or has been put aside."""
    if outgrown(path, ERR):
        log = open_log(path)
        _point(log)
        _closed(log)
