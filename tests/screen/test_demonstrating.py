"""The figure that does a stretch, and when its moving picture is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecoach.cli import main
from posecoach.exercise.definition import Exercise
from posecoach.exercise.films import film_of
from posecoach.exercise.library import load, standard_library
from posecoach.figure.body import Figure
from posecoach.figure.moving import moving
from posecoach.screen.demonstrating import Demonstrations, figure_picture, helpful
from posecoach.session.practice_state import PracticeState, SetupState
from tests.helpers.places import DEFINITIONS

ALL = [standard_library().find(id_) for id_ in standard_library().ids()]
OWN = [load(path) for path in sorted(DEFINITIONS.glob("*.yaml"))]


def _limb(figure: Figure, name: str) -> np.ndarray:
    return dict(figure.limbs)[name]


def _bones(figure: Figure) -> dict[str, np.ndarray]:
    return {
        name: np.hypot(*np.diff(points, axis=0).T)
        for name, points in figure.limbs
        if name.startswith(("arm", "leg"))
    }


@pytest.mark.parametrize("exercise", [*ALL, *OWN], ids=lambda each: each.id)
def test_every_stretch_has_a_figure_that_comes_back_to_where_it_began(exercise: Exercise) -> None:
    movement = moving(exercise)
    first, last = movement.keys[0].figure, movement.keys[-1].figure
    for (_, before), (_, after) in zip(first.limbs, last.limbs, strict=True):
        assert before == pytest.approx(after, abs=0.3)
    assert movement.seconds > 2


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.id)
def test_bones_keep_their_lengths_on_the_way(exercise: Exercise) -> None:
    """Between positions that have the same bones: from the front a turned shoulder is narrower."""
    movement = moving(exercise)
    for before, after in zip(movement.keys, movement.keys[1:], strict=False):
        one, two = _bones(before.figure), _bones(after.figure)
        on_its_way, _ = movement.at((before.leave_s + after.arrive_s) / 2)
        for name, lengths in _bones(on_its_way).items():
            if name in one and name in two:
                assert lengths == pytest.approx((one[name] + two[name]) / 2, abs=0.02)


def test_it_goes_where_the_definition_says() -> None:
    """Of two definitions that differ in a number the figures do."""
    lean = standard_library().find("overhead-reach")
    step = lean.steps[0]
    far = step.targets[0].model_copy(update={"at_least": 45.0})
    farther = lean.model_copy(
        update={"steps": (step.model_copy(update={"targets": (far, *step.targets[1:])}),)}
    )
    tops = []
    for each in (lean, farther):
        heads = [abs(key.figure.head[0]) for key in moving(each).keys]
        tops.append(max(heads))
    assert tops[1] > tops[0] + 0.3


def test_both_sides_are_shown() -> None:
    heads = [key.figure.head[0] for key in moving(standard_library().find("overhead-reach")).keys]
    assert min(heads) < -0.1
    assert max(heads) > 0.1


def test_one_leg_goes_and_the_other_stays() -> None:
    movement = moving(standard_library().find("knee-to-chest-single"))
    start, hug = movement.keys[0].figure, movement.keys[1].figure
    moved = {
        side: float(np.abs(_limb(hug, f"leg {side}")[1] - _limb(start, f"leg {side}")[1]).max())
        for side in ("left", "right")
    }
    assert moved["left"] > 0.5 > moved["right"]


def test_a_circle_goes_up_and_down_twice() -> None:
    movement = moving(standard_library().find("shoulder-roll"))
    heights = [_limb(movement.at(t)[0], "arm left")[0, 1] for t in np.arange(0, 6, 0.1)]
    high = np.array(heights) > (min(heights) + max(heights)) / 2
    assert np.count_nonzero(np.diff(high.astype(int)) == 1) >= 2


def test_the_picture_moves_and_says_what_is_done() -> None:
    exercise = standard_library().find("wall-stretch")
    movement = moving(exercise)
    turned = movement.keys[2].arrive_s + 0.1
    one, two = (figure_picture(exercise, t, (320, 240), words=True) for t in (0.1, turned))
    assert one.shape == (240, 320, 3)
    assert (one != two).any()
    assert movement.at(turned)[
        1
    ] == "Step forward with your left foot and turn your chest away " + ("from the wall.")


def test_a_built_in_stretch_has_its_film_and_a_changed_one_its_figure() -> None:
    exercise = standard_library().find("cat-cow")
    changed = exercise.model_copy(update={"repetitions": 3})
    assert film_of(exercise) is not None
    assert film_of(changed) is None
    shown = Demonstrations()
    film = [shown.picture(exercise, time_s, (320, 240)) for time_s in (0.0, 3.0)]
    assert all(each.shape == (240, 320, 3) for each in film)
    assert (film[0] != film[1]).any()
    assert (
        shown.picture(changed, 0.0, (320, 240)) == figure_picture(changed, 0.0, (320, 240))
    ).all()


def test_a_film_goes_on_from_its_beginning() -> None:
    exercise = standard_library().find("cat-cow")
    shown = Demonstrations()
    first = shown.picture(exercise, 0.0, (64, 48))
    for time_s in np.arange(0.5, 40, 0.5):
        assert shown.picture(exercise, float(time_s), (64, 48)).shape == first.shape


def test_the_set_up_shows_its_own_stretch_and_a_rest_the_next() -> None:
    order = ALL[:3]
    rest = PracticeState(rest_s=(5, 20), next="something")
    assert helpful(order[0], PracticeState(setup=SetupState("")), order) is order[0]
    assert helpful(order[0], rest, order) is order[1]
    assert helpful(order[2], rest, order) is None
    assert helpful(order[0], PracticeState(), order) is None
    assert helpful(order[0], PracticeState(setup=SetupState("")), ()) is None  # still to be learnt


def test_it_is_written_into_a_video(tmp_path: Path) -> None:
    import cv2

    path = tmp_path / "cat.mp4"
    with pytest.raises(SystemExit) as leave:
        main(["exercises", "show", "knee-to-chest", "--output", str(path)])
    assert not leave.value.code
    film = cv2.VideoCapture(str(path))
    seconds = film.get(cv2.CAP_PROP_FRAME_COUNT) / film.get(cv2.CAP_PROP_FPS)
    assert seconds == pytest.approx(
        moving(standard_library().find("knee-to-chest")).seconds, abs=0.2
    )


def test_the_figure_alone_is_written_for_a_page(tmp_path: Path) -> None:
    path = tmp_path / "lean.svg"
    with pytest.raises(SystemExit) as leave:
        main(["exercises", "show", "overhead-reach", "--output", str(path)])
    assert not leave.value.code
    written = path.read_text(encoding="utf-8")
    assert written.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "<animate" in written


@pytest.mark.parametrize(
    "way_out", ["; run with --no-window", "; check it or run with --no-window"]
)
def test_without_a_display_it_says_what_to_do(
    way_out: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = f"there is no display{way_out}"
    monkeypatch.setattr("posecoach.screen.window.display_problem", lambda: problem)
    with pytest.raises(SystemExit) as leave:
        main(["exercises", "show", "cat-cow", "--play"])
    assert leave.value.code == 2
    said = capsys.readouterr().err
    assert "--output" in said
    assert "--no-window" not in said  # which it has not
