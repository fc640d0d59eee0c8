"""Swaps and jumps are bridged, movement and real turns are not touched, no stream breaks it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.landmarks import COUNT, MIRROR
from posecoach.pose.landmarks import Landmark as Point
from posecoach.pose.pose import Pose

PIXELS_PER_METRE = 220.0
SIZE = (640, 480)


def standing() -> np.ndarray:
    """(33, 3) metres, between the hips, facing the camera: the person's left is at +x."""
    body = np.zeros((COUNT, 3))
    half = {
        Point.LEFT_EYE_INNER: (0.01, -0.68, -0.10),
        Point.LEFT_EYE: (0.03, -0.68, -0.09),
        Point.LEFT_EYE_OUTER: (0.045, -0.68, -0.08),
        Point.LEFT_EAR: (0.075, -0.66, 0.0),
        Point.MOUTH_LEFT: (0.025, -0.60, -0.09),
        Point.LEFT_SHOULDER: (0.18, -0.48, 0.0),
        Point.LEFT_ELBOW: (0.25, -0.20, 0.02),
        Point.LEFT_WRIST: (0.28, 0.03, -0.03),
        Point.LEFT_PINKY: (0.30, 0.10, -0.04),
        Point.LEFT_INDEX: (0.28, 0.11, -0.06),
        Point.LEFT_THUMB: (0.26, 0.06, -0.06),
        Point.LEFT_HIP: (0.10, 0.0, 0.0),
        Point.LEFT_KNEE: (0.11, 0.42, -0.01),
        Point.LEFT_ANKLE: (0.12, 0.80, 0.03),
        Point.LEFT_HEEL: (0.12, 0.85, 0.06),
        Point.LEFT_FOOT_INDEX: (0.14, 0.87, -0.12),
    }
    body[Point.NOSE] = (0, -0.64, -0.13)
    for point, place in half.items():
        body[point] = place
        body[MIRROR[point]] = np.array(place) * (-1, 1, 1)
    return body


def seen(body: np.ndarray, time_s: float) -> Pose:
    """The pose a camera far away would see."""
    return Pose(
        time_s=np.asarray(time_s),
        image=body[:, :2] * PIXELS_PER_METRE + (320, 240),
        world=body - body[[23, 24]].mean(axis=0),
        visibility=np.full(COUNT, 0.9),
        size=SIZE,
    )


def swapped(pose: Pose, points: slice = slice(0, COUNT)) -> Pose:
    order = np.arange(COUNT)
    order[points] = np.array(MIRROR)[points]
    return replace(
        pose,
        image=pose.image[order],
        world=pose.world[order],
        visibility=pose.visibility[order],
    )


