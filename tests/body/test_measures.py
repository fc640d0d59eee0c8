"""The catalogue, and the joints and the trunk by geometry: what must hold for any body."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecoach.body.catalogue import (
    CATALOGUE,
    measure,
    measure_series,
    moments,
    names,
    neutral_of,
    raw,
    split_name,
)
from posecoach.body.measure import Neutral
from posecoach.body.points import HIP_CREASE, points
from posecoach.body.view import UNKNOWN, Facing, Side, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.errors import MeasureError
from posecoach.pose.landmarks import COUNT, MIRROR, Landmark
from posecoach.pose.pose import Pose
from tests.helpers.stick_body import Body, below_the_picture, seen

SIZE = (640, 480)
FRONT, LEFT, RIGHT = (
    View("front", "upright", "left", 0.0),
    View("left", "upright", "left", 90.0),
    View("right", "upright", "right", 90.0),
)
JOINTS = [
    f"{joint}_{side}"
    for joint in ("elbow_flexion", "shoulder_flexion", "hip_flexion", "knee_flexion")
    for side in ("left", "right")
]
TRUNK = ["trunk_lateral_flexion", "trunk_inclination"]
OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


def standing(**moved: tuple[float, float]) -> Pose:
    """A person of 400 pixels facing the camera, arms down; named landmarks are elsewhere."""
    places = {
        "NOSE": (320, 70),
        "LEFT_SHOULDER": (360, 120),
        "RIGHT_SHOULDER": (280, 120),
        "LEFT_ELBOW": (360, 195),
        "RIGHT_ELBOW": (280, 195),
        "LEFT_WRIST": (360, 255),
        "RIGHT_WRIST": (280, 255),
        "LEFT_HIP": (345, 240),
        "RIGHT_HIP": (295, 240),
        "LEFT_KNEE": (345, 340),
        "RIGHT_KNEE": (295, 340),
        "LEFT_ANKLE": (345, 440),
        "RIGHT_ANKLE": (295, 440),
    }
    image = np.full((COUNT, 2), (320.0, 80.0))
    for name, at in (places | moved).items():
        image[Landmark[name]] = at
    return pose_of(image, np.zeros((COUNT, 3)))


def pose_of(image: NDArray[np.float64], world: NDArray[np.float64]) -> Pose:
    return Pose(np.asarray(0.0), image, world, np.ones(COUNT), SIZE)


@st.composite
def bodies(draw: st.DrawFn) -> Pose:
    """Any body: landmarks anywhere, with depth, no limb shorter than can be measured."""
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = numbers.uniform(100, 380, (COUNT, 2))
    world = np.concatenate([image / 300 - 0.8, numbers.uniform(-0.5, 0.5, (COUNT, 1))], axis=1)
    return pose_of(image, world)


def values(pose: Pose, asked: list[str], view: View) -> list[float]:
    return [float(reading.value) for reading in measure(pose, asked, view).values()]


def turned(pose: Pose, degrees: float, scale: float, shift: tuple[float, float]) -> Pose:
    """The picture of the pose turned, scaled and moved."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rotation = np.array([[c, s], [-s, c]])
    world = pose.world.copy()
    world[:, :2] = world[:, :2] @ rotation
    return replace(pose, image=pose.image @ rotation * scale + shift, world=world)


def mirrored(pose: Pose) -> Pose:
    """The same body with left and right exchanged."""
    order = np.array(MIRROR)
    image = (pose.image * (-1, 1) + (pose.size[0], 0))[order]
    return replace(pose, image=image, world=(pose.world * (-1, 1, 1))[order])


@given(
    bodies(),
    st.floats(-180, 180),
    st.floats(0.2, 5),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    st.sampled_from([FRONT, LEFT, RIGHT]),
)
def test_turning_scaling_and_moving_the_picture_changes_no_joint(
    pose: Pose, degrees: float, scale: float, shift: tuple[float, float], view: View
) -> None:
    before = values(pose, JOINTS, view)
    after = values(turned(pose, degrees, scale, shift), JOINTS, view)
    assert before == pytest.approx(after, abs=1e-3, nan_ok=True)


@given(bodies(), st.integers(100, 4000), st.integers(100, 4000))
def test_the_shape_of_the_picture_around_the_body_does_not_matter(
    pose: Pose, width: int, height: int
) -> None:
    asked = JOINTS + TRUNK
    wide = replace(pose, size=(width, height))
    same = pytest.approx(values(wide, asked, FRONT), nan_ok=True)
    assert values(pose, asked, FRONT) == same


