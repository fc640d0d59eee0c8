"""A derivation that is ended goes on where it was, and takes nothing that is stale."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.instrument.stages import Stages, mapped, sources


class EndedError(Exception):
    """Somebody ended the run."""


def test_what_was_made_of_the_same_is_made_once_and_else_anew(tmp_path: Path) -> None:
    stages, made = Stages(tmp_path / "stages"), []

    def make() -> Mapping[str, NDArray[Any]]:
        made.append(1)
        return {"numbers": np.arange(3.0) + len(made), "words": np.array(["a", "bc"])}

    first = stages.arrays("rows", [b"file", b"code"], make)
    again = stages.arrays("rows", [b"file", b"code"], make)
    assert (first["numbers"] == again["numbers"]).all()
    assert again["words"].tolist() == ["a", "bc"]
    assert len(made) == 1
    for other in ([b"file", b"new code"], [b"filecode"], [b"code", b"file"]):
        stages.arrays("rows", other, make)
    assert len(made) == 4


def test_a_stage_that_was_ended_is_made_again(tmp_path: Path) -> None:
    stages = Stages(tmp_path)

    def ended() -> Mapping[str, NDArray[Any]]:
        raise EndedError

    with pytest.raises(EndedError):
        stages.arrays("rows", [b"file"], ended)
    made = stages.arrays("rows", [b"file"], lambda: {"numbers": np.ones(2)})
    assert made["numbers"].tolist() == [1.0, 1.0]


def test_without_a_folder_nothing_is_kept() -> None:
    for number in (1.0, 2.0):
        made = Stages().arrays("rows", [b"file"], partial(_full, number))
        assert made["n"].tolist() == [number]


def _full(number: float) -> Mapping[str, NDArray[Any]]:
    return {"n": np.full(1, number)}


def test_sources_are_those_named() -> None:
    own = "benchmarks/instrument/stages.py"
    assert b"What long computations have come to" in sources(own)
    assert sources(own) in sources("benchmarks/instrument")


def _double(number: int) -> int:
    return 2 * number


def test_processes_make_no_difference() -> None:
    assert mapped(_double, [3, 1, 2], 1) == mapped(_double, [3, 1, 2], 2) == [6, 2, 4]
