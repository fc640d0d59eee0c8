"""The coached person is kept while others walk through the picture.

The scenes are made of two truth clips: a person cut out of one by the model's own silhouette
slides through the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.pose.landmarks import COUNT
from posecoach.pose.landmarks import Landmark as Point
from posecoach.pose.pose import Pose
from posecoach.pose.subject import SubjectKeeper, trunk_colours

TRUNK = [Point.LEFT_SHOULDER, Point.RIGHT_SHOULDER, Point.LEFT_HIP, Point.RIGHT_HIP]
SIZE = (320, 240)


def body(x: float, y: float = 120.0, pixels_per_metre: float = 100.0) -> Pose:
    """Somebody upright, the trunk's centre at (x, y)."""
    world = np.random.default_rng(0).normal(scale=0.3, size=(COUNT, 3))
    world[TRUNK] = [(0.17, -0.25, 0), (-0.17, -0.25, 0), (0.1, 0.25, 0), (-0.1, 0.25, 0)]
    return Pose(
        time_s=np.asarray(0.0),
        image=world[:, :2] * pixels_per_metre + (x, y),
        world=world,
        visibility=np.ones(COUNT),
        size=SIZE,
    )


def picture(*people: tuple[float, int]) -> np.ndarray:
    """A grey picture with the trunks of people at x, in a grey level as clothes."""
    image = np.full((SIZE[1], SIZE[0], 3), 100, np.uint8)
    for x, level in people:
        image[80:160, max(0, int(x) - 20) : max(0, int(x) + 20)] = (level, 255 - level, level)
    return image


class Scripted:
    """An estimator that gives what it is told, and notes what it was shown."""

    def __init__(self) -> None:
        self.followed: Pose | None = None
        self.people: Sequence[Pose] = ()
        self.shown: np.ndarray | None = None
        self.closed = 0

    def estimate(self, image: np.ndarray, time_s: float) -> Pose:
        self.shown = image
        pose = self.followed or Pose.absent(time_s, SIZE)
        return replace(pose, time_s=np.asarray(time_s))

    def estimate_all(self, image: np.ndarray, time_s: float) -> list[Pose]:
        return [replace(pose, time_s=np.asarray(time_s)) for pose in self.people]

    def close(self) -> None:
        self.closed += 1


def where(pose: Pose) -> float:
    return float(pose.image[TRUNK, 0].mean())


def test_one_person_alone_is_handed_on_as_found_and_looked_for_once() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script)
    for i in range(40):
        script.followed = body(160 + 10 * np.sin(i / 8))
        script.people = [script.followed]
        image = picture((160, 200))
        got = keeper.estimate(image, i / 20)
        assert np.array_equal(got.image, script.followed.image)
        assert script.shown is image
    assert keeper.looks == 1


def test_the_larger_more_central_person_is_chosen_and_the_estimator_led_there() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script)
    aside, central = body(40, pixels_per_metre=70), body(160)
    script.followed, script.people = aside, [aside, central]
    image = picture((40, 30), (160, 200))
    assert where(keeper.estimate(image, 0.0)) == pytest.approx(160)
    script.followed = None
    keeper.estimate(image, 0.05)
    assert script.shown is not None
    assert not script.shown[:, :60].any()
    assert np.array_equal(script.shown[80:160, 140:180], image[80:160, 140:180])
    script.followed = central
    for i in range(20):
        assert keeper.estimate(image, 0.1 + i / 20).seen
    assert script.shown is image  # once it follows the right one, it sees everything again


def test_a_leap_to_somebody_else_is_refused() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script)
    image = picture((160, 200), (290, 20))
    script.followed = body(160)
    script.people = [script.followed]
    for i in range(20):
        keeper.estimate(image, i / 20)
    script.followed = body(290)
    script.people = [body(290)]
    for i in range(20, 60):
        assert not keeper.estimate(image, i / 20).seen
    script.people = [body(290), body(160)]
    assert where(keeper.estimate(image, 3.0)) == pytest.approx(160)


