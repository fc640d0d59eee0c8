"""YAML text to plain data that remembers where each value stands.

A definition may come from anybody, so only the harmless half of YAML is read: maps, lists,
texts, numbers, true and false, as YAML 1.2 writes them. ``no``, ``off``, ``1:30`` and dates
are texts here (YAML 1.1 would make booleans, seconds and dates of them). Everything that can
do harm or surprise is refused with a sentence: tags, anchors and aliases, merge keys, several
documents, deep nesting, large files, control characters.

It is built on PyYAML's events rather than on its loaders: events carry the position of each
value, and nothing is built before it is known to be harmless.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LARGEST_BYTES = 256 * 1024
"""A definition is some kilobytes; beyond this it is something else."""
DEEPEST = 30
"""Levels of nesting; the schema itself needs 8."""
_TOO_DEEP = f"nested more than {DEEPEST} levels deep"

Step = str | int
"""One step of the way to a value: a key of a map or an index of a list."""
Plain = str | int | float | bool | None | list[Any] | dict[str, Any]
Position = tuple[int, int]
"""Line and column, counted from 1."""

_Parser: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 30
"""Letters: no number of degrees or seconds takes so many, and thousands would take long to read."""
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]"  # control characters, halves of pairs
)
_LINE_BREAKS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})


class UnreadableError(Exception):
    """The text cannot be read at all.

    Attributes:
        line, column: where, counted from 1; 0 where the whole file is meant.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that could be read but is not allowed."""

    steps: tuple[Step, ...]
    position: Position
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where.

    Attributes:
        data: maps, lists, texts, numbers and booleans; None where a value is empty.
        flaws: values that are not allowed; ``data`` has the nearest allowed thing there.
    """

    data: Plain = None
    flaws: tuple[Flaw, ...] = ()
    _keys: Mapping[tuple[Step, ...], Position] = field(default_factory=dict)
    _values: Mapping[tuple[Step, ...], Position] = field(default_factory=dict)

    def place(self, steps: tuple[Step, ...], *, key: bool = False) -> Position:
        """Return line and column of a value (or its key), or of what it is missing from."""
        if key and steps in self._keys:
            return self._keys[steps]
        for end in range(len(steps), -1, -1):
            if steps[:end] in self._values:
                return self._values[steps[:end]]
        return 0, 0


def read_text(path: Path) -> str:
    """Return the text of a definition file.

    Raises:
        UnreadableError: it is not a readable, small file of UTF-8 text.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before opening: to open a device can act
            raise UnreadableError(f"{_kind(path)}, not a definition file")
        # Not to wait where the path has become a pipe between the two looks.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableError("not a file; give a definition file")
            raw = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableError("there is no such file; check the spelling of the path") from None
    except PermissionError:
        raise UnreadableError("may not be read by you; change its permissions") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a possible path"
        raise UnreadableError(f"cannot be opened ({reason})") from None
    if len(raw) > LARGEST_BYTES:
        raise UnreadableError(
            f"is larger than {LARGEST_BYTES // 1024} KB; a definition is some kilobytes of text"
        )
    return _decode(raw)


def _kind(path: Path) -> str:
    return "is a folder" if path.is_dir() else "is a device or pipe"


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")  # editors on Windows put a mark in front
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            "is not UTF-8 text; save it as UTF-8 in your editor", line, 1
        ) from None


def parse(text: str, parser: type = _Parser) -> Document:
    """Read one YAML document.

    Args:
        text: what the file holds.
        parser: PyYAML's loader class whose events are read.

    Raises:
        UnreadableError: it is not YAML, or uses what is refused.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_BREAKS)
    _refuse_characters(text)
    loader = parser(text)
    try:
        return _Builder(_events(loader), text.count("\n") + 1).document()
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        # The pure parser lets impossible escapes like "\UFFFFFFFF" through to chr().
        raise UnreadableError("is not YAML that can be read; see exercises/README.md") from None
    finally:
        loader.dispose()


def _refuse_characters(text: str) -> None:
    found = _FORBIDDEN.search(text)
    if found is None:
        return
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    if found.group() == "\t":
        raise UnreadableError("a tab stands here; use spaces", line, column)
    raise UnreadableError(
        f"a control character stands here (U+{ord(found.group()):04X}); delete it", line, column
    )


def _events(loader: Any) -> Iterator[yaml.Event]:
    while loader.check_event():
        yield loader.get_event()


