"""MediaPipe behind our class: right landmarks, any picture, any clock, no noise."""

import gc
import itertools
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecoach.errors import MachineError, ModelError
from posecoach.pose import results
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.landmarks import COUNT, Landmark
from posecoach.pose.pose import Pose
from posecoach.pose.timeline import Timeline
from posecoach.system import DEBIAN_PACKAGES, import_cv2, system_libraries
from tests.helpers.places import DATA

PICTURE = DATA / "wall-stretch.jpg"
"""A rendered man, right forearm on a wall, 640 x 480."""

TRUTH = {  # pixels: where the renderer had the joints
    "LEFT_SHOULDER": (344.7, 144.0),
    "RIGHT_SHOULDER": (277.5, 133.7),
    "LEFT_ELBOW": (350.2, 194.2),
    "RIGHT_ELBOW": (227.2, 135.6),
    "LEFT_WRIST": (362.4, 248.4),
    "RIGHT_WRIST": (226.7, 75.6),
    "LEFT_HIP": (331.1, 236.8),
    "RIGHT_HIP": (287.6, 237.3),
    "LEFT_KNEE": (339.4, 319.1),
    "RIGHT_KNEE": (293.4, 321.8),
    "LEFT_ANKLE": (340.3, 402.6),
    "RIGHT_ANKLE": (297.1, 420.0),
}
NEAR = 0.04 * 350  # pixels: 4 % of his height, the size of a joint

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def man() -> Picture:
    picture: Picture = import_cv2().imread(str(PICTURE))
    return picture


@pytest.fixture(scope="module")
def photo_estimator(bundle: Path) -> Iterator[PoseEstimator]:
    with PoseEstimator(bundle, static=True, masks=True, num_poses=2) as estimator:
        yield estimator


def assert_is_the_man(pose: Pose, shift: float = 0.0) -> None:
    for name, (x, y) in TRUTH.items():
        found = pose.image[Landmark[name]]
        assert math.dist(found, (x + shift, y)) < NEAR, name


def test_landmarks_are_where_the_joints_are(photo_estimator: PoseEstimator, man: Picture) -> None:
    pose = photo_estimator.estimate(man, 2.5)
    assert_is_the_man(pose)  # which also says that his right is his own, unmirrored
    assert pose.seen
    assert pose.time_s == 2.5
    assert pose.size == (640, 480)
    assert (pose.image.shape, pose.image.dtype) == ((COUNT, 2), np.float64)
    assert (pose.world.shape, pose.world.dtype) == ((COUNT, 3), np.float64)
    assert pose.visibility.shape == (COUNT,)
    assert (pose.visibility[[Landmark[name] for name in TRUTH]] > 0.8).all()


def test_world_is_in_metres_around_the_hips(photo_estimator: PoseEstimator, man: Picture) -> None:
    world = photo_estimator.estimate(man, 0).world
    hips = (world[Landmark.LEFT_HIP] + world[Landmark.RIGHT_HIP]) / 2
    assert np.linalg.norm(hips) < 0.05
    shin = world[Landmark.LEFT_ANKLE] - world[Landmark.LEFT_KNEE]
    assert 0.3 < np.linalg.norm(shin) < 0.5, "an adult's shin"
    assert shin[1] > 0, "y is down"


def test_mask_is_the_silhouette(photo_estimator: PoseEstimator, man: Picture) -> None:
    mask = photo_estimator.estimate(man, 0).mask
    assert mask is not None
    assert (mask.shape, mask.dtype) == ((480, 640), np.float32)
    assert mask[190, 310] > 0.9, "his belly"
    assert mask[:60, :60].max() < 0.1, "the wall"
    assert 0 <= mask.min() <= mask.max() <= 1


