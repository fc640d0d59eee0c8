"""The report as one HTML page: nothing to load, for screen, phone and paper."""

from __future__ import annotations

from functools import cache
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from posecoach.report import charts, wording
from posecoach.report.going import going
from posecoach.report.scale import longest_gap
from posecoach.report.shown import (
    Card,
    ExerciseShown,
    Figures,
    SessionShown,
    Shown,
    TrackShown,
)
from posecoach.report.skeleton import skeleton
from posecoach.report.style import DARK, LIGHT, css_colours, css_roles
from posecoach.report.svg import svg_writer
from posecoach.shares import percent, whole_percent

if TYPE_CHECKING:
    from jinja2 import Environment
    from numpy.typing import NDArray

    from posecoach.pose.pose import Floats
    from posecoach.report.drawing import Drawing
    from posecoach.report.facts import EarlierResult, ExerciseFacts, SessionFacts, Track

MOST_SMALL = 36
"""Small multiples of one exercise; the table beneath has every attempt."""
WHOLE = "whole session"
"""How far a movement went in all moments but one in a hundred."""
MOST_ROWS = 120
"""Rows of an angle's table: one a second, or fewer."""


@cache
def environment() -> Environment:
    """Templates of this folder; everything put into them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("posecoach.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, title: str, **values: object) -> str:
    """Fill a template with values; the style sheet and the drawings' writer are added."""
    from markupsafe import Markup

    here = environment()
    return here.get_template(template).render(
        title=title, css=Markup(style_sheet()), svg=svg_writer(), **values
    )


@cache
def style_sheet() -> str:
    """Colours for light and dark, the drawings' roles, and the page's own rules."""
    loader = environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(environment(), "style.css")
    return "\n".join(
        [
            f":root{{color-scheme:light dark;{css_colours(LIGHT)}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{{css_colours(DARK)}}}}}",
            css_roles(),
            source,
        ]
    )


def report_page(facts: SessionFacts) -> str:
    """Write a session's report as HTML."""
    when = f"{facts.started:%A,} {facts.started.day} {facts.started:%B %Y, %H:%M}"
    return render(
        "report.html",
        f"Stretching session, {facts.started.day} {facts.started:%B %Y}",
        session=_session(facts, when),
        advice=facts.advice,
        proposal=facts.proposal,
        no_advice=no_advice(facts),
        exercises=[_exercise(each, index) for index, each in enumerate(facts.exercises)],
        glance=glance(facts),
        means=wording.ACCURACY_MEANS,
        unsure_points=round(100 * wording.ACCURACY_UNSURE),
        stop=wording.STOP,
        disclaimer=wording.NOT_A_DIAGNOSIS,
    )


def session_notes(facts: SessionFacts) -> list[str]:
    """What to know of the session as a whole."""
    notes = list(facts.notes)
    if facts.state == "running":
        notes.append("This session is still running; the report shows it so far.")
    elif facts.state == "unfinished":
        notes.append("This session broke off; the report shows what happened until then.")
    if not facts.exercises:
        notes.append("Nothing was recorded in this session.")
    return notes


def no_advice(facts: SessionFacts) -> str:
    """In place of the three things, where there is none."""
    if facts.accuracy is None:
        return (
            "No attempt was seen. Take the start pose, wait for the coach to see it, and move "
            "slowly."
        )
    return "Nothing stands out. Keep it up, as it is comfortable."


def cards(facts: SessionFacts) -> list[Card]:
    """The session in four numbers; of circles nothing is held."""
    done = sum(c.counted for e in facts.exercises for c in e.counts)
    tries = sum(c.attempts for e in facts.exercises for c in e.counts)
    faults = [f for e in facts.exercises for f in e.faults]
    held = sum(e.held_s for e in facts.exercises)
    out = sum(e.out_s for e in facts.exercises)
    holding = not facts.exercises or not all(each.circular for each in facts.exercises)
    kept = Card("Held in pose", wording.seconds(held), f"and {wording.seconds(out)} out of pose")
    return [
        Card("Stretches", str(len(facts.exercises)), wording.seconds(facts.duration_s)),
        Card("Repetitions", str(done), f"of {wording.count(tries, 'attempt')}"),
        *([kept] if holding else []),
        Card(
            "Form faults",
            str(len(faults)),
            wording.in_all([each.lasted_s for each in faults]) if faults else "none",
        ),
    ]


