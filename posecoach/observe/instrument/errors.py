"""How far a measure is usually off, where no single reading is at hand to say it."""

from __future__ import annotations

from functools import cache
from statistics import median

from posecoach.body.catalogue import split_name
from posecoach.body.view import UNKNOWN
from posecoach.observe.instrument.instrument import REAL, instrument, read_as
from posecoach.observe.instrument.told import NINE_OF_TEN


@cache
def error_deg(measure: str) -> float:
    """The uncertainty of a measure, degrees, plus or minus: nine of ten people are within it.

    Of a fitted measure that of its readers in holds of the stretches they were fitted on; of
    another that of geometry. A mean error would not do: what is compared with it is a single
    range, and a difference must not be told where there is none.

    Args:
        measure: full name, e.g. "hip_flexion_left".

    Raises:
        MeasureError: there is no such measure.
    """
    stem = read_as(measure, UNKNOWN).removesuffix("_left").removesuffix("_right")
    usual = [
        worth.usual
        for reader in instrument().readers
        for name, worth in zip(reader.measures, reader.with_start.worth, strict=True)
        if worth.kept and worth.usual > 0 and split_name(name)[0].name == stem
    ]
    spread = median(usual) if usual else instrument().spreads.of(measure, UNKNOWN, True).value
    return NINE_OF_TEN * REAL * spread


def again_share(measure: str) -> float:
    """How much of its uncertainty a reading has against another recording of the same person.

    A body's own part of the error is in both: another camera and another day's posture are what is
    left. 1 where no pairs of recordings were measured.

    Args:
        measure: full name.

    Raises:
        MeasureError: there is no such measure.
    """
    found, _ = split_name(measure)
    return min(1.0, instrument().again.get(found.name, 1.0))
