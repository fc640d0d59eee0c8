"""``import posecoach``: the names others build on, each there, documented, typed and light."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import posecoach
from posecoach.clinic.job import Job, coached
from posecoach.pose.bundle import resolve_bundle
from posecoach.profile.files import Profiles
from posecoach.profile.motion import Motion
from posecoach.profile.person import Calibration, Profile, Range
from tests.helpers.places import REPOSITORY
from tests.helpers.store_sessions import clip, plan_of, poses
from tools.api import page, text_of

HEAVY = ("cv2", "mediapipe", "matplotlib", "numpy", "pydantic", "rich")


def loaded(code: str) -> set[str]:
    """Which heavy packages a process has imported after some code."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    return {name for name in HEAVY if name in told.stdout.split()}


def test_importing_loads_nothing_heavy() -> None:
    assert loaded("import posecoach") == set()


def test_no_name_needs_a_camera_s_or_a_model_s_library_before_it_is_called() -> None:
    code = "import posecoach\nfor name in posecoach.__all__: getattr(posecoach, name)"
    assert loaded(code) & {"cv2", "mediapipe", "matplotlib"} == set()


def test_every_name_is_there_and_has_its_words() -> None:
    assert len(posecoach.__all__) <= 25
    assert dir(posecoach) == sorted(posecoach.__all__)
    for name in posecoach.__all__:
        assert getattr(posecoach, name) is not None
        assert len(text_of(name)) > 20, name
    with pytest.raises(AttributeError, match="no attribute 'coahc'"):
        posecoach.coahc  # noqa: B018


