"""PoseCoach: a webcam pose-form checker for stretches.

What others build on are the names in ``__all__``: they stay as they are from one minor version to
the next (docs/api.md lists them, ``examples/`` uses them). All other modules are PoseCoach's own.

A name is loaded when it is first used, so that ``import posecoach`` costs nothing and needs neither
camera nor model: only ``open_source`` loads OpenCV and only ``estimate_poses`` MediaPipe.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posecoach import errors
    from posecoach.api.coaching import coach_poses, coach_recording
    from posecoach.api.estimating import estimate_poses
    from posecoach.api.keeping import keep_session, write_report
    from posecoach.api.measuring import MEASURES, measure
    from posecoach.api.planning import load_exercise, make_plan
    from posecoach.body.measure import Reading
    from posecoach.coach import events
    from posecoach.errors import PoseCoachError
    from posecoach.exercise.definition import Exercise
    from posecoach.observe.instrument import Told
    from posecoach.plan.plan import Plan
    from posecoach.pose.landmarks import Landmark
    from posecoach.pose.pose import Pose
    from posecoach.session.result import Result
    from posecoach.session.session import Session
    from posecoach.session.snapshot import Snapshot
    from posecoach.source.frame import Frame
    from posecoach.source.open import open_source
    from posecoach.store.store import Store

__version__ = "0.2.0"
"""The version, as in ``pip show posecoach``."""

__all__ = [
    "MEASURES",
    "Exercise",
    "Frame",
    "Landmark",
    "Plan",
    "Pose",
    "PoseCoachError",
    "Reading",
    "Result",
    "Session",
    "Snapshot",
    "Store",
    "Told",
    "__version__",
    "coach_poses",
    "coach_recording",
    "errors",
    "estimate_poses",
    "events",
    "keep_session",
    "load_exercise",
    "make_plan",
    "measure",
    "open_source",
    "write_report",
]

_PLACES = {
    "MEASURES": "posecoach.api.measuring",
    "Exercise": "posecoach.exercise.definition",
    "Frame": "posecoach.source.frame",
    "Landmark": "posecoach.pose.landmarks",
    "Plan": "posecoach.plan.plan",
    "Pose": "posecoach.pose.pose",
    "PoseCoachError": "posecoach.errors",
    "Reading": "posecoach.body.measure",
    "Result": "posecoach.session.result",
    "Session": "posecoach.session.session",
    "Snapshot": "posecoach.session.snapshot",
    "Store": "posecoach.store.store",
    "Told": "posecoach.observe.instrument",
    "coach_poses": "posecoach.api.coaching",
    "coach_recording": "posecoach.api.coaching",
    "errors": "posecoach",
    "estimate_poses": "posecoach.api.estimating",
    "events": "posecoach.coach",
    "keep_session": "posecoach.api.keeping",
    "load_exercise": "posecoach.api.planning",
    "make_plan": "posecoach.api.planning",
    "measure": "posecoach.api.measuring",
    "open_source": "posecoach.source.open",
    "write_report": "posecoach.api.keeping",
}
"""Where each name is; a module's place is the package it is in."""

_MODULES = ("errors", "events")


if not TYPE_CHECKING:  # a checker that saw this would let any name pass

    def __getattr__(name: str) -> object:
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        place = _PLACES[name]
        if name in _MODULES:
            found: object = import_module(f"{place}.{name}")
        else:
            found = getattr(import_module(place), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted(__all__)
