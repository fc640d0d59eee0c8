"""Coaching again: the same definition gives the same result, bit for bit."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.body.measure import Reading
from posecoach.body.silhouette import EDGES, REACHES
from posecoach.errors import StoreError
from posecoach.exercise.library import standard_library
from posecoach.observe import observer
from posecoach.observe.measures import Measures
from posecoach.observe.precision import KNOWN
from posecoach.observe.recorded import KeptMoments, RecordedObserver
from posecoach.observe.spread import KeptSpreads
from posecoach.plan.plan import make_plan
from posecoach.session.session import Session
from posecoach.store.changes import compare
from posecoach.store.recorder import Recorder
from posecoach.store.replay import _kept_moments, replay
from posecoach.store.store import Store
from posecoach.store.values import StoredExercise
from tests.helpers import store_sessions
from tests.helpers.store_sessions import clip, coach, happened, plan_of, poses, record

CLIPS = ("wall-stretch", "cat-cow")


def _kept(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, **of: Any) -> StoredExercise:
    """Coach a clip's landmarks and load what was kept; outlines are those of the clip."""
    outlines = clip(name).outlines
    times = {float(t): i for i, t in enumerate(clip(name).times)}
    drawn = observer.drawn

    def remembered(pose: Any, names: Any, *rest: Any) -> Mapping[str, Reading]:
        index = times[float(pose.time_s)]
        known = {n: outlines[n] for n in names if n in outlines}
        return drawn(pose, [n for n in names if n not in outlines], *rest) | {
            n: Reading(np.asarray(r.value[index]), np.asarray(r.confidence[index]))
            for n, r in known.items()
        }

    monkeypatch.setattr(observer, "drawn", remembered)
    session, snapshots, recorder = record(folder, name, **of)
    assert recorder.problem == ""
    with Store.open(folder) as store:
        stored = store.load("last").exercises[0]
    if of.get("finish", True):
        assert stored.events == happened(session, snapshots)
    return stored


@pytest.mark.parametrize("name", CLIPS)
def test_the_same_definition_gives_the_same_bit_for_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stored = _kept(tmp_path, name, monkeypatch)
    assert sum(stored.result.repetitions.values()) >= 2
    again = replay(stored, stored.plan())
    assert again.measured == ()
    assert again.events == stored.events
    assert again.result.as_json() == stored.result.as_json()
    assert again.same_as(stored)


@pytest.mark.parametrize("name", ["cat-cow", "childs-pose-thread-the-needle"])
def test_what_the_silhouette_showed_is_kept_and_read_from_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Read again from what is kept, in place of the readings that are, it is the same.

    On the landmarks of a Cat and Cow, whatever they are coached as: one definition has a measure
    that needs the silhouette, the other asks for it alone.
    """
    plan = make_plan(standard_library().find(name), hold=2.0)
    monkeypatch.setattr(store_sessions, "plan_of", lambda _: plan)
    times = {float(t): i for i, t in enumerate(clip("cat-cow").times)}

    def going_up_and_down(pose: Any, names: Any, *rest: Any) -> Mapping[str, Reading]:
        angle = 30.0 * np.sin(times[float(pose.time_s)] / 40.0)
        back = {name: np.asarray(16.0 + angle / 5.0) for name in EDGES}
        shown = {"spine_flexion": np.asarray(angle), **back}
        return {name: Reading(shown[name], np.asarray(1.0)) for name in names}

    monkeypatch.setattr(observer, "drawn", going_up_and_down)
    _, snapshots, _ = record(tmp_path, "cat-cow")
    with Store.open(tmp_path) as store:
        stored = store.load("last").exercises[0]
    assert set(EDGES) < set(stored.outlines)
    assert replay(stored, stored.plan()).events == stored.events
    kept = replace(_kept_moments(stored), measures={})
    again = _read_again(kept, stored)
    for index, (given, snapshot) in enumerate(zip(again, snapshots, strict=True)):
        for name, value in given.values.items():
            live = snapshot.readings[name]
            known = float(live.value) if live.confidence >= KNOWN else np.nan
            assert value == pytest.approx(known, abs=0, nan_ok=True)
        again.rested(index, bool(kept.resting[index]))
    earlier = {n: r for n, r in kept.outlines.items() if n not in REACHES}
    first = {n: r for n, r in kept.outlines.items() if n not in EDGES}
    some, none = (_values(replace(kept, outlines=each), stored) for each in (earlier, first))
    # What only some of the edge is known of is read as if nothing of it were.
    assert some == none
    assert some != _values(kept, stored)


def _read_again(kept: KeptMoments, stored: StoredExercise) -> RecordedObserver:
    plan = stored.plan()
    return RecordedObserver(kept, plan.measures, silhouette=plan.exercise.silhouette)


def _values(kept: KeptMoments, stored: StoredExercise) -> list[list[float]]:
    """What is read of each moment, rounded; 999 where it is unknown."""
    again, found = _read_again(kept, stored), []
    for index, given in enumerate(again):
        found.append([round(each, 6) if each == each else 999.0 for each in given.values.values()])
        again.rested(index, bool(kept.resting[index]))
    return found


def test_what_is_kept_is_not_read_from_the_landmarks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch)

    def read_again(*of: object) -> None:
        raise AssertionError("landmarks were read")

    monkeypatch.setattr(Measures, "read", read_again)
    assert replay(stored, stored.plan()).same_as(stored)


def test_how_far_readings_may_be_off_is_kept_as_the_coach_was_told(tmp_path: Path) -> None:
    _, snapshots, _ = record(tmp_path)
    with Store.open(tmp_path) as store:
        kept = store.load("last").exercises[0].spreads
    assert kept is not None
    assert any(snapshot.spreads for snapshot in snapshots)
    for index, snapshot in enumerate(snapshots):
        told = {name: each[index].tolist() for name, each in kept.items() if each[index, 0] > 0}
        assert told == {name: list(each) for name, each in snapshot.spreads.items()}
        assert dict(KeptSpreads({name: each.T.tolist() for name, each in kept.items()}, index)) == (
            snapshot.spreads
        )


def test_a_session_of_an_earlier_version_kept_no_spreads_and_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch)
    earlier = replay(replace(stored, spreads=None), stored.plan())
    assert earlier.same_as(stored)
    assert earlier.measured == ()  # the numbers are what they were


@pytest.mark.parametrize("name", CLIPS)
def test_measured_again_from_the_landmarks_it_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As after a change in the measuring code that changes no number."""
    stored = _kept(tmp_path, name, monkeypatch)
    again = replay(replace(stored, measured_by="another"), stored.plan())
    assert set(again.measured) == set(stored.plan().measures)
    assert again.same_as(stored)


