"""Standard streams that nobody can write to any more, or never could.

A full disk behind ``> file``, a closed descriptor, a terminal that is gone: what was to be shown is
lost, the work is not. Our streams take what comes whatever happens, remember that they failed, and
whoever ends the program tells it where there is something left to write to.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

CLOSED = "it is closed"

_failed: dict[str, str] = {}
_told = False


def failed() -> dict[str, str]:
    """Return why ("stdout", "stderr") could not be written, for those that could not.

    A reader that has gone (head, less) had enough; that is no failure.
    """
    return {name: why for name, why in _failed.items() if why}


def broken(name: str) -> bool:
    """Whether what is written to a stream arrives nowhere."""
    return name in _failed


class Lasting(io.RawIOBase):
    """A raw stream that goes on when what it writes to does not.

    Args:
        name: "stdout" or "stderr".
        raw: what it writes to; None where the process was started without.
    """

    def __init__(self, name: str, raw: io.RawIOBase | None) -> None:
        self._name, self._raw = name, raw

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Write all of it, or note that it cannot be."""
        whole = memoryview(data).cast("B")
        if not broken(self._name):
            try:
                self._write(whole)
            except OSError as error:
                gone = error.errno == errno.EPIPE
                _failed[self._name] = "" if gone else (error.strerror or str(error)).lower()
        return len(whole)

    def _write(self, data: memoryview) -> None:
        if self._raw is None:
            raise OSError(errno.EBADF, CLOSED)
        while data:
            data = data[self._raw.write(data) or 0 :]

    def fileno(self) -> int:
        if self._raw is None:
            raise io.UnsupportedOperation("fileno")
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw is not None and self._raw.isatty()

    @property
    def mode(self) -> str:
        """As of a file that is open for writing."""
        return "wb"

    @property
    def name(self) -> str:
        """As Python calls it."""
        return f"<{self._name}>"


def lasting(name: str, raw: io.RawIOBase | None, like: TextIO | None) -> TextIO:
    """Return a text stream that goes on when what it writes to does not.

    Args:
        raw: what it writes to; None where the process was started without.
        like: the stream in whose place it comes.
    """
    whole = Lasting(name, raw)
    through = getattr(like, "write_through", False)
    binary: Any = whole if through else io.BufferedWriter(whole)
    return io.TextIOWrapper(
        binary,
        getattr(like, "encoding", None) or "utf-8",
        getattr(like, "errors", None) or "replace",
        line_buffering=getattr(like, "line_buffering", False),
        write_through=through,
    )


def stand_in() -> None:
    """Open nothing at the places of standard descriptors that are closed.

    Else the next file to be opened, a database perhaps, would be where libraries write their noise.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != descriptor:
                os.dup2(nothing, descriptor)
                os.close(nothing)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123


def tell(sentence: str, say: Callable[[str, bool], None]) -> None:
    """Tell an error on standard error; where that fails, on what is left to write to.

    Args:
        say: writes a sentence; to standard error where its second argument is true.
    """
    global _told
    say(sentence, True)
    if broken("stderr"):
        say(sentence, False)
        _told = True


def told_at_the_end(say: Callable[[str, bool], None]) -> bool:
    """Say on what is left to write to that a stream failed, where nothing has been said there.

    Args:
        say: as in ``tell``.

    Returns:
        Whether anything failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    found = failed()
    if "stdout" in found and not broken("stderr"):
        say(f"Standard output cannot be written ({found['stdout']}); all else is done.", True)
    elif "stderr" in found and not broken("stdout") and not _told:
        say(f"Standard error cannot be written ({found['stderr']}).", False)
    return bool(found)
