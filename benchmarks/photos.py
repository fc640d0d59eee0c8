"""Photos against labels written by eye, and recordings against angles burnt into them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.recordings import clean_poses, raw_poses
from posecoach.body.catalogue import CATALOGUE, measure, names
from posecoach.body.view import View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.measuring import Measured, measure_photo

HEAD = ("photo", "label", "told", "view right", "expected", "read", "met")
BURNT_HEAD = ("recording", "measure", "burnt in", "read", "off")

POSTURES = {
    "standing": {"upright"},
    "sitting": {"sitting"},
    "all fours": {"all-fours"},
    "kneeling": {"kneeling"},
    "lying on the back": {"lying"},
    "on the back over a roller": {"lying"},
}
BURNT_IN = (
    ("quickpose_health-back-rom.gif", "trunk_lateral_flexion", 20.0, 20.0),
    ("quickpose_health-neck-rom.gif", "neck_lateral_flexion", 33.0, 33.0),
    ("quickpose_health-shoulder-rom.gif", "shoulder_flexion_left", 166.0, 177.0),
)

_RANGE = re.compile(
    r"(?P<size>\|?)(?P<measure>[a-z]+_[a-z_]+)\|?(?P<side> both| to the right)? ?"
    r"(?P<sign>[<>]?)(?P<low>\d+)(?:-(?P<high>\d+))?$"
)
_THAN = (
    (re.compile(r"less (?P<measure>\w+) than (?P<other>\w+)"), -1),
    (re.compile(r"(?P<measure>\w+) clearly more than (?P<other>\w+)"), 1),
    (re.compile(r"(?P<measure>neck) less flexed than (?P<other>\w+)"), -1),
    (re.compile(r"(?P<measure>neck) flexed more than (?P<other>\w+)"), 1),
)

_WORDS = {"neck flexed": ("neck_flexion", 10.0), "right hip flexed": ("hip_flexion_right", 30.0)}


def photo_measures(
    path: Path, kept: Path | None, model: str | None, fitted: bool = True
) -> Measured:
    """Measure one photo, by the instrument or by geometry alone."""
    return measure_photo(next(iter(raw_poses(path, kept, model))), names(), fitted)


def rows(
    labels: Path, kept: Path | None, model: str | None, fitted: bool = True
) -> list[list[str]]:
    """Return a row for each expectation of each photo."""
    with labels.open(newline="") as file:
        wanted = list(csv.DictReader(file))
    found = {
        Path(row["file"]).stem: photo_measures(labels.parent / row["file"], kept, model, fitted)
        for row in wanted
    }
    table = []
    for row in wanted:
        name = Path(row["file"]).stem
        view = found[name].view
        told = f"{view.facing}, {view.posture}"
        right = view_right(row["posture"], row["view"], view)
        for part in row["expect"].removeprefix("not overhead: ").split("; "):
            read, met = expectation(part, name, found)
            label = f"{row['posture']}, {row['view']}"
            table.append([row["file"], label, told, "yes" if right else "NO", part, read, met])
    return table


def view_right(posture: str, camera: str, view: View) -> bool:
    """Tell whether the view is as labelled.

    "head to image right" is the side by posture: face down the right, on the back the left.
    """
    if view.posture not in POSTURES[posture]:
        return False
    if camera == "front":
        return view.facing == "front"
    supine = "back" in posture
    return view.facing == ("left" if supine else "right")


def expectation(part: str, name: str, found: Mapping[str, Measured]) -> tuple[str, str]:
    """Return what is read, and "yes", "NO", "unknown" or "–" where no measure speaks of it."""
    if part in _WORDS:
        measure, least = _WORDS[part]
        value = _value(found[name], measure)
        return (
            ("–", "unknown")
            if value is None
            else (f"{value:.0f}", "yes" if value > least else "NO")
        )
    for pattern, sign in _THAN:
        told = pattern.match(part)
        if told is not None:
            measure = {"neck": "neck_flexion"}.get(told["measure"], told["measure"])
            mine, other = (_value(found[each], measure) for each in (name, told["other"]))
            if mine is None or other is None:
                return "–", "unknown"
            met = (mine - other) * sign > 0
            return f"{mine:.0f} against {other:.0f}", "yes" if met else "NO"
    told = _RANGE.match(part)
    if told is None or f"{told['measure']}" not in CATALOGUE:
        return "–", "–"
    low, high = float(told["low"]), float(told["high"] or "inf")
    if told["sign"] == "<":
        low, high = float("-inf"), low
    values = _values(found[name], told["measure"], both=told["side"] == " both")
    known = [value for value in values if value is not None]
    if told["size"]:
        known = [abs(value) for value in known]
    if told["side"] == " to the right":
        known = [-value for value in known]
    text = " and ".join(f"{value:.0f}" for value in known) or "–"
    if not all(low <= value <= high for value in known):
        return text, "NO"
    return text, "yes" if len(known) == len(values) else "unknown"


def _values(measured: Measured, measure: str, both: bool) -> list[float | None]:
    if not CATALOGUE[measure].sided:
        return [_value(measured, measure)]
    from_side = measured.view.facing in ("left", "right")
    sides = [measured.view.near] if from_side and not both else ["left", "right"]
    return [_value(measured, f"{measure}_{side}") for side in sides]


def _value(measured: Measured, name: str) -> float | None:
    reading = measured.readings.get(name)
    return None if reading is None or not reading.confidence > 0 else float(reading.value)


def burnt_in(folder: Path, kept: Path | None, model: str | None) -> list[list[str]]:
    """Return a row for each recording with an angle burnt in: the peak against it.

    Those angles are drawn against the vertical or the trunk, and the recordings begin in the
    movement: no start pose is counted from.
    """
    table = []
    for file, name, low, high in BURNT_IN:
        tracker = ViewTracker()
        read = [
            measure(pose, [name], tracker.update(pose))[name]
            for pose in clean_poses(folder / file, kept, model)
            if pose.seen
        ]
        peak = max(abs(float(each.value)) for each in read if each.confidence > 0)
        off = peak - min(max(peak, low), high)
        wanted = f"{low:.0f}" if low == high else f"{low:.0f}..{high:.0f}"
        table.append([file, name, wanted, f"{peak:.0f}", f"{off:+.0f}"])
    return table
