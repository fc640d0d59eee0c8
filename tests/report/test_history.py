"""The history adds up what was done, and tells change from error."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import date, datetime, timedelta, timezone
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posecoach.cli import main
from posecoach.errors import StoreError
from posecoach.report.history import MotionHistory, WeekFacts, changes, gather_history, streaks
from posecoach.report.history_charts import calendar, level
from posecoach.report.history_page import history_page
from posecoach.report.history_terminal import print_history
from posecoach.report.history_values import history_json
from posecoach.session.result import Result
from posecoach.store.practice import Day, days
from posecoach.store.store import Store
from posecoach.store.transfer import export, import_file
from tests.helpers.pages import check_structure, check_with_axe, parse, text_of
from tests.helpers.store_sessions import record

TODAY = date(2025, 6, 18)  # a Wednesday
NOW = datetime.now().astimezone()
"""One for all: with each its own, a day would pass between two at midnight."""
DAYS = [date(2025, 4, 7), date(2025, 5, 12), date(2025, 6, 16), date(2025, 6, 17)]


@pytest.fixture(scope="module")
def coached(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """One clip kept on four days, at 23:30 of a place two hours ahead."""
    place = tmp_path_factory.mktemp("history")
    for day in DAYS:
        session, _, recorder = record(place)
        assert not recorder.problem
        zone = timezone(timedelta(hours=2))
        at = datetime(day.year, day.month, day.day, 23, 30, tzinfo=zone).timestamp()
        with sqlite3.connect(place / "sessions.db") as database:
            database.execute(
                """UPDATE session SET started_at = ?, utc_offset_s = 7200
                   WHERE number = (SELECT max(number) FROM session)""",
                [at],
            )
    return place, session.result


@pytest.fixture(scope="module")
def folder(coached: tuple[Path, Result]) -> Path:
    return coached[0]


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def test_days_are_the_persons_own(coached: tuple[Path, Result]) -> None:
    folder, result = coached
    with Store.open(folder) as store:
        found = days(store)
        assert [each.day for each in found] == DAYS
        assert [each.sessions for each in found] == [1, 1, 1, 1]
        assert found[0].attempts == sum(result.attempts.values())
        assert found[0].accuracy == pytest.approx(result.accuracy)
        assert [each.day for each in days(store, since=date(2025, 5, 12))] == DAYS[1:]
        assert days(store, "cat-cow") == []


def test_the_history_adds_up(coached: tuple[Path, Result]) -> None:
    folder, result = coached
    with Store.open(folder) as store:
        found = gather_history(store, TODAY)
    assert (found.streak, found.longest, found.weeks_in_a_row) == (2, 2, 1)
    exercise = found.exercises[0]
    assert [week.monday for week in exercise.weeks] == [
        date(2025, 4, 7),
        date(2025, 5, 12),
        date(2025, 6, 16),
    ]
    last = exercise.weeks[-1]
    assert last.repetitions == 2 * sum(result.repetitions.values())
    assert last.attempts == 2 * sum(result.attempts.values())
    assert last.held_s == pytest.approx(2 * sum(hold.held_s for hold in result.holds))
    assert {movement.side for movement in exercise.movements} == {"left", "right"}
    for movement in exercise.movements:
        values = [value for _, value in movement.points]
        assert len(values) == 3
        assert values[0] == pytest.approx(values[2])
        assert values[0] > 10


def test_a_side_that_was_not_attempted_tells_nothing_of_its_range(tmp_path: Path) -> None:
    """Who stops after one side has not become stiff on the other."""
    ranges = []
    for until_s in (60.0, 8.0):
        record(tmp_path, until_s=until_s, started=NOW)
        with Store.open(tmp_path) as store:
            found = gather_history(store, NOW.date())
        ranges.append({each.side: each.points[0][1] for each in found.exercises[0].movements})
    assert ranges[1]["left"] == ranges[0]["left"] > 20
    assert ranges[1]["right"] == pytest.approx(ranges[0]["right"], abs=5)


def test_a_week_has_the_sessions_that_were_done_in_it(tmp_path: Path) -> None:
    """Of five sessions two had one side, two both, and one no attempt at all."""
    for until_s in (8.0, 8.0, inf, inf, 1.0):
        record(tmp_path, until_s=until_s)
    with Store.open(tmp_path) as store:
        found = gather_history(store, datetime.now().astimezone().date())
    (done,) = found.exercises
    assert done.sessions == 5
    assert [week.sessions for week in done.weeks] == [5]


def test_a_single_day_is_named_once(tmp_path: Path) -> None:
    record(tmp_path)
    today = datetime.now().astimezone().date()
    with Store.open(tmp_path) as store:
        text = text_of(parse(history_page(gather_history(store, today))))
    assert f"1 session on {today.day} {today:%B %Y} " in f"{text} ".replace("\n", " ")
    assert f"{today:%B %Y} to " not in text


def test_the_page_is_strict_html_and_says_the_numbers(folder: Path) -> None:
    with Store.open(folder) as store:
        found = gather_history(store, TODAY)
    tree = check_structure(history_page(found))
    text = text_of(tree)
    for words in ("Calendar", "Wall stretch", "4 sessions on 4 days", "Stop where it hurts."):
        assert words in text
    json.dumps(history_json(found), allow_nan=False)


def test_axe_finds_nothing(folder: Path, tmp_path: Path) -> None:
    with Store.open(folder) as store:
        check_with_axe(history_page(gather_history(store, TODAY)), tmp_path)


def test_the_terminal_shows_calendar_streak_and_weeks(folder: Path) -> None:
    console = Console(width=120, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    with Store.open(folder) as store:
        print_history(console, gather_history(store, TODAY))
    shown = console.export_text()
    assert "Days in a row: 2" in shown
    assert "Wall stretch" in shown
    assert "16 Jun 25" in shown
    assert shown.count("▫") == len(DAYS) + 1  # and once in the key
    assert "±" in shown


def test_the_command_writes_terminal_json_and_page(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data-dir", str(folder)]
    assert _run("history", *data) == 0
    assert "Wall stretch" in capsys.readouterr().out
    assert _run("history", "--json", "--since", "2025-06-17", *data) == 0
    assert json.loads(capsys.readouterr().out)["sessions"] == 1
    target = tmp_path / "history.html"
    assert _run("history", "--html", str(target), "--exercise", "wall-stretch", *data) == 0
    assert "Wall stretch" in text_of(parse(target.read_text()))


def test_mistakes_are_one_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = {
        "There are no sessions in": ["--data-dir", str(tmp_path / "none")],
        "was never practised; there are wall-stretch": [
            *("--exercise", "cat-cow", "--data-dir", str(folder))
        ],
        "since 2030-01-01": ["--since", "2030-01-01", "--data-dir", str(folder)],
        "is no day; write it as in": ["--since", "yesterday", "--data-dir", str(folder)],
        "There is no page to open": ["--open", "--data-dir", str(folder)],
    }
    for sentence, arguments in cases.items():
        assert _run("history", *arguments) == 2
        said = capsys.readouterr().err
        assert sentence in said
        assert said.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_an_empty_database_is_a_sentence(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, pytest.raises(StoreError, match="no sessions"):
        gather_history(store, TODAY)


@given(st.sets(st.integers(0, 60)))
def test_streaks_are_runs_of_days(chosen: set[int]) -> None:
    last = date(2025, 3, 1)
    found = sorted(last - timedelta(days=each) for each in chosen)
    run, longest = streaks(found, last, timedelta(days=1))
    # Counted the slow way: back from today, or from yesterday where today is still to come.
    back = 0 if 0 in chosen else 1
    slow = 0
    while back + slow in chosen:
        slow += 1
    assert run == slow
    runs = [0]
    for each in range(61):
        runs.append(runs[-1] + 1 if each in chosen else 0)
    assert longest == max(runs)


def _weeks(*accuracies: tuple[int, float]) -> list[WeekFacts]:
    return [
        WeekFacts(TODAY - timedelta(weeks=ago), "all", 1, 1, 1, 0, 5.0, accuracy)
        for ago, accuracy in accuracies
    ]


def _movement(*points: tuple[int, float]) -> MotionHistory:
    dated = tuple((TODAY - timedelta(weeks=ago), value) for ago, value in points)
    return MotionHistory("trunk turn to the left", "k", "left", 6.0, "°", 20.0, dated)


def test_changes_know_progress_relapse_and_error() -> None:
    assert "went up" in changes(_weeks((6, 0.5), (1, 0.8)), [], TODAY)[0]
    assert "went down" in changes(_weeks((6, 0.8), (1, 0.5)), [], TODAY)[0]
    assert "unchanged" in changes(_weeks((6, 0.55), (1, 0.5)), [], TODAY)[0]
    assert "farther" in changes([], [_movement((6, 20), (1, 32))], TODAY)[0]
    assert "less far" in changes([], [_movement((6, 32), (1, 20))], TODAY)[0]
    assert "unchanged" in changes([], [_movement((6, 24), (1, 20))], TODAY)[0]
    assert "too little" in changes(_weeks((20, 0.5), (1, 0.8)), [], TODAY)[0]


def test_the_calendar_marks_each_day_once() -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    practice = [Day(each, 1, 200.0, 2, 0.5) for each in DAYS]
    drawing = calendar(practice, monday)
    assert sum(mark.role == "day-1" for mark in drawing.marks) == len(DAYS)
    assert drawing.description.startswith("4 days with practice")
    assert [level(each) for each in (0.0, 1.0, 301.0, 901.0)] == [0, 1, 2, 3]


# -- a clock set wrong once ---------------------------------------------------------------------


def _dated(place: Path, at: datetime, source: str = "", profile: str = "") -> int:
    """Keep a session made now, by a clock that says something else."""
    _, _, recorder = record(place, source=source, profile=profile, started=at)
    return recorder.number


@pytest.fixture(scope="module")
def astray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days up to today, and between them one made by a clock years ahead."""
    place = tmp_path_factory.mktemp("astray")
    for days_ago in (2, 1, -2000, 0):
        _dated(place, NOW - timedelta(days=days_ago), source=str(days_ago))
    return place


