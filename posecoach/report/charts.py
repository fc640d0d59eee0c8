"""The charts of a session's report, as drawings with words.

They are drawn 400 units wide, so that on a phone their text is still read; on a wide screen
two stand side by side.
"""

from __future__ import annotations

from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from posecoach.report import wording
from posecoach.report.drawing import (
    Circle,
    Drawing,
    Mark,
    Path,
    Rect,
    Text,
    line,
    lozenge,
    shortened,
    side_mark,
    text_width,
    triangle,
)
from posecoach.report.scale import Scale, thinned, ticks, time_ticks
from posecoach.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.report.facts import (
        AttemptFacts,
        EarlierResult,
        ExerciseFacts,
        FaultFacts,
        Hold,
        Reach,
        Track,
    )

WIDTH = 400.0
"""Units of a drawing; pages stretch it to their own width."""
LEFT, RIGHT = 38.0, 8.0
HALF_A_LETTER = 3.0
"""Units: half of what a letter of the ticks takes in the mean of digits and colons, rounded up."""
COLUMNS = 360
"""Slices of time a line is thinned to: about one to a unit of width."""


def _bounds(track: Track) -> tuple[float, float]:
    """The lowest and the highest angle to show: what was measured, and what was wanted."""
    known = track.values[np.isfinite(track.values)]
    edges = [edge for band in track.bands for edge in (band.low, band.high) if isfinite(edge)]
    low = min([float(known.min()), *edges, 0.0])
    high = max([float(known.max()), *edges, 10.0])
    pad = 0.06 * (high - low)
    return low - (pad if low < 0 else 0), high + pad


def _degree_axis(y: Scale, unit: str, right: float) -> list[Mark]:
    marks: list[Mark] = []
    for tick in ticks(y.low, y.high, 4):
        role = "zero" if tick == 0 else "axis"
        marks.append(line(role, (LEFT, y(tick)), (right, y(tick))))
        marks.append(Text("tick", LEFT - 4, y(tick) + 3.5, wording.degrees(tick, unit), "end", 10))
    return marks


def _curve(role: str, track: Track, x: Scale, y: Scale, rows: slice | None = None) -> list[Mark]:
    rows = rows or slice(None)
    marks: list[Mark] = []
    for times, values in thinned(track.times[rows], track.values[rows], COLUMNS):
        points = [(x(float(t)), y(float(v))) for t, v in zip(times, values, strict=True)]
        marks.append(Path(role, tuple(points if len(points) > 1 else points * 2)))
    return marks


def track_role(track: Track) -> str:
    """Left, right or neither."""
    for side in ("left", "right"):
        if track.name.endswith(f"_{side}"):
            return f"{side}-line"
    return "both-line"


def over_time(
    track: Track, duration_s: float, holds: Sequence[Hold], faults: Sequence[FaultFacts]
) -> Drawing:
    """One angle over the whole exercise, with its band; holds and faults below."""
    height, bottom = 176.0, 128.0
    low, high = _bounds(track)
    x = Scale(0.0, max(duration_s, 1.0), LEFT, WIDTH - RIGHT)
    y = Scale(low, high, bottom, 10.0)
    marks: list[Mark] = []
    for band in track.bands:
        top, base = y(min(band.high, high)), y(max(band.low, low))
        marks += [
            Rect("band", x(start), top, max(x(end) - x(start), 1.5), base - top)
            for start, end in band.spans
        ]
    marks += _degree_axis(y, track.unit, WIDTH - RIGHT)
    edges = {e for band in track.bands for e in (band.low, band.high) if isfinite(e)}
    marks += [line("limit", (LEFT, y(e)), (WIDTH - RIGHT, y(e))) for e in sorted(edges)]
    marks += _curve(track_role(track), track, x, y)
    sides = {band.side for band in track.bands} | {"both"}
    if len(track.bands) and "both" not in {band.side for band in track.bands}:
        holds = [hold for hold in holds if hold.side in sides]
        faults = [fault for fault in faults if fault.side in sides]
    marks += _below(x, bottom + 4, holds, faults)
    for tick in time_ticks(duration_s):
        words = wording.clock(tick)
        # A moment at the very end is written so that all of it is on the drawing.
        middle = min(x(tick), WIDTH - HALF_A_LETTER * len(words))
        marks.append(Text("tick", middle, height - 3, words, "middle", 10))
    return Drawing(WIDTH, height, f"{track.title} over time", _told(track), tuple(marks))


