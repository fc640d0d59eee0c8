"""Poses to joint angles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from posecoach.api.ordering import in_order
from posecoach.body.catalogue import names
from posecoach.errors import MeasureError

if TYPE_CHECKING:
    from posecoach.observe.instrument import Told
    from posecoach.observe.measuring import Measured
    from posecoach.pose.pose import Pose

MEASURES = names()
"""Full names of all measures: ``elbow_flexion_left``, ``trunk_lateral_flexion``, ...; what each
means, and where its zero is: ``posecoach measure --list``."""


def measure(
    poses: Iterable[Pose], measures: Sequence[str] | None = None, *, photos: bool = False
) -> Iterator[tuple[Pose, Mapping[str, Told]]]:
    """Yield each pose with its readings by full measure name; empty where nobody is seen.

    Each reading is a value with its spread between people: ``told.value`` and
    ``told.give_or_take``, "elbow 92°, give or take 5".

    What a picture shows only as a change (a turn, a lifted shoulder, the spine's curve) is counted
    from the person's pose in the first second in which they are seen, so the first poses come
    back when that is over.

    Args:
        poses: single moments of one recording, their times in seconds and strictly increasing.
        measures: full names; None for all of ``MEASURES``. Fewer are quicker.
        photos: whether the poses have nothing to do with each other. Then such a measure is given
            as the picture shows it, with less confidence.

    Raises:
        MeasureError: there is no measure of one of the names, or none is named.
        SourceError: of a recording, times do not increase or landmarks are not MediaPipe's 33.
    """
    from posecoach.observe.measuring import Measurer, measure_photo

    measures = MEASURES if measures is None else measures
    if not measures:
        raise MeasureError("No measure is named; `posecoach measure --list` names them all.")
    if photos:
        for pose in poses:
            yield pose, _told(measure_photo(pose, measures))
        return
    measurer = Measurer(measures)
    for pose in in_order(poses):
        for each in measurer.update(pose):
            yield each.pose, _told(each)
    for each in measurer.finish():
        yield each.pose, _told(each)


def _told(measured: Measured) -> Mapping[str, Told]:
    from posecoach.observe.instrument import Told

    return {
        name: reading for name, reading in measured.readings.items() if isinstance(reading, Told)
    }
