"""A calibration out of a recording: nobody asks, so what was held is found afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.observe.observer import Observer
from posecoach.observe.tilt import tilt_deg
from posecoach.observe.zero import ZERO_S
from posecoach.plan.plan import Plan
from posecoach.pose.pose import Pose
from posecoach.profile.motion import Motion, motions_of_plan
from posecoach.profile.motion_readings import CROOKED_DEG, MotionReadings, Trial
from posecoach.profile.person import TRIAL_DIGITS, Range
from posecoach.session.session import Session
from posecoach.source.frame import Frame

LEAST = 2
"""Trials a range needs: what was held once may have been something else."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a calibration came to.

    Attributes:
        ranges: one for each motion that was held where it could be seen.
        offsets: by full measure name, what the neutral position read.
        tilt_deg: see ``Calibration``.
        missed: (motion, why) of those without a range, why in words.
        notes: sentences on trials that could not be used.
    """

    ranges: tuple[Range, ...]
    offsets: Mapping[str, float]
    tilt_deg: float | None
    missed: tuple[tuple[Motion, str], ...]
    notes: tuple[str, ...]


def findings(
    seen: Iterable[tuple[MotionReadings, Sequence[Trial]]], tilts: Sequence[float]
) -> Findings:
    """Make ranges out of what was seen.

    Args:
        seen: for each motion, what was seen of it and its trials.
        tilts: how far the camera seemed tilted, moment by moment.
    """
    ranges: list[Range] = []
    offsets: dict[str, float] = {}
    missed: list[tuple[Motion, str]] = []
    notes: list[str] = []
    for gathered, trials in seen:
        motion = gathered.resolved
        if gathered.offset is not None:
            offsets[motion.measure] = gathered.offset
        good = [round(trial.deg, TRIAL_DIGITS) for trial in trials if not trial.wrong]
        notes += [
            f"{motion.title}, {trial.start_s:.1f} s: not used, {trial.wrong}."
            for trial in trials
            if trial.wrong
        ]
        if gathered.crooked:
            missed.append((motion, f"the neutral position was over {CROOKED_DEG:.0f}° off"))
            continue
        own = Range(motion, tuple(good), gathered.error_deg) if len(good) >= LEAST else None
        if own is None:
            missed.append((motion, _too_few(gathered, trials)))
        elif own.deg <= own.error_deg:
            missed.append(
                (motion, f"you moved by no more than it may be off ({own.error_deg:.0f}°)")
            )
        else:
            ranges.append(own)
    tilt = median(tilts) if tilts else None
    return Findings(tuple(ranges), offsets, tilt, tuple(missed), tuple(notes))


def _too_few(gathered: MotionReadings, trials: Sequence[Trial]) -> str:
    if not trials:
        return gathered.trouble or "it was not held for a second"
    return next((trial.wrong for trial in trials if trial.wrong), "it was held only once")


class ExerciseWatch:
    """Watches the motions that scale an exercise's targets, while it is done.

    The exercise's own start pose is the neutral, found as in a session, so that a range means
    in the next session what it meant here.
    """

    def __init__(self, plan: Plan) -> None:
        self._session = Session(plan, "")
        self.collected = tuple(MotionReadings(motion) for motion in motions_of_plan(plan))
        self.tilts: list[float] = []

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return self._session.observer.needs_mask

    def see(self, frame: Frame, pose: Pose) -> None:
        """Take in one moment."""
        snapshot = self._session.see(frame, pose)
        neutral = self._session.coach.at_neutral
        _add(self.collected, self.tilts, pose, snapshot.readings, snapshot.view, neutral)


class MeasureWatch:
    """Watches single motions; the recording begins in the neutral position."""

    def __init__(self, motions: Sequence[Motion]) -> None:
        self._observer = Observer({motion.measure for motion in motions})
        self.collected = tuple(MotionReadings(motion) for motion in motions)
        self.tilts: list[float] = []
        self._first_s: float | None = None

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return self._observer.needs_mask

    def see(self, frame: Frame, pose: Pose) -> None:
        """Take in one moment."""
        if pose.seen and self._first_s is None:
            self._first_s = frame.time_s
        # Without an exercise nobody knows the start pose; the first second is the best guess.
        neutral = self._first_s is not None and frame.time_s - self._first_s <= ZERO_S
        observation = self._observer.observe(pose)
        if neutral:
            self._observer.rest(observation)
        _add(self.collected, self.tilts, pose, observation.readings, observation.view, neutral)


def found(watches: Iterable[ExerciseWatch | MeasureWatch]) -> Findings:
    """What all watches of one recording have found; a motion watched twice counts once."""
    collected: dict[Motion, MotionReadings] = {}
    tilts: list[float] = []
    for watch in watches:
        tilts += watch.tilts
        for gathered in watch.collected:
            collected.setdefault(gathered.motion, gathered)
    return findings([(gathered, gathered.trials()) for gathered in collected.values()], tilts)


def _add(
    collected: Sequence[MotionReadings],
    tilts: list[float],
    pose: Pose,
    readings: Mapping[str, Reading],
    view: View,
    neutral: bool,
) -> None:
    tilt = tilt_deg(pose, view) if neutral else None
    if tilt is not None:
        tilts.append(tilt)
    for gathered in collected:
        gathered.add(float(pose.time_s), readings.get(gathered.motion.measure), view, neutral, tilt)