def test_the_page_in_the_docs_is_of_today() -> None:
    """``python -m tools.api`` writes it."""
    assert (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8") == page()


def test_users_of_a_type_checker_get_types(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import posecoach\n"
        "reveal_type(posecoach.load_exercise)\n"
        "reveal_type(posecoach.MEASURES)\n"
        "reveal_type(posecoach.events.CueGiven)\n"
        "posecoach.coahc\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    lines = checked.stdout.splitlines()
    assert "-> posecoach.exercise.definition.Exercise" in lines[0]
    assert "tuple[str, ...]" in lines[1]
    assert "posecoach.coach.events.CueGiven" in lines[2]
    assert 'no attribute "coahc"' in lines[3]
    assert len(lines) == 5


# -- what the functions do -------------------------------------------------------------------------


def test_a_plan_is_made_for_a_person(tmp_path: Path) -> None:
    exercise = posecoach.load_exercise("overhead-reach")
    textbook = posecoach.make_plan(exercise, repetitions=2, hold_s=3, side="left")
    assert (textbook.repetitions, [each.side for each in textbook.sides]) == (2, ["left"])
    assert textbook.scaled == ()
    profiles = Profiles(tmp_path)
    ranges = (Range(Motion("trunk_lateral_flexion", "left"), (30.0,) * 3, 2.0),)
    when = clip().row
    made = profiles.find("Ann") or Profile("Ann")

    calibration = Calibration(
        datetime(2026, 1, 1, tzinfo=UTC), "live", "camera", "", ranges, {}, None
    )
    profiles.save(made.with_calibration(calibration))
    assert when
    own = posecoach.make_plan(exercise, person="Ann", data_dir=tmp_path)
    assert [goal.own_range for _, _, goal in own.scaled] == [30.0]


def test_what_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(posecoach.PoseCoachError, match="wall-strech"):
        posecoach.load_exercise("wall-strech")
    with pytest.raises(posecoach.errors.ExerciseError, match="has no sides; leave the side out"):
        posecoach.make_plan(posecoach.load_exercise("cat-cow"), side="left")
    with pytest.raises(posecoach.errors.ExerciseError, match="upper-back is a routine"):
        posecoach.load_exercise("upper-back")
    with pytest.raises(posecoach.errors.ProfileError):
        posecoach.make_plan(posecoach.load_exercise("cat-cow"), person="Bob", data_dir=tmp_path)
    with pytest.raises(posecoach.errors.MeasureError):
        list(posecoach.measure(poses(), ["elbow"]))
    with pytest.raises(posecoach.errors.MeasureError, match="No measure is named"):
        list(posecoach.measure(poses(), []))
    for name in ("x" * 200, "a\0b"):
        with pytest.raises(posecoach.errors.ProfileError):
            posecoach.keep_session("mine", person=name, data_dir=tmp_path)
    with pytest.raises(posecoach.errors.SourceError, match="at least 1 by 1, not 0 by 480"):
        posecoach.open_source(size=(0, 480))
    with pytest.raises(posecoach.errors.SourceError, match="positive number, not nan"):
        posecoach.open_source(fps=float("nan"))
    with pytest.raises(posecoach.errors.SourceError, match="is no recording"):
        posecoach.coach_recording(REPOSITORY / "tests" / "data" / "wall-stretch.jpg", plan_of())
    with posecoach.Store.open(tmp_path) as store:
        with pytest.raises(posecoach.errors.OutputError, match="must end in"):
            posecoach.write_report(store, tmp_path / "report.doc")
        with pytest.raises(posecoach.errors.OutputError, match="nowhere"):
            posecoach.write_report(store, tmp_path / "nowhere" / "report.html")
        with pytest.raises(posecoach.errors.StoreError):
            posecoach.write_report(store, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_coached_as_the_command_does() -> None:
    """By the same eyes, with as many looks and with the same notes."""
    recording, heard = REPOSITORY / "demo" / "wall-stretch.mp4", []
    found = posecoach.coach_recording(recording, plan_of(), hear=heard.append).as_json()
    same = coached(Job(str(recording), plan_of(), resolve_bundle(None)), lambda done, total: None)
    assert found == same.as_json()
    assert len(heard) >= found["frames"]  # some show nothing new


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        *[({"hold_s": each}, "0.5 to 600") for each in (-1, 0, 0.2, 601, nan, inf, "3", True)],
        *[({"repetitions": each}, "1 to 1000") for each in (-3, 0, 1001, 2.5, nan, "3", True)],
        *[({"side": each}, "'left' or 'right'") for each in ("up", "", 1)],
    ],
)
def test_a_plan_is_refused_what_the_command_line_refuses(asked: Any, words: str) -> None:
    with pytest.raises(posecoach.errors.ExerciseError, match=words):
        posecoach.make_plan(posecoach.load_exercise("wall-stretch"), **asked)


def test_numbers_of_other_libraries_are_numbers() -> None:
    plan = posecoach.make_plan(
        posecoach.load_exercise("wall-stretch"),
        repetitions=np.int64(2),  # type: ignore[arg-type]
        hold_s=np.float32(2.5),  # type: ignore[arg-type]
    )
    assert plan.repetitions == 2
    assert plan.sides[0].steps[0].hold == 2.5


def test_poses_whose_times_do_not_increase_are_refused() -> None:
    first, second, *_ = poses()
    for wrong in ([first, first], [second, first], [replace(first, time_s=np.array(nan))]):
        with pytest.raises(posecoach.errors.SourceError, match="time"):
            posecoach.coach_poses(wrong, plan_of())
        with pytest.raises(posecoach.errors.SourceError, match="time"):
            list(posecoach.measure(wrong, ["trunk_inclination"]))


def test_landmarks_of_another_model_are_refused() -> None:
    first = next(iter(poses()))
    coco = replace(
        first, image=first.image[:17], world=first.world[:17], visibility=first.visibility[:17]
    )
    for each in (coco, replace(first, image=first.image[0])):
        with pytest.raises(posecoach.errors.SourceError, match="33 landmarks in MediaPipe's order"):
            posecoach.coach_poses([each], plan_of())
        with pytest.raises(posecoach.errors.SourceError, match="33 landmarks in MediaPipe's order"):
            list(posecoach.measure([each]))


def test_poses_from_anywhere_are_coached_and_kept_as_a_recording_is(tmp_path: Path) -> None:
    heard: list[posecoach.Snapshot] = []
    with posecoach.keep_session("my landmarks", person="Ann", data_dir=tmp_path) as keep:
        result = posecoach.coach_poses(poses(), plan_of(), hear=heard.append, keep=keep)
    assert result.repetitions == clip().result.repetitions
    assert result.attempts["left"] >= result.repetitions["left"]
    assert len(heard) == result.frames
    with posecoach.Store.open(tmp_path) as store:
        (row,) = store.sessions()
        assert (row.source, row.profile, row.state) == ("my landmarks", "Ann", "finished")
        assert (
            store.load("last").exercises[0].result.as_json()["holds"] == result.as_json()["holds"]
        )
        posecoach.write_report(store, tmp_path / "report.json")
    assert (tmp_path / "report.json").read_text(encoding="utf-8").startswith("{")


def test_who_hears_may_end_it() -> None:
    heard: list[float] = []

    def hear(snapshot: posecoach.Snapshot) -> bool:
        heard.append(snapshot.state.time_s)
        return len(heard) < 5

    endless = (each for each in poses(loops=10**6))
    assert posecoach.coach_poses(endless, plan_of(), hear=hear).frames == 5


def test_angles_are_counted_from_the_first_second_and_photos_each_for_itself() -> None:
    names = ["elbow_flexion_left", "trunk_turn"]
    found = list(posecoach.measure(poses(), names))
    times = [float(pose.time_s) for pose, _ in found]
    assert times == [float(pose.time_s) for pose in poses()]
    assert abs(float(found[5][1]["trunk_turn"].value)) < 10
    nobody = posecoach.Pose.absent(0.0, (640, 480))
    assert list(posecoach.measure([nobody], names, photos=True)) == [(nobody, {})]
    ((_, photo),) = posecoach.measure([found[5][0]], names, photos=True)
    assert isinstance(photo["elbow_flexion_left"], posecoach.Told)
    elbow = photo["elbow_flexion_left"]
    assert 0 < float(elbow.spread) < float(elbow.give_or_take) < 2 * float(elbow.spread)
    assert float(photo["trunk_turn"].confidence) <= 0.5
