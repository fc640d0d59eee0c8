"""How far the measures are off, on clips of people whose joints are known.

    python -m benchmarks.accuracy ../shared/clips [--landmarks DIR] [--write docs/accuracy.md]

Runs everything that runs in a session: estimator, continuity, smoothing, view, measures; the
person's first second is their neutral. For each exercise, in its own view, and each measure
it uses, it prints over whole clips the mean absolute error, bias, standard deviation and
correlation, and in the correct holds what is read beside what is true. Of a body seen
from the side the near side is measured, as the view tells it.

Then: the errors of all measures by the confidence they were given with, and where values said
to be sure are far off; the posture and view told for each clip; other estimators of the
in-plane joints beside the chosen one; the photos of ``../photos`` against their labels; the
peaks of the recordings of ``../real`` against the angles burnt into them.

``--landmarks`` names a folder in which the estimator's raw output is kept, so that a
second run is quick. ``--write`` puts the tables between the markers in a Markdown file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import confidence, joint_estimators, photos, recordings
from benchmarks.confidence import Judged
from benchmarks.writing import write_between
from posecoach.body.catalogue import CATALOGUE, names, split_name
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.measuring import Measurer
from posecoach.observe.zero import ZERO_S
from posecoach.pose.pose import Floats

_CHILD = ("hip_flexion", "knee_flexion", "shoulder_flexion", "trunk_inclination", "elbow_flexion")
USES: dict[str, tuple[str, ...]] = {
    "overhead-reach": ("shoulder_flexion", "elbow_flexion", "trunk_lateral_flexion"),
    "wall-stretch": (
        "elbow_flexion",
        "shoulder_abduction",
        "trunk_turn",
        "trunk_lateral_flexion",
    ),
    "neck-flexion": ("neck_flexion", "neck_lateral_flexion", "trunk_lateral_flexion"),
    "shoulder-roll": ("shoulder_elevation", "shoulder_protraction"),
    "cat-cow": ("spine_flexion", "neck_flexion", *_CHILD),
    "childs-pose": ("spine_flexion", *_CHILD),
    "childs-pose-arms-back": _CHILD,
    "childs-pose-thread-the-needle": _CHILD[:4],
    "trunk-rotation": ("knees_drop", "knee_flexion"),
    "knee-to-chest": ("hip_flexion", "knee_flexion", "trunk_inclination", "neck_flexion"),
    "thoracic-extension": (
        "trunk_inclination",
        "spine_flexion",
        "hip_flexion",
        "knee_flexion",
        "shoulder_flexion",
        "elbow_flexion",
    ),
}
"""What each exercise is judged by (the measures of its targets and faults)."""

ENOUGH = 4
"""Holds that tell how far off a measure can be; of fewer the moments of whole clips tell more."""

WORKING = frozenset({"wall-stretch"})
"""Exercises in whose holds a sided measure is wanted of the working side alone."""

TRUTH = {"shoulder_abduction": "shoulder_flexion"}
"""The truth's shoulder angle is the one between arm and trunk, whatever the plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One clip, measured.

    Attributes:
        name: of its file.
        story: its description.
        time_s: (N,).
        truth: true angles by full name, each (N,).
        value: measured angles by full name, each (N,), NaN where unknown.
        confidence: theirs, each (N,), 0..1.
        views: N views.
    """

    name: str
    story: dict[str, Any]
    time_s: Floats
    truth: dict[str, Floats]
    value: dict[str, Floats]
    confidence: dict[str, Floats]
    views: tuple[View, ...]

    @property
    def view(self) -> str:
        """How the camera stands: "front", "feet", "three-quarter" or "side"."""
        return str(self.story["view"]).split(",")[0]

    @property
    def near(self) -> str | None:
        """The side nearer to the camera, in a side view."""
        return str(self.story["view"]).rsplit(maxsplit=1)[-1] if self.view == "side" else None


def measured(path: Path, kept: Path | None, model: str | None, every: bool = False) -> Clip:
    """Measure a clip through the whole pipeline.

    Args:
        path: the clip.
        kept: a folder of kept estimator output.
        model: a pose model bundle.
        every: not only what its exercise uses, but all measures with a truth, on both sides.
    """
    story = json.loads(path.with_suffix(".json").read_text())
    with np.load(path.with_suffix(".npz")) as data:
        truth = {name: data[name].astype(float) for name in data.files}
    if every:
        asked = [name for name in names() if _true_name(name) in truth]
    else:
        uses = USES.get(story["exercise"], ())
        sides = ("near",) if str(story["view"]).startswith("side") else ("left", "right")
        asked = [
            full
            for name in uses
            for full in ([f"{name}_{side}" for side in sides] if CATALOGUE[name].sided else [name])
        ]
    measurer = Measurer(asked)
    found = [
        each for pose in recordings.clean_poses(path, kept, model) for each in measurer.update(pose)
    ]
    found += list(measurer.finish())
    value, confidence = {}, {}
    for name in asked:
        told = [each.readings.get(name) for each in found]
        value[name] = np.array([np.nan if each is None else float(each.value) for each in told])
        confidence[name] = np.array([0.0 if each is None else each.confidence for each in told])
    views = tuple(each.view for each in found)
    return Clip(path.stem, story, truth["t_s"], truth, value, confidence, views)


def judged(clip: Clip) -> Iterator[Judged]:
    """Yield the errors of all measures of a clip."""
    for name in clip.value:
        measure, side = split_name(name)
        true = true_values(clip, name)
        if not np.isfinite(true).any():
            continue
        far = " (far side)" if side and clip.near and side != clip.near else ""
        where = f"{clip.story['exercise']}, {clip.view}"
        yield Judged(where, measure.name + far, clip.value[name] - true, clip.confidence[name])


def _true_name(name: str) -> str:
    for measure, true in TRUTH.items():
        name = name.replace(measure, true)
    return name


def true_values(clip: Clip, name: str) -> Floats:
    """Return the truth for a measure; from the first second where its zero is the start."""
    base, side = name, ""
    for word in ("_near", "_left", "_right"):
        if name.endswith(word):
            base, side = name.removesuffix(word), word
    side = f"_{clip.near}" if side == "_near" else side
    values = clip.truth[TRUTH.get(base, base) + side]
    # The neck's zero is the start pose from the front alone: from the side the profile shows it.
    absolute = base == "neck_flexion" and clip.near is not None
    if CATALOGUE[base].zero_from != "anatomy" and not absolute:
        values = values - np.nanmedian(values[clip.time_s <= clip.time_s[0] + ZERO_S])
    return values


@dataclass(frozen=True, slots=True)
class Hold:
    """One correct hold: side, median true and measured angle in it."""

    side: str
    true: float
    read: float


def holds(clip: Clip, name: str) -> Iterator[Hold]:
    """Yield the correct holds in which the measure is known."""
    true, read = true_values(clip, name), clip.value[name]
    for each in clip.story["holds"]:
        if not each["correct"]:
            continue
        one_sided = clip.story["exercise"] in WORKING and name.endswith(("_left", "_right"))
        if one_sided and not name.endswith(each["side"]):
            continue
        inside = (clip.time_s >= each["start_s"]) & (clip.time_s <= each["end_s"])
        inside &= np.isfinite(read) & np.isfinite(true)
        if inside.any():
            yield Hold(each["side"], float(np.median(true[inside])), float(np.median(read[inside])))


def error_row(clips: Sequence[Clip], exercise: str, view: str, measure: str) -> list[str] | None:
    """One row of the table: an exercise in a view, a measure."""
    pairs: list[tuple[Clip, str]] = [
        (clip, name)
        for clip in clips
        if clip.story["exercise"] == exercise and clip.view == view
        for name in clip.value
        if split_name(name)[0].name == measure
    ]
    true = [true_values(clip, name) for clip, name in pairs]
    read = [clip.value[name] for clip, name in pairs]
    if not pairs:
        return None
    t, r = np.concatenate(true), np.concatenate(read)
    known = np.isfinite(t) & np.isfinite(r)
    shown = f"{known.sum() / max(1, np.isfinite(t).sum()):.0%}"
    moves = f"{np.nanmin(t):.0f}..{np.nanmax(t):.0f}" if np.isfinite(t).any() else "–"
    if known.sum() < 10:
        return [f"{exercise}, {view}", measure, moves, shown, *["–"] * 9]
    error = r[known] - t[known]
    own = [value for a, b in zip(true, read, strict=True) if (value := correlation(a, b))]
    found = [hold for clip, name in pairs for hold in holds(clip, name)]
    lateral = CATALOGUE[measure].lateral
    off = [(hold.read - hold.true) * (np.sign(hold.true) if lateral else 1.0) for hold in found]
    size = [abs(hold.true) if lateral else hold.true for hold in found]
    seen = [hold.read * (np.sign(hold.true) if lateral else 1.0) for hold in found]
    return [
        f"{exercise}, {view}",
        measure,
        moves,
        shown,
        f"{np.abs(error).mean():.1f}",
        f"{error.mean():+.1f}",
        f"{error.std():.1f}",
        f"{pooled:.2f}" if (pooled := correlation(t, r)) else "–",
        f"{min(own):.2f}" if own else "–",
        f"{np.median(size):.0f}" if found else "–",
        f"{np.median(seen):.0f} ({min(seen):.0f}..{max(seen):.0f})" if found else "–",
        f"{np.mean(off):+.1f}" if found else "–",
        f"{_nine_of_ten(np.abs(off if len(off) >= ENOUGH else error)):.1f}",
    ]


def _nine_of_ten(off: Floats) -> float:
    """What nine of ten are off by at most; of fewer than ten all."""
    return float(np.percentile(off, 90, method="higher"))


def correlation(true: Floats, read: Floats) -> float | None:
    """Return Pearson's r, None where the truth hardly moves."""
    known = np.isfinite(true) & np.isfinite(read)
    if known.sum() < 10 or np.ptp(true[known]) < 8 or np.std(read[known]) == 0:
        return None
    return float(np.corrcoef(true[known], read[known])[0, 1])


