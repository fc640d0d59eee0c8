"""Annotators by their pictures: what changed, where, and in which colour."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.view import View
from posecoach.coach.state import Phase
from posecoach.exercise.definition import Exercise, Start
from posecoach.figure.body import figure_of
from posecoach.plan.match import Match
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose
from posecoach.screen import body_marks, dials
from posecoach.screen.body_marks import MATCH_COLOUR
from posecoach.screen.figure import draw_figure
from posecoach.screen.joints import Arc, Shift, mark_of
from posecoach.screen.layout import Rect, layout
from posecoach.screen.paint import draw, marked, on_window, paint, picture
from posecoach.screen.palette import GREEN, GROUND, ORANGE, TEXT, TRACK, YELLOW, Colour
from posecoach.screen.scene import Dots, Ring, scene
from posecoach.screen.text import Image
from posecoach.session.practice_state import PracticeState
from tests.helpers.moments import SIZE, cue, moment, person, state, target

FRONT = View("front", "upright", "right", 0.0)
UNIT = 7.2


def blank(width: int = 640, height: int = 480) -> Image:
    return np.full((height, width, 3), 128, np.uint8)


def changed(image: Image, box: tuple[int, int, int, int] | None = None) -> np.ndarray:
    """(n, 2) x, y of the pixels that are no longer the blank's."""
    ys, xs = np.nonzero((image != 128).any(axis=2))
    return np.stack([xs, ys], axis=1)


def count(image: Image, colour: Colour) -> int:
    return int((np.abs(image.astype(int) - colour).max(axis=2) <= 3).sum())


# -- the picture ---------------------------------------------------------------------------


def test_the_picture_is_mirrored_only_where_asked() -> None:
    place = Rect(0, 0, 640, 480)
    plain, mirrored = blank(), blank()
    assert picture(plain, moment(), place) == place
    picture(mirrored, moment(mirror=True), place)
    assert tuple(plain[240, 10]) == (200, 60, 60)
    assert tuple(mirrored[240, 629]) == (200, 60, 60)


def test_the_picture_stays_in_its_place() -> None:
    canvas = blank(900, 500)
    at = picture(canvas, moment(), Rect(100, 50, 700, 300))
    assert at == Rect(250, 50, 400, 300)
    spots = changed(canvas)
    assert spots.min(axis=0).tolist() == [250, 50]
    assert spots.max(axis=0).tolist() == [649, 349]


def test_landmarks_follow_the_mirror_and_the_scale() -> None:
    at = Rect(100, 10, 320, 240)
    left = on_window(person(), at, mirror=False)[Landmark.RIGHT_WRIST]
    right = on_window(person(), at, mirror=True)[Landmark.RIGHT_WRIST]
    assert left.tolist() == [100 + 105, 10 + 42.5]
    assert right.tolist() == [100 + 320 - 105, 10 + 42.5]


# -- the body ------------------------------------------------------------------------------


def test_the_skeleton_is_thin_and_on_the_body() -> None:
    image = body_marks.skeleton(blank(), person().image, np.ones(33), UNIT)
    spots = changed(image)
    bones = body_marks.along_bones(person().image, np.ones(33))
    nearest = np.linalg.norm(spots[:, None] - bones[None], axis=2).min(axis=1)
    assert nearest.max() < 12  # between two sampled points of a bone
    assert count(image, TEXT) > 300


def test_a_joint_not_seen_is_not_drawn() -> None:
    visibility = np.ones(33)
    visibility[Landmark.RIGHT_WRIST] = 0.2
    image = body_marks.skeleton(blank(), person().image, visibility, UNIT)
    assert (image[90:140, 200:220] == 128).all()


@pytest.mark.parametrize("match", list(Match))
def test_a_dot_has_its_own_colour_and_stays_small(match: Match) -> None:
    image = body_marks.dot(blank(), np.array([300.0, 200.0]), match, UNIT)
    assert count(image, MATCH_COLOUR[match]) > 20
    assert np.abs(changed(image) - (300, 200)).max() < 3 * UNIT


def test_dots_differ_in_shape_too() -> None:
    """Without colour: the silhouettes of no two kinds are the same."""
    shapes = [
        (body_marks.dot(blank(), np.array([300.0, 200.0]), match, 10) != 128).any(axis=2)
        for match in Match
    ]
    for n, one in enumerate(shapes):
        for other in shapes[n + 1 :]:
            assert (one != other).sum() > 0.08 * one.sum()


