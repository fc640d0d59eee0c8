"""The joints and the trunk against clips of people whose angles are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from posecoach.body import points
from posecoach.body.catalogue import measure
from posecoach.body.view import View
from posecoach.observe.measuring import Measurer
from posecoach.pose.pose import Floats, Pose
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source

JOINTS = ("elbow_flexion", "shoulder_flexion", "hip_flexion", "knee_flexion")


@pytest.mark.parametrize(
    "name",
    [
        "overhead-reach-elbows-bend",
        "wall-stretch-correct",
        "cat-cow-correct",
        "childs-pose-correct",
    ],
)
def test_from_true_landmarks_the_formulas_give_the_true_angles(
    shared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of a true depth is to be believed, and true joint centres need not be put back.
    monkeypatch.setattr(points, "DEPTH_SHARE", 1.0)
    monkeypatch.setattr(points, "HIP_CREASE", 0.0)
    monkeypatch.setattr(points, "ANKLE_BEHIND", 0.0)
    clip = shared / "clips" / name
    story = json.loads(clip.with_suffix(".json").read_text())
    with np.load(clip.with_suffix(".npz")) as data:
        truth = {each: data[each].astype(float) for each in data.files}
    # What the truth does not model (the mouth, corners of the eyes) is at the nose.
    image, world = (
        np.where(np.isnan(truth[each]), truth[each][:, :1], truth[each])
        for each in ("image", "world")
    )
    pose = Pose(truth["t_s"], image, world, np.ones(image.shape[:2]), (640, 480))
    front = story["view"] == "front"
    near = "left" if front else story["view"].rsplit(maxsplit=1)[-1]
    view = View("front" if front else near, "unknown", near, 0.0 if front else 90.0)
    asked = [f"{joint}_{near}" for joint in JOINTS] + ["trunk_inclination"]
    for full, reading in measure(pose, asked, view).items():
        known = np.isfinite(reading.value)
        assert known.mean() > 0.9, full
        error = np.abs(reading.value - truth[full])[known]
        # The camera stands near: perspective alone turns a segment by some degrees.
        assert np.median(error) < 4, full
    if front:
        lean = measure(pose, ["trunk_lateral_flexion"], view)["trunk_lateral_flexion"]
        assert np.abs(lean.value - truth["trunk_lateral_flexion"]).max() < 4


def read_clip(
    path: Path, bundle: Path, names: tuple[str, ...], until_s: float
) -> dict[str, Floats]:
    """Measure the beginning of a clip through all that runs in a session."""
    measurer = Measurer(names)
    found = []
    with open_source(str(path)) as source, Eyes(bundle, masks=measurer.needs_mask) as eyes:
        for frame in source.frames():
            if frame.time_s > until_s:
                break
            found += list(measurer.update(eyes.estimate(frame.image, frame.time_s)))
    found += list(measurer.finish())
    return {name: np.array([float(each.readings[name].value) for each in found]) for name in names}


@pytest.mark.parametrize(
    ("name", "measures", "until_s"),
    [
        (
            "wall-stretch-elbow-not-90",
            ("elbow_flexion_right", "shoulder_abduction_right", "trunk_lateral_flexion"),
            9.0,
        ),
        (
            "childs-pose-hips-off-heels",
            ("hip_flexion_near", "knee_flexion_near", "trunk_inclination"),
            8.0,
        ),
    ],
)
def test_a_clip_is_measured_within_five_degrees(
    shared: Path, bundle: Path, name: str, measures: tuple[str, ...], until_s: float
) -> None:
    path = shared / "clips" / f"{name}.mp4"
    with np.load(path.with_suffix(".npz")) as data:
        truth = {each: data[each].astype(float) for each in data.files}
    for full, read in read_clip(path, bundle, measures, until_s).items():
        true = truth[full.replace("_near", "_left").replace("abduction", "flexion")][: len(read)]
        assert np.isfinite(read).mean() > 0.95, full
        assert np.nanmean(np.abs(read - true)) < 5, full