def _below(
    x: Scale, bottom: float, holds: Sequence[Hold], faults: Sequence[FaultFacts]
) -> list[Mark]:
    """A row of holds (filled: completed) and a row of faults."""
    marks: list[Mark] = []
    for hold in holds:
        role = "held" if hold.completed else "out"
        width = max(x(hold.end_s) - x(hold.start_s), 2.0)
        marks.append(Rect(role, x(hold.start_s), bottom + 5, width, 6))
    for fault in faults:
        marks.append(
            line("fault-line", (x(fault.start_s), bottom + 19), (x(fault.end_s), bottom + 19))
        )
        marks.append(triangle("fault", x(fault.start_s) + 3, bottom + 19))
    if holds:
        marks.append(Text("tick", LEFT - 4, bottom + 12, "hold", "end", 9))
    if faults:
        marks.append(Text("tick", LEFT - 4, bottom + 23, "fault", "end", 9))
    return marks


def _told(track: Track) -> str:
    known = track.values[np.isfinite(track.values)]
    text = (
        f"{wording.sentence(track.title)} It moved between "
        f"{wording.degrees(float(known.min()), track.unit)} and "
        f"{wording.degrees(float(known.max()), track.unit)}, each ± "
        f"{wording.degrees(track.error, track.unit)}."
    )
    for band in dict.fromkeys((b.side, b.step, b.low, b.high) for b in track.bands):
        side, step, low, high = band
        where = f" ({side})" if side != "both" else ""
        text += f" Wanted in {step}{where}: {wording.wanted(low, high, track.unit)}."
    return text


REP_WIDTH, REP_HEIGHT = 150.0, 112.0
"""Of one small drawing, of which several stand beside each other."""


def repetition(track: Track, attempt: AttemptFacts, exercise: ExerciseFacts) -> Drawing:
    """One attempt, small: the movement's angle from the way out to the way back."""
    top, bottom, left, right = 24.0, REP_HEIGHT - 16, 30.0, REP_WIDTH - 6
    low, high = _bounds(track)
    longest = max((each.end_s - each.start_s for each in exercise.attempts), default=1.0)
    x = Scale(attempt.start_s, attempt.start_s + longest, left, right)
    y = Scale(low, high, bottom, top)
    marks: list[Mark] = []
    for band in track.bands:
        for start, end in band.spans:
            start, end = max(start, attempt.start_s), min(end, attempt.end_s)
            if end > start:
                up, base = y(min(band.high, high)), y(max(band.low, low))
                marks.append(Rect("band", x(start), up, x(end) - x(start), base - up))
    marks.append(line("zero", (left, y(0)), (right, y(0))))
    marks += [
        Text("tick", left - 3, y(tick) + 3, wording.degrees(tick, track.unit), "end", 8.5)
        for tick in ticks(low, high, 2)
    ]
    rows = slice(*np.searchsorted(track.times, (attempt.start_s, attempt.end_s + 1e-6)))
    role = f"{attempt.side}-line" if attempt.side in ("left", "right") else "both-line"
    marks += _curve(role, track, x, y, rows)
    marks.append(side_mark(attempt.side, 7, 10, 4))
    # A circle has a direction in place of a side.
    way = "" if attempt.side == "both" else f"{wording.plain(attempt.side)} "
    name = f"{way}{attempt.number}"
    marks.append(Text("strong", 15, 14, name.capitalize(), size=10.5))
    verdict, role = ("counts", "good-text") if attempt.counted else ("not counted", "tick")
    marks.append(Text(role, right, 14, verdict, "end", 9.5))
    if attempt.faults:
        marks.append(triangle("fault", right - 4, bottom - 6, 4))
    marks.append(Text("tick", left, REP_HEIGHT - 4, f"at {wording.clock(attempt.start_s)}", size=9))
    lasted = wording.seconds(attempt.end_s - attempt.start_s)
    marks.append(Text("tick", right, REP_HEIGHT - 4, lasted, "end", 9))
    title = f"{way}attempt {attempt.number}".capitalize()
    return Drawing(REP_WIDTH, REP_HEIGHT, title, attempt_words(attempt), tuple(marks))