def elbow(wrist: tuple[float, float]) -> Arc:
    pose = person(RIGHT_WRIST=wrist)
    mark = mark_of("elbow_flexion_right", pose.image, FRONT)
    assert isinstance(mark, Arc)
    return mark


def test_the_elbows_arc_measures_flexion() -> None:
    arc = elbow((210, 85))  # forearm straight up, upper arm towards the left
    assert arc.vertex.tolist() == [210, 150]
    assert (arc.limb_deg - arc.zero_deg) * arc.sense % 360 == pytest.approx(90)
    straight = elbow((145, 150))
    assert (straight.limb_deg - straight.zero_deg) % 360 == pytest.approx(0)


@pytest.mark.parametrize("direction", [1, -1])
def test_the_arrow_points_where_the_value_grows(direction: int) -> None:
    """Bending the raised right forearm more moves the hand towards the head (right here)."""
    arc = elbow((210, 85))
    plain = body_marks.angle(blank(), arc, target(direction=0), UNIT, loud=True)
    arrow = body_marks.angle(blank(), arc, target(direction=direction), UNIT, loud=True)
    ys, xs = np.nonzero((plain != arrow).any(axis=2))
    assert (xs.mean() - 210) * direction > 5
    assert ys.max() < 160


def test_the_angle_stays_at_its_joint() -> None:
    arc = elbow((210, 85))
    image = body_marks.angle(blank(), arc, target(), UNIT, loud=True)
    distance = np.linalg.norm(changed(image) - arc.vertex, axis=1)
    assert distance.max() < 25 * UNIT
    assert count(image, ORANGE) > 50  # the limb out of its range
    assert count(image, GREEN) > 20  # the wanted range


def test_signed_angles_follow_the_persons_own_side() -> None:
    lean = mark_of("trunk_lateral_flexion", person().image, FRONT)
    assert isinstance(lean, Arc)
    assert lean.sense == 1  # facing the camera, the own left is to the right
    flipped = person().image * (-1, 1) + (640, 0)
    mirrored = mark_of("trunk_lateral_flexion", flipped, FRONT)
    assert isinstance(mirrored, Arc)
    assert mirrored.sense == -1


def test_the_back_rounds_away_from_knees_and_elbows() -> None:
    pose = person(
        LEFT_SHOULDER=(200, 200), RIGHT_SHOULDER=(200, 200),
        LEFT_HIP=(380, 200), RIGHT_HIP=(380, 200),
        LEFT_KNEE=(380, 330), RIGHT_KNEE=(380, 330),
        LEFT_ELBOW=(200, 270), RIGHT_ELBOW=(200, 270),
    )  # fmt: skip
    for points in (pose.image, pose.image * (-1, 1) + (640, 0)):
        mark = mark_of("spine_flexion", points, FRONT)
        assert isinstance(mark, Shift)
        assert mark.growing[1] < -0.9  # up, facing left or right


def test_the_back_is_drawn_along_its_curve() -> None:
    x = np.linspace(200, 400, 20)
    curve = np.stack([x, 200 - 0.002 * (x - 200) * (400 - x)], axis=1)
    image = body_marks.back(blank(), curve, Match.OUT, UNIT)
    spots = changed(image)
    assert np.abs(spots[:, 1] - (200 - 0.002 * (spots[:, 0] - 200) * (400 - spots[:, 0]))).max() < 9
    assert count(image, ORANGE) > 300


def test_a_silhouette_shows_the_back_where_the_spine_counts() -> None:
    """All fours, facing right: a box of a trunk; its upper edge is drawn, mirrored too."""
    pose = person(
        NOSE=(460, 210), LEFT_EAR=(440, 195), RIGHT_EAR=(440, 195),
        LEFT_SHOULDER=(400, 220), RIGHT_SHOULDER=(400, 220),
        LEFT_ELBOW=(400, 290), RIGHT_ELBOW=(400, 290),
        LEFT_WRIST=(400, 350), RIGHT_WRIST=(400, 350),
        LEFT_HIP=(200, 220), RIGHT_HIP=(200, 220),
        LEFT_KNEE=(200, 350), RIGHT_KNEE=(200, 350),
        LEFT_ANKLE=(90, 350), RIGHT_ANKLE=(90, 350),
    )  # fmt: skip
    mask = np.zeros((480, 640), np.float32)
    mask[190:260, 170:430] = 1.0
    mask[190:360, 180:220] = 1.0
    mask[190:360, 385:415] = 1.0
    spine = target("spine_flexion", 5.0, match=Match.OUT)
    side = View("right", "all-fours", "right", 90.0)
    for mirror in (False, True):
        shown = replace(moment(state(targets=(spine,)), pose=pose, mirror=mirror), view=side)
        with_mask = replace(shown, pose=replace(pose, mask=mask))
        difference = (draw(shown, SIZE) != draw(with_mask, SIZE)).any(axis=2)
        ys, xs = np.nonzero(difference)
        at = picture(np.zeros((480, 640, 3), np.uint8), shown, layout(SIZE).picture)
        assert ys.mean() == pytest.approx(at.y + 190 / 480 * at.h, abs=6)
        middle = 300 if not mirror else 340
        assert xs.mean() == pytest.approx(at.x + middle / 640 * at.w, abs=15)


