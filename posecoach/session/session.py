"""The loop over frames: pictures with their poses in, coached moments out.

A live camera, a video file and a stream run through here; who shows, says or records what happens
is a listener. What coaches is the engine, which a kept session runs through, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.observe.given import Given
from posecoach.observe.observer import Observer
from posecoach.observe.precision import kept_pose
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.session.engine import Engine
from posecoach.session.result import Result
from posecoach.session.seeing import Seeing, never_lying
from posecoach.session.sights import sights
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

Listener = Callable[[Snapshot], bool | None]
"""Called with every moment; returning False ends the session."""


class Session:
    """Coaches one exercise over one source's frames, moment by moment.

    Args:
        plan: the exercise, settled for a person.
        source_name: for the result.
        mirror: whether a display should show the picture mirrored.
    """

    def __init__(self, plan: Plan, source_name: str, *, mirror: bool = False) -> None:
        self.plan = plan
        self.observer = Observer(
            plan.measures, shown=plan.shown, silhouette=plan.exercise.silhouette
        )
        self._engine = Engine(plan, source_name)
        # Said before anything else happens, so that it is kept and told whatever happens; it is
        # true of the stretch, and nothing that happened in this session.
        self.result.notes += [f"In general: {each.why}" for each in plan.exercise.untold]
        self.ending: tuple[Event, ...] = ()
        """What ``finish`` brought, which no snapshot carries."""
        self._seeing = Seeing(level=never_lying(plan.exercise))
        self._mirror = mirror
        self._switched = False
        self._last: Snapshot | None = None

    @property
    def coach(self) -> Coach:
        """What the coach knows now."""
        return self._engine.coach

    @property
    def result(self) -> Result:
        """What it came to until now."""
        return self._engine.result

    def other_side(self) -> None:
        """The person asks for the other side next."""
        self._engine.other_side()
        # Twice is back again, where it has an effect at all.
        self._switched = not self._switched

    def see(self, frame: Frame, pose: Pose) -> Snapshot:
        """Coach one moment, in the precision in which it is kept.

        A frame that shows nothing new is as good as none, here and in the result.
        """
        if frame.repeated and self._last is not None:
            pose = replace(self._last.pose, time_s=pose.time_s)
            return replace(
                self._last, frame=frame, pose=pose, events=(), resting=False, switched=False
            )
        switched, self._switched = self._switched, False
        pose = kept_pose(pose)
        observation = self.observer.observe(pose)
        values, view = observation.values, observation.view
        given = Given(frame.time_s, values, view, observation.spreads, bool(pose.seen))
        events = self._engine.take(given)
        resting = self._engine.resting
        if resting:
            self.observer.rest(observation, passing=self._engine.passing)
        self._seeing.see(pose, view)
        self._last = Snapshot(
            frame=frame,
            pose=pose,
            view=view,
            readings=observation.readings,
            state=self.coach.state(values),
            events=tuple(events),
            exercise=self.plan.exercise,
            mirror=self._mirror,
            spreads=observation.spreads,
            outlines=observation.outlines,
            resting=resting,
            switched=switched,
        )
        return self._last

    def finish(self) -> Result:
        """Close what is open; the result is final."""
        self.ending += tuple(self._engine.finish())
        result = self.result
        result.sights = sights(result, self._seeing, self.plan)
        return result

    def run(
        self, moments: Iterable[tuple[Frame, Pose]], listeners: Iterable[Listener] = ()
    ) -> Result:
        """Coach every moment until the source or a listener ends it.

        Args:
            moments: frames and the subject's poses in them, as ``Eyes.follow`` gives them.
        """
        listeners = tuple(listeners)
        try:
            for frame, pose in moments:
                snapshot = self.see(frame, pose)
                verdicts = [listener(snapshot) for listener in listeners]
                if False in verdicts:
                    break
        finally:
            self.finish()
        return self.result
