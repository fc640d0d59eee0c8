"""One moment of a session: what the camera saw, what was measured, what the coach thinks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.coach.events import Event
from posecoach.coach.state import CoachState
from posecoach.exercise.definition import Exercise
from posecoach.observe.spread import Spreads
from posecoach.pose.pose import Pose
from posecoach.source.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Handed to everyone who shows, says or records a session, once for each frame.

    Attributes:
        frame: the picture, never mirrored.
        pose: the cleaned pose of the subject.
        view: how the camera sees the body.
        readings: by full measure name, the measures this exercise uses.
        state: the coach's state after this frame.
        events: what happened with this frame.
        exercise: the exercise being coached.
        mirror: whether a display should show the picture mirrored (the person's own camera).
        spreads: how far each known reading may be off.
        outlines: by name, what the silhouette shows, before the person's own zero is subtracted:
            the measures that need it, degrees, and what its edge shows (``body.silhouette``),
            percent of the line from hips to shoulders.
        resting: whether the pose was taken for the person's own neutral.
        switched: whether the person had asked for the other side before this moment.
    """

    frame: Frame
    pose: Pose
    view: View
    readings: Mapping[str, Reading]
    state: CoachState
    events: tuple[Event, ...]
    exercise: Exercise
    mirror: bool = False
    spreads: Spreads = field(default_factory=dict)
    outlines: Mapping[str, Reading] = field(default_factory=dict)
    resting: bool = False
    switched: bool = False