def test_near_and_far_are_the_views() -> None:
    near = mark_of("elbow_flexion_near", person().image, FRONT)
    far = mark_of("elbow_flexion_far", person().image, FRONT)
    assert isinstance(near, Arc)
    assert isinstance(far, Arc)
    assert near.vertex[0] < 320 < far.vertex[0]


def test_what_is_not_seen_or_has_no_place_is_not_marked() -> None:
    assert mark_of("elbow_flexion_right", Pose.absent(0, SIZE).image, FRONT) is None
    assert mark_of("breath_left", person().image, FRONT) is None


def test_labels_keep_apart_and_in_the_picture() -> None:
    targets = tuple(
        target(f"{name}_{side}")
        for name in ("elbow_flexion", "shoulder_abduction", "hip_flexion", "knee_flexion")
        for side in ("left", "right")
    )
    shown = scene(moment(state(targets=targets)))
    within = Rect(0, 0, *SIZE)
    placed = marked(shown, moment(), person().image, within, UNIT)
    chips = [body_marks.chip_of(one.label, UNIT) for one in placed if one.label is not None]
    assert len(chips) >= 4
    for n, chip in enumerate(chips):
        assert within.holds(chip)
        assert not any(chip.meets(other) for other in chips[n + 1 :])


def test_a_label_does_not_jump_with_the_landmarks_noise() -> None:
    given = replace(cue(), measure="elbow_flexion_left")
    shown = scene(moment(state(targets=(target("elbow_flexion_left"),), cue=given)))
    noise = np.random.default_rng(1)
    kept: dict[str, int] = {}
    steady, free = [], []
    for _ in range(60):
        points = person().image + noise.normal(0, 3, (33, 2))
        for remembered, places in ((kept, steady), ({}, free)):
            marked(shown, moment(), points, Rect(0, 0, *SIZE), UNIT, remembered)
            places.append(remembered["elbow_flexion_left"])

    def moves(places: list[int]) -> int:
        return int((np.diff(places) != 0).sum())

    assert moves(steady) == 0
    assert moves(free) > 5  # without remembering it would


def test_one_correction_at_a_time() -> None:
    targets = (target(), target("shoulder_abduction_right", 60.0), target("knee_flexion_left"))
    shown = scene(moment(state(targets=targets, cue=cue())))
    placed = marked(shown, moment(), person().image, Rect(0, 0, *SIZE), UNIT)
    assert [one.target.measure for one in placed if one.told] == ["elbow_flexion_right"]
    assert placed[-1].loud  # drawn last, on top


def test_a_right_angle_is_shown_while_it_is_right() -> None:
    right = target(value=89.0, match=Match.IN, direction=0)
    loose = target("shoulder_abduction_right", 90, low=-math.inf, match=Match.IN, direction=0)
    shown = scene(moment(state(targets=(right, loose))))
    placed = marked(shown, moment(), person().image, Rect(0, 0, *SIZE), UNIT)
    told = {one.target.measure: one.label for one in placed if one.told}
    assert list(told) == ["elbow_flexion_right"]
    label = told["elbow_flexion_right"]
    assert label is not None
    assert label.lines == ("89°",)


# -- the panel -----------------------------------------------------------------------------

PLACE = Rect(100, 80, 300, 300)