def glance(facts: SessionFacts) -> Figures:
    """One row for each exercise."""
    return Figures(
        # What is seen first where a narrow screen cuts a table off.
        head=["Stretch", "Accuracy", "Counted", "Attempts", "In pose", "Faults"],
        rows=[
            (
                each.name,
                percent(each.accuracy),
                counted_words(each),
                sum(count.attempts for count in each.counts),
                wording.seconds(each.held_s) if each.holds else "–",
                len(each.faults),
            )
            for each in facts.exercises
        ],
        numbers=(1, 3, 4, 5),
    )


def counted_words(exercise: ExerciseFacts) -> str:
    """Repetitions against the prescription: "left 1 of 3, right 1 of 3"."""
    parts = []
    for each in exercise.counts:
        side = f"{each.side} " if each.side != "both" else ""
        what = " circles" if exercise.circular else ""
        parts.append(f"{side}{each.counted}" + (f" of {each.wanted}" if each.wanted else what))
    return ", ".join(parts) or "none"


def _session(facts: SessionFacts, when: str) -> SessionShown:
    return SessionShown(
        when=when,
        number=facts.number,
        profile=facts.profile,
        lasted=wording.seconds(facts.duration_s),
        source=facts.source,
        notes=session_notes(facts),
        accuracy=percent(facts.accuracy),
        share=None if facts.accuracy is None else whole_percent(facts.accuracy),
        verdict=facts.meaning,
        compared=facts.compared,
        cards=cards(facts),
        app_version=facts.app_version,
        model=facts.model,
    )


def exercise_cards(exercise: ExerciseFacts) -> list[Card]:
    """An exercise in four numbers."""
    tries = sum(each.attempts for each in exercise.counts)
    name = "Circles" if exercise.circular else "Repetitions"
    found = [
        Card("Accuracy", percent(exercise.accuracy), wording.accuracy_note(exercise.accuracy)),
        Card(name, _done(exercise), f"{_by_side(exercise)}in {wording.count(tries, 'attempt')}"),
    ]
    if any(hold.wanted_s for hold in exercise.holds):
        found.append(
            Card(
                "Held in pose",
                wording.seconds(exercise.held_s),
                f"and {wording.seconds(exercise.out_s)} in position, out of pose",
            )
        )
    spans = [each.lasted_s for each in exercise.faults]
    note = wording.in_all(spans) if spans else "none found"
    return [*found, Card("Form faults", str(len(exercise.faults)), note)]


def _done(exercise: ExerciseFacts) -> str:
    counted = sum(each.counted for each in exercise.counts)
    wanted = sum(each.wanted for each in exercise.counts)
    return f"{counted} of {wanted}" if wanted else str(counted)


def _by_side(exercise: ExerciseFacts) -> str:
    sided = any(each.side != "both" for each in exercise.counts)
    return f"{counted_words(exercise)}, " if sided else ""


def _exercise(exercise: ExerciseFacts, index: int) -> ExerciseShown:
    kept = [hold for hold in exercise.holds if hold.wanted_s]
    tried = sum(each.accuracy is not None for each in exercise.past)
    return ExerciseShown(
        anchor=f"stretch-{index + 1}",
        name=exercise.name,
        purpose=exercise.purpose,
        notes=exercise.notes,
        cards=exercise_cards(exercise),
        pictures=pictures_shown(exercise),
        faults=fault_rows(exercise),
        compared=exercise.compared,
        past_chart=charts.accuracy_past(exercise.past) if tried > 1 else None,
        past=past_table(exercise),
        reach_chart=charts.reach_chart(exercise.reaches) if exercise.reaches else None,
        has_own=any(reach.own is not None for reach in exercise.reaches),
        has_usual=any(reach.usual is not None for reach in exercise.reaches),
        own=own_sentences(exercise),
        sides=side_sentences(exercise),
        reaches=reach_table(exercise),
        hold_chart=charts.hold_chart(exercise.holds) if kept else None,
        holds=hold_table(exercise),
        tracks=tracks_shown(exercise),
        reps_title="Circle by circle" if exercise.circular else "Repetition by repetition",
        reps_note=_reps_note(exercise),
        reps=repetitions(exercise),
        attempts=attempt_table(exercise),
        tips=[*exercise.visibility.tips, *_said(exercise)],
        known=known_table(exercise),
        going=going(exercise),
    )


