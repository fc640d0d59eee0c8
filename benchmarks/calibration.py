"""Ranges a calibration finds, on clips of people whose joints are known.

    python -m benchmarks.calibration ../shared/clips [--landmarks DIR] [--write docs/calibration.md]

Does what ``posecoach calibrate EXERCISE --source CLIP`` does with every clip of an exercise
whose targets depend on a range, and prints what it found beside

- *true*: the same plateaus, trials and median in the true angles, so that only the
  instrument differs and not the definition of a range;
- *read*: the median of the measured angle while the true one was held, which is what the
  measures give whoever averages them. *found - read* is what the calibration itself adds.

``--landmarks`` names a folder in which the estimator's raw output is kept. ``--write`` puts the
table between the markers in a Markdown file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import recordings
from benchmarks.accuracy import table
from benchmarks.writing import write_between
from posecoach.body.catalogue import CATALOGUE
from posecoach.exercise.library import standard_library
from posecoach.observe import instrument
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Floats
from posecoach.profile.motion import motions_of_plan
from posecoach.profile.motion_readings import MotionReadings
from posecoach.profile.person import Range
from posecoach.profile.plateaus import Plateau, held_plateaus
from posecoach.profile.recording import ExerciseWatch, found
from posecoach.source.frame import Frame

_PICTURE = np.zeros((1, 1, 3), np.uint8)
REST_S = 1.0
"""The clips begin in the start pose for longer than this."""


@dataclass(frozen=True, slots=True)
class Row:
    """One motion of one clip; degrees, NaN where there is none.

    Attributes:
        true, read, found: see the module.
        trials: how many the calibration used.
        uncertainty: told beside the range.
        missed: why there is no range; empty where there is one.
    """

    clip: str
    title: str
    true: float
    read: float
    found: float
    trials: int
    uncertainty: float
    missed: str = ""

    @property
    def off(self) -> float:
        """Found less true."""
        return self.found - self.true


def rows_of(path: Path, kept: Path | None, model: str | None) -> Iterator[Row]:
    """Calibrate from one clip; nothing for clips of exercises without a range."""
    story = json.loads(path.with_suffix(".json").read_text())
    library = standard_library([])
    if story["exercise"] not in library.ids():
        return
    plan = make_plan(library.find(story["exercise"]))
    if not motions_of_plan(plan):
        return
    watch = ExerciseWatch(plan)
    for pose in recordings.clean_poses(path, kept, model):
        watch.see(Frame(_PICTURE, float(pose.time_s)), pose)
    came = found([watch])
    ranges = {each.motion: each for each in came.ranges}
    missed = dict(came.missed)
    with np.load(path.with_suffix(".npz")) as data:
        truth = {name: data[name].astype(float) for name in data.files}
    for gathered in watch.collected:
        motion = gathered.resolved
        title = f"{motion.side} {CATALOGUE[motion.stem].title}".removeprefix("both ")
        held = _true_plateaus(truth, motion.measure, motion.sign)
        own = Range(motion, tuple(each.level for each in held), 0.0) if held else None
        one = ranges.get(motion)
        yield Row(
            clip=path.stem,
            title=title,
            true=np.nan if own is None else own.deg,
            read=_read(gathered, held),
            found=np.nan if one is None else one.deg,
            trials=0 if one is None else len(one.trials),
            uncertainty=instrument.error_deg(motion.measure) if one is None else one.uncertainty,
            missed=missed.get(motion, ""),
        )


def _true_plateaus(truth: dict[str, Floats], name: str, sign: int) -> tuple[Plateau, ...]:
    times, values = truth["t_s"], truth[name] * sign
    zero = 0.0
    if CATALOGUE[name.removesuffix("_left").removesuffix("_right")].zero_from != "anatomy":
        zero = float(np.nanmedian(values[times <= times[0] + REST_S]))
    values = values - zero
    rest = float(np.nanmedian(values[times <= times[0] + REST_S]))
    return held_plateaus(times, values, rest=rest, least=3.0)


def _read(gathered: MotionReadings, held: Sequence[Plateau]) -> float:
    """The measure's median in each true plateau, from the zero a range is counted from."""
    times, values = (np.asarray(each) for each in gathered.recent(float("-inf")))
    levels = [
        float(np.nanmedian(values[inside])) - gathered.zero
        for each in held
        if np.isfinite(values[inside := (times >= each.start_s) & (times <= each.end_s)]).any()
    ]
    return median(sorted(levels)[-3:]) if levels else np.nan


HEAD = (
    "clip",
    "range",
    "true",
    "read",
    "found",
    "trials",
    "found - read",
    "found - true",
    "told ±",
)


def cells(row: Row) -> list[str]:
    """One row of the table."""
    numbers = ["–" if np.isnan(value) else f"{value:.1f}" for value in (row.true, row.read)]
    if row.missed:
        return [row.clip, row.title, *numbers, "–", "–", row.missed, "–", "–"]
    return [
        row.clip,
        row.title,
        *numbers,
        f"{row.found:.1f}",
        str(row.trials),
        f"{round(row.found - row.read, 1) + 0.0:+.1f}",
        f"{row.off:+.1f}",
        f"{row.uncertainty:.0f}",
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--landmarks", type=Path, help="folder of kept estimator output")
    parser.add_argument("--model", help="a pose model bundle of your own")
    parser.add_argument("--write", type=Path, help="Markdown file with markers")
    given = parser.parse_args()
    paths = [
        path for path in sorted(given.clips.glob("*.mp4")) if path.with_suffix(".npz").is_file()
    ]
    if not paths:
        sys.exit(f"There are no clips with descriptions in {given.clips}.")
    rows = [row for path in paths for row in rows_of(path, given.landmarks, given.model)]
    text = table(HEAD, [cells(row) for row in rows])
    added = [abs(row.found - row.read) for row in rows if not row.missed]
    off = [abs(row.off) for row in rows if not row.missed]
    told = sum(abs(row.off) <= row.uncertainty for row in rows if not row.missed)
    text += (
        f"\n\n{len(off)} ranges: off by {median(off):.1f}° in the middle and {max(off):.1f}° at "
        f"most; {told} lie within the uncertainty told beside them. To what the measure is off, "
        f"the calibration itself adds {median(added):.1f}° in the middle and {max(added):.1f}° at "
        "most."
    )
    print(text)
    if given.write is not None:
        write_between(given.write, "ranges", text)


if __name__ == "__main__":
    main()