@pytest.mark.parametrize("fraction", [0.0, 0.25, 0.5, 1.0])
def test_the_ring_fills_from_the_top_clockwise(fraction: float) -> None:
    image = dials.ring(blank(), Ring(fraction, tone="good"), PLACE)
    radius, _ = dials.ring_radius(PLACE)
    for degrees in range(5, 360, 10):
        if abs(degrees - 360 * fraction) < 12 or degrees < 12 or degrees > 348:
            continue  # the round ends
        angle = math.radians(degrees - 90)
        x, y = (
            PLACE.centre[0] + radius * math.cos(angle),
            PLACE.centre[1] + radius * math.sin(angle),
        )
        wanted = GREEN if degrees < 360 * fraction else TRACK
        assert tuple(image[round(y), round(x)]) == wanted, degrees
    spots = changed(image)
    assert spots.min(axis=0).tolist() >= [PLACE.x, PLACE.y]
    assert (spots.max(axis=0) < (PLACE.right, PLACE.bottom)).all()


def test_a_dot_for_each_repetition() -> None:
    place = Rect(50, 50, 400, 80)
    full = dials.repetitions(blank(), (Dots("both", 3, 0, 3, True),), place)
    part = dials.repetitions(blank(), (Dots("both", 1, 1, 3, True),), place)
    assert count(full, GREEN) > 2.5 * count(part, GREEN) > 0
    assert count(full, ORANGE) == 0 < count(part, ORANGE)
    spots = changed(part)
    assert (spots >= (50, 50)).all()
    assert (spots < (450, 130)).all()


@pytest.mark.parametrize("kind", ["check", "eye", "pause"])
def test_a_sign_stays_inside_the_ring(kind: str) -> None:
    image = dials.glyph(blank(), kind, PLACE, "good")  # type: ignore[arg-type]
    spots = changed(image)
    radius, width = dials.ring_radius(PLACE)
    assert len(spots) > 200
    assert np.linalg.norm(spots - PLACE.centre, axis=1).max() < radius - width / 2


@pytest.mark.parametrize("tone", ["step", "good", "form", "hint", "safety", "unseen", "pause"])
def test_each_kind_of_sentence_has_its_sign(tone: str) -> None:
    place = Rect(200, 200, 60, 60)
    image = dials.sentence_sign(blank(), tone, place)  # type: ignore[arg-type]
    spots = changed(image)
    assert len(spots) > 100
    assert (spots >= (195, 195)).all()
    assert (spots <= (265, 265)).all()


def test_the_muted_sign_is_in_its_corner() -> None:
    image = dials.muted_sign(blank(), Rect(10, 10, 40, 40))
    spots = changed(image)
    assert len(spots) > 100
    assert spots.max() <= 50


# -- the figure ----------------------------------------------------------------------------


def test_the_figure_raises_the_working_arm_of_the_step() -> None:
    stretch = moment().exercise
    figure = dict(figure_of(stretch, "forearm", "right").limbs)
    shoulder, elbow_, hand = figure["arm right"]
    assert elbow_[1] == pytest.approx(shoulder[1], abs=0.1)  # upper arm level
    assert elbow_[0] < shoulder[0]  # the own right, seen from the front
    assert hand[1] - elbow_[1] == pytest.approx(0.66, abs=0.05)  # forearm up: 90 degrees
    start = dict(figure_of(stretch, None, "right").limbs)["arm right"]
    assert start[-1][1] < start[0][1]


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("posture", ["all-fours", "kneeling", "lying", "sitting", "upright"])
def test_a_figure_from_the_side_faces_its_way(facing: str, posture: str) -> None:
    exercise = moment().exercise.model_copy(update={"view": (facing,), "posture": (posture,)})
    figure = figure_of(exercise, None, None)
    knees = dict(figure.limbs)["leg"][1]
    if posture in ("sitting", "all-fours"):
        ahead = figure.head[0] if posture == "all-fours" else knees[0]
        assert (ahead > 0.1) == (facing == "right")
    image = draw_figure(blank(), figure, PLACE)
    spots = changed(image)
    assert len(spots) > 500
    assert (spots >= (PLACE.x - 2, PLACE.y - 2)).all()
    assert (spots <= (PLACE.right + 2, PLACE.bottom + 2)).all()


def test_who_sits_on_the_heels_is_folded_over_them() -> None:
    targets = [{"measure": "hip_flexion_near", "at_least": 112},
               {"measure": "knee_flexion_near", "at_least": 138},
               {"measure": "shoulder_flexion_near", "at_least": 140}]  # fmt: skip
    folded = _with_start(targets, ("kneeling",))
    limbs = dict(figure_of(folded, None, None).limbs)
    hips, knees, ankle, _ = limbs["leg"]
    assert abs(hips[1] - knees[1]) < 0.4  # thighs nearly level
    assert np.hypot(*(ankle - hips)) < 0.5  # the hips on the heels
    assert limbs["arm"][-1][0] > limbs["trunk"][-1][0] + 1  # arms out in front


