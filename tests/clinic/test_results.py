"""The tables on the disk: each recording once, whatever happens on the way."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.clinic import results as module
from posecoach.clinic.found import Wanted
from posecoach.clinic.results import Results
from posecoach.clinic.tables import COLUMNS, NAMES
from posecoach.clinic.task import Outcome
from posecoach.errors import OutputError
from posecoach.writing import whole_file

ABOUT: dict[str, Any] = {"PoseCoach": "1", "definitions": {"cat-cow": "ab"}}


def _outcome(file: str, faults: int = 1) -> Outcome:
    whose = {"file": file, "exercise": "cat-cow", "person": "", "definition": "ab"}
    recording = whose | {"profile": "", "hold_s": None, "coached": True, "notes": ["A word."]}
    fault = whose | {"fault": "head-still", "side": "both", "start_s": 1.0, "end_s": 2.0}
    return Outcome(
        {"recordings": [recording], "repetitions": [], "holds": [], "faults": [fault] * faults}
    )


def _files(folder: Path, table: str) -> list[str]:
    found: list[str] = parquet.read_table(folder / table)["file"].to_pylist()
    return found


def test_an_empty_run_has_four_tables_with_all_columns(tmp_path: Path) -> None:
    with Results(tmp_path / "out.parquet", ABOUT):
        pass
    for name in NAMES:
        table = parquet.read_table(tmp_path / "out.parquet" / name)
        assert table.num_rows == 0
        assert table.column_names == list(COLUMNS[name])


def test_what_is_there_is_known_again(tmp_path: Path) -> None:
    folder = tmp_path / "out.parquet"
    with Results(folder, ABOUT) as results:
        results.add(_outcome("/a.mp4"))
        results.write()
    with Results(folder, ABOUT) as results:
        assert results.check(Wanted("/a.mp4", "/"), "cat-cow")
        assert not results.check(Wanted("/b.mp4", "/"), "cat-cow")
        with pytest.raises(OutputError, match=r"/a\.mp4 is in"):
            results.check(Wanted("/a.mp4", "/", hold_s=3.0), "cat-cow")


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"PoseCoach": "2"}, "another value of PoseCoach"),
        ({"definitions": {"cat-cow": "cd"}}, "the definition of cat-cow"),
    ],
)
def test_a_run_begun_otherwise_is_refused(
    tmp_path: Path, about: dict[str, Any], words: str
) -> None:
    with Results(tmp_path / "out.parquet", ABOUT):
        pass
    with pytest.raises(OutputError, match=words):
        Results(tmp_path / "out.parquet", ABOUT | about)


def test_another_exercise_may_come_later(tmp_path: Path) -> None:
    with Results(tmp_path / "out.parquet", ABOUT):
        pass
    with Results(tmp_path / "out.parquet", ABOUT | {"definitions": {"wall-stretch": "ef"}}):
        pass
    with pytest.raises(OutputError, match="the definition of cat-cow"):
        Results(tmp_path / "out.parquet", ABOUT | {"definitions": {"cat-cow": "cd"}})


def test_two_commands_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with (
        Results(tmp_path / "out.parquet", ABOUT),
        pytest.raises(OutputError, match="Another command"),
    ):
        Results(tmp_path / "out.parquet", ABOUT)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("dear", "utf-8")
    with pytest.raises(OutputError, match="something else"):
        Results(tmp_path, ABOUT)
    with pytest.raises(OutputError, match="is a file"):
        Results(tmp_path / "mine.txt", ABOUT)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


class _Killed(BaseException):
    """As a process that is ended: nothing is tidied up."""


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
    st.integers(0, 12),
    st.booleans(),
)
def test_broken_off_at_any_write_each_recording_is_in_all_tables_or_in_none(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], at: int, killed: bool
) -> None:
    folder = tmp_path_factory.mktemp("run") / "out.parquet"
    files = [f"/{number}.mp4" for number in range(sum(sizes))]
    writes = 0

    @contextmanager
    def breaking(path: Path) -> Iterator[IO[bytes]]:
        nonlocal writes
        writes += 1
        if writes == at + 5:  # the first four make the tables
            if killed:
                raise _Killed
            raise OutputError("The disk is full.") from OSError(errno.ENOSPC, "full")
        with whole_file(path) as file:
            yield file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "whole_file", breaking)
        with Results(folder, ABOUT) as results:
            remaining = iter(files)
            try:
                for size in sizes:
                    for _ in range(size):
                        results.add(_outcome(next(remaining)))
                    try:
                        results.write()
                    except OutputError:
                        results.write()  # what was refused waits, and is written when it can be
            except _Killed:
                pass
    with Results(folder, ABOUT) as results:
        there = set(results.done)
        assert sorted(_files(folder, "faults")) == sorted(there)
        for file in files:
            if not results.check(Wanted(file, "/"), "cat-cow"):
                results.add(_outcome(file))
        results.write()
    for table in ("recordings", "faults"):
        assert sorted(_files(folder, table)) == sorted(files)


def test_however_much_waits_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night in which the disk was full, of a machine that coaches quickly."""
    monkeypatch.setattr(module, "AT_ONCE", 1)
    with Results(tmp_path / "out.parquet", ABOUT) as results:
        monkeypatch.setattr(results, "_write_part", lambda *_: None)
        for number in range(2 * sys.getrecursionlimit()):
            results.add(_outcome(str(number)))
        results.write()
        assert results.waiting == 0
