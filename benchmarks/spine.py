"""How well the silhouette tells the spine's curve, on clips with a known one.

    python -m benchmarks.spine ../shared/clips [--landmarks DIR | --model FILE]

Prints, as tables for docs/spine.md, the raw ``spine_flexion`` less its median over the
clip's first second (the start pose) against the truth:

- for each clip and pooled: how many frames are known, correlation, gain (degrees measured
  a degree of truth), scatter (SD about the fitted line, in degrees of truth), MAE;
- for each kind of hold: the sign and the median in it;
- the gain from one person's cat-cow, tried on the other person's;
- in which clips where it should be unknown it is not;
- the time one frame takes.

``--landmarks`` names a folder of ``CLIP.npz`` with the estimator's raw output (``t`` (N,)
s, ``image`` (N, 33, 2 or more) pixels, ``world`` (N, 33, 3) m, ``visibility`` (N, 33)) and
``CLIP.mask.npz`` (``mask`` (N, height, width) uint8, 255 = surely the person); without it
the estimator runs. How the camera stands to the body is read from the clip's description.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.spine import GAIN, MEASURES
from posecoach.body.view import Side, View
from posecoach.pose.pose import Floats, Pose

CURVED = (
    ("cat-cow", "cat-cow"),
    ("childs-pose-arms-back", "child's pose, arms back"),
    ("childs-pose-thread-the-needle", "thread the needle"),
    ("childs-pose", "child's pose"),
    ("thoracic-extension", "thoracic extension"),
)
START_S = 1.0
STEPS = {"cat": 1, "cow": -1, "child's pose": 1, "lie back": -1, "arms overhead": -1}
"""Steps whose holds curve the spine, and to which side."""


@dataclass(frozen=True, slots=True)
class Run:
    """One clip, measured: times (N,), truth (N,), value from the start pose (N,)."""

    name: str
    story: dict[str, Any]
    time_s: Floats
    truth: Floats
    value: Floats
    confidence: Floats
    took_ms: float

    @property
    def exercise(self) -> str:
        return next((title for id_, title in CURVED if self.name.startswith(id_)), "")

    @property
    def known(self) -> Floats:
        """(N,) bool."""
        return np.isfinite(self.value)

    @property
    def person(self) -> str:
        return str(self.story["person"])


def seen_from(story: dict[str, Any]) -> View:
    """Where the camera stands, as the clip's description tells."""
    if "feet" in story["view"]:
        return View("feet", "lying", "left", 0.0)
    azimuth = float(story["camera"]["azimuth_deg"])
    near: Side = "left" if azimuth >= 0 else "right"
    if abs(azimuth) < 20:
        return View("front", "unknown", near, abs(azimuth))
    if abs(azimuth) < 60:
        return View("three-quarter", "unknown", near, abs(azimuth))
    return View(near, "unknown", near, abs(azimuth))


def cached(folder: Path, name: str, size: tuple[int, int]) -> Iterator[Pose]:
    """Poses of a clip whose landmarks and masks were kept."""
    kept = np.load(folder / f"{name}.npz")
    masks = np.load(folder / f"{name}.mask.npz")["mask"]
    for i, moment in enumerate(kept["t"]):
        yield Pose(
            time_s=np.asarray(float(moment)),
            image=kept["image"][i, :, :2].astype(np.float64),
            world=kept["world"][i].astype(np.float64),
            visibility=kept["visibility"][i].astype(np.float64),
            size=size,
            mask=masks[i].astype(np.float32) / 255,
        )


def estimated(clip: Path, model: Path | None) -> Iterator[Pose]:
    """Poses of a clip from the estimator."""
    import cv2

    from posecoach.pose.bundle import resolve_bundle
    from posecoach.pose.estimator import PoseEstimator

    video = cv2.VideoCapture(str(clip))
    with PoseEstimator(resolve_bundle(model), masks=True) as estimator:
        while True:
            moment = video.get(cv2.CAP_PROP_POS_MSEC) / 1000
            good, image = video.read()
            if not good:
                break
            yield estimator.estimate(np.asarray(image, dtype=np.uint8), moment)
    video.release()