def test_who_lies_back_lies_on_the_back() -> None:
    lying = _with_start([{"measure": "trunk_inclination", "at_least": 62}], ("lying",))
    figure = figure_of(lying, None, None)
    knees = dict(figure.limbs)["leg"][1]
    assert figure.head[0] < -1  # facing right when upright, so the head comes to the left
    assert abs(figure.head[1]) < 0.4
    assert knees[1] > 0.3


def _with_start(targets: list[dict[str, object]], posture: tuple[str, ...]) -> Exercise:
    start = Start.model_validate({"say": "x", "targets": targets})
    step = moment().exercise.steps[0].model_copy(update={"targets": start.targets[:1]})
    changes = {"start": start, "steps": (step,), "view": ("right",), "posture": posture}
    return moment().exercise.model_copy(update=changes)


def test_a_figure_lying_seen_from_the_feet_drops_its_knees() -> None:
    lying = moment().exercise.model_copy(update={"view": ("feet",), "posture": ("lying",)})
    figure = figure_of(lying, None, None)
    assert [name for name, _ in figure.limbs].count("leg working") == 2


# -- the whole -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480), (160, 120), (90, 40)])
@pytest.mark.parametrize("phase", list(Phase))
def test_every_state_at_every_size(size: tuple[int, int], phase: Phase) -> None:
    image = draw(moment(state(phase, targets=(target(),), cue=cue())), size)
    assert image.shape == (size[1], size[0], 3)
    assert image.dtype == np.uint8


def test_the_corrected_elbow_is_marked_at_the_elbow() -> None:
    size = (1280, 720)
    bare = moment(state(cue=cue()))
    shown = moment(state(cue=cue(), targets=(target(),)))
    difference = np.argwhere((draw(bare, size) != draw(shown, size)).any(axis=2))[:, ::-1]
    at = picture(np.zeros((720, 1280, 3), np.uint8), bare, layout(size).picture)
    joint = on_window(person(), at, mirror=False)[Landmark.RIGHT_ELBOW]
    assert np.linalg.norm(difference - joint, axis=1).min() < 3
    unit = layout(size).unit
    assert np.linalg.norm(difference - joint, axis=1).max() < 55 * unit


def test_words_are_not_mirrored() -> None:
    size = (1280, 720)
    plain = draw(moment(), size)
    mirrored = draw(moment(mirror=True), size)
    band = layout(size).sentence
    rows, columns = slice(band.y, band.bottom), slice(band.x, band.right)
    assert (plain[rows, columns] == mirrored[rows, columns]).all()


def test_unseen_darkens_the_picture() -> None:
    size = (1280, 720)
    place = layout(size).picture
    part = (slice(place.y, place.bottom), slice(place.x, place.right))
    seen = draw(moment(state(Phase.READY)), size)[part].mean()
    unseen = draw(moment(state(Phase.UNSEEN)), size)[part].mean()
    assert unseen < 0.7 * seen


def test_help_shows_over_the_picture() -> None:
    size = (1280, 720)
    without, with_help = draw(moment(), size), draw(moment(), size, PracticeState(help=True))
    place = layout(size).picture
    outside = (without != with_help).any(axis=2)
    outside[place.y : place.bottom, place.x : place.right] = False
    assert not outside.any()
    assert (without != with_help).any()


def test_drawing_leaves_the_frame_as_it_was() -> None:
    given = moment(state(Phase.UNSEEN), mirror=True)
    before = given.frame.image.copy()
    draw(given, (1280, 720))
    draw(given, SIZE)
    assert (given.frame.image == before).all()


def test_the_same_moment_is_the_same_picture() -> None:
    shown = scene(moment())
    assert (paint(shown, moment(), (800, 600)) == paint(replace(shown), moment(), (800, 600))).all()


def test_the_ground_is_calm() -> None:
    assert tuple(draw(moment(), (1280, 720))[0, 0]) == GROUND


def test_the_palette_differs_in_lightness_where_hues_may_look_alike() -> None:
    """Rec. 709 luma: the three kinds of match can be told apart in grey."""
    lumas = sorted(
        float(np.dot(colour, (0.0722, 0.7152, 0.2126))) for colour in (GREEN, ORANGE, YELLOW, TEXT)
    )
    assert min(np.diff(lumas)) > 8
