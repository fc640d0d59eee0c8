"""Profiles as a person meets them: commands, several people, and what can go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.cli import cli, options
from posecoach.errors import PoseCoachError, ProfileError
from posecoach.observe import instrument
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.profile import files
from posecoach.profile.files import Profiles
from posecoach.profile.format import as_text, from_text
from posecoach.profile.motion import Motion, motions_of_measure
from posecoach.profile.motion_readings import MotionReadings, Trial
from posecoach.profile.person import Calibration, Preferences, Profile, Range
from posecoach.profile.prompts import prompts_of_motions
from posecoach.profile.recording import Findings, findings

LEAN = "trunk_lateral_flexion"
LEFT, RIGHT = Motion(LEAN, "left"), Motion(LEAN, "right")
FRONT, SIDE = View("front", "upright", "left", 0.0), View("left", "upright", "left", 90.0)
DAY = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def range_of(motion: Motion, deg: float) -> Range:
    return Range(motion, (deg - 1, deg, deg + 1), 2.0)


def found(left: float, right: float) -> Findings:
    ranges = (range_of(LEFT, left), range_of(RIGHT, right))
    return Findings(ranges, {LEAN: 0.4}, 0.2, (), ())


def person(name: str, left: float, right: float, at: datetime = DAY) -> Profile:
    ranges = found(left, right).ranges
    return Profile(name).with_calibration(
        Calibration(at, "recording", "clip.mp4", "overhead-reach", ranges, {LEAN: 0.4}, 0.2)
    )


def posecoach(*args: str, data: Path) -> Result:
    return CliRunner().invoke(cli, [*args, "--data-dir", str(data)])


def told(result: Result) -> str:
    """The one sentence of an error a user can meet."""
    assert isinstance(result.exception, PoseCoachError), result.output
    text = str(result.exception)
    assert "\n" not in text
    return text


# -- what is shown -------------------------------------------------------------------------------


def test_show_and_list_tell_programs_all_they_tell_people(tmp_path: Path) -> None:
    again = person("Zoë", 31.0, 24.0).with_calibration(
        Calibration(DAY.replace(month=5), "live", "camera", "", found(32.0, 30.0).ranges)
    )
    Profiles(tmp_path).save(again)
    Profiles(tmp_path).save(Profile("Ben", Preferences(voice=False, camera="1")))
    listed = json.loads(posecoach("profiles", "list", "--json", data=tmp_path).stdout)
    assert [each["name"] for each in listed] == ["Ben", "Zoë"]
    assert listed[0]["last_calibration"] is None
    value = json.loads(posecoach("profiles", "show", "zoë", "--json", data=tmp_path).stdout)
    left, right = value["ranges"]
    assert (left["range"], left["usual"]["AAOS"]) == (32.0, 35)
    assert left["changed"]["clear"] is False  # 31 and 32 are the same to the instrument
    assert right["changed"]["clear"] is True
    assert [each["range"] for each in right["history"]] == [24.0, 30.0]
    assert value["left_right"][0]["clear"] is False
    assert value["proposal"] is None
    ben = json.loads(posecoach("profiles", "show", "Ben", "--json", data=tmp_path).stdout)
    assert ben["preferences"] == {"voice": False, "camera": "1"}
    text = posecoach("profiles", "show", "Zoë", data=tmp_path).stdout
    assert "unchanged" in text
    assert "6° more" in text
    assert "no clear difference between left and right" in text


def test_usual_values_are_explained_where_one_is_shown(tmp_path: Path) -> None:
    """Nobody has measured what is usual for a turn of the standing trunk."""
    turn = Motion("trunk_rotation", "left")
    Profiles(tmp_path).save(person("Zoë", 31.0, 24.0))
    found = Findings((range_of(turn, 33.0),), {"trunk_rotation": 0.4}, 0.2, (), ())
    Profiles(tmp_path).save(
        Profile("Ben").with_calibration(
            Calibration(DAY, "recording", "clip.mp4", "wall-stretch", found.ranges)
        )
    )
    assert "AAOS: " in posecoach("profiles", "show", "Zoë", data=tmp_path).stdout
    assert "sual" not in posecoach("profiles", "show", "Ben", data=tmp_path).stdout


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "[red]Ann[/]", "李雷", "con", "x" * 80]
)
def test_odd_names_are_kept_in_the_folder_and_shown_as_they_are(tmp_path: Path, name: str) -> None:
    assert posecoach("profiles", "set", name, "--no-voice", data=tmp_path).exit_code == 0
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.parent == tmp_path / "profiles"
    (one,) = json.loads(posecoach("profiles", "list", "--json", data=tmp_path).stdout)
    assert one["name"] == name
    assert name[:20] in posecoach("profiles", "show", name, data=tmp_path).stdout
    assert name[:20] in posecoach("profiles", "list", data=tmp_path).stdout
    assert posecoach("profiles", "delete", name, "--yes", data=tmp_path).exit_code == 0
    assert not file.exists()


def test_a_profile_with_the_side_there_once_was_still_loads() -> None:
    value = json.loads(as_text(person("Zoë", 31.0, 24.0)))
    value["preferences"]["side"] = "left"
    del value["proposed"]
    assert from_text(json.dumps(value)) == person("Zoë", 31.0, 24.0)


# -- why there is no range -------------------------------------------------------------------------


def looked(motion: Motion, view: View, reading: Reading | None) -> MotionReadings:
    gathered = MotionReadings(motion)
    for index in range(40):
        gathered.add(index / 10, reading, view, index < 10)
    return gathered


def seen(value: float, confidence: float) -> Reading:
    return Reading(np.array(value), np.array(confidence))


@pytest.mark.parametrize(
    ("view", "reading", "why"),
    [
        (FRONT, None, "nobody was seen"),
        (SIDE, seen(3.0, 0.9), "you were not seen from the front or the back"),
        (FRONT, seen(nan, 0.0), "you were not seen well enough"),
        (FRONT, seen(0.0, 0.9), "it was not held for a second"),
    ],
)
def test_no_range_has_its_reason(view: View, reading: Reading | None, why: str) -> None:
    gathered = looked(LEFT, view, reading)
    assert findings([(gathered, gathered.trials())], []).missed == ((LEFT, why),)


def test_what_the_instrument_cannot_tell_from_nothing_is_no_range() -> None:
    """As where the recording shows another exercise, in which the head moves along a bit."""
    motion = Motion("neck_lateral_flexion", "left")
    gathered = MotionReadings(motion)
    little = instrument.error_deg(motion.measure) - 0.2
    for deg, ranges in ((little, 0), (little + 1.0, 1)):
        came = findings([(gathered, [Trial(0.0, 1.0, deg, "")] * 3)], [])
        assert len(came.ranges) == ranges
        assert len(came.missed) == 1 - ranges


def test_a_movement_that_was_never_begun_was_not_done() -> None:
    from posecoach.profile.guide import Guide

    guide = Guide(prompts_of_motions(motions_of_measure(LEAN)))
    assert {why for _, why in guide.findings().missed} == {"it was not done"}


# -- calibrating, with somebody else moving --------------------------------------------------------


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Findings], None]:
    """Makes ``calibrate`` find something, without a camera, a model or a person."""

    class Camera:
        name, live, static, mirror_display = "camera", True, False, True

        def __enter__(self) -> Camera:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def find(what: Findings) -> None:
        monkeypatch.setattr("posecoach.cli.calibrate._guided", lambda *_: what)

    monkeypatch.setattr("posecoach.cli.calibrate._open", lambda _: Camera())
    monkeypatch.setattr(options, "find_model", lambda _: tmp_path / "model.task")
    return find


def test_two_people_do_not_mix(moved: Callable[[Findings], None], tmp_path: Path) -> None:
    moved(found(30.0, 30.0))
    assert posecoach("calibrate", LEAN, "--profile", "Ann", data=tmp_path).exit_code == 0
    moved(found(12.0, 12.0))
    assert posecoach("calibrate", LEAN, "--profile", "Ben", data=tmp_path).exit_code == 0
    profiles = Profiles(tmp_path)
    assert profiles.names() == ["Ann", "Ben"]
    assert profiles.load("Ann").scale()[LEAN, 1] == 30.0
    assert profiles.load("Ben").scale()[LEAN, 1] == 12.0


def test_each_reason_is_told_once_and_nothing_is_kept(
    moved: Callable[[Findings], None], tmp_path: Path
) -> None:
    why = "you were not seen from the front or the back"
    notes = (f"trunk lean to the left, 3.0 s: not used, {why}.",)
    moved(Findings((), {}, None, ((LEFT, why), (RIGHT, why)), notes))
    result = posecoach("calibrate", LEAN, "--profile", "Ann", data=tmp_path)
    assert told(result).count(why) == 1
    assert result.stdout == ""
    assert Profiles(tmp_path).names() == []


def test_who_cannot_write_is_told_before_anybody_has_moved(
    monkeypatch: pytest.MonkeyPatch, moved: Callable[[Findings], None], tmp_path: Path
) -> None:
    moved(found(30.0, 30.0))
    asked: list[int] = []
    monkeypatch.setattr("posecoach.cli.calibrate._guided", lambda *_: asked.append(1))
    (tmp_path / "profiles").write_text("no folder")
    result = posecoach("calibrate", LEAN, "--profile", "Ann", data=tmp_path)
    assert "--data-dir" in told(result)
    assert asked == []


def test_a_disk_that_fills_up_costs_neither_the_profile_nor_the_sight_of_the_ranges(
    monkeypatch: pytest.MonkeyPatch, moved: Callable[[Findings], None], tmp_path: Path
) -> None:
    profiles = Profiles(tmp_path)
    kept = profiles.save(person("Ann", 31.0, 30.0)).read_bytes()
    moved(found(25.0, 25.0))

    def full(path: Path, text: str, **of: bool) -> None:
        from posecoach.errors import OutputError

        raise OutputError(f"{path} cannot be written: no space left on device.")

    monkeypatch.setattr(files, "write_text", full)
    result = posecoach("calibrate", LEAN, "--profile", "Ann", data=tmp_path)
    assert "no space left" in told(result)
    assert "25°" in result.stdout
    assert profiles.path("Ann").read_bytes() == kept


def test_ctrl_c_ends_a_guided_calibration_and_raises_nothing() -> None:
    """So that what was found until then is kept, as after the key q."""

    class Practising:
        paused = over = False
        last = None

        def see(self, *_: object) -> Any:
            raise KeyboardInterrupt

        def ask(self, _: object) -> None:
            pass

        def finish(self) -> list[Any]:
            return []

    class Camera:
        live = True
        fps = None
        ended_early = ""
        remarks = ()
        started_monotonic = None

        def watch(self) -> Any:
            from posecoach.source.frame import Frame

            yield Frame(np.zeros((4, 4, 3), np.uint8), 0.0)

    class Eyes:
        changed = False

        def hear(self, *_: object) -> None:
            pass

        def see(self, *_: object) -> None:
            return None

    assert LiveCoaching(Practising(), Camera(), hooks=Hooks(tell=lambda _: None)).run(Eyes()) == []  # type: ignore[arg-type]


# -- practising under a name -----------------------------------------------------------------------


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What ``run`` would practise with."""
    asked: dict[str, Any] = {}

    def instead(wanted: Any, manner: Any, ending: Any) -> None:
        asked.update(wanted=wanted, manner=manner, ending=ending)

    monkeypatch.setattr("posecoach.cli.session.coach_and_tell", instead)
    return asked


