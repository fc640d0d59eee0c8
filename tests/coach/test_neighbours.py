"""One circle may be misread: those next to it tell what it was."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.loops import Loop
from posecoach.coach.neighbours import Neighbours

SIZE = 8.0


def _loop(
    index: int, shape: float = 1.0, left: float = 20.0, right: float = 20.0, apart_s: float = 2.0
) -> Loop:
    """The next of circles that take two seconds each; a negative shape goes backward."""
    start_s = apart_s * index
    direction = "forward" if shape > 0 else "backward"
    return Loop(start_s, start_s + 1.5, left, right, abs(shape), direction)


def _counts(loop: Loop) -> bool:
    return loop.shape >= 0.2 and min(loop.height_left, loop.height_right) >= SIZE


def _verdict(loop: Loop) -> tuple[bool, str]:
    return _counts(loop), loop.direction if _counts(loop) else ""


def _judged(loops: Sequence[Loop]) -> list[Loop]:
    neighbours = Neighbours(SIZE, _verdict)
    known = [each for loop in loops for each in neighbours.add(loop)]
    return known + neighbours.over()


def test_a_circle_that_is_misread_is_what_those_next_to_it_are() -> None:
    flat = [_loop(index, shape) for index, shape in enumerate((0.8, 0.9, 0.1, 0.8))]
    low = [_loop(index, right=right) for index, right in enumerate((7.0, 12.0, 13.0, 12.0))]
    assert all(map(_counts, _judged(flat)))
    assert all(map(_counts, _judged(low)))


def test_shrugs_that_tremble_to_either_side_are_no_circles() -> None:
    """Straight up and down encloses a little, now this way round and now the other."""
    shrugs = [_loop(index, shape) for index, shape in enumerate((0.25, -0.05, -0.22, 0.16))]
    assert not any(map(_counts, _judged(shrugs)))


def test_who_changes_what_they_do_is_followed_at_once() -> None:
    path = [_loop(index, shape) for index, shape in enumerate((0.0, 0.0, 0.9, 0.9, -0.9, -0.9))]
    judged = _judged(path)
    assert [_counts(each) for each in judged] == [False, False, True, True, True, True]
    assert [each.direction for each in judged[2:]] == ["forward"] * 2 + ["backward"] * 2


def test_nothing_is_held_back_where_all_say_the_same() -> None:
    neighbours = Neighbours(SIZE, _verdict)
    told = [len(neighbours.add(_loop(index))) for index in range(4)]
    assert told == [0, 2, 1, 1]


def test_what_is_in_doubt_waits_for_the_next_and_no_longer() -> None:
    neighbours = Neighbours(SIZE, _verdict)
    shapes = (0.8, 0.8, 0.1, 0.8, 0.8)
    assert [len(neighbours.add(_loop(i, shape))) for i, shape in enumerate(shapes)] == [
        *(0, 2, 0, 1, 1)
    ]
    assert neighbours.waiting
    assert neighbours.late(_loop(5, apart_s=3.0).start_s)


def test_what_rises_too_little_is_judged_by_itself() -> None:
    """Readings that settle before the first circle are none, whatever follows."""
    settling = _loop(0, left=3.0, right=6.0)
    judged = _judged([settling, *(_loop(index) for index in range(1, 4))])
    assert judged[0] == settling
    assert all(map(_counts, judged[1:]))


def test_after_a_pause_nothing_is_told_from_what_was_before() -> None:
    before = [_loop(0), _loop(1)]
    after = [_loop(5, shape=0.0), _loop(6, shape=0.0)]
    assert [_counts(each) for each in _judged([*before, *after])] == [True, True, False, False]


@given(st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(1, 30), st.floats(1.6, 4)), max_size=9))
def test_every_loop_comes_out_once_and_in_order(
    path: list[tuple[float, float, float]],
) -> None:
    loops = [_loop(i, shape, right=high, apart_s=apart) for i, (shape, high, apart) in
             enumerate(path)]  # fmt: skip
    assert [each.start_s for each in _judged(loops)] == [each.start_s for each in loops]
