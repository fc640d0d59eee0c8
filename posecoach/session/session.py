"""The one loop: frames in, coached moments out.

A live camera, a video file, a stream and stored poses all run through here; who shows,
says or records what happens is a listener.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from posecoach.coach.coach import Coach
from posecoach.coach.events import Event
from posecoach.observe.observer import Observer
from posecoach.observe.precision import kept_pose
from posecoach.plan.plan import Plan
from posecoach.plan.scaled import scaled_targets
from posecoach.pose.pose import Pose
from posecoach.session.result import Result
from posecoach.session.seeing import Seeing
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
        self.coach = Coach(plan)
        self.observer = Observer(plan.measures)
        self.result = Result(plan.exercise.id, source_name, targets=scaled_targets(plan))
        self.ending: tuple[Event, ...] = ()
        """What ``finish`` brought, which no snapshot carries."""
        self._seeing = Seeing()
        self._mirror = mirror
        self._switched = False
        self._first_s: float | None = None

    def other_side(self) -> None:
        """The person asks for the other side next."""
        self.coach.other_side()
        # Twice is back again, where it has an effect at all.
        self._switched = not self._switched

    def see(self, frame: Frame, pose: Pose) -> Snapshot:
        """Coach one moment, in the precision in which it is kept."""
        switched, self._switched = self._switched, False
        pose = kept_pose(pose)
        observation = self.observer.observe(pose)
        state, events = self.coach.update(frame.time_s, observation.values, observation.view)
        resting = self.coach.at_neutral
        if resting:
            self.observer.rest(observation)
        self._seeing.see(pose, observation.view)
        result = self.result
        result.frames += 1
        result.frames_with_person += bool(pose.seen)
        if self._first_s is None:
            self._first_s = result.start_s = frame.time_s
        result.duration_s = frame.time_s - self._first_s
        result.add(events)
        return Snapshot(
            frame=frame,
            pose=pose,
            view=observation.view,
            readings=observation.readings,
            state=state,
            events=tuple(events),
            exercise=self.plan.exercise,
            mirror=self._mirror,
            outlines=observation.outlines,
            resting=resting,
            switched=switched,
        )

    def finish(self) -> Result:
        """Close what is open; the result is final."""
        events = tuple(self.coach.finish())
        self.ending += events
        self.result.add(events)
        result = self.result
        result.sights = self._seeing.notes(
            self.plan.exercise,
            all_read=not result.hidden and any(result.repetitions.values()),
        )
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
