"""The spine's curve from the silhouette: drawn bodies of known curve, and the truth clips."""

import json
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecoach.body.measure import Neutral
from posecoach.body.outline import HIGHEST, LOWEST, back_outline
from posecoach.body.silhouette import HEIGHTS, drawn, drawn_for
from posecoach.body.silhouette import SPINE as SPINE_NAME
from posecoach.body.spine import GAIN, MEASURES, back_curve
from posecoach.body.view import View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

SPINE = MEASURES[0]
SIZE = (240, 200)
DEPTH = 0.17  # of the back over the spine


def on_all_fours(curve_deg: float) -> tuple[NDArray[np.float64], list[tuple]]:
    """A body on all fours, seen from its left, in lengths of a straight trunk, y down.

    Returns:
        Landmarks (33, 2), hips near (0, 0); and capsules (start, end, radius) that make
        up the silhouette. The spine is an arc that turns by ``curve_deg``, rounded up.
    """
    steps = np.linspace(0, 1, 17)
    turn = np.radians(curve_deg)
    heading = turn * (0.5 - steps)  # up at the hips and down at the shoulders when rounded
    x = -np.concatenate([[0], np.cumsum(np.cos(heading[:-1]) / 16)])
    y = -np.concatenate([[0], np.cumsum(np.sin(heading[:-1]) / 16)])
    spine = np.stack([x, y], axis=1)
    hips, shoulders = spine[0], spine[-1]
    capsules = [(a, b, DEPTH) for a, b in pairwise(spine)]
    head = shoulders + np.array([-0.35, 0.05])
    elbow, wrist = shoulders + np.array([0.0, 0.35]), shoulders + np.array([0.0, 0.7])
    knee, ankle = hips + np.array([0.0, 0.75]), hips + np.array([0.7, 0.75])
    for a, b, radius in (
        (shoulders, elbow, 0.09),
        (elbow, wrist, 0.07),
        (hips, knee, 0.13),
        (knee, ankle, 0.09),
        (head, head, 0.15),
        (shoulders, head, 0.08),
    ):
        capsules.append((a, b, radius))
    points = np.full((33, 2), np.nan)
    points[: Landmark.LEFT_SHOULDER] = head + np.array([-0.1, 0.05])
    points[[Landmark.LEFT_EAR, Landmark.RIGHT_EAR]] = head
    for left, place in (
        (Landmark.LEFT_SHOULDER, shoulders),
        (Landmark.LEFT_ELBOW, elbow),
        (Landmark.LEFT_WRIST, wrist),
        (Landmark.LEFT_PINKY, wrist),
        (Landmark.LEFT_INDEX, wrist),
        (Landmark.LEFT_THUMB, wrist),
        (Landmark.LEFT_HIP, hips),
        (Landmark.LEFT_KNEE, knee),
        (Landmark.LEFT_ANKLE, ankle),
        (Landmark.LEFT_HEEL, ankle),
        (Landmark.LEFT_FOOT_INDEX, ankle),
    ):
        points[left], points[left + 1] = (
            place + np.array([0.02, 0.01]),
            place - np.array([0.02, 0.01]),
        )
    return points, capsules


@dataclass(frozen=True)
class Camera:
    """How a drawn body lies in the picture: turned, mirrored, so large, so far off the middle."""

    turn_deg: float = 0.0
    scale: float = 75.0
    shift: tuple[float, float] = (0.0, 0.0)
    mirrored: bool = False

    def view(self) -> View:
        near: Literal["left", "right"] = "right" if self.mirrored else "left"
        return View(near, "all-fours", near, 90.0)

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        a = np.radians(self.turn_deg)
        turned = (points + np.array([0.5, -0.2])) @ np.array(
            [[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]
        )
        if self.mirrored:
            turned = turned * [-1, 1]
        return turned * self.scale + np.array(SIZE) / 2 + self.shift


def draw(
    points: NDArray[np.float64], capsules: list[tuple], camera: Camera = Camera(), detail: float = 1
) -> Pose:
    """The body's pose with its silhouette as mask, of ``detail`` times the picture's size."""
    width, height = (round(n * detail) for n in SIZE)
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x, y], axis=-1) / detail
    mask = np.zeros((height, width), np.float32)
    for start, end, radius in capsules:
        a, b = camera.place(np.asarray(start)), camera.place(np.asarray(end))
        along = b - a
        t = np.clip((pixels - a) @ along / max(along @ along, 1e-9), 0, 1)
        apart = np.linalg.norm(pixels - (a + t[..., None] * along), axis=-1)
        mask = np.maximum(mask, np.clip(radius * camera.scale - apart + 0.5, 0, 1))
    placed = camera.place(points)
    if camera.mirrored:  # the same picture shows the other side of the body
        other = [i + (1 if i % 2 else -1) if i > Landmark.MOUTH_RIGHT else i for i in range(33)]
        placed = placed[other]
    return Pose(
        np.asarray(0.0), placed, np.zeros((33, 3)), np.ones(33), SIZE, mask.astype(np.float32)
    )


