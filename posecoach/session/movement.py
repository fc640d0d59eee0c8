"""Whether a body moves as a stretch does: what of its measures can be read of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posecoach.body.catalogue import raw, split_name
from posecoach.body.view_tracker import ViewTracker
from posecoach.exercise.definition import Exercise
from posecoach.pose.bystanders import Stretch
from posecoach.pose.pose import Pose


def movement_of(exercise: Exercise, measures: Iterable[str]) -> Stretch:
    """Return what reads the measures that an exercise's steps move, in parts of their errors.

    Args:
        measures: full names of those that are needed for it.
    """
    asked = [target.measure or "" for step in exercise.steps for target in step.targets]
    asked += [step.circle.up.measure or "" for step in exercise.steps if step.circle]
    stems = tuple(each.partition("_{")[0].partition("{")[0] for each in asked if each)
    names = [
        name
        for name in measures
        if name.startswith(stems)
        and not name.startswith("angle(")
        and not split_name(name)[0].needs_mask
    ]

    def read(pose: Pose) -> Mapping[str, float]:
        view = ViewTracker().update(pose)
        return {
            name: float(reading.value) / split_name(name)[0].error_deg
            for name, reading in raw(pose, names, view).items()
            if reading.confidence > 0
        }

    return read
