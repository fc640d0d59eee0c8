"""A run: what stands in its way is told, waited for, and nothing is lost or counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from posecoach.clinic import run as module
from posecoach.clinic.crew import Done
from posecoach.clinic.found import Wanted
from posecoach.clinic.job import Job
from posecoach.clinic.results import Results
from posecoach.clinic.run import Run, Standing
from posecoach.clinic.task import Outcome, Task, failed
from posecoach.errors import OutputError, PoseCoachError, SourceError
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan

PLAN = make_plan(standard_library().find("wall-stretch"))


def _tasks(root: Path, count: int) -> list[Task]:
    known = {"definition": "ab", "posecoach": "1"}
    return [
        Task(Wanted(str(root / f"{n}.mp4"), str(root)), Job(f"{n}.mp4", PLAN, Path()), known, {})
        for n in range(count)
    ]


class _Crew:
    """Fails every recording in a sentence; those of a share that is gone are away."""

    def __init__(self, gone: int = 0) -> None:
        self.gone = gone
        self.rounds = 0

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
        self.rounds += 1
        for number, task in enumerate(tasks):
            if self.rounds <= self.gone and number % 2:
                yield task, Outcome(away=task.wanted.root)
            else:
                yield task, failed(task, "It is damaged.")


def _files(folder: Path) -> list[str]:
    names: list[str] = parquet.read_table(folder / "recordings")["file"].to_pylist()
    return sorted(Path(name).name for name in names)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.0)


def test_a_share_that_goes_away_for_a_while_is_waited_for(tmp_path: Path) -> None:
    tasks, crew, told = _tasks(tmp_path, 9), _Crew(gone=2), list[Standing]()
    with Results(tmp_path / "out.parquet", {}) as results:
        standing = Run(results, told.append).carry_out(tasks, crew)
    assert (standing.done, standing.failed, standing.total) == (9, 9, 9)
    assert crew.rounds == 3
    assert any("is not there at the moment" in each.problem for each in told)
    assert _files(tmp_path / "out.parquet") == [f"{n}.mp4" for n in range(9)]


def test_a_share_that_stays_away_leaves_its_recordings_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AWAY_S", 0.0)
    with (
        Results(tmp_path / "out.parquet", {}) as results,
        pytest.raises(SourceError, match="4 recordings could not be reached"),
    ):
        Run(results, lambda _: None).carry_out(_tasks(tmp_path, 9), _Crew(gone=99))
    assert _files(tmp_path / "out.parquet") == [f"{n}.mp4" for n in range(0, 9, 2)]


def test_who_may_not_coach_ends_the_run_in_a_sentence(tmp_path: Path) -> None:
    class Refusing(_Crew):
        def outcomes(self, tasks: Iterable[Task]) -> Iterator[Done]:
            first, second, *_ = tasks
            yield first, failed(first, "It is damaged.")
            yield second, Outcome(refused="The worker has another version.")

    with (
        Results(tmp_path / "out.parquet", {}) as results,
        pytest.raises(PoseCoachError, match="another version"),
    ):
        Run(results, lambda _: None).carry_out(_tasks(tmp_path, 5), Refusing())
    assert _files(tmp_path / "out.parquet") == ["0.mp4"]


def test_a_full_disk_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_FIRST_S", 0.0)
    told: list[Standing] = []
    with Results(tmp_path / "out.parquet", {}) as results:
        write, refused = results.write, iter([True] * 3)

        def full() -> None:
            if results.waiting and next(refused, False):
                raise OutputError("The disk is full.")
            write()

        monkeypatch.setattr(results, "write", full)
        Run(results, told.append).carry_out(_tasks(tmp_path, 6), _Crew())
    assert "The disk is full." in {each.problem for each in told}
    assert told[-1].problem == ""
    assert _files(tmp_path / "out.parquet") == [f"{n}.mp4" for n in range(6)]


def test_a_disk_that_stays_full_is_an_error_and_the_rest_is_done_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OutputError("The disk is full.")

    with Results(tmp_path / "out.parquet", {}) as results:
        monkeypatch.setattr(results, "write", full)
        with pytest.raises(OutputError, match="start again for the rest"):
            Run(results, lambda _: None).carry_out(_tasks(tmp_path, 3), _Crew())
    with Results(tmp_path / "out.parquet", {}) as results:
        assert not results.done