def pictures_shown(exercise: ExerciseFacts) -> list[Shown]:
    """The best and the least good moment, drawn."""
    return [
        Shown(
            f"{_picture_title(picture.kind)}, at {wording.clock(picture.time_s)}",
            skeleton(picture, exercise.name),
            wording.sentence(picture.words),
        )
        for picture in exercise.pictures
    ]


def _picture_title(kind: str) -> str:
    return "Best moment" if kind == "best" else "Least good moment"


def _said(exercise: ExerciseFacts) -> list[str]:
    return [
        f"At {wording.clock(at)}, for {wording.seconds(lasted)}, the coach said: “{words}”"
        for at, lasted, words in exercise.visibility.said[:6]
    ]


def fault_rows(exercise: ExerciseFacts) -> list[tuple[str, ...]]:
    """Each fault with when, how long, and the cue."""
    return [
        (
            fault.name + (f" ({fault.side})" if fault.side != "both" else ""),
            wording.clock(fault.start_s)
            + ("" if fault.momentary else f" to {wording.clock(fault.end_s)}"),
            "–" if fault.momentary else wording.seconds(fault.lasted_s),
            fault.cue
            + (
                f" (said at {wording.clock(fault.told_s)})"
                if fault.told_s is not None
                else " (not said at that time)"
            ),
        )
        for fault in exercise.faults
    ]


def _marks(past: EarlierResult, now: EarlierResult) -> str:
    if past.now:
        return " (this one)"
    return "" if past.instrument == now.instrument else " (another instrument)"


def past_table(exercise: ExerciseFacts) -> Figures:
    """The last sessions in figures."""
    titles = list(dict.fromkeys(title for past in exercise.past for title in past.reach))
    return Figures(
        # Not what was reached in an attempt, see ``past.whole_reach``.
        head=[
            *("Day", "Accuracy", "Counted", "In pose", "Faults"),
            *(f"{title}, {WHOLE}" for title in titles),
        ],
        rows=[
            (
                f"{past.started.day} {past.started:%b %Y}" + _marks(past, exercise.past[-1]),
                percent(past.accuracy),
                f"{past.repetitions} of {past.attempts}",
                wording.seconds(past.held_s),
                past.faults,
                *(
                    wording.degrees(past.reach[title]) if title in past.reach else "–"
                    for title in titles
                ),
            )
            for past in reversed(exercise.past)
        ],
        numbers=tuple(range(1, 5 + len(titles))),
    )


def side_sentences(exercise: ExerciseFacts) -> list[str]:
    """Left against right."""
    said = []
    for each in exercise.sides:
        figures = (
            f"{wording.degrees(each.left, each.unit)} with the left, "
            f"{wording.degrees(each.right, each.unit)} with the right"
        )
        title = each.title[0].upper() + each.title[1:]
        if each.told_apart:
            more = "left" if each.difference > 0 else "right"
            apart = wording.unsure(abs(each.difference), each.unsure, each.unit)
            said.append(f"{title}: {figures}. The {more} side came {apart} farther.")
        else:
            said.append(
                f"{title}: {figures}. That is no difference the camera could tell "
                f"(± {wording.degrees(each.unsure, each.unit)})."
            )
    return said


def reach_table(exercise: ExerciseFacts) -> Figures:
    """Ranges in figures."""
    return Figures(
        head=[
            "Movement",
            "Reached",
            "Asked for",
            "Your own range",
            "Textbook target",
            "Usual in adults",
        ],
        rows=[
            (
                reach.title,
                wording.unsure(reach.best, reach.error, reach.unit),
                *(
                    "–" if value is None else wording.degrees(value, reach.unit)
                    for value in (reach.asked, reach.own, reach.textbook)
                ),
                "–" if reach.usual is None else wording.usual(reach.usual, reach.unit),
            )
            for reach in exercise.reaches
        ],
        numbers=(1, 2, 3, 4, 5),
    )


def own_sentences(exercise: ExerciseFacts) -> list[str]:
    """What was reached beside the person's own range and the textbook's target."""
    return [charts.reach_words(reach) for reach in exercise.reaches if reach.own is not None]