def test_two_people_each_have_their_own(photo_estimator: PoseEstimator, man: Picture) -> None:
    left, right = 180, 420
    pair = np.hstack([man[:, left:right]] * 2)
    people = sorted(photo_estimator.estimate_all(pair, 0), key=lambda pose: pose.image[0, 0])
    assert len(people) == 2
    for pose, shift in zip(people, (-left, right - 2 * left), strict=True):
        assert_is_the_man(pose, shift)
        x, y = pose.image[Landmark.LEFT_HIP].round().astype(int)
        assert pose.mask is not None
        assert pose.mask[y, x] > 0.5
        assert pose.mask[y, (x + 240) % 480] < 0.5, "the other one"


def test_a_silhouette_outlives_the_pictures_after_it(bundle: Path, man: Picture) -> None:
    with PoseEstimator(bundle, static=True, masks=True) as estimator:
        mask = estimator.estimate(man, 0).mask
        assert mask is not None
        before = mask.copy()
        for _ in range(5):
            estimator.estimate(np.ascontiguousarray(man[:, ::-1]), 0)
    gc.collect()
    np.testing.assert_array_equal(mask, before)


@pytest.mark.parametrize("way", ["video", "photo"])
def test_results_are_those_mediapipe_tells(
    bundle: Path, man: Picture, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    static = way == "photo"
    pair = np.hstack([man[:, 180:420]] * 2)
    pictures = [man, np.zeros_like(man), np.ascontiguousarray(pair), man]

    def told(pictures: list[Picture]) -> list[list[Pose]]:
        with PoseEstimator(bundle, static=static, masks=True, num_poses=2) as estimator:
            return [estimator.estimate_all(each, k / 10) for k, each in enumerate(pictures)]

    quick = told(pictures)
    # A version of MediaPipe whose library puts its results elsewhere.
    monkeypatch.setattr(results, "_native", lambda kind: None)
    usual = told(pictures)
    assert [len(people) for people in quick] == [len(people) for people in usual]
    assert any(quick)
    for one, other in zip(itertools.chain(*quick), itertools.chain(*usual), strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        np.testing.assert_array_equal(one.world, other.world)
        np.testing.assert_array_equal(one.visibility, other.visibility)
        np.testing.assert_array_equal(one.mask, other.mask)


def test_results_of_this_mediapipe_are_read_where_they_lie(bundle: Path) -> None:
    with PoseEstimator(bundle, static=True) as estimator:
        assert results._native(type(estimator._landmarker)) is not None


def test_an_unknown_mediapipe_is_asked_the_usual_way() -> None:
    assert results._native(ModelError) is None


def test_nobody_is_a_pose_that_was_not_seen(photo_estimator: PoseEstimator) -> None:
    pose = photo_estimator.estimate(np.zeros((48, 64, 3), np.uint8), 1.0)
    assert not pose.seen
    assert pose.size == (64, 48)
    assert photo_estimator.estimate_all(np.zeros((48, 64, 3), np.uint8), 1.0) == []


def test_video_follows_whatever_the_clock_does(bundle: Path, man: Picture) -> None:
    with PoseEstimator(bundle) as estimator:
        for time_s in (1.7e9, 1.7e9 + 0.04, 1.7e9 + 0.04, 3.0, 3.0, -5.0, math.nan, math.inf, 0.0):
            pose = estimator.estimate(man, time_s)
            assert_is_the_man(pose)
            assert pose.mask is None


def test_strides_do_not_matter(photo_estimator: PoseEstimator, man: Picture) -> None:
    plain = photo_estimator.estimate(man, 0)
    wide = np.zeros((480, 900, 3), np.uint8)
    wide[:, 100:740] = man
    for same in (wide[:, 100:740], np.asfortranarray(man), man[::-1][::-1]):
        np.testing.assert_array_equal(photo_estimator.estimate(same, 0).image, plain.image)


@pytest.mark.parametrize("static", [True, False])
def test_picture_of_any_size_is_taken(static: bool, bundle: Path, man: Picture) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (4320, 7680, 3), dtype=np.uint8)
    with PoseEstimator(bundle, static=static, masks=True) as estimator:
        for height, width in ((1, 1), (1, 700), (700, 1), (3, 2), (4320, 7680), (480, 640)):
            pose = estimator.estimate(noise[:height, :width], 0.0)
            assert pose.size == (width, height)
        assert_is_the_man(estimator.estimate(man, 1.0))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((5, 0, 3), np.uint8),
        np.zeros((5, 5), np.uint8),
        np.zeros((5, 5, 4), np.uint8),
        np.zeros((5, 5, 3), np.float32),
    ],
)
def test_what_is_not_a_colour_picture_is_refused(
    wrong: Picture, photo_estimator: PoseEstimator
) -> None:
    with pytest.raises(ValueError, match="expected a"):
        photo_estimator.estimate(wrong, 0)