@given(bodies(), st.sampled_from(["front", "back", "left", "right"]))
def test_a_mirrored_body_has_its_sides_exchanged_and_lateral_signs_flipped(
    pose: Pose, facing: Facing
) -> None:
    mirror_facing: Facing = OTHER.get(facing, facing)  # type: ignore[call-overload]
    near: Side = "left" if facing == "left" else "right"
    here = View(facing, "upright", near, 0.0)
    there = View(mirror_facing, "upright", OTHER[near], 0.0)
    before, after = (
        measure(pose, JOINTS + TRUNK, here),
        measure(mirrored(pose), JOINTS + TRUNK, there),
    )
    for name in JOINTS:
        stem, _, side = name.rpartition("_")
        other = after[f"{stem}_{'left' if side == 'right' else 'right'}"]
        assert float(before[name].value) == pytest.approx(float(other.value), abs=1e-3, nan_ok=True)
        assert float(before[name].confidence) == pytest.approx(float(other.confidence))
    lean = "trunk_lateral_flexion"
    assert float(before[lean].value) == pytest.approx(
        -float(after[lean].value), abs=1e-6, nan_ok=True
    )


@given(st.lists(bodies(), min_size=1, max_size=6), st.data())
def test_a_series_is_measured_as_its_moments_are(poses: list[Pose], data: st.DataObject) -> None:
    views = data.draw(st.lists(st.sampled_from([FRONT, LEFT, RIGHT]), min_size=6, max_size=6))
    views = views[: len(poses)]
    asked = JOINTS + TRUNK
    together = measure_series(Pose.series(poses), views, asked)
    for index, (pose, view) in enumerate(zip(poses, views, strict=True)):
        for name, alone in measure(pose, asked, view).items():
            assert alone.value == pytest.approx(together[name].value[index], nan_ok=True)
            assert alone.confidence == pytest.approx(together[name].confidence[index])


@given(st.floats(0, 175))
def test_a_bent_elbow_reads_its_bend(bend: float) -> None:
    angle = math.radians(bend)
    wrist = (360 + 60 * math.sin(angle), 195 + 60 * math.cos(angle))
    assert values(standing(LEFT_WRIST=wrist), ["elbow_flexion_left"], FRONT) == pytest.approx(
        [bend], abs=1e-6
    )


@given(st.floats(0, 180), st.sampled_from(["shoulder_flexion", "shoulder_abduction"]))
def test_a_raised_arm_reads_its_angle_to_the_trunk(raised: float, name: str) -> None:
    angle = math.radians(raised)
    elbow = (360 + 75 * math.sin(angle), 120 + 75 * math.cos(angle))
    assert values(standing(LEFT_ELBOW=elbow), [f"{name}_left"], FRONT) == pytest.approx(
        [raised], abs=1e-6
    )


@given(st.floats(-80, 80))
def test_a_lean_is_signed_towards_the_persons_left(lean: float) -> None:
    pose = standing()
    image = pose.image.copy()
    for side in ("LEFT", "RIGHT"):
        angle = math.radians(lean)
        hips = np.array([320.0, 240.0])
        across, up = image[Landmark[f"{side}_SHOULDER"]] - hips
        c, s = math.cos(angle), math.sin(angle)
        turned_place = np.array([across * c - up * s, across * s + up * c])
        image[Landmark[f"{side}_SHOULDER"]] = hips + turned_place
    leaning = replace(pose, image=image)
    assert values(leaning, TRUNK, FRONT) == pytest.approx([lean, abs(lean)], abs=1e-6)
    # Seen from the back the picture's right is the person's right.
    back = View("back", "upright", "left", 0.0)
    assert values(leaning, TRUNK, back) == pytest.approx([-lean, abs(lean)], abs=1e-6)


def test_head_down_is_more_than_level() -> None:
    pose = standing(
        LEFT_SHOULDER=(200, 300),
        RIGHT_SHOULDER=(200, 300),
        LEFT_HIP=(300, 240),
        RIGHT_HIP=(300, 240),
    )
    (inclination,) = values(pose, ["trunk_inclination"], View("left", "upright", "left", 90.0))
    assert 90 < inclination < 130