def turned(body: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    return body @ turn.T


def still(seconds: float = 6.0, rate: float = 15.0, degrees: float = 0.0) -> list[Pose]:
    """Standing still, with a little noise."""
    noise = np.random.default_rng(0)
    body = turned(standing(), degrees)
    return [
        seen(body + noise.normal(scale=0.003, size=body.shape), t)
        for t in np.arange(0, seconds, 1 / rate)
    ]


def run(poses: list[Pose]) -> tuple[list[Pose], PoseCleaner, int]:
    """Cleaned poses, the cleaner, and how many frames were touched."""
    cleaner, out, touched = PoseCleaner(), [], 0
    for pose in poses:
        out.append(cleaner.update(pose))
        last = cleaner.last
        touched += last is not None and bool(last.held.any() or last.exchanged.any())
    return out, cleaner, touched


def off(a: Pose, b: Pose) -> float:
    """Largest distance of two poses' landmarks in the picture, metres."""
    return float(np.linalg.norm(a.image - b.image, axis=1).max()) / PIXELS_PER_METRE


@pytest.mark.parametrize("rate", [8.0, 15.0, 30.0, 60.0])
@pytest.mark.parametrize("frames", [1, 2, 6])
@pytest.mark.parametrize(
    "points", [slice(0, COUNT), slice(11, 23), slice(23, 33)], ids=["all", "arms", "legs"]
)
def test_exchanged_labels_are_put_back(rate: float, frames: int, points: slice) -> None:
    poses = still(rate=rate)
    spoilt = list(poses)
    for i in range(20, 20 + frames):
        spoilt[i] = swapped(poses[i], points)
    wanted, _, _ = run(poses)
    got, _, touched = run(spoilt)
    assert touched == frames
    assert max(off(a, b) for a, b in zip(got, wanted, strict=True)) < 0.01


def test_exchanged_sides_are_put_back_from_the_side_where_only_depth_tells() -> None:
    poses = still(degrees=90)
    spoilt = [swapped(p) if 20 <= i < 28 else p for i, p in enumerate(poses)]
    wanted, _, _ = run(poses)
    got, _, _ = run(spoilt)
    depths = [
        abs(a.world[Point.LEFT_SHOULDER, 2] - b.world[Point.LEFT_SHOULDER, 2])
        for a, b in zip(got, wanted, strict=True)
    ]
    assert max(depths) < 0.02
    assert abs(wanted[0].world[Point.LEFT_SHOULDER, 2]) > 0.15


def test_arms_that_drift_across_and_come_back_are_not_held_crossed() -> None:
    poses = still()
    spoilt = list(poses)
    for i in range(20, 30):
        # Left and right fall together and come out crossed, a little every frame.
        share = min((i - 19) / 5, 1.0)
        crossed = swapped(poses[i], slice(11, 23))
        image = poses[i].image + share * (crossed.image - poses[i].image)
        world = poses[i].world + share * (crossed.world - poses[i].world)
        spoilt[i] = replace(poses[i], image=image, world=world)
    got, _, _ = run(spoilt)
    assert max(off(a, b) for a, b in zip(got[36:], poses[36:], strict=True)) < 0.03


def test_labels_that_stay_exchanged_are_believed_after_a_second() -> None:
    poses = still(seconds=8)
    spoilt = [swapped(p) if i >= 45 else p for i, p in enumerate(poses)]
    got, _, _ = run(spoilt)
    right = [off(g, p) < 0.03 for g, p in zip(got, spoilt, strict=True)]
    believed = right.index(True, 45)
    assert 1.0 <= float(poses[believed].time_s) - float(poses[45].time_s) < 1.2
    assert all(right[believed:])


@pytest.mark.parametrize("rate", [8.0, 15.0, 30.0])
@pytest.mark.parametrize("seconds", [1.0, 2.0])
def test_a_real_turn_is_left_alone(rate: float, seconds: float) -> None:
    poses = [
        seen(turned(standing(), float(np.clip((t - 1) / seconds, 0, 1)) * 180), t)
        for t in np.arange(0, 3 + seconds, 1 / rate)
    ]
    got, _, touched = run(poses)
    assert touched == 0
    assert off(got[-1], poses[-1]) < 0.005


@pytest.mark.parametrize("frames", [1, 2])
def test_a_jump_is_held_back(frames: int) -> None:
    poses = still()
    spoilt = list(poses)
    for i in range(30, 30 + frames):
        spoilt[i] = replace(poses[i], image=poses[i].image + np.array([70, -50]))
    got, _, touched = run(spoilt)
    assert touched == frames
    assert max(off(a, b) for a, b in zip(got, poses, strict=True)) < 0.03


def test_one_landmark_that_jumps_is_held_back_alone() -> None:
    poses = still()
    image = poses[30].image.copy()
    image[Point.LEFT_SHOULDER] += (40, 0)
    spoilt = [*poses[:30], replace(poses[30], image=image), *poses[31:]]
    wanted, _, _ = run(poses)
    got, _, touched = run(spoilt)
    assert touched == 1
    assert max(off(a, b) for a, b in zip(got, wanted, strict=True)) < 0.03
    others = np.arange(COUNT) != Point.LEFT_SHOULDER
    assert np.allclose(got[30].image[others], wanted[30].image[others], atol=0.1)


@pytest.mark.parametrize("rate", [5.0, 15.0, 30.0, 60.0])
def test_what_jumps_and_stays_is_believed_within_a_quarter_second(rate: float) -> None:
    poses = still(rate=rate)
    moved = [
        replace(p, image=p.image + np.array([150, 0])) if float(p.time_s) >= 3 else p for p in poses
    ]
    got, _, _ = run(moved)
    for g, p in zip(got, moved, strict=True):
        late = float(p.time_s) - 3
        if late > max(0.25, 1.5 / rate):
            assert off(g, p) < 0.03


@pytest.mark.parametrize("rate", [8.0, 15.0, 30.0, 60.0])
def test_a_brisk_arm_raise_passes_untouched(rate: float) -> None:
    def at(t: float) -> np.ndarray:
        body = standing()
        share = float(np.clip((t - 1) / 2, 0, 1))  # up in one second, and down again
        lift = np.radians(170) * (1 - np.cos(np.pi * share * 2)) / 2
        for side, sign in ((0, 1), (1, -1)):
            shoulder = body[Point.LEFT_SHOULDER + side]
            for point in range(Point.LEFT_ELBOW + side, Point.LEFT_HIP, 2):
                arm = body[point] - shoulder
                a = -sign * lift
                body[point, :2] = shoulder[:2] + np.array(
                    [
                        np.cos(a) * arm[0] - np.sin(a) * arm[1],
                        np.sin(a) * arm[0] + np.cos(a) * arm[1],
                    ]
                )
        return body

    poses = [seen(at(t), t) for t in np.arange(0, 5, 1 / rate)]
    got, _, touched = run(poses)
    if rate >= 15:
        assert touched == 0
    assert touched <= 4  # at 8 frames a second a wrist goes half a metre between two
    assert off(got[-1], poses[-1]) < 0.01


def test_a_gap_starts_anew() -> None:
    poses = still(seconds=2)
    later = [
        replace(p, time_s=p.time_s + 2.5, image=p.image + np.array([200, 0]))
        for p in still(seconds=1)
    ]
    got, _, touched = run([*poses, *later])
    assert touched == 0
    assert np.array_equal(got[len(poses)].image, later[0].image)


def test_absent_stays_absent_and_reset_is_exact() -> None:
    poses = still(seconds=2)
    poses[10] = Pose.absent(float(poses[10].time_s), SIZE)
    cleaner = PoseCleaner()
    first = [cleaner.update(p) for p in poses]
    assert not first[10].seen
    cleaner.reset()
    again = [cleaner.update(p) for p in poses]
    for a, b in zip(first, again, strict=True):
        assert np.array_equal(a.image, b.image, equal_nan=True)
        assert np.array_equal(a.world, b.world, equal_nan=True)


def test_a_time_that_stutters_or_runs_back_a_little_changes_nothing_after() -> None:
    poses = still(seconds=3)
    twice = list(poses)
    twice.insert(20, replace(poses[5], time_s=poses[19].time_s))
    twice.insert(21, replace(poses[5], time_s=poses[18].time_s))
    wanted, _, _ = run(poses)
    got, _, _ = run(twice)
    assert np.array_equal(got[-1].image, wanted[-1].image)


def test_a_clip_that_starts_over_starts_anew() -> None:
    poses = still(seconds=3)
    other = [replace(p, image=p.image + np.array([150, 0])) for p in poses]
    got, _, touched = run([*poses, *other])
    assert touched == 0
    assert np.array_equal(got[len(poses)].image, other[0].image)


WILD = st.sampled_from([np.nan, np.inf, -np.inf, 1e300, -1e308, 1e7, 0.0, -5e5])
MUTATION = st.tuples(
    st.sampled_from(["wild", "swap", "jump", "absent", "alone", "same", "back", "time", "flat"]),
    st.integers(0, 39),
    st.integers(0, COUNT - 1),
    WILD,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MUTATION, max_size=25), st.sampled_from([0.003, 0.016, 0.07, 0.2, 0.5]))