def test_another_one_becomes_the_subject_after_the_patience() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script, patience_s=3.0)
    image = picture((160, 200), (290, 20))
    script.followed = body(160)
    script.people = [script.followed]
    keeper.estimate(image, 0.0)
    script.followed = body(290)
    script.people = [body(290)]
    seen = [keeper.estimate(image, t).seen for t in np.arange(0.1, 4.0, 0.1)]
    assert not any(seen[:28])
    assert seen[-1]


def test_the_subject_may_walk_where_it_likes() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script)
    for i in range(60):
        x = 60 + min(200.0, 6.0 * i)  # 1.2 m/s at 20 frames a second
        script.followed = body(x)
        script.people = [script.followed]
        assert where(keeper.estimate(picture((x, 200)), i / 20)) == pytest.approx(x)
    assert keeper.looks < 12


def test_without_a_crowd_leaps_are_refused_all_the_same() -> None:
    script = Scripted()
    keeper = SubjectKeeper(script)
    image = picture((160, 200), (290, 20))
    script.followed = body(160)
    assert keeper.estimate(image, 0.0).seen
    script.followed = body(290)
    assert not keeper.estimate(image, 0.1).seen


def test_what_finds_everybody_is_made_late_and_closed() -> None:
    script = Scripted()
    with SubjectKeeper(script, lambda: script) as keeper:
        keeper.estimate(picture(), 0.0)
    assert script.closed == 0
    with SubjectKeeper(script, lambda: script) as keeper:
        script.followed = body(160)
        keeper.estimate(picture(), 0.0)
        keeper.close()
    assert script.closed == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["body", "absent", "nan", "far", "point", "huge"]),
            st.floats(-1e4, 1e4),
            st.sampled_from([0.0, 0.03, -0.5, 5.0, float("nan")]),
        ),
        max_size=30,
    )
)
def test_no_stream_breaks_it(moments: list[tuple[str, float, float]]) -> None:
    script = Scripted()
    keeper = SubjectKeeper(script, lambda: script)
    time_s = 0.0
    for kind, x, step in moments:
        pose = body(160 if kind == "body" else x)
        if kind == "nan":
            pose.image[Point.LEFT_HIP] = np.nan
        elif kind == "point":
            pose.image[:] = x
        elif kind == "huge":
            pose.image[:] *= 1e200
        script.followed = None if kind == "absent" else pose
        script.people = [body(160), pose]
        time_s = time_s + step if np.isfinite(step) else time_s
        got = keeper.estimate(picture(), time_s if np.isfinite(step) else step)
        assert got.image.shape == (COUNT, 2)


# -- who is there before the person who stretches ------------------------------------------------


class Room:
    """People in a room, each with clothes and what they do at a time; None while away."""

    def __init__(self, **people: Callable[[float], tuple[float, float, float] | None]) -> None:
        self._people = people
        self._levels = {name: 20 + 60 * index for index, name in enumerate(people)}
        self.followed = ""
        self.now = 0.0
        self.image = picture()

    def go(self, keeper: SubjectKeeper, time_s: float) -> str:
        """One moment; returns who is coached, "" for nobody."""
        self.now = time_s
        there = self._there()
        self.image = picture(
            *((pose_x, self._levels[name]) for name, (pose_x, *_) in there.items())
        )
        got = keeper.estimate(self.image, time_s)
        if not got.seen:
            return ""
        return min(there, key=lambda name: abs(there[name][0] - where(got)))

    def _there(self) -> dict[str, tuple[float, float, float]]:
        found = {name: doing(self.now) for name, doing in self._people.items()}
        return {name: at for name, at in found.items() if at is not None}

    def _pose(self, at: tuple[float, float, float]) -> Pose:
        x, scale, arm_m = at
        pose = body(x, pixels_per_metre=scale)
        image = pose.image.copy()
        arm = [Point.LEFT_WRIST, Point.LEFT_PINKY, Point.LEFT_INDEX, Point.LEFT_THUMB]
        image[arm, 1] -= arm_m * scale
        return replace(pose, image=image, time_s=np.asarray(self.now))

    def estimate(self, image: np.ndarray, time_s: float) -> Pose:
        """Follow whom it followed, else the first it finds; blind where it is blackened."""
        there = {name: at for name, at in self._there().items() if image[120, int(at[0])].any()}
        if self.followed not in there:
            self.followed = next(iter(there), "")
        return self._pose(there[self.followed]) if there else Pose.absent(time_s, SIZE)

    def estimate_all(self, image: np.ndarray, time_s: float) -> list[Pose]:
        there = self._there()
        return [self._pose(at) for at in there.values() if image[120, int(at[0])].any()]

    def close(self) -> None:
        pass


