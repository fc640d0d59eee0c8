"""How far the instrument is off: the uncertainty ``benchmarks.accuracy`` found, as data.

``instrument.json`` is written together with the first table of docs/accuracy.md. A measure
is better in one exercise than in another (an elbow seen edge-on is not what it is in the
picture's plane), so its uncertainty is that in the exercise where it was measured there.
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
    """The uncertainty of a measure, degrees, plus or minus.

    Nine of ten correct holds were off by less; where there are few holds, nine of ten moments.
    A mean error would not do: what is compared with it is a single range, and a difference
    must not be told where there is none.

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
        key = row["exercise"], row["view"]
        found.setdefault(row["measure"], {})[key] = float(row["within"])
    return found
