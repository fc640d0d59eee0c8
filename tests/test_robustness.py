"""The robustness campaigns in short form, and what the long ones found."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks import broken_definitions, broken_landmarks
from benchmarks.broken_videos import analyzed, bits_flipped, rotated, tiny, truncated, written
from benchmarks.robustness import campaign
from posecoach.body.measure import Reading
from posecoach.body.view_tracker import ViewTracker
from posecoach.exercise.library import standard_library
from posecoach.observe.precision import kept_pose, kept_reading
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from tests.helpers.stick_body import Body, seen

PICTURE = np.zeros((1, 1, 3), np.uint8)


def test_broken_definitions_are_refused_or_fit_to_coach_by() -> None:
    outcomes, findings = campaign(broken_definitions.trial, 200, seed=2)
    assert findings == []
    assert outcomes["refused"] > 50
    assert outcomes["accepted and coached"] > 20


def test_broken_landmarks_end_no_session() -> None:
    outcomes, findings = campaign(broken_landmarks.trial, 120, seed=2)
    assert findings == []
    assert outcomes["somebody was coached"] > 60


def test_a_campaign_tells_what_it_finds() -> None:
    def trial(random: Random) -> str:
        if random.random() < 0.5:
            raise ZeroDivisionError("found")
        return "fine"

    outcomes, findings = campaign(trial, 40, seed=1)
    assert outcomes["fine"] + len(findings) == 40
    assert "ZeroDivisionError: found" in findings[0]
    with pytest.raises(ZeroDivisionError):
        trial(Random(findings[0].partition(":")[0]))


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("broken", [truncated, bits_flipped, rotated, tiny])
def test_broken_videos_end_in_a_result_or_a_sentence(
    broken: object, seed: int, tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSECOACH_MODEL", str(bundle))
    assert analyzed(broken(tmp_path, Random(seed)))  # type: ignore[operator]


def test_very_slow_and_very_short_videos_are_coached(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSECOACH_MODEL", str(bundle))
    assert analyzed(written(tmp_path / "one.mp4", 1)) == "coached"


# -- what the campaigns found ----------------------------------------------------------------


def standing(time_s: float) -> Pose:
    return replace(seen(Body()), time_s=np.asarray(time_s))


def test_a_clock_that_goes_back_by_hours_does_not_end_the_view() -> None:
    tracker = ViewTracker()
    tracker.update(standing(1e6))
    assert tracker.update(standing(0.0)).facing == "front"


def test_a_direction_that_cannot_be_told_leaves_the_last_one() -> None:
    tracker = ViewTracker()
    turned = tracker.update(standing(0.0)).turned_deg
    nowhere = replace(standing(0.1), world=np.full((33, 3), np.nan))
    assert tracker.update(nowhere).turned_deg == turned


def test_a_picture_of_another_size_is_not_averaged_with_the_last() -> None:
    tracker = ViewTracker()
    tracker.update(standing(0.0))
    small = standing(0.1)
    tracker.update(replace(small, image=small.image / 10, size=(64, 48)))
    assert tracker.view.posture == "upright"


def test_resting_goes_on_when_the_picture_changes_its_size() -> None:
    session = Session(make_plan(standard_library().find("wall-stretch")), "broken")
    for number in range(40):
        pose = standing(number / 10)
        size = (640, 480) if number < 20 else (1280, 960)
        session.see(
            Frame(PICTURE, number / 10), replace(pose, image=pose.image * size[0] / 640, size=size)
        )
    assert session.observer.neutral is not None
    assert session.observer.neutral.pose.size == (1280, 960)


def test_a_visibility_beyond_its_range_is_no_trust() -> None:
    wild = standing(0.0).visibility.copy()
    wild[:3] = -5.0, math.inf, math.nan
    kept = kept_pose(replace(standing(0.0), visibility=wild)).visibility
    assert kept[:2].tolist() == [0.0, 1.0]
    assert math.isnan(kept[2])


def test_what_no_joint_can_do_is_unknown() -> None:
    given = Reading(np.array(1.5e6), np.array(0.9))
    kept = kept_reading(given)
    assert math.isnan(float(kept.value))
    assert float(kept.confidence) == 0.0


@pytest.mark.parametrize("seed", ["1/835", "1/983", "1/4092", "1/7486", "1/9725", "2/3"])
def test_streams_that_once_failed(seed: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert broken_landmarks.trial(Random(seed))


def test_numbers_of_no_size_are_kept_as_the_farthest_without_a_warning() -> None:
    wild = standing(0.0).image.copy()
    wild[0] = 1e308, -math.inf
    kept = kept_pose(replace(standing(0.0), image=wild)).image
    assert np.isfinite(kept[0]).all()
