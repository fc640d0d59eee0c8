"""From a pose to the numbers the coach works on, moment by moment.

Keeps what measuring needs to remember: which way the body faces, and the person's own
zero, read while they rest in the start pose before the first attempt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from posecoach.body.measure import Neutral, Reading
from posecoach.body.silhouette import drawn
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.measures import FITTED, Measures, Taken
from posecoach.observe.measuring import measure_photo
from posecoach.observe.precision import kept_reading
from posecoach.observe.spread import Spreads
from posecoach.observe.zero import Zero
from posecoach.pose.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was measured at one moment.

    Attributes:
        readings: by full measure name.
        values: the same for the coach: degrees, NaN where confidence is below ``KNOWN``;
            empty where nobody is seen.
        outlines: by name, what the silhouette shows, before the person's own zero is subtracted.
        spreads: how far each known value may be off; without those the instrument has no
            figure of.
    """

    pose: Pose
    view: View
    readings: Mapping[str, Reading]
    values: Mapping[str, float]
    outlines: Mapping[str, Reading] = field(default_factory=dict)
    spreads: Spreads = field(default_factory=dict)


class Observer:
    """Measures what one exercise needs.

    Args:
        measures: their full names, see ``Measures``.
        fitted: whether the instrument reads them, see there.
        shown: those that are unknown where the arm leaves the picture, see there.
        silhouette: whether the silhouette is looked at though no measure needs it, see there.

    Raises:
        MeasureError: there is no measure of one of the names.
    """

    def __init__(
        self,
        measures: Iterable[str],
        fitted: bool = FITTED,
        shown: Collection[str] = (),
        *,
        silhouette: bool = False,
    ) -> None:
        self._measures = Measures(measures, fitted=fitted, shown=shown, silhouette=silhouette)
        self._views = ViewTracker()
        self._zero = Zero(self._measures)

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return bool(self._measures.drawn)

    @property
    def drawn(self) -> tuple[str, ...]:
        """Names of what is read from the silhouette."""
        return self._measures.drawn

    @property
    def neutral(self) -> Neutral | None:
        """The person's own start pose, None until it was seen."""
        return self._zero.neutral

    def observe(self, pose: Pose) -> Observation:
        """Measure one moment."""
        if not pose.seen:
            return Observation(pose, UNKNOWN, {}, {})
        view, neutral = self._views.update(pose), self.neutral
        outlines = {
            name: kept_reading(reading)
            for name, reading in drawn(pose, self.drawn, view, neutral).items()
        }
        taken = self._measures.taken(pose, view, neutral, outlines)
        return _observation(pose, view, taken, outlines)

    def observe_photo(self, pose: Pose) -> Observation:
        """Measure a photo, which shows no start pose to count from.

        What is counted from the start pose elsewhere is given as the picture shows it, with
        less confidence.
        """
        if not pose.seen:
            return Observation(pose, UNKNOWN, {}, {})
        measures = self._measures
        measured = measure_photo(pose, measures.catalogued, measures.fitted)
        read = {**measured.readings, **measures.angles(pose, measured.view)}
        return _observation(pose, measured.view, measures.of(measures.kept(read)), {})

    def rest(self, observation: Observation, *, passing: bool = False) -> None:
        """Take the observation for the person's zero; called while they rest.

        Args:
            passing: whether rest is only passed through, see ``Zero.rest``.
        """
        pose, view, outlines = observation.pose, observation.view, observation.outlines
        self._zero.rest(pose, view, outlines, passing=passing)


def _observation(
    pose: Pose, view: View, taken: Taken, outlines: Mapping[str, Reading]
) -> Observation:
    return Observation(pose, view, taken.readings, taken.values, outlines, taken.spreads)
