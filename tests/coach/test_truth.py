"""Every definition against its truth traces: the true angles of rendered people.

What the estimator makes of the pictures has its own benchmark (``benchmarks.coaching``); here
the definitions and the coach alone are judged: with every joint known they must be right.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.catalogue import measure_series
from posecoach.body.landmark_angle import landmark, landmark_angle
from posecoach.body.view import View
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from tests.helpers.traces import Moment, follow
from tests.helpers.truth import TrueClip, true_clip

HOLD_S = 2.0
FAULT_WITHIN_S = 1.0
HOLD_WITHIN_S = 0.5

CLIPS = [
    *(f"cat-cow-{form}" for form in ("correct", "elbows-bend", "head-still")),
    *(f"childs-pose-{form}" for form in ("correct", "elbows-bent", "hips-off-heels")),
    *(
        f"childs-pose-arms-back-{form}"
        for form in ("correct", "arms-drift-forward", "hips-off-heels")
    ),
    *(f"knee-to-chest-{form}" for form in ("correct", "head-lifts", "one-leg-lags")),
    *(f"neck-flexion-{form}" for form in ("correct", "chin-comes-up", "shoulder-rises")),
    *(f"overhead-reach-{form}" for form in ("correct", "elbows-bend", "small-range")),
    "overhead-reach-hips-slide",
    *(f"shoulder-roll-{form}" for form in ("correct", "one-side-only", "shrug-only")),
    *(f"thoracic-extension-{form}" for form in ("correct", "buttocks-lift", "head-hangs-back")),
    *(f"trunk-rotation-{form}" for form in ("correct", "legs-straighten", "shoulder-lifts")),
    *(f"wall-stretch-{form}" for form in ("correct", "elbow-not-90", "trunk-leans")),
    *(
        f"childs-pose-thread-the-needle-{form}"
        for form in ("correct", "arm-not-across", "hips-lift")
    ),
]
POSTURES = {"childs": "kneeling", "cat": "all-fours", "knee": "lying", "trunk": "lying"}


def _view(clip: TrueClip, name: str) -> View:
    seen = clip.labels["view"]
    posture = POSTURES.get(name.split("-")[0], "upright")
    for side in ("left", "right"):
        if f"own {side}" in seen:
            return View(side, posture, side, 90.0)  # type: ignore[arg-type]
    facing = {"feet": "feet", "three-quarter": "three-quarter"}.get(seen, "front")
    return View(facing, posture, "left", 0.0)  # type: ignore[arg-type]


def _true_moments(clip: TrueClip, name: str, measures: tuple[str, ...]) -> list[Moment]:
    """The truth under the names a definition uses.

    The truth knows one angle between arm and trunk, whatever the plane. What is no joint angle
    (how far a hand reaches, where the legs stand) is measured on the true landmarks.
    """
    view = _view(clip, name)
    far = "right" if view.near == "left" else "left"
    columns: dict[str, np.ndarray] = {}
    for full in measures:
        own = full.replace("_near", f"_{view.near}").replace("_far", f"_{far}")
        own = own.replace("shoulder_abduction", "shoulder_flexion")
        if own in clip.truth:
            columns[full] = clip.truth[own]
        elif full.startswith("angle("):
            corners = [landmark(part, view) for part in full[6:-1].split(",")]
            columns[full] = landmark_angle(clip.pose, *corners).value
        else:
            views = [view] * len(clip.pose.time_s)
            columns[full] = measure_series(clip.pose, views, [full], clip.neutral)[full].value
    return [
        (float(time_s), {full: float(column[index]) for full, column in columns.items()})
        for index, time_s in enumerate(clip.pose.time_s)
    ]


@pytest.mark.parametrize("name", CLIPS)
def test_true_angles_give_true_counts_holds_and_faults(shared: Path, name: str) -> None:
    clip = true_clip(shared, name)
    exercise = standard_library().find(clip.labels["exercise"])
    plan = make_plan(exercise, hold=HOLD_S)
    moments = _true_moments(clip, name, plan.measures)
    view = replace(_view(clip, name), posture="unknown")
    result = follow(exercise, moments, view=view, hold=HOLD_S).result
    for side in ("left", "right", "both"):
        assert result.repetitions[side] == clip.labels["repetitions"][side]
    for true in (hold for hold in clip.labels["holds"] if hold["correct"]):
        apart = [
            max(abs(hold.start_s - true["start_s"]), abs(hold.end_s - true["end_s"]))
            for hold in result.holds
            if hold.completed and hold.side == true["side"]
        ]
        assert min(apart) <= HOLD_WITHIN_S
    told = [(fault.fault, fault.side, fault.start_s) for fault in result.faults]
    for true in (each for each in clip.labels["faults"] if each["fault"] != "half-range"):
        same = [
            each
            for each in told
            if each[:2] == (true["fault"], true["side"])
            and abs(each[2] - true["start_s"]) <= FAULT_WITHIN_S
        ]
        assert same, f"{true} is not among {told}"
        told.remove(same[0])
    assert not told
    tried = sorted((attempt.start_s, attempt.end_s) for attempt in result.ended)
    for (_, end_s), (start_s, _) in pairwise(tried):
        assert start_s >= end_s, "one body cannot try two things at once"


def test_every_clip_is_here(shared: Path) -> None:
    there = {path.stem for path in (shared / "clips").glob("*.json")} - {"standing-about"}
    assert there == set(CLIPS)
    assert {
        json.loads((shared / "clips" / f"{name}.json").read_text())["exercise"] for name in CLIPS
    } == set(standard_library().ids()) - {"knee-to-chest-single"}


@pytest.mark.parametrize("id_", standard_library().ids())
def test_standing_about_is_no_exercise(shared: Path, id_: str) -> None:
    clip = true_clip(shared, "standing-about")
    exercise = standard_library().find(id_)
    plan = make_plan(exercise, hold=HOLD_S)
    moments = _true_moments(clip, "standing-about", plan.measures)
    view = _view(clip, "standing-about")
    result = follow(exercise, moments, view=view, hold=HOLD_S).result
    assert not any(result.repetitions.values())
