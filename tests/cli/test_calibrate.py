"""Calibrations, guided and from recordings, and what they do to the targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from posecoach.body.measure import Reading
from posecoach.body.view import View
from posecoach.cli import cli
from posecoach.coach.events import (
    AttemptEnded,
    Completed,
    CueGiven,
    Event,
    HoldCompleted,
    Praised,
    Unseen,
)
from posecoach.coach.state import CoachState, Phase
from posecoach.errors import ProfileError
from posecoach.exercise.library import standard_library
from posecoach.observe.precision import KNOWN
from posecoach.observe.stillness import Stillness
from posecoach.observe.tilt import tilt_deg
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.practice.calibration import calibration_of, measures_of
from posecoach.practice.wish import Wish
from posecoach.profile.files import Profiles
from posecoach.profile.guide import TRIALS, Guide
from posecoach.profile.motion import Motion, motions_of_measure, motions_of_plan
from posecoach.profile.motion_readings import MotionReadings
from posecoach.profile.prompts import (
    Move,
    TakeNeutral,
    TakePose,
    prompts_of_motions,
    prompts_of_plan,
)
from posecoach.profile.recording import ExerciseWatch, MeasureWatch, findings, found
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from tests.helpers.stick_body import Body
from tests.helpers.stick_body import seen as seen_body

FRONT = View("front", "upright", "left", 0.0)
SIDE = View("left", "upright", "left", 90.0)
LEAN = "trunk_lateral_flexion"
LEFT, RIGHT = Motion(LEAN, "left"), Motion(LEAN, "right")
FPS = 20.0


def reading(value: float, confidence: float = 0.9) -> Reading:
    known = confidence if np.isfinite(value) else 0.0
    return Reading(np.array(value), np.array(known))


@dataclass
class Person:
    """Does what a guided calibration asks for, or not; see ``go``."""

    guide: Guide
    time_s: float = 0.0
    lean: float = 0.0
    events: list[Event] = field(default_factory=list)
    states: list[CoachState] = field(default_factory=list)

    def go(
        self,
        seconds: float,
        to: float | None = None,
        *,
        arms: float = 170.0,
        view: View = FRONT,
        confidence: float = 0.9,
        seen: bool = True,
        still: bool = True,
    ) -> None:
        """Move to a lean, left is positive, in so many seconds."""
        start, end = self.lean, self.lean if to is None else to
        frames = round(seconds * FPS)
        for index in range(frames):
            self.time_s += 1 / FPS
            lean = start + (end - start) * (index + 1) / frames
            readings: Mapping[str, Reading] = {
                LEAN: reading(lean, confidence),
                "shoulder_flexion_left": reading(arms),
                "shoulder_flexion_right": reading(arms),
            }
            state, events = self.guide.update(
                self.time_s, readings if seen else {}, view, still=still, tilt_deg=0.0
            )
            self.states.append(state)
            self.events += events
        self.lean = end

    def trial(self, to: float, hold_s: float = 1.6, **how: object) -> None:
        """Out, hold, back, and a breath."""
        self.go(1.0, to, **how)  # type: ignore[arg-type]
        self.go(hold_s, **how)  # type: ignore[arg-type]
        self.go(1.0, 0.0, **how)  # type: ignore[arg-type]
        self.go(0.5, **how)  # type: ignore[arg-type]

    def happened(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def leaning() -> Person:
    """Somebody who stands in neutral and has been asked to lean to the left."""
    person = Person(Guide(prompts_of_motions(motions_of_measure(LEAN))))
    person.go(1.5, arms=5.0)
    return person


# -- guided ------------------------------------------------------------------------------------


def test_each_side_three_times_gives_two_ranges() -> None:
    person = leaning()
    for side in (1, -1):
        for deg in (20.0, 22.0, 21.0):
            person.trial(side * deg)
    assert person.guide.done
    assert len(person.happened(Completed)) == 1
    assert len(person.happened(Praised)) == 2 * TRIALS
    result = person.guide.findings()
    assert [each.motion for each in result.ranges] == [LEFT, RIGHT]
    for each in result.ranges:
        assert each.deg == pytest.approx(21.0, abs=0.5)
        assert len(each.trials) == TRIALS
    assert result.tilt_deg == 0.0
    assert result.missed == ()


def test_the_words_lead_from_neutral_over_the_pose_to_the_movement() -> None:
    plan = make_plan(standard_library([]).find("overhead-reach"))
    prompts = prompts_of_plan(plan)
    assert [type(each) for each in prompts] == [TakeNeutral, TakePose, Move, TakePose, Move]
    assert [each.motion for each in prompts if isinstance(each, Move)] == [LEFT, RIGHT]
    assert {LEAN, "shoulder_flexion_left"} <= set(measures_of(prompts))
    person = Person(Guide(prompts))
    person.go(2.0, arms=10.0)
    assert "overhead" in person.states[-1].say
    person.go(1.0, arms=170.0)
    say = person.states[-1].say
    assert "left" in say
    assert "comfortable" in say
    assert person.states[-1].prescribed == {"left": 3, "right": 3}


def test_moving_is_no_neutral() -> None:
    person = Person(Guide(prompts_of_motions(motions_of_measure(LEAN))))
    person.go(3.0, still=False)
    assert person.happened(HoldCompleted) == []
    assert person.states[-1].phase is Phase.WAITING


def test_a_crooked_neutral_is_told_and_not_taken() -> None:
    person = Person(Guide(prompts_of_motions(motions_of_measure("neck_lateral_flexion"))))
    for _ in range(60):
        person.time_s += 1 / FPS
        values = {"neck_lateral_flexion": reading(16.0)}
        _, events = person.guide.update(person.time_s, values, FRONT, still=True)
        person.events += events
    cues = [event.cue.text for event in person.events if isinstance(event, CueGiven)]
    assert cues
    assert "middle" in cues[0]
    assert not person.happened(HoldCompleted)


def test_a_swing_without_a_hold_is_asked_again() -> None:
    person = leaning()
    person.go(0.7, 25.0)
    person.go(0.7, 0.0)
    person.go(0.6)
    (ended,) = person.happened(AttemptEnded)
    assert isinstance(ended, AttemptEnded)
    assert not ended.completed
    assert "held" in ended.reason
    assert person.states[-1].repetitions["left"] == 0
    person.trial(20.0)
    assert person.states[-1].repetitions["left"] == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [({"view": SIDE}, "front"), ({"confidence": KNOWN / 2}, "not seen well")],
)
def test_a_trial_badly_seen_is_told_and_asked_again(how: dict[str, object], words: str) -> None:
    person = leaning()
    person.trial(20.0, **how)
    (ended,) = person.happened(AttemptEnded)
    assert isinstance(ended, AttemptEnded)
    assert not ended.completed
    cues = [event.cue.text for event in person.events if isinstance(event, CueGiven)]
    assert any(words in text and "Once more" in text for text in cues)
    assert person.states[-1].repetitions["left"] == 0


def test_the_other_way_is_told_and_does_not_count() -> None:
    person = leaning()
    person.go(1.0, -20.0)
    person.go(2.0)
    person.go(1.0, 0.0)
    cues = [event.cue.text for event in person.events if isinstance(event, CueGiven)]
    assert any(text.startswith("The other way") for text in cues)
    assert person.states[-1].repetitions == {"left": 0, "right": 0, "both": 0}


def test_what_cannot_be_seen_is_said_once() -> None:
    person = leaning()
    person.go(3.0, seen=False)
    assert len(person.happened(Unseen)) == 1
    assert person.states[-1].phase is Phase.UNSEEN
    person.go(2.0)
    assert person.states[-1].phase is Phase.READY


def test_an_overshoot_is_not_the_range() -> None:
    person = leaning()
    for _ in range(TRIALS):
        person.go(0.4, 32.0)
        person.go(0.3, 20.0)
        person.go(1.6)
        person.go(1.0, 0.0)
        person.go(0.5)
    (left,) = person.guide.findings().ranges
    assert left.deg == pytest.approx(20.0, abs=0.5)


def test_skipping_keeps_what_is_there_and_again_drops_it() -> None:
    person = leaning()
    person.trial(20.0)
    person.guide.again()
    person.trial(24.0)
    (left, _) = person.guide.findings().missed
    assert left == (LEFT, "it was held only once")
    person.trial(24.0)
    person.guide.skip()
    person.guide.skip()
    person.go(0.2)
    assert person.guide.done
    result = person.guide.findings()
    assert [round(each.deg) for each in result.ranges] == [24]
    assert [motion for motion, _ in result.missed] == [RIGHT]


# -- neutral, camera, view ---------------------------------------------------------------------


def upright(roll_deg: float = 0.0) -> Pose:
    """A standing person, the camera rolled."""
    pose = seen_body(Body())
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(pose.size) / 2
    return Pose(
        pose.time_s, (pose.image - middle) @ turn.T + middle, pose.world, pose.visibility, pose.size
    )


@pytest.mark.parametrize("roll", [-6.0, 0.0, 4.0])
def test_the_cameras_tilt_shows_on_an_upright_person(roll: float) -> None:
    assert tilt_deg(upright(roll), FRONT) == pytest.approx(roll, abs=0.5)
    assert tilt_deg(upright(roll), SIDE) is None
    assert tilt_deg(Pose.absent(0.0, (640, 480)), FRONT) is None


@pytest.mark.parametrize("tilt", [-4.0, 3.0])
def test_a_tilted_camera_does_not_make_one_side_longer(tilt: float) -> None:
    """What the picture shows is the lean plus the tilt; the ranges are the person's."""
    collected = (MotionReadings(LEFT), MotionReadings(RIGHT))
    knots = [0, 1.5, 2.5, 5, 6, 7, 8, 10.5, 11.5, 13]
    for time_s in np.arange(0, 26, 1 / FPS):
        lean = float(np.interp(time_s % 13, knots, [0, 0, 18, 18, 0, 0, -18, -18, 0, 0]))
        for gathered in collected:
            gathered.add(float(time_s), reading(lean + tilt), FRONT, time_s < 1.0, tilt)
    result = findings([(gathered, gathered.trials()) for gathered in collected], [tilt])
    assert [each.deg for each in result.ranges] == [pytest.approx(18.0, abs=0.3)] * 2
    assert result.offsets[LEAN] == pytest.approx(tilt)


