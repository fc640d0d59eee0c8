"""Every measure of a recording or a photo, moment by moment.

What a picture shows only as a change (see ``Measure.zero_from``) is counted from the person's own
zero. Without an exercise nobody knows which moment is the start pose; the first second in which
they keep still at the beginning of a recording is the best guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.body.catalogue import measure, raw, split_name
from posecoach.body.measure import Neutral, Reading
from posecoach.body.silhouette import drawn
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.instrument import instrument
from posecoach.observe.instrument.instrument import PHOTO_TRUST
from posecoach.observe.measures import Measures
from posecoach.observe.zero import ZERO_S, Zero
from posecoach.pose.pose import Pose

BEGINNING_S = 3.0
"""Who has not kept still by then will not: what was seen last must serve as their zero. Nothing
can be told before, so no longer: as long as the set-up check takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One moment.

    Attributes:
        pose: the moment, as given.
        view: how the camera sees the body.
        readings: by full measure name, each ``Told`` where the instrument reads; empty where
            nobody is seen.
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
        self._measures = Measures(names, fitted=fitted)
        self._fitted = fitted
        self._names = tuple(names)
        self._views = ViewTracker()
        self._beginning: list[tuple[Pose, View]] = []
        self._zero = Zero(self._measures)
        self._begun_s: float | None = None
        self._begun = False

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return bool(self._measures.outlined)

    @property
    def neutral(self) -> Neutral | None:
        """The person's own start pose, None until it was seen."""
        return self._zero.neutral if self._begun else None

    def update(self, pose: Pose) -> Iterator[Measured]:
        """Take the next single moment; yield those that can be measured, in order."""
        view = self._views.update(pose) if pose.seen else UNKNOWN
        if self._begun:
            yield self._measured(pose, view)
            return
        self._beginning.append((pose, view))
        if not pose.seen:
            return
        now = float(pose.time_s)
        self._begun_s = now if self._begun_s is None else self._begun_s
        self._zero.rest(pose, view, drawn(pose, self._measures.drawn, view))
        lasted = now - self._begun_s
        if (lasted >= ZERO_S and self._zero.at_rest) or lasted >= BEGINNING_S:
            yield from self.finish()

    def finish(self) -> Iterator[Measured]:
        """Yield what is still kept back; call it when the recording is over."""
        self._begun = True
        beginning, self._beginning = self._beginning, []
        for pose, view in beginning:
            yield self._measured(pose, view)

    def _measured(self, pose: Pose, view: View) -> Measured:
        if not pose.seen:
            return Measured(pose, UNKNOWN, {})
        if self._fitted:
            # Of start pose and moment the same is looked at.
            outlines = drawn(pose, self._measures.drawn, view, self.neutral)
            told = instrument().read(pose, self._names, view, self.neutral, outlines)
            return Measured(pose, view, told)
        return Measured(pose, view, measure(pose, self._names, view, self.neutral))


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
