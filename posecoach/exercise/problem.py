"""A mistake in a definition file: where it is, what was found, what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from posecoach.exercise.reading import Document, Flaw, Position, Step

MOST = 100
"""A file with more mistakes than this is told the first ones; the rest follow from them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one thing to think about.

    Attributes:
        path: the file, as the user named it.
        line, column: where, counted from 1 as editors do; 0 where the whole file is meant.
        field: e.g. "steps[1].targets[0].at_least"; empty where the whole file is meant.
        message: what was found, what is allowed, and the nearest right spelling.
        severity: an error keeps the exercise from being used, a warning does not.
    """

    path: str
    line: int
    column: int
    field: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place += f":{self.line}:{self.column}"
        field = f"{self.field}: " if self.field else ""
        return f"{place}: {self.severity}: {field}{self.message}"


class TooManyError(Exception):
    """The file has more than ``MOST`` problems; there is no use in looking for more."""


class Problems:
    """Collects the problems of one file.

    Args:
        path: the file, as the user named it.
        document: what was read of it: knows where each value stands.
    """

    def __init__(self, path: str, document: Document) -> None:
        self._path = path
        self._document = document
        self._found: dict[tuple[str, str], Problem] = {}

    def error(self, steps: Iterable[Step], message: str, *, at_key: bool = False) -> None:
        """Note a mistake in the value at ``steps`` (or in its key)."""
        steps = tuple(steps)
        self._add(steps, self._document.place(steps, key=at_key), message, "error")

    def warning(self, steps: Iterable[Step], message: str) -> None:
        """Note something that is allowed but hardly meant."""
        steps = tuple(steps)
        self._add(steps, self._document.place(steps), message, "warning")

    def flaw(self, flaw: Flaw) -> None:
        """Note a mistake that was found in reading."""
        self._add(flaw.steps, flaw.position, flaw.message, "error")

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found.values(), key=lambda each: (each.line, each.column)))

    def has_error_at(self, steps: tuple[Step, ...]) -> bool:
        """Whether a mistake in this very value is known."""
        name = field(steps)
        return any(
            known == name and problem.severity == "error"
            for (known, _), problem in self._found.items()
        )

    @property
    def errors(self) -> bool:
        """Whether there is any mistake."""
        return any(problem.severity == "error" for problem in self._found.values())

    def _add(
        self,
        steps: tuple[Step, ...],
        position: Position,
        message: str,
        severity: Literal["error", "warning"],
    ) -> None:
        name = field(steps)
        if len(self._found) >= MOST:
            if severity == "warning":
                return
            raise TooManyError
        self._found.setdefault(
            (name, message), Problem(self._path, *position, name, message, severity)
        )


def field(steps: Iterable[Step]) -> str:
    """Write the way to a value as people do: ``steps[1].targets[0].at_least``."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{shorten(step)}" if text else shorten(step)
    return text


def shorten(text: str, length: int = 60) -> str:
    """Cut a long text, so that a message stays one readable line."""
    text = printable(" ".join(text[: 4 * length].split()))
    return text if len(text) <= length else text[: length - 1] + "…"


def printable(text: str) -> str:
    """Replace what a terminal should not be told; a file's name may hold anything."""
    return "".join(each if each.isprintable() else "�" for each in text)


def quoted(value: object) -> str:
    """Name a found value in a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{shorten(value)}'"
        case list():
            return "a list"
        case Mapping():
            return "a block of fields"
        case _:
            return shorten(str(value))


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most like ``word``, if any is like it at all.

    One that ``word`` is a part of is like it: people leave out what seems to go without saying.
    """
    by_fold = {each.casefold(): each for each in allowed}
    folded = word[:80].casefold()
    close = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    parts = set(re.split(r"[-_ ]+", folded)) - {""}
    close = close or [each for each in by_fold if parts & set(re.split(r"[-_ ]+", each))]
    return by_fold[close[0]] if close else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" or nothing."""
    close = nearest(word, allowed)
    return f"; did you mean {quoted(close)}?" if close else ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """Join words for a sentence: "a, b or c"."""
    words = list(words)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