def run(clips: Path, name: str, landmarks: Path | None, model: Path | None) -> Run:
    story = json.loads((clips / f"{name}.json").read_text())
    true = np.load(clips / f"{name}.npz")
    size = int(story["width"]), int(story["height"])
    view = seen_from(story)
    poses = estimated(clips / f"{name}.mp4", model) if landmarks is None else None
    values, confidences, took = [], [], []
    for pose in poses or cached(landmarks or clips, name, size):
        begun = time.perf_counter()
        reading = MEASURES[0].estimate(pose, view, None, None)
        took.append(time.perf_counter() - begun)
        values.append(float(reading.value))
        confidences.append(float(reading.confidence))
    n = min(len(values), len(true["t_s"]))
    value = np.array(values[:n])
    start = value[true["t_s"][:n] < START_S]
    zero = np.median(start[np.isfinite(start)]) if np.isfinite(start).any() else np.nan
    return Run(
        name,
        story,
        true["t_s"][:n].astype(np.float64),
        true["spine_flexion"][:n].astype(np.float64),
        value - (0.0 if np.isnan(zero) else zero),
        np.array(confidences[:n]),
        1000 * float(np.median(took)),
    )


def against_truth(runs: list[Run]) -> str:
    """Known share, correlation, gain, scatter, MAE; as cells of a table."""
    known = np.concatenate([each.known for each in runs])
    value = np.concatenate([each.value for each in runs])[known]
    truth = np.concatenate([each.truth for each in runs])[known]
    gain, offset = np.polyfit(truth, value, 1)
    scatter = np.std((value - offset) / gain - truth)
    error = np.abs(value - truth).mean()
    r = np.corrcoef(value, truth)[0, 1]
    return f"{known.mean():.0%} | {r:.3f} | {gain:.2f} | {scatter:.1f} | {error:.1f}"


def print_truth(runs: list[Run]) -> None:
    print("| clip | person | known | r | gain | scatter | MAE |\n|---|---|---|---|---|---|---|")
    for _, title in CURVED:
        group = [each for each in runs if each.exercise == title]
        if not group:
            continue
        for each in group:
            print(f"| {each.name} | {each.person} | {against_truth([each])} |")
        print(f"| **{title}, all** | | {against_truth(group)} |")


def print_holds(runs: list[Run]) -> None:
    print("\n| step | holds | right sign | true, median | measured: least to most | confidence |")
    print("|---|---|---|---|---|---|")
    for step, sign in STEPS.items():
        true, got, sure = [], [], []
        for each in runs:
            for hold in each.story["holds"]:
                if hold["step"] != step:
                    continue
                during = (each.time_s >= hold["start_s"]) & (each.time_s <= hold["end_s"])
                during &= each.known
                if not during.any():
                    got.append(np.nan)
                    continue
                true.append(np.median(each.truth[during]))
                got.append(np.median(each.value[during]))
                sure.append(np.median(each.confidence[during]))
        right = int((np.array(got) * sign > 0).sum())
        print(
            f"| {step} | {len(got)} | {right} | {np.median(true):.0f} | "
            f"{np.nanmin(got):.0f} to {np.nanmax(got):.0f} | {np.median(sure):.2f} |"
        )


def print_other_person(runs: list[Run]) -> None:
    cats = [each for each in runs if each.exercise == "cat-cow"]
    print("\n| gain from | gain | tried on | MAE there |\n|---|---|---|---|")
    for person in sorted({each.person for each in cats}):
        own = [each for each in cats if each.person == person]
        others = [each for each in cats if each.person != person]
        truth = np.concatenate([each.truth[each.known] for each in own])
        value = np.concatenate([each.value[each.known] for each in own])
        gain = np.polyfit(truth, value, 1)[0]
        error = np.concatenate([(each.value / gain - each.truth)[each.known] for each in others])
        name = "".join(sorted({each.person for each in others}))
        print(f"| {person} | {gain * GAIN:.2f} | {name} | {np.abs(error).mean():.1f} |")


def print_unknown(runs: list[Run]) -> None:
    print("\n| clip where it means nothing | view | frames known | most confident |")
    print("|---|---|---|---|")
    for each in runs:
        known = each.known
        most = each.confidence.max()
        print(f"| {each.name} | {each.story['view']} | {known.mean():.0%} | {most:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("clips", type=Path)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--landmarks", type=Path, help="folder of kept landmarks and masks")
    source.add_argument("--model", type=Path, help="pose landmarker bundle")
    given = parser.parse_args()
    names = sorted(file.stem for file in given.clips.glob("*.json"))
    runs = [run(given.clips, name, given.landmarks, given.model) for name in names]
    told = [each for each in runs if each.exercise and "side" in each.story["view"]]
    print_truth(told)
    print_holds([each for each in told if "thread" not in each.name])
    print_other_person(told)
    print_unknown([each for each in runs if each not in told])
    print(f"\nOne frame: {np.median([each.took_ms for each in told]):.2f} ms (median).")


if __name__ == "__main__":
    main()
