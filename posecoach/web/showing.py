"""A new stretch shown before the page's camera, as the work of a sitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import PoseCoachError
from posecoach.learn.company import Company
from posecoach.learn.demonstration import Watcher
from posecoach.learn.learner import Learnt
from posecoach.learn.wording import name_words
from posecoach.practice.showing import Showing
from posecoach.session.result import Result
from posecoach.web.camera import PageCamera
from posecoach.web.learning import keep, learning
from posecoach.web.pages import form, go_to, house_of
from posecoach.web.sitting import Ending


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [Route("/show", begin, methods=["POST"])]


async def begin(request: Request) -> Response:
    """Begin to be shown what the form calls so."""
    house = house_of(request)
    target = learning((await form(request)).get("called", ""))
    person = house.person()
    muted = person is not None and person.preferences.voice is False
    house.begin(ShowingWork(target, house.bundle, muted=muted))
    return go_to(request, "/practise/now")


class ShowingWork:
    """See ``sitting.Work``.

    Args:
        target: where the definition is to be written.
        bundle: finds the pose model.
        muted: whether to begin silent.
    """

    order: tuple[str, ...] = ()
    """Of what is still to be learnt there is no moving picture."""

    def __init__(self, target: Path, bundle: Callable[[], Path], *, muted: bool = False) -> None:
        self.title, self.muted = name_words(target.stem), muted
        self.needs_mask = Watcher().needs_mask
        self._target, self._bundle = target, bundle
        self._learnt: Learnt | PoseCoachError | None = None

    def begin(self, stack: ExitStack, camera: PageCamera, model: str) -> Showing:
        """Lead the person through it."""
        company = stack.enter_context(Company(self._bundle()))
        showing = Showing(self._target.stem, company, mirror=camera.mirror_display)
        stack.enter_context(showing)
        stack.push(self._learn_from(showing))
        return showing

    def _learn_from(self, showing: Showing) -> Callable[..., None]:
        """What comes when the person has ended it, while there still is a thread to learn in."""

        def learn(kind: type[BaseException] | None, *_: object) -> None:
            if kind is None:
                try:
                    self._learnt = showing.learnt()
                except PoseCoachError as error:  # told at the end, as any other
                    self._learnt = error

        return learn

    def unsaved(self) -> bool:
        """It is kept at its end, or not at all."""
        return False

    def end(self, results: Sequence[Result]) -> Ending:
        """Write what was learnt, and say what is open.

        Raises:
            LearningError: nothing can be learnt from what was shown, and why.
            OutputError: it cannot be written.
        """
        learnt = self._learnt
        if learnt is None:
            return Ending(("Nothing was shown, so nothing is learnt.",), done=False)
        if isinstance(learnt, PoseCoachError):
            raise learnt
        keep(learnt, self._target)
        words = (f"{learnt.seen_words} seen.", "Please answer:", *learnt.questions)
        return Ending(words, f"/stretches/{self._target.stem}")