def test_stillness_needs_a_second_without_movement() -> None:
    still, moving = Stillness(), Stillness()
    base = seen_body(Body())
    told = []
    for index in range(40):
        time_s = np.asarray(index / FPS)
        told.append(still.update(Pose(time_s, base.image, base.world, base.visibility, base.size)))
        walked = base.image + np.array([2.0 * index, 0.0])
        moved = Pose(time_s, walked, base.world, base.visibility, base.size)
        assert not moving.update(moved)
    assert not any(told[:14])
    assert all(told[22:])
    assert not still.update(Pose.absent(3.0, base.size))


def test_near_and_far_become_the_persons_own_sides() -> None:
    gathered = MotionReadings(Motion("hip_flexion_near", "up"))
    for index in range(10):
        gathered.add(index / FPS, reading(50.0), View("right", "lying", "right", 90.0), True)
    assert gathered.resolved == Motion("hip_flexion_right", "up")


# -- as something to practise ------------------------------------------------------------------


def test_keys_and_pauses_reach_the_guide() -> None:
    plans = [make_plan(standard_library([]).find("overhead-reach"))]
    practice = calibration_of(plans, ())
    assert practice.findings().ranges == ()
    base = seen_body(Body())
    image = np.zeros((base.size[1], base.size[0], 3), np.uint8)

    def see(time_s: float) -> CoachState:
        pose = Pose(np.asarray(time_s), base.image, base.world, base.visibility, base.size)
        return practice.see(Frame(image, time_s), pose).snapshot.state

    assert "arms down" in see(0.0).say
    practice.ask(Wish.PAUSE)
    assert practice.paused
    moment = practice.see(Frame(image, 0.1), base)
    assert moment.practice.paused
    assert not moment.coached
    practice.ask(Wish.PAUSE)
    for index in range(5):
        practice.ask(Wish.NEXT)
        see(0.2 + index / 10)
    assert see(1.0).phase is Phase.DONE
    assert not practice.over
    for index in range(40):
        see(1.1 + index / 10)
    assert practice.over
    assert practice.finish() == []