@cache
def body(curve_deg: float, camera: Camera = Camera(), detail: float = 1) -> Pose:
    return draw(*on_all_fours(curve_deg), camera, detail)


FROM_LEFT = Camera().view()


def read(pose: Pose, view: View = FROM_LEFT) -> tuple[float, float]:
    reading = SPINE.estimate(pose, view, None, None)
    return float(reading.value), float(reading.confidence)


def seen_angle(curve_deg: float) -> float:
    """Degrees the drawn outline turns by where it is followed, by geometry.

    The outline is an arc about the spine's centre, larger by the back's depth where the
    back is rounded and smaller where it is arched.
    """
    if curve_deg == 0:
        return 0.0
    radius = 1 / np.radians(abs(curve_deg))
    chord = 2 * radius * np.sin(np.radians(abs(curve_deg)) / 2)
    outer = radius + np.copysign(DEPTH, curve_deg)
    first, last = np.arcsin((np.array([LOWEST, HIGHEST]) - 0.5) * chord / outer)
    return float(np.copysign(np.degrees(last - first), curve_deg))


@pytest.mark.parametrize("curve", [-60, -40, -20, 0, 20, 40, 60, 80])
def test_a_drawn_arc_gives_its_angle(curve: float) -> None:
    value, confidence = read(body(curve))
    assert value * GAIN == pytest.approx(seen_angle(curve), abs=3 + 0.05 * abs(curve))
    assert confidence > 0.9


def test_away_from_how_the_start_pose_is_held_the_curve_is_trusted_less() -> None:
    def confidence(*moved: Landmark) -> float:
        image = body(0).image.copy()
        image[list(moved)] += (-300, 0)
        start = Neutral(replace(body(0), image=image), {})
        return float(SPINE.estimate(body(40), FROM_LEFT, None, start).confidence)

    alike = confidence()
    assert alike == pytest.approx(read(body(40))[1])
    assert 0.3 < confidence(Landmark.LEFT_KNEE) < 0.7 * alike
    assert 0.3 < confidence(Landmark.LEFT_ELBOW) < 0.7 * alike


def test_more_curve_reads_as_more() -> None:
    values = [read(body(curve))[0] for curve in range(-60, 90, 10)]
    assert (np.diff(values) > 5).all()


@settings(max_examples=25, deadline=None)
@given(
    curve=st.floats(-50, 70),
    turn=st.floats(-50, 50),
    scale=st.floats(40, 85),
    shift=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    mirrored=st.booleans(),
)
def test_place_size_turn_and_facing_change_nothing(
    curve: float, turn: float, scale: float, shift: tuple[float, float], mirrored: bool
) -> None:
    camera = Camera(turn, scale, shift, mirrored)
    value, _ = read(body(curve, camera), camera.view())
    # The outline is made of whole pixels: the smaller the body, the more degrees is one of them.
    assert value == pytest.approx(read(body(curve))[0], abs=max(4.0, 260 / scale))


@pytest.mark.parametrize("turn", [0, 60, 90, 150, 200, 270])
def test_the_same_angle_however_the_picture_is_turned(turn: float) -> None:
    camera = Camera(turn, scale=60)
    curve = back_curve_of(body(-40, camera), camera.view())
    assert curve == pytest.approx(back_curve_of(body(-40, Camera(scale=60)), camera.view()), abs=3)


def back_curve_of(pose: Pose, view: View) -> float:
    outline = back_outline(pose, view)
    assert outline is not None
    curve = back_curve(outline)
    assert curve is not None
    return curve.angle_deg


@pytest.mark.parametrize(("detail", "within"), [(0.35, 8), (0.5, 4), (2, 4)])
def test_a_mask_of_another_size_than_the_picture(detail: float, within: float) -> None:
    value, _ = read(body(40, detail=detail))
    assert value == pytest.approx(read(body(40))[0], abs=within)


@pytest.mark.parametrize("curve", [-40, 0, 50])
def test_holes_in_the_mask(curve: float) -> None:
    pose = body(curve)
    assert pose.mask is not None
    holed = pose.mask.copy()
    random = np.random.default_rng(1)
    for x, y in random.integers((40, 30), (200, 130), (40, 2)):
        holed[y : y + 2, x : x + 2] = 0
    assert read(replace(pose, mask=holed))[0] == pytest.approx(read(pose)[0], abs=6)


