"""The browser's voice: the script and the desk of the machine's own, the page only speaks."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from posecoach.voice.script import Rank, Utterance
from posecoach.web.link import Link
from posecoach.web.speech import PATIENCE_S, PageVoice


class Page:
    """A page that hears, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.link = Link()
        self.ready = asyncio.run(self._attached())
        self.voice = PageVoice(self.link, clock=lambda: self.now)

    async def _attached(self) -> asyncio.Event:
        return self.link.attach()

    def offer(self, text: str, rank: Rank, waits_s: float = 5.0) -> None:
        """As the script does with a moment."""
        self.voice._desk.offer(Utterance(text, rank, waits_s), self.now)
        self.voice._turn()

    def heard(self) -> list[dict[str, Any]]:
        messages = self.link.take(self.ready)
        assert messages is not None
        return [json.loads(each) for each in messages]


def test_one_sentence_at_a_time() -> None:
    page = Page()
    page.offer("Lean to your left", Rank.STEP)
    page.offer("Straighten your elbows.", Rank.CUE)
    (first,) = page.heard()
    assert (first["kind"], first["words"]) == ("say", "Lean to your left")
    page.voice.spoken(first["number"] + 7)  # of no sentence that runs
    assert page.heard() == []
    page.voice.spoken(first["number"])
    (second,) = page.heard()
    assert second["words"] == "Straighten your elbows."


def test_safety_cuts_what_is_being_said() -> None:
    page = Page()
    page.offer("Lean to your left", Rank.STEP)
    page.offer("Stop where it hurts.", Rank.SAFETY)
    assert [each["kind"] for each in page.heard()] == ["say", "cut", "say"]


def test_a_browser_that_forgets_to_tell_is_not_waited_for() -> None:
    page = Page()
    page.offer("Hold", Rank.STEP)
    page.now += PATIENCE_S + 1
    page.offer("three", Rank.COUNT)
    assert [each["words"] for each in page.heard()] == ["Hold", "three"]


def test_signs_are_spoken_as_words() -> None:
    page = Page()
    page.offer("Bend to 90° – slowly", Rank.STEP)
    assert page.heard()[0]["words"] == "Bend to 90 degrees, slowly"


def test_muting_cuts_and_nothing_is_said() -> None:
    page = Page()
    page.offer("Lean to your left", Rank.STEP)
    page.voice.muted = True
    page.offer("Straighten your elbows.", Rank.CUE)
    assert [each["kind"] for each in page.heard()] == ["say", "cut"]


def test_without_a_page_nothing_is_kept_to_be_said_later() -> None:
    page = Page()
    page.link.detach(page.ready)
    page.offer("Lean to your left", Rank.STEP)
    page.ready = asyncio.run(page._attached())
    assert page.heard() == []
