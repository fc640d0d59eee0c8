"""What long computations have come to, kept under what it was made of.

A derivation takes an hour of one core. Where a folder is given, each file's rows and each network
are kept there, so that a run that was ended goes on, and one after a change does again only what
the change reaches. The name of a file tells what it was made of (input, seed, source text), so
nothing stale is ever taken.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Given = TypeVar("Given")
Made = TypeVar("Made")
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Stages:
    """Keeps arrays.

    Attributes:
        folder: where; None to keep nothing.
    """

    folder: Path | None = None

    def arrays(
        self, name: str, made_of: Iterable[bytes], make: Callable[[], Arrays]
    ) -> dict[str, NDArray[Any]]:
        """Return what was kept, else make it and keep it.

        Args:
            name: the beginning of the file's name.
            made_of: all that the result depends on.
            make: makes it.
        """
        if self.folder is None:
            return dict(make())
        digest = hashlib.sha256(b"\0".join(hashlib.sha256(each).digest() for each in made_of))
        path = self.folder / f"{name}-{digest.hexdigest()[:16]}.npz"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(f".{os.getpid()}.half")
            with half.open("wb") as file:
                np.savez(file, **make())  # type: ignore[arg-type]
            half.replace(path)  # whoever is ended in between leaves nothing that looks whole
        with np.load(path) as data:
            return {key: data[key] for key in data.files}


def sources(*places: str) -> bytes:
    """Return the source text of files and folders of this repository, as one."""
    paths = (
        path
        for place in places
        for path in (
            [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).glob("*.py"))
        )
    )
    return b"\0".join(path.read_bytes() for path in paths)


def mapped(work: Callable[[Given], Made], tasks: Sequence[Given], jobs: int) -> list[Made]:
    """Return what comes of each task, some processes at a time."""
    if jobs == 1:
        return [work(task) for task in tasks]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(work, tasks))
