"""What was kept is what was coached, and can be found again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from posecoach.coach.events import AttemptEnded, CueGiven, Event, FaultEnded
from posecoach.coach.state import Cue
from posecoach.errors import StoreError
from posecoach.observe.precision import DEGREE, FARTHEST, kept_pose, kept_reading, on_grid
from posecoach.session.session import Session
from posecoach.store import database, packing
from posecoach.store.database import data_folder
from posecoach.store.definitions import (
    definition_text,
    parse_definition,
    plan_again,
    prescription_of,
)
from posecoach.store.events import event_of, event_row
from posecoach.store.prescriptions import Prescription
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from posecoach.store.tallies import Tallies
from tests.helpers.store_sessions import clip, coach, happened, plan_of, poses, record

NUMBERS = st.floats(-1e5, 1e5) | st.just(float("nan"))


# -- numbers ------------------------------------------------------------------------------------


@given(arrays(float, array_shapes(min_dims=2, max_dims=3, max_side=9), elements=NUMBERS))
def test_a_packed_grid_comes_back_bit_for_bit(values: np.ndarray) -> None:
    kept = on_grid(values, DEGREE)
    again = packing.unpack_grid(packing.pack_grid(kept, DEGREE), kept.shape, DEGREE)
    assert np.array_equal(again, kept, equal_nan=True)


@given(arrays(float, st.integers(1, 50), elements=st.floats(allow_nan=True)))
def test_times_come_back_bit_for_bit(times: np.ndarray) -> None:
    again = packing.unpack_times(packing.pack_times(times), len(times))
    assert again.tobytes() == times.astype("<f8").tobytes()


@given(st.binary(max_size=200))
def test_what_is_no_blob_is_a_value_error(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        packing.unpack_grid(blob, (3, 7), DEGREE)


def test_a_blob_that_swells_is_refused_before_it_is_unpacked() -> None:
    import zlib

    bomb = zlib.compress(b"\0" * 50_000_000)
    with pytest.raises(ValueError, match="in place of"):
        packing.unpack_bytes(bomb, 3, 5)


def test_rounding_keeps_nan_and_bounds_infinity() -> None:
    pose = next(poses())
    image = pose.image.copy()
    image[0] = np.nan
    image[1] = np.inf
    kept = kept_pose(replace(pose, image=image))
    assert np.isnan(kept.image[0]).all()
    assert (kept.image[1] == FARTHEST / 64).all()
    assert np.abs(kept.image[2:] - image[2:]).max() <= 1 / 128


def test_rounding_twice_is_rounding_once() -> None:
    pose = kept_pose(next(poses()))
    again = kept_pose(pose)
    assert np.array_equal(again.image, pose.image)
    assert np.array_equal(again.world, pose.world)
    reading = kept_reading(
        next(coach(Session(plan_of(), ""), poses())).readings["elbow_flexion_left"]
    )
    assert kept_reading(reading).value == reading.value


# -- events -------------------------------------------------------------------------------------


def test_events_come_back_equal() -> None:
    cue = Cue("Open your elbow", "elbow-not-90", "left", None, "form")
    for event in (
        AttemptEnded(0.1 + 0.2, "left", 0.1, 1 / 3, True, 2 / 3, ""),
        FaultEnded(3.0, "elbow-not-90", "right", 1.0, 3.0, "“Öffne”"),
        CueGiven(1.0, cue),
    ):
        time_s, kind, side, data = event_row(event)
        assert event_of(kind, data) == event
        assert (time_s, side) == (event.time_s, getattr(event, "side", "left"))


def test_every_kind_of_event_can_be_kept() -> None:
    session = Session(plan_of(), "")
    events = happened(session, list(coach(session, poses())))
    assert len({type(event) for event in events}) >= 5
    for event in events:
        assert event_of(*event_row(event)[1::2]) == event
    assert all(event_of.__globals__["_KINDS"][each.__name__] for each in Event.__subclasses__())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("Event", '{"time_s": 1}'),
        ("Seen", "[]"),
        ("Seen", '{"time_s": "now"}'),
        ("Seen", '{"time_s": 1, "more": 2}'),
        ("Praised", '{"time_s": 1}'),
        ("CueGiven", '{"time_s": 1, "cue": {"text": "x"}}'),
        ("Seen", "{"),
    ],
)
def test_what_is_no_event_is_a_value_error(kind: str, data: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        event_of(kind, data)


# -- definitions --------------------------------------------------------------------------------


def test_a_definition_means_the_same_after_it_was_kept() -> None:
    exercise = plan_of().exercise
    text = definition_text(exercise)
    assert parse_definition(text, exercise.id) == exercise
    assert definition_text(parse_definition(text, exercise.id)) == text


@pytest.mark.parametrize(
    "prescription",
    [Prescription(), Prescription("left", 7, 12.5), Prescription(None, None, 3.0)],
)
def test_what_was_prescribed_is_read_from_the_plan(prescription: Prescription) -> None:
    plan = plan_again(plan_of().exercise, prescription)
    assert prescription_of(plan) == prescription


def test_a_definition_that_is_not_understood_is_a_sentence() -> None:
    with pytest.raises(StoreError, match=r"wall-stretch .*not understood.*--exercise-file"):
        parse_definition("id: wall-stretch\nshape: round\n", "wall-stretch")


# -- sessions -----------------------------------------------------------------------------------


def test_what_was_coached_is_what_is_loaded(tmp_path: Path) -> None:
    session, snapshots, recorder = record(tmp_path, model="full", profile="Ann")
    assert recorder.problem == ""
    with Store.open(tmp_path) as store:
        loaded = store.load("last")
    row, exercise = loaded.row, loaded.exercises[0]
    assert (row.number, row.state, row.model, row.profile) == (1, "finished", "full", "Ann")
    assert exercise.events == happened(session, snapshots)
    assert exercise.result.as_json() == session.result.as_json()
    assert exercise.times.tolist() == [each.frame.time_s for each in snapshots]
    assert exercise.seen.tolist() == [bool(each.pose.seen) for each in snapshots]
    assert exercise.resting.tolist() == [each.resting for each in snapshots]
    assert [repr(view) for view in exercise.views] == [repr(each.view) for each in snapshots]
    assert exercise.poses is not None
    for part in ("image", "world", "visibility"):
        then = np.stack([getattr(each.pose, part) for each in snapshots])
        assert np.array_equal(getattr(exercise.poses, part), then, equal_nan=True)
    for name in session.plan.measures:
        for part in ("value", "confidence"):
            then = np.array([getattr(each.readings[name], part) for each in snapshots])
            now = getattr(exercise.measures[name], part)
            assert np.array_equal(now, then, equal_nan=True)
    assert exercise.plan() == session.plan


def test_frames_without_a_person_are_kept_as_such(tmp_path: Path) -> None:
    plan = plan_of()
    session = Session(plan, "")
    stream = list(poses())[:40]
    stream[10] = type(stream[0]).absent(float(stream[10].time_s), stream[0].size)
    with Recorder(tmp_path, source="") as recorder:
        recorder.begin(plan)
        for snapshot in coach(session, iter(stream)):
            recorder.hear(snapshot)
        recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        exercise = store.load("last").exercises[0]
    assert np.flatnonzero(~exercise.seen).tolist() == [10]
    assert exercise.row.frames_with_person == 39
    assert exercise.poses is not None
    assert np.isnan(exercise.poses.image[10]).all()
    assert np.isnan(exercise.measures["elbow_flexion_left"].value[10])


def test_a_picture_of_another_size_is_put_on_the_first_ones_scale(tmp_path: Path) -> None:
    plan = plan_of()
    session = Session(plan, "")
    stream = list(poses())[:20]
    larger = [
        replace(each, image=each.image * 2, size=(2 * each.size[0], 2 * each.size[1]))
        for each in stream
    ]
    times = [replace(each, time_s=np.asarray(each.time_s + 10)) for each in larger]
    snapshots = list(coach(session, iter([*stream, *times])))
    with Recorder(tmp_path, source="") as recorder:
        recorder.begin(plan)
        for snapshot in snapshots:
            recorder.hear(snapshot)
        recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        kept = store.load("last").exercises[0].poses
    assert kept is not None
    assert kept.size == stream[0].size
    assert np.allclose(kept.image[20:], kept.image[:20], atol=1 / 64)


def test_landmarks_are_not_kept_where_refused(tmp_path: Path) -> None:
    session, _, _ = record(tmp_path, landmarks=False)
    with Store.open(tmp_path) as store:
        loaded = store.load("last")
        assert not loaded.row.landmarks
        assert store.rows("SELECT 1 FROM moments WHERE landmarks IS NOT NULL") == []
    assert loaded.exercises[0].poses is None
    assert loaded.exercises[0].result.as_json() == session.result.as_json()


def test_several_exercises_in_one_session(tmp_path: Path) -> None:
    plan = plan_of()
    with Recorder(tmp_path, source="routine", live=False) as recorder:
        for _ in range(2):
            session = Session(plan, "routine")
            recorder.begin(plan)
            for snapshot in coach(session, poses()):
                recorder.hear(snapshot)
            recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        loaded = store.load("last")
    assert [each.row.position for each in loaded.exercises] == [0, 1]
    assert loaded.exercises[0].events == loaded.exercises[1].events
    assert loaded.row.duration_s == 2 * session.result.duration_s


def test_an_exception_leaves_the_session_unfinished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.store.store.RUNNING_S", 0.0)

    def broken_off() -> None:
        with Recorder(tmp_path, source="") as recorder:
            recorder.begin(plan_of())
            for snapshot in list(coach(Session(plan_of(), ""), poses()))[:50]:
                recorder.hear(snapshot)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    with Store.open(tmp_path) as store:
        loaded = store.load("last")
    assert loaded.row.state == "unfinished"
    assert len(loaded.exercises[0].times) == 50


def test_what_was_killed_in_the_set_up_is_gone_a_day_later(tmp_path: Path) -> None:
    record(tmp_path)
    killed = Recorder(tmp_path, source="killed in the set-up")
    killed.begin(plan_of())
    young = Recorder(tmp_path, source="in the set-up now")
    with closing(sqlite3.connect(tmp_path / database.FILE, isolation_level=None)) as connection:
        a_day_ago = "UPDATE session SET written_at = written_at - 90000, finished_at = NULL "
        connection.execute(f"{a_day_ago} WHERE number IN (1, ?)", [killed.number])
        record(tmp_path)
        left = connection.execute("SELECT number FROM session ORDER BY number").fetchall()
    # The first is old and unfinished, too, but has moments.
    assert left == [(1,), (young.number,), (young.number + 1,)]
    young.close()
    killed.close()


def test_tallies_agree_with_the_result(tmp_path: Path) -> None:
    session, _, _ = record(tmp_path)
    with Store.open(tmp_path) as store:
        row = store.sessions()[0]
    result = session.result
    exercise = row.exercises[0]
    for side, tally in exercise.tallies.items():
        assert tally.repetitions == result.repetitions[side]
        assert tally.attempts == result.attempts[side]
        assert tally.faults == sum(fault.side == side for fault in result.faults)
    held = sum(tally.held_s for tally in exercise.tallies.values())
    assert held == pytest.approx(sum(hold.held_s for hold in result.holds))
    assert row.accuracy == pytest.approx(result.accuracy)
    assert exercise.wanted == {"left": 2, "right": 2}


def test_a_range_does_not_believe_a_single_frame() -> None:
    from posecoach.body.measure import Reading

    tallies = Tallies()
    for frame in range(600):
        value = 170.0 if frame == 300 else 20.0 + 40.0 * (frame % 100 > 50)
        reading = Reading(np.asarray(value), np.asarray(0.9))
        unsure = Reading(np.asarray(-300.0), np.asarray(0.01))
        tallies.add_readings(frame / 30, {"elbow_flexion_left": reading, "neck_flexion": unsure})
    ranges = tallies.ranges()
    assert list(ranges) == ["elbow_flexion_left"]
    found = ranges["elbow_flexion_left"]
    assert (found.low, found.high) == (20.0, 60.0)
    assert found.known_s == pytest.approx(599 / 30)


# -- finding ------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Sessions of three days, of a single frame each."""
    zone = timezone(timedelta(hours=13))
    for day, profile in ((3, ""), (10, "Ann"), (11, "Ann")):
        # Early in the morning there, the day before in UTC.
        started = datetime(2025, 3, day, 0, 30, tzinfo=zone)
        with Recorder(tmp_path, source="x", profile=profile, started=started) as recorder:
            recorder.begin(plan_of())
            session = Session(plan_of(), "")
            recorder.hear(next(coach(session, poses())))
            recorder.end(session.finish(), session.ending)
    return tmp_path


