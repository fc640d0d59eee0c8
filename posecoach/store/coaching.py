"""A recording coached from its first frame to its last, and kept where somebody wishes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from posecoach.coach.events import Event
from posecoach.plan.plan import Plan
from posecoach.session.cadence import Cadence
from posecoach.session.eyes import Eyes, words_on
from posecoach.session.result import Result
from posecoach.session.session import Listener, Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.source import Source


class Keeps(Protocol):
    """Keeps a session: a ``Recorder``, or a ``Recording`` that copes with its failing."""

    def begin(self, plan: Plan) -> None:
        """An exercise begins."""

    def hear(self, snapshot: Snapshot) -> None:
        """Keep one moment."""

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        """It is over; ``last`` is ``Session.ending``."""


def coach_source(
    session: Session,
    source: Source,
    eyes: Eyes,
    listener: Listener,
    *,
    kept: Keeps | None = None,
    every_frame: bool = False,
) -> Result:
    """Coach an open recording, by whichever front end it came.

    Args:
        eyes: of its own: those that have followed another recording find the first landmarks
            elsewhere, by up to half a pixel.
        listener: called with every moment; returning False ends it.
        kept: how it is kept as a session; None where it is not.
        every_frame: whether to look at every frame, rather than at as many as the movement needs.

    Raises:
        SourceError: the recording cannot be read any further.
        StoreError: no session can be begun.
    """
    listeners = [listener]
    if kept is not None:
        kept.begin(session.plan)
        listeners.append(kept.hear)
    listeners.append(eyes.hear)
    if every_frame:
        moments = eyes.follow(source.frames())
    else:
        cadence = Cadence(fps=source.fps)
        listeners.append(cadence.hear)
        moments = eyes.look(source.frames(cadence.due))
    result = session.run(moments, listeners)
    result.notes += [*words_on(eyes.changes), *source.remarks]
    if source.ended_early:
        result.notes.append(source.ended_early)
    if kept is not None:
        kept.end(result, session.ending)
    return result
