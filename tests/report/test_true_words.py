"""What a report says is true of what was done, and of what was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecoach.report.facts import ExerciseFacts
from posecoach.report.gather import gather
from posecoach.report.page import past_table
from posecoach.store.store import Store
from tests.helpers.store_sessions import record

# -- compared with the last sessions ---------------------------------------------------


def test_a_side_that_was_not_tried_is_compared_with_nothing(tmp_path: Path) -> None:
    """The clip's right arm goes first: in its first half nothing tells how far the left one goes."""
    record(tmp_path, until_s=16.0)
    record(tmp_path)
    with Store.open(tmp_path) as store:
        first, second = (gather(store, number).exercises[0] for number in "12")
    untried = {each.title for each in second.reaches} - {each.title for each in first.reaches}
    assert len(untried) == 1
    assert untried.isdisjoint(first.past[0].reach)
    assert untried <= second.past[1].reach.keys()
    said = " ".join(second.compared).lower()
    assert not any(title in said for title in untried)
    tried = {each.title for each in first.reaches}
    assert all(title in said for title in tried)
    head, rows = past_table(second).head, past_table(second).rows
    assert rows[-1][head.index(untried.pop())] == "–"


# -- angles over time ------------------------------------------------------------------


@pytest.fixture(scope="module")
def cat_cow(tmp_path_factory: pytest.TempPathFactory) -> ExerciseFacts:
    """A stretch that asks for some angles from the start pose, and for others as they are."""
    place = tmp_path_factory.mktemp("cat-cow")
    record(place, "cat-cow")
    with Store.open(place) as store:
        return gather(store, "last").exercises[0]


def test_what_counts_from_the_start_pose_is_0_there(cat_cow: ExerciseFacts) -> None:
    notes = {each.title: each.note for each in cat_cow.tracks}
    assert notes["chin to chest from the start pose"] == "0° is the start pose."
    for title, note in notes.items():
        assert ("start pose" in note) >= title.endswith("from the start pose"), title