HEAD = (
    "exercise, view",
    "measure",
    "true range",
    "known",
    "MAE",
    "bias",
    "SD",
    "r",
    "r, worst clip",
    "true in holds",
    "read in holds",
    "bias in holds",
    "9 of 10 within",
)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def error_rows(clips: Sequence[Clip]) -> list[list[str]]:
    """The rows of the main table."""
    rows = []
    for exercise, uses in USES.items():
        views = sorted({clip.view for clip in clips if clip.story["exercise"] == exercise})
        for view in views:
            for measure in uses:
                row = error_row(clips, exercise, view, measure)
                if row is not None:
                    rows.append(row)
    return rows


def views_told(clips: Sequence[Clip]) -> str:
    """The view and posture told for each clip, by share of its frames."""
    rows = []
    for clip in clips:
        told = Counter(f"{view.facing}, {view.posture}" for view in clip.views if view != UNKNOWN)
        total = max(1, sum(told.values()))
        text = "; ".join(f"{what} {n / total:.0%}" for what, n in told.most_common(4))
        rows.append([clip.name, str(clip.story["view"]), text])
    return table(("clip", "camera", "told (share of frames)"), rows)


def report(folder: Path, kept: Path | None, model: str | None) -> str:
    """Run everything; return the tables."""
    paths = sorted(path for path in folder.glob("*.mp4") if path.with_suffix(".json").is_file())
    if not paths:
        sys.exit(f"There are no clips with descriptions in {folder}.")
    clips: list[Clip] = []
    errors: list[Judged] = []
    for path in paths:
        print(path.stem, file=sys.stderr)
        clips.append(measured(path, kept, model))
        if clips[-1].story["exercise"] != "none":
            errors += judged(measured(path, kept, model, every=True))
    rows = error_rows(clips)
    parts = [
        "### Errors against the truth\n\n" + table(HEAD, rows),
        "### Errors by confidence: MAE (share of the known frames)\n\n"
        + table(confidence.HEAD, confidence.rows(errors)),
        f"### Sure (above {confidence.SURE}) and more than {confidence.WRONG_DEG:.0f}° off\n\n"
        + table(confidence.WRONG_HEAD, confidence.sure_and_wrong(errors)),
        "### View and posture told\n\n" + views_told(clips),
        "### Other estimators of the joints: MAE (bias)\n\n"
        + table(joint_estimators.HEAD, joint_estimators.rows(paths, kept, model)),
    ]
    labels = folder.parent / "photos" / "labels.csv"
    if labels.is_file():
        labelled = photos.rows(labels, kept, model)
        parts.append("### Photos against their labels\n\n" + table(photos.HEAD, labelled))
    real = folder.parent / "real"
    if real.is_dir():
        burnt = photos.burnt_in(real, kept, model)
        parts.append("### Angles burnt into recordings\n\n" + table(photos.BURNT_HEAD, burnt))
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--landmarks", type=Path, help="folder of kept estimator output")
    parser.add_argument("--model", help="a pose model bundle of your own")
    parser.add_argument("--write", type=Path, help="Markdown file with markers")
    given = parser.parse_args()
    text = report(given.clips, given.landmarks, given.model)
    print(text)
    if given.write is not None:
        write_between(given.write, "accuracy", text)


if __name__ == "__main__":
    main()