@pytest.mark.parametrize("curve", [-40, 0, 50])
def test_hair_that_joins_the_outline(curve: float) -> None:
    points, capsules = on_all_fours(curve)
    shoulders = (points[Landmark.LEFT_SHOULDER] + points[Landmark.RIGHT_SHOULDER]) / 2
    tail = (shoulders + np.array([-0.1, -0.3]), shoulders + np.array([0.2, -0.3]), 0.06)
    fallen = (shoulders + np.array([0.16, -0.3]), shoulders + np.array([0.16, -0.1]), 0.05)
    value, confidence = read(draw(points, [*capsules, tail, fallen]))
    assert value == pytest.approx(read(body(curve))[0], abs=12)
    assert confidence <= read(body(curve))[1]


def with_arm(curve: float, elbow: tuple[float, float], wrist: tuple[float, float]) -> Pose:
    """The near arm laid where its elbow and wrist are said to be."""
    points, capsules = on_all_fours(curve)
    shoulder = points[Landmark.LEFT_SHOULDER]
    points[Landmark.LEFT_ELBOW], points[Landmark.LEFT_WRIST] = elbow, wrist
    arm = [(shoulder, np.array(elbow), 0.09), (np.array(elbow), np.array(wrist), 0.08)]
    return draw(points, [*capsules, *arm])


def test_a_hand_on_the_back_is_passed_over() -> None:
    pose = with_arm(0, (-0.75, 0.35), (-0.5, -0.2))
    outline = back_outline(pose, FROM_LEFT)
    assert outline is not None
    assert not outline.ok[np.abs(outline.along - 0.5) < 0.05].any()
    assert outline.ok[outline.along < 0.3].all()
    value, confidence = read(pose)
    assert value == pytest.approx(read(body(0))[0], abs=10)
    assert 0 < confidence < 1


def test_a_back_hidden_by_an_arm_is_unknown() -> None:
    value, confidence = read(with_arm(0, (-0.5, -0.16), (-0.05, -0.16)))
    assert np.isnan(value)
    assert confidence == 0


@pytest.mark.parametrize("facing", ["front", "back", "feet", "unknown"])
def test_unknown_from_where_the_curve_does_not_show(facing: str) -> None:
    value, confidence = read(body(40), View(facing, "upright", "left", 0.0))  # type: ignore[arg-type]
    assert np.isnan(value)
    assert confidence == 0


def test_three_quarter_is_less_sure() -> None:
    value, confidence = read(body(40), View("three-quarter", "all-fours", "left", 50.0))
    assert value == pytest.approx(read(body(40))[0])
    assert 0 < confidence < 0.5


def test_unknown_without_mask_or_person() -> None:
    pose = body(40)
    assert np.isnan(read(replace(pose, mask=None))[0])
    absent = replace(Pose.absent(0.0, SIZE), mask=np.zeros(SIZE[::-1], np.float32))
    assert np.isnan(read(absent)[0])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("curve", [-20, 0, 30])
def test_unknown_lying_on_the_back(curve: float, mirrored: bool) -> None:
    camera = Camera(180, mirrored=mirrored)
    value, confidence = read(body(curve, camera), camera.view())
    assert np.isnan(value)
    assert confidence == 0


def test_known_leaning_back_over_a_block() -> None:
    camera = Camera(165)  # the shoulders higher than the hips
    value, confidence = read(body(-40, camera), camera.view())
    assert value * GAIN == pytest.approx(seen_angle(-40), abs=5)
    assert confidence > 0.5


def test_the_wrong_side_named_does_not_turn_cat_into_cow() -> None:
    right = read(body(50))
    wrong = read(body(50), View("right", "all-fours", "right", 90.0))
    assert wrong[0] == pytest.approx(right[0], abs=3)
    assert wrong[1] > 0.5


@pytest.mark.parametrize(
    "jumped",
    [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP],
)
def test_a_jumped_landmark_is_unknown_not_wrong(jumped: Landmark) -> None:
    pose = body(40)
    image = pose.image.copy()
    image[jumped] += [0.0, 60.0]
    value, confidence = read(replace(pose, image=image))
    assert np.isnan(value)
    assert confidence == 0


def test_a_body_cut_by_the_picture_is_not_followed_along_the_border() -> None:
    pose = body(0, Camera(shift=(0.0, -80.0)))
    outline = back_outline(pose, FROM_LEFT)
    assert outline is not None
    assert not outline.ok.any()


def test_a_series_reads_as_its_moments() -> None:
    poses = [body(curve) for curve in (-30, 0, 40)]
    masks = np.stack([pose.mask for pose in poses if pose.mask is not None])
    series = replace(Pose.series(poses), mask=masks)
    reading = SPINE.estimate(series, FROM_LEFT, None, None)
    assert reading.value.tolist() == [read(pose)[0] for pose in poses]
    assert reading.confidence.tolist() == [read(pose)[1] for pose in poses]