def test_the_newest_comes_first_and_filters_go_by_the_persons_day(three: Path) -> None:
    with Store.open(three) as store:
        assert [row.number for row in store.sessions()] == [3, 2, 1]
        assert [row.started.day for row in store.sessions()] == [11, 10, 3]
        assert [row.number for row in store.sessions(since=date(2025, 3, 10))] == [3, 2]
        assert [row.number for row in store.sessions(before=date(2025, 3, 10))] == [1]
        assert [row.number for row in store.sessions(profile="Ann", limit=1)] == [3]
        assert [row.number for row in store.sessions(profile=" aNN")] == [3, 2]
        assert [row.number for row in store.sessions(profile="")] == [1]
        assert store.sessions(exercise="cat-cow") == []
        assert len(store.sessions(exercise="wall-stretch")) == 3
        assert store.exercises() == ("wall-stretch",)
        last = store.find("last")
        assert [row.number for row in store.previous(last, "wall-stretch", 5)] == [2]


def test_a_session_is_found_by_number_and_by_the_beginning_of_its_uuid(three: Path) -> None:
    with Store.open(three) as store:
        rows = store.sessions()
        assert store.find("last").number == 3
        assert store.find("2").number == store.find("#2").number == 2
        for row in rows:
            assert store.find(row.uuid).number == row.number