def test_single_measures_are_shown_as_a_calibration() -> None:
    motions = motions_of_measure("neck_flexion")
    assert [motion.towards for motion in motions] == ["up", "down"]
    base = seen_body(Body())
    image = np.zeros((base.size[1], base.size[0], 3), np.uint8)
    moment = calibration_of([], motions).see(Frame(image, 0.0), base)
    assert moment.snapshot.exercise.name.startswith("Calibration")
    assert moment.snapshot.state.prescribed == {"both": 3}


# -- recordings ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen(shared: Path, bundle: Path) -> Mapping[str, list[tuple[Frame, Pose]]]:
    """The clips as the program sees them, once for all tests."""
    from posecoach.session.eyes import Eyes
    from posecoach.source.open import open_source

    def look(name: str) -> Iterator[tuple[Frame, Pose]]:
        with (
            open_source(str(shared / "clips" / f"{name}.mp4")) as source,
            Eyes(bundle) as eyes,
        ):
            for frame, pose in eyes.follow(source.frames()):
                yield Frame(frame.image[:1, :1], frame.time_s), pose

    return {
        name: list(look(name)) for name in ("overhead-reach-small-range", "overhead-reach-correct")
    }


def scale_of(moments: Iterable[tuple[Frame, Pose]]) -> dict[tuple[str, int], float]:
    watch = ExerciseWatch(make_plan(standard_library([]).find("overhead-reach")))
    for frame, pose in moments:
        watch.see(frame, pose)
    return {(each.motion.measure, each.motion.sign): each.deg for each in found([watch]).ranges}


