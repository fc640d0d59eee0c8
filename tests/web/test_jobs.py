"""Recordings that are dropped onto the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from posecoach.cli.demo import CLIP
from posecoach.data import data_dir
from posecoach.store.recording import Recording
from posecoach.store.saving import Saving
from posecoach.web.jobs import MOST_TOLD, Coaching, Job, Jobs
from tests.helpers.store_sessions import plan_of

FULL = "The disk is full. The session goes on unsaved."


@pytest.mark.parametrize("problem", ["", FULL])
def test_what_could_not_be_kept_is_told_beside_what_was_counted(
    problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(frames: Iterator[Any]) -> Iterator[Any]:
        return iter(())

    eyes = SimpleNamespace(look=nothing, hear=lambda snapshot: None, changes=())
    monkeypatch.setattr("posecoach.session.eyes.Eyes", lambda *_, **__: nullcontext(eyes))
    monkeypatch.setattr(Recording, "problem", problem)
    job = Coaching(data_dir("demo") / CLIP, "mine.mp4", plan_of(), Saving(tmp_path))
    job.do(tmp_path / "model.task")
    assert job.words == " ".join(filter(None, ("No attempt was seen.", problem)))


class Held(Job):
    """One that is done only when it is let go."""

    go = threading.Event()

    def do(self, bundle: Path) -> None:
        self.go.wait(60)


def test_who_waits_is_on_the_list_however_many_come_after(tmp_path: Path) -> None:
    """Else they could not be cancelled, and their recordings stayed on the disk at the end."""
    jobs, many = Jobs(lambda: tmp_path), []
    for number in range(MOST_TOLD + 5):
        path = tmp_path / str(number) / "recording.mp4"
        path.parent.mkdir()
        path.touch()
        many.append(Held(path, path.name))
        jobs.add(many[-1])
    assert jobs.all() == many[::-1]
    jobs.cancel(many[1].number)
    assert many[1].stopped
    jobs.close()
    Held.go.set()
    assert not any(tmp_path.iterdir())