@pytest.mark.parametrize(("view", "ahead"), [(LEFT, -1), (RIGHT, 1)])
@pytest.mark.parametrize("flexion", [0, 45, 90, 150])
def test_from_the_side_the_hip_is_put_back_from_its_crease(
    view: View, ahead: int, flexion: float
) -> None:
    shoulder, hip = np.array([320.0, 120.0]), np.array([320.0, 260.0])
    bend = math.radians(flexion)
    knee = hip + 110 * np.array([ahead * math.sin(bend), math.cos(bend)])
    ankle = knee + np.array([0.0, 100.0])
    # The crease is in front of the hip, and rises half as far as the thigh does.
    crease = np.array([ahead * math.cos(bend / 2), -math.sin(bend / 2)])
    marked = hip + HIP_CREASE * 140 * crease
    places = {"SHOULDER": shoulder, "HIP": marked, "KNEE": knee, "ANKLE": ankle}
    pose = standing(
        **{f"{side}_{part}": tuple(at) for part, at in places.items() for side in ("LEFT", "RIGHT")}
    )
    asked = [f"hip_flexion_{view.near}", f"knee_flexion_{view.near}", "trunk_inclination"]
    # The shanks hang down, so the knee is bent by as much as the hip.
    assert values(pose, asked, view) == pytest.approx([flexion, flexion, 0], abs=0.6)
    (as_marked,) = values(pose, asked[:1], FRONT)
    assert abs(as_marked - flexion) > 1.5


def test_a_thigh_that_is_not_seen_moves_no_trunk() -> None:
    def inclination(**moved: tuple[float, float]) -> float:
        pose = standing(**moved)
        visibility = pose.visibility.copy()
        visibility[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]] = 0
        return values(replace(pose, visibility=visibility), ["trunk_inclination"], LEFT)[0]

    assert inclination(LEFT_KNEE=(200, 200), RIGHT_KNEE=(200, 200)) == inclination()


def test_a_bend_towards_the_camera_is_seen_by_its_depth() -> None:
    flat = standing()
    world = np.concatenate([(flat.image - 240) / 250, np.zeros((COUNT, 1))], axis=1)
    world[Landmark.LEFT_WRIST, 2] = -0.2
    (without,) = values(flat, ["elbow_flexion_left"], FRONT)
    (bent,) = values(replace(flat, world=world), ["elbow_flexion_left"], FRONT)
    assert without == pytest.approx(0, abs=1e-6)
    assert 10 < bent < 45


@given(st.floats(0.05, 0.95))
def test_confidence_falls_as_an_arm_points_at_the_camera(share: float) -> None:
    def confidence(length: float) -> float:
        pose = standing(LEFT_ELBOW=(360, 120 + 75 * length), LEFT_WRIST=(360, 180 + 75 * length))
        return float(
            measure(pose, ["shoulder_flexion_left"], FRONT)["shoulder_flexion_left"].confidence
        )

    assert confidence(share) <= confidence(share + 0.05)
    assert confidence(0.1) == 0
    assert confidence(1.0) > 0.9


def test_what_is_not_visible_is_unknown() -> None:
    pose = standing()
    visibility = np.ones(COUNT)
    visibility[Landmark.LEFT_WRIST] = 0.01
    read = measure(replace(pose, visibility=visibility), ["elbow_flexion_left"], FRONT)
    assert math.isnan(read["elbow_flexion_left"].value)
    assert read["elbow_flexion_left"].confidence == 0


@pytest.mark.parametrize("view", [UNKNOWN, FRONT, LEFT, View("feet", "lying", "left", 0.0)])
def test_nobody_has_no_measures(view: View) -> None:
    absent = Pose.absent(0.0, SIZE)
    asked = [name for name in names() if not split_name(name)[0].needs_mask]
    for reading in measure(absent, asked, view, Neutral(standing(), {})).values():
        assert math.isnan(reading.value)
        assert reading.confidence == 0


def test_an_elbow_beside_the_head_of_a_body_face_down_is_trusted_less() -> None:
    def confidence(view: View, **moved: tuple[float, float]) -> float:
        arms = {"LEFT_ELBOW": (345, 60), "LEFT_WRIST": (345, 0)}
        pose = standing(**arms, **moved)
        return float(measure(pose, ["elbow_flexion_left"], view)["elbow_flexion_left"].confidence)

    folded = View("left", "kneeling", "left", 90.0)
    beside, apart = confidence(folded, LEFT_EAR=(345, 65)), confidence(folded, LEFT_EAR=(500, 200))
    assert beside < 0.7 * apart
    assert confidence(FRONT, LEFT_EAR=(345, 65)) == confidence(FRONT, LEFT_EAR=(500, 200))


