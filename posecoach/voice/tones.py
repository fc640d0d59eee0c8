"""Short tones: synthesised, so that no sound file need be shipped.

Each is one or two soft notes: rising for reached, a chord's steps upward for held, falling
for lost. Played by the player every system has, as a process of its own, like the speech.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from types import ModuleType

import numpy as np

from posecoach.pose.pose import Floats
from posecoach.voice.script import Tone

RATE = 44_100
"""Samples a second."""

# (Hz, seconds) of each note: E5 to A5; A5, C#6, E6; E5 down to C5; A5 to E6 to A6.
NOTES: dict[Tone, tuple[tuple[float, float], ...]] = {
    "reached": ((659.3, 0.09), (880.0, 0.14)),
    "held": ((880.0, 0.09), (1108.7, 0.09), (1318.5, 0.22)),
    "lost": ((659.3, 0.12), (523.3, 0.2)),
    "done": ((880.0, 0.12), (1318.5, 0.12), (1760.0, 0.32)),
}

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
    ("play", "-q"),
)
"""PipeWire, PulseAudio, ALSA, macOS, SoX: the first one found plays."""


def samples(tone: Tone, loudness: float = 0.35) -> Floats:
    """A tone as (n,) samples in -1..1, fading in and out so that nothing clicks."""
    notes = []
    for hertz, seconds in NOTES[tone]:
        t = np.arange(int(RATE * seconds)) / RATE
        # A little of the octave makes a sine heard through small loudspeakers.
        note = np.sin(2 * np.pi * hertz * t) + 0.25 * np.sin(4 * np.pi * hertz * t)
        fade = np.minimum(1, np.minimum(t, t[::-1]) / 0.012) * np.exp(-2.5 * t / seconds)
        notes.append(note / 1.25 * fade)
    found: Floats = np.concatenate(notes) * loudness
    return found


def write_wave(tone: Tone, path: Path) -> None:
    """Write a tone as 16-bit mono WAV."""
    data = np.round(samples(tone) * 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data)


class Tones:
    """Plays tones; does nothing, quietly, where there is nothing to play with."""

    def __init__(self, player: tuple[str, ...] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="posecoach-tones-")
        self._player = find_player() if player is None else player
        self._running: subprocess.Popen[bytes] | None = None

    def play(self, tone: Tone) -> None:
        """Play ``tone`` now; a tone still playing is let go on."""
        path = Path(self._folder.name) / f"{tone}.wav"
        if not path.exists():
            write_wave(tone, path)
        if sys.platform == "win32":
            winsound: ModuleType = __import__("winsound")
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif self._player:
            if self._running is not None:
                self._running.poll()
            self._running = subprocess.Popen(
                [*self._player, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """Stop playing and remove the files."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            self._running.wait()
        self._folder.cleanup()


def find_player() -> tuple[str, ...]:
    """The command that plays a WAV file here, () where there is none."""
    return next((player for player in PLAYERS if shutil.which(player[0])), ())
