"""No word is ever cut off, and no two overlap, whatever the window and the text."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posecoach import screen
from posecoach.coach.state import Phase
from posecoach.data import data_dir
from posecoach.screen.dials import dots_words, ring_words
from posecoach.screen.layout import Rect, fitted, layout
from posecoach.screen.paint import words
from posecoach.screen.scene import Dots, Ring, scene
from posecoach.screen.text import Image, block, draw_block
from posecoach.session.practice_state import PracticeState, SetupState
from tests.helpers.moments import cue, moment, state

SIZES = [(1280, 720), (1920, 1080), (720, 1280), (640, 480)]
sizes = st.one_of(st.sampled_from(SIZES), st.tuples(st.integers(160, 2560), st.integers(120, 1600)))
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.text("abcdefghijÄgjpqy,.'°", min_size=1, max_size=14), max_size=40).map(" ".join),
)


@given(sizes)
@example((160, 120))
@example((3000, 130))
@example((130, 3000))
def test_places_stay_in_the_window_and_apart(size: tuple[int, int]) -> None:
    found = layout(size)
    window = Rect(0, 0, *found.size)
    assert all(window.holds(place) and place.w > 0 and place.h > 0 for place in found.places)
    assert not [pair for pair in combinations(found.places, 2) if pair[0].meets(pair[1])]


@settings(max_examples=60, deadline=None)
@given(texts, st.integers(20, 500), st.integers(12, 300), st.integers(6, 120))
@example("Ågjpq ÄÖÜ", 200, 40, 40)
@example("unbrokenwordthatisfartoolongforthebox", 40, 20, 30)
def test_ink_stays_in_the_box_that_was_measured(text: str, w: int, h: int, size: int) -> None:
    place = Rect(60, 60, w, h)
    laid = block(text, place, size, weight=700)
    assert place.holds(laid.rect) or not laid.lines
    image = np.zeros((h + 120, w + 120, 3), np.uint8)
    draw_block(image, laid)
    ys, xs = np.nonzero(image.max(axis=2) > 64)
    if len(xs) and text.isascii():  # scripts of other fonts may overhang a little
        assert laid.rect.x - 2 <= xs.min()
        assert xs.max() <= laid.rect.right + 2
        assert laid.rect.y - 2 <= ys.min()
        assert ys.max() <= laid.rect.bottom + 2


def own_letters() -> list[str]:
    """Whatever our own texts hold beyond ASCII: the screen's, and those of the definitions."""
    texts = [path.read_text("utf-8") for path in data_dir("exercises").rglob("*.yaml")]
    texts += [path.read_text("utf-8") for path in Path(screen.__file__).parent.glob("*.py")]
    return sorted({letter for text in texts for letter in text if not letter.isascii()})


@pytest.mark.parametrize("letter", own_letters())
def test_no_letter_of_ours_is_a_question_mark(letter: str) -> None:
    def drawn(text: str) -> Image:
        laid = block(text, Rect(10, 10, 100, 60), 40, colour=(255, 255, 255))
        return draw_block(np.zeros((80, 120, 3), np.uint8), laid)

    assert (drawn(letter) != drawn("?")).any()
    assert drawn(letter).any()


def test_short_text_has_the_size_asked_for_and_long_text_is_smaller_but_whole() -> None:
    place = Rect(0, 0, 600, 100)
    assert block("Bend", place, 40).size == 40
    sentence = "Bend your right elbow and put the forearm on the wall beside you"
    laid = block(sentence, place, 80)
    assert laid.size < 80
    assert " ".join(laid.lines) == sentence


def test_what_cannot_fit_is_shortened_and_shows_it() -> None:
    laid = block("word " * 400, Rect(0, 0, 120, 30), 30)
    assert laid.lines[-1].endswith("…")


def test_lines_are_even_so_that_no_word_stands_alone() -> None:
    laid = block("Bend your elbow more, towards a right angle", Rect(0, 0, 640, 200), 40)
    assert len(laid.lines) == 2
    assert min(map(len, laid.lines)) > 0.6 * max(map(len, laid.lines))


@settings(max_examples=80, deadline=None)
@given(
    sizes,
    texts,
    texts,
    st.sampled_from(list(Phase)),
    st.sampled_from(["plain", "paused", "help", "setup", "rest", "muted"]),
    st.integers(0, 30),
)
def test_no_two_texts_overlap(
    size: tuple[int, int], say: str, told: str, phase: Phase, practice: str, wanted: int
) -> None:
    given_state = state(
        phase,
        say=say,
        unseen=told,
        cue=cue(told or "x"),
        held_s=2.5,
        prescribed={"left": wanted, "right": 3},
    )
    surroundings = {
        "plain": PracticeState(next=told),
        "paused": PracticeState(paused=told or "Paused"),
        "help": PracticeState(help=True, muted=True),
        "setup": PracticeState(setup=SetupState(told)),
        "rest": PracticeState(rest_s=(2.0, 20.0), next=say),
        "muted": PracticeState(muted=True),
    }[practice]
    shown = replace(scene(moment(given_state), surroundings), title=told, over=say)
    places = layout(size)
    blocks = words(shown, places)
    window = Rect(0, 0, *places.size)
    assert all(window.holds(laid.rect) for laid in blocks)
    for one, other in combinations(blocks, 2):
        assert not one.rect.meets(other.rect), (one, other)


@pytest.mark.parametrize("size", SIZES)
def test_the_sentence_is_large(size: tuple[int, int]) -> None:
    """At least 3.5 % of the window's shorter side: about what can be read at three metres."""
    shown = scene(moment(state(say="Bend your right elbow and put the forearm on the wall")))
    sentence = next(laid for laid in words(shown, layout(size)) if "Bend" in laid.lines[0])
    assert sentence.size >= 0.035 * min(size)


def test_the_rings_number_and_word_are_inside_it() -> None:
    place = Rect(10, 20, 300, 280)
    for laid in ring_words(Ring(0.5, "28", "seconds", last=True), place):
        assert place.holds(laid.rect)


def test_many_repetitions_are_a_number() -> None:
    rows = (Dots("both", 7, 0, 30, True),)
    assert dots_words(rows, Rect(0, 0, 300, 80), 7)[0].lines == ("7 of 30",)


def test_a_picture_keeps_its_aspect() -> None:
    assert fitted((640, 480), Rect(10, 0, 1000, 480)) == Rect(190, 0, 640, 480)
