"""The figure as a picture that moves by itself."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from posecoach.exercise.library import standard_library
from posecoach.figure.moving import moving
from posecoach.figure.svg import Ink, moving_svg

INK = Ink("#fff", "#0af", "#222", "#222")


@pytest.mark.parametrize("id_", standard_library().ids())
def test_each_limb_goes_through_the_whole_movement(id_: str) -> None:
    exercise = standard_library().find(id_)
    tree = ElementTree.fromstring(moving_svg(moving(exercise), exercise.name, (480, 360), INK))
    moved = tree.findall(".//animate")
    assert moved
    for each in moved:
        times = [float(time) for time in each.attrib["keyTimes"].split(";")]
        values = each.attrib["values"].split(";")
        assert len(times) == len(values)
        assert times == sorted(times)
        assert (times[0], times[-1]) == (0, 1)
        assert values[0] == values[-1]  # it goes on where it began


@pytest.mark.parametrize("id_", standard_library().ids())
def test_nothing_leaves_the_picture(id_: str) -> None:
    exercise = standard_library().find(id_)
    tree = ElementTree.fromstring(moving_svg(moving(exercise), exercise.name, (480, 360), INK))
    for each in tree.findall(".//animate[@attributeName='points']"):
        for value in each.attrib["values"].split(";"):
            for point in value.split():
                x, y = (float(part) for part in point.split(","))
                assert -1 <= x <= 481
                assert -1 <= y <= 361


def test_a_name_is_no_markup() -> None:
    exercise = standard_library().find("cat-cow")
    tree = ElementTree.fromstring(moving_svg(moving(exercise), "<b> & co", (48, 36), INK))
    title = tree.find("title")
    assert title is not None
    assert title.text == "<b> & co"
