"""How far the instrument is off: the errors ``benchmarks.accuracy`` found, as data.

``instrument.json`` is written together with the first table of docs/accuracy.md. A measure
is better in one exercise than in another (an elbow seen edge-on is not what it is in the
picture's plane), so the error is that of the exercise where it was measured there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from statistics import median

from posecoach.body.catalogue import split_name

FILE = Path(__file__).with_name("instrument.json")

_FACINGS = {"side": ("left", "right")}


def error_deg(measure: str, exercise: str = "") -> float:
    """The usual error of a measure, degrees.

    The mean absolute error over whole clips or that in the correct holds, whichever is larger:
    a measure may follow a movement well and still read its end short.

    Args:
        measure: full name, e.g. "hip_flexion_left".
        exercise: where it is measured; for one not in the table, or none, the median over
            the exercises that show the measure from a view it is made for.

    Raises:
        MeasureError: there is no such measure.
    """
    found, _ = split_name(measure)
    rows = _errors().get(found.name, {})
    here = [error for (name, _), error in rows.items() if name == exercise]
    if here:
        return min(here)  # the exercise asks for its better view
    fit = [error for (_, view), error in rows.items() if _suits(view, found.views)]
    return median(fit) if fit else found.error_deg


def _suits(view: str, views: tuple[str, ...]) -> bool:
    return any(facing in views for facing in _FACINGS.get(view, (view,)))


@cache
def _errors() -> Mapping[str, Mapping[tuple[str, str], float]]:
    """Degrees by measure, then by (exercise, view)."""
    import json

    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in json.loads(FILE.read_text("utf-8")):
        error = max(row["mae"], row["mae_in_holds"] or 0.0)
        found.setdefault(row["measure"], {})[row["exercise"], row["view"]] = error
    return found
