"""Sessions for the store's tests: stored landmarks of bundled clips, no model needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import takewhile
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from posecoach.body.catalogue import moments
from posecoach.coach.events import Event
from posecoach.exercise.library import standard_library
from posecoach.observe.recorded import KeptMoments
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store.definitions import plan_again
from posecoach.store.prescriptions import Prescription
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from posecoach.store.transfer import import_file
from posecoach.store.values import StoredExercise
from tests.helpers.places import DATA

CLIPS = DATA / "store"
_PICTURE = np.zeros((1, 1, 3), np.uint8)


@cache
def clip(name: str = "wall-stretch") -> StoredExercise:
    """The landmarks MediaPipe found in a clip, as they were kept when the file was made."""
    with TemporaryDirectory() as folder:
        import_file(CLIPS / f"{name}.posecoach", Path(folder))
        with Store.open(Path(folder)) as store:
            return store.load("last").exercises[0]


def plan_of(name: str = "wall-stretch", **overrides: object) -> Plan:
    """Today's definition of a clip's exercise, as it was prescribed there.

    With holds of two seconds where none was: the clips' last 2.4 to 3.5.
    """
    prescription = clip(name).row.prescription
    if prescription.hold is None:
        prescription = replace(prescription, hold=2.0)
    prescription = replace(prescription, **overrides)  # type: ignore[arg-type]
    return plan_again(standard_library().find(name), prescription)


def kept_moments(poses: Pose) -> KeptMoments:
    """All there is to measure again from, of moments of the wall stretch."""
    stored = clip()
    return KeptMoments(
        times=poses.time_s,
        seen=np.asarray(poses.seen),
        resting=np.zeros(len(poses.time_s), bool),
        views=stored.views,
        measures={},
        outlines={},
        spreads=None,
        poses=poses,
        as_today=False,
    )


def poses(name: str = "wall-stretch", *, loops: int = 1) -> Iterator[Pose]:
    """Single moments, over and over, with times that go on."""
    series = clip(name).poses
    assert series is not None
    length = float(series.time_s[-1]) + 1 / 15
    for loop in range(loops):
        for index in range(len(series.time_s)):
            pose = moments(series, index)  # type: ignore[arg-type]
            yield replace(pose, time_s=np.asarray(pose.time_s + loop * length))


def coach(session: Session, stream: Iterator[Pose]) -> Iterator[Snapshot]:
    """What a session says to each moment."""
    for pose in stream:
        yield session.see(Frame(_PICTURE, float(pose.time_s)), pose)


def record(
    folder: Path,
    name: str = "wall-stretch",
    *,
    loops: int = 1,
    finish: bool = True,
    until_s: float = inf,
    **of: object,
) -> tuple[Session, list[Snapshot], Recorder]:
    """Coach a clip's landmarks, all or those of the first seconds, and keep the session."""
    plan = plan_of(name)
    session = Session(plan, "clip")
    snapshots = []
    of = {"source": "clip", "live": False} | of
    recorder = Recorder(folder, **of)  # type: ignore[arg-type]
    recorder.begin(plan)
    seen = takewhile(lambda pose: float(pose.time_s) < until_s, poses(name, loops=loops))
    for snapshot in coach(session, seen):
        recorder.hear(snapshot)
        snapshots.append(snapshot)
    if finish:
        recorder.end(session.finish(), session.ending)
    recorder.close(finished=finish)
    return session, snapshots, recorder


def happened(session: Session, snapshots: list[Snapshot]) -> tuple[Event, ...]:
    """All events of a session, in order."""
    return (*(event for each in snapshots for event in each.events), *session.ending)


__all__ = ["Prescription", "clip", "coach", "happened", "plan_of", "poses", "record"]