def test_the_last_session_is_the_last_made(astray: Path) -> None:
    with Store.open(astray) as store:
        assert store.find("last").number == 4
        assert [row.number for row in store.sessions()] == [4, 2, 1, 3]
        assert [row.number for row in store.sessions(limit=1)] == [4]
        numbers = [row.number for row in store.previous(store.find("4"), "wall-stretch", 8)]
        assert numbers == [2, 1, 3]
        assert [row.number for row in store.previous(store.find("3"), "wall-stretch", 8)] == [2, 1]
        assert [row.number for row in store.previous(store.find("2"), "wall-stretch", 8)] == [1]


@pytest.mark.parametrize("year", [1970, 2001])
def test_one_made_by_a_clock_that_is_behind_is_the_last_too(year: int, tmp_path: Path) -> None:
    _dated(tmp_path, NOW)
    _dated(tmp_path, NOW.replace(year=year, month=3, day=2))
    with Store.open(tmp_path) as store:
        assert store.find("last").number == 2


def test_what_is_taken_in_is_the_last_where_it_is_younger(astray: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for days_ago in (8, 1):
        _dated(there, NOW - timedelta(days=days_ago), source=f"{days_ago} days ago")
    _dated(here, NOW - timedelta(days=4))
    with Store.open(there) as store:
        export(store, [1, 2], tmp_path / "file")
    import_file(tmp_path / "file", here)
    with Store.open(here) as store:
        assert store.find("last").source == "1 days ago"
    _dated(here, NOW, source="now")
    with Store.open(here) as store:
        assert store.find("last").source == "now"
    # Nothing but sessions of elsewhere: the youngest that can be.
    with Store.open(astray) as store:
        export(store, [1, 2, 3], tmp_path / "file")
    import_file(tmp_path / "file", tmp_path / "new")
    with Store.open(tmp_path / "new") as store:
        assert store.find("last").source == "1"


def test_a_day_after_today_is_shown_apart_and_counts_for_nothing(astray: Path) -> None:
    today = NOW.date()
    with Store.open(astray) as store:
        found = gather_history(store, today)
    assert (found.streak, found.longest, found.sessions) == (3, 3, 3)
    assert found.exercises[0].last == today
    assert found.exercises[0].sessions == 3
    assert all(week.monday <= today for week in found.exercises[0].weeks)
    (later,) = found.later
    assert later.sessions == 1
    value = history_json(found)
    assert [day["sessions"] for day in value["days_after_today"]] == [1]
    console = Console(width=120, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    print_history(console, found)
    for text in (console.export_text(), text_of(check_structure(history_page(found)))):
        assert "1 session dated after today" in text
        assert f"{later.day.day} {later.day:%B %Y}" in text


def test_where_all_is_after_today_that_is_shown(astray: Path) -> None:
    with Store.open(astray) as store:
        found = gather_history(store, date(1999, 12, 31))
    assert (found.sessions, found.streak, found.exercises) == (0, 0, ())
    assert sum(day.sessions for day in found.later) == 4
    console = Console(width=120, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    print_history(console, found)
    assert "4 sessions dated after today" in console.export_text()
    check_structure(history_page(found))


def test_who_has_no_session_is_told_who_has(tmp_path: Path) -> None:
    _dated(tmp_path, NOW, profile="Ada")
    with Store.open(tmp_path) as store:
        for profile in ("Nobody", "Adah"):
            with pytest.raises(StoreError) as told:
                gather_history(store, TODAY, profile=profile)
            said = f"There are no sessions of {profile!r}; there are sessions of 'Ada'."
            assert str(told.value) == said
        with pytest.raises(StoreError, match="no sessions by Ada since 2999-01-01; leave --since"):
            gather_history(store, TODAY, profile="Ada", since=date(2999, 1, 1))


def test_a_persons_sessions_are_theirs_however_the_name_is_spelt(tmp_path: Path) -> None:
    _dated(tmp_path, NOW, profile="Ada")
    with Store.open(tmp_path) as store:
        found = gather_history(store, NOW.date(), profile="ada ")
        assert (found.sessions, [each.sessions for each in found.exercises]) == (1, [1])