def coached(
    moments: Iterable[tuple[Frame, Pose]], ranges: dict[tuple[str, int], float] | None
) -> tuple[int, int]:
    """(repetitions, attempts)"""
    plan = make_plan(standard_library([]).find("overhead-reach"), hold=2.0, ranges=ranges)
    result = Session(plan, "").run(moments)
    return sum(result.repetitions.values()), sum(result.attempts.values())


@pytest.mark.parametrize(
    ("name", "true_deg"), [("overhead-reach-small-range", 9.0), ("overhead-reach-correct", 19.4)]
)
def test_a_recording_gives_the_true_range(
    seen: Mapping[str, list[tuple[Frame, Pose]]], name: str, true_deg: float
) -> None:
    """In the picture's plane within 3 degrees."""
    scale = scale_of(seen[name])
    assert set(scale) == {(LEAN, 1), (LEAN, -1)}
    assert all(abs(deg - true_deg) < 3.0 for deg in scale.values())


def test_glitches_in_the_landmarks_hardly_move_a_range(
    seen: Mapping[str, list[tuple[Frame, Pose]]],
) -> None:
    """The trunk thrown over by 60 degrees for single frames."""
    moments = seen["overhead-reach-correct"]
    random = np.random.default_rng(3)

    def glitched() -> Iterator[tuple[Frame, Pose]]:
        for index, (frame, pose) in enumerate(moments):
            if index % 9 == 4:
                angle = np.radians(60) * random.choice([-1, 1])
                turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                hips = pose.image[[23, 24]].mean(axis=0)
                image = pose.image.copy()
                image[:23] = (image[:23] - hips) @ turn.T + hips
                pose = Pose(pose.time_s, image, pose.world, pose.visibility, pose.size)
            yield frame, pose

    clean, dirty = scale_of(moments), scale_of(glitched())
    assert clean.keys() == dirty.keys()
    assert all(abs(clean[key] - dirty[key]) < 1.0 for key in clean)


def test_targets_fit_the_person_and_nobody_elses(
    seen: Mapping[str, list[tuple[Frame, Pose]]],
) -> None:
    small, full = seen["overhead-reach-small-range"], seen["overhead-reach-correct"]
    assert coached(small, None) == (0, 6)
    assert coached(small, scale_of(small)) == (6, 6)
    assert coached(small, scale_of(full)) == (0, 6)
    assert coached(full, scale_of(full)) == (4, 4)


