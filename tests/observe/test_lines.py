"""What readers look at of a body: the same for its mirror image, in another order."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.body.catalogue import measure_series, names, split_name
from posecoach.body.view import UNKNOWN, View
from posecoach.observe.instrument.bodies import DRAWN, Body
from posecoach.observe.instrument.features import features, mirrored_features
from posecoach.observe.instrument.ground import limb_angles, mirrored_angles
from posecoach.observe.instrument.lines import shape_of
from posecoach.observe.stillness import keeps_still
from posecoach.pose.pose import Pose

SIZE = (640, 480)


def bodies(seed: int, count: int = 3) -> Body:
    """Landmarks anywhere, on the grids they are kept on."""
    random = np.random.default_rng(seed)
    return Body(
        np.rint(random.uniform(0, 480, (count, 33, 2)) * 64) / 64,
        np.rint(random.uniform(-1, 1, (count, 33, 3)) * 8192) / 8192,
        random.uniform(0, 1, (count, 33)),
        np.tile(np.array(SIZE, float), (count, 1)),
        random.uniform(0, 1, (count, 2 * len(DRAWN))),
    )


@pytest.mark.parametrize("upper", [True, False])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_mirror_image_is_the_same_numbers_in_another_order(upper: bool, seed: int) -> None:
    body, shape = bodies(seed), shape_of(upper)
    looked, angles = features(body, upper, not upper), limb_angles(body, upper)
    assert mirrored_features(looked, shape, not upper) == pytest.approx(
        features(body.mirrored(), upper, not upper)
    )
    other = limb_angles(body.mirrored(), upper)
    assert mirrored_angles(angles, shape) == pytest.approx(other, abs=1e-6)
    assert np.abs(other - angles).max() > 1  # so that an order of its own is needed


@pytest.mark.parametrize("upper", [True, False])
def test_who_is_not_seen_from_a_side_has_no_outline(upper: bool) -> None:
    body = bodies(5)
    bare = replace(body, outline=np.zeros_like(body.outline))
    assert (features(body, upper, False) == features(bare, upper, False)).all()
    assert (features(body, upper, True) != features(bare, upper, True)).any()


@pytest.mark.parametrize("upper", [True, False])
def test_one_body_is_drawn_as_it_is_among_many(upper: bool) -> None:
    many = bodies(7, 9)
    one = Body(*(getattr(many, name)[4] for name in Body.__dataclass_fields__))
    assert (features(one, upper, True) == features(many, upper, True)[4]).all()
    assert (limb_angles(one, upper) == limb_angles(many, upper)[4]).all()


def test_where_nobody_is_seen_nothing_is_computed() -> None:
    body = bodies(3, 4)
    absent = Pose.absent(4.0, SIZE)
    there = [
        Pose(np.asarray(float(i)), body.image[i], body.world[i], body.visibility[i], SIZE)
        for i in range(4)
    ]
    poses = Pose.series([*there, absent])
    wanted = [name for name in names() if not split_name(name)[0].needs_mask]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = measure_series(poses, [View("front")] * 4 + [UNKNOWN], wanted)
    assert all(np.isnan(each.value[4]) and each.confidence[4] == 0 for each in read.values())
    assert any(np.isfinite(each.value[:4]).all() for each in read.values())


def test_who_wavers_about_one_place_keeps_still_and_who_leaves_it_does_not() -> None:
    body = bodies(1, 1)
    trunk = np.hypot(*(body.image[0, [11, 12]].mean(axis=0) - body.image[0, [23, 24]].mean(axis=0)))

    def moved(by: list[float], part: Sequence[int] = range(33)) -> list[Pose]:
        seen = np.ones(33)
        seen[15] = 0.1  # a wrist that is guessed
        poses = []
        for i, each in enumerate(by):
            image = body.image[0].copy()
            image[list(part), 0] += each * trunk
            poses.append(Pose(np.asarray(i / 10), image, body.world[0], seen, SIZE))
        return poses

    assert keeps_still(moved([0.0, 0.02, 0.0, 0.02, 0.0, 0.02, 0.3]))
    there = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    head, arms, above_hips = [0], [13, 14, 15, 16], range(23)
    for part in (head, arms, above_hips):
        for far in (0.06, 0.1, 0.19, 0.3):
            assert not keeps_still(moved([far * each for each in there], part))
            assert not keeps_still(moved([far * each for each in there], part), sways=True)
    # All of it by little: the camera in a hand. By more: who walks.
    swaying = moved([0.1 * each for each in there])
    assert keeps_still(swaying, sways=True)
    assert not keeps_still(swaying)
    assert not keeps_still(moved([0.3 * each for each in there]), sways=True)
    # Who sinks into a squat leaves the feet where they are.
    assert not keeps_still(moved([0.1 * each for each in there], range(25)), sways=True)
