"""Practising with a memory: what the practice says has happened is handed to whoever keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from posecoach.coach.events import Event
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.practice.moment import Begun, Coached, Ended, Happening, Moment
from posecoach.practice.practice import Practice
from posecoach.practice.wish import Wish
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame


class Keeper(Protocol):
    """Keeps what happens; ``store.Recorder`` is one."""

    def begin(self, plan: Plan) -> None:
        """An exercise begins."""

    def hear(self, snapshot: Snapshot) -> None:
        """A coached moment of it."""

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        """The exercise is over; ``last`` are events no snapshot carried."""


class KeptPractice:
    """A practice whose session is kept, and that ends with a word on it.

    Args:
        practice: the pure one.
        keeper: is told of every exercise and coached moment; None where nothing is kept.
        closing_word: gives a word for the end, when all is done; "" for none.
    """

    def __init__(
        self,
        practice: Practice,
        keeper: Keeper | None = None,
        closing_word: Callable[[], str] | None = None,
    ) -> None:
        self._practice, self._keeper, self._closing_word = practice, keeper, closing_word

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self._practice.paused

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return self._practice.over

    @property
    def last(self) -> Moment | None:
        """The last moment handed over."""
        return self._practice.last

    def see(self, frame: Frame, pose: Pose) -> Moment:
        """Take the next frame with the pose found in it."""
        if self._closing_word is not None and self._practice.awaits_closing_word:
            self._practice.close_with(self._closing_word())
        moment = self._practice.see(frame, pose)
        self._keep(moment.happened)
        return moment

    def ask(self, wish: Wish) -> None:
        """Do what the person asks for."""
        self._practice.ask(wish)

    def finish(self) -> list[Result]:
        """Close what is open; the results are final, and kept."""
        results = self._practice.finish()
        self._keep(self._practice.take_happened())
        return results

    def _keep(self, happened: Iterable[Happening]) -> None:
        if self._keeper is None:
            return
        for each in happened:
            match each:
                case Begun(plan):
                    self._keeper.begin(plan)
                case Coached(snapshot):
                    self._keeper.hear(snapshot)
                case Ended(result, last):
                    self._keeper.end(result, last)