def test_closed_is_closed(bundle: Path, man: Picture) -> None:
    estimator = PoseEstimator(bundle)
    estimator.close()
    estimator.close()
    with pytest.raises(ValueError, match="closed"):
        estimator.estimate(man, 0)


@pytest.mark.parametrize("number", [{"num_poses": 0}, {"min_tracking": 1.1}, {"min_presence": -1}])
def test_absurd_numbers_are_refused(number: dict[str, float], bundle: Path) -> None:
    with pytest.raises(ValueError, match="must be"):
        PoseEstimator(bundle, **number)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [None, b"", b"not a model" * 1000])
def test_model_that_does_not_load_is_one_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "own.task"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        PoseEstimator(path)
    assert "\n" not in str(caught.value)


def test_networks_that_load_but_do_not_run_are_told(bundle: Path, man: Picture) -> None:
    with PoseEstimator(bundle, static=True) as estimator:

        def fail(picture: object, stamp_ms: int | None) -> list[results.Found]:
            raise RuntimeError("Failed to invoke\nINTERNAL: b.cc")

        estimator._detect = fail
        with pytest.raises(ModelError, match="does not run; fetch it again") as caught:
            estimator.estimate(man, 0)
    assert "\n" not in str(caught.value)
    assert caught.value.native


# --- time ------------------------------------------------------------------------------


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=50))
def test_timestamps_always_grow(times: list[float]) -> None:
    timeline = Timeline()
    stamps = [timeline.stamp(time_s) for time_s in times]
    assert all(b > a for a, b in itertools.pairwise(stamps))
    assert all(isinstance(stamp, int) and 0 <= stamp < 2**53 for stamp in stamps)


@given(
    st.floats(-1e9, 1e9),
    st.lists(st.floats(0.002, 2.0), min_size=1, max_size=30),
)
def test_steps_forward_are_kept(start: float, steps: list[float]) -> None:
    timeline = Timeline()
    first = timeline.stamp(start)
    now = start
    for step in steps:
        now += step
        assert timeline.stamp(now) - first == pytest.approx((now - start) * 1000, abs=1)


def test_clock_that_goes_back_goes_on_at_its_own_pace() -> None:
    timeline = Timeline()
    stamps = [timeline.stamp(time_s) for time_s in (8.0, 8.1, 0.0, 0.1, 0.2)]
    assert np.diff(stamps).tolist() == [100, 33, 100, 100]


# --- system libraries ------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ImportError, OSError])
@pytest.mark.parametrize("library", sorted(DEBIAN_PACKAGES))
def test_missing_library_is_one_sentence_with_the_package(
    kind: type[Exception], library: str
) -> None:
    with pytest.raises(MachineError) as caught, system_libraries():
        raise kind(f"{library}: cannot open shared object file: No such file or directory")
    assert library in str(caught.value)
    assert DEBIAN_PACKAGES[library] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_missing_library_is_named() -> None:
    with pytest.raises(MachineError, match=r"libfoo\.so\.3"), system_libraries():
        raise OSError("libfoo.so.3: cannot open shared object file: No such file or directory")


def test_other_errors_pass() -> None:
    with pytest.raises(FileNotFoundError), system_libraries():
        open(Path(tempfile.gettempdir()) / "posecoach-no-such-file")  # noqa: SIM115, PTH123
