"""Who coaches: this process, some processes, a cluster; the same rows, whatever dies meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.clinic.about import difference, versions
from posecoach.clinic.cluster import Access, Cluster, is_here
from posecoach.clinic.crew import Alone, Crew, Pool
from posecoach.clinic.found import find
from posecoach.clinic.job import Job
from posecoach.clinic.task import Task
from posecoach.errors import MachineError
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from tests.helpers.short import short_recording

COUNT = 6


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> list[Task]:
    """Recordings of which one is empty, one damaged, and one is missing by now."""
    root = tmp_path_factory.mktemp("share")
    for number in range(COUNT):
        short_recording(root / f"{number}.mp4", number)
    (root / "empty.mp4").touch()
    (root / "damaged.mp4").write_bytes((root / "0.mp4").read_bytes()[:300])
    (root / "missing.mp4").touch()
    wanted = find([str(root)])
    (root / "missing.mp4").unlink()
    plan = make_plan(standard_library().find("wall-stretch"))
    known = {"definition": "ab", "posecoach": "1"}
    return [Task(each, Job(each.file, plan, bundle), known, versions()) for each in wanted]


@pytest.fixture(scope="module")
def alone(tasks: list[Task]) -> list[Any]:
    return _rows(Alone(), tasks)


@pytest.fixture(scope="module")
def cluster(bundle: Path) -> Iterator[Cluster]:
    with Cluster(Access("local"), bundle, jobs=2) as cluster:
        yield cluster


def _rows(crew: Crew, tasks: list[Task], after_first: Any = None) -> list[Any]:
    """All rows in the order of the files, without who made them and when."""
    rows = []
    for number, (_, outcome) in enumerate(crew.outcomes(tasks)):
        if number == 0 and after_first is not None:
            after_first()
        assert not outcome.away
        assert not outcome.refused
        rows.append({name: [dict(row) for row in each] for name, each in outcome.rows.items()})
    for each in rows:
        for column in ("worker", "seconds", "finished"):
            del each["recordings"][0][column]
    return sorted(rows, key=lambda each: str(each["recordings"][0]["file"]))


def test_each_recording_has_a_row_and_what_failed_its_sentence(alone: list[Any]) -> None:
    problems = {
        Path(each["recordings"][0]["file"]).stem: each["recordings"][0]["problem"] for each in alone
    }
    assert len(problems) == COUNT + 3
    assert "0 bytes" in problems.pop("empty")
    assert "not a video" in problems.pop("damaged")
    assert "no file" in problems.pop("missing")
    assert set(problems.values()) == {""}


def test_two_processes_come_to_the_same(tasks: list[Task], alone: list[Any]) -> None:
    assert _rows(Pool(2), tasks) == alone


def test_a_cluster_comes_to_the_same(tasks: list[Task], alone: list[Any], cluster: Cluster) -> None:
    assert _rows(cluster, tasks) == alone


@pytest.mark.skipif(os.name == "nt", reason="ends a process as the system would")
def test_a_worker_that_is_killed_leaves_nothing_undone(
    tasks: list[Task], alone: list[Any], cluster: Cluster
) -> None:
    killed = next(iter(cluster.client.run(os.getpid).values()))
    assert _rows(cluster, tasks, lambda: os.kill(killed, signal.SIGKILL)) == alone


def test_a_worker_of_another_version_is_refused(tasks: list[Task], cluster: Cluster) -> None:
    task = tasks[0]
    other = Task(task.wanted, task.job, task.known, {**task.versions, "MediaPipe": "0.1"})
    ((_, outcome),) = cluster.outcomes([other])
    assert "has MediaPipe in another version" in outcome.refused
    assert not outcome.rows


def test_a_share_that_is_gone_gives_no_row(tmp_path: Path, tasks: list[Task]) -> None:
    short_recording(tmp_path / "share" / "a.mp4")
    (wanted,) = find([str(tmp_path / "share")])
    (tmp_path / "share").rename(tmp_path / "elsewhere")
    task = tasks[0]
    job = Job(wanted.file, task.job.plan, task.job.bundle)
    ((_, outcome),) = Alone().outcomes([Task(wanted, job, task.known, task.versions)])
    assert outcome.away == str(tmp_path / "share")
    assert not outcome.rows


@pytest.mark.skipif(os.name == "nt", reason="ends a process as the system would")
def test_a_recording_that_ends_its_process_is_one_row(
    tasks: list[Task], alone: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the environment tells new processes, and not this one, ends them at one recording."""
    deadly = tasks[0]
    plugin = tmp_path / "sitecustomize.py"
    plugin.write_text(
        "import os, sys\n"
        "def watch(event, args):\n"
        f"    if event == 'open' and str(args[0]) == {deadly.wanted.file!r}:\n"
        "        os.kill(os.getpid(), 9)\n"
        "sys.addaudithook(watch)\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    rows = _rows(Pool(1), tasks[:2])
    assert "was ended" in rows[0]["recordings"][0]["problem"]
    assert rows[1:] == alone[1:2]


def test_a_cluster_elsewhere_without_tls_is_refused(bundle: Path) -> None:
    with pytest.raises(MachineError, match="not encrypted"):
        Cluster(Access("tcp://192.0.2.7:8786"), bundle)
    with pytest.raises(MachineError, match="all three"):
        Cluster(Access("tls://192.0.2.7:8786", ca=bundle), bundle)


def test_a_scheduler_that_does_not_answer_is_told(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.clinic.cluster.ANSWER_S", 0.5)
    with pytest.raises(MachineError, match="does not answer"):
        Cluster(Access("tcp://127.0.0.1:9"), bundle)


@given(st.ip_addresses(v=4), st.integers(1, 65535), st.sampled_from(("tcp://", "tls://", "")))
def test_only_what_loops_back_is_here(address: Any, port: int, scheme: str) -> None:
    assert is_here(f"{scheme}{address}:{port}") is address.is_loopback


def test_a_difference_names_what_and_both_versions() -> None:
    assert difference({"A": "1", "B": "2"}, {"A": "1", "B": "2"}, "There") == ""
    told = difference({"A": "1", "B": "2"}, {"A": "1", "B": "3"}, "The worker x")
    assert told.startswith("The worker x has B in another version (3, here it is 2)")
    assert "A in another version (none" in difference({"A": "1"}, {}, "There")