# The commonest mistakes, in the words of somebody who has never programmed. The keys are
# parts of the parsers' own messages (libyaml's and the pure parser's).
_EXPLAINED = (
    (
        "mapping values are not allowed",
        "a colon stands where none is expected: put quotes around a text with a colon in it, "
        "and look at the spaces in front of this line and the one above",
    ),
    ("could not find expected ':'", "a colon is missing after the name of the field"),
    ("did not find expected ',' or", "a comma or a closing bracket is missing"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    (
        "did not find expected key",
        "a field is expected here: look at the spaces in front of this line, and at quotes",
    ),
    (
        "did not find expected '-' indicator",
        "a list entry ('- ') is expected here: look at the spaces in front of this line",
    ),
    (
        "expected <block end>",
        "a field or list entry is expected here: look at the spaces in front of this line",
    ),
    (
        "sequence entries are not allowed",
        "a list entry ('- ') cannot stand here: begin it on a line of its own",
    ),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("unknown escape", "put texts with a backslash in single quotes"),
    ("cannot start any token", "a text cannot begin with this character: put quotes around it"),
    ("expected alphabetic or numeric", "a text that begins with * or & needs quotes around it"),
    # libyaml's own limit, where a newer one has it, is met before ours is counted.
    ("nesting depth", _TOO_DEEP),
)


_NOTICED_LATE = ("unexpected end of stream", "could not find expected ':'")
"""What the parser notices only after what is wrong."""


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> UnreadableError:
    mark = error.problem_mark or error.context_mark
    said = f"{error.problem or ''} {error.context or ''}"
    for part, explained in _EXPLAINED:
        if part in said:
            message = explained
            break
    else:
        message = f"this is not YAML ({' '.join(said.split())[:100]})"
    if error.context_mark is not None and any(each in said for each in _NOTICED_LATE):
        mark = error.context_mark
    if mark is None:
        return UnreadableError(message)
    last = text.count("\n") + 1
    if mark.line >= last:  # the end of the text counts as a line of its own
        return UnreadableError(message, last, len(text) - text.rfind("\n"))
    return UnreadableError(message, mark.line + 1, mark.column + 1)


class _Builder:
    """Builds the data of one document from parser events."""

    def __init__(self, events: Iterator[yaml.Event], last_line: int) -> None:
        self._events = events
        self._last_line = last_line
        self._flaws: list[Flaw] = []
        self._keys: dict[tuple[Step, ...], Position] = {}
        self._values: dict[tuple[Step, ...], Position] = {}

    def document(self) -> Document:
        data: Plain = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refusal(event, "a second document begins; write one exercise a file")
                data = self._value(next(self._events), ())
        if data is None:
            raise UnreadableError("is empty; `posecoach exercises new ID` writes one to begin with")
        return Document(data, tuple(self._flaws), self._keys, self._values)

    def _value(self, event: yaml.Event, steps: tuple[Step, ...]) -> Plain:
        self._refuse(event)
        self._values[steps] = self._position(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, steps)
        if len(steps) >= DEEPEST:
            raise _refusal(event, _TOO_DEEP)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(steps)
        return self._map(steps)

    def _list(self, steps: tuple[Step, ...]) -> list[Any]:
        entries: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            entries.append(self._value(event, (*steps, len(entries))))
        return entries

    def _map(self, steps: tuple[Step, ...]) -> dict[str, object]:
        entries: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self._refuse(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _refusal(event, "the name of a field must be a plain word")
            key = event.value
            here = (*steps, key)
            if _FORBIDDEN.search(key.replace("\n", "")):
                raise _refusal(event, "the name of a field must be a plain word")
            if key == "<<":
                raise _refusal(event, "merge keys ('<<') are not allowed; write the fields out")
            if key in entries:
                first = self._keys[here][0]
                self._flaw(event, here, f"given twice, first in line {first}; leave one")
                known = self._keys[here], self._values[here]
                self._value(next(self._events), here)
                self._keys[here], self._values[here] = known
                continue
            self._keys[here] = self._position(event)
            entries[key] = self._value(next(self._events), here)
        return entries

    def _scalar(self, event: yaml.ScalarEvent, steps: tuple[Step, ...]) -> Plain:
        text: str = event.value
        if event.style:  # in quotes, or a block of text
            if _FORBIDDEN.search(text.replace("\n", "")):
                self._flaw(event, steps, "a control character is written in this text; delete it")
                return _FORBIDDEN.sub(" ", text)
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            # An empty value may seem to stand in a later line; its key does not.
            place = self._keys.get(steps)
            self._flaw(event, steps, "has no value; write one, or delete the line", place)
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if _NO_NUMBER.fullmatch(text):
            self._flaw(event, steps, f"found '{text}'; give a number")
            return None
        if _NUMBER.fullmatch(text):
            return self._number(event, text, steps)
        return text

    def _number(self, event: yaml.ScalarEvent, text: str, steps: tuple[Step, ...]) -> Plain:
        value = math.inf
        if len(text) <= _LONGEST_NUMBER:
            value = int(text) if _WHOLE.fullmatch(text) else float(text)
        if math.isinf(value):
            self._flaw(event, steps, "the number is too large; give a smaller one")
            return None
        return value

    def _refuse(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(event, "aliases ('*name') are not allowed; write the value out")
        if getattr(event, "anchor", None) is not None:
            raise _refusal(event, "anchors ('&name') are not allowed; put quotes around the text")
        if getattr(event, "tag", None) is not None:
            raise _refusal(event, "tags ('!name') are not allowed; put quotes around the text")

    def _position(self, event: yaml.Event) -> Position:
        line, column = _position(event)
        return min(line, self._last_line), column

    def _flaw(
        self,
        event: yaml.Event,
        steps: tuple[Step, ...],
        message: str,
        position: Position | None = None,
    ) -> None:
        self._flaws.append(Flaw(steps, position or self._position(event), message))


def _position(event: yaml.Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _refusal(event: yaml.Event, message: str) -> UnreadableError:
    return UnreadableError(message, *_position(event))
