"""Every definition against true angles: rendered people whose every joint is known.

What the estimator makes of the pictures has its own benchmark (``benchmarks.people``); here the
definitions and the coach alone are judged: with every joint known they must be right.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.people import Way as WayOfCoaching
from benchmarks.people import coach_truth, look_at_all
from benchmarks.people_judge import FULL, THREAD, judge
from benchmarks.true_angles import TrueBody
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from tests.helpers.places import SHARED
from tests.helpers.traces import follow

HOLD_S = 2.0
CLIPS = sorted((SHARED / "clips").glob("*.mp4"))
TRUE = WayOfCoaching(true=True, hold_s=HOLD_S, kept=None, model=None)


def _is_judged(path: Path) -> bool:
    label = json.loads(path.with_suffix(".json").read_text())
    seen_well = label["exercise"] != THREAD or label["view"].startswith("side")
    return label["exercise"] in standard_library().ids() and seen_well


JUDGED = [path for path in CLIPS if _is_judged(path)]


@pytest.mark.parametrize("path", JUDGED, ids=lambda path: path.stem)
def test_true_angles_give_true_counts_holds_and_faults(shared: Path, path: Path) -> None:
    label = json.loads(path.with_suffix(".json").read_text())
    row = judge(path, label, coach_truth(path, label["exercise"], HOLD_S))
    assert row.reason() == ""
    assert row.misnamed == ()


@pytest.mark.parametrize("path", JUDGED, ids=lambda path: path.stem)
def test_one_body_cannot_try_two_things_at_once(shared: Path, path: Path) -> None:
    label = json.loads(path.with_suffix(".json").read_text())
    exercise = standard_library().find(label["exercise"])
    body = TrueBody(path.with_suffix(".npz"))
    measures = make_plan(exercise, hold=HOLD_S).measures
    moments = zip(body.time_s.tolist(), body.values(measures), strict=True)
    result = follow(exercise, moments, view=body.view, hold=HOLD_S).result
    tried = sorted((attempt.start_s, attempt.end_s) for attempt in result.ended)
    for (_, end_s), (start_s, _) in pairwise(tried):
        assert start_s >= end_s


def test_ten_other_people_are_coached_as_they_are(shared: Path) -> None:
    """No person is left out of this one: nothing here was fitted to any of them.

    A tenth of a degree beside a target decides some of their repetitions, and mild faults
    (grades of 0.7 to 0.9) may be within what nobody would call one.
    """
    paths = [path for path in sorted((shared / "population").glob("*.mp4")) if _is_judged(path)]
    rows = look_at_all(paths, TRUE, 1)
    assert len(rows) > 200
    assert sum(row.exact for row in rows) >= 0.95 * len(rows)
    holds = [found for row in rows for found in row.hold_errors]
    assert sum(row.holds_found for row in rows) >= 0.97 * len(holds)
    full = [f.told for row in rows for f in row.faults if row.grade >= FULL and not f.apart]
    assert sum(full) >= 0.98 * len(full)
    assert sum(len(row.wrong) for row in rows) <= 0.02 * len(full)


@pytest.mark.parametrize("id_", standard_library().ids())
def test_standing_about_is_no_exercise(shared: Path, id_: str) -> None:
    result = coach_truth(shared / "clips" / "standing-about.mp4", id_, HOLD_S)
    assert not any(result["repetitions"].values())