def _poster(_: float) -> tuple[float, float, float]:
    return 70.0, 100.0, 0.0


def _partner(time_s: float) -> tuple[float, float, float]:
    """Sits aside and shifts about."""
    return 60.0 + 6 * np.sin(time_s), 90.0, 0.05 * np.sin(time_s / 2)


def _user(begins_s: float, away: tuple[float, float] = (0.0, 0.0)) -> Any:
    def doing(time_s: float) -> tuple[float, float, float] | None:
        if time_s < begins_s or away[0] <= time_s < away[1]:
            return None
        lifting = max(0.0, np.sin(time_s - begins_s - 1.5)) if time_s > begins_s + 1.5 else 0.0
        return 175.0, 100.0, 0.5 * lifting

    return doing


def _who(room: Room, until_s: float, stretched: Sequence[float] = ()) -> list[tuple[float, str]]:
    """When who became the one who is coached; the coach notices the stretch at some times."""
    keeper = SubjectKeeper(room, lambda: room)
    found: list[tuple[float, str]] = []
    due = list(stretched)
    for time_s in np.arange(0.0, until_s, 0.05):
        who = room.go(keeper, float(time_s))
        if not found or found[-1][1] != who:
            found.append((float(time_s), who))
        if due and time_s >= due[0]:
            keeper.stretched(due.pop(0))
    return found


@pytest.mark.parametrize("other", [_poster, _partner])
def test_who_comes_later_and_moves_is_coached_and_not_who_was_there(other: Any) -> None:
    found = _who(Room(other=other, user=_user(6.0)), 20.0)
    assert found[0][1] == "other"
    assert found[-1][1] == "user"
    assert found[-1][0] < 6.0 + 2.0


@pytest.mark.parametrize("other", [_poster, _partner])
def test_who_has_moved_with_the_stretch_comes_back_to_their_place(other: Any) -> None:
    """For five seconds out of sight nobody is coached; the other never."""
    room = Room(user=_user(0.0, away=(8.0, 13.0)), other=other)
    found = _who(room, 20.0, stretched=[3.0])
    assert [who for _, who in found] == ["user", "", "user"]
    assert found[1][0] == pytest.approx(8.0, abs=0.1)
    assert found[2][0] == pytest.approx(13.0, abs=0.3)


def test_after_ten_seconds_another_is_coached_until_the_first_is_back() -> None:
    room = Room(user=_user(0.0, away=(8.0, 25.0)), other=_partner)
    found = _who(room, 32.0, stretched=[3.0])
    assert [who for _, who in found] == ["user", "", "other", "user"]
    assert found[2][0] == pytest.approx(18.0, abs=0.5)
    assert found[3][0] < 25.0 + 2.0


def test_through_a_hold_however_still_they_keep_their_place() -> None:
    """Half a minute without a movement, and somebody who moves about, larger, comes in."""

    def holding(time_s: float) -> tuple[float, float, float]:
        return 175.0, 100.0, min(0.5, time_s / 4)

    def nearer(time_s: float) -> tuple[float, float, float] | None:
        return (120.0, 140.0, 0.3 * np.sin(time_s)) if time_s > 10 else None

    found = _who(Room(user=holding, other=nearer), 40.0, stretched=[2.5])
    assert found == [(0.0, "user")]


def test_a_still_picture_never_takes_the_place_of_somebody() -> None:
    def idle(time_s: float) -> tuple[float, float, float]:
        return 60.0, 90.0, 0.2 * np.sin(time_s)

    def large_poster(time_s: float) -> tuple[float, float, float] | None:
        return (230.0, 110.0, 0.0) if time_s > 1.0 else None

    found = _who(Room(user=idle, other=large_poster), 30.0)
    assert {who for _, who in found[-1:]} == {"user"}
    assert sum(end - start for (start, who), (end, _) in pairwise(found) if who == "other") < 5.0


