"""Broken video files through the installed ``posecoach analyze`` command.

Good clips are made of the bundled one (other codecs, sizes, rates, turned on their side) and
then cut, bit-flipped, emptied or given another name.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from posecoach.data import data_dir

PATIENCE_S = 600.0
"""Longer than any of these may take on a busy machine."""


def trial(random: Random) -> str:
    """Analyze one broken file."""
    make = random.choice(MAKERS)
    with tempfile.TemporaryDirectory() as folder:
        return f"{make.__name__.strip('_')}: {analyzed(make(Path(folder), random))}"


def analyzed(file: Path) -> str:
    """Run the command on a file and judge how it ends; returns how."""
    output = file.with_name("result.json")
    command = [sys.executable, "-m", "posecoach", "analyze", str(file)]
    command += ["--exercise", "wall-stretch", "--json", str(output)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=_alone()
    )
    told = f"{file.name}: exit code {ended.returncode}, said {ended.stderr[-600:]!r}"
    assert "Traceback" not in ended.stderr, told
    assert ended.returncode in (0, 2), told
    left = {path.name for path in file.parent.iterdir()} - {file.name, output.name}
    assert not left, f"{told}, left {left}"
    if ended.returncode == 2:
        sentences = ended.stderr.strip().splitlines()
        assert len(sentences) == 1, told
        assert sentences[0].startswith("posecoach: "), told
        assert not output.exists(), f"{told}, and wrote a result"
        return "refused in a sentence"
    result = json.loads(output.read_text("utf-8"))
    assert result["frames"] >= 1, told
    assert not ended.stderr.strip(), told
    cut = any("cut off" in note for note in result["notes"])
    return "cut off, and said so" if cut else "coached"


def _alone() -> dict[str, str]:
    """The environment, without what could change how the command behaves."""
    return {key: value for key, value in os.environ.items() if not key.startswith("OPENCV")}


@cache
def _pictures() -> tuple[Any, ...]:
    import cv2

    capture = cv2.VideoCapture(str(data_dir("demo") / "wall-stretch.mp4"))
    pictures = [capture.read()[1] for _ in range(40)]
    capture.release()
    return tuple(pictures)


def written(
    path: Path,
    frames: int = 24,
    size: tuple[int, int] = (320, 240),
    fps: float = 15,
    code: str = "mp4v",
) -> Path:
    """A whole video of the bundled clip's person."""
    import cv2

    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), fps, size)
    assert writer.isOpened(), f"{path.name} cannot be made"
    for number in range(frames):
        writer.write(cv2.resize(_pictures()[number % len(_pictures())], size))
    writer.release()
    return path


def _some_video(folder: Path, random: Random) -> Path:
    kind = random.choice(("mp4", "avi", "clip"))
    path = folder / f"video.{'mp4' if kind == 'clip' else kind}"
    if kind == "clip":
        return Path(shutil.copy(data_dir("demo") / "wall-stretch.mp4", path))
    return written(path, code="MJPG" if kind == "avi" else "mp4v")


def truncated(folder: Path, random: Random) -> Path:
    """Only the beginning is left."""
    path = _some_video(folder, random)
    raw = path.read_bytes()
    path.write_bytes(raw[: random.choice((1, 7, 40, 500, len(raw) // 2, len(raw) - 100))])
    return path


def bits_flipped(folder: Path, random: Random) -> Path:
    """Some bits are wrong: in the header, or anywhere."""
    path = _some_video(folder, random)
    raw = bytearray(path.read_bytes())
    within = random.choice((64, 2000, len(raw), len(raw)))
    for _ in range(random.choice((1, 3, 30, 1000))):
        # From the end too: MP4 files keep their index there.
        at = random.randrange(min(within, len(raw)))
        raw[at if random.random() < 0.5 else -1 - at] ^= 1 << random.randrange(8)
    path.write_bytes(raw)
    return path


def a_hole(folder: Path, random: Random) -> Path:
    """A piece is zeros, or missing, as a failing disk leaves it."""
    path = _some_video(folder, random)
    raw = path.read_bytes()
    at, length = random.randrange(len(raw)), random.choice((100, 5000, 50_000))
    filling = random.choice((b"", b"\0" * len(raw[at : at + length])))
    path.write_bytes(raw[:at] + filling + raw[at + length :])
    return path


def zero_length(folder: Path, random: Random) -> Path:
    """Nothing in it."""
    path = folder / "empty.mp4"
    path.touch()
    return path


def noise(folder: Path, random: Random) -> Path:
    """Random bytes, some behind the beginning of a real file."""
    path = folder / "noise.mp4"
    start = random.choice((b"", (data_dir("demo") / "wall-stretch.mp4").read_bytes()[:40]))
    path.write_bytes(start + random.randbytes(random.choice((10, 5000, 200_000))))
    return path


def wrong_extension(folder: Path, random: Random) -> Path:
    """A video by another name, or something else by a video's."""
    if random.random() < 0.5:
        path = _some_video(folder, random)
        return path.rename(path.with_suffix(random.choice((".txt", ".jpg", ".MOV", ".webm", ""))))
    path = folder / random.choice(("text.mp4", "text.avi", "picture.mp4"))
    if path.stem == "picture":
        import cv2

        path.write_bytes(cv2.imencode(".png", _pictures()[0])[1].tobytes())
    else:
        path.write_text("This is no video.\n" * 50)
    return path


def rotated(folder: Path, random: Random) -> Path:
    """A phone's portrait video: turned by what its header says."""
    path = written(folder / "portrait.mp4")
    raw = bytearray(path.read_bytes())
    matrix = raw.index(b"tkhd") + 4 + 40  # ISO 14496-12, track header box of version 0
    one = 0x10000
    turns = ((0, one, -one, 0), (-one, 0, 0, -one), (0, -one, one, 0), (one, one, 7, 0))
    a, b, c, d = random.choice(turns)
    raw[matrix : matrix + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(raw)
    return path


def tiny(folder: Path, random: Random) -> Path:
    """One pixel, or a line of them."""
    size = random.choice(((1, 1), (2, 2), (640, 2), (3, 401)))
    return written(folder / "tiny.avi", 6, size, code="FFV1")


def huge(folder: Path, random: Random) -> Path:
    """8K."""
    return written(folder / "huge.avi", 2, (7680, 4320), code="MJPG")


def one_frame(folder: Path, random: Random) -> Path:
    """Over as soon as it has begun."""
    return written(folder / "one.mp4", 1)


def slow(folder: Path, random: Random) -> Path:
    """One frame a second."""
    return written(folder / "slow.mp4", 12, fps=1)


def fast(folder: Path, random: Random) -> Path:
    """240 frames a second."""
    return written(folder / "fast.mp4", 120, fps=240)


MAKERS: tuple[Callable[[Path, Random], Path], ...] = (
    truncated,
    truncated,
    bits_flipped,
    bits_flipped,
    bits_flipped,
    a_hole,
    zero_length,
    noise,
    wrong_extension,
    rotated,
    tiny,
    huge,
    one_frame,
    slow,
    fast,
)
