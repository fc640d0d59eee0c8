"""Profiles: what is kept of a person, how it scales targets, and that nothing is lost."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.errors import ProfileError
from posecoach.exercise.definition import Exercise, Target
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.plan.target import Goal
from posecoach.plan.words import of_own_range
from posecoach.profile import norms, range_words
from posecoach.profile.files import Profiles, file_name, same_name
from posecoach.profile.format import VERSION, DamagedError, TooNewError, as_text, from_text
from posecoach.profile.motion import Motion, motions_of_measure, motions_of_plan
from posecoach.profile.motion_readings import MotionReadings, Trial
from posecoach.profile.outcome import calibration_from
from posecoach.profile.person import Calibration, Difference, Preferences, Profile, Range
from posecoach.profile.proposal import Outcome, outcome, propose
from posecoach.profile.recording import findings

LEFT = Motion("trunk_lateral_flexion", "left")
RIGHT = Motion("trunk_lateral_flexion", "right")
DAY = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def calibration(at: datetime = DAY, **ranges: float) -> Calibration:
    found = tuple(
        Range(Motion("trunk_lateral_flexion", side), (deg, deg, deg), 2.0)  # type: ignore[arg-type]
        for side, deg in ranges.items()
    )
    return Calibration(at, "live", "camera 0", "overhead-reach", found, {}, 0.5)


def person(**ranges: float) -> Profile:
    return Profile("Anna", Preferences(voice=False, camera="1")).with_calibration(
        calibration(**ranges)
    )


# -- ranges ------------------------------------------------------------------------------------


def test_a_slip_or_one_trial_too_far_does_not_move_the_range() -> None:
    assert Range(LEFT, (30.0, 31.0, 30.5), 2.0).deg == 30.5
    assert Range(LEFT, (30.0, 31.0, 12.0, 30.5), 2.0).deg == 30.5  # a slip
    assert Range(LEFT, (30.0, 48.0, 30.5), 2.0).deg == 30.5  # one measured too far
    assert Range(LEFT, (30.0,), 2.0).spread == 0.0


def test_what_the_instrument_cannot_tell_is_unchanged() -> None:
    before, after = Range(LEFT, (30.0,) * 3, 2.0), Range(LEFT, (32.0,) * 3, 2.0)
    assert not Difference.of(after, before).clear
    assert "unchanged" in range_words.changed(after, before)
    more = Range(LEFT, (36.0,) * 3, 2.0)
    assert range_words.changed(more, before).startswith("6° more")
    assert range_words.changed(before, more).startswith("6° less")


def test_left_against_right_has_an_uncertainty() -> None:
    left, right = Range(LEFT, (30.0,) * 3, 2.0), Range(RIGHT, (22.0,) * 3, 2.0)
    near = Range(RIGHT, (29.0,) * 3, 2.0)
    of = Calibration(DAY, "live", "", "", (left, right))
    assert range_words.sides((of, left), (of, right)) == "left goes 8° ± 3 farther"
    assert "no clear difference" in range_words.sides((of, left), (of, near))


def test_near_and_far_take_the_smaller_side() -> None:
    ranges = (
        Range(Motion("hip_flexion_left", "up"), (120.0,), 5.0),
        Range(Motion("hip_flexion_right", "up"), (110.0,), 5.0),
    )
    scale = Profile("x").with_calibration(Calibration(DAY, "live", "", "", ranges)).scale()
    assert scale["hip_flexion_left", 1] == 120
    assert scale["hip_flexion_near", 1] == scale["hip_flexion_far", 1] == 110


def test_the_newest_range_counts_and_the_older_are_its_history() -> None:
    profile = person(left=20.0, right=21.0).with_calibration(
        calibration(DAY + timedelta(days=30), left=26.0)
    )
    assert profile.current()[LEFT].deg == 26
    assert profile.current()[RIGHT].deg == 21
    assert [each.deg for _, each in profile.history(LEFT)] == [20, 26]


# -- targets ---------------------------------------------------------------------------------


@given(own=st.floats(0, 90))
def test_the_scaled_target_is_never_under_the_floor_nor_over_the_limit(own: float) -> None:
    target = Target.model_validate(
        {
            "measure": "trunk_lateral_flexion",
            "towards": "left",
            "at_least": 15,
            "of_range": 0.8,
            "floor": 6,
            "limit": 40,
        }
    )
    goal = Goal.of(target, "left", True, {("trunk_lateral_flexion", 1): own})
    assert goal.low == pytest.approx(min(max(0.8 * own, 6), 40))
    assert goal.low - goal.stay >= 0.6 * goal.low - 1e-9  # what is forgiven is no standing still
    assert (goal.textbook, goal.own_range) == (15, own)
    assert goal.state(5.0).textbook == 15


def test_without_a_calibration_the_textbook_counts_and_without_a_floor_it_is_one() -> None:
    value = {"measure": "trunk_lateral_flexion", "at_least": 15, "of_range": 0.8}
    target = Target.model_validate(value)
    assert Goal.of(target, None, True).low == 15
    assert Goal.of(target, None, True, {("trunk_lateral_flexion", -1): 5.0}).low == 15
    scaled = Goal.of(target, None, True, {("trunk_lateral_flexion", 1): 5.0})
    assert scaled.low == 15


def test_screen_and_report_say_both_numbers() -> None:
    value = {"measure": "neck_flexion", "at_least": 35, "of_range": 0.8, "floor": 10}
    goal = Goal.of(Target.model_validate(value), None, True, {("neck_flexion", 1): 31.0})
    assert of_own_range(goal.state(28.0)) == "28° of your 31°; textbook 35°"
    assert range_words.asked(goal) == "25° of your 31°; textbook 35°"
    assert of_own_range(goal.state(float("nan"))) == ""
    assert of_own_range(Goal.of(Target.model_validate(value), None, True).state(28.0)) == ""


def exercise(start_within: float, fault_below: float) -> Exercise:
    return Exercise.model_validate(
        {
            "id": "lean",
            "name": "Lean",
            "purpose": "To lean",
            "posture": ["upright"],
            "view": ["front"],
            "camera": "In front",
            "safety": ["Stop where it hurts"],
            "sides": "each",
            "repetitions": 2,
            "start": {
                "say": "Stand",
                "targets": [{"measure": "trunk_lateral_flexion", "is": 0, "within": start_within}],
            },
            "steps": [
                {
                    "id": "lean",
                    "say": "Lean",
                    "hold": 2,
                    "targets": [
                        {
                            "measure": "trunk_lateral_flexion",
                            "towards": "{side}",
                            "at_least": 20,
                            "of_range": 0.8,
                            "floor": 5,
                        }
                    ],
                }
            ],
            "faults": [
                {
                    "id": "not-far",
                    "when": {
                        "measure": "trunk_lateral_flexion",
                        "towards": "{side}",
                        "below": fault_below,
                    },
                    "cue": "Farther",
                }
            ],
            "source": "made for the tests",
        }
    )


@pytest.mark.parametrize("own", [2.0, 8.0, 12.0, 20.0])
def test_start_pose_and_faults_keep_their_distance_from_a_nearer_target(own: float) -> None:
    ranges = {("trunk_lateral_flexion", 1): own, ("trunk_lateral_flexion", -1): own}
    for side in make_plan(exercise(10, 14), ranges=ranges).sides:
        (target,) = side.steps[0].goals
        (start,) = side.start
        sign = target.reader.sign
        end = start.high if sign > 0 else -start.low
        assert end + start.stay < target.low
        check = side.faults[0].clauses[0][0]
        assert check.low < target.low
    plain = make_plan(exercise(10, 14)).sides[0]
    assert plain.start[0].high == 10
    assert plain.faults[0].clauses[0][0].low == 14


def test_a_larger_range_asks_for_more_and_leaves_start_and_faults_alone() -> None:
    plan = make_plan(exercise(10, 14), ranges={("trunk_lateral_flexion", 1): 40.0})
    left, right = plan.sides
    assert left.steps[0].goals[0].low == 32
    assert right.steps[0].goals[0].low == 20  # not calibrated
    assert left.start[0].high == 10
    assert [side for side, _, _ in plan.scaled] == ["left"]
    assert plan.ranges == {("trunk_lateral_flexion", 1): 40.0}


def test_every_built_in_exercise_stays_consistent_for_the_stiffest_person() -> None:
    library = standard_library([])
    for name in library.ids():
        plan = make_plan(library.find(name))
        tiny = {(motion.measure, motion.sign): 1.0 for motion in motions_of_plan(plan)}
        for side in make_plan(library.find(name), ranges=tiny).sides:
            for step in side.steps:
                for goal in (each for each in step.goals if each.own_range is not None):
                    assert 0 < goal.low <= goal.textbook
                    same = [g for g in side.start if g.reader.name == goal.reader.name]
                    for start in same:
                        end = start.high if start.reader.sign == goal.reader.sign else -start.low
                        assert end < goal.low, name


# -- the file ----------------------------------------------------------------------------------


def test_a_profile_comes_back_as_it_was() -> None:
    profile = person(left=20.5, right=21.25)
    assert from_text(as_text(profile)) == profile
    assert json.loads(as_text(profile))["version"] == VERSION


OLD = """{
  "version": 1,
  "name": "Old Anna",
  "date": "2023-05-01T10:00:00",
  "voice": false,
  "ranges": {
    "trunk_lateral_flexion": {"left": 31.0, "right": 28.5},
    "neck_flexion": {"flexion": 44.0, "extension": 50.0},
    "hip_flexion": {"left": 112.0, "right": 110.0}
  }
}"""


def test_a_profile_of_version_1_still_loads() -> None:
    profile = from_text(OLD)
    assert profile.name == "Old Anna"
    assert profile.preferences.voice is False
    # Measured with an earlier eye: kept and shown, but nothing is scaled by it until it is renewed.
    assert profile.scale() == {}
    (only,) = profile.calibrations
    assert (only.method, only.at.year) == ("unknown", 2023)
    assert from_text(as_text(profile)) == profile


def damaged(change: Any) -> str:
    value = json.loads(as_text(person(left=20.0)))
    change(value)
    return json.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": true}',
        "[" * 100_000,
        damaged(lambda v: v.pop("name")),
        damaged(lambda v: v.update(format="shopping list")),
        damaged(lambda v: v.update(calibrations=None)),
        damaged(lambda v: v["calibrations"][0].update(date="yesterday")),
        damaged(lambda v: v["calibrations"][0]["ranges"][0].update(trials=[])),
        damaged(lambda v: v["calibrations"][0]["ranges"][0].update(trials=["20"])),
        damaged(lambda v: v["calibrations"][0]["ranges"][0].update(trials=[1e9])),
        damaged(lambda v: v["calibrations"][0]["ranges"][0].update(measure="nose_length")),
        damaged(lambda v: v["calibrations"][0]["ranges"][0].update(towards="sideways")),
        OLD.replace("31.0", '"far"'),
        OLD.replace('"left"', '"middle"'),
    ],
)
def test_whatever_is_no_profile_is_called_damaged(text: str) -> None:
    with pytest.raises(DamagedError):
        from_text(text)


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    path = profiles.save(person(left=20.0))
    newer = path.read_text().replace(f'"version": {VERSION}', f'"version": {VERSION + 1}')
    path.write_text(newer)
    with pytest.raises(TooNewError):
        from_text(newer)
    with pytest.raises(ProfileError, match="newer PoseCoach"):
        profiles.load("Anna")
    assert path.read_text() == newer


def test_a_damaged_profile_is_set_aside_and_told_and_never_replaced(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    for _ in range(2):
        path = profiles.save(person(left=20.0))
        broken = path.read_text()[:-40]
        path.write_text(broken)
        with pytest.raises(ProfileError, match="damaged"):
            profiles.find("Anna")
        assert profiles.find("Anna") is None
    aside = sorted(profiles.folder.glob("*.damaged-*"))
    assert len(aside) == 2  # the second stands beside the first
    assert all(each.read_text() == broken for each in aside)
    assert len(profiles.troubles()) == 2


def test_several_people_and_their_names(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    people = ["Anna", "Zoë", "Ёлка", "太郎", "../../etc/passwd", "CON", "a" * 80, "x.json", "🙂"]
    for name in people:
        profiles.save(Profile(name))
    assert sorted(profiles.names()) == sorted(people)
    assert len(list(profiles.folder.iterdir())) == len(people)
    assert not any(path.parent != profiles.folder for path in map(profiles.path, people))
    assert profiles.load("anna").name == "Anna"
    assert profiles.load(unicodedata.normalize("NFD", "Zoë")).name == "Zoë"
    profiles.delete("Zoë")
    assert "Zoë" not in profiles.names()
    with pytest.raises(ProfileError, match="There is no profile 'Zoë'"):
        profiles.load("Zoë")
    with pytest.raises(ProfileError):
        profiles.delete("Zoë")


@given(st.text(max_size=60))
def test_any_name_gives_a_safe_file_name_or_is_refused(name: str) -> None:
    try:
        found = file_name(name)
    except ProfileError:
        return
    assert found.isascii()
    assert "/" not in found
    assert "\\" not in found
    assert not found.startswith(".")
    assert len(found) <= 60
    assert found == file_name(unicodedata.normalize("NFD", name))
    assert found == file_name(same_name(name))


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_two_people_never_share_a_file(one: str, other: str) -> None:
    try:
        names = file_name(one), file_name(other)
    except ProfileError:
        return
    assert (names[0] == names[1]) == (same_name(one) == same_name(other))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x00", "x" * 81])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ProfileError, match="name"):
        file_name(name)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProfileError, match="--data-dir"):
        Profiles(tmp_path / "file").save(person(left=20.0))


# -- norms and proposals -------------------------------------------------------------------


def test_norms_name_their_sources_and_known_measures() -> None:
    assert norms.usual(LEFT) == {"AAOS": 35.0, "AMA": 25.0}
    assert norms.usual(Motion("hip_flexion_left", "up"))["AAOS"] == 120
    assert norms.usual(Motion("trunk_turn", "left")) == {}
    assert set(norms.sources()) == {"AAOS", "AMA"}
    for measure, towards in norms._norms()[0]:
        assert any(motion.towards == towards for motion in motions_of_measure(measure))


def outcomes(reached: float, repetitions: int, count: int = 3, faults: int = 0) -> list[Outcome]:
    return [
        Outcome(DAY + timedelta(days=day + 1), LEFT, 16.0, reached, 6, repetitions, 6, faults)
        for day in range(count)
    ]


def test_a_calibration_is_proposed_where_the_range_has_clearly_changed() -> None:
    profile = person(left=20.0)
    more = propose(profile, outcomes(27.0, 6))
    assert more is not None
    assert more.direction == "more"
    assert "27°" in more.text
    assert "20°" in more.text
    less = propose(profile, outcomes(11.0, 1))
    assert less is not None
    assert less.direction == "less"
    assert profile == person(left=20.0)  # it never moves a target by itself


def test_how_far_a_session_went_is_read_from_its_angles() -> None:
    times = np.arange(0, 30, 1 / 15)
    knots = [0, 1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 16]
    lean = np.interp(times, knots, [0, 0, 24, 24, 0, 0, 26, 26, 0, 0, -30, -30])
    came = outcome(DAY, LEFT, 16.0, times, lean, attempts=2, repetitions=2)
    assert came is not None
    assert came.reached_deg == pytest.approx(25.0, abs=0.5)
    assert outcome(DAY, LEFT, 16.0, times, lean * 0, attempts=2, repetitions=0) is None


@pytest.mark.parametrize(
    "recent",
    [
        [],
        outcomes(27.0, 6, count=2),  # not often enough
        outcomes(21.0, 6),  # within what the instrument can be off
        outcomes(27.0, 6, faults=4),  # not in good form
        outcomes(27.0, 3),  # not comfortably
        outcomes(15.5, 1),  # missed, but hardly
        [*outcomes(27.0, 6, count=2), *outcomes(18.0, 6, count=4)[3:]],  # not any more
        [
            Outcome(each.at - timedelta(days=90), LEFT, 16.0, 27.0, 6, 6, 6)
            for each in outcomes(27.0, 6)
        ],  # before the calibration
    ],
)
def test_no_proposal_without_a_clear_reason(recent: list[Outcome]) -> None:
    assert propose(person(left=20.0), recent) is None


@pytest.mark.parametrize(
    "name",
    [
        "می‌خواهم",  # Persian, with a joiner that keeps two letters apart
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
        "ශ්‍රී",  # Sinhala
        "ക്‍",  # Malayalam
        "Ada\u200e",  # as a messenger copies it
        "\U0001faea",  # younger than this Python's tables
    ],
)
def test_names_in_letters_that_join_others_are_names(name: str, tmp_path: Path) -> None:
    Profiles(tmp_path).save(Profile(name))
    assert Profiles(tmp_path).load(name).name == name
    assert [path.name for path in (tmp_path / "profiles").iterdir()] == [file_name(name)]


@pytest.mark.parametrize(
    "name", ["", " ", "\u200d", "a\nb", "a\x1b[2Jb", "Ada\u202egnihton", "\udcff", "x" * 81]
)
def test_what_hides_another_name_or_is_none_is_refused(name: str) -> None:
    with pytest.raises(ProfileError, match="printable letters"):
        file_name(name)


@given(st.lists(st.floats(25, 40), min_size=2, max_size=6))
def test_a_range_is_told_before_it_is_kept_as_afterwards(levels: list[float]) -> None:
    seen = MotionReadings(LEFT)
    trials = [Trial(0.0, 1.0, level, "") for level in levels]
    found = findings([(seen, trials)], [])
    ada = Profile("Ada").with_calibration(calibration_from(found, DAY, "live", "", ""))
    (now,), (kept,) = ada.current().values(), from_text(as_text(ada)).current().values()
    for words in (range_words.trials, range_words.with_uncertainty):
        assert words(now) == words(kept)
