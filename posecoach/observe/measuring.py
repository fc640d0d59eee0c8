"""Every measure of a recording or a photo, moment by moment.

What a picture shows only as a change (see ``Measure.zero_from``) is counted from the
person's pose in the first second in which they are seen. Without an exercise nobody knows
which moment is the start pose; the beginning of a recording is the best guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.catalogue import measure, neutral_of, raw, split_name
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.instrument import instrument
from posecoach.observe.instrument.instrument import PHOTO_TRUST
from posecoach.pose.pose import Pose

NEUTRAL_S = 1.0
"""Length of the beginning that serves as the person's neutral."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One moment.

    Attributes:
        pose: the moment, as given.
        view: how the camera sees the body.
        readings: by full measure name; empty where nobody is seen.
    """

    pose: Pose
    view: View
    readings: Mapping[str, Reading]


class Measurer:
    """Measures a recording; what comes before the neutral is known comes back late.

    Args:
        names: full names of the measures.
        fitted: whether the instrument reads them (each is ``Told`` then), else geometry.

    Raises:
        MeasureError: there is no measure of one of the names.
    """

    def __init__(self, names: Sequence[str], fitted: bool = True) -> None:
        self._fitted = fitted
        self._names = tuple(names)
        self.needs_mask = any(split_name(name)[0].needs_mask for name in names)
        self._views = ViewTracker()
        self._beginning: list[tuple[Pose, View]] = []
        self._neutral: Neutral | None = None
        self._begun_s: float | None = None

    @property
    def neutral(self) -> Neutral | None:
        """The person's pose in the first second, None until that is over."""
        return self._neutral

    def update(self, pose: Pose) -> Iterator[Measured]:
        """Take the next single moment; yield those that can be measured, in order."""
        view = self._views.update(pose) if pose.seen else UNKNOWN
        if self._neutral is not None:
            yield self._measured(pose, view)
            return
        if self._begun_s is None and pose.seen:
            self._begun_s = float(pose.time_s)
        self._beginning.append((pose, view))
        if self._begun_s is not None and float(pose.time_s) - self._begun_s >= NEUTRAL_S:
            yield from self.finish()

    def finish(self) -> Iterator[Measured]:
        """Yield what is still kept back; call it when the recording is over."""
        beginning, self._beginning = self._beginning, []
        if not beginning:
            return
        seen = [(pose, view) for pose, view in beginning if pose.seen]
        if seen and self._neutral is None:
            self._neutral = _neutral(seen, self._names)
        for pose, view in beginning:
            yield self._measured(pose, view)

    def _measured(self, pose: Pose, view: View) -> Measured:
        if not pose.seen:
            return Measured(pose, UNKNOWN, {})
        if self._fitted:
            told = instrument().read(pose, self._names, view, self._neutral)
            return Measured(pose, view, told)
        return Measured(pose, view, measure(pose, self._names, view, self._neutral))


def measure_photo(pose: Pose, names: Sequence[str], fitted: bool = True) -> Measured:
    """Measure a photo, which shows no start pose.

    A measure counted from the start pose is given as the picture shows it, with less
    confidence: two photos of one person may be compared by it.

    Raises:
        MeasureError: there is no measure of one of the names.
    """
    if not pose.seen:
        return Measured(pose, UNKNOWN, {})
    view = ViewTracker().update(pose)
    if fitted:
        return Measured(pose, view, instrument().read(pose, names, view, photo=True))
    readings = {
        name: reading
        if split_name(name)[0].zero_from == "anatomy"
        else Reading(reading.value, np.asarray(reading.confidence * PHOTO_TRUST))
        for name, reading in raw(pose, names, view).items()
    }
    return Measured(pose, view, readings)


def _neutral(beginning: Sequence[tuple[Pose, View]], names: Sequence[str]) -> Neutral:
    """Make the neutral of single moments, with the masks that were asked for."""
    poses = Pose.series([pose for pose, _ in beginning])
    masks = [pose.mask for pose, _ in beginning if pose.mask is not None]
    if len(masks) == len(beginning):
        poses = replace(poses, mask=np.stack(masks))
    return neutral_of(poses, [view for _, view in beginning], names)