def test_run_takes_voice_camera_and_ranges_of_the_person(
    ran: dict[str, Any], tmp_path: Path
) -> None:
    profiles = Profiles(tmp_path)
    profiles.save(person("Ann", 10.0, 30.0))
    posecoach("profiles", "set", "Ann", "--no-voice", "--camera", "Desk camera", data=tmp_path)
    assert posecoach("run", "overhead-reach", "--profile", "ANN", data=tmp_path).exit_code == 0
    assert ran["manner"].mute is True
    assert ran["wanted"].source == "Desk camera"
    assert ran["ending"].saving.profile == "Ann"  # one spelling, one history
    assert {goal.low for _, _, goal in ran["wanted"].parts[0].plan.scaled} == {8.0, 24.0}
    named = ("run", "overhead-reach", "--profile", "Ann", "--source", "1")
    assert posecoach(*named, data=tmp_path).exit_code == 0
    assert ran["wanted"].source == "1"
    assert posecoach("run", "overhead-reach", data=tmp_path).exit_code == 0
    assert ran["manner"].mute is False
    assert ran["wanted"].source is None
    assert ran["wanted"].parts[0].plan.scaled == ()


def test_a_slip_in_the_name_is_told_and_somebody_new_is_left_alone(
    ran: dict[str, Any], tmp_path: Path
) -> None:
    first = posecoach("run", "overhead-reach", "--profile", "Ann", data=tmp_path)
    assert first.stderr == ""
    Profiles(tmp_path).save(person("Ann", 10.0, 30.0))
    slip = posecoach("run", "overhead-reach", "--profile", "Anm", data=tmp_path)
    assert "there is Ann" in slip.stderr
    assert posecoach("run", "overhead-reach", "--profile", "Ann", data=tmp_path).stderr == ""


def test_the_two_questions_make_and_pick_profiles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from posecoach.cli.run import run

    asked: dict[str, Any] = {}
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    monkeypatch.setattr("posecoach.cli.start.asks_here", lambda: True)
    monkeypatch.setattr(run, "callback", lambda **how: asked.update(how))
    new = CliRunner().invoke(cli, [], input="wall-stretch\n\t\x01\nAnna\n")
    assert new.exit_code == 0, new.output
    assert "printable" in new.output  # asked again, not ended
    assert Profiles(tmp_path).names() == ["Anna"]
    again = CliRunner().invoke(cli, [], input="wall-stretch\nANNA\n")
    assert "Profiles: Anna" in again.output
    assert asked["profile"] == "Anna"
    assert Profiles(tmp_path).names() == ["Anna"]
    Profiles(tmp_path).path("Anna").write_text("{")
    broken = CliRunner().invoke(cli, [], input="wall-stretch\nAnna\n")
    assert isinstance(broken.exception, ProfileError)
