"""Every angle in the figure of a moment stands at its own joint, and on nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from posecoach.pose.landmarks import Landmark
from posecoach.report.beside import Board
from posecoach.report.drawing import Text, line, text_width
from posecoach.report.facts import Picture
from posecoach.report.skeleton import skeleton

STANDING = {
    "NOSE": (100, 40),
    "SHOULDER": (20, 80),
    "ELBOW": (22, 125),
    "WRIST": (24, 165),
    "HIP": (13, 180),
    "KNEE": (13, 260),
    "ANKLE": (13, 340),
}
"""A narrow body, so that what is beside one shoulder is at the other; x from its middle."""


def _picture(joints: tuple[tuple[Landmark, str, bool], ...], **moved: tuple[int, int]) -> Picture:
    points = np.full((33, 2), np.nan)
    for name, (x, y) in STANDING.items():
        if name == "NOSE":
            points[Landmark.NOSE] = (x, y)
            continue
        points[Landmark[f"LEFT_{name}"]] = (100 + x, y)
        points[Landmark[f"RIGHT_{name}"]] = (100 - x, y)
    for name, place in moved.items():
        points[Landmark[name]] = place
    return Picture("best", 1.0, points, np.ones(33), joints, "")


def test_the_angle_of_a_shoulder_does_not_stand_at_the_other_one() -> None:
    """The wall stretch: one upper arm level, its forearm up; the other arm hangs."""
    shoulder, elbow = Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW
    drawing = skeleton(
        _picture(
            ((elbow, "91°", True), (shoulder, "89°", True)),
            LEFT_ELBOW=(165, 80),
            LEFT_WRIST=(165, 35),
        ),
        "x",
    )
    written = {mark.text: mark for mark in drawing.marks if isinstance(mark, Text)}
    ends = [mark.points for mark in drawing.marks if getattr(mark, "role", "") == "right-bone"]
    left = [mark.points for mark in drawing.marks if getattr(mark, "role", "") == "left-bone"]
    own = np.array(left[0][0])  # the upper arm begins at the shoulder
    other = np.array(ends[0][0])
    at = np.array((written["89°"].x, written["89°"].y - 4))
    assert np.linalg.norm(at - own) < np.linalg.norm(at - other)
    assert np.linalg.norm(at - own) < np.linalg.norm(at - np.array(left[0][1]))
    apart = abs(written["89°"].x - written["91°"].x)
    above = abs(written["89°"].y - written["91°"].y)
    assert apart > text_width("89°", 13) - 4 or above > 13


@given(st.lists(st.tuples(st.floats(40, 200), st.floats(40, 200)), min_size=2, max_size=4))
def test_figures_stay_on_the_drawing(joints: list[tuple[float, float]]) -> None:
    points = np.array(joints)
    board = Board(240, 240, points, [])
    for place in board.places([(point, "123°") for point in points]):
        assert (place > 0).all()
        assert (place < 240).all()


def test_figures_keep_clear_of_limbs_where_there_is_room() -> None:
    joint = np.array((120.0, 120.0))
    limbs = [line("bone", (120, 120), (220, 120)), line("bone", (120, 120), (120, 20))]
    (place,) = Board(240, 240, joint[None], limbs).places([(joint, "90°")])
    assert place[0] < 120 or place[1] > 120
    assert Board(240, 240, joint[None], limbs).has_room(place, "90°")
    assert not Board(240, 240, joint[None], limbs).has_room(np.array((170.0, 120.0)), "90°")
