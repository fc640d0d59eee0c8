"""Speech through the system's own voices, one process a sentence.

A process can be killed in the middle of a word, which is how a safety cue cuts a running
sentence on every system alike. Speech libraries (pyttsx3) run an event loop of their own
that cannot be stopped so surely, and need the same programs below them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Protocol

from posecoach.errors import MachineError


class Speech(Protocol):
    """A sentence being said."""

    def done(self) -> bool:
        """Whether it is over."""

    def problem(self) -> str:
        """Once it is over: what went wrong, empty where it was said."""

    def stop(self) -> None:
        """Cut it now."""


class Speaker(Protocol):
    """Something that can say a sentence."""

    def start(self, text: str) -> Speech:
        """Begin to say ``text`` and return at once.

        Raises:
            OSError: it cannot be begun.
        """

    def close(self) -> None:
        """Let go of the system."""


@dataclass(frozen=True)
class Command:
    """How a system's speech program is used.

    Attributes:
        speak: the program and its options; it reads the sentence from its input.
        cancel: a command to run when a sentence is cut, for programs that hand their
            sentence to a service and would leave it speaking; () where killing is enough.
        as_argument: whether the sentence is the last argument instead.
    """

    speak: tuple[str, ...]
    cancel: tuple[str, ...] = ()
    as_argument: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(("say",)),  # macOS
    Command(("espeak-ng", "--stdin")),
    Command(("espeak", "--stdin")),
    Command(("spd-say", "--wait", "--"), ("spd-say", "--cancel"), as_argument=True),
)

WINDOWS: tuple[str, ...] = (
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; "
    "$voice = New-Object -ComObject SAPI.SpVoice; "
    "while (($line = [Console]::In.ReadLine()) -ne $null) "
    "{ [void]$voice.Speak($line); [Console]::Out.WriteLine('.') }",
)
"""Windows: PowerShell takes half a second to start, so one is kept and fed line by line."""


def find_speaker() -> Speaker:
    """The speaker of this system.

    Raises:
        MachineError: it has none; the sentence says how to get one.
    """
    if sys.platform == "win32":
        if shutil.which(WINDOWS[0]):
            return LineSpeaker(WINDOWS)
        raise MachineError("There is no voice: PowerShell, which speaks on Windows, is missing.")
    for command in COMMANDS:
        if shutil.which(command.speak[0]):
            return CommandSpeaker(command)
    raise MachineError(
        "There is no voice on this machine: install espeak-ng (Debian and Ubuntu: "
        "apt install espeak-ng) or run with --mute."
    )


class CommandSpeaker:
    """Runs a program for each sentence."""

    def __init__(self, command: Command) -> None:
        self._command = command

    def start(self, text: str) -> Speech:
        """Begin to say ``text``; see ``Speaker``."""
        return _Process(self._command, plain(text))

    def close(self) -> None:
        """Nothing is kept between sentences."""


class _Process:
    def __init__(self, command: Command, text: str) -> None:
        self._command = command
        arguments = [*command.speak, *([text] if command.as_argument else [])]
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._said: list[str] = []
        # The complaints are read as they come, so that a talkative program cannot block.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if self._process.stdin is not None:
            try:
                if not command.as_argument:
                    self._process.stdin.write(text + "\n")
                self._process.stdin.close()
            except BrokenPipeError:  # it ended at once; problem() tells why
                pass

    def _read(self) -> None:
        if self._process.stderr is not None:
            with self._process.stderr as complaints:
                self._said = complaints.read(10_000).splitlines()

    def done(self) -> bool:
        return self._process.poll() is not None

    def problem(self) -> str:
        if self._process.poll() is None:
            return ""
        self._reader.join(timeout=1)
        # espeak-ng ends with success where there is no sound device, but says so.
        errors = [line for line in self._said if line.lower().startswith("error")]
        if self._process.returncode not in (0, None) or errors:
            return (errors or self._said or [f"exit code {self._process.returncode}"])[-1]
        return ""

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._command.cancel:
            subprocess.run(self._command.cancel, capture_output=True, timeout=2, check=False)


class LineSpeaker:
    """Keeps one program that says each line of its input and answers with a line."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[str] | None = None
        self._open()

    def start(self, text: str) -> Speech:
        """Begin to say ``text``; see ``Speaker``."""
        process = self._open()
        if process.stdin is None or process.stdout is None:
            raise OSError("the voice's program has no input")
        process.stdin.write(plain(text) + "\n")
        process.stdin.flush()
        return _Line(process)

    def _open(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        return self._process

    def close(self) -> None:
        """End the program."""
        if self._process is not None:
            _end(self._process)
            self._process = None


class _Line:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer = ""
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stdout: IO[str] | None) -> None:
        try:
            self._answer = stdout.readline() if stdout is not None else ""
        except ValueError:  # closed while it was cut
            self._answer = ""
        self._over.set()

    def done(self) -> bool:
        return self._over.is_set()

    def problem(self) -> str:
        if not self._over.is_set() or self._answer:
            return ""
        return "its program ended"

    def stop(self) -> None:
        _end(self._process)
        self._reader.join(timeout=1)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue


def plain(text: str) -> str:
    """One line, with the signs a voice would stumble over written out."""
    text = re.sub(r"(?<![\d.])1 ?°", "1 degree", text)
    text = re.sub(r"(\d) s\b", r"\1 seconds", text)
    text = re.sub(r"(?<=\d) ?– ?(?=\d)", " to ", text)
    text = re.sub(r" ?– ?", ", ", text)
    words = {"°": " degrees", "→": "to", "’": "'", "−": "minus ", "%": " percent"}
    for sign, word in words.items():
        text = text.replace(sign, word)
    return " ".join(text.split())