def test_single_measures_from_a_recording(seen: Mapping[str, list[tuple[Frame, Pose]]]) -> None:
    watch = MeasureWatch(motions_of_measure(LEAN))
    for frame, pose in seen["overhead-reach-correct"]:
        watch.see(frame, pose)
    assert [each.motion for each in found([watch]).ranges] == [LEFT, RIGHT]


# -- the command line ----------------------------------------------------------------------------


def posecoach(*args: str, data: Path) -> tuple[int, str, str]:
    from posecoach.errors import PoseCoachError

    result = CliRunner().invoke(cli, [*args, "--data-dir", str(data)])
    error = result.exception
    told = str(error) if isinstance(error, PoseCoachError) else result.stderr
    return result.exit_code, result.stdout, told


def test_the_whole_way_by_commands(shared: Path, bundle: Path, tmp_path: Path) -> None:
    clip = str(shared / "clips" / "overhead-reach-small-range.mp4")
    args = ("overhead-reach", "--profile", "Zoë", "--source", clip, "--model", str(bundle))
    code, out, told = posecoach("calibrate", *args, data=tmp_path)
    assert code == 0, told
    assert "no clear difference between left and right" in out
    scale = Profiles(tmp_path).load("Zoë").scale()
    assert scale[LEAN, 1] == pytest.approx(9.0, abs=3.0)
    code, out, _ = posecoach("profiles", "list", data=tmp_path)
    assert "Zoë" in out
    code, out, _ = posecoach("profiles", "show", "zoë", data=tmp_path)
    assert "trunk lean to the left" in out
    assert "AAOS" in out
    copy = tmp_path / "copy.json"
    assert posecoach("profiles", "export", "Zoë", str(copy), data=tmp_path)[0] == 0
    assert "trunk_lateral_flexion" in copy.read_text("utf-8")
    assert posecoach("profiles", "set", "Zoë", "--no-voice", data=tmp_path)[0] == 0
    profile = Profiles(tmp_path).load("Zoë")
    assert profile.preferences.voice is False
    assert len(profile.calibrations) == 1
    assert posecoach("profiles", "delete", "Zoë", "--yes", data=tmp_path)[0] == 0
    assert Profiles(tmp_path).names() == []


def test_what_has_no_range_is_told(tmp_path: Path) -> None:
    code, _, told = posecoach("calibrate", "childs-pose", "--profile", "x", data=tmp_path)
    assert code != 0
    assert "nothing to calibrate" in told
    code, _, told = posecoach("calibrate", "overhead-roach", "--profile", "x", data=tmp_path)
    assert "overhead-reach" in told
    assert not (tmp_path / "profiles").exists()


def test_nothing_held_is_told_and_keeps_nothing(shared: Path, bundle: Path, tmp_path: Path) -> None:
    clip = str(shared / "clips" / "standing-about.mp4")
    args = (LEAN, "--profile", "x", "--source", clip, "--model", str(bundle))
    code, _, told = posecoach("calibrate", *args, data=tmp_path)
    assert code != 0
    assert "No range was found" in told
    assert not (tmp_path / "profiles").exists()


def test_a_damaged_profile_stops_the_calibration_before_it_begins(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    profiles.folder.mkdir(parents=True)
    profiles.path("x").write_text("{")
    code, _, told = posecoach("calibrate", LEAN, "--profile", "x", data=tmp_path)
    assert code != 0
    assert "set aside" in told
    with pytest.raises(ProfileError):
        profiles.load("x")


def test_motions_of_the_built_in_exercises() -> None:
    library = standard_library([])
    assert motions_of_plan(make_plan(library.find("wall-stretch"))) == (
        Motion("trunk_turn", "right"),
        Motion("trunk_turn", "left"),
    )
    assert motions_of_plan(make_plan(library.find("childs-pose"))) == ()
    unknown = MotionReadings(LEFT)
    unknown.add(0.0, reading(nan), FRONT, True)
    assert unknown.offset is None
