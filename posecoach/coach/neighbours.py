"""Circles one after the other are of one making: each is judged with those next to it.

One circle may be misread, in its height or its shape, by a reading that jumps or by too few of
them in a fast one. Of three in a row the middle value is right where one of them is not, and who
changes what they do after two or more is followed at once: a median keeps edges.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from statistics import median

from posecoach.coach.loops import FOLLOWS, Loop

THREE = 3
"""Loops next to each other that are looked at together: one of them may be misread."""


class Neighbours:
    """Holds a loop back as long as those next to it may say something else of it.

    Args:
        size: the least rise of a circle, degrees. What rises less on the whole is no circle that
            was misread (shoulders that settle, somebody who breathes) and is judged by itself.
        verdict: what is to be told from a loop. Where it is the same of all next to each other,
            nothing is held back.
    """

    def __init__(self, size: float, verdict: Callable[[Loop], Hashable]) -> None:
        self._size = size
        self._verdict = verdict
        self._loops: list[Loop] = []
        self._judged = 0

    def add(self, loop: Loop) -> list[Loop]:
        """Take in the next; return those, in order, that are known now as they are judged."""
        known: list[Loop] = []
        small = (loop.height_left + loop.height_right) / 2 < self._size
        if small or (self._loops and not _follows(self._loops[-1], loop)):
            known = self.over()
        if small:
            return [*known, loop]
        self._loops.append(loop)
        known += self._known(over=False)
        spare = min(self._judged, len(self._loops)) - (THREE - 1)
        if spare > 0:
            del self._loops[:spare]
            self._judged -= spare
        return known

    @property
    def waiting(self) -> bool:
        """Whether some are held back."""
        return self._judged < len(self._loops)

    def late(self, time_s: float) -> bool:
        """Whether what begins now would not follow the last of them any more."""
        last = self._loops[-1]
        return time_s - last.end_s > FOLLOWS * (last.end_s - last.start_s)

    def over(self) -> list[Loop]:
        """No more of them: return those that were held back."""
        known = self._known(over=True)
        self._loops, self._judged = [], 0
        return known

    def _known(self, *, over: bool) -> list[Loop]:
        known = []
        while self._judged < len(self._loops):
            count, index = len(self._loops), self._judged
            first = min(max(index - 1, 0), max(count - THREE, 0))
            near = self._loops[first : first + THREE]
            complete = over or (count >= THREE and index + 1 < count)
            if not (complete or (len(near) > 1 and len({*map(self._verdict, near)}) == 1)):
                break
            known.append(_typical(self._loops[index], near))
            self._judged += 1
        return known


def _follows(before: Loop, loop: Loop) -> bool:
    return loop.start_s - before.end_s <= FOLLOWS * (loop.end_s - loop.start_s)


def _typical(loop: Loop, near: Sequence[Loop]) -> Loop:
    """A loop with the middle height and shape of those next to it; the times are its own."""
    round_way = median(each.shape * (1 if each.direction == "forward" else -1) for each in near)
    return replace(
        loop,
        height_left=median(each.height_left for each in near),
        height_right=median(each.height_right for each in near),
        shape=abs(round_way),
        direction="forward" if round_way > 0 else "backward",
    )