@pytest.mark.parametrize("selector", ["9", "abcd", "%%%%", "____", "'; DROP TABLE session", ""])
def test_an_unknown_session_is_a_sentence_with_what_there_is(three: Path, selector: str) -> None:
    with Store.open(three) as store, pytest.raises(StoreError, match="there are 3, 1 to 3"):
        store.find(selector)


def test_an_empty_database_is_a_sentence_and_makes_no_file(tmp_path: Path) -> None:
    with Store.open(tmp_path / "none") as store:
        assert store.sessions() == []
        assert store.weeks() == []
        with pytest.raises(StoreError, match=r"no sessions in .* yet; `posecoach run`"):
            store.load("last")
    assert not (tmp_path / "none").exists()


def test_weeks_begin_on_monday_where_the_person_is(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=-11))
    # Sunday evening and Monday morning there; both are Monday in UTC.
    for started in (datetime(2025, 3, 9, 22, tzinfo=zone), datetime(2025, 3, 10, 7, tzinfo=zone)):
        record(tmp_path, started=started)
    with Store.open(tmp_path) as store:
        weeks = store.weeks()
        tallies = store.sessions()[0].exercises[0].tallies
    assert sorted({week.monday for week in weeks}) == ["2025-03-03", "2025-03-10"]
    assert {week.side for week in weeks} == set(tallies)
    for week in weeks:
        assert week.sessions == 1
        assert week.tally == tallies[week.side]


def test_ten_thousand_sessions_are_listed_from_indexes(three: Path) -> None:
    """No timing here (the benchmark does it): no query may read the moments or sort them all."""
    connection = sqlite3.connect(three / "sessions.db")
    plans = connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM session ORDER BY started_at DESC, number DESC LIMIT 20"
    ).fetchall()
    connection.close()
    assert any("session_started" in row[3] for row in plans)
    assert not any("TEMP B-TREE FOR ORDER BY" in row[3] for row in plans)


def test_the_folder_is_the_one_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "named"))
    assert data_folder() == tmp_path / "named"
    assert data_folder(tmp_path / "given") == tmp_path / "given"
    monkeypatch.delenv("POSECOACH_DATA")
    assert data_folder().name == "posecoach"


def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    record(folder)
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "sessions.db").stat().st_mode & 0o077 == 0


def test_the_clip_of_the_tests_has_something_in_it() -> None:
    assert len(clip().times) > 300
    assert len(clip().result.holds) >= 2