def test_a_knee_whose_shank_points_at_the_camera_is_unknown_from_the_side() -> None:
    def confidence(length: float, view: View) -> float:
        pose = standing(LEFT_KNEE=(345, 340), LEFT_ANKLE=(345, 340 + 100 * length))
        return float(measure(pose, ["knee_flexion_left"], view)["knee_flexion_left"].confidence)

    assert confidence(0.25, LEFT) == 0 < confidence(0.25, View("feet", "lying"))
    assert confidence(0.9, LEFT) > 0.5


def test_a_side_seen_from_afar_is_trusted_less() -> None:
    pose = standing(LEFT_WRIST=(420, 195))
    near, far = measure(pose, ["elbow_flexion_near", "elbow_flexion_far"], LEFT).values()
    assert float(near.value) == pytest.approx(90)
    assert float(far.confidence) < float(near.confidence)


def test_a_lean_to_the_side_is_not_seen_from_the_side() -> None:
    assert measure(standing(), TRUNK, LEFT)["trunk_lateral_flexion"].confidence == 0


def test_without_world_landmarks_the_picture_is_enough() -> None:
    pose = standing(LEFT_WRIST=(420, 195))
    nowhere = replace(pose, world=np.full((COUNT, 3), np.nan))
    assert values(nowhere, ["elbow_flexion_left"], FRONT) == pytest.approx([90])


@pytest.mark.parametrize(
    ("name", "view", "side"),
    [
        ("elbow_flexion_left", FRONT, "left"),
        ("elbow_flexion_right", RIGHT, "right"),
        ("elbow_flexion_near", RIGHT, "right"),
        ("elbow_flexion_far", RIGHT, "left"),
        ("trunk_inclination", LEFT, None),
    ],
)
def test_a_name_tells_measure_and_side(name: str, view: View, side: Side | None) -> None:
    found, told = split_name(name, view)
    assert name.startswith(found.name)
    assert told == side


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("elbow_flexion", "needs a side"),
        ("elbow_flexoin_left", "'elbow_flexion_left'"),
        ("elbow", "did you mean 'elbow_flexion_left'"),
        ("nonsense", "--list"),
        ("", "--list"),
        ("trunk_turn_left", "'trunk_turn'"),
    ],
)
def test_a_wrong_name_is_told_in_a_sentence(name: str, hint: str) -> None:
    with pytest.raises(MeasureError, match=hint):
        measure(standing(), [name])


def test_every_measure_is_named_with_its_sides() -> None:
    for name in names(near_far=True):
        found, _ = split_name(name)
        assert CATALOGUE[found.name] is found
    assert {"elbow_flexion_left", "trunk_turn", "spine_flexion", "knees_drop"} <= set(names())
    assert "elbow_flexion_near" not in names()


def test_only_what_is_asked_for_is_computed() -> None:
    assert list(measure(standing(), ["trunk_inclination"])) == ["trunk_inclination"]


def lying(knees: float) -> Pose:
    """A body from its feet whose knees have dropped this far to its left, in metres."""
    pose = standing()
    world = np.concatenate([(pose.image - 240) / 250, np.zeros((COUNT, 1))], axis=1)
    for knee in (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE):
        world[knee] = (knees, 0.0, -0.4)
    return replace(pose, world=world)


def test_a_measure_from_the_start_pose_is_unknown_without_one() -> None:
    feet = View("feet", "lying", "left", 0.0)
    pose = lying(0.2)
    assert math.isnan(measure(pose, ["knees_drop"], feet)["knees_drop"].value)
    start = neutral_of(Pose.series([lying(0.1)] * 3), [feet] * 3)
    read = measure(pose, ["knees_drop"], feet, start)["knees_drop"]
    here = raw(pose, ["knees_drop"], feet)["knees_drop"]
    assert float(read.value) == pytest.approx(float(here.value) - start.values["knees_drop"])
    assert float(measure(lying(0.1), ["knees_drop"], feet, start)["knees_drop"].value) == (
        pytest.approx(0, abs=1e-9)
    )


@given(st.lists(bodies(), min_size=3, max_size=5))
def test_the_neutral_is_the_median_of_the_moments_someone_was_seen(poses: list[Pose]) -> None:
    absent = Pose.absent(0.0, SIZE)
    series = Pose.series([*poses, absent])
    start = neutral_of(series, [FRONT] * len(series.time_s), ())
    assert np.array_equal(start.pose.image, np.median([each.image for each in poses], axis=0))
    assert not start.values


