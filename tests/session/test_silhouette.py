"""For which exercises the silhouette is looked at."""

from __future__ import annotations

import pytest

from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.session.session import Session

ASKED = {"cat-cow", "thoracic-extension", "childs-pose-thread-the-needle"}


@pytest.mark.parametrize("name", standard_library().ids())
def test_a_plan_says_whether_its_session_needs_it(name: str) -> None:
    plan = make_plan(standard_library().find(name))
    assert plan.needs_mask is (name in ASKED)
    assert Session(plan, "").observer.needs_mask is plan.needs_mask
