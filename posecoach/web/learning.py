"""A stretch learnt from a recording that is dropped onto the page."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import ExerciseError
from posecoach.exercise import library
from posecoach.exercise.template import id_of
from posecoach.learn.filmed import watch
from posecoach.learn.learner import Learnt, learn
from posecoach.web.jobs import Job
from posecoach.writing import write_text


class _StoppedError(Exception):
    """The person has thought better of it."""


def learning(title: str) -> Path:
    """Where the definition of a new stretch is to be written.

    Args:
        title: what the person calls it; its file is named after that.

    Raises:
        ExerciseError: it cannot be called so, or is there already.
    """
    id_ = id_of(title)
    library.refuse_built_in(id_)
    path = library.user_folder() / f"{id_}.yaml"
    if path.exists():
        raise ExerciseError(f"There is a stretch called {id_} already; choose another name.")
    return path


def keep(learnt: Learnt, target: Path) -> None:
    """Write what was learnt.

    Raises:
        OutputError: it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, learnt.text)


class Learning(Job):
    """A recording to learn a stretch from.

    Args:
        path, name: see ``Job``.
        target: where to write the definition.
    """

    doing = "is being learnt from"
    result = "See the stretch"

    def __init__(self, path: Path, name: str, target: Path) -> None:
        super().__init__(path, name)
        self._target = target
        self.what = target.stem
        self._written = False

    @property
    def href(self) -> str:
        """The stretch, as a page to read."""
        return f"/stretches/{self._target.stem}" if self._written else ""

    def do(self, bundle: Path) -> None:
        """Learn it as ``posecoach exercises record`` does, and write its file."""
        try:
            kept = watch(str(self.path), bundle, self._count)
        except _StoppedError:
            return
        learnt = learn(kept, self._target.stem)
        keep(learnt, self._target)
        self._written = True
        self.words = f"{learnt.seen_words} seen. Please answer: {' '.join(learnt.questions)}"

    def _count(self, done: int, total: int) -> None:
        self.frames, self.total = done, total
        if self.stopped:
            raise _StoppedError