def hold_table(exercise: ExerciseFacts) -> Figures:
    """Holds in figures."""
    return Figures(
        head=["Step", "Side", "From", "In pose", "Out of pose", "Wanted", "Accuracy", "Result"],
        rows=[
            (
                wording.plain(hold.step),
                wording.side_words(hold.side) or "–",
                wording.clock(hold.start_s),
                wording.seconds(hold.held_s),
                wording.seconds(hold.out_s),
                wording.seconds(hold.wanted_s) if hold.wanted_s else "reach",
                percent(hold.accuracy),
                "complete" if hold.completed else "not complete",
            )
            for hold in exercise.holds
        ],
        numbers=(2, 3, 4, 5, 6),
    )


def attempt_table(exercise: ExerciseFacts) -> Figures:
    """Attempts in figures."""
    titles = list(dict.fromkeys(title for a in exercise.attempts for title in a.reached))
    return Figures(
        head=["Attempt", "From", "Lasted", "Counted", "Accuracy", *titles, "Faults"],
        rows=[
            (
                f"{wording.side_words(each.side) or wording.plain(each.side)} {each.number}"
                if each.side != "both"
                else str(each.number),
                wording.clock(each.start_s),
                wording.seconds(each.end_s - each.start_s),
                "yes" if each.counted else f"no: {each.reason or 'see faults'}",
                percent(each.accuracy),
                *(
                    wording.degrees(each.reached[title]) if title in each.reached else "–"
                    for title in titles
                ),
                ", ".join(each.faults) or "–",
            )
            for each in exercise.attempts
        ],
        numbers=(1, 2, 4, *range(5, 5 + len(titles))),
    )


def known_table(exercise: ExerciseFacts) -> Figures:
    """How long each angle was known in the attempts, and its uncertainty."""
    return Figures(
        head=["Angle", "Seen while you tried", "Uncertainty", "Read best from"],
        rows=[
            (
                known.title,
                percent(known.known),
                f"± {wording.degrees(known.error, known.unit)}",
                known.views or "any view in its plane",
            )
            for known in exercise.visibility.measures
        ],
        numbers=(1, 2),
    )


def repetitions(exercise: ExerciseFacts) -> list[Drawing]:
    """The movement's angle in each attempt, small; the first ones where there are many."""
    drive = [track for track in exercise.tracks if track.drives]
    return [
        charts.repetition(drive[0], each, exercise)
        for each in exercise.attempts[:MOST_SMALL]
        if drive
    ]


def _reps_note(exercise: ExerciseFacts) -> str:
    drive = [track for track in exercise.tracks if track.drives]
    if not drive:
        return ""
    text = f"Each panel shows the {drive[0].title} of one attempt, all at the same scale."
    if len(exercise.attempts) > MOST_SMALL:
        text += f" The first {MOST_SMALL} of {len(exercise.attempts)} are drawn."
    return text


def tracks_shown(exercise: ExerciseFacts) -> list[TrackShown]:
    """The angles over time."""
    return [_track(track, exercise) for track in exercise.tracks]


def _track(track: Track, exercise: ExerciseFacts) -> TrackShown:
    return TrackShown(
        title=track.title[0].upper() + track.title[1:],
        error=wording.degrees(track.error, track.unit),
        note=track.note,
        drawing=charts.over_time(track, exercise.duration_s, exercise.holds, exercise.faults),
        figures=Figures(
            ["Time", "Angle" if track.unit == "°" else "Percent"], sampled(track), (0, 1)
        ),
    )


def sampled(track: Track) -> list[tuple[str, str]]:
    """The angle once a second, or as often as ``MOST_ROWS`` allow.

    In a gap of the chart nothing is known: what was seen before or after it is of another moment.
    """
    if not len(track.times):
        return []
    end = float(track.times[-1])
    step = max(1.0, float(np.ceil(end / MOST_ROWS)))
    moments = np.arange(0.0, end + 1e-6, step)
    rows = _nearest(track.times, moments)
    far = np.abs(track.times[rows] - moments) > longest_gap(track.times) / 2
    return [
        (wording.clock(float(moment)), "–" if gap else _angle(float(track.values[row]), track.unit))
        for moment, row, gap in zip(moments, rows, far, strict=True)
    ]


def _nearest(times: Floats, moments: Floats) -> NDArray[np.intp]:
    """Rows of the times that are nearest to some moments."""
    after = np.searchsorted(times, moments).clip(0, len(times) - 1)
    before = (after - 1).clip(0)
    return np.where(moments - times[before] < times[after] - moments, before, after)


def _angle(value: float, unit: str) -> str:
    return wording.degrees(value, unit) if isfinite(value) else "not seen"
