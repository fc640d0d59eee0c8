"""What an earlier instrument measured is said to be so, and joined or compared with nothing."""

from __future__ import annotations

import gzip
import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from posecoach.observe.measures import measured_with
from posecoach.profile.range_words import EARLIER
from posecoach.report.charts import accuracy_past
from posecoach.report.drawing import Path as Line
from posecoach.report.gather import gather
from posecoach.report.history import gather_history, side_note
from posecoach.report.history_page import history_page, week_table
from posecoach.report.history_values import history_json
from posecoach.report.page import past_table
from posecoach.store import database
from posecoach.store.fingerprint import instrument_of, measuring_code
from posecoach.store.store import Store
from tests.helpers.pages import check_structure, text_of
from tests.helpers.places import DATA
from tests.helpers.store_sessions import record

WEEK = timedelta(weeks=1)
FIRST = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
TODAY = date(2026, 6, 16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks with one session each, the first two kept by an earlier version."""
    place = tmp_path_factory.mktemp("earlier")
    for week in range(3):
        record(place, started=FIRST + week * WEEK)
    with sqlite3.connect(place / database.FILE) as kept:
        kept.execute("UPDATE exercise SET measured_by = 'an-0123456789abcdef' WHERE session = 2")
        kept.execute("UPDATE exercise SET measured_by = '0123456789abcdef' WHERE session = 1")
    return place


def test_a_session_says_which_instrument_measured_it(folder: Path) -> None:
    assert instrument_of(measuring_code()) == measured_with()
    with Store.open(folder) as store:
        rows = [store.find(number).exercises[0] for number in ("1", "2", "3")]
    assert [row.instrument for row in rows] == ["", "an", measured_with()]
    assert [row.outdated for row in rows] == [True, True, False]


def test_a_report_compares_only_what_one_instrument_measured(folder: Path) -> None:
    with Store.open(folder) as store:
        first, _, third = (gather(store, number) for number in ("1", "2", "3"))
    assert EARLIER in " ".join(first.exercises[0].notes)
    assert "posecoach replay 1" in " ".join(first.exercises[0].notes)
    now = third.exercises[0]
    assert EARLIER not in " ".join(now.notes)
    assert "not compared" in now.compared[0]
    assert EARLIER in now.compared[0]
    assert len(now.compared) == 1
    assert third.compared == ()
    days = [str(row[0]) for row in past_table(now).rows]
    assert ["another instrument" in day for day in days] == [False, True, True]
    drawing = accuracy_past(now.past)
    assert not [
        mark for mark in drawing.marks if isinstance(mark, Line) and mark.role == "both-line"
    ]
    assert "with another instrument" in drawing.description


def test_the_history_joins_nothing_across_instruments(folder: Path) -> None:
    with Store.open(folder) as store:
        found = gather_history(store, TODAY)
    exercise = found.exercises[0]
    assert exercise.earlier == date(2026, 6, 8)
    for movement in exercise.movements:
        assert [monday for monday, _ in movement.points] == [date(2026, 6, 15)]
        assert [[day for day, _ in points] for points in movement.earlier] == [
            [date(2026, 6, 1)],
            [date(2026, 6, 8)],
        ]
    assert EARLIER in exercise.changes[0]
    assert "8 June 2026" in exercise.changes[0]
    assert not any("unchanged" in said or "went" in said for said in exercise.changes)
    assert side_note(exercise.movements)
    cells = [str(cell) for row in week_table(exercise).rows for cell in row]
    assert sum("(earlier instrument)" in cell for cell in cells) == 2 * len(exercise.movements)
    page = text_of(check_structure(history_page(found)))
    assert "Lines are not joined where an earlier instrument measured" in page
    value = history_json(found)
    assert '"earlier_instrument_until": "2026-06-08"' in json.dumps(value)


def test_what_only_an_earlier_instrument_measured_is_shown_all_the_same(folder: Path) -> None:
    with Store.open(folder) as store:
        found = gather_history(store, date(2026, 6, 9))
    exercise = found.exercises[0]
    assert all(not movement.points and movement.earlier for movement in exercise.movements)
    assert side_note(exercise.movements) == ()
    assert EARLIER in text_of(check_structure(history_page(found)))


def test_sessions_of_the_first_version_are_of_an_earlier_instrument(tmp_path: Path) -> None:
    kept = DATA / "store" / "sessions-0.1.db.gz"
    (tmp_path / database.FILE).write_bytes(gzip.decompress(kept.read_bytes()))
    with Store.open(tmp_path) as store:
        assert all(each.outdated for each in store.find("1").exercises)
        assert EARLIER in " ".join(gather(store, "1").exercises[0].notes)