@pytest.mark.parametrize("alike", [False, True], ids=["dressed apart", "dressed alike"])
def test_it_is_told_when_somebody_else_is_coached(
    alike: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who are in the picture together are two, whatever they wear."""
    if alike:
        colours = np.full(8, 1 / 8)
        monkeypatch.setattr("posecoach.pose.subject.trunk_colours", lambda *_: colours)
    room = Room(other=_poster, user=_user(6.0))
    keeper = SubjectKeeper(room, lambda: room)
    told = []
    for time_s in np.arange(0.0, 15.0, 0.05):
        room.go(keeper, float(time_s))
        if keeper.changed:
            told.append(time_s)
    assert len(told) == 1
    assert 6.0 < told[0] < 8.0


def test_colours_tell_clothes_apart() -> None:
    image = picture((80, 200), (240, 20))
    one, other = trunk_colours(image, body(80)), trunk_colours(image, body(240))
    assert np.minimum(one, one).sum() == pytest.approx(1)
    assert np.minimum(one, other).sum() < 0.2


Scene = Callable[[bool, float], Iterator[tuple[float, np.ndarray, float]]]


@pytest.fixture(scope="module")
def scene(shared: Path, bundle: Path) -> Scene:
    """(in front, size) to (time, picture, true x of the subject's trunk) of 60 frames."""
    import cv2

    from posecoach.pose.estimator import PoseEstimator

    def frames(name: str, first: int, count: int) -> list[np.ndarray]:
        video = cv2.VideoCapture(str(shared / "clips" / f"{name}.mp4"))
        every = [video.read()[1] for _ in range(first + count)]
        return every[first:]

    people = frames("overhead-reach-correct", 20, 60)
    walker = frames("wall-stretch-correct", 0, 1)[0]
    with PoseEstimator(bundle, masks=True, static=True) as cutter:
        outline = cutter.estimate(walker, 0.0).mask
        covers = [cutter.estimate(image, 0.0).mask for image in people]
    assert outline is not None
    with np.load(shared / "clips" / "overhead-reach-correct.npz") as truth:
        true_x = truth["image"][20:80][:, TRUNK, 0].mean(axis=1)
    height, width = walker.shape[:2]
    middle = np.flatnonzero((outline > 0.5).any(axis=0)).mean()

    def play(in_front: bool, size: float) -> Iterator[tuple[float, np.ndarray, float]]:
        for i, image in enumerate(people):
            x = -80 + 800 * i / 59
            move = np.array([[size, 0, x - size * middle], [0, size, (1 - size) * height]])
            person = cv2.warpAffine(walker, move, (width, height))
            share = cv2.warpAffine(outline, move, (width, height))[..., None]
            if not in_front:
                share = share * (1 - covers[i][..., None])
            mixed = image * (1 - share) + person * share
            yield i / 15, mixed.astype(np.uint8), float(true_x[i])

    return play


@pytest.mark.parametrize(("in_front", "size"), [(True, 1.3), (False, 1.0)])
def test_a_passer_by_does_not_take_over(
    scene: Scene, bundle: Path, in_front: bool, size: float
) -> None:
    from posecoach.pose.estimator import PoseEstimator

    def off(estimate: Callable[[np.ndarray, float], Pose]) -> np.ndarray:
        return np.array([where(estimate(image, t)) - x for t, image, x in scene(in_front, size)])

    with (
        PoseEstimator(bundle) as estimator,
        SubjectKeeper(estimator, lambda: PoseEstimator(bundle, static=True, num_poses=4)) as keeper,
    ):
        kept = off(keeper.estimate)
    assert np.nanmax(np.abs(kept)) < 70  # pixels; a trunk is some 50 wide
    assert np.isfinite(kept).mean() > 0.7
    assert np.abs(kept[-8:]).max() < 10
    if in_front:
        with PoseEstimator(bundle) as alone:
            assert np.nanmax(np.abs(off(alone.estimate))) > 150  # else this tests nothing
