"""The instrument beside geometry on recordings it was not fitted on: clips with truth, photos."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.instrument.judge import KNOWN, covered
from benchmarks.instrument.used import USED, shows_silhouette
from benchmarks.recordings import clean_poses
from benchmarks.true_angles import TrueBody
from posecoach.body.catalogue import CATALOGUE, measure, neutral_of
from posecoach.body.measure import Neutral, Reading
from posecoach.body.silhouette import drawn
from posecoach.body.view import View
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.instrument import instrument
from posecoach.observe.instrument.bodies import DRAWN
from posecoach.observe.precision import known
from posecoach.observe.turns import goes_round, half_turn
from posecoach.observe.zero import ZERO_S
from posecoach.pose.pose import Pose

HEAD = (
    "stretch",
    "measure",
    "clips",
    "holds",
    "as it was: MAE/SD/known",
    "told: MAE/SD/known",
    "bias",
    "90 % covers",
)


@dataclass(frozen=True, slots=True)
class Held:
    """One measure in the middle of one hold; NaN where unknown."""

    clip: str
    stretch: str
    measure: str
    true: float
    before: float
    told: float
    spread: float


def holds(folder: Path, kept: Path | None, only: str = "") -> Iterator[Held]:
    """Measure the middle of each hold of the clips of a folder.

    Args:
        folder: clips with labels and truth.
        kept: kept landmarks.
        only: the beginning of the names of the clips to take.
    """
    for label in sorted(folder.glob(f"{only}*.json")):
        about = json.loads(label.read_text())
        stretch = about.get("exercise")
        if stretch not in USED or not about.get("holds"):
            continue
        if kept is not None and not (kept / f"{label.stem}.npz").is_file():
            continue
        yield from _holds(label, about, kept)


def _holds(label: Path, about: Mapping[str, object], kept: Path | None) -> Iterator[Held]:
    stretch = str(about["exercise"])
    true = TrueBody(label.with_suffix(".npz"))
    names = [
        each
        for name in USED[stretch]
        for each in ([f"{name}_left", f"{name}_right"] if CATALOGUE[name].sided else [name])
    ]
    columns = {name: true.series(name) for name in names}
    poses = [pose for pose in clean_poses(label.with_suffix(".mp4"), kept, None) if pose.seen]
    if not shows_silhouette(stretch):
        poses = [replace(pose, mask=None) for pose in poses]
    if not poses:
        return
    tracker = ViewTracker()
    views = [tracker.update(pose) for pose in poses]
    times = np.array([float(pose.time_s) for pose in poses])
    first = int(np.searchsorted(times, times[0] + ZERO_S))
    beginning = _series(poses[: max(first, 1)])
    neutral = neutral_of(beginning, views[: max(first, 1)], names)
    neutral = _with_outline(neutral, beginning, views[0])
    for hold in about["holds"]:  # type: ignore[attr-defined]
        middle = (hold["start_s"] + hold["end_s"]) / 2
        at = int(np.abs(times - middle).argmin())
        moment = int(np.abs(true.time_s - times[at]).argmin())
        before = measure(poses[at], names, views[at], neutral)
        told = instrument().read(poses[at], names, views[at], neutral)
        for name in names:
            now = told[name]
            yield Held(
                label.stem,
                stretch,
                name,
                float(columns[name][moment]),
                _value(before[name]),
                _value(now),
                float(now.spread),
            )


def _with_outline(neutral: Neutral, beginning: Pose, view: View) -> Neutral:
    """Return the start pose with what its silhouette showed, too."""
    if beginning.mask is None:
        return neutral
    shown = {name: known(each) for name, each in drawn(beginning, DRAWN, view).items()}
    medians = {k: float(np.nanmedian(v)) for k, v in shown.items() if np.isfinite(v).any()}
    return Neutral(neutral.pose, {**neutral.values, **medians})


def _series(poses: list[Pose]) -> Pose:
    series = Pose.series(poses)
    masks = [pose.mask for pose in poses if pose.mask is not None]
    return replace(series, mask=np.stack(masks)) if len(masks) == len(poses) else series


def _value(reading: Reading) -> float:
    return float(reading.value) if reading.confidence >= KNOWN else float("nan")


def table(found: list[Held]) -> list[list[str]]:
    """Return a row for each stretch and measure."""
    rows = []
    for stretch, measures in USED.items():
        for name in measures:
            part = [
                each
                for each in found
                if each.stretch == stretch
                and each.measure.removesuffix("_left").removesuffix("_right") == name
                and np.isfinite(each.true)
            ]
            if not part:
                continue
            true, before, told, spread = (
                np.array([getattr(each, key) for each in part])
                for key in ("true", "before", "told", "spread")
            )
            if goes_round(part[0].measure):
                before, told = (true + half_turn(each - true) for each in (before, told))
            off = told - true
            rows.append(
                [
                    stretch,
                    name,
                    str(len({each.clip for each in part})),
                    str(len(part)),
                    _errors(before - true),
                    _errors(off),
                    f"{np.nanmean(off) if np.isfinite(off).any() else np.nan:+.1f}",
                    covered(off, spread),
                ]
            )
    return rows


def _errors(off: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    seen = off[np.isfinite(off)]
    if not len(seen):
        return "-/-/0%"
    return f"{np.abs(seen).mean():.1f}/{seen.std():.1f}/{len(seen) / len(off):.0%}"
