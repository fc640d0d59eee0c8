"""What does not need the model: definitions, coaching again, lists and reports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from posecoach.data import data_dir
from posecoach.exercise.library import Folder, Library, definition_files

COUNT = 500


def kept() -> str:
    """The figures of loading definitions, and what the store's and report's benchmarks say."""
    parts = [definitions(COUNT)]
    for module in ("benchmarks.store", "benchmarks.report"):
        ended = subprocess.run(
            [sys.executable, "-m", module],
            cwd=Path(__file__).resolve().parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        parts.append(f"`python -m {module}`:\n\n```\n{ended.stdout.rstrip()}\n```\n")
    return "\n".join(parts)


def definitions(count: int) -> str:
    """Load many definitions, each checked in full."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        originals = definition_files(data_dir("exercises"))
        for number in range(count):
            path = originals[number % len(originals)]
            name = f"{path.stem}-{number}"
            text = path.read_text("utf-8").replace(f"id: {path.stem}\n", f"id: {name}\n", 1)
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        began = time.process_time()
        library = Library([Folder(folder, "benchmark")])
        ids = library.ids()
        listed = time.process_time() - began
        for id_ in ids:
            library.find(id_)
        loaded = time.process_time() - began - listed
    return (
        f"{len(ids)} definitions: listed in {listed:.3f} s, read and checked in {loaded:.2f} s of "
        f"CPU, {1e3 * loaded / len(ids):.1f} ms each; a session reads one.\n"
    )