@pytest.mark.parametrize("name", CLIPS)
def test_what_counts_from_the_own_zero_can_be_taken_up_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As where another definition rests in other moments than it did."""
    stored = _kept(tmp_path, name, monkeypatch)
    first = int(np.flatnonzero(stored.resting)[0])
    last = int(np.flatnonzero(stored.resting)[-1])
    for index in (first, last, len(stored.times) - 2):
        resting = stored.resting.copy()
        resting[index] ^= True
        # The recording now says otherwise than the coach will at this moment. Before it the
        # two agree, so what is taken up there must go on as it was.
        again = replay(replace(stored, resting=resting), stored.plan())
        assert again.measured
        assert again.same_as(stored)


def test_an_unfinished_session_is_replayed_as_far_as_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch, finish=False)
    assert replay(stored, stored.plan()).same_as(stored)


def test_without_landmarks_the_same_definition_is_still_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch, landmarks=False)
    assert replay(stored, stored.plan()).same_as(stored)
    with pytest.raises(StoreError, match=r"kept without landmarks.*--as-recorded"):
        replay(replace(stored, measured_by="another"), stored.plan())


def test_another_hold_changes_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch)
    longer = replay(stored, plan_of(hold=30.0))
    assert not longer.same_as(stored)
    assert not any(hold.completed for hold in longer.result.holds)
    lines = {line.what: line for line in compare(stored.result, longer.result) if line.changed}
    assert any(what.startswith("repetitions") for what in lines)


def test_a_measure_the_session_did_not_have_is_taken_from_the_landmarks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch)
    name = "elbow_flexion_left"
    without = {each: reading for each, reading in stored.measures.items() if each != name}
    again = replay(replace(stored, measures=without), stored.plan())
    assert again.measured == (name,)
    assert again.same_as(stored)


def test_the_silhouette_cannot_be_had_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _kept(tmp_path, "wall-stretch", monkeypatch)
    with pytest.raises(StoreError, match=r"spine_flexion .*silhouette.*not kept"):
        replay(stored, plan_of("cat-cow"))


def test_an_exercise_without_a_frame_can_be_replayed(tmp_path: Path) -> None:
    stored = _empty(tmp_path)
    again = replay(stored, stored.plan())
    assert again.result.frames == 0
    assert again.events == ()


def _empty(folder: Path) -> StoredExercise:
    record(folder)
    with sqlite3.connect(folder / "sessions.db") as connection:
        connection.execute("DELETE FROM moments")
        connection.execute("DELETE FROM event")
        connection.execute("UPDATE exercise SET frames = 0, duration_s = 0")
    connection.close()
    with Store.open(folder) as store:
        return store.load("last").exercises[0]


def test_what_the_person_asked_for_between_frames_is_replayed(tmp_path: Path) -> None:
    plan = plan_of()
    session = Session(plan, "clip")
    snapshots = []
    with Recorder(tmp_path, source="clip", live=False) as recorder:
        recorder.begin(plan)
        for index, pose in enumerate(poses()):
            if index in (0, 5, 90):
                session.other_side()
            if index == 40:
                session.other_side()
                session.other_side()
            snapshot = next(coach(session, iter([pose])))
            recorder.hear(snapshot)
            snapshots.append(snapshot)
        recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        stored = store.load("last").exercises[0]
    assert np.flatnonzero(stored.switched).tolist() == [0, 5, 90]
    assert stored.events == happened(session, snapshots)
    assert replay(stored, stored.plan()).same_as(stored)


def test_a_session_scaled_by_the_persons_own_range_is_the_same_again(tmp_path: Path) -> None:
    ranges = {("trunk_turn", 1): 30.0, ("trunk_turn", -1): 25.0}
    exercise = plan_of().exercise
    plan = make_plan(exercise, repetitions=2, hold=2.0, ranges=ranges)
    assert plan.scaled
    session = Session(plan, "clip")
    with Recorder(tmp_path, source="clip", live=False) as recorder:
        recorder.begin(plan)
        for snapshot in coach(session, poses()):
            recorder.hear(snapshot)
        recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        stored = store.load("last").exercises[0]
    assert stored.plan() == plan
    assert stored.result.as_json() == session.result.as_json()
    assert replay(stored, stored.plan()).same_as(stored)