def attempt_words(attempt: AttemptFacts) -> str:
    """One attempt in a sentence or two."""
    said = (
        "It counts." if attempt.counted else f"It does not count: {attempt.reason or 'see faults'}."
    )
    far = [f"{title} {wording.degrees(value)}" for title, value in attempt.reached.items()]
    said += f" Reached: {wording.listed(far)}." if far else ""
    said += f" Faults: {wording.listed(list(attempt.faults))}." if attempt.faults else ""
    return f"{said} Accuracy {percent(attempt.accuracy)}."


def reach_chart(found: Sequence[Reach]) -> Drawing:
    """How far each movement went, with its error, beside what was asked and what is usual."""
    row, top = 46.0, 8.0
    height = top + row * len(found) + 24
    most = max(
        max(r.best + r.error, r.asked or 0, r.own or 0, r.textbook or 0, *(r.usual or ()))
        for r in found
    )
    x = Scale(0.0, most * 1.06, 12.0, WIDTH - 14)
    marks: list[Mark] = []
    unit = found[0].unit
    for tick in ticks(0, most, 6):
        marks.append(line("axis", (x(tick), top), (x(tick), height - 20)))
        marks.append(Text("tick", x(tick), height - 7, wording.degrees(tick, unit), "middle", 10))
    said = []
    for index, reach in enumerate(found):
        y = top + row * index + 30
        title = reach.title[0].upper() + reach.title[1:]
        marks.append(Text("strong", 12, y - 15, title, size=11.5))
        figures = wording.unsure(reach.best, reach.error, reach.unit)
        marks.append(Text("label", WIDTH - 14, y - 15, figures, "end", 11.5))
        marks.append(line("axis", (x(0), y), (WIDTH - 14, y)))
        if reach.asked is not None:
            at = x(reach.asked)
            marks.append(line("limit", (at, y - 10), (at, y + 10)))
        for usual in sorted(set(reach.usual or ())):
            marks.append(line("textbook", (x(usual), y - 10), (x(usual), y + 10)))
        if reach.own is not None:
            marks.append(lozenge("own", x(reach.own), y, 5.5))
        role = reach.side
        low, high = x(reach.best - reach.error), x(reach.best + reach.error)
        marks += [
            line(f"{role}-line", (low, y), (high, y)),
            line(role, (low, y - 4), (low, y + 4)),
            line(role, (high, y - 4), (high, y + 4)),
            side_mark(role, x(reach.best), y, 5),
        ]
        said.append(reach_words(reach))
    return Drawing(WIDTH, height, "How far you came", " ".join(said), tuple(marks))


def reach_words(reach: Reach) -> str:
    """One reach in a sentence."""
    figures = wording.unsure(reach.best, reach.error, reach.unit)
    words = [f"{reach.title[0].upper()}{reach.title[1:]}: {figures}"]
    if reach.own is not None:
        words[0] += f" of your {wording.degrees(reach.own, reach.unit)}"
    if reach.asked is not None:
        words.append(f"asked for {wording.degrees(reach.asked, reach.unit)}")
    if reach.textbook is not None:
        words.append(f"textbook {wording.degrees(reach.textbook, reach.unit)}")
    if reach.usual is not None:
        words.append(f"usual in healthy adults {wording.usual(reach.usual, reach.unit)}")
    return f"{'; '.join(words)}."


MOST_BARS = 40
"""Holds that are drawn; the table beneath has all of them."""
HOLD_LABELS = 160.0
"""Units beside the bars: room for a step's name of three or four words, and for a time."""