def test_no_stream_breaks_it(mutations: list[tuple[str, int, int, float]], step: float) -> None:
    body = standing()
    poses = [seen(body, i * step) for i in range(40)]
    for kind, i, point, value in mutations:
        pose = poses[i]
        if kind == "wild":
            image, world = pose.image.copy(), pose.world.copy()
            image[point, point % 2] = value
            world[point, point % 3] = value
            poses[i] = replace(pose, image=image, world=world)
        elif kind == "swap":
            poses[i] = swapped(pose)
        elif kind == "jump":
            poses[i] = replace(pose, image=pose.image + point * 10)
        elif kind == "absent":
            poses[i] = Pose.absent(float(pose.time_s), SIZE)
        elif kind == "alone":
            image = np.full((COUNT, 2), np.nan)
            image[point] = pose.image[point]
            poses[i] = replace(pose, image=image)
        elif kind == "same":
            poses[i] = replace(pose, time_s=poses[i - 1].time_s)
        elif kind == "back":
            poses[i] = replace(pose, time_s=pose.time_s - point)
        elif kind == "time":
            poses[i] = replace(pose, time_s=np.asarray(value))
        else:
            poses[i] = replace(pose, image=np.zeros((COUNT, 2)))
    cleaner = PoseCleaner()
    with np.errstate(all="raise", under="ignore"):
        for pose in poses:
            got = cleaner.update(pose)
            assert got.image.shape == (COUNT, 2)
            assert got.world.shape == (COUNT, 3)
            assert not np.isinf(got.image).any()
            assert not np.isinf(got.world).any()
            unseen = ~np.isfinite(pose.image).all(axis=1)
            if unseen.all():
                assert not np.isfinite(got.image).any()


def test_the_known_jumps_of_a_clip_are_bridged_and_its_still_neighbours_untouched(
    shared: Path,
) -> None:
    """Truth landmarks of a clip, moved by what its person does: no frame is touched."""
    with np.load(shared / "clips" / "overhead-reach-correct.npz") as truth:
        image, world, times = truth["image"], truth["world"], truth["t_s"]
    modelled = np.isfinite(image).all(axis=(0, 2))
    poses = [
        Pose(
            np.asarray(float(t)),
            np.where(modelled[:, None], i, np.nan).astype(float),
            np.where(modelled[:, None], w, np.nan).astype(float),
            np.ones(COUNT),
            SIZE,
        )
        for t, i, w in zip(times, image, world, strict=True)
    ]
    got, _, touched = run(poses)
    assert touched == 0
    wrist = np.array([p.image[15, 1] for p in got])
    true = image[:, 15, 1]
    assert abs(wrist.min() - true.min()) < 1.0  # pixels, of a reach of some 300
