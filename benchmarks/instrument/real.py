"""Real people: what geometry and the instrument read in photos and recordings with labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import photos
from benchmarks.instrument.judge import KNOWN
from benchmarks.recordings import clean_poses
from posecoach.observe.measuring import Measurer
from posecoach.pose.pose import Pose

PHOTO_HEAD = ("photo", "expected", "geometry", "met", "told", "met")
REAL_HEAD = ("recording", "measure", "known", "geometry", "told", "spread")

RECORDINGS = (
    ("quickpose_health-back-rom.gif", "trunk_lateral_flexion", "20 at most"),
    ("quickpose_health-neck-rom.gif", "neck_lateral_flexion", "33 at most"),
    ("quickpose_health-shoulder-rom.gif", "shoulder_flexion_left", "166 to 177 at most"),
    ("people/desk_head_tilt_woman.mp4", "neck_lateral_flexion", "25 at most, by eye"),
    ("people/desk_doing_nothing.gif", "neck_flexion", "0"),
    ("people/desk_doing_nothing.gif", "trunk_turn", "0"),
    ("people/overhead_squat_twice.mp4", "shoulder_flexion_left", "overhead at most"),
)


def photo_rows(labels: Path, kept: Path | None) -> Iterator[list[str]]:
    """Yield a row for each expectation of each photo, by geometry and by the instrument."""
    told = photos.rows(labels, kept, None)
    before = photos.rows(labels, kept, None, fitted=False)
    for old, new in zip(before, told, strict=True):
        yield [old[0], old[4], old[5], old[6], new[5], new[6]]


def recording_rows(folder: Path, kept: Path | None) -> Iterator[list[str]]:
    """Yield a row for each recording: the largest reading by size, with its spread."""
    for name, measure, known in RECORDINGS:
        poses = list(clean_poses(folder / name, kept, None))
        row = [name, measure, known]
        spread = "-"
        for fitted in (False, True):
            value, spread = _largest(poses, measure, fitted)
            row.append(value)
        yield [*row, spread]


def _largest(poses: list[Pose], measure: str, fitted: bool) -> tuple[str, str]:
    measurer = Measurer((measure,), fitted)
    moments = [one for pose in poses for one in measurer.update(pose)]
    moments += list(measurer.finish())
    readings = [each.readings[measure] for each in moments if measure in each.readings]
    known = [each for each in readings if each.confidence >= KNOWN]
    if not known:
        return "-", "-"
    # A single moment may be a slip: of twenty the largest is left out.
    sizes = np.abs([float(each.value) for each in known])
    at = int(np.argsort(sizes)[int(0.95 * (len(sizes) - 1))])
    spread = getattr(known[at], "spread", np.nan)
    return f"{float(known[at].value):.0f}", f"{float(spread):.0f}"