def hold_chart(holds: Sequence[Hold]) -> Drawing:
    """Each hold as a bar: filled in pose, outlined out of it, a line where enough is held."""
    holds = [hold for hold in holds if hold.wanted_s][:MOST_BARS]
    row, left = 19.0, HOLD_LABELS
    height = 8 + row * len(holds) + 22
    most = max(max(hold.held_s + hold.out_s, hold.wanted_s) for hold in holds)
    x = Scale(0.0, most * 1.12, left, WIDTH - 46)
    marks: list[Mark] = []
    for tick in ticks(0, most, 5):
        marks.append(line("axis", (x(tick), 4), (x(tick), height - 20)))
        marks.append(Text("tick", x(tick), height - 7, f"{tick:g} s", "middle", 10))
    for index, hold in enumerate(holds):
        y = 8 + row * index
        if hold.side in ("left", "right"):
            marks.append(side_mark(hold.side, 7, y + 7, 4))
        # The time has its own column: it is what tells bars of the same name apart.
        when = Text("label", left - 6, y + 11, wording.clock(hold.start_s), "end", 10)
        room = when.x - text_width(when.text, 10) - 4 - 16
        marks.append(
            Text("label", 16, y + 11, shortened(wording.plain(hold.step), room, 10), size=10)
        )
        marks.append(when)
        end = x(hold.held_s)
        if hold.held_s > 0:
            marks.append(Rect("held", left, y + 2, end - left, 10))
        if hold.out_s > 0.05:
            marks.append(Rect("out", end, y + 2, x(hold.held_s + hold.out_s) - end, 10))
        at = x(hold.wanted_s)
        marks.append(line("limit", (at, y), (at, y + 15)))
        marks.append(Text("label", WIDTH - 4, y + 11, wording.seconds(hold.held_s), "end", 10))
    said = " ".join(hold_words(hold) for hold in holds)
    return Drawing(WIDTH, height, "Hold times, in and out of pose", said, tuple(marks))


def hold_words(hold: Hold) -> str:
    """One hold in a sentence."""
    side = f", {hold.side}" if hold.side != "both" else ""
    return (
        f"{wording.plain(hold.step).capitalize()}{side} at {wording.clock(hold.start_s)}: "
        f"{wording.seconds(hold.held_s)} in pose, {wording.seconds(hold.out_s)} out of it, of "
        f"{wording.seconds(hold.wanted_s)} wanted; {'' if hold.completed else 'not '}complete."
    )


def _runs(
    points: Sequence[tuple[float, float]], instruments: Sequence[str]
) -> list[tuple[tuple[float, float], ...]]:
    """Points one after another of the same instrument, two at least: no line joins two."""
    both = zip(points, instruments, strict=True)
    runs = [
        tuple(point for point, _ in part) for _, part in groupby(both, key=lambda each: each[1])
    ]
    return [run for run in runs if len(run) > 1]


def accuracy_past(past: Sequence[EarlierResult]) -> Drawing:
    """Accuracy of an exercise over the last sessions, with its uncertainty."""
    height, top, bottom = 130.0, 12.0, 100.0
    shown = [each for each in past if each.accuracy is not None]
    x = Scale(0, max(len(shown) - 1, 1), LEFT + 14, WIDTH - RIGHT - 20)
    y = Scale(0.0, 1.0, bottom, top)
    marks: list[Mark] = []
    for tick in (0.0, 0.5, 1.0):
        marks.append(line("axis", (LEFT, y(tick)), (WIDTH - RIGHT, y(tick))))
        marks.append(Text("tick", LEFT - 4, y(tick) + 3.5, percent(tick), "end", 10))
    points = [(x(i), y(each.accuracy or 0.0)) for i, each in enumerate(shown)]
    for px, py in points:
        unsure = wording.ACCURACY_UNSURE * (bottom - top)
        marks.append(line("textbook", (px, max(top, py - unsure)), (px, min(bottom, py + unsure))))
    for run in _runs(points, [each.instrument for each in shown]):
        marks.append(Path("both-line", run))
    last = ""
    for (px, py), each in zip(points, shown, strict=True):
        marks.append(Circle("both", (px, py), 6 if each.now else 4))
        day = f"{each.started.day} {each.started:%b}"
        if day != last:
            marks.append(Text("strong" if each.now else "tick", px, height - 14, day, "middle", 10))
        last = day
    said = "; ".join(
        f"{each.started.day} {each.started:%B %Y} {percent(each.accuracy)}"
        + ("" if each.instrument == past[-1].instrument else " with another instrument")
        for each in shown
    )
    return Drawing(WIDTH, height - 6, "Accuracy over the last sessions", f"{said}.", tuple(marks))