def test_a_neutral_of_nobody_is_nobody() -> None:
    nobody = neutral_of(Pose.series([Pose.absent(0.0, SIZE)] * 2), [UNKNOWN] * 2)
    assert not nobody.pose.seen
    assert not nobody.values


def test_a_series_needs_a_view_for_each_moment() -> None:
    with pytest.raises(ValueError, match="one view"):
        measure_series(Pose.series([standing()] * 2), [FRONT], ["trunk_inclination"])


@given(bodies())
def test_a_moment_of_a_series_is_the_moment(pose: Pose) -> None:
    series = Pose.series([standing(), pose])
    assert np.array_equal(moments(series, np.array([1])).image[0], pose.image)


@given(bodies())
def test_values_are_angles(pose: Pose) -> None:
    assume(pose.seen)
    for name, reading in measure(pose, JOINTS, FRONT).items():
        assert math.isnan(reading.value) or 0 <= reading.value <= 180, name
        assert 0 <= reading.confidence <= 1


FROM_ANATOMY = [
    name
    for name in names()
    if not split_name(name)[0].needs_mask and split_name(name)[0].zero_from == "anatomy"
]
"""The others count from the start pose by definition."""


@pytest.mark.parametrize("name", FROM_ANATOMY)
def test_a_neutral_is_heeded_by_those_that_say_so(name: str) -> None:
    """A stored session is measured again by what a measure says of itself."""
    found, side = split_name(name)
    random = np.random.default_rng(7)
    differs = False
    facings: tuple[Facing, ...] = ("front", "left", "right", "back", "feet")
    for facing in facings:
        view = View(facing, "upright", "left", 0.0)
        here = seen(Body())
        there = replace(
            here,
            image=here.image + random.normal(0, 20, here.image.shape),
            world=here.world + random.normal(0, 0.1, here.world.shape),
        )
        plain = found.estimate(here, view, side, None)
        put_right = found.estimate(here, view, side, Neutral(there, {}))
        differs |= repr(plain) != repr(put_right)
    assert differs == found.heeds_neutral


def test_hips_below_a_picture_that_head_and_shoulders_fill_are_believed_by_half() -> None:
    def trunk(pixels: float, y: float) -> float:
        pose = below_the_picture(seen(Body(), pixels=pixels, at=(320.0, y)))
        return float(
            measure(pose, ["trunk_lateral_flexion"], FRONT)["trunk_lateral_flexion"].confidence
        )

    assert trunk(600.0, 560.0) == 0.5  # as a laptop on a desk sees everybody
    assert trunk(200.0, 240.0) == 1.0  # in the picture
    assert trunk(300.0, 520.0) == 0.0  # small, and yet not in the picture: further in, please


def test_of_a_picture_that_ends_at_the_hips_one_may_lie_below_it() -> None:
    desk = seen(Body(), pixels=600.0, at=(320.0, 560.0))
    higher = desk.image - (0, desk.image[[23, 24], 1].mean() - 480)
    for left, right, both, one in ((-9, 9, 0, 1), (9, -9, 0, 1), (-9, -9, 0, 0), (9, 9, 1, 1)):
        image = higher.copy()
        image[[23, 24], 1] = 480 + left, 480 + right
        p = points(replace(desk, image=image))
        assert (p.hips_below, p.hip_below) == (both, one)
    p = points(desk)
    assert (p.hips_below, p.hip_below) == (1, 1)


def test_a_wide_picture_and_half_a_turn_make_no_desk_less_of_one() -> None:
    """A wide picture shows more beside a person; shoulders that turn look narrower."""
    for turn in (0.0, 25.0, 40.0):
        pose = below_the_picture(seen(Body(turn=turn), pixels=620.0, at=(320.0, 560.0)))
        wide = replace(pose, image=pose.image + np.array([107, 0]), size=(853, 480))
        assert points(wide).hips_below == 1


def test_shoulders_that_fill_the_picture_are_not_seen_from_the_side() -> None:
    """The model draws who is near too deep: half turned they would be sideways."""
    pose = below_the_picture(seen(Body(turn=35.0), pixels=620.0, at=(320.0, 560.0)))
    deep = replace(pose, world=pose.world * (1, 1, 2.2))
    small = seen(Body(turn=35.0))
    assert ViewTracker().update(deep).facing == "three-quarter"
    assert ViewTracker().update(replace(small, world=deep.world)).facing in ("left", "right")
