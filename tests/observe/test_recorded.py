"""Measuring over arrays what was measured frame by frame: the same numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.observe.observer import Observer
from posecoach.observe.precision import kept_pose
from posecoach.observe.recorded import RecordedObserver
from tests.helpers.store_sessions import clip, kept_moments, plan_of

RESTING = range(10, 40)
"""Moments in which the person is taken to rest: enough for a zero that grows and then moves on."""


@pytest.mark.parametrize("fitted", [False, True])
def test_many_moments_are_read_as_one_after_the_other(fitted: bool) -> None:
    names = (*plan_of().measures, "trunk_turn", "angle(left_hip,left_shoulder,left_elbow)")
    series = clip().poses
    assert series is not None
    gone = series.image.copy()
    gone[60:64] = np.nan  # nobody is seen for a moment
    poses = replace(kept_pose(series), image=kept_pose(replace(series, image=gone)).image)
    observer = Observer(names, fitted=fitted)
    recorded = RecordedObserver(kept_moments(poses), names, fitted=fitted)
    for index, given in enumerate(recorded):
        seen = observer.observe(moments(poses, index))  # type: ignore[arg-type]
        assert given.view == seen.view
        assert given.seen == seen.pose.seen
        np.testing.assert_array_equal(
            [given.values.get(name, np.nan) for name in names],
            [seen.values.get(name, np.nan) for name in names],
            err_msg=f"moment {index}",
        )
        assert given.spreads.keys() == seen.spreads.keys()
        for name, spread in given.spreads.items():
            np.testing.assert_array_equal(spread, seen.spreads[name], err_msg=name)
        if index in RESTING:
            observer.rest(seen)
        recorded.rested(index, index in RESTING)
    assert observer.neutral is not None
    assert bool(given.spreads) == fitted