def test_the_curve_drawn_lies_on_the_back() -> None:
    pose = body(30)
    outline = back_outline(pose, FROM_LEFT)
    assert outline is not None
    curve = back_curve(outline)
    assert curve is not None
    assert np.abs(curve.points - outline.points).max() < 3
    assert (curve.points[:, 1] < pose.image[Landmark.LEFT_HIP, 1]).all()


@pytest.mark.parametrize("name", ["cat-cow-head-still", "cat-cow-elbows-bend"])
def test_every_cat_and_cow_of_a_clip(shared, bundle, name: str) -> None:  # type: ignore[no-untyped-def]
    from benchmarks.spine import estimated, seen_from

    clips = shared / "clips"
    story = json.loads((clips / f"{name}.json").read_text())
    true = np.load(clips / f"{name}.npz")
    view = seen_from(story)
    poses = estimated(clips / f"{name}.mp4", bundle)
    value = np.array([read(pose, view)[0] for pose in poses])[: len(true["t_s"])]
    at = true["t_s"][: len(value)]
    value = value - np.median(value[at < 1])
    assert np.corrcoef(value, true["spine_flexion"][: len(value)])[0, 1] > 0.97
    for hold in story["holds"]:
        held = np.median(value[(at >= hold["start_s"]) & (at <= hold["end_s"])])
        assert held > 40 if hold["step"] == "cat" else held < -25


def test_the_photo_of_cat_is_rounder_than_the_one_of_table(shared, bundle) -> None:  # type: ignore[no-untyped-def]
    import cv2

    from posecoach.pose.estimator import PoseEstimator

    view = View("right", "all-fours", "right", 90.0)
    with PoseEstimator(bundle, masks=True, static=True) as estimator:
        table, cat = (
            read(estimator.estimate(cv2.imread(str(shared / "photos" / name)), 0.0), view)
            for name in ("cat_stretch_0.jpg", "cat_stretch_1.jpg")
        )
    assert cat[0] > table[0] + 30
    assert min(cat[1], table[1]) > 0.5


def heights(pose: Pose, view: View = FROM_LEFT) -> NDArray[np.float64]:
    """(..., 11) percent of the trunk line."""
    found = drawn(pose, HEIGHTS, view)
    return np.stack([found[name].value for name in HEIGHTS], axis=-1)


@pytest.mark.parametrize("curve_deg", [-40.0, 0.0, 40.0])
def test_the_heights_of_the_back_are_those_of_its_edge(curve_deg: float) -> None:
    read_here = heights(body(curve_deg, detail=2))
    middle = len(HEIGHTS) // 2
    # The spine's arc rises over its chord by an eighth of chord times angle.
    rise = np.radians(curve_deg) / 8
    assert read_here[middle] == pytest.approx(100 * (DEPTH + rise), abs=4)
    assert np.sign(read_here[middle] - read_here[2]) == np.sign(round(curve_deg))


@settings(max_examples=25, deadline=None)
@given(turn=st.floats(-25, 25), scale=st.floats(55, 85), mirror=st.booleans())
def test_heights_do_not_depend_on_the_camera(turn: float, scale: float, mirror: bool) -> None:
    camera = Camera(turn, scale, mirrored=mirror)
    there = heights(body(30.0, camera, 2), camera.view())
    here = heights(body(30.0, detail=2))
    both = np.isfinite(here) & np.isfinite(there)
    assert both.sum() >= 8
    assert there[both] == pytest.approx(here[both], abs=3.5)


def test_heights_of_many_moments_are_those_of_each() -> None:
    poses = [body(curve, detail=2) for curve in (-30.0, 0.0, 30.0)]
    masks = [pose.mask for pose in poses if pose.mask is not None]
    series = replace(Pose.series(poses), mask=np.stack(masks))
    many = drawn(series, drawn_for((SPINE_NAME,)), FROM_LEFT)
    for index, pose in enumerate(poses):
        for name, reading in drawn(pose, drawn_for((SPINE_NAME,)), FROM_LEFT).items():
            assert many[name].value[index] == pytest.approx(float(reading.value), nan_ok=True)
            assert many[name].confidence[index] == float(reading.confidence)


def test_no_back_is_drawn_where_none_is_seen() -> None:
    pose = body(20.0)
    front = View("front", "all-fours", "left", 0.0)
    for here, view in ((pose, front), (replace(pose, mask=None), FROM_LEFT)):
        for reading in drawn(here, drawn_for((SPINE_NAME,)), view).values():
            assert np.isnan(reading.value)
            assert reading.confidence == 0
    assert drawn_for(()) == ()
    assert drawn(pose, (), FROM_LEFT) == {}
