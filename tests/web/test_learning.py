"""A recording dropped onto the page to be learnt from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("starlette")

from posecoach.errors import ExerciseError
from posecoach.learn.learner import Learnt
from posecoach.web import learning as page
from posecoach.web import showing as before
from posecoach.web.jobs import Jobs, JobState
from posecoach.web.learning import Learning, learning
from posecoach.web.showing import ShowingWork

TEXT = "id: mine\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own folder of exercises."""
    monkeypatch.setattr("posecoach.exercise.library.user_folder", lambda: tmp_path / "own")
    return tmp_path / "own"


def _taken(tmp_path: Path) -> Path:
    (tmp_path / "taken").mkdir()
    film = tmp_path / "taken" / "recording.mp4"
    film.write_bytes(b"film")
    return film


def _watch(frames: int, seen: list[str]) -> Callable[..., object]:
    def watch(path: str, _: Path, progress: Callable[[int, int], None]) -> object:
        seen.append(path)
        for done in range(1, frames + 1):
            progress(done, frames)
        return object()

    return watch


def _learn(_: object, id_: str) -> Learnt:
    counts = {"left": 1, "right": 2, "both": 0}
    return Learnt(TEXT, None, counts, counts, ("What is it good for?",))  # type: ignore[arg-type]


def test_what_was_learnt_is_a_stretch_of_ones_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(page, "watch", _watch(4, seen))
    monkeypatch.setattr(page, "learn", _learn)
    film = _taken(tmp_path)
    job = Learning(film, "me.mp4", learning("mine"))
    jobs = Jobs(lambda: tmp_path / "bundle")
    assert job.told()["href"] == ""
    jobs._jobs.append(job)
    jobs._do(job)
    told = job.told()
    assert job.state is JobState.DONE
    assert seen == [str(film)]
    assert (folder / "mine.yaml").read_text() == TEXT
    assert told["href"] == "/stretches/mine"
    assert told["share"] == 1.0
    assert "3 repetitions (1 left, 2 right) seen" in told["words"]
    assert "What is it good for?" in told["words"]


def test_what_is_shown_before_the_camera_is_a_stretch_of_ones_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shown:
        def __init__(self, id_: str, company: object, *, mirror: bool) -> None:
            assert mirror

        def __enter__(self) -> Shown:
            return self

        def __exit__(self, *_: object) -> None:
            self.closed = True

        closed = False

        def learnt(self) -> Learnt:
            assert not self.closed, "there is no thread left to learn in"
            return _learn(None, "mine")

    monkeypatch.setattr(before, "Showing", Shown)
    monkeypatch.setattr(before, "Company", lambda _: nullcontext())
    work = ShowingWork(learning("mine"), lambda: tmp_path / "bundle")
    assert work.end([]).href == ""  # nobody came
    assert not folder.exists()
    with ExitStack() as stack:
        work.begin(stack, SimpleNamespace(mirror_display=True), "full")  # type: ignore[arg-type]
    ending = work.end([])
    assert (folder / "mine.yaml").read_text() == TEXT
    assert ending.href == "/stretches/mine"
    assert "3 repetitions (1 left, 2 right) seen." in ending.words
    assert "What is it good for?" in ending.words


def test_who_thinks_better_of_it_keeps_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Learning(_taken(tmp_path), "me.mp4", learning("mine"))

    def stop_after_one(path: str, _: Path, progress: Callable[[int, int], None]) -> object:
        job.stopped = True
        progress(1, 9)
        raise AssertionError("it went on")

    monkeypatch.setattr(page, "watch", stop_after_one)
    Jobs(lambda: tmp_path / "bundle")._do(job)
    assert job.state is JobState.CANCELLED
    assert not folder.exists()


def test_a_name_that_cannot_be_or_is_taken_is_refused(folder: Path) -> None:
    with pytest.raises(ExerciseError, match="cannot be the name"):
        learning(" – ")
    with pytest.raises(ExerciseError, match="own stretches"):
        learning("wall-stretch")
    folder.mkdir()
    (folder / "mine.yaml").write_text(TEXT)
    with pytest.raises(ExerciseError, match="already"):
        learning("Mine")


@pytest.mark.parametrize(
    ("title", "id_"),
    [
        ("Side lean, seated", "side-lean-seated"),
        ("Épaule d’Émile – 2", "epaule-d-emile-2"),
        ("Große Dehnung", "grosse-dehnung"),
        ("../mine", "mine"),
        ("stretch " * 20, "stretch-" * 7 + "stre"),
    ],
)
def test_a_stretch_is_called_as_the_person_calls_it(folder: Path, title: str, id_: str) -> None:
    assert learning(title) == folder / f"{id_}.yaml"
